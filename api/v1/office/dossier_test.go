package office_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// desk is a server with one office in which everything happens, and another that must see nothing of it.
type desk struct {
	*apitest.Server
	dbtest.Scene
	other                           dbtest.Scene
	admin, viewer, stranger, nobody apitest.Caller
	customer                        apitest.Caller
}

func newDesk(t *testing.T) desk {
	t.Helper()
	s := apitest.New(t)
	d := desk{Server: s, Scene: dbtest.AddScene(t, s.Root), other: dbtest.AddScene(t, s.Root)}
	d.admin = s.Session(t, web.Office, d.Organisation, d.Employee, false)
	d.viewer = s.Session(t, web.Office, d.Organisation, dbtest.AddEmployee(t, s.Root, d.Organisation, "viewer"), false)
	d.stranger = s.Session(t, web.Office, d.other.Organisation, d.other.Employee, false)
	d.customer = s.Session(t, web.Portal, d.Organisation, d.Member, false)
	return d
}

// do calls and wants a status, and returns the answer.
func (d desk) do(t *testing.T, as apitest.Caller, do string, body any, want int, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	rec := d.Call(t, apitest.Request{As: as, Do: do, Body: body, Header: h})
	if rec.Code != want {
		t.Fatalf("%s: got %d, want %d: %s", do, rec.Code, want, rec.Body)
	}
	return rec
}

