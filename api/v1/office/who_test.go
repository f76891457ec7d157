package office_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"voordeur/api/apitest"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

// cookie is the session that an answer opens.
func cookie(t *testing.T, rec *httptest.ResponseRecorder) apitest.Caller {
	t.Helper()
	for _, c := range rec.Result().Cookies() {
		if strings.HasPrefix(c.Name, "__Host-") {
			if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("cookie %+v", c)
			}
			return apitest.Caller{Cookie: c}
		}
	}
	t.Fatal("no session")
	return apitest.Caller{}
}

// TestSignIn: password, then the code; the half session opens nothing else; signing out works at once.
func TestSignIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const secret, password = "JBSWY3DPEHPK3PXP", "paarse olifant fietst zingend"
	hasher, err := signin.NewHasher(signin.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hasher.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	var email string
	err = d.Root.QueryRow(`UPDATE employees SET password_hash = $1, totp_secret = $2 WHERE id = $3 RETURNING email`, hash, sealed.Seal(d.Key, signin.TOTPPlace(d.Employee), []byte(secret)), d.Employee).Scan(&email)
	if err != nil {
		t.Fatal(err)
	}
	wantProblem(t, d.do(t, d.nobody, "POST /auth/login", m{"email": email, "password": "niet goed"}, 401), "wrong-credentials", "")
	wantProblem(t, d.do(t, d.nobody, "POST /auth/login", m{"email": "wie@example.org", "password": "niet goed"}, 401), "wrong-credentials", "")
	wantProblem(t, d.do(t, d.nobody, "POST /auth/login", m{"email": email}, 422), "invalid", "/password")
	rec := d.do(t, d.nobody, "POST /auth/login", m{"email": email, "password": password}, 200)
	if into[m](t, rec)["status"] != "second_factor" {
		t.Error(rec.Body)
	}
	half := cookie(t, rec)
	for _, do := range []string{"GET /me", "GET /clients", "GET /organisation", "POST /clients", "POST /auth/step-up"} {
		wantProblem(t, d.do(t, half, do, nil, 401), "second-factor-required", "")
	}
	wantProblem(t, d.do(t, half, "POST /auth/second-factor", m{"code": "000000"}, 401), "wrong-code", "")
	d.do(t, d.nobody, "POST /auth/second-factor", m{"code": "000000"}, 401)
	d.do(t, d.admin, "POST /auth/second-factor", m{"code": "000000"}, 401)
	code, err := totp.GenerateCode(secret, d.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	rec = d.do(t, half, "POST /auth/second-factor", m{"code": code}, 200)
	full := cookie(t, rec)
	me := into[m](t, rec)
	if me["firstName"] != "Sanne" || me["organisation"].(m)["slug"] != d.Slug || me["organisation"].(m)["portalUrl"] != "https://portal.test/"+d.Slug || me["counts"].(m)["toReview"] != 0.0 {
		t.Errorf("me: %v", me)
	}
	d.do(t, half, "GET /me", nil, 401)
	d.do(t, full, "GET /me", nil, 200)
	wantProblem(t, d.do(t, full, "POST /auth/step-up", m{"password": "niet goed"}, 422), "invalid", "/password")
	wantProblem(t, d.do(t, full, "POST /auth/step-up", m{"code": code}, 401), "wrong-code", "") // it was used to sign in
	d.do(t, d.nobody, "POST /auth/step-up", m{"password": password}, 401)
	old := full
	full = cookie(t, d.do(t, full, "POST /auth/step-up", m{"password": password}, 204))
	d.do(t, old, "GET /me", nil, 401)
	d.do(t, full, "GET /me", nil, 200)
	rec = d.do(t, full, "POST /auth/logout", nil, 200)
	if rec.Header().Get("Clear-Site-Data") == "" {
		t.Error("no Clear-Site-Data")
	}
	d.do(t, full, "GET /me", nil, 401)
	d.do(t, d.nobody, "POST /auth/logout", nil, 401)
}

func picture(t *testing.T, kind string, side int) string {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	var b bytes.Buffer
	err := png.Encode(&b, img)
	if kind == "jpeg" {
		b.Reset()
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestStreamEvents: the stream of an employee is one of server-sent events, and says where it stands.
func TestStreamEvents(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	rec := d.Call(t, apitest.Request{As: d.viewer, Do: "GET /events", Context: ctx})
	if rec.Code != 200 || rec.Header().Get("Content-Type") != "text/event-stream" || !strings.Contains(rec.Body.String(), "id: ") {
		t.Errorf("%d %v %q", rec.Code, rec.Header(), rec.Body)
	}
	d.do(t, d.nobody, "GET /events", nil, 401)
}

// TestOrganisation: the branding is changed by an admin, with the version that was looked at; pictures are what their bytes are (B1).
func TestOrganisation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rec := d.do(t, d.viewer, "GET /organisation", nil, 200)
	o, tag := into[m](t, rec), rec.Header().Get("ETag")
	if o["slug"] != d.Slug || tag != `"1"` {
		t.Errorf("%v %s", o, tag)
	}
	d.do(t, d.nobody, "GET /organisation", nil, 401)
	change := m{"brandColour": "#AA3300", "welcomeText": "Fijn dat je er bent.", "formOfAddress": "formal"}
	d.do(t, d.viewer, "PATCH /organisation", change, 403, "If-Match", tag)
	wantProblem(t, d.do(t, d.admin, "PATCH /organisation", change, 428), "if-match-required", "")
	for pointer, bad := range map[string]m{
		"/brandColour": {"brandColour": "blauw!!"}, "/welcomeText": {"welcomeText": strings.Repeat("x", 141)}, "/email": {"email": "niets"},
		"/headerImage": {"headerImage": "photo"}, "/name": {"name": "  "}, "/slug": {"slug": "anders"}, "/formOfAddress": {"formOfAddress": "jij"},
	} {
		wantProblem(t, d.do(t, d.admin, "PATCH /organisation", bad, 422, "If-Match", tag), "invalid", pointer)
	}
	if o = into[m](t, d.do(t, d.admin, "PATCH /organisation", change, 200, "If-Match", tag)); o["brandColour"] != "#aa3300" || o["version"] != 2.0 || o["name"] == "" {
		t.Errorf("changed: %v", o)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH /organisation", change, 412, "If-Match", tag), "stale", "")

	for _, which := range []string{"logo", "header-photo"} {
		at := "/organisation/" + which
		d.do(t, d.admin, "GET "+at, nil, 404)
		d.do(t, d.viewer, "PUT "+at, picture(t, "png", 10), 403, "Content-Type", "image/png")
		for _, kind := range []string{"png", "jpeg"} {
			raw := picture(t, kind, 100)
			d.do(t, d.admin, "PUT "+at, raw, 200, "Content-Type", "image/png")
			rec := d.do(t, d.viewer, "GET "+at, nil, 200)
			if rec.Header().Get("Content-Type") != "image/"+kind || rec.Body.String() != raw {
				t.Errorf("%s: %s", which, rec.Header().Get("Content-Type"))
			}
		}
		wantProblem(t, d.do(t, d.admin, "PUT "+at, `<svg xmlns="http://www.w3.org/2000/svg"/>`, 415, "Content-Type", "image/png"), "picture-type", "")
		wantProblem(t, d.do(t, d.admin, "PUT "+at, picture(t, "png", 4001), 422, "Content-Type", "image/png"), "picture-dimensions", "")
		wantProblem(t, d.do(t, d.admin, "PUT "+at, strings.Repeat("x", 3<<20), 413, "Content-Type", "image/png"), "picture-too-large", "")
		d.do(t, d.viewer, "DELETE "+at, nil, 403)
		o = into[m](t, d.do(t, d.admin, "DELETE "+at, nil, 200))
		if o["logoUrl"] != nil && which == "logo" || o["headerImage"] == "photo" {
			t.Errorf("removed: %v", o)
		}
	}
	d.do(t, d.stranger, "GET /organisation/logo", nil, 404)
	d.do(t, d.nobody, "GET /organisation/header-photo", nil, 401)
}

// TestClients: created with contacts, found, changed; the test client stands first; pages follow each other (D1).
func TestClients(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := into[m](t, d.do(t, d.admin, "POST /clients", m{"name": "Timmer", "kind": "household", "contacts": []m{{"firstName": "Ruben", "lastName": "Timmer", "email": "ruben@example.org"}, {"firstName": "Ans", "lastName": "100%_"}}}, 201, "Idempotency-Key", "een-sleutel"))
	again := into[m](t, d.do(t, d.admin, "POST /clients", m{"name": "Timmer", "kind": "household", "contacts": []m{{"firstName": "Ruben", "lastName": "Timmer", "email": "ruben@example.org"}, {"firstName": "Ans", "lastName": "100%_"}}}, 201, "Idempotency-Key", "een-sleutel"))
	if made["id"] != again["id"] || len(made["contacts"].([]any)) != 2 {
		t.Errorf("%v %v", made, again)
	}
	d.do(t, d.admin, "POST /clients", m{"name": "Zelf proberen", "kind": "person", "isTest": true}, 201)
	d.do(t, d.viewer, "POST /clients", m{"name": "x", "kind": "person"}, 403)
	for pointer, bad := range map[string]m{
		"/name": {"kind": "person"}, "/kind": {"name": "x", "kind": "hond"}, "/contacts/0/email": {"name": "x", "kind": "person", "contacts": []m{{"firstName": "a", "lastName": "b", "email": "x"}}},
		"/contacts/0/firstName": {"name": "x", "kind": "person", "contacts": []m{{"lastName": "b"}}}, "/organisationId": {"name": "x", "kind": "person", "organisationId": "y"},
	} {
		wantProblem(t, d.do(t, d.admin, "POST /clients", bad, 422), "invalid", pointer)
	}
	var names []string
	next := ""
	for range 5 {
		page := into[web.Page[m]](t, d.do(t, d.viewer, "GET /clients?limit=1"+next, nil, 200))
		for _, c := range page.Items {
			names = append(names, c["name"].(string))
		}
		if page.NextCursor == "" {
			break
		}
		next = "&cursor=" + page.NextCursor
	}
	if strings.Join(names, ", ") != "Zelf proberen, Eva de Wit, Timmer" {
		t.Errorf("list: %v", names)
	}
	for q, want := range map[string]int{"timmer": 1, "RUBEN@": 1, "wit": 1, "0%25_": 1, "%25": 0, "ti": 1, "im": 0, "imme": 1, "timmer+ruben": 1, "wit+ruben": 0, "zzz": 0} {
		if page := into[web.Page[m]](t, d.do(t, d.viewer, "GET /clients?q="+q, nil, 200)); len(page.Items) != want {
			t.Errorf("%s: %d", q, len(page.Items))
		}
	}
	d.do(t, d.nobody, "GET /clients", nil, 401)
	at := "/clients/" + made["id"].(string)
	d.do(t, d.stranger, "GET "+at, nil, 404)
	d.do(t, d.stranger, "PATCH "+at, m{"name": "x"}, 404, "If-Match", `"1"`)
	d.do(t, d.stranger, "POST "+at+"/contacts", m{"firstName": "a", "lastName": "b"}, 404)
	if c := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"name": "Timmer-Bos"}, 200, "If-Match", `"1"`)); c["name"] != "Timmer-Bos" || c["version"] != 2.0 {
		t.Errorf("%v", c)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"name": "x"}, 412, "If-Match", `"1"`), "stale", "")
	d.do(t, d.admin, "GET "+at, nil, 200)
	p := into[m](t, d.do(t, d.admin, "POST "+at+"/contacts", m{"firstName": "Noor", "lastName": "Bos"}, 201))
	if page := into[web.Page[m]](t, d.do(t, d.viewer, "GET /clients?q=noor+timmer", nil, 200)); len(page.Items) != 1 {
		t.Errorf("a new contact is not found: %v", page)
	}
	at = "/contacts/" + p["id"].(string)
	if p = into[m](t, d.do(t, d.admin, "PATCH "+at, m{"email": "noor@example.org"}, 200, "If-Match", `"1"`)); p["email"] != "noor@example.org" {
		t.Errorf("%v", p)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"email": "noor"}, 422, "If-Match", `"2"`), "invalid", "/email")
	d.do(t, d.stranger, "PATCH "+at, m{"email": "x@example.org"}, 404, "If-Match", `"2"`)
}

