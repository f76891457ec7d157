package office_test

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"voordeur/api/apitest"
	"voordeur/api/v1/office"
	"voordeur/internal/web"
)

// TestLog: newest first, a page at a time; by who, what, dossier, client and period; with names; never another office's.
func TestLog(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := "/dossiers/" + d.Dossier.String()
	d.do(t, d.admin, "POST "+at+"/action-points", m{"items": []m{{"title": "Loonstrook"}, {"title": "Jaaropgave"}}}, 201)
	d.do(t, d.admin, "POST /clients", m{"name": "De Vries", "kind": "household"}, 201)
	d.do(t, d.admin, "PATCH /contacts/"+d.Contact.String(), m{"mobile": "06 12345678"}, 200, "If-Match", `"1"`)
	d.do(t, d.admin, "PATCH /portal-members/"+d.Member.String(), m{"function": "partner"}, 200, "If-Match", `"1"`)

	list := func(query string) []office.AuditEvent {
		t.Helper()
		return into[web.Page[office.AuditEvent]](t, d.do(t, d.admin, "GET /audit-events"+query, nil, 200)).Items
	}
	names := func(es []office.AuditEvent) string {
		var all []string
		for _, e := range es {
			all = append(all, e.Name)
		}
		return strings.Join(all, " ")
	}
	for _, as := range []apitest.Caller{d.nobody, d.customer} {
		d.do(t, as, "GET /audit-events", nil, 401)
	}
	all := list("")
	if names(all) != "portal_member.changed contact.changed client.created action_point.created action_point.created" {
		t.Fatal(names(all))
	}
	for i, e := range all {
		if e.Number != int64(5-i) || len(e.Hash) != 64 || e.Erased || e.Actor.FirstName != "Sanne" {
			t.Errorf("%d: %+v", i, e)
		}
	}
	if e := all[3]; e.Data["title"] != "Jaaropgave" || *e.DossierID != d.Dossier || e.DossierName == "" || e.DossierReference == "" {
		t.Errorf("%+v", e)
	}
	for i, e := range all[:3] {
		if e.ClientID == nil || (i < 2) != (*e.ClientID == d.Client) || e.SubjectName == "" {
			t.Errorf("%d: whom is it about? %+v", i, e)
		}
	}

	later, earlier := url.QueryEscape(all[0].At.Add(time.Second).Format(time.RFC3339Nano)), url.QueryEscape(all[4].At.Format(time.RFC3339Nano))
	for query, want := range map[string]string{
		"?actorId=" + d.Employee.String():                            names(all),
		"?actorId=" + d.Member.String():                              "",
		"?actorKind=member":                                          "",
		"?resource=client":                                           "client.created",
		"?resource=clien":                                            "",
		"?dossierId=" + d.Dossier.String():                           "action_point.created action_point.created",
		"?clientId=" + d.Client.String():                             "portal_member.changed contact.changed action_point.created action_point.created",
		"?clientId=" + d.other.Client.String() + "&resource=contact": "",
		"?from=" + later:                                             "",
		"?to=" + earlier:                                             "",
		"?from=" + earlier + "&to=" + later:                          names(all),
	} {
		if got := names(list(query)); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	first := into[web.Page[office.AuditEvent]](t, d.do(t, d.admin, "GET /audit-events?limit=2", nil, 200))
	second := list("?limit=200&cursor=" + first.NextCursor)
	if len(first.Items) != 2 || len(second) != 3 || second[0].Number != 3 {
		t.Errorf("%v and %v", first, second)
	}
	if es := into[web.Page[office.AuditEvent]](t, d.do(t, d.stranger, "GET /audit-events?dossierId="+d.Dossier.String(), nil, 200)).Items; len(es) != 0 {
		t.Errorf("the other office reads %v", es)
	}
	for _, bad := range []string{"?actorKind=dog", "?from=yesterday", "?limit=0", "?actorId=1", "?cursor=x"} {
		d.do(t, d.admin, "GET /audit-events"+bad, nil, 422)
	}

	// What was erased says so, and nothing else is different.
	if _, err := d.Root.Exec(`DELETE FROM audit_keys WHERE seq = 1`); err != nil {
		t.Fatal(err)
	}
	if e := list("?limit=200")[4]; !e.Erased || len(e.Data) != 0 || e.Hash != all[4].Hash {
		t.Errorf("%+v", e)
	}
}

// TestExportOfTheLog: the file has what the list has, in pages nobody sees, and names itself first.
func TestExportOfTheLog(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, err := d.Root.Exec(`UPDATE contacts SET first_name = '=cmd()' WHERE id = $1`, d.Contact); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Root.Exec(`INSERT INTO audit_events (organisation_id, id, name, actor_kind, actor_id, subject, dossier_id, at)
		SELECT $1, gen_random_uuid(), 'dossier.changed', 'member', $2, $3, $3, now() FROM generate_series(1, 1100)`, d.Organisation, d.Member, d.Dossier); err != nil {
		t.Fatal(err)
	}
	rec := d.do(t, d.admin, "POST /audit-events/exports", m{"format": "json"}, 200)
	var out office.AuditExport
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Events) != 1101 || out.Events[0].Name != "audit.exported" || out.Events[0].Data["format"] != "json" || out.Events[1100].Number != 1 {
		t.Errorf("%d events, %+v", len(out.Events), out.Events[0])
	}
	rec = d.do(t, d.admin, "POST /audit-events/exports", m{"format": "csv", "dossierId": d.Dossier}, 200)
	if rec.Header().Get("Content-Disposition") != `attachment; filename="logboek.csv"; filename*=UTF-8''logboek.csv` || !strings.HasPrefix(rec.Body.String(), "\ufeffnumber;at;name") {
		t.Errorf("%v %.60s", rec.Header(), rec.Body)
	}
	r := csv.NewReader(strings.NewReader(rec.Body.String()))
	r.Comma = ';'
	cells, err := r.ReadAll()
	// The export is about the dossier, so it is in the log of the dossier.
	if err != nil || len(cells) != 1102 || cells[1][2] != "audit.exported" || cells[2][0] != "1100" || cells[2][4] != "'=cmd() de Wit" {
		t.Errorf("%d lines, %v %v", len(cells), cells[:3], err)
	}
	rec = d.do(t, d.admin, "POST /audit-events/exports", m{"format": "json", "resource": "nothing"}, 200)
	if strings.TrimSpace(rec.Body.String()) != `{"events":[]}` {
		t.Error(rec.Body)
	}
	d.do(t, d.admin, "POST /audit-events/exports", m{"format": "pdf"}, 422)
	d.do(t, d.customer, "POST /audit-events/exports", m{"format": "csv"}, 401)
	var written int
	if err := d.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = 'audit.exported'`).Scan(&written); err != nil || written != 3 {
		t.Errorf("%d exports in the trail, %v", written, err)
	}
}
