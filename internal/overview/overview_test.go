package overview_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/actionpoint"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/dossier"
	"voordeur/internal/overview"
)

type desk struct {
	dossiers *dossier.Service
	points   *actionpoint.Service
	views    *overview.Service
}

func deskOf(d *db.DB) desk {
	return desk{
		&dossier.Service{DB: d, Now: clock.Now, Ask: actionpoint.Ask}, &actionpoint.Service{DB: d, Now: clock.Now},
		&overview.Service{DB: d, Now: clock.Now},
	}
}

func ptr[T any](v T) *T { return &v }

// TestNewDossier: one call makes client, contacts, logins, dossier and questions; the partner without an e-mail address
// gets a username of their own (A1, A3).
func TestNewDossier(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s := dbtest.AddScene(t, root)
	k := deskOf(d)
	ctx := dbtest.EmployeeAs(s.Organisation, s.Employee)
	due := time.Date(2026, 5, 29, 0, 0, 0, 0, time.UTC)
	draft := dossier.Draft{
		ClientName: "De Wit en Timmer", AdviserID: s.Employee, Subject: "de hypotheek voor de Kersenlaan",
		Products: []dossier.ProductDraft{{Kind: dossier.Mortgage, Name: "Hypotheek"}},
		Applicants: []dossier.ApplicantDraft{
			{FirstName: "Eva", LastName: "de Wit", Email: "Eva.deWit@example.org"}, {FirstName: "Rúben", LastName: "Timmer"},
		},
		Questions: []dossier.Question{
			{Title: "Loonstrook", ProductIndex: ptr(0), ApplicantIndex: ptr(1), DueOn: &due}, {Title: "Kopie legitimatie"},
		},
	}
	id, err := k.dossiers.Create(ctx, draft)
	if err != nil {
		t.Fatal(err)
	}
	page, err := k.views.Dossier(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if page.Name != "De Wit en Timmer" || !strings.HasSuffix(page.Reference, "-0001") || page.Turn() != dossier.TurnCustomer || page.PortalState != dossier.PortalNone {
		t.Errorf("dossier: %q %q %q %q", page.Name, page.Reference, page.Turn(), page.PortalState)
	}
	if p := page.Progress(); p.Percent != 0 || p.Total != 2 || page.OpenAtCustomer != 2 {
		t.Errorf("progress: %+v, open %d", p, page.OpenAtCustomer)
	}
	if page.NextDueOn == nil || !page.NextDueOn.Equal(due) {
		t.Errorf("next due: %v", page.NextDueOn)
	}
	if len(page.Applicants) != 2 || page.Applicants[0].Member == nil || page.Applicants[1].Member == nil {
		t.Fatalf("applicants: %+v", page.Applicants)
	}
	if a, b := page.Applicants[0].Member.Username, page.Applicants[1].Member.Username; a != "Eva.deWit@example.org" || b != "ruben.timmer" {
		t.Errorf("usernames: %q, %q", a, b)
	}
	if len(page.Products) != 1 || page.Products[0].OpenAtCustomer != 1 || page.Products[0].Facts == nil {
		t.Errorf("products: %+v", page.Products)
	}

	// The same people again: her address is taken, and nothing of the second dossier is left.
	_, err = k.dossiers.Create(ctx, draft)
	wantField(t, err, "/applicants/0/username", "taken")
	var clients, number int
	_ = root.QueryRow(`SELECT count(*) FROM clients WHERE name = 'De Wit en Timmer'`).Scan(&clients)
	_ = root.QueryRow(`SELECT next_dossier_number FROM organisations WHERE organisation_id = $1`, s.Organisation).Scan(&number)
	if clients != 1 || number != 2 {
		t.Errorf("a refused dossier left %d clients and number %d", clients, number)
	}
	// As the contact they are, both logins open the second dossier too.
	draft.ClientID, draft.ClientName = &page.ClientID, ""
	draft.Applicants = []dossier.ApplicantDraft{{ContactID: &page.Applicants[0].ContactID}, {FirstName: "Ruben", LastName: "Timmer"}}
	second, err := k.dossiers.Create(ctx, draft)
	if err != nil {
		t.Fatal(err)
	}
	again, err := k.views.Dossier(ctx, second)
	if err != nil {
		t.Fatal(err)
	}
	if again.Applicants[0].Member.ID != page.Applicants[0].Member.ID || again.Applicants[1].Member.Username != "ruben.timmer2" {
		t.Errorf("second dossier: %+v %+v", again.Applicants[0].Member, again.Applicants[1].Member)
	}
}

// TestNewDossierRefuses names the field of every value that belongs to somebody else or nowhere.
func TestNewDossierRefuses(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s, other := dbtest.AddScene(t, root), dbtest.AddScene(t, root)
	k := deskOf(d)
	good := func() dossier.Draft {
		return dossier.Draft{
			ClientID: &s.Client, AdviserID: s.Employee, Products: []dossier.ProductDraft{{Kind: dossier.Pension, Name: "Polis"}},
			Applicants: []dossier.ApplicantDraft{{ContactID: &s.Contact}},
		}
	}
	for pointer, spoil := range map[string]func(*dossier.Draft){
		"/client/id":              func(d *dossier.Draft) { d.ClientID = &other.Client },
		"/adviserId":              func(d *dossier.Draft) { d.AdviserID = other.Employee },
		"/caseHandlerId":          func(d *dossier.Draft) { d.CaseHandlerID = &other.Employee },
		"/applicants/0/contactId": func(d *dossier.Draft) { d.Applicants[0].ContactID = &other.Contact },
		"/applicants/1/contactId": func(d *dossier.Draft) { d.Applicants = append(d.Applicants, d.Applicants[0]) },
		"/applicants/1/firstName": func(d *dossier.Draft) {
			d.Applicants = append(d.Applicants, dossier.ApplicantDraft{FirstName: " ", LastName: "x"})
		},
		"/products/0/name":               func(d *dossier.Draft) { d.Products[0].Name = " " },
		"/actionPoints/0/productIndex":   func(d *dossier.Draft) { d.Questions = []dossier.Question{{Title: "x", ProductIndex: ptr(1)}} },
		"/actionPoints/0/applicantIndex": func(d *dossier.Draft) { d.Questions = []dossier.Question{{Title: "x", ApplicantIndex: ptr(7)}} },
		"/actionPoints/0/title":          func(d *dossier.Draft) { d.Questions = []dossier.Question{{Title: "  "}} },
	} {
		draft := good()
		spoil(&draft)
		_, err := k.dossiers.Create(dbtest.EmployeeAs(s.Organisation, s.Employee), draft)
		wantField(t, err, pointer, "")
	}
	if _, err := k.dossiers.Create(dbtest.EmployeeAs(s.Organisation, s.Employee), good()); err != nil {
		t.Fatal(err)
	}
	var n int
	_ = root.QueryRow(`SELECT count(*) FROM dossiers WHERE organisation_id = $1`, s.Organisation).Scan(&n)
	if n != 2 {
		t.Errorf("%d dossiers, want the scene's and one", n)
	}
}

// TestPortalOverview: what a customer reads, and what the others do not.
func TestPortalOverview(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s, other := dbtest.AddScene(t, root), dbtest.AddScene(t, root)
	neighbour := dbtest.AddCustomer(t, root, s.Organisation, "Bo")
	dbtest.AddActionPoint(t, root, s.Organisation, s.Dossier, "approved")
	dbtest.AddActionPoint(t, root, s.Organisation, s.Dossier, "submitted")
	dbtest.AddActionPoint(t, root, s.Organisation, s.Dossier, "cancelled")
	shown := dbtest.AddDocument(t, root, s.Organisation, s.Dossier, true)
	dbtest.AddDocument(t, root, s.Organisation, s.Dossier, false)
	views := deskOf(d).views
	p, err := views.Portal(dbtest.Member(s.Organisation, s.Member), s.Dossier)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Progress(); got != (dossier.Progress{Percent: 66, Handled: 2, Total: 3}) || p.OpenCount != 1 || len(p.ActionPoints) != 3 {
		t.Errorf("progress %+v, open %d, %d action points", got, p.OpenCount, len(p.ActionPoints))
	}
	if len(p.Documents) != 1 || p.Documents[0].ID != shown {
		t.Errorf("documents: %+v", p.Documents)
	}
	if len(p.Applicants) != 1 || !p.Applicants[0].IsMe || p.Adviser().FirstName != "Sanne" || p.CaseHandler() != nil {
		t.Errorf("people: %+v %+v", p.Applicants, p.People)
	}
	for name, ctx := range map[string]context.Context{
		"another client's member": dbtest.Member(s.Organisation, neighbour.Member),
		"the other office":        dbtest.Member(other.Organisation, other.Member),
	} {
		if _, err := views.Portal(ctx, s.Dossier); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
		cs, err := views.Choices(ctx, uuid.Nil, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cs {
			if c.ID == s.Dossier {
				t.Errorf("%s may choose the dossier", name)
			}
		}
	}
	cs, err := views.Choices(dbtest.Member(s.Organisation, s.Member), uuid.Nil, 50)
	if err != nil || len(cs) != 1 || cs[0].Progress().Percent != 66 || cs[0].OpenCount != 1 {
		t.Errorf("choices: %+v %v", cs, err)
	}
	if _, err := views.Dossier(dbtest.Employee(other.Organisation), s.Dossier); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("employee of the other office: %v", err)
	}
}

// TestList: each filter finds what it names, pages follow each other without a gap in every order, and the counts agree.
func TestList(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s := dbtest.AddScene(t, root) // waits for the customer
	dbtest.AddScene(t, root)      // of another office
	review := dbtest.AddDossier(t, root, s.Organisation, s.Employee, s.Customer)
	dbtest.AddActionPoint(t, root, s.Organisation, review, "submitted")
	bo := dbtest.AddCustomer(t, root, s.Organisation, "Bo")
	idle := dbtest.AddDossier(t, root, s.Organisation, s.Employee, bo)
	exec(t, root, `UPDATE dossiers SET name = 'Zomerhuis', phase = 'notary', due_on = $2 WHERE id = $1`, idle, time.Now().AddDate(0, 0, 3))
	test := dbtest.AddCustomer(t, root, s.Organisation, "Test")
	exec(t, root, `UPDATE clients SET is_test = true WHERE id = $1`, test.Client)
	try := dbtest.AddDossier(t, root, s.Organisation, s.Employee, test)
	exec(t, root, `UPDATE dossiers SET status = 'closed', closed_at = now() WHERE id = $1`, try)
	exec(t, root, `UPDATE portal_members SET password_hash = 'x', password_set_at = now() WHERE id = $1`, bo.Member)
	k := deskOf(d)
	ctx := dbtest.EmployeeAs(s.Organisation, s.Employee)
	for name, c := range map[string]struct {
		f    overview.Filter
		want []uuid.UUID
	}{
		"all":            {overview.Filter{}, []uuid.UUID{s.Dossier, review, idle, try}},
		"office":         {overview.Filter{Turn: dossier.TurnOffice}, []uuid.UUID{review}},
		"customer":       {overview.Filter{Turn: dossier.TurnCustomer}, []uuid.UUID{s.Dossier}},
		"nobody":         {overview.Filter{Turn: dossier.TurnNone}, []uuid.UUID{idle, try}},
		"closed":         {overview.Filter{Status: dossier.Closed}, []uuid.UUID{try}},
		"phase":          {overview.Filter{Phase: dossier.Notary}, []uuid.UUID{idle}},
		"adviser":        {overview.Filter{Adviser: &s.Employee}, []uuid.UUID{s.Dossier, review, idle, try}},
		"nobody's":       {overview.Filter{Adviser: ptr(uuid.Must(uuid.NewV7()))}, nil},
		"client":         {overview.Filter{Client: &bo.Client}, []uuid.UUID{idle}},
		"due":            {overview.Filter{Due: true}, []uuid.UUID{idle}},
		"portal active":  {overview.Filter{PortalState: "active"}, []uuid.UUID{idle}},
		"portal not":     {overview.Filter{PortalState: overview.Inactive}, []uuid.UUID{s.Dossier, review, try}},
		"name":           {overview.Filter{Search: "zomer"}, []uuid.UUID{idle}},
		"applicant":      {overview.Filter{Search: "bo wit"}, []uuid.UUID{idle}},
		"e-mail":         {overview.Filter{Search: bo.Username + "@example"}, []uuid.UUID{idle}},
		"wildcard":       {overview.Filter{Search: "%"}, nil},
		"words in order": {overview.Filter{Search: "huis zomer"}, []uuid.UUID{idle}},
	} {
		for _, order := range []overview.Sort{overview.ByActivity, overview.ByName, overview.ByDue} {
			f := c.f
			f.Sort, f.Limit = order, 1
			got := map[uuid.UUID]bool{}
			for {
				page, err := k.views.List(ctx, f)
				if err != nil {
					t.Fatalf("%s by %s: %v", name, order, err)
				}
				if len(page) == 0 {
					break
				}
				if got[page[0].ID] {
					t.Fatalf("%s by %s: %s twice", name, order, page[0].Name)
				}
				got[page[0].ID] = true
				f.After = ptr(page[0].Cursor(order))
			}
			if len(got) != len(c.want) {
				t.Errorf("%s by %s: %d dossiers, want %d", name, order, len(got), len(c.want))
			}
			for _, id := range c.want {
				if !got[id] {
					t.Errorf("%s by %s: one is missing", name, order)
				}
			}
		}
	}
	n, err := k.views.Counts(ctx)
	if want := (overview.Counts{All: 3, ToReview: 1, WaitingForCustomer: 1, PortalInactive: 2, Due: 1}); err != nil || n != want {
		t.Errorf("counts %+v (%v), want %+v", n, err, want)
	}
}
