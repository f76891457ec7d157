package office_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/oauth2-proxy/mockoidc"
	"github.com/pquerna/otp/totp"

	"voordeur/api/apitest"
	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

// lastLink is the token of the newest link of an employee, as it stands in the mail.
func (d desk) lastLink(t *testing.T, employee string) string {
	t.Helper()
	var id uuid.UUID
	if err := d.Root.QueryRow(`SELECT id FROM employee_links WHERE employee_id = $1 ORDER BY id DESC LIMIT 1`, employee).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return signin.EmployeeLinkToken(d.Key, id)
}

// TestColleague: an administrator invites, the colleague chooses a password and enrols an app, works, is blocked, begins again, and leaves.
func TestColleague(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, err := d.Root.Exec(`UPDATE employees SET password_hash = 'x', totp_secret = 'x' WHERE id = $1`, d.Employee); err != nil {
		t.Fatal(err)
	}
	draft := m{"firstName": "Noor", "lastName": "Blom", "email": "noor@blom.example", "jobTitle": "Trainee", "role": "adviser"}
	d.do(t, d.viewer, "POST /employees", draft, 403)
	for pointer, body := range map[string]m{
		"/role": {"firstName": "x", "lastName": "x", "email": "x@y.example", "role": "owner"}, "/firstName": {"lastName": "x", "email": "x@y.example", "role": "viewer"},
		"/email": {"firstName": "x", "lastName": "x", "email": "no address", "role": "viewer"},
	} {
		wantProblem(t, d.do(t, d.admin, "POST /employees", body, 422), "invalid", pointer)
	}
	rec := d.do(t, d.admin, "POST /employees", draft, 201)
	noor := into[m](t, rec)
	at := "/employees/" + noor["id"].(string)
	if noor["state"] != "invited" || rec.Header().Get("Location") != "/api/v1"+at || rec.Header().Get("ETag") != `"1"` {
		t.Errorf("%v %v", rec.Header(), noor)
	}
	draft["email"] = " NOOR@blom.example"
	wantProblem(t, d.do(t, d.admin, "POST /employees", draft, 422), "invalid", "/email")

	first := d.lastLink(t, noor["id"].(string))
	d.do(t, d.stranger, "POST "+at+"/invitation", nil, 404)
	d.do(t, d.admin, "POST "+at+"/invitation", nil, 202)
	token := d.lastLink(t, noor["id"].(string))
	if l := into[m](t, d.do(t, d.nobody, "POST /auth/password-links/inspection", m{"token": first}, 200)); l["state"] != "replaced" {
		t.Errorf("%v", l)
	}
	if l := into[m](t, d.do(t, d.nobody, "POST /auth/password-links/inspection", m{"token": token}, 200)); l["state"] != "usable" || l["email"] != "noor@blom.example" || l["minLength"] != 10.0 {
		t.Errorf("%v", l)
	}
	if v := into[m](t, d.do(t, d.admin, "GET "+at, nil, 200)); v["invitation"].(m)["state"] != "queued" {
		t.Errorf("%v", v)
	}
	wantProblem(t, d.do(t, d.nobody, "POST /auth/password-links/redemption", m{"token": token, "password": "kort"}, 422), "password-too-short", "/password")
	const password = "neushoorns"
	d.do(t, d.nobody, "POST /auth/password-links/redemption", m{"token": token, "password": password}, 204)
	wantProblem(t, d.do(t, d.nobody, "POST /auth/password-links/redemption", m{"token": token, "password": password}, 409), "link-used", "")
	d.do(t, d.nobody, "POST /auth/password-links/renewal", m{"token": token}, 202)

	rec = d.do(t, d.nobody, "POST /auth/login", m{"email": "noor@blom.example", "password": password}, 200)
	half := cookie(t, rec)
	if into[m](t, rec)["status"] != "enrolment" {
		t.Errorf("%s", rec.Body)
	}
	wantProblem(t, d.do(t, half, "GET /me", nil, 401), "second-factor-required", "")
	d.do(t, d.admin, "POST /auth/enrolment", nil, 401)
	app := into[m](t, d.do(t, half, "POST /auth/enrolment", nil, 200))
	shown, err := totp.GenerateCode(app["secret"].(string), d.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, d.do(t, half, "POST /auth/enrolment/confirmation", m{"code": "1"}, 401), "wrong-code", "")
	rec = d.do(t, half, "POST /auth/enrolment/confirmation", m{"code": shown}, 200)
	in := cookie(t, rec)
	if codes := into[m](t, rec)["recoveryCodes"].([]any); len(codes) != 10 || !strings.Contains(strings.Join(rec.Header().Values("Set-Cookie"), "\n"), "__Host-voordeur-office-device=") {
		t.Errorf("%v %v", codes, rec.Header())
	}
	d.do(t, in, "GET /me", nil, 200)
	for _, v := range into[struct{ Items []m }](t, d.do(t, in, "GET /employees", nil, 200)).Items {
		if v["secondFactor"] != nil || v["lastLoginAt"] != nil || v["invitation"] != nil {
			t.Errorf("an adviser reads how a colleague signs in: %v", v)
		}
	}

	v := into[m](t, d.do(t, d.admin, "GET "+at, nil, 200))
	if v["state"] != "active" || v["secondFactor"] != true || v["lastLoginAt"] == nil {
		t.Errorf("%v", v)
	}
	tag := func() string { t.Helper(); return d.do(t, d.admin, "GET "+at, nil, 200).Header().Get("ETag") }
	d.do(t, d.admin, "PATCH "+at, m{"blocked": true}, 412, "If-Match", `"1"`)
	d.do(t, d.viewer, "PATCH "+at, m{"blocked": true}, 403, "If-Match", tag())
	d.do(t, d.stranger, "GET "+at, nil, 404)
	d.do(t, d.admin, "PATCH "+at, m{"blocked": true, "jobTitle": ""}, 200, "If-Match", tag())
	wantProblem(t, d.do(t, in, "GET /me", nil, 401), "unauthenticated", "")
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/invitation", nil, 409), "employee-blocked", "")
	d.do(t, d.nobody, "POST /auth/login", m{"email": "noor@blom.example", "password": password}, 401)
	d.do(t, d.admin, "PATCH "+at, m{"blocked": false, "role": "viewer"}, 200, "If-Match", tag())

	d.do(t, d.viewer, "POST "+at+"/reset", nil, 403)
	if v := into[m](t, d.do(t, d.admin, "POST "+at+"/reset", nil, 202)); v["state"] != "invited" || v["secondFactor"] != nil {
		t.Errorf("%v", v)
	}
	d.do(t, d.nobody, "POST /auth/login", m{"email": "noor@blom.example", "password": password}, 401)
	for _, email := range []string{"noor@blom.example", "niemand@blom.example"} {
		d.do(t, d.nobody, "POST /auth/password-reset", m{"email": email}, 202)
	}

	me := "/employees/" + d.Employee.String()
	own := d.do(t, d.admin, "GET "+me, nil, 200).Header().Get("ETag")
	wantProblem(t, d.do(t, d.admin, "PATCH "+me, m{"role": "viewer"}, 409, "If-Match", own), "last-admin", "")
	wantProblem(t, d.do(t, d.admin, "DELETE "+me, nil, 409, "If-Match", own), "last-admin", "")
	wantProblem(t, d.do(t, d.admin, "POST "+me+"/reset", nil, 409), "last-admin", "")
	d.do(t, d.viewer, "DELETE "+at, nil, 403, "If-Match", tag())
	d.do(t, d.admin, "DELETE "+at, nil, 204, "If-Match", tag())
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/invitation", nil, 409), "employee-archived", "")
	if left := into[struct{ Items []m }](t, d.do(t, d.admin, "GET /employees?archived=true", nil, 200)).Items; len(left) != 1 || left[0]["state"] != "archived" {
		t.Errorf("%v", left)
	}
	draft["email"] = "noor@blom.example" // who left can come back
	d.do(t, d.admin, "POST /employees", draft, 201)
}

