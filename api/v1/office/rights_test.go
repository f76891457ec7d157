package office_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/google/uuid"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

func texts(v any) []string {
	var out []string
	for _, s := range v.([]any) {
		out = append(out, s.(string))
	}
	return out
}

// TestRights: the catalogue, presets that fill the ticks, ticks that make it a choice of one's own, and what cannot be given (E3).
func TestRights(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	catalogue := into[m](t, d.do(t, d.viewer, "GET /portal-rights", nil, 200))
	d.do(t, d.customer, "GET /portal-rights", nil, 401)
	available, all := 0, catalogue["rights"].([]any)
	for _, r := range all {
		if r.(m)["available"] == true {
			available++
		}
	}
	if len(all) != 12 || available != 3 || len(catalogue["presets"].([]any)) != 4 {
		t.Errorf("catalogue: %v", catalogue)
	}
	at := "/portal-members/" + d.Member.String()
	version := 0
	change := func(body m, want int) *httptest.ResponseRecorder {
		t.Helper()
		rec := d.do(t, d.admin, "PATCH "+at, body, want, "If-Match", fmt.Sprintf("%q", strconv.Itoa(version+1)))
		if want == 200 {
			version++
		}
		return rec
	}
	wants := func(body m, preset string, rights ...string) {
		t.Helper()
		got := into[m](t, change(body, 200))
		if got["preset"] != preset || !slices.Equal(texts(got["permissions"]), append(rights, "portal.me")) {
			t.Errorf("%v: %v %v", body, got["preset"], got["permissions"])
		}
	}
	wants(m{"preset": "read_only"}, "read_only", "portal.dossier:read", "portal.document:read")
	wants(m{"permissions": []string{"portal.document:read"}}, "custom", "portal.document:read")
	wants(m{"preset": "client_employee"}, "client_employee", "portal.dossier:read", "portal.submission:create")
	wants(m{"permissions": []string{"portal.submission:create", "portal.dossier:read"}}, "client_employee", "portal.dossier:read", "portal.submission:create")
	wants(m{"preset": "partner", "permissions": []string{}}, "custom")
	wants(m{"preset": "custom", "permissions": []string{"portal.me", "portal.dossier:read"}}, "custom", "portal.dossier:read")
	wants(m{"function": "boekhouder"}, "custom", "portal.dossier:read")
	wants(m{"preset": "applicant"}, "applicant", "portal.dossier:read", "portal.submission:create", "portal.document:read")
	for _, right := range []string{"portal.invoice:read", "dossier:write", "signin", ""} {
		wantProblem(t, change(m{"permissions": []string{right}}, 422), "invalid", "/permissions")
	}
	wantProblem(t, change(m{"preset": "owner"}, 422), "invalid", "/preset")
	wantProblem(t, change(m{"notifications": []string{"everything"}}, 422), "invalid", "/notifications/0")
	if got := into[m](t, change(m{"notifications": []string{"completed_jobs", "new_quotes"}}, 200)); !slices.Equal(texts(got["notifications"]), []string{"new_quotes", "completed_jobs"}) {
		t.Errorf("notifications: %v", got["notifications"])
	}
	var names string
	if err := d.Root.QueryRow(`SELECT string_agg(DISTINCT name, ' ' ORDER BY name) FROM audit_events WHERE subject = $1`, d.Member).Scan(&names); err != nil ||
		names != "portal_member.changed portal_member.notifications_changed portal_member.permissions_changed" {
		t.Errorf("trail: %q %v", names, err)
	}
}