// TestEmployees: colleagues, and nobody else's.
func TestEmployees(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	page := into[web.Page[m]](t, d.do(t, d.viewer, "GET /employees?limit=1", nil, 200))
	rest := into[web.Page[m]](t, d.do(t, d.viewer, "GET /employees?cursor="+page.NextCursor, nil, 200))
	if len(page.Items)+len(rest.Items) != 2 || rest.NextCursor != "" {
		t.Errorf("%v %v", page, rest)
	}
	d.do(t, d.customer, "GET /employees", nil, 401)
}

// TestPortalMembers: made and invited, renamed, blocked at once; another office sees nothing; no password anywhere (A2, A9, E1, E2).
func TestPortalMembers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := into[m](t, d.do(t, d.admin, "POST /portal-members", m{"clientId": d.Client, "firstName": "Noor", "lastName": "Bos", "email": "noor@example.org", "username": "noor@example.org", "dossierIds": []any{d.Dossier}}, 201))
	if made["state"] != "invited" || made["invitation"].(m)["state"] != "queued" {
		t.Errorf("%v", made)
	}
	wantProblem(t, d.do(t, d.admin, "POST /portal-members", m{"clientId": d.Client, "firstName": "A", "lastName": "B", "username": "Noor@Example.org", "email": "noor@example.org"}, 422), "invalid", "/username")
	wantProblem(t, d.do(t, d.admin, "POST /portal-members", m{"clientId": d.Client, "username": "abc", "password": "x"}, 422), "invalid", "/password")
	wantProblem(t, d.do(t, d.admin, "POST /portal-members", m{"clientId": d.Client, "username": "abc"}, 422), "invalid", "/firstName")
	d.do(t, d.admin, "POST /portal-members", m{"clientId": d.Client, "firstName": "A", "lastName": "B", "username": "a.b.c", "dossierIds": []any{d.other.Dossier}}, 404)
	d.do(t, d.viewer, "POST /portal-members", m{"clientId": d.Client, "firstName": "A", "lastName": "B", "username": "a.b.c"}, 403)
	for q, want := range map[string]int{"": 2, "?q=noor": 1, "?dossierId=" + d.Dossier.String(): 2, "?clientId=" + d.Client.String(): 2, "?clientId=" + d.other.Client.String(): 0} {
		if page := into[web.Page[m]](t, d.do(t, d.viewer, "GET /portal-members"+q, nil, 200)); len(page.Items) != want {
			t.Errorf("%s: %v", q, page)
		}
	}
	page := into[web.Page[m]](t, d.do(t, d.viewer, "GET /portal-members?limit=1", nil, 200))
	if rest := into[web.Page[m]](t, d.do(t, d.viewer, "GET /portal-members?cursor="+page.NextCursor, nil, 200)); len(rest.Items) != 1 || rest.Items[0]["id"] == page.Items[0]["id"] {
		t.Errorf("%v", rest)
	}
	d.do(t, d.customer, "GET /portal-members", nil, 401)

	at := "/portal-members/" + made["id"].(string)
	d.do(t, d.stranger, "GET "+at, nil, 404)
	d.do(t, d.stranger, "PATCH "+at, m{"blocked": true}, 404, "If-Match", `"1"`)
	d.do(t, d.stranger, "POST "+at+"/invitation", nil, 404)
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"username": d.Username}, 422, "If-Match", `"1"`), "invalid", "/username")
	renamed := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"username": "noor.bos", "function": "boekhouder"}, 200, "If-Match", `"1"`))
	if renamed["username"] != "noor.bos" || renamed["function"] != "boekhouder" || renamed["version"] != 2.0 {
		t.Errorf("%v", renamed)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"function": "x"}, 412, "If-Match", `"1"`), "stale", "")
	for query, want := range map[string]any{"username=noor.bos": "taken", "username=x@example.org": "foreign-email", "username=x@example.org&contactEmail=X@example.org": nil, "username=nieuw.iemand": nil, "username=a": "length"} {
		got := into[m](t, d.do(t, d.viewer, "GET /portal-members/username-check?"+query, nil, 200))
		if got["reason"] != want || got["available"] != (want == nil) {
			t.Errorf("%s: %v", query, got)
		}
	}
	d.do(t, d.customer, "GET /portal-members/username-check?username=abc", nil, 401)
	if v := into[m](t, d.do(t, d.admin, "POST "+at+"/invitation", nil, 202)); v["state"] != "invited" {
		t.Errorf("%v", v)
	}
	own := "/portal-members/" + d.Member.String()
	blocked := into[m](t, d.do(t, d.admin, "PATCH "+own, m{"blocked": true}, 200, "If-Match", `"1"`))
	if blocked["state"] != "blocked" {
		t.Errorf("%v", blocked)
	}
	var ended int
	if err := d.Root.QueryRow(`SELECT count(*) FROM sessions WHERE member_id = $1 AND ended_at IS NOT NULL`, d.Member).Scan(&ended); err != nil || ended != 1 {
		t.Errorf("sessions of a blocked member: %d %v", ended, err)
	}
	wantProblem(t, d.do(t, d.admin, "POST "+own+"/invitation", nil, 409), "member-blocked", "")
	if v := into[m](t, d.do(t, d.admin, "PATCH "+own, m{"blocked": false}, 200, "If-Match", `"2"`)); v["state"] != "new" {
		t.Errorf("%v", v)
	}
	rec := d.do(t, d.admin, "GET "+at, nil, 200)
	if body := rec.Body.String(); strings.Contains(body, "assword") || strings.Contains(body, "oken") {
		t.Error(body)
	}
}