// TestRoleRights: what an administrator changes about a role holds at the next request of who has it, and can always be repaired.
func TestRoleRights(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.do(t, d.nobody, "GET /role-rights", nil, 401)
	rec := d.do(t, d.viewer, "GET /role-rights", nil, 200)
	now := into[struct {
		Roles []struct {
			Role                        string
			Permissions, Standard, Kept []string
		}
		Version float64
	}](t, rec)
	if rec.Header().Get("ETag") != `"1"` || len(now.Roles) != 4 || len(now.Roles[0].Kept) != 5 {
		t.Errorf("%+v", now)
	}
	d.do(t, d.viewer, "POST /clients", m{"name": "De Vries", "kind": "person"}, 403)
	rights := func(role string, permissions ...string) m {
		return m{"roles": []m{{"role": role, "permissions": permissions}}}
	}
	viewer := slices.Concat(now.Roles[3].Permissions, []string{"client:write"})
	d.do(t, d.viewer, "PATCH /role-rights", rights("viewer", viewer...), 403, "If-Match", `"1"`)
	d.do(t, d.admin, "PATCH /role-rights", rights("viewer", viewer...), 200, "If-Match", `"1"`)
	d.do(t, d.admin, "PATCH /role-rights", rights("viewer", viewer...), 412, "If-Match", `"1"`)
	d.do(t, d.viewer, "POST /clients", m{"name": "De Vries", "kind": "person"}, 201)
	if me := into[struct{ Permissions []string }](t, d.do(t, d.viewer, "GET /me", nil, 200)); !strings.Contains(strings.Join(me.Permissions, " "), "client:write") {
		t.Errorf("%v", me)
	}
	// In reads that find out who acts by themselves, too.
	d.do(t, d.viewer, "GET /dossiers/"+d.Dossier.String(), nil, 200)
	d.do(t, d.admin, "PATCH /role-rights", rights("viewer", "employee:read"), 200, "If-Match", `"2"`)
	d.do(t, d.viewer, "GET /dossiers/"+d.Dossier.String(), nil, 403)
	d.do(t, d.viewer, "POST /clients", m{"name": "De Vries", "kind": "person"}, 403)
	d.do(t, d.viewer, "GET /me", nil, 200)

	wantProblem(t, d.do(t, d.admin, "PATCH /role-rights", rights("admin", "employee:read"), 422, "If-Match", `"3"`), "invalid", "/roles/0/permissions")
	wantProblem(t, d.do(t, d.admin, "PATCH /role-rights", rights("viewer"), 422, "If-Match", `"3"`), "invalid", "/roles/0/permissions")
	wantProblem(t, d.do(t, d.admin, "PATCH /role-rights", rights("viewer", "employee:read", "portal.me"), 422, "If-Match", `"3"`), "invalid", "/roles/0/permissions/1")
	d.do(t, d.admin, "PATCH /role-rights", rights("admin", now.Roles[0].Kept...), 200, "If-Match", `"3"`)
	d.do(t, d.admin, "GET /clients", nil, 403)
	d.do(t, d.admin, "PATCH /role-rights", rights("admin", now.Roles[0].Standard...), 200, "If-Match", `"4"`)
	d.do(t, d.admin, "GET /clients", nil, 200)

	// Whatever stands in the table, an administrator keeps the way back, and no role gets what employees cannot have.
	if _, err := d.Root.Exec(`UPDATE role_rights SET granted = '{portal.me,mail:send}', withdrawn = '{employee:write,organisation:write,client:read}' WHERE organisation_id = $1 AND role = 'admin'`, d.Organisation); err != nil {
		t.Fatal(err)
	}
	me := into[struct{ Permissions []string }](t, d.do(t, d.admin, "GET /me", nil, 200)).Permissions
	if all := " " + strings.Join(me, " ") + " "; !strings.Contains(all, " employee:write ") || strings.Contains(all, " client:read ") || strings.Contains(all, "portal.me") || strings.Contains(all, "mail:send") {
		t.Errorf("%v", me)
	}
	d.do(t, d.stranger, "GET /clients", nil, 200)
}

