package office_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"voordeur/internal/dbtest"
	"voordeur/internal/dossier"
	"voordeur/internal/web"
)

// TestActionPoints: asked, changed, decided, asked again, withdrawn; each decision names the version that was looked at.
func TestActionPoints(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := "/dossiers/" + d.Dossier.String() + "/action-points"
	made := into[struct{ Items []m }](t, d.do(t, d.admin, "POST "+at, m{"items": []m{
		{"title": "Loonstrook", "productId": d.Product, "forContactId": d.Contact, "dueOn": "2026-12-29", "explanation": "De nieuwste."}, {"title": "Polis"},
	}}, 201))
	if len(made.Items) != 2 || made.Items[0]["productName"] != "Hypotheek" || made.Items[0]["forApplicant"].(m)["firstName"] != "Eva" || made.Items[0]["state"] != "open" {
		t.Fatalf("made: %v", made)
	}
	if list := into[web.Page[m]](t, d.do(t, d.admin, "GET "+at, nil, 200)); len(list.Items) != 3 {
		t.Errorf("list: %v", list)
	}
	point := "/action-points/" + made.Items[1]["id"].(string)
	wantProblem(t, d.do(t, d.admin, "PATCH "+point, m{"title": "x"}, 428), "if-match-required", "")
	changed := into[m](t, d.do(t, d.admin, "PATCH "+point, m{"title": "Polisblad", "productId": d.Product, "dueOn": "2026-12-01"}, 200, "If-Match", `"1"`))
	if changed["title"] != "Polisblad" || changed["productName"] != "Hypotheek" || changed["version"] != 2.0 {
		t.Errorf("changed: %v", changed)
	}
	if emptied := into[m](t, d.do(t, d.admin, "PATCH "+point, m{"productId": nil, "dueOn": nil}, 200, "If-Match", `"2"`)); emptied["productId"] != nil || emptied["dueOn"] != nil {
		t.Errorf("emptied: %v", emptied)
	}
	wantProblem(t, d.do(t, d.admin, "POST "+point+"/approval", nil, 412, "If-Match", `"2"`), "stale", "")
	wantProblem(t, d.do(t, d.admin, "POST "+point+"/approval", nil, 409, "If-Match", `"3"`), "action-point-not-submitted", "")
	wantProblem(t, d.do(t, d.admin, "POST "+point+"/request", m{}, 409, "If-Match", `"3"`), "action-point-already-open", "")
	if gone := into[m](t, d.do(t, d.admin, "POST "+point+"/cancellation", nil, 200, "If-Match", `"3"`)); gone["state"] != "cancelled" {
		t.Errorf("withdrawn: %v", gone)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH "+point, m{"title": "x"}, 409, "If-Match", `"4"`), "action-point-cancelled", "")

	submitted := dbtest.AddActionPoint(t, d.Root, d.Organisation, d.Dossier, "submitted")
	queue := into[web.Page[m]](t, d.do(t, d.admin, "GET /action-points?state=submitted", nil, 200))
	if len(queue.Items) != 1 || queue.Items[0]["id"] != submitted.String() || queue.Items[0]["dossierName"] == "" {
		t.Errorf("queue: %v", queue)
	}
	point = "/action-points/" + submitted.String()
	for _, decision := range []string{"approval", "rejection", "request", "cancellation"} {
		wantProblem(t, d.do(t, d.admin, "POST "+point+"/"+decision, m{"code": "too_old", "reason": "x"}, 428), "if-match-required", "")
	}
	rejected := into[m](t, d.do(t, d.admin, "POST "+point+"/rejection", m{"code": "page_missing", "reason": "Bladzijde 2 ontbreekt.", "askAgain": false}, 200, "If-Match", `"1"`))
	if rejected["state"] != "rejected" || rejected["rejection"].(m)["byFirstName"] != "Sanne" || rejected["askedAgain"] != false {
		t.Errorf("rejected: %v", rejected)
	}
	asked := into[m](t, d.do(t, d.admin, "POST "+point+"/request", m{}, 200, "If-Match", `"2"`))
	if asked["state"] != "open" || asked["round"] != 2.0 || asked["askedAgain"] != true || asked["rejection"].(m)["reason"] != "Bladzijde 2 ontbreekt." {
		t.Errorf("asked again: %v", asked)
	}
	if again := into[web.Page[m]](t, d.do(t, d.admin, "GET /action-points?askedAgain=true", nil, 200)); len(again.Items) != 1 {
		t.Errorf("asked again: %v", again)
	}
	if page := into[web.Page[m]](t, d.do(t, d.admin, "GET /action-points?limit=1", nil, 200)); len(page.Items) != 1 || page.NextCursor == "" {
		t.Errorf("page: %v", page)
	} else if next := into[web.Page[m]](t, d.do(t, d.admin, "GET /action-points?limit=200&cursor="+page.NextCursor, nil, 200)); len(next.Items) != 3 {
		t.Errorf("next page: %d", len(next.Items))
	}
	if _, err := d.Root.Exec(`UPDATE action_points SET state = 'submitted' WHERE id = $1`, submitted); err != nil {
		t.Fatal(err)
	}
	if approved := into[m](t, d.do(t, d.admin, "POST "+point+"/approval", nil, 200, "If-Match", `"3"`)); approved["state"] != "approved" || approved["rejection"] != nil {
		t.Errorf("approved: %v", approved)
	}
	// What was decided today; what was asked again waits, and is not done.
	handled := func(day string) int {
		return len(into[web.Page[m]](t, d.do(t, d.admin, "GET /action-points?decidedOn="+day, nil, 200)).Items)
	}
	today := d.Clock.Now().In(dossier.Amsterdam)
	if n, before := handled(today.Format(time.DateOnly)), handled(today.AddDate(0, 0, -1).Format(time.DateOnly)); n != 2 || before != 0 {
		t.Errorf("decided today: %d, yesterday: %d", n, before)
	}
	if rec := d.do(t, d.admin, "GET "+point, nil, 200); rec.Header().Get("ETag") != `"4"` {
		t.Errorf("ETag %s", rec.Header().Get("ETag"))
	}
	d.do(t, d.admin, "GET "+point, nil, 304, "If-None-Match", `"4"`)
}

// TestActionPointsBadInput names the field.
func TestActionPointsBadInput(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	long := strings.Repeat("a", 3000)
	many := make([]m, 51)
	for i := range many {
		many[i] = m{"title": strconv.Itoa(i)}
	}
	for pointer, items := range map[string]any{
		"/items": []m{}, "/items/0/title": []m{{"title": ""}}, "/items/1/title": []m{{"title": "x"}, {"title": long}}, "/items/0/explanation": []m{{"title": "x", "explanation": long}},
		"/items/0/productId": []m{{"title": "x", "productId": d.other.Product}}, "/items/0/forContactId": []m{{"title": "x", "forContactId": d.other.Contact}},
		"/items/0/dueOn": []m{{"title": "x", "dueOn": "2026-13-01"}},
	} {
		wantProblem(t, d.do(t, d.admin, "POST /dossiers/"+d.Dossier.String()+"/action-points", m{"items": items}, 422), "invalid", pointer)
	}
	wantProblem(t, d.do(t, d.admin, "POST /dossiers/"+d.Dossier.String()+"/action-points", m{"items": many}, 422), "invalid", "/items")
	point := "/action-points/" + d.ActionPoint.String()
	for pointer, body := range map[string]m{
		"/title": {"title": " "}, "/explanation": {"explanation": long}, "/productId": {"productId": d.other.Product},
		"/forContactId": {"forContactId": d.other.Contact}, "/dueOn": {"dueOn": "x"}, "/state": {"state": "approved"},
	} {
		wantProblem(t, d.do(t, d.admin, "PATCH "+point, body, 422, "If-Match", `"1"`), "invalid", pointer)
	}
	for pointer, body := range map[string]m{
		"/code": {"code": "lelijk", "reason": "x"}, "/reason": {"code": "other", "reason": "   "},
	} {
		wantProblem(t, d.do(t, d.admin, "POST "+point+"/rejection", body, 422, "If-Match", `"1"`), "invalid", pointer)
	}
	wantProblem(t, d.do(t, d.admin, "POST "+point+"/rejection", m{"code": "other", "reason": long}, 422, "If-Match", `"1"`), "invalid", "/reason")
	wantProblem(t, d.do(t, d.admin, "POST "+point+"/request", m{"reason": long}, 422, "If-Match", `"1"`), "invalid", "/reason")
	for _, q := range []string{"state=x", "askedAgain=perhaps", "decidedOn=gisteren", "limit=0"} {
		name, _, _ := strings.Cut(q, "=")
		wantProblem(t, d.do(t, d.admin, "GET /action-points?"+q, nil, 422), "invalid", "/"+name)
	}
	wantProblem(t, d.do(t, d.admin, "GET /action-point-templates?productKind=x", nil, 422), "invalid", "/productKind")
}
