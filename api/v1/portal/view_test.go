package portal_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

const why = "Mevrouw belt: ze vindt haar offerte niet."

// TestLookAlong is the whole of it: the office asks, the ticket opens a session beside the customer's, which reads and writes
// nothing; what is opened stands in the trail with both names; the customer reads who it was (B15, F4).
func TestLookAlong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	nobody := apitest.Caller{}
	paper := dbtest.AddDocument(t, h.Root, h.Organisation, h.Dossier, true)
	store(t, h.Server, paper)

	at := "POST /portal-members/" + h.Member.String() + "/impersonation"
	door := into[m](t, h.do(t, h.employee, at, m{"reason": why, "dossierId": h.Dossier}, 201))
	url := door["url"].(string)
	ticket, ok := strings.CutPrefix(url, "https://portal.test/"+h.Slug+"/view#")
	if !ok || len(ticket) != 43 {
		t.Fatalf("the ticket must stand in the fragment: %s", url)
	}
	for range 3 { // whatever fetches the address uses nothing up
		h.do(t, nobody, "GET /portal/site?office="+h.Slug, nil, 200)
	}
	rec := h.do(t, nobody, "POST /portal/view", m{"ticket": ticket}, 200)
	if got := into[m](t, rec); got["office"] != h.Slug || got["dossierId"] != h.Dossier.String() {
		t.Errorf("where to: %v", got)
	}
	cookie := rec.Result().Cookies()[0]
	if cookie.Name != web.ViewCookie || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteStrictMode || cookie.Domain != "" || cookie.Path != "/" {
		t.Errorf("cookie: %+v", cookie)
	}
	looking := apitest.Caller{Cookie: cookie}
	wantProblem(t, h.do(t, nobody, "POST /portal/view", m{"ticket": ticket}, 409), "view-ticket", "")
	wantProblem(t, h.do(t, nobody, "POST /portal/view", m{"ticket": ""}, 422), "invalid", "/ticket")

	me := into[m](t, h.do(t, looking, "GET /portal/me", nil, 200))
	view := me["view"].(m)
	if me["id"] != h.Member.String() || view["by"] == "" || view["backUrl"] != "https://office.test/dossiers/"+h.Dossier.String() {
		t.Errorf("me: %v", me)
	}
	if mine := into[m](t, h.do(t, h.customer, "GET /portal/me", nil, 200)); mine["view"] != nil {
		t.Errorf("the customer looks along: %v", mine)
	}
	for _, read := range []string{"/portal/dossiers", "/portal/dossiers/" + h.Dossier.String(), "/portal/documents", "/portal/me/views"} {
		h.do(t, looking, "GET "+read, nil, 200)
	}
	for _, secret := range []string{"/portal/me/sessions", "/portal/me/second-factor"} {
		wantProblem(t, h.do(t, looking, "GET "+secret, nil, 403), "looking-along", "")
	}
	for _, refused := range []string{"POST /portal/auth/logout", "POST /portal/auth/step-up", "DELETE /portal/me/sessions"} {
		wantProblem(t, h.do(t, looking, refused, nil, 403), "looking-along", "")
	}
	h.do(t, looking, "GET /portal/dossiers/"+h.other.Dossier.String(), nil, 404)
	// The office's surface knows no such session, whatever the cookie is called.
	h.do(t, looking, "GET /me", nil, 401)
	for _, name := range []string{web.OfficeCookie, web.PortalCookie} {
		planted := apitest.Caller{Cookie: &http.Cookie{Name: name, Value: cookie.Value}}
		path := "GET /portal/me"
		if name == web.OfficeCookie {
			path = "GET /me"
		}
		h.do(t, planted, path, nil, 401)
	}
	h.do(t, apitest.Caller{Cookie: &http.Cookie{Name: web.ViewCookie, Value: h.customer.Cookie.Value}}, "GET /portal/me", nil, 401)

	// A document is opened; every time it is, the trail says so.
	h.do(t, looking, "HEAD /portal/documents/"+paper.String()+"/content", nil, 200)
	h.do(t, looking, "GET /portal/documents/"+paper.String()+"/content?inline=1&view=1", nil, 200)
	events := into[m](t, h.do(t, h.employee, "GET /dossiers/"+h.Dossier.String()+"/events?limit=200", nil, 200))
	var names []string
	for _, e := range events["items"].([]any) {
		if e := e.(m); strings.HasPrefix(e["name"].(string), "portal_view.") {
			names = append(names, e["name"].(string))
			actor, data := e["actor"].(m), e["data"].(m)
			if actor["kind"] != "employee" || actor["id"] != h.Employee.String() || !strings.Contains(data["member"].(string), "Wit") {
				t.Errorf("%s does not carry both names: %v", e["name"], e)
			}
		}
	}
	if want := []string{"portal_view.document_opened", "portal_view.started"}; !slices.Equal(names, want) {
		t.Errorf("timeline: %v", names)
	}

	// Both in one browser: the page that says nothing is the customer's; the one that looks along says so.
	both := h.customer.Cookie.Name + "=" + h.customer.Cookie.Value + "; " + cookie.Name + "=" + cookie.Value
	is := func(want bool, path string, header ...string) {
		t.Helper()
		got := into[m](t, h.do(t, nobody, "GET "+path, nil, 200, append(header, "Cookie", both)...))
		if (got["view"] != nil) != want {
			t.Errorf("%s %v: %v", path, header, got)
		}
	}
	is(false, "/portal/me")
	is(true, "/portal/me", "X-Voordeur-View", "1")
	h.do(t, nobody, "GET /portal/documents/"+paper.String()+"/content?view=1", nil, 200, "Cookie", both)
	wantProblem(t, h.do(t, h.customer, "GET /portal/documents/"+paper.String()+"/content?view=2", nil, 422), "invalid", "/view")
	// A page that looked along does not go on as somebody else once that is over.
	h.do(t, h.customer, "GET /portal/me", nil, 401, "X-Voordeur-View", "1")

	mine := into[m](t, h.do(t, h.customer, "GET /portal/me/views", nil, 200))["items"].([]any)
	if len(mine) != 1 || mine[0].(m)["reason"] != why || mine[0].(m)["endedAt"] != nil || mine[0].(m)["lastName"] == "" {
		t.Errorf("who looked along: %v", mine)
	}
	if got := into[m](t, h.do(t, h.neighbour, "GET /portal/me/views", nil, 200))["items"].([]any); len(got) != 0 {
		t.Errorf("the neighbour reads: %v", got)
	}
	h.do(t, nobody, "GET /portal/me/views", nil, 401)

	h.do(t, h.customer, "POST /portal/view/end", nil, 403)
	done := h.do(t, looking, "POST /portal/view/end", nil, 204)
	if c := done.Result().Cookies()[0]; c.Name != web.ViewCookie || c.MaxAge >= 0 {
		t.Errorf("cookie after the end: %+v", c)
	}
	for _, read := range []string{"GET /portal/me", "GET /portal/dossiers"} { // one resolves first, the other reads in the same trip
		wantProblem(t, h.do(t, looking, read, nil, 401), "view-stopped", "")
	}
	h.do(t, h.customer, "GET /portal/me", nil, 200)
	mine = into[m](t, h.do(t, h.customer, "GET /portal/me/views", nil, 200))["items"].([]any)
	if mine[0].(m)["endedAt"] == nil {
		t.Errorf("after the end: %v", mine)
	}
}