// TestSSO: settings over the API, and the way in through a provider that is really there.
func TestSSO(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	m1, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m1.Shutdown() })
	wantProblem(t, d.do(t, d.nobody, "POST /auth/sso", m{"office": d.Slug}, 404), "sso-off", "")
	d.do(t, d.viewer, "GET /organisation/sso", nil, 200)
	d.do(t, d.nobody, "GET /organisation/sso", nil, 401)
	change := m{"enabled": true, "issuer": m1.Issuer(), "clientIdentifier": m1.ClientID, "clientSecret": m1.ClientSecret, "only": false, "roles": []m{{"group": "advies", "role": "adviser"}}}
	d.do(t, d.viewer, "PATCH /organisation/sso", change, 403, "If-Match", `"1"`)
	wantProblem(t, d.do(t, d.admin, "PATCH /organisation/sso", m{"enabled": true, "issuer": "https://127.0.0.1:1", "clientIdentifier": "x", "only": false}, 422, "If-Match", `"1"`), "invalid", "/issuer")
	rec := d.do(t, d.admin, "PATCH /organisation/sso", change, 200, "If-Match", `"1"`)
	if strings.Contains(rec.Body.String(), m1.ClientSecret) || into[m](t, rec)["hasSecret"] != true || rec.Header().Get("ETag") != `"2"` {
		t.Errorf("%s", rec.Body)
	}
	d.do(t, d.admin, "PATCH /organisation/sso", change, 412, "If-Match", `"1"`)
	wantProblem(t, d.do(t, d.nobody, "POST /auth/sso/return", m{"state": "x", "code": "x"}, 401), "sso-lost", "")

	rec = d.do(t, d.nobody, "POST /auth/sso", m{"office": d.Slug}, 200)
	trip := cookie(t, rec)
	var email string
	if err := d.Root.QueryRow(`UPDATE employees SET role = 'viewer' WHERE organisation_id = $1 AND role = 'viewer' RETURNING email`, d.Organisation).Scan(&email); err != nil {
		t.Fatal(err)
	}
	m1.QueueUser(&mockoidc.MockUser{Subject: "sub", Email: email, EmailVerified: true, Groups: []string{"advies"}})
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Get(into[m](t, rec)["url"].(string))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	back, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	rec = d.do(t, trip, "POST /auth/sso/return", m{"state": back.Query().Get("state"), "code": back.Query().Get("code")}, 204)
	me := into[m](t, d.do(t, cookie(t, rec), "GET /me", nil, 200))
	if me["email"] != email || me["role"] != "adviser" {
		t.Errorf("%v", me)
	}
}

