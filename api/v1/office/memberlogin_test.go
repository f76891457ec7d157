package office_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// TestLinks: the office reads every link that a login was sent, in each of its states, by whom and to where; never the link itself (F10).
func TestLinks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := "/portal-members/" + d.Member.String()
	if got := into[web.Page[m]](t, d.do(t, d.viewer, "GET "+at+"/links", nil, 200)); len(got.Items) != 0 {
		t.Errorf("nothing was sent: %v", got)
	}
	d.do(t, d.stranger, "GET "+at+"/links", nil, 404)
	d.do(t, d.customer, "GET "+at+"/links", nil, 401)
	for range 2 {
		d.do(t, d.admin, "POST "+at+"/invitation", nil, 202)
	}
	p := d.program(t, "key", m{"name": "Boekhouding", "scopes": []string{"portal-members:read", "portal-members:write"}})
	d.do(t, d.nobody, "POST "+at+"/invitation", nil, 202, "Authorization", "Bearer "+p.Secret)
	add := func(sent, expires, opened, used string) {
		t.Helper()
		_, err := d.Root.Exec(`INSERT INTO password_links (organisation_id, id, member_id, purpose, token_hash, recipient, created_at, sent_at, expires_at, opened_at, used_at)
			VALUES ($1, $2, $3, 'reset', sha256($4), 'eva@example.org', $5, $5::timestamptz + $6::interval, $5::timestamptz + $7::interval,
			$5::timestamptz + nullif($8, '')::interval, $5::timestamptz + nullif($9, '')::interval)`,
			d.Organisation, dbtest.ID(), d.Member, dbtest.ID().String(), d.Clock.Now(), sent, expires, opened, used)
		if err != nil {
			t.Fatal(err)
		}
	}
	add("-49 hours", "-1 hour", "", "")
	add("-1 hour", "47 hours", "-30 minutes", "-20 minutes")
	add("-1 hour", "47 hours", "-30 minutes", "")
	add("-1 hour", "47 hours", "", "")
	rec := d.do(t, d.viewer, "GET "+at+"/links", nil, 200)
	var states, askers, names []string
	for _, l := range into[web.Page[m]](t, rec).Items {
		states, askers, names = append(states, l["state"].(string)), append(askers, l["askedBy"].(string)), append(names, l["askerName"].(string))
		if l["recipient"] == "" || l["createdAt"] == nil {
			t.Errorf("%v", l)
		}
	}
	if !slices.Equal(states, []string{"sent", "opened", "used", "expired", "queued", "replaced", "replaced"}) ||
		!slices.Equal(askers, []string{"customer", "customer", "customer", "customer", "api_client", "employee", "employee"}) ||
		names[0] != "" || names[4] != "Boekhouding" || names[5] != "Sanne Brugman" {
		t.Errorf("%v\n%v\n%v", states, askers, names)
	}
	first := into[web.Page[m]](t, d.do(t, d.viewer, "GET "+at+"/links?limit=3", nil, 200))
	rest := into[web.Page[m]](t, d.do(t, d.viewer, "GET "+at+"/links?limit=100&cursor="+first.NextCursor, nil, 200))
	if len(first.Items) != 3 || len(rest.Items) != 4 || rest.Items[0]["state"] != "expired" || rest.NextCursor != "" {
		t.Errorf("pages: %v %v", first, rest)
	}
}