func into[T any](t *testing.T, rec *httptest.ResponseRecorder) T {
	t.Helper()
	var out T
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// wantProblem wants a code, and where pointer is given a fault on that value.
func wantProblem(t *testing.T, rec *httptest.ResponseRecorder, code, pointer string) {
	t.Helper()
	p := into[web.Problem](t, rec)
	if p.Code != code {
		t.Errorf("problem %q, want %q: %s", p.Code, code, rec.Body)
	}
	if pointer == "" {
		return
	}
	for _, e := range p.Errors {
		if e.Pointer == pointer && e.Message != "" {
			return
		}
	}
	t.Errorf("no word about %s: %s", pointer, rec.Body)
}

type m = map[string]any

func tag(version int) string { return `"` + strconv.Itoa(version) + `"` }

func uuidOf(t *testing.T, s string) uuid.UUID {
	t.Helper()
	id, err := uuid.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func newDossier(employee uuid.UUID) m {
	return m{
		"client": m{"name": "De Wit en Timmer", "kind": "household"}, "subject": "de hypotheek voor de Kersenlaan", "adviserId": employee,
		"products":   []m{{"kind": "mortgage", "name": "Hypotheek"}},
		"applicants": []m{{"firstName": "Eva", "lastName": "de Wit", "email": "eva@dewit.example"}, {"firstName": "Ruben", "lastName": "Timmer"}},
		"actionPoints": []m{
			{"title": "Loonstrook", "productIndex": 0, "applicantIndex": 0, "dueOn": "2026-12-29"}, {"title": "Kopie legitimatie"}, {"title": "Koopovereenkomst"},
		},
	}
}

// TestDossiers walks through the life of a dossier: made at once with everything, found, changed, closed, reopened.
func TestDossiers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	key := dbtest.ID().String()
	rec := d.do(t, d.admin, "POST /dossiers", newDossier(d.Employee), 201, "Idempotency-Key", key)
	made := into[m](t, rec)
	id := made["id"].(string)
	if rec.Header().Get("Location") != "/api/v1/dossiers/"+id || rec.Header().Get("ETag") != `"1"` {
		t.Errorf("headers %v", rec.Header())
	}
	if again := into[m](t, d.do(t, d.admin, "POST /dossiers", newDossier(d.Employee), 201, "Idempotency-Key", key)); again["id"] != id {
		t.Error("the same key made a second dossier")
	}
	other := newDossier(d.Employee)
	other["subject"] = "iets anders"
	wantProblem(t, d.do(t, d.admin, "POST /dossiers", other, 422, "Idempotency-Key", key), "idempotency-key-reused", "")
	wantProblem(t, d.do(t, d.admin, "POST /dossiers", newDossier(d.Employee), 422), "invalid", "/applicants/0/username")

	page := into[m](t, d.do(t, d.admin, "GET /dossiers/"+id, nil, 200))
	applicants := page["applicants"].([]any)
	if page["name"] != "De Wit en Timmer" || page["openAtCustomer"] != 3.0 || page["turn"] != "customer" || page["portalState"] != "none" ||
		page["nextDueOn"] != "2026-12-29" || !strings.HasSuffix(page["createdAt"].(string), "Z") || len(applicants) != 2 || applicants[1].(m)["member"].(m)["username"] != "ruben.timmer" {
		t.Errorf("page: %v", page)
	}
	list := into[web.Page[m]](t, d.do(t, d.admin, "GET /dossiers?q=timmer&turn=customer&limit=1", nil, 200))
	if len(list.Items) != 1 || list.Items[0]["id"] != id || list.NextCursor != "" {
		t.Errorf("found %v", list)
	}
	first := into[web.Page[m]](t, d.do(t, d.admin, "GET /dossiers?limit=1", nil, 200))
	next := into[web.Page[m]](t, d.do(t, d.admin, "GET /dossiers?limit=1&cursor="+first.NextCursor, nil, 200))
	if first.Items[0]["id"] != id || len(next.Items) != 1 || next.Items[0]["id"] != d.Dossier.String() || next.NextCursor != "" {
		t.Errorf("pages: %v, %v", first, next)
	}
	if n := into[m](t, d.do(t, d.admin, "GET /dossiers/counts", nil, 200)); n["all"] != 2.0 || n["waitingForCustomer"] != 2.0 {
		t.Errorf("counts %v", n)
	}

	at := "/dossiers/" + id
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"phase": "advice"}, 428), "if-match-required", "")
	changed := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"phase": "advice", "caseHandlerId": d.Employee, "dueOn": "2026-12-01"}, 200, "If-Match", `"1"`))
	if changed["phase"] != "advice" || changed["dueOn"] != "2026-12-01" || changed["caseHandler"] == nil || changed["version"] != 2.0 {
		t.Errorf("changed: %v", changed)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"name": "x"}, 412, "If-Match", `"1"`), "stale", "")
	emptied := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"caseHandlerId": nil, "dueOn": nil}, 200, "If-Match", `"2"`))
	if emptied["caseHandler"] != nil || emptied["dueOn"] != nil || emptied["phase"] != "advice" {
		t.Errorf("emptied: %v", emptied)
	}
	product := into[m](t, d.do(t, d.admin, "POST "+at+"/products", m{"kind": "home_insurance", "name": "Woonverzekering"}, 201))
	patched := into[m](t, d.do(t, d.admin, "PATCH /products/"+product["id"].(string), m{
		"status": "requested", "information": "De offerte is onderweg.", "facts": []m{{"label": "Premie", "value": "€ 21,50"}},
	}, 200, "If-Match", `"1"`))
	if patched["status"] != "requested" || len(patched["facts"].([]any)) != 1 || patched["version"] != 2.0 {
		t.Errorf("product: %v", patched)
	}
	closed := into[m](t, d.do(t, d.admin, "POST "+at+"/closure", nil, 200, "If-Match", `"3"`))
	if closed["status"] != "closed" || closed["turn"] != "none" || closed["closedAt"] == nil {
		t.Errorf("closed: %v", closed)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"name": "x"}, 409, "If-Match", `"4"`), "dossier-closed", "")
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/products", m{"kind": "other", "name": "x"}, 409), "dossier-closed", "")
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/action-points", m{"items": []m{{"title": "x"}}}, 409), "dossier-closed", "")
	if opened := into[m](t, d.do(t, d.admin, "DELETE "+at+"/closure", nil, 200, "If-Match", `"4"`)); opened["status"] != "open" {
		t.Errorf("reopened: %v", opened)
	}
	wantProblem(t, d.do(t, d.admin, "DELETE "+at+"/closure", nil, 409, "If-Match", `"5"`), "dossier-not-closed", "")
	events := into[web.Page[m]](t, d.do(t, d.admin, "GET "+at+"/events?limit=2", nil, 200))
	if len(events.Items) != 2 || events.Items[0]["name"] != "dossier.reopened" || events.Items[0]["actor"].(m)["firstName"] != "Sanne" || events.NextCursor == "" {
		t.Errorf("timeline: %v", events)
	}
	rest := into[web.Page[m]](t, d.do(t, d.admin, "GET "+at+"/events?cursor="+events.NextCursor, nil, 200))
	if n := len(rest.Items); n == 0 || rest.Items[n-1]["name"] == events.Items[0]["name"] {
		t.Errorf("rest of the timeline: %v", rest)
	}
}

