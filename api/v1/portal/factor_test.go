package portal_test

import (
	"encoding/base64"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

// with is the session that an answer opens.
func with(t *testing.T, rec *httptest.ResponseRecorder) apitest.Caller {
	t.Helper()
	if len(rec.Result().Cookies()) == 0 {
		t.Fatalf("no session: %s", rec.Body)
	}
	return apitest.Caller{Cookie: rec.Result().Cookies()[0]}
}

// TestSecondFactor: switched on with a code, asked for after the password, which alone reaches only the code and the way out;
// switched off with a code (A10, B3).
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := dbtest.AddScene(t, h.Root)
	nobody := apitest.Caller{}
	h.do(t, nobody, "POST /portal/auth/password-links/redemption", m{"token": h.link(t, s), "password": sentence}, 204)
	login := func() *httptest.ResponseRecorder {
		return h.do(t, nobody, "POST /portal/auth/login", m{"office": s.Slug, "username": s.Username, "password": sentence}, 200)
	}
	var secret string
	code := func() string {
		h.Clock.Advance(time.Minute)
		c, err := totp.GenerateCode(secret, h.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	const at = "POST /portal/me/second-factor/"
	me := with(t, login())
	for _, do := range []string{"setup", "confirmation", "removal", "recovery-codes"} {
		h.do(t, nobody, at+do, m{"code": "000000"}, 401)
	}
	h.do(t, nobody, "GET /portal/me/second-factor", nil, 401)
	wantProblem(t, h.do(t, me, at+"confirmation", m{"code": "000000"}, 409), "set-up-not-begun", "")
	wantProblem(t, h.do(t, me, at+"removal", m{"code": "000000"}, 409), "second-factor-off", "")
	h.Clock.Advance(15 * time.Minute)
	for _, do := range []string{"setup", "removal", "recovery-codes"} {
		wantProblem(t, h.do(t, me, at+do, m{"code": "000000"}, 403), "step-up-required", "")
	}
	me = with(t, h.do(t, me, "POST /portal/auth/step-up", m{"password": sentence}, 204))
	secret = into[m](t, h.do(t, me, at+"setup", m{}, 200))["secret"].(string)
	wantProblem(t, h.do(t, me, at+"confirmation", m{"code": "000000"}, 422), "invalid", "/code")
	rec := h.do(t, me, at+"confirmation", m{"code": code()}, 200)
	codes := into[m](t, rec)["codes"].([]any)
	if len(codes) != 10 {
		t.Errorf("%v", codes)
	}
	h.do(t, me, "GET /portal/me", nil, 401)
	me = with(t, rec)
	if got := into[m](t, h.do(t, me, "GET /portal/me", nil, 200)); got["secondFactor"] != true {
		t.Errorf("%v", got)
	}
	if got := into[m](t, h.do(t, me, "GET /portal/me/second-factor", nil, 200)); got["on"] != true || got["recoveryCodes"] != 10.0 || got["mandatory"] != false {
		t.Errorf("%v", got)
	}

	rec = login()
	if got := into[m](t, rec); got["status"] != "second_factor" || got["me"] != nil {
		t.Errorf("%v", got)
	}
	half := with(t, rec)
	for _, do := range []string{"GET /portal/me", "GET /portal/dossiers", "GET /portal/me/second-factor", "POST /portal/auth/step-up", at + "removal", at + "recovery-codes"} {
		wantProblem(t, h.do(t, half, do, nil, 401), "second-factor-required", "")
	}
	wantProblem(t, h.do(t, half, at+"setup", m{}, 409), "second-factor-on", "")
	wantProblem(t, h.do(t, half, "POST /portal/auth/second-factor", m{"code": "000000"}, 401), "wrong-code", "")
	h.do(t, nobody, "POST /portal/auth/second-factor", m{"code": "000000"}, 401)
	rec = h.do(t, half, "POST /portal/auth/second-factor", m{"recoveryCode": codes[0]}, 200)
	if got := into[m](t, rec); got["username"] != s.Username {
		t.Errorf("%v", got)
	}
	h.do(t, half, "GET /portal/me", nil, 401)
	me = with(t, rec)
	if got := into[m](t, h.do(t, me, at+"recovery-codes", m{"code": code()}, 200)); len(got["codes"].([]any)) != 10 {
		t.Errorf("%v", got)
	}
	me = with(t, h.do(t, me, "POST /portal/auth/step-up", m{"code": code()}, 204))
	half = with(t, login())
	h.do(t, half, "POST /portal/auth/logout", nil, 204)
	h.do(t, half, "POST /portal/auth/second-factor", m{"code": code()}, 401)
	wantProblem(t, h.do(t, me, at+"removal", m{"code": "000000"}, 422), "invalid", "/code")
	me = with(t, h.do(t, me, at+"removal", m{"code": code()}, 204))
	if got := into[m](t, h.do(t, me, "GET /portal/me", nil, 200)); got["secondFactor"] != false {
		t.Errorf("%v", got)
	}
	if _, err := h.Root.Exec(`UPDATE organisations SET customers_need_second_factor = true WHERE organisation_id = $1`, s.Organisation); err != nil {
		t.Fatal(err)
	}
	rec = login()
	if got := into[m](t, rec); got["status"] != "second_factor_setup" {
		t.Errorf("%v", got)
	}
	half = with(t, rec)
	secret = into[m](t, h.do(t, half, at+"setup", m{}, 200))["secret"].(string)
	me = with(t, h.do(t, half, at+"confirmation", m{"code": code()}, 200))
	h.do(t, me, "GET /portal/dossiers", nil, 200)
	wantProblem(t, h.do(t, me, at+"removal", m{"code": code()}, 409), "second-factor-mandatory", "")
}

// TestStopReset: what the office began is stopped with the link of the mail, or by who is signed in.
func TestStopReset(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := dbtest.AddScene(t, h.Root)
	me, id := h.Session(t, web.Portal, s.Organisation, s.Member, false), dbtest.ID()
	token := signin.ResetToken(h.Key, id)
	const byLink, mine = "POST /portal/auth/second-factor-reset/stop", "POST /portal/me/second-factor/reset/stop"
	wantProblem(t, h.do(t, me, mine, nil, 409), "reset-not-running", "")
	h.do(t, apitest.Caller{}, mine, nil, 401)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Root.Exec(`INSERT INTO factor_resets (organisation_id, id, member_id, requested_by, requested_at, due_at, token_hash)
		VALUES ($1, $2, $3, $4, now(), now() + interval '1 day', sha256($5))`, s.Organisation, id, s.Member, s.Employee, raw); err != nil {
		t.Fatal(err)
	}
	if got := into[m](t, h.do(t, me, "GET /portal/me/second-factor", nil, 200)); got["resetDueAt"] == nil {
		t.Errorf("%v", got)
	}
	wantProblem(t, h.do(t, apitest.Caller{}, byLink, m{"token": "onzin"}, 404), "link-unknown", "")
	h.do(t, apitest.Caller{}, byLink, m{"token": token}, 204)
	wantProblem(t, h.do(t, apitest.Caller{}, byLink, m{"token": token}, 409), "reset-not-running", "")
	if _, err := h.Root.Exec(`UPDATE factor_resets SET stopped_at = NULL, stopped_by = NULL`); err != nil {
		t.Fatal(err)
	}
	h.do(t, me, mine, nil, 204)
}

// TestMySessions: where the login is open, and ending it there.
func TestMySessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := dbtest.AddScene(t, h.Root)
	session := func() apitest.Caller { return h.Session(t, web.Portal, s.Organisation, s.Member, false) }
	me, other, third := session(), session(), session()
	h.do(t, apitest.Caller{}, "GET /portal/me/sessions", nil, 401)
	h.do(t, apitest.Caller{}, "DELETE /portal/me/sessions", nil, 401)
	items := into[m](t, h.do(t, me, "GET /portal/me/sessions", nil, 200))["items"].([]any)
	if len(items) != 3 {
		t.Fatalf("%v", items)
	}
	var mine string
	for _, one := range items {
		if one.(m)["this"] == true {
			mine = one.(m)["id"].(string)
		}
	}
	h.do(t, me, "DELETE /portal/me/sessions/"+dbtest.ID().String(), nil, 404)
	h.do(t, other, "DELETE /portal/me/sessions/"+mine, nil, 204)
	h.do(t, me, "GET /portal/me", nil, 401)
	h.do(t, other, "DELETE /portal/me/sessions", nil, 204)
	h.do(t, third, "GET /portal/me", nil, 401)
	h.do(t, other, "GET /portal/me", nil, 200)
}