// TestMemberPerson: a member's names are the contact's; who changed the contact meanwhile is not overwritten.
func TestMemberPerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at, contact := "/portal-members/"+d.Member.String(), "/contacts/"+d.Contact.String()
	got := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"firstName": "Eefje", "email": "eefje@example.org"}, 200, "If-Match", `"1"`))
	if got["firstName"] != "Eefje" || got["email"] != "eefje@example.org" || got["lastName"] != "de Wit" || got["version"] != 2.0 {
		t.Errorf("member: %v", got)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH "+contact, m{"mobile": "06"}, 412, "If-Match", `"1"`), "stale", "")
	d.do(t, d.admin, "PATCH "+contact, m{"lastName": "Timmer"}, 200, "If-Match", `"2"`)
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"lastName": "Bakker"}, 412, "If-Match", `"2"`), "stale", "")
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"email": "eefje"}, 422, "If-Match", `"3"`), "invalid", "/email")
}

// TestArchive: an archived login opens nothing from the next request on, changes no more, and comes back as it was.
func TestArchive(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := "/portal-members/" + d.Member.String()
	if got := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"archived": true}, 200, "If-Match", `"1"`)); got["state"] != "archived" {
		t.Errorf("state %v", got["state"])
	}
	var live int
	if err := d.Root.QueryRow(`SELECT count(*) FROM sessions WHERE member_id = $1 AND ended_at IS NULL`, d.Member).Scan(&live); err != nil || live != 0 {
		t.Errorf("%d sessions go on, %v", live, err)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"preset": "partner"}, 409, "If-Match", `"2"`), "member-archived", "")
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/invitation", nil, 409), "member-archived", "")
	mine := "/portal-members?clientId=" + d.Client.String()
	if n := len(into[web.Page[m]](t, d.do(t, d.admin, "GET "+mine, nil, 200)).Items); n != 0 {
		t.Errorf("%d members in the list", n)
	}
	if n := len(into[web.Page[m]](t, d.do(t, d.admin, "GET "+mine+"&archived=true", nil, 200)).Items); n != 1 {
		t.Errorf("%d members with the archived", n)
	}
	another := into[m](t, d.do(t, d.admin, "POST /portal-members", m{"clientId": d.Client, "contactId": d.Contact, "username": "eva.opnieuw"}, 201))
	wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"archived": false}, 422, "If-Match", `"2"`), "invalid", "/archived")
	d.do(t, d.admin, "PATCH /portal-members/"+another["id"].(string), m{"archived": true}, 200, "If-Match", `"1"`)
	if got := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"archived": false}, 200, "If-Match", `"2"`)); got["state"] == "archived" {
		t.Errorf("state %v", got["state"])
	}
}

// TestInvitesByItself: making a member sends the invitation (C1), unless the office switched that off; there is no member without a client.
func TestInvitesByItself(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	make := func(name string, want int) m {
		t.Helper()
		return into[m](t, d.do(t, d.admin, "POST /portal-members", m{
			"clientId": d.Client, "firstName": name, "lastName": "de Wit", "email": name + "@example.org", "username": name + "@example.org", "preset": "read_only",
		}, want))
	}
	if got := make("ada", 201); got["state"] != "invited" || got["preset"] != "read_only" || len(texts(got["permissions"])) != 3 {
		t.Errorf("made: %v", got)
	}
	office := into[m](t, d.do(t, d.admin, "GET /organisation", nil, 200))
	if office["inviteMembers"] != true {
		t.Errorf("office: %v", office)
	}
	d.do(t, d.admin, "PATCH /organisation", m{"inviteMembers": false}, 200, "If-Match", `"1"`)
	got := make("bea", 201)
	if got["state"] != "new" || got["invitation"] != nil {
		t.Errorf("made: %v", got)
	}
	d.do(t, d.admin, "POST /portal-members/"+got["id"].(string)+"/invitation", nil, 202)
	d.do(t, d.admin, "POST /portal-members/"+got["id"].(string)+"/username-mail", nil, 202)
	d.do(t, d.admin, "POST /portal-members/"+d.other.Member.String()+"/username-mail", nil, 404)
	body := m{"clientId": dbtest.ID(), "firstName": "Nie", "lastName": "Mand", "username": "niemand"}
	wantProblem(t, d.do(t, d.admin, "POST /portal-members", body, 422), "invalid", "/clientId")
	body["clientId"] = d.other.Client
	wantProblem(t, d.do(t, d.admin, "POST /portal-members", body, 422), "invalid", "/clientId")
}