// TestDossiersRefuse: the other office finds nothing, a viewer changes nothing, nobody gets in.
func TestDossiersRefuse(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	dossier, product, point := d.Dossier.String(), d.Product.String(), d.ActionPoint.String()
	for _, c := range []struct {
		do     string
		body   any
		reads  bool
		object bool
	}{
		{"GET /dossiers", nil, true, false},
		{"GET /dossiers/counts", nil, true, false},
		{"POST /dossiers", newDossier(d.Employee), false, false},
		{"GET /dossiers/" + dossier, nil, true, true},
		{"PATCH /dossiers/" + dossier, m{"name": "x"}, false, true},
		{"POST /dossiers/" + dossier + "/closure", nil, false, true},
		{"DELETE /dossiers/" + dossier + "/closure", nil, false, true},
		{"POST /dossiers/" + dossier + "/products", m{"kind": "other", "name": "x"}, false, true},
		{"PATCH /products/" + product, m{"name": "x"}, false, true},
		{"POST /dossiers/" + dossier + "/applicants", m{"firstName": "x", "lastName": "x"}, false, true},
		{"DELETE /dossiers/" + dossier + "/applicants/" + product, nil, false, true},
		{"GET /dossiers/" + dossier + "/action-points", nil, true, true},
		{"POST /dossiers/" + dossier + "/action-points", m{"items": []m{{"title": "x"}}}, false, true},
		{"GET /action-points", nil, true, false},
		{"GET /action-points/" + point, nil, true, true},
		{"PATCH /action-points/" + point, m{"title": "x"}, false, true},
		{"POST /action-points/" + point + "/approval", nil, false, true},
		{"POST /action-points/" + point + "/rejection", m{"code": "too_old", "reason": "x"}, false, true},
		{"POST /action-points/" + point + "/request", m{}, false, true},
		{"POST /action-points/" + point + "/cancellation", nil, false, true},
		{"GET /action-point-templates", nil, true, false},
		{"GET /dossiers/" + dossier + "/events", nil, true, true},
	} {
		d.do(t, d.nobody, c.do, c.body, 401, "If-Match", `"1"`)
		d.do(t, d.customer, c.do, c.body, 401, "If-Match", `"1"`)
		if !c.reads {
			d.do(t, d.viewer, c.do, c.body, 403, "If-Match", `"1"`)
		} else {
			d.do(t, d.viewer, c.do, c.body, 200)
		}
		if c.object {
			d.do(t, d.stranger, c.do, c.body, 404, "If-Match", `"1"`)
		}
	}
	if list := into[web.Page[m]](t, d.do(t, d.stranger, "GET /dossiers?q="+d.Slug, nil, 200)); len(list.Items) != 0 {
		t.Errorf("the other office finds %v", list)
	}
	d.do(t, d.nobody, "GET /events", nil, 401)
}

