package portal_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// session is the one of a surface among the cookies of an answer.
func session(t *testing.T, rec *httptest.ResponseRecorder, name string) apitest.Caller {
	t.Helper()
	for _, c := range rec.Result().Cookies() {
		if c.Name == name && c.Value != "" {
			return apitest.Caller{Cookie: c}
		}
	}
	t.Fatalf("no session: %s", rec.Body)
	return apitest.Caller{}
}

// TestPasskeys over HTTP: added after a step-up, used without a name, named, and taken away (C8, F7).
func TestPasskeys(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	key := apitest.NewAuthenticator("https://portal.test")
	const mine = "/portal/me/passkeys"
	for _, do := range []string{"GET " + mine, "POST " + mine + "/options", "POST " + mine, "POST /portal/auth/step-up/passkey/options"} {
		h.do(t, h.nobody, do, m{}, 401)
		h.do(t, h.employee, do, m{}, 401)
	}
	asked := h.do(t, h.customer, "POST "+mine+"/options", nil, 200)
	if got := into[m](t, asked); got["domain"] != "portal.test" || got["userName"] != h.Username || len(got["exclude"].([]any)) != 0 {
		t.Errorf("%v", got)
	}
	made := key.Make(t, asked)
	wantProblem(t, h.do(t, h.customer, "POST "+mine, made, 409), "passkey-lost", "") // without what the browser kept
	kept := apitest.Cookies(t, h.customer, asked)
	made["transports"] = []string{"telepathy"}
	wantProblem(t, h.do(t, h.customer, "POST "+mine, made, 422, "Cookie", kept), "invalid", "/transports/0")
	made["transports"], made["name"] = []string{"internal", "hybrid"}, "Telefoon van Eva"
	added := into[m](t, h.do(t, h.customer, "POST "+mine, made, 201, "Cookie", kept))["passkey"].(m)
	if added["name"] != "Telefoon van Eva" || added["lastUsedAt"] != nil || added["synced"] != false {
		t.Errorf("%v", added)
	}
	wantProblem(t, h.do(t, h.customer, "POST "+mine, made, 409, "Cookie", kept), "passkey-lost", "")

	wantProblem(t, h.do(t, h.nobody, "POST /portal/auth/passkey/options", m{"office": "nergens"}, 404), "office-unknown", "")
	ask := func(office string) *httptest.ResponseRecorder {
		return h.do(t, h.nobody, "POST /portal/auth/passkey/options", m{"office": office}, 200)
	}
	asked = ask(h.Slug)
	if got := into[m](t, asked); len(got["allow"].([]any)) != 0 {
		t.Errorf("it tells which passkeys there are: %v", got)
	}
	signed, kept := key.Sign(t, asked), apitest.Cookies(t, h.nobody, asked)
	wantProblem(t, h.do(t, h.nobody, "POST /portal/auth/passkey", signed, 409), "passkey-lost", "")
	rec := h.do(t, h.nobody, "POST /portal/auth/passkey", signed, 200, "Cookie", kept)
	if got := into[m](t, rec); got["username"] != h.Username {
		t.Errorf("%v", got)
	}
	me := session(t, rec, web.PortalCookie)
	wantProblem(t, h.do(t, h.nobody, "POST /portal/auth/passkey", signed, 409, "Cookie", kept), "passkey-lost", "")
	asked = ask(h.other.Slug)
	elsewhere := h.do(t, h.nobody, "POST /portal/auth/passkey", key.Sign(t, asked), 401, "Cookie", apitest.Cookies(t, h.nobody, asked))
	wantProblem(t, elsewhere, "passkey-refused", "")
	asked = ask(h.Slug)
	unknown := h.do(t, h.nobody, "POST /portal/auth/passkey", apitest.NewAuthenticator("https://portal.test").Sign(t, asked), 401, "Cookie", apitest.Cookies(t, h.nobody, asked))
	if _, err := h.Root.Exec(`UPDATE portal_members SET blocked_at = now() WHERE id = $1`, h.Member); err != nil {
		t.Fatal(err)
	}
	asked = ask(h.Slug)
	blocked := h.do(t, h.nobody, "POST /portal/auth/passkey", key.Sign(t, asked), 401, "Cookie", apitest.Cookies(t, h.nobody, asked))
	if scrub(blocked.Body.String(), blocked.Header()) != scrub(unknown.Body.String(), unknown.Header()) {
		t.Errorf("%s\n%s", blocked.Body, unknown.Body)
	}
	if _, err := h.Root.Exec(`UPDATE portal_members SET blocked_at = NULL WHERE id = $1`, h.Member); err != nil {
		t.Fatal(err)
	}

	list := into[m](t, h.do(t, me, "GET "+mine, nil, 200))["items"].([]any)
	if len(list) != 1 || list[0].(m)["lastUsedAt"] == nil {
		t.Fatalf("%v", list)
	}
	at := mine + "/" + added["id"].(string)
	h.do(t, me, "PATCH "+at, m{"name": "Tablet"}, 428)
	wantProblem(t, h.do(t, me, "PATCH "+at, m{"name": " "}, 422, "If-Match", `"1"`), "invalid", "/name")
	rec = h.do(t, me, "PATCH "+at, m{"name": "Tablet"}, 200, "If-Match", `"1"`)
	if rec.Header().Get("ETag") != `"2"` || into[m](t, rec)["name"] != "Tablet" {
		t.Errorf("%s %s", rec.Header(), rec.Body)
	}
	h.do(t, me, "PATCH "+at, m{"name": "Laptop"}, 412, "If-Match", `"1"`)
	for _, who := range []apitest.Caller{h.neighbour, h.stranger} {
		h.do(t, who, "PATCH "+at, m{"name": "Van mij"}, 404, "If-Match", `"2"`)
		h.do(t, who, "DELETE "+at, nil, 404)
		if list := into[m](t, h.do(t, who, "GET "+mine, nil, 200))["items"].([]any); len(list) != 0 {
			t.Errorf("%v", list)
		}
	}
	h.Clock.Advance(16 * time.Minute)
	wantProblem(t, h.do(t, me, "DELETE "+at, nil, 403), "step-up-required", "")
	wantProblem(t, h.do(t, me, "POST "+mine+"/options", nil, 403), "step-up-required", "")
	asked = h.do(t, me, "POST /portal/auth/step-up/passkey/options", nil, 200)
	kept = apitest.Cookies(t, me, asked)
	other := apitest.NewAuthenticator("https://portal.test").Sign(t, asked)
	wantProblem(t, h.do(t, me, "POST /portal/auth/step-up", m{"passkey": other}, 422, "Cookie", kept), "invalid", "/passkey")
	wantProblem(t, h.do(t, me, "POST /portal/auth/step-up", m{"passkey": key.Sign(t, asked)}, 422, "Cookie", kept), "invalid", "/passkey") // it was answered
	asked = h.do(t, me, "POST /portal/auth/step-up/passkey/options", nil, 200)
	me = session(t, h.do(t, me, "POST /portal/auth/step-up", m{"passkey": key.Sign(t, asked)}, 204, "Cookie", apitest.Cookies(t, me, asked)), web.PortalCookie)
	h.do(t, me, "DELETE "+at, nil, 204)
	h.do(t, me, "DELETE "+at, nil, 404)
	h.do(t, h.customer, "GET /portal/me", nil, 401)
	h.do(t, me, "GET "+mine, nil, 200)
}