// TestSessionsOfAColleague: an administrator sees where a colleague is signed in and ends it all; the next request of each session is
// refused. Of one's own the session that asks goes on.
func TestSessionsOfAColleague(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	noor := dbtest.AddEmployee(t, d.Root, d.Organisation, "adviser")
	at := "/employees/" + noor.String() + "/sessions"
	here, there := d.Session(t, web.Office, d.Organisation, noor, false), d.Session(t, web.Office, d.Organisation, noor, false)
	half := d.Session(t, web.Office, d.Organisation, noor, true)
	list := into[web.Page[m]](t, d.do(t, d.admin, "GET "+at, nil, 200)).Items
	if len(list) != 2 || list[0]["this"] != false || list[0]["lastSeenAt"] == "" {
		t.Errorf("%v", list)
	}
	d.do(t, d.viewer, "GET "+at, nil, 403)
	d.do(t, d.stranger, "GET "+at, nil, 404)
	d.do(t, d.viewer, "DELETE "+at, nil, 403)
	d.do(t, d.stranger, "DELETE "+at, nil, 404)
	d.do(t, here, "GET /me", nil, 200)
	d.do(t, d.admin, "DELETE "+at, nil, 204)
	for _, gone := range []apitest.Caller{here, there, half} {
		d.do(t, gone, "GET /me", nil, 401)
	}
	if list := into[web.Page[m]](t, d.do(t, d.admin, "GET "+at, nil, 200)).Items; len(list) != 0 {
		t.Errorf("still open: %v", list)
	}
	other := d.Session(t, web.Office, d.Organisation, d.Employee, false)
	own := "/employees/" + d.Employee.String() + "/sessions"
	d.do(t, d.admin, "DELETE "+own, nil, 204)
	d.do(t, other, "GET /me", nil, 401)
	if list := into[web.Page[m]](t, d.do(t, d.admin, "GET "+own, nil, 200)).Items; len(list) != 1 || list[0]["this"] != true {
		t.Errorf("my own: %v", list)
	}
	var told int
	if err := d.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = 'employee.sessions_ended' AND subject = $1`, noor).Scan(&told); err != nil || told != 1 {
		t.Errorf("%d events, %v", told, err)
	}
	old := d.Session(t, web.Office, d.Organisation, d.Employee, false)
	d.Clock.Advance(authz.StepUpLife)
	wantProblem(t, d.do(t, old, "DELETE "+at, nil, 403), "step-up-required", "")
}
