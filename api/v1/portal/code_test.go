package portal_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"voordeur/api/apitest"
	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

// cookie returns what an answer gives the browser under a name.
func cookie(t *testing.T, rec *httptest.ResponseRecorder, name string) *http.Cookie {
	t.Helper()
	for _, c := range rec.Result().Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %s: %v", name, rec.Header())
	return nil
}

// newest runs the task of the newest challenge and returns its code.
func (h house) newest(t *testing.T) string {
	t.Helper()
	var id, office uuid.UUID
	if err := h.Root.QueryRow(`SELECT id, organisation_id FROM login_challenges ORDER BY id DESC LIMIT 1`).Scan(&id, &office); err != nil {
		t.Fatal(err)
	}
	worker := &signin.SendCodeWorker{SignIn: h.Services.Portal.SignIn}
	if err := worker.Work(dbtest.Task(office, authz.MailSend), &river.Job[signin.SendCode]{JobRow: &rivertype.JobRow{}, Args: signin.SendCode{Challenge: id}}); err != nil {
		t.Fatal(err)
	}
	return signin.LoginCode(h.Key, id)
}

func (h house) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := h.Root.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

// TestLoginCode: a code, typed with spaces, in the browser that asked for it opens the portal (D3); the cookie is nobody else's.
func TestLoginCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	nobody := apitest.Caller{}
	rec := h.do(t, nobody, "POST /portal/auth/codes", m{"office": h.Slug, "username": h.Username}, 202)
	trip := cookie(t, rec, web.PortalCodeCookie)
	if !trip.HttpOnly || !trip.Secure || trip.SameSite != http.SameSiteStrictMode || trip.Path != "/" || trip.MaxAge != 600 {
		t.Errorf("%+v", trip)
	}
	code := h.newest(t)
	const at = "POST /portal/auth/codes/verification"
	wantProblem(t, h.do(t, nobody, at, m{"office": h.Slug, "code": code}, 401), "login-code-expired", "")
	with := apitest.Caller{Cookie: trip}
	wantProblem(t, h.do(t, with, at, m{"office": h.other.Slug, "code": code}, 401), "login-code-expired", "")
	wantProblem(t, h.do(t, with, at, m{"office": h.Slug, "code": "00000000"}, 401), "login-code-wrong", "")
	wantProblem(t, h.do(t, with, at, m{"office": h.Slug}, 422), "invalid", "/code")
	rec = h.do(t, with, at, m{"office": h.Slug, "code": " " + code[:4] + " " + code[4:]}, 200)
	if got := into[m](t, rec); got["status"] != "authenticated" || got["me"].(m)["username"] != h.Username {
		t.Errorf("%v", got)
	}
	if gone := cookie(t, rec, web.PortalCodeCookie); gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("the browser keeps %+v", gone)
	}
	h.do(t, apitest.Caller{Cookie: cookie(t, rec, web.PortalCookie)}, "GET /portal/me", nil, 200)

	h.exec(t, `UPDATE organisations SET code_login = false WHERE organisation_id = $1`, h.Organisation)
	if got := into[m](t, h.do(t, nobody, "GET /portal/site?office="+h.Slug, nil, 200)); got["codeLogin"] != false {
		t.Errorf("%v", got)
	}
	wantProblem(t, h.do(t, nobody, "POST /portal/auth/codes", m{"office": h.Slug, "username": h.Username}, 404), "code-login-off", "")
	wantProblem(t, h.do(t, nobody, "POST /portal/auth/codes", m{"office": "no-such-office", "username": h.Username}, 404), "office-unknown", "")
}

// TestLoginCodeTellsNothing: asking, guessing and asking too often give the same bytes for a name that exists, one that is blocked,
// one without a password and one that nobody has.
func TestLoginCodeTellsNothing(t *testing.T) {
	t.Parallel()
	answers := map[string]string{}
	for name, change := range map[string]string{"known": ``, "blocked": `UPDATE portal_members SET blocked_at = now()`, "new": `UPDATE portal_members SET password_hash = NULL`, "unknown": `-`} {
		h := newHouse(t)
		who := h.Username
		if change == "-" {
			who = "nobody@post.example"
		} else {
			h.exec(t, change)
		}
		var b strings.Builder
		see := func(rec *httptest.ResponseRecorder) {
			for key, values := range rec.Header() {
				if key != "X-Request-Id" && key != "Set-Cookie" && key != "Content-Length" && key != "Ratelimit" {
					b.WriteString(key + ": " + strings.Join(values, ",") + "\n")
				}
			}
			b.WriteString(strings.ReplaceAll(rec.Body.String(), rec.Header().Get("X-Request-Id"), "") + "\n")
		}
		trip := &http.Cookie{}
		for i := range 4 {
			want := 202
			if i == 3 {
				want = 429
			}
			rec := h.do(t, apitest.Caller{}, "POST /portal/auth/codes", m{"office": h.Slug, "username": who}, want)
			if i < 3 {
				trip = cookie(t, rec, web.PortalCodeCookie)
				if len(trip.Value) != 43 {
					t.Errorf("%+v", trip)
				}
			}
			see(rec)
			h.newest(t)
		}
		for range 6 {
			see(h.do(t, apitest.Caller{Cookie: trip}, "POST /portal/auth/codes/verification", m{"office": h.Slug, "code": "00000000"}, 401))
		}
		lines := strings.Split(b.String(), "\n") // headers come in any order
		slices.Sort(lines)
		answers[name] = strings.Join(lines, "\n")
	}
	for name, got := range answers {
		if got != answers["unknown"] {
			t.Errorf("%s:\n%s\nunknown:\n%s", name, got, answers["unknown"])
		}
	}
}

// TestStepUpByCode: who logs in with codes alone proves it with one; what can be given is told to who is logged in, and to nobody else.
func TestStepUpByCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.exec(t, `UPDATE portal_members SET password_hash = NULL WHERE id = $1`, h.Member)
	const ways, codes = "GET /portal/auth/step-up", "POST /portal/auth/step-up/codes"
	for _, as := range []apitest.Caller{h.nobody, h.employee} {
		h.do(t, as, ways, nil, 401)
		h.do(t, as, codes, nil, 401)
	}
	if got := into[m](t, h.do(t, h.customer, ways, nil, 200)); len(got["ways"].([]any)) != 1 || got["ways"].([]any)[0] != "login_code" {
		t.Errorf("%v", got)
	}
	h.do(t, h.customer, codes, nil, 202)
	code := h.newest(t)
	wantProblem(t, h.do(t, h.customer, "POST /portal/auth/step-up", m{"loginCode": "00000000"}, 401), "login-code-wrong", "")
	h.do(t, h.customer, "POST /portal/auth/step-up", m{"loginCode": code[:4] + " " + code[4:]}, 204)
}
