package portal_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"

	"voordeur/api/apitest"
	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// paper is a document of the truth table, with what the rule looks at.
type paper struct {
	id          uuid.UUID
	visible     bool
	restricted  bool
	chosen      map[int]bool // by member
	deliveredBy int          // a member, or -1: the office's
	archive     bool
	what        string
}

// sees is the rule, written down a second time: what domain.md says, without SQL.
func (p paper) sees(member int, rights map[authz.Permission]bool) bool {
	own := p.deliveredBy == member
	switch {
	case !p.visible || p.archive:
		return false
	case rights[authz.PortalDocumentRead]:
		return !p.restricted || p.chosen[member] || own
	default: // only with its action point
		return own && rights[authz.PortalSubmissionCreate] && rights[authz.PortalDossierRead]
	}
}

// table is a dossier of two members with a document for every combination of visible × whom it was restricted to × who delivered it × archived.
type table struct {
	house
	point   uuid.UUID
	members [2]uuid.UUID
	callers [2]apitest.Caller
	papers  []paper
}

func newTable(t *testing.T) *table {
	t.Helper()
	h := newHouse(t)
	_, partner, _ := dbtest.AddMember(t, h.Root, h.Organisation, h.Client, "Ruben")
	w := &table{house: h, members: [2]uuid.UUID{h.Member, partner}, point: h.ActionPoint}
	w.exec(t, `INSERT INTO dossier_members (organisation_id, dossier_id, member_id) VALUES ($1, $2, $3)`, h.Organisation, h.Dossier, partner)
	for i, m := range w.members {
		w.callers[i] = h.Session(t, web.Portal, h.Organisation, m, false)
	}
	submissions := map[int]uuid.UUID{}
	for i, m := range w.members {
		submissions[i] = dbtest.ID()
		w.exec(t, `INSERT INTO submissions (organisation_id, id, dossier_id, action_point_id, round, member_id, contact_id, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, now())`, h.Organisation, submissions[i], h.Dossier, w.point, i+1, m, h.Contact)
	}
	for _, archived := range []bool{false, true} {
		for _, visible := range []bool{true, false} {
			for choice := -1; choice < 4; choice++ { // -1: everybody; otherwise a bit per member
				for by := -1; by < 2; by++ {
					p := paper{visible: visible, restricted: choice >= 0, chosen: map[int]bool{}, deliveredBy: by, archive: archived}
					p.id = dbtest.AddDocument(t, h.Root, h.Organisation, h.Dossier, visible)
					p.what = fmt.Sprintf("visible %t, choice %d, delivered by %d, archived %t", visible, choice, by, archived)
					w.exec(t, `UPDATE documents SET restricted = $2, archived_at = CASE WHEN $3 THEN now() END WHERE id = $1`, p.id, p.restricted, archived)
					if by >= 0 {
						w.exec(t, `UPDATE documents SET origin = 'customer', action_point_id = $2, submission_id = $3, handed_in_by = $4 WHERE id = $1`, p.id, w.point, submissions[by], w.members[by])
					}
					for m := range w.members {
						if choice >= 0 && choice&(1<<m) != 0 {
							p.chosen[m] = true
							w.exec(t, `INSERT INTO document_members (organisation_id, document_id, member_id) VALUES ($1, $2, $3)`, h.Organisation, p.id, w.members[m])
						}
					}
					store(t, h.Server, p.id)
					w.papers = append(w.papers, p)
				}
			}
		}
	}
	return w
}

func (w *table) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := w.Root.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