// TestLookAlongDocuments: a role that reads no documents at the office reads none as the customer either.
func TestLookAlongDocuments(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	paper := dbtest.AddDocument(t, h.Root, h.Organisation, h.Dossier, true)
	store(t, h.Server, paper)
	looking := h.View(t, h.Organisation, h.Member, dbtest.AddEmployee(t, h.Root, h.Organisation, "adviser"))
	content := "GET /portal/documents/" + paper.String() + "/content"
	h.do(t, looking, content, nil, 200)
	if _, err := h.Root.Exec(`INSERT INTO role_rights (organisation_id, role, withdrawn, updated_at) VALUES ($1, 'adviser', '{document:read}', now())`, h.Organisation); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, h.do(t, looking, content, nil, 403), "view-document", "")
	h.do(t, looking, "GET /portal/documents", nil, 200)
}

// TestLookAlongTwoServers: what ends a look on one server ends it on the other, at the next request.
func TestLookAlongTwoServers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := apitest.On(t, h.Database, apitest.Options{})
	looking := h.View(t, h.Organisation, h.Member, h.Employee)
	call := func() *httptest.ResponseRecorder {
		return other.Call(t, apitest.Request{As: looking, Do: "GET /portal/dossiers"})
	}
	if rec := call(); rec.Code != 200 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	h.do(t, looking, "POST /portal/view/end", nil, 204)
	if rec := call(); rec.Code != 401 {
		t.Errorf("after the end: %d %s", rec.Code, rec.Body)
	}
	looking = h.View(t, h.Organisation, h.Member, h.Employee)
	h.Clock.Advance(31 * time.Minute)
	wantProblem(t, call(), "view-expired", "")
}
