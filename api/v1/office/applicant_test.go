package office_test

import (
	"testing"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// TestApplicants: somebody joins a dossier, known or new, with or without an e-mail address, and leaves it again; whoever
// leaves sees it no more, and what they handed in stays.
func TestApplicants(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	dossier := into[m](t, d.do(t, d.admin, "POST /dossiers", newDossier(d.Employee), 201))
	at := "/dossiers/" + dossier["id"].(string)
	client := dossier["client"].(m)["id"].(string)

	key := dbtest.ID().String()
	rec := d.do(t, d.admin, "POST "+at+"/applicants", m{"firstName": "Joost", "lastName": "Timmer"}, 201, "Idempotency-Key", key)
	page := into[m](t, rec)
	third := page["applicants"].([]any)[2].(m)
	if third["firstName"] != "Joost" || third["email"] != "" || third["member"].(m)["username"] != "joost.timmer" || page["version"] != 2.0 ||
		rec.Header().Get("ETag") != `"2"` || rec.Header().Get("Location") != "/api/v1"+at {
		t.Errorf("added: %v, %v", rec.Header(), page)
	}
	if again := into[m](t, d.do(t, d.admin, "POST "+at+"/applicants", m{"firstName": "Joost", "lastName": "Timmer"}, 201, "Idempotency-Key", key)); len(again["applicants"].([]any)) != 3 {
		t.Errorf("the same key added again: %v", again)
	}
	known := into[m](t, d.do(t, d.admin, "POST /clients/"+client+"/contacts", m{"firstName": "Mila", "lastName": "de Wit", "email": "mila@dewit.example"}, 201))
	page = into[m](t, d.do(t, d.admin, "POST "+at+"/applicants", m{"contactId": known["id"]}, 201))
	fourth := page["applicants"].([]any)[3].(m)
	if fourth["contactId"] != known["id"] || fourth["member"].(m)["username"] != "mila@dewit.example" || page["version"] != 3.0 {
		t.Errorf("added a contact: %v", page)
	}
	for pointer, body := range map[string]m{
		"/firstName": {"lastName": "x"}, "/email": {"firstName": "x", "lastName": "x", "email": "x"},
		"/username": {"firstName": "x", "lastName": "x", "username": d.Username}, "/contactId": {"contactId": known["id"]},
	} {
		wantProblem(t, d.do(t, d.admin, "POST "+at+"/applicants", body, 422), "invalid", pointer)
	}
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/applicants", m{"contactId": d.Contact}, 422), "invalid", "/contactId") // of another client

	// Mila gets a password, is asked for two things, and hands in one.
	member := fourth["member"].(m)["id"].(string)
	asked := into[struct{ Items []m }](t, d.do(t, d.admin, "POST "+at+"/action-points", m{"items": []m{
		{"title": "Diploma", "forContactId": known["id"]}, {"title": "Arbeidscontract", "forContactId": known["id"]}, {"title": "Voor allen"},
	}}, 201))
	if _, err := d.Root.Exec(`UPDATE action_points SET state = 'submitted', submitted_at = now() WHERE id = $1`, asked.Items[1]["id"]); err != nil {
		t.Fatal(err)
	}
	mila := d.Session(t, web.Portal, d.Organisation, uuidOf(t, member), false)
	sees := func(want int) {
		t.Helper()
		if rec := d.Call(t, apitest.Request{As: mila, Do: "GET /portal" + at}); rec.Code != want {
			t.Errorf("the customer gets %d, want %d: %s", rec.Code, want, rec.Body)
		}
	}
	sees(200)

	leave := "DELETE " + at + "/applicants/" + fourth["id"].(string)
	wantProblem(t, d.do(t, d.admin, leave, nil, 428), "if-match-required", "")
	wantProblem(t, d.do(t, d.admin, leave+"?endAccess=true", nil, 412, "If-Match", `"2"`), "stale", "")
	wantProblem(t, d.do(t, d.admin, leave, nil, 409, "If-Match", `"3"`), "applicant-has-login", "")
	sees(200)
	page = into[m](t, d.do(t, d.admin, leave+"?endAccess=true", nil, 200, "If-Match", `"3"`))
	if len(page["applicants"].([]any)) != 3 || page["version"] != 4.0 {
		t.Errorf("removed: %v", page)
	}
	sees(404)
	for i, want := range []string{"cancelled", "submitted", "open"} {
		if a := into[m](t, d.do(t, d.admin, "GET /action-points/"+asked.Items[i]["id"].(string), nil, 200)); a["state"] != want {
			t.Errorf("%s is %s, want %s", a["title"], a["state"], want)
		}
	}
	// What she handed in can still be changed and decided about, though nothing new can be asked of her.
	d.do(t, d.admin, "PATCH /action-points/"+asked.Items[1]["id"].(string), m{"title": "Contract", "forContactId": known["id"]}, 200, "If-Match", `"1"`)
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/action-points", m{"items": []m{{"title": "x", "forContactId": known["id"]}}}, 422), "invalid", "/items/0/forContactId")
	d.do(t, d.admin, leave+"?endAccess=true", nil, 404, "If-Match", `"4"`)

	events := into[web.Page[m]](t, d.do(t, d.admin, "GET "+at+"/events?limit=200", nil, 200))
	found := map[string]m{}
	for _, ev := range events.Items {
		found[ev["name"].(string)] = ev
	}
	if gone := found["dossier.applicant_removed"]; gone == nil || gone["data"].(m)["name"] != "Mila de Wit" || gone["data"].(m)["withdrawn"] != 1.0 || found["dossier.applicant_added"] == nil {
		t.Errorf("timeline: %v", events)
	}

	// The first applicant leaves: the second is first. Who comes back is last, with the same login.
	first := into[m](t, d.do(t, d.admin, "GET "+at, nil, 200))["applicants"].([]any)[0].(m)
	d.do(t, d.admin, "DELETE "+at+"/applicants/"+first["id"].(string)+"?endAccess=true", nil, 200, "If-Match", `"4"`)
	page = into[m](t, d.do(t, d.admin, "POST "+at+"/applicants", m{"contactId": known["id"]}, 201))
	back := page["applicants"].([]any)
	if len(back) != 3 || back[0].(m)["firstName"] != "Ruben" || back[2].(m)["id"] != fourth["id"] || back[2].(m)["member"].(m)["id"] != member {
		t.Errorf("came back: %v", back)
	}
	sees(200)
	version := 6
	for _, a := range back[1:] {
		d.do(t, d.admin, "DELETE "+at+"/applicants/"+a.(m)["id"].(string)+"?endAccess=true", nil, 200, "If-Match", tag(version))
		version++
	}
	last := "DELETE " + at + "/applicants/" + back[0].(m)["id"].(string) + "?endAccess=true"
	wantProblem(t, d.do(t, d.admin, last, nil, 409, "If-Match", tag(version)), "last-applicant", "")

	for range 9 {
		d.do(t, d.admin, "POST "+at+"/applicants", m{"firstName": "Jan", "lastName": "Jansen"}, 201)
		version++
	}
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/applicants", m{"firstName": "Jan", "lastName": "Jansen"}, 409), "too-many-applicants", "")
	d.do(t, d.admin, "POST "+at+"/closure", nil, 200, "If-Match", tag(version))
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/applicants", m{"firstName": "Jan", "lastName": "Jansen"}, 409), "dossier-closed", "")
	wantProblem(t, d.do(t, d.admin, last, nil, 409, "If-Match", tag(version+1)), "dossier-closed", "")
}