// TestInviteDossier: one mail per address; a second time only for who has no password yet (A5).
func TestInviteDossier(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := "/dossiers/" + d.Dossier.String() + "/invitation"
	got := into[struct{ Mails []m }](t, d.do(t, d.admin, "POST "+at, m{}, 202))
	if len(got.Mails) != 1 || got.Mails[0]["members"].([]any)[0] != "Eva de Wit" {
		t.Errorf("%v", got)
	}
	var queued int
	if err := d.Root.QueryRow(`SELECT count(*) FROM mails m JOIN river_job j ON j.args->>'mail' = m.id::text WHERE m.dossier_id = $1`, d.Dossier).Scan(&queued); err != nil || queued != 1 {
		t.Errorf("%d mails, %v", queued, err)
	}
	d.do(t, d.stranger, "POST "+at, nil, 404)
	d.do(t, d.viewer, "POST "+at, nil, 403)
	if _, err := d.Root.Exec(`UPDATE portal_members SET password_hash = 'x' WHERE id = $1`, d.Member); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, d.do(t, d.admin, "POST "+at, nil, 409), "nobody-to-invite", "")
	if _, err := d.Root.Exec(`UPDATE portal_members SET password_hash = NULL WHERE id = $1`, d.Member); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Root.Exec(`UPDATE contacts SET email = '' WHERE id = $1`, d.Contact); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, d.do(t, d.admin, "POST "+at, nil, 409), "no-address", "")
}