func store(t *testing.T, s *apitest.Server, id uuid.UUID) {
	t.Helper()
	out, err := s.Blobs.Create(t.Context(), "test/"+id.String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write([]byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	if err := out.Commit(); err != nil {
		t.Fatal(err)
	}
}

// status calls and returns what came back, whatever it is.
func (w *table) status(t *testing.T, as apitest.Caller, do string) (int, m) {
	t.Helper()
	rec := w.Call(t, apitest.Request{As: as, Do: do, Header: http.Header{}})
	if rec.Code == http.StatusOK && rec.Header().Get("Content-Type") == "application/json" {
		return rec.Code, into[m](t, rec)
	}
	return rec.Code, nil
}

// listed is every document that any list shows: the list, page by page, the overview and the files of the action point.
func (w *table) listed(t *testing.T, as apitest.Caller, rights map[authz.Permission]bool) map[uuid.UUID]bool {
	t.Helper()
	all := map[uuid.UUID]bool{}
	add := func(items any, key string) {
		list, _ := items.([]any)
		for _, one := range list {
			all[uuid.MustParse(one.(m)[key].(string))] = true
		}
	}
	want := func(code int, right authz.Permission, what string) {
		t.Helper()
		if rights[right] != (code == http.StatusOK) || !rights[right] && code != http.StatusForbidden {
			t.Errorf("%v: %s answers %d", slices.Sorted(maps.Keys(rights)), what, code)
		}
	}
	seen, cursor := 0, ""
	for {
		code, page := w.status(t, as, "GET /portal/documents?limit=7&dossierId="+w.Dossier.String()+"&cursor="+cursor)
		want(code, authz.PortalDocumentRead, "the list")
		if page == nil {
			break
		}
		add(page["items"], "id")
		seen += len(page["items"].([]any))
		if cursor, _ = page["nextCursor"].(string); cursor == "" {
			break
		}
	}
	if seen != len(all) {
		t.Errorf("the list shows %d rows of %d documents", seen, len(all))
	}
	code, page := w.status(t, as, "GET /portal/dossiers/"+w.Dossier.String())
	want(code, authz.PortalDossierRead, "the overview")
	add(page["documents"], "id")
	code, point := w.status(t, as, "GET /portal/action-points/"+w.point.String())
	want(code, authz.PortalDossierRead, "the action point")
	subs, _ := point["submissions"].([]any)
	for _, s := range subs {
		add(s.(m)["files"], "documentId")
	}
	return all
}

// TestDocumentRights is the truth table (A4): for every set of rights of a member, for both members of a client, what any list shows is
// what can be fetched is what the rule says, for every document there can be.
func TestDocumentRights(t *testing.T) {
	t.Parallel()
	w := newTable(t)
	ticks := []authz.Permission{authz.PortalDossierRead, authz.PortalDocumentRead, authz.PortalSubmissionCreate}
	combinations := 0
	for set := range 1 << len(ticks) {
		rights, stored := map[authz.Permission]bool{}, []string{string(authz.PortalMe)}
		for i, p := range ticks {
			if set&(1<<i) != 0 {
				rights[p] = true
				stored = append(stored, string(p))
			}
		}
		for member := range w.members {
			w.exec(t, `UPDATE portal_members SET permissions = $2 WHERE id = $1`, w.members[member], stored)
			listed := w.listed(t, w.callers[member], rights)
			for _, p := range w.papers {
				combinations++
				want := p.sees(member, rights)
				got, _ := w.status(t, w.callers[member], "GET /portal/documents/"+p.id.String()+"/content")
				head, _ := w.status(t, w.callers[member], "HEAD /portal/documents/"+p.id.String()+"/content")
				refused := http.StatusNotFound
				if !rights[authz.PortalDocumentRead] {
					refused = http.StatusForbidden
				}
				if listed[p.id] != want || (got == http.StatusOK) != want || head != got || !want && got != refused {
					t.Errorf("member %d with %v: listed %t, GET %d, HEAD %d, the rule says %t: %s", member, stored, listed[p.id], got, head, want, p.what)
				}
			}
			w.hears(t, member, rights)
		}
	}
	t.Logf("%d combinations of rights, member and document", combinations)
}

// hears compares whom live events are told about a document with the same rule.
func (w *table) hears(t *testing.T, member int, rights map[authz.Permission]bool) {
	t.Helper()
	ids := make([]uuid.UUID, 0, len(w.papers))
	for _, p := range w.papers {
		ids = append(ids, p.id)
	}
	tx, err := w.Root.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec(`SELECT set_config('app.organisation', $1, true)`, w.Organisation.String()); err != nil {
		t.Fatal(err)
	}
	rows, err := tx.Query(`SELECT document_id FROM app.document_readers($1::uuid[]) WHERE member_id = $2 AND shown`, ids, w.members[member])
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	told := map[uuid.UUID]bool{}
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		told[id] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, p := range w.papers {
		p.archive = false // that it is put away is told to who saw it
		want := p.sees(member, rights)
		if !rights[authz.PortalDossierRead] && p.deliveredBy == member && rights[authz.PortalSubmissionCreate] && p.visible {
			want = true // it is known to who handed it in
		}
		if told[p.id] != want {
			t.Errorf("member %d with %v hears of it: %t: %s", member, slices.Sorted(maps.Keys(rights)), told[p.id], p.what)
		}
	}
}

// TestRightsHoldAtTheNextRequest: a right that is taken away, and one that is given, in the session that goes on.
func TestRightsHoldAtTheNextRequest(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	shared := dbtest.AddDocument(t, h.Root, h.Organisation, h.Dossier, true)
	store(t, h.Server, shared)
	document, member := "/portal/documents/"+shared.String()+"/content", "/portal-members/"+h.Member.String()
	h.do(t, h.customer, "GET "+document, nil, 200)
	h.do(t, h.employee, "PATCH "+member, m{"permissions": []string{"portal.dossier:read"}}, 200, "If-Match", `"1"`)
	h.do(t, h.customer, "GET /portal/dossiers/"+h.Dossier.String(), nil, 200)
	wantProblem(t, h.do(t, h.customer, "GET /portal/documents", nil, 403), "forbidden", "")
	wantProblem(t, h.do(t, h.customer, "GET "+document, nil, 403), "forbidden", "")
	h.do(t, h.customer, "POST /portal/action-points/"+h.ActionPoint.String()+"/submissions", m{"uploadIds": []uuid.UUID{dbtest.ID()}}, 403, "Idempotency-Key", "recht-weg")
	h.do(t, h.employee, "PATCH "+member, m{"permissions": []string{"portal.document:read"}}, 200, "If-Match", `"2"`)
	h.do(t, h.customer, "GET "+document, nil, 200)
	h.do(t, h.customer, "GET /portal/dossiers", nil, 403)
	h.do(t, h.employee, "PATCH /documents/"+shared.String(), m{"memberIds": []uuid.UUID{}}, 200, "If-Match", `"1"`)
	h.do(t, h.customer, "GET "+document, nil, 404)
	h.do(t, h.employee, "PATCH /documents/"+shared.String(), m{"memberIds": []uuid.UUID{h.Member}}, 200, "If-Match", `"2"`)
	h.do(t, h.customer, "GET "+document, nil, 200)
	h.do(t, h.employee, "PATCH "+member, m{"archived": true}, 200, "If-Match", `"3"`)
	h.do(t, h.customer, "GET /portal/me", nil, 401)
}

// TestPreferences: the customer chooses which mails it gets, and sees what the office chose meanwhile (E10).
func TestPreferences(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	me := into[m](t, h.do(t, h.customer, "GET /portal/me", nil, 200))
	if len(me["notifications"].([]any)) != 3 || me["version"] != 1.0 {
		t.Errorf("me: %v", me)
	}
	saved := into[m](t, h.do(t, h.customer, "PATCH /portal/me/preferences", m{"notifications": []string{"completed_jobs"}}, 200, "If-Match", `"1"`))
	if fmt.Sprint(saved["notifications"]) != "[completed_jobs]" || saved["version"] != 2.0 {
		t.Errorf("saved: %v", saved)
	}
	seen := into[m](t, h.do(t, h.employee, "GET /portal-members/"+h.Member.String(), nil, 200))
	if fmt.Sprint(seen["notifications"]) != "[completed_jobs]" {
		t.Errorf("the office reads %v", seen["notifications"])
	}
	wantProblem(t, h.do(t, h.customer, "PATCH /portal/me/preferences", m{"notifications": []string{}}, 412, "If-Match", `"1"`), "stale", "")
	wantProblem(t, h.do(t, h.customer, "PATCH /portal/me/preferences", m{"notifications": []string{"spam"}}, 422, "If-Match", `"2"`), "invalid", "/notifications/0")
	h.do(t, h.customer, "PATCH /portal/me/preferences", m{"notifications": []string{}}, 200, "If-Match", `"2"`)
	h.do(t, h.nobody, "PATCH /portal/me/preferences", m{"notifications": []string{}}, 401, "If-Match", `"3"`)
}