// TestPasskeyOnTheWayIn: where the office asks everybody for a second step, a passkey is one.
func TestPasskeyOnTheWayIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := dbtest.AddScene(t, h.Root)
	h.do(t, h.nobody, "POST /portal/auth/password-links/redemption", m{"token": h.link(t, s), "password": sentence}, 204)
	if _, err := h.Root.Exec(`UPDATE organisations SET customers_need_second_factor = true WHERE organisation_id = $1`, s.Organisation); err != nil {
		t.Fatal(err)
	}
	login := func() *httptest.ResponseRecorder {
		return h.do(t, h.nobody, "POST /portal/auth/login", m{"office": s.Slug, "username": s.Username, "password": sentence}, 200)
	}
	half, key := with(t, login()), apitest.NewAuthenticator("https://portal.test")
	asked := h.do(t, half, "POST /portal/me/passkeys/options", nil, 200)
	rec := h.do(t, half, "POST /portal/me/passkeys", key.Make(t, asked), 201, "Cookie", apitest.Cookies(t, half, asked))
	me := session(t, rec, web.PortalCookie)
	h.do(t, me, "GET /portal/dossiers", nil, 200)
	id := into[m](t, rec)["passkey"].(m)["id"].(string)
	wantProblem(t, h.do(t, me, "DELETE /portal/me/passkeys/"+id, nil, 409), "last-factor", "")
	if got := into[m](t, h.do(t, me, "GET /portal/me/second-factor", nil, 200)); got["on"] != false || got["passkeys"] != 1.0 {
		t.Errorf("%v", got)
	}
	rec = login()
	if got := into[m](t, rec); got["status"] != "second_factor" || len(got["ways"].([]any)) != 1 || got["ways"].([]any)[0] != "passkey" {
		t.Errorf("%v", got)
	}
	half = with(t, rec)
	wantProblem(t, h.do(t, half, "POST /portal/me/passkeys/options", nil, 409), "second-factor-on", "")
	wantProblem(t, h.do(t, half, "POST /portal/me/second-factor/setup", m{}, 409), "second-factor-on", "")
}