// handedIn adds an action point for which the customer handed something in.
func (d desk) handedIn(t *testing.T, dossier uuid.UUID) uuid.UUID {
	t.Helper()
	point := dbtest.AddActionPoint(t, d.Root, d.Organisation, dossier, "submitted")
	if _, err := d.Root.Exec(`INSERT INTO submissions (organisation_id, id, dossier_id, action_point_id, round, member_id, contact_id, created_at)
		VALUES ($1, $2, $3, $4, 1, $5, $6, $7)`, d.Organisation, dbtest.ID(), dossier, point, d.Member, d.Contact, d.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	return point
}

// TestSplitAndJoin: one dossier of a login gets a login of its own, with the same rights and the same documents behind the key, and is
// invited; joined again everything is as it was, and the other login is put away.
func TestSplitAndJoin(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	second := dbtest.AddDossier(t, d.Root, d.Organisation, d.Employee, d.Customer)
	secret := dbtest.AddDocument(t, d.Root, d.Organisation, second, true)
	if _, err := d.Root.Exec(`UPDATE documents SET restricted = true WHERE id = $1`, secret); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Root.Exec(`INSERT INTO document_members (organisation_id, document_id, member_id) VALUES ($1, $2, $3)`, d.Organisation, secret, d.Member); err != nil {
		t.Fatal(err)
	}
	point := d.handedIn(t, second)
	at := "/portal-members/" + d.Member.String()
	d.do(t, d.admin, "PATCH "+at, m{"preset": "read_only", "function": "partner"}, 200, "If-Match", `"1"`)
	split := m{"dossierId": second, "username": "eva.tweede"}
	d.do(t, d.viewer, "POST "+at+"/split", split, 403, "If-Match", `"2"`)
	d.do(t, d.stranger, "POST "+at+"/split", split, 404, "If-Match", `"2"`)
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/split", split, 428), "if-match-required", "")
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/split", split, 412, "If-Match", `"1"`), "stale", "")
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/split", m{"dossierId": second, "username": d.Username}, 422, "If-Match", `"2"`), "invalid", "/username")
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/split", m{"dossierId": d.other.Dossier, "username": "eva.tweede"}, 422, "If-Match", `"2"`), "invalid", "/dossierId")

	key := dbtest.ID().String()
	rec := d.do(t, d.admin, "POST "+at+"/split", split, 201, "If-Match", `"2"`, "Idempotency-Key", key)
	own := into[m](t, rec)
	theirs := "/portal-members/" + own["id"].(string)
	if rec.Header().Get("Location") != "/api/v1"+theirs || own["username"] != "eva.tweede" || own["preset"] != "read_only" || own["function"] != "partner" ||
		own["state"] != "invited" || own["contactId"] != d.Contact.String() || !slices.Equal(texts(own["dossierIds"]), []string{second.String()}) {
		t.Errorf("%v %v", rec.Header(), own)
	}
	if again := d.do(t, d.admin, "POST "+at+"/split", split, 201, "If-Match", `"2"`, "Idempotency-Key", key); again.Body.String() != rec.Body.String() {
		t.Errorf("a repetition gets another answer: %s", again.Body)
	}
	left := into[m](t, d.do(t, d.admin, "GET "+at, nil, 200))
	if !slices.Equal(texts(left["dossierIds"]), []string{d.Dossier.String()}) || left["version"] != 3.0 {
		t.Errorf("the old login: %v", left)
	}
	d.do(t, d.customer, "GET /portal/dossiers/"+second.String(), nil, 404)
	mine := d.Session(t, web.Portal, d.Organisation, uuid.MustParse(own["id"].(string)), false)
	d.do(t, mine, "GET /portal/dossiers/"+second.String(), nil, 200)
	d.do(t, mine, "GET /portal/dossiers/"+d.Dossier.String(), nil, 404)
	sees := func(who apitest.Caller) {
		t.Helper()
		if got := d.do(t, who, "GET /portal/documents?dossierId="+second.String(), nil, 200).Body.String(); !strings.Contains(got, secret.String()) {
			t.Errorf("the document behind the key did not come along: %s", got)
		}
		if got := into[m](t, d.do(t, who, "GET /portal/action-points/"+point.String(), nil, 200)); got["submissions"].([]any)[0].(m)["mine"] != true {
			t.Errorf("what was handed in did not come along: %v", got)
		}
	}
	sees(mine)
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/split", m{"dossierId": d.Dossier, "username": "eva.derde"}, 409, "If-Match", `"3"`), "member-not-shared", "")

	other := dbtest.AddCustomer(t, d.Root, d.Organisation, "Nora").Member
	for _, into := range []uuid.UUID{other, d.other.Member, uuid.MustParse(own["id"].(string)), dbtest.ID()} {
		wantProblem(t, d.do(t, d.admin, "POST "+theirs+"/join", m{"intoId": into}, 422, "If-Match", `"1"`), "invalid", "/intoId")
	}
	d.do(t, d.viewer, "POST "+theirs+"/join", m{"intoId": d.Member}, 403, "If-Match", `"1"`)
	wantProblem(t, d.do(t, d.admin, "POST "+theirs+"/join", m{"intoId": d.Member}, 412, "If-Match", `"9"`), "stale", "")
	d.do(t, d.admin, "PATCH "+at, m{"blocked": true}, 200, "If-Match", `"3"`)
	wantProblem(t, d.do(t, d.admin, "POST "+theirs+"/join", m{"intoId": d.Member}, 409, "If-Match", `"1"`), "member-blocked", "")
	d.do(t, d.admin, "PATCH "+at, m{"blocked": false}, 200, "If-Match", `"4"`)
	joined := into[m](t, d.do(t, d.admin, "POST "+theirs+"/join", m{"intoId": d.Member}, 200, "If-Match", `"1"`))
	if len(texts(joined["dossierIds"])) != 2 || joined["id"] != d.Member.String() || joined["version"] != 6.0 {
		t.Errorf("joined: %v", joined)
	}
	d.do(t, mine, "GET /portal/me", nil, 401)
	sees(d.Session(t, web.Portal, d.Organisation, d.Member, false))
	if gone := into[m](t, d.do(t, d.admin, "GET "+theirs, nil, 200)); gone["state"] != "archived" || len(texts(gone["dossierIds"])) != 0 {
		t.Errorf("the other login: %v", gone)
	}
	var names string
	err := d.Root.QueryRow(`SELECT string_agg(name, ' ' ORDER BY seq) FROM audit_events WHERE name IN
		('portal_member.created', 'portal_member.split', 'portal_member.archived', 'portal_member.joined')`).Scan(&names)
	if err != nil || names != "portal_member.created portal_member.split portal_member.archived portal_member.joined" {
		t.Errorf("trail: %q %v", names, err)
	}
}

// TestSplitByHand: an office that invites by hand does so for a login that was split off too; a blocked login cannot be split.
func TestSplitByHand(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	second := dbtest.AddDossier(t, d.Root, d.Organisation, d.Employee, d.Customer)
	at := "/portal-members/" + d.Member.String()
	if _, err := d.Root.Exec(`UPDATE organisations SET invite_members = false WHERE organisation_id = $1`, d.Organisation); err != nil {
		t.Fatal(err)
	}
	d.do(t, d.admin, "PATCH "+at, m{"blocked": true}, 200, "If-Match", `"1"`)
	split := m{"dossierId": second, "username": "eva.tweede"}
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/split", split, 409, "If-Match", `"2"`), "member-blocked", "")
	d.do(t, d.admin, "PATCH "+at, m{"blocked": false}, 200, "If-Match", `"2"`)
	if own := into[m](t, d.do(t, d.admin, "POST "+at+"/split", split, 201, "If-Match", `"3"`)); own["state"] != "new" {
		t.Errorf("%v", own)
	}
	d.do(t, d.admin, "PATCH "+at, m{"archived": true}, 200, "If-Match", `"4"`)
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/split", split, 409, "If-Match", `"5"`), "member-archived", "")
}

// TestDecisionOfAProgram: what a program decided stands there under its name at the office, and under the office's in the portal.
func TestDecisionOfAProgram(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	point := d.handedIn(t, d.Dossier)
	p := d.program(t, "key", m{"name": "Scanstraat", "scopes": []string{"action-points:review"}})
	at := "/action-points/" + point.String()
	var name string
	if err := d.Root.QueryRow(`SELECT name FROM organisations WHERE organisation_id = $1`, d.Organisation).Scan(&name); err != nil {
		t.Fatal(err)
	}
	d.do(t, d.nobody, "POST "+at+"/rejection", m{"code": "unreadable", "reason": "Te donker.", "askAgain": true}, 200, "If-Match", `"1"`, "Authorization", "Bearer "+p.Secret)
	for _, c := range []struct {
		as      string
		program any
	}{{"", "Scanstraat"}, {"/portal", nil}} {
		caller := d.admin
		if c.as != "" {
			caller = d.customer
		}
		got := into[m](t, d.do(t, caller, "GET "+c.as+at, nil, 200))
		rejection, verdict := got["rejection"].(m), got["submissions"].([]any)[0].(m)["verdict"].(m)
		if rejection["byFirstName"] != name || verdict["byFirstName"] != name || rejection["byProgram"] != c.program || verdict["byProgram"] != c.program {
			t.Errorf("%s: %v %v", c.as, rejection, verdict)
		}
	}
}