// TestDossiersBadInput: each value too long, wrong, missing or foreign has its field named; none is an error of ours.
func TestDossiersBadInput(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	long := strings.Repeat("a", 3000)
	for pointer, spoil := range map[string]func(m){
		"/client":                        func(b m) { b["client"] = "x" },
		"/client/name":                   func(b m) { b["client"] = m{"kind": "household"} },
		"/client/kind":                   func(b m) { b["client"].(m)["kind"] = "gezin" },
		"/client/id":                     func(b m) { b["client"] = m{"id": d.other.Client} },
		"/name":                          func(b m) { b["name"] = long },
		"/subject":                       func(b m) { b["subject"] = long },
		"/phase":                         func(b m) { b["phase"] = "x" },
		"/adviserId":                     func(b m) { b["adviserId"] = d.other.Employee },
		"/caseHandlerId":                 func(b m) { b["caseHandlerId"] = d.other.Employee },
		"/dueOn":                         func(b m) { b["dueOn"] = "29-05-2026" },
		"/products":                      func(b m) { b["products"] = []m{} },
		"/products/0/kind":               func(b m) { b["products"] = []m{{"kind": "auto", "name": "x"}} },
		"/products/0/name":               func(b m) { b["products"] = []m{{"kind": "other", "name": long}} },
		"/applicants":                    func(b m) { delete(b, "applicants") },
		"/applicants/0/firstName":        func(b m) { delete(b["applicants"].([]m)[0], "firstName") },
		"/applicants/0/lastName":         func(b m) { b["applicants"].([]m)[0]["lastName"] = long },
		"/applicants/0/email":            func(b m) { b["applicants"].([]m)[0]["email"] = "eva bij dewit" },
		"/applicants/0/mobile":           func(b m) { b["applicants"].([]m)[0]["mobile"] = long },
		"/applicants/0/salutation":       func(b m) { b["applicants"].([]m)[0]["salutation"] = long },
		"/applicants/1/username":         func(b m) { b["applicants"].([]m)[1]["username"] = d.Username },
		"/applicants/1/contactId":        func(b m) { b["applicants"].([]m)[1] = m{"contactId": d.other.Contact} },
		"/actionPoints/0/title":          func(b m) { b["actionPoints"].([]m)[0]["title"] = long },
		"/actionPoints/0/explanation":    func(b m) { b["actionPoints"].([]m)[0]["explanation"] = long },
		"/actionPoints/0/dueOn":          func(b m) { b["actionPoints"].([]m)[0]["dueOn"] = "morgen" },
		"/actionPoints/0/productIndex":   func(b m) { b["actionPoints"].([]m)[0]["productIndex"] = 9 },
		"/actionPoints/0/applicantIndex": func(b m) { b["actionPoints"].([]m)[0]["applicantIndex"] = -1 },
		"/organisationId":                func(b m) { b["organisationId"] = d.other.Organisation },
	} {
		body := newDossier(d.Employee)
		spoil(body)
		wantProblem(t, d.do(t, d.admin, "POST /dossiers", body, 422), "invalid", pointer)
	}
	for pointer, body := range map[string]m{
		"/name": {"name": "  "}, "/subject": {"subject": long}, "/phase": {"phase": 3}, "/adviserId": {"adviserId": d.other.Employee},
		"/caseHandlerId": {"caseHandlerId": d.other.Employee}, "/dueOn": {"dueOn": "2026-02-30"}, "/reference": {"reference": "D-1"},
	} {
		wantProblem(t, d.do(t, d.admin, "PATCH /dossiers/"+d.Dossier.String(), body, 422, "If-Match", `"1"`), "invalid", pointer)
	}
	for pointer, body := range map[string]m{
		"/name": {"name": ""}, "/kind": {"kind": "x"}, "/status": {"status": "x"}, "/information": {"information": long},
		"/facts/0/label": {"facts": []m{{"label": "", "value": "x"}}}, "/facts/0/value": {"facts": []m{{"label": "x", "value": long}}},
	} {
		wantProblem(t, d.do(t, d.admin, "PATCH /products/"+d.Product.String(), body, 422, "If-Match", `"1"`), "invalid", pointer)
	}
	for _, q := range []string{"turn=x", "status=x", "phase=x", "sort=x", "limit=0", "limit=201", "adviserId=x", "q=" + strings.Repeat("a", 101), "portalState=x", "colour=red"} {
		name, _, _ := strings.Cut(q, "=")
		wantProblem(t, d.do(t, d.admin, "GET /dossiers?"+q, nil, 422), "invalid", "/"+name)
	}
	wantProblem(t, d.do(t, d.admin, "GET /dossiers?cursor=!", nil, 422), "cursor-invalid", "")
	for _, do := range []string{"GET /dossiers/" + d.other.Dossier.String(), "GET /dossiers/x", "GET /action-points/x"} {
		d.do(t, d.admin, do, nil, 404)
	}
	// A NUL is a character to JSON and none to PostgreSQL.
	for _, body := range []string{`{"name":"a\u0000b"}`, `{"subject":"\u0000"}`} {
		d.do(t, d.admin, "PATCH /dossiers/"+d.Dossier.String(), body, 422, "If-Match", `"1"`)
	}
	for _, q := range []string{"a%00b", "%ff"} {
		d.do(t, d.admin, "GET /dossiers?q="+q, nil, 422)
	}
	if n := into[m](t, d.do(t, d.admin, "GET /dossiers/counts", nil, 200)); fmt.Sprint(n["all"]) != "1" {
		t.Errorf("bad input left %v dossiers", n["all"])
	}
}
