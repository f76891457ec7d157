package office_test

import (
	"testing"

	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// TestStaleSaysWho: whoever saves a version that is not the newest hears who was faster, and when.
func TestStaleSaysWho(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	daan := dbtest.AddEmployee(t, d.Root, d.Organisation, "admin")
	if _, err := d.Root.Exec(`UPDATE employees SET first_name = 'Daan', last_name = 'Vos' WHERE id = $1`, daan); err != nil {
		t.Fatal(err)
	}
	colleague := d.Session(t, web.Office, d.Organisation, daan, false)
	document := dbtest.AddDocument(t, d.Root, d.Organisation, d.Dossier, true)
	for _, c := range []struct {
		do   string
		body m
	}{
		{"PATCH /dossiers/" + d.Dossier.String(), m{"subject": "het nieuwe huis"}},
		{"PATCH /products/" + d.Product.String(), m{"information": "Bij de notaris."}},
		{"PATCH /action-points/" + d.ActionPoint.String(), m{"explanation": "Van vorige maand."}},
		{"PATCH /documents/" + document.String(), m{"remark": "Lees dit."}},
		{"PATCH /clients/" + d.Client.String(), m{"name": "De Wit"}},
		{"PATCH /contacts/" + d.Contact.String(), m{"mobile": "06 12345678"}},
		{"PATCH /portal-members/" + d.Member.String(), m{"function": "partner"}},
		{"PATCH /organisation", m{"tagline": "Hypotheken"}},
	} {
		d.do(t, colleague, c.do, c.body, 200, "If-Match", `"1"`)
		p := into[web.Problem](t, d.do(t, d.admin, c.do, c.body, 412, "If-Match", `"1"`))
		if p.Code != "stale" || p.LastChange == nil || p.LastChange.By != "Daan Vos" || p.LastChange.You || p.LastChange.At.IsZero() {
			t.Errorf("%s: %+v, %+v", c.do, p, p.LastChange)
		}
		p = into[web.Problem](t, d.do(t, colleague, c.do, c.body, 412, "If-Match", `"1"`))
		if p.LastChange == nil || !p.LastChange.You {
			t.Errorf("%s, by oneself: %+v", c.do, p.LastChange)
		}
	}
	// What nobody is known to have changed is stale all the same.
	if p := into[web.Problem](t, d.do(t, d.stranger, "PATCH /dossiers/"+d.other.Dossier.String(), m{"subject": "x"}, 412, "If-Match", `"7"`)); p.Code != "stale" || p.LastChange != nil {
		t.Errorf("nobody: %+v", p.LastChange)
	}
}
