package office_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// session is the one of the office among the cookies of an answer.
func session(t *testing.T, rec *httptest.ResponseRecorder) apitest.Caller {
	t.Helper()
	for _, c := range rec.Result().Cookies() {
		if c.Name == web.OfficeCookie && c.Value != "" {
			return apitest.Caller{Cookie: c}
		}
	}
	t.Fatalf("no session: %s", rec.Body)
	return apitest.Caller{}
}

// TestPasskeys over HTTP: an employee makes one in place of the app, logs in with it and confirms with it (F7).
func TestPasskeys(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const mine = "/me/passkeys"
	for _, do := range []string{"GET " + mine, "POST " + mine + "/options", "POST " + mine, "POST /auth/step-up/passkey/options"} {
		d.do(t, d.nobody, do, m{}, 401)
		d.do(t, d.customer, do, m{}, 401)
	}
	half := d.Session(t, web.Office, d.Organisation, d.Employee, true)
	key := apitest.NewAuthenticator("https://office.test")
	asked := d.do(t, half, "POST "+mine+"/options", nil, 200)
	rec := d.do(t, half, "POST "+mine, key.Make(t, asked), 201, "Cookie", apitest.Cookies(t, half, asked))
	first := into[m](t, rec)
	if len(first["recoveryCodes"].([]any)) != 10 {
		t.Errorf("%v", first)
	}
	me := session(t, rec)
	d.do(t, me, "GET /me", nil, 200)
	at := mine + "/" + first["passkey"].(m)["id"].(string)
	wantProblem(t, d.do(t, me, "DELETE "+at, nil, 409), "last-factor", "")
	wantProblem(t, d.do(t, d.Session(t, web.Office, d.Organisation, d.Employee, true), "POST "+mine+"/options", nil, 409), "second-factor-set", "")
	d.do(t, half, "POST /auth/enrolment", nil, 401) // the half session was used up

	ask := func() *httptest.ResponseRecorder { return d.do(t, d.nobody, "POST /auth/passkey/options", nil, 200) }
	asked = ask()
	signed, kept := key.Sign(t, asked), apitest.Cookies(t, d.nobody, asked)
	rec = d.do(t, d.nobody, "POST /auth/passkey", signed, 200, "Cookie", kept)
	if into[m](t, rec)["firstName"] != "Sanne" {
		t.Errorf("%s", rec.Body)
	}
	me = session(t, rec)
	wantProblem(t, d.do(t, d.nobody, "POST /auth/passkey", signed, 409, "Cookie", kept), "passkey-lost", "")
	asked = ask()
	stranger := apitest.NewAuthenticator("https://office.test")
	wantProblem(t, d.do(t, d.nobody, "POST /auth/passkey", stranger.Sign(t, asked), 401, "Cookie", apitest.Cookies(t, d.nobody, asked)), "passkey-refused", "")

	asked = d.do(t, me, "POST "+mine+"/options", nil, 200)
	second := into[m](t, d.do(t, me, "POST "+mine, stranger.Make(t, asked), 201, "Cookie", apitest.Cookies(t, me, asked)))["passkey"].(m)
	if list := into[m](t, d.do(t, me, "GET "+mine, nil, 200))["items"].([]any); len(list) != 2 {
		t.Errorf("%v", list)
	}
	next := mine + "/" + second["id"].(string)
	rec = d.do(t, me, "PATCH "+next, m{"name": "Sleutelhanger"}, 200, "If-Match", `"1"`)
	if into[m](t, rec)["name"] != "Sleutelhanger" || rec.Header().Get("ETag") != `"2"` {
		t.Errorf("%s", rec.Body)
	}
	for _, who := range []apitest.Caller{d.viewer, d.stranger} {
		d.do(t, who, "PATCH "+next, m{"name": "Van mij"}, 404, "If-Match", `"2"`)
		d.do(t, who, "DELETE "+next, nil, 404)
	}
	d.Clock.Advance(16 * time.Minute)
	wantProblem(t, d.do(t, me, "DELETE "+next, nil, 403), "step-up-required", "")
	asked = d.do(t, me, "POST /auth/step-up/passkey/options", nil, 200)
	me = session(t, d.do(t, me, "POST /auth/step-up", m{"passkey": key.Sign(t, asked)}, 204, "Cookie", apitest.Cookies(t, me, asked)))
	d.do(t, me, "DELETE "+next, nil, 204)

	// An administrator who lets a colleague begin again takes the passkeys with the rest.
	colleague, admin := dbtest.AddEmployee(t, d.Root, d.Organisation, "adviser"), d.Session(t, web.Office, d.Organisation, d.Employee, false)
	if _, err := d.Root.Exec(`INSERT INTO passkeys (organisation_id, id, employee_id, user_handle, credential_id, public_key, sign_count, model, backup_eligible, backed_up, name, created_at)
		VALUES ($1, $2, $2, sha256('x'), 'x', 'x', 0, $2, false, false, 'Telefoon', now())`, d.Organisation, colleague); err != nil {
		t.Fatal(err)
	}
	if v := into[m](t, d.do(t, admin, "GET /employees/"+colleague.String(), nil, 200)); v["secondFactor"] != true {
		t.Errorf("%v", v)
	}
	if v := into[m](t, d.do(t, admin, "POST /employees/"+colleague.String()+"/reset", nil, 202)); v["secondFactor"] != nil {
		t.Errorf("%v", v)
	}
}