// TestKey: who may see a document is chosen of those who open the dossier (E8).
func TestKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := "/documents/" + dbtest.AddDocument(t, d.Root, d.Organisation, d.Dossier, true).String()
	if got := into[m](t, d.do(t, d.admin, "GET "+at, nil, 200)); got["memberIds"] != nil {
		t.Errorf("everybody: %v", got["memberIds"])
	}
	got := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"memberIds": []uuid.UUID{d.Member, d.Member}}, 200, "If-Match", `"1"`))
	if !slices.Equal(texts(got["memberIds"]), []string{d.Member.String()}) {
		t.Errorf("chosen: %v", got["memberIds"])
	}
	list := into[web.Page[m]](t, d.do(t, d.admin, "GET /dossiers/"+d.Dossier.String()+"/documents", nil, 200))
	if len(list.Items) != 1 || !slices.Equal(texts(list.Items[0]["memberIds"]), []string{d.Member.String()}) {
		t.Errorf("list: %v", list.Items)
	}
	for _, id := range []uuid.UUID{d.other.Member, dbtest.AddCustomer(t, d.Root, d.Organisation, "Bo").Member, dbtest.ID()} {
		wantProblem(t, d.do(t, d.admin, "PATCH "+at, m{"memberIds": []uuid.UUID{d.Member, id}}, 422, "If-Match", `"2"`), "invalid", "/memberIds/1")
	}
	d.do(t, d.viewer, "PATCH "+at, m{"memberIds": nil}, 403, "If-Match", `"2"`)
	if got := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"title": "Advies"}, 200, "If-Match", `"2"`)); len(texts(got["memberIds"])) != 1 {
		t.Errorf("a change of something else: %v", got)
	}
	if got := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"memberIds": []uuid.UUID{}}, 200, "If-Match", `"3"`)); got["memberIds"] == nil {
		t.Errorf("nobody: %v", got)
	}
	if got := into[m](t, d.do(t, d.admin, "PATCH "+at, m{"memberIds": nil}, 200, "If-Match", `"4"`)); got["memberIds"] != nil {
		t.Errorf("everybody again: %v", got)
	}
	var told int
	if err := d.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = 'portal_member.documents_changed' AND subject = $1`, d.Member).Scan(&told); err != nil || told != 2 {
		t.Errorf("the member was told %d times of what changed for it, %v", told, err)
	}
}

// figures is every number that the office reads.
func figures(t *testing.T, d desk, as apitest.Caller) string {
	t.Helper()
	counts := into[m](t, d.do(t, as, "GET /dossiers/counts", nil, 200))
	me := into[m](t, d.do(t, as, "GET /me", nil, 200))
	return fmt.Sprint(counts, me["counts"])
}

// TestTestClient: an employee becomes a customer (D1): first in one's own list and nobody else's, in no figure, back to the start at will.
func TestTestClient(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	colleague := d.Session(t, web.Office, d.Organisation, dbtest.AddEmployee(t, d.Root, d.Organisation, "adviser"), false)
	before := figures(t, d, d.admin)
	d.do(t, d.viewer, "POST /test-client", nil, 403)
	made := into[m](t, d.do(t, d.admin, "POST /test-client", nil, 201))
	id := made["id"].(string)
	if made["isTest"] != true || made["testOfId"] != d.Employee.String() || len(made["contacts"].([]any)) != 1 {
		t.Errorf("made: %v", made)
	}
	wantProblem(t, d.do(t, d.admin, "POST /test-client", nil, 409), "has-test-client", "")
	if list := into[web.Page[m]](t, d.do(t, d.admin, "GET /clients?limit=1", nil, 200)); list.Items[0]["id"] != id || list.NextCursor == "" {
		t.Errorf("not first: %v", list.Items)
	}
	for _, c := range into[web.Page[m]](t, d.do(t, colleague, "GET /clients", nil, 200)).Items {
		if c["id"] == id {
			t.Error("a colleague lists it")
		}
	}
	members := into[web.Page[m]](t, d.do(t, d.admin, "GET /portal-members?clientId="+id, nil, 200)).Items
	dossiers := into[web.Page[m]](t, d.do(t, d.admin, "GET /dossiers?clientId="+id, nil, 200)).Items
	if len(members) != 1 || len(dossiers) != 1 {
		t.Fatalf("%d logins, %d dossiers", len(members), len(dossiers))
	}
	member, dossier := uuid.MustParse(members[0]["id"].(string)), uuid.MustParse(dossiers[0]["id"].(string))
	customer := d.Session(t, web.Portal, d.Organisation, member, false)
	page := func() m {
		t.Helper()
		return into[m](t, d.do(t, customer, "GET /portal/dossiers/"+dossier.String(), nil, 200))
	}
	fresh := page()
	points := fresh["actionPoints"].([]any)
	if len(points) != 3 || fresh["openCount"] != 3.0 {
		t.Fatalf("asked: %v", fresh)
	}
	point := func(i int) string { return points[i].(m)["id"].(string) }
	hand := func(i int) {
		t.Helper()
		upload := dbtest.ID()
		if _, err := d.Root.Exec(`INSERT INTO uploads (organisation_id, id, member_id, filename, size, received, media_type, sha256, blob_key, state, created_at, expires_at)
			VALUES ($1, $2, $3, 'loonstrook.pdf', 10, 10, 'application/pdf', sha256('x'), $4, 'ready', now(), now() + interval '1 day')`,
			d.Organisation, upload, member, "test/"+upload.String()); err != nil {
			t.Fatal(err)
		}
		d.do(t, customer, "POST /portal/action-points/"+point(i)+"/submissions", m{"uploadIds": []uuid.UUID{upload}}, 201, "Idempotency-Key", upload.String())
	}
	hand(0)
	hand(1)
	hand(2)
	d.do(t, d.admin, "POST /action-points/"+point(0)+"/approval", nil, 200, "If-Match", `"2"`)
	d.do(t, d.admin, "POST /action-points/"+point(1)+"/rejection", m{"code": "unreadable", "reason": "Te donker."}, 200, "If-Match", `"2"`)
	if after := figures(t, d, d.admin); after != before {
		t.Errorf("a test client counts: %s, was %s", after, before)
	}

	wantProblem(t, d.do(t, colleague, "POST /clients/"+id+"/reset", nil, 409), "not-your-test-client", "")
	wantProblem(t, d.do(t, d.admin, "POST /clients/"+d.Client.String()+"/reset", nil, 409), "not-your-test-client", "")
	d.do(t, d.viewer, "POST /clients/"+id+"/reset", nil, 403)
	d.do(t, d.stranger, "POST /clients/"+id+"/reset", nil, 404)
	d.do(t, d.admin, "POST /clients/"+id+"/reset", nil, 204)
	again := page()
	if again["openCount"] != 3.0 || again["progress"].(m)["percent"] != 0.0 {
		t.Errorf("after a reset: %v", again)
	}
	for i := range points {
		p := into[m](t, d.do(t, customer, "GET /portal/action-points/"+point(i), nil, 200))
		if p["state"] != "open" || p["askedAgain"] != false || p["rejection"] != nil || len(p["submissions"].([]any)) != 0 {
			t.Errorf("action point after a reset: %v", p)
		}
	}
	if docs := into[web.Page[m]](t, d.do(t, customer, "GET /portal/documents", nil, 200)).Items; len(docs) != 0 {
		t.Errorf("documents after a reset: %v", docs)
	}
	hand(0) // and it can be done again
	d.do(t, d.admin, "POST /clients/"+id+"/reset", nil, 204)
	// A real client is as it was.
	if after := figures(t, d, d.admin); after != before {
		t.Errorf("a reset counts: %s, was %s", after, before)
	}
}
