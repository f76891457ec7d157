package actionpoint_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"voordeur/internal/actionpoint"
	"voordeur/internal/authz"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/document"
	"voordeur/internal/dossier"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/overview"
)

// TestStates plays any sequence of decisions against the table of domain.md.
func TestStates(t *testing.T) {
	t.Parallel()
	now, me := clock.Now(), actionpoint.By{Employee: uuid.Must(uuid.NewV7())}
	allowed := map[string]map[actionpoint.State]actionpoint.State{
		"submit":   {actionpoint.Open: actionpoint.Submitted},
		"withdraw": {actionpoint.Submitted: actionpoint.Open},
		"approve":  {actionpoint.Submitted: actionpoint.Approved},
		"reject":   {actionpoint.Submitted: actionpoint.Rejected},
		"request": {
			actionpoint.Submitted: actionpoint.Open, actionpoint.Approved: actionpoint.Open, actionpoint.Rejected: actionpoint.Open,
		},
		"cancel": {
			actionpoint.Open: actionpoint.Cancelled, actionpoint.Submitted: actionpoint.Cancelled, actionpoint.Rejected: actionpoint.Cancelled,
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		a := actionpoint.ActionPoint{State: actionpoint.Open, Round: 1}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			do := rapid.SampledFrom([]string{"submit", "withdraw", "approve", "reject", "request", "cancel"}).Draw(t, "do")
			before := a
			var err error
			switch do {
			case "submit":
				err = a.Submit(now)
			case "withdraw":
				err = a.Withdraw()
			case "approve":
				err = a.Approve(now)
			case "reject":
				err = a.Reject(now, me, actionpoint.TooOld, "te oud")
			case "request":
				err = a.Request(now, me, "")
			case "cancel":
				err = a.Cancel(now)
			}
			want, ok := allowed[do][before.State]
			switch {
			case !ok && (err == nil || a != before):
				t.Fatalf("%s from %s was let through", do, before.State)
			case ok && (err != nil || a.State != want):
				t.Fatalf("%s from %s: %v, %s", do, before.State, err, a.State)
			}
			if ok && do == "request" && (a.Round != before.Round+1 || before.State == actionpoint.Rejected && a.Reason == "") {
				t.Fatalf("asked again: round %d, reason %q", a.Round, a.Reason)
			}
			if ok && do == "withdraw" && (a.Round != before.Round || a.Reason != before.Reason) {
				t.Fatalf("withdrawn: round %d, reason %q", a.Round, a.Reason)
			}
		}
	})
}

// TestProgress: the database counts as the type does, whatever the states, and the percentage is rounded down.
func TestProgress(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s := dbtest.AddScene(t, root)
	views := &overview.Service{DB: d, Now: clock.Now}
	ctx := dbtest.EmployeeAs(s.Organisation, s.Employee)
	customer := dbtest.Member(s.Organisation, s.Member)
	states := []actionpoint.State{actionpoint.Open, actionpoint.Submitted, actionpoint.Approved, actionpoint.Rejected, actionpoint.Cancelled}
	rapid.Check(t, func(rt *rapid.T) {
		drawn := rapid.SliceOfN(rapid.SampledFrom(states), 0, 12).Draw(rt, "states")
		closed := rapid.Bool().Draw(rt, "closed")
		exec(t, root, `DELETE FROM action_points WHERE dossier_id = $1`, s.Dossier)
		exec(t, root, `UPDATE dossiers SET status = CASE WHEN $2 THEN 'closed' ELSE 'open' END WHERE id = $1`, s.Dossier, closed)
		handled, total := 0, 0
		for _, state := range drawn {
			dbtest.AddActionPoint(t, root, s.Organisation, s.Dossier, string(state))
			if state.Counts() {
				total++
			}
			if state.Handled() {
				handled++
			}
		}
		page, err := views.Dossier(ctx, s.Dossier)
		if err != nil {
			rt.Fatal(err)
		}
		portal, err := views.Portal(customer, s.Dossier)
		if err != nil {
			rt.Fatal(err)
		}
		want := dossier.NewProgress(handled, total, closed)
		if page.Progress() != want || portal.Progress() != want {
			rt.Fatalf("%v: office %+v, portal %+v, want %+v", drawn, page.Progress(), portal.Progress(), want)
		}
		switch {
		case total == 0 && closed && want.Percent != 100, total == 0 && !closed && want.Percent != 0,
			total > 0 && (want.Percent*total > handled*100 || (want.Percent+1)*total <= handled*100):
			rt.Fatalf("%d of %d is %d %%", handled, total, want.Percent)
		}
	})
}

// TestStory: asked, handed in, rejected, asked again, handed in, approved (B11, B12).
func TestStory(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s := dbtest.AddScene(t, root)
	points := &actionpoint.Service{DB: d, Now: clock.Now}
	office, customer := dbtest.EmployeeAs(s.Organisation, s.Employee), dbtest.Member(s.Organisation, s.Member)

	made, err := points.Create(office, s.Dossier, []actionpoint.Draft{
		{Title: " Loonstrook ", ProductID: &s.Product, ForContactID: &s.Contact}, {Title: "Kopie legitimatie"},
	})
	if err != nil || len(made) != 2 || made[0].Title != "Loonstrook" || made[0].ProductName != "Hypotheek" || made[0].ForFirstName != "Eva" {
		t.Fatalf("%+v %v", made, err)
	}
	id := made[0].ID
	a, err := points.Submit(customer, id, []uuid.UUID{addUpload(t, root, s), addUpload(t, root, s)}, "de tweede is de achterkant")
	if err != nil {
		t.Fatal(err)
	}
	if a.State != actionpoint.Submitted || len(a.Submissions) != 1 || len(a.Submissions[0].Files) != 2 || a.Submissions[0].ByFirstName != "Eva" {
		t.Fatalf("handed in: %+v", a)
	}
	if _, err := points.Approve(office, id, made[0].Version); !errors.Is(err, db.ErrStale) {
		t.Errorf("approving what was not looked at: %v", err)
	}
	a, err = points.Reject(office, id, a.Version, actionpoint.Unreadable, "De datum is niet te lezen.", true)
	if err != nil {
		t.Fatal(err)
	}
	if a.State != actionpoint.Open || a.Round != 2 || !a.AskedAgain() || a.Reason != "De datum is niet te lezen." || a.ReasonByFirstName != "Sanne" ||
		*a.Submissions[0].Verdict != actionpoint.VerdictRejected || a.Submissions[0].VerdictByFirstName != "Sanne" {
		t.Fatalf("rejected: %+v", a)
	}
	if a, err = points.Submit(customer, id, []uuid.UUID{addUpload(t, root, s)}, ""); err != nil {
		t.Fatal(err)
	}
	queue, err := points.List(office, actionpoint.Filter{State: actionpoint.Submitted, Limit: 10})
	if err != nil || len(queue) != 1 || queue[0].ID != id {
		t.Fatalf("queue: %+v %v", queue, err)
	}
	if a, err = points.Approve(office, id, a.Version); err != nil {
		t.Fatal(err)
	}
	if a.State != actionpoint.Approved || len(a.Submissions) != 2 || a.Submissions[0].Round != 2 || *a.Submissions[0].Verdict != actionpoint.VerdictApproved {
		t.Fatalf("approved: %+v", a)
	}
	if _, err := points.Cancel(office, id, a.Version); !errors.Is(err, actionpoint.ErrApproved) {
		t.Errorf("cancelling what is approved: %v", err)
	}
	a, err = points.Request(office, id, a.Version, "Graag die van vorige maand.")
	if err != nil || a.State != actionpoint.Open || a.Round != 3 || a.Reason != "Graag die van vorige maand." || a.ReasonCode != nil {
		t.Fatalf("asked again: %+v %v", a, err)
	}
	if all, err := points.List(office, actionpoint.Filter{AskedAgain: ptr(true), Limit: 10}); err != nil || len(all) != 1 {
		t.Errorf("asked again: %d %v", len(all), err)
	}
	seen, err := points.GetAsMember(customer, id)
	if err != nil || len(seen.Submissions) != 2 || len(seen.Submissions[1].Files) != 2 || seen.ReasonByFirstName != "Sanne" {
		t.Errorf("the customer sees %+v %v", seen, err)
	}
	if n := count(t, root, `SELECT count(*) FROM audit_events WHERE subject = $1`, id); n != 6 {
		t.Errorf("%d events, want 6", n)
	}
}

// TestRefuses: who may not, gets nothing done.
func TestRefuses(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s, other := dbtest.AddScene(t, root), dbtest.AddScene(t, root)
	neighbour := dbtest.AddCustomer(t, root, s.Organisation, "Bo")
	points := &actionpoint.Service{DB: d, Now: clock.Now}
	office := dbtest.EmployeeAs(s.Organisation, s.Employee)
	viewer := dbtest.EmployeeAs(s.Organisation, s.Employee, authz.Viewer.Permissions()...)
	upload := addUpload(t, root, s)

	for name, c := range map[string]struct {
		err  error
		want *fault.Error
	}{
		"employee of the other office": {second(points.Get(dbtest.Employee(other.Organisation), s.ActionPoint)), db.ErrNotFound},
		"deciding from the other":      {second(points.Cancel(dbtest.Employee(other.Organisation), s.ActionPoint, 1)), db.ErrNotFound},
		"asking from the other":        {second(points.Create(dbtest.Employee(other.Organisation), s.Dossier, []actionpoint.Draft{{Title: "x"}})), db.ErrNotFound},
		"another client's member":      {second(points.GetAsMember(dbtest.Member(s.Organisation, neighbour.Member), s.ActionPoint)), db.ErrNotFound},
		"handing in for another":       {second(points.Submit(dbtest.Member(s.Organisation, neighbour.Member), s.ActionPoint, []uuid.UUID{upload}, "")), db.ErrNotFound},
		"member without the right":     {second(points.Submit(dbtest.Member(s.Organisation, s.Member, authz.PortalDossierRead), s.ActionPoint, []uuid.UUID{upload}, "")), db.ErrForbidden},
		"viewer asks":                  {second(points.Create(viewer, s.Dossier, []actionpoint.Draft{{Title: "x"}})), db.ErrForbidden},
		"viewer decides":               {second(points.Approve(viewer, s.ActionPoint, 1)), db.ErrForbidden},
		"nothing to decide":            {second(points.Approve(office, s.ActionPoint, 1)), actionpoint.ErrNotSubmitted},
		"already asked":                {second(points.Request(office, s.ActionPoint, 1, "")), actionpoint.ErrAlreadyOpen},
		"stale":                        {second(points.Cancel(office, s.ActionPoint, 7)), db.ErrStale},
		"no such dossier":              {second(points.InDossier(office, other.Dossier, uuid.Nil, 10)), db.ErrNotFound},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	for pointer, err := range map[string]error{
		"/items/0/productId":    second(points.Create(office, s.Dossier, []actionpoint.Draft{{Title: "x", ProductID: &other.Product}})),
		"/items/1/forContactId": second(points.Create(office, s.Dossier, []actionpoint.Draft{{Title: "x"}, {Title: "y", ForContactID: &neighbour.Contact}})),
		"/items/0/title":        second(points.Create(office, s.Dossier, []actionpoint.Draft{{Title: "  "}})),
		"/productId":            second(points.Update(office, s.ActionPoint, 1, actionpoint.Change{SetProduct: true, ProductID: &other.Product})),
		"/forContactId":         second(points.Update(office, s.ActionPoint, 1, actionpoint.Change{SetForContact: true, ForContactID: &neighbour.Contact})),
		"/title":                second(points.Update(office, s.ActionPoint, 1, actionpoint.Change{Title: ptr(" ")})),
		"/reason":               second(points.Reject(office, s.ActionPoint, 1, actionpoint.TooOld, " \n", true)),
		"/uploadIds/0":          second(points.Submit(dbtest.Member(s.Organisation, s.Member), s.ActionPoint, []uuid.UUID{addUpload(t, root, other)}, "")),
	} {
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Pointer != pointer {
			t.Errorf("%s: %v %+v", pointer, err, f)
		}
	}
	exec(t, root, `UPDATE dossiers SET status = 'closed' WHERE id = $1`, s.Dossier)
	if _, err := points.Submit(dbtest.Member(s.Organisation, s.Member), s.ActionPoint, []uuid.UUID{upload}, ""); !errors.Is(err, dossier.ErrClosed) {
		t.Errorf("handing in after the end: %v", err)
	}
	if n := count(t, root, `SELECT count(*) FROM submissions`) + count(t, root, `SELECT count(*) FROM documents`) +
		count(t, root, `SELECT count(*) FROM audit_events`) + count(t, root, `SELECT count(*) FROM action_points WHERE version > 1`); n != 0 {
		t.Errorf("refusals left %d rows", n)
	}
}

// TestRaces: of fifty at once exactly one wins, and nothing is half done.
func TestRaces(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	points := &actionpoint.Service{DB: d, Now: clock.Now}
	type race struct {
		state string
		run   func(s dbtest.Scene, i int) error
	}
	for name, r := range map[string]race{
		"submit twice": {"open", func(s dbtest.Scene, _ int) error {
			return second(points.Submit(dbtest.Member(s.Organisation, s.Member), s.ActionPoint, []uuid.UUID{addUpload(t, root, s)}, ""))
		}},
		"submit one upload twice": {"open", func() func(dbtest.Scene, int) error {
			var once sync.Once
			var upload uuid.UUID
			return func(s dbtest.Scene, _ int) error {
				once.Do(func() { upload = addUpload(t, root, s) })
				return second(points.Submit(dbtest.Member(s.Organisation, s.Member), s.ActionPoint, []uuid.UUID{upload}, ""))
			}
		}()},
		"submit or cancel": {"open", func(s dbtest.Scene, i int) error {
			if i%2 == 0 {
				return second(points.Cancel(dbtest.EmployeeAs(s.Organisation, s.Employee), s.ActionPoint, 1))
			}
			return second(points.Submit(dbtest.Member(s.Organisation, s.Member), s.ActionPoint, []uuid.UUID{addUpload(t, root, s)}, ""))
		}},
		"withdraw or decide": {"delivered", func(s dbtest.Scene, i int) error {
			switch i % 3 {
			case 0:
				return second(points.Approve(dbtest.EmployeeAs(s.Organisation, s.Employee), s.ActionPoint, 2))
			case 1:
				return second(points.Reject(dbtest.EmployeeAs(s.Organisation, s.Employee), s.ActionPoint, 2, actionpoint.TooOld, "te oud", true))
			}
			return second(points.Withdraw(dbtest.Member(s.Organisation, s.Member), s.ActionPoint, 2))
		}},
		"approve or reject": {"submitted", func(s dbtest.Scene, i int) error {
			if i%2 == 0 {
				return second(points.Approve(dbtest.EmployeeAs(s.Organisation, s.Employee), s.ActionPoint, 1))
			}
			return second(points.Reject(dbtest.EmployeeAs(s.Organisation, s.Employee), s.ActionPoint, 1, actionpoint.TooOld, "te oud", true))
		}},
	} {
		s := dbtest.AddScene(t, root)
		before := 0
		if r.state == "delivered" {
			before = 1
			if _, err := points.Submit(dbtest.Member(s.Organisation, s.Member), s.ActionPoint, []uuid.UUID{addUpload(t, root, s)}, ""); err != nil {
				t.Fatal(err)
			}
		} else {
			exec(t, root, `UPDATE action_points SET state = $2 WHERE id = $1`, s.ActionPoint, r.state)
		}
		var wg sync.WaitGroup
		errs := make([]error, 50)
		for i := range errs {
			wg.Go(func() { errs[i] = r.run(s, i) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			f, expected := errors.AsType[*fault.Error](err)
			switch {
			case err == nil:
				won++
			case !expected || f.Kind != fault.Conflict && f.Kind != fault.Stale:
				t.Errorf("%s: %v", name, err)
			}
		}
		if won != 1 {
			t.Errorf("%s: %d winners", name, won)
		}
		if n := count(t, root, `SELECT count(*) FROM audit_events WHERE subject = $1`, s.ActionPoint); n != before+1 {
			t.Errorf("%s: %d events", name, n)
		}
		// What is withdrawn has no verdict, and what has a verdict is not withdrawn.
		if n := count(t, root, `SELECT count(*) FROM submissions s JOIN action_points a ON a.id = s.action_point_id JOIN documents d ON d.submission_id = s.id
			WHERE a.id = $1 AND (s.withdrawn_at IS NULL) <> (d.archived_at IS NULL)`, s.ActionPoint); n != 0 {
			t.Errorf("%s: half withdrawn", name)
		}
		submitted := count(t, root, `SELECT count(*) FROM submissions WHERE action_point_id = $1`, s.ActionPoint)
		documents := count(t, root, `SELECT count(*) FROM documents WHERE action_point_id = $1`, s.ActionPoint)
		attached := count(t, root, `SELECT count(*) FROM uploads WHERE organisation_id = $1 AND state = 'attached'`, s.Organisation)
		if submitted > 1 || documents != submitted || attached != submitted {
			t.Errorf("%s: %d submissions, %d documents, %d uploads used", name, submitted, documents, attached)
		}
	}
}

// TestWithdraw: what was handed in can be taken back by who did it until the office has decided; then it is asked as
// before, nobody sees the files any more, and something else can be handed in for the same round.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s := dbtest.AddScene(t, root)
	points, documents := &actionpoint.Service{DB: d, Now: clock.Now}, &document.Service{DB: d}
	office, customer := dbtest.EmployeeAs(s.Organisation, s.Employee), dbtest.Member(s.Organisation, s.Member)
	_, partner, _ := dbtest.AddMember(t, root, s.Organisation, s.Client, "Bo")
	exec(t, root, `INSERT INTO dossier_members (organisation_id, dossier_id, member_id) VALUES ($1, $2, $3)`, s.Organisation, s.Dossier, partner)
	files := func(ctx context.Context) int {
		list := documents.List
		if who, _ := authz.From(ctx); who.Kind == authz.Member {
			list = documents.ListAsMember
		}
		ds, err := list(ctx, &s.Dossier, uuid.Nil, 50)
		if err != nil {
			t.Fatal(err)
		}
		return len(ds)
	}
	hadOffice, hadCustomer := files(office), files(customer)

	if _, err := points.Withdraw(customer, s.ActionPoint, 1); !errors.Is(err, actionpoint.ErrNotSubmitted) {
		t.Errorf("nothing handed in: %v", err)
	}
	a, err := points.Submit(customer, s.ActionPoint, []uuid.UUID{addUpload(t, root, s), addUpload(t, root, s)}, "verkeerde")
	if err != nil {
		t.Fatal(err)
	}
	wrong := a.Submissions[0].Files[0].DocumentID
	if files(office) != hadOffice+2 || files(customer) != hadCustomer+2 {
		t.Fatal("the files did not arrive")
	}
	for name, c := range map[string]struct {
		err  error
		want *fault.Error
	}{
		"the partner":            {second(points.Withdraw(dbtest.Member(s.Organisation, partner), s.ActionPoint, a.Version)), actionpoint.ErrNotYours},
		"an old screen":          {second(points.Withdraw(customer, s.ActionPoint, a.Version-1)), db.ErrStale},
		"who may not hand in":    {second(points.Withdraw(dbtest.Member(s.Organisation, s.Member, authz.PortalDossierRead), s.ActionPoint, a.Version)), db.ErrForbidden},
		"a customer from nearby": {second(points.Withdraw(dbtest.Member(s.Organisation, dbtest.AddCustomer(t, root, s.Organisation, "Kim").Member), s.ActionPoint, a.Version)), db.ErrNotFound},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	// Not even a statement of its own gets a customer further: only what was withdrawn can be put away, only one's own can be withdrawn.
	for who, member := range map[string]uuid.UUID{"who handed in": s.Member, "the partner": partner} {
		ctx := dbtest.Member(s.Organisation, member)
		n, err := db.Write(ctx, d, authz.PortalSubmissionCreate, func(tx *db.Tx) (int64, event.Event, error) {
			r := tx.Exec(`UPDATE documents SET archived_at = now() WHERE dossier_id = ?`, s.Dossier)
			if r.Error == nil && member == partner {
				again := tx.Exec(`UPDATE submissions SET withdrawn_at = now() WHERE dossier_id = ?`, s.Dossier)
				return r.RowsAffected + again.RowsAffected, event.None, again.Error
			}
			return r.RowsAffected, event.None, r.Error
		})
		if err != nil || n != 0 {
			t.Errorf("%s changed %d rows: %v", who, n, err)
		}
	}
	if a, err = points.Withdraw(customer, s.ActionPoint, a.Version); err != nil {
		t.Fatal(err)
	}
	if a.State != actionpoint.Open || a.Round != 1 || a.AskedAgain() || a.SubmittedAt != nil || len(a.Submissions) != 0 {
		t.Errorf("withdrawn: %+v", a)
	}
	if o, c := files(office), files(customer); o != hadOffice || c != hadCustomer {
		t.Errorf("withdrawn files are still there: office %d, customer %d", o-hadOffice, c-hadCustomer)
	}
	for who, ctx := range map[string]context.Context{"office": office, "customer": customer} {
		if _, err := documents.Content(ctx, wrong, 0); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s reads what was withdrawn: %v", who, err)
		}
	}
	if n := count(t, root, `SELECT count(*) FROM audit_events WHERE subject = $1 AND name = 'action_point.withdrawn' AND actor_id = $2`, s.ActionPoint, s.Member); n != 1 {
		t.Errorf("%d events", n)
	}
	if a, err = points.Submit(customer, s.ActionPoint, []uuid.UUID{addUpload(t, root, s)}, ""); err != nil {
		t.Fatal(err)
	}
	if a, err = points.Approve(office, s.ActionPoint, a.Version); err != nil || len(a.Submissions) != 1 || a.Submissions[0].Verdict == nil {
		t.Fatalf("approved: %+v %v", a, err)
	}
	if _, err := points.Withdraw(customer, s.ActionPoint, a.Version); !errors.Is(err, actionpoint.ErrReviewed) {
		t.Errorf("after the verdict: %v", err)
	}
	if n := count(t, root, `SELECT count(*) FROM submissions WHERE verdict IS NOT NULL AND withdrawn_at IS NOT NULL`); n != 0 {
		t.Errorf("%d verdicts on what was withdrawn", n)
	}
}

// TestTemplates: a new office begins with the usual, per kind of product.
func TestTemplates(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s, other := dbtest.AddScene(t, root), dbtest.AddScene(t, root)
	ctx := dbtest.EmployeeAs(s.Organisation, s.Employee)
	_, err := db.Write(ctx, d, authz.OrganisationWrite, func(tx *db.Tx) (int, event.Event, error) {
		b := &pgx.Batch{}
		actionpoint.QueueTemplates(b)
		return 0, event.None, tx.Batch(b)
	})
	if err != nil {
		t.Fatal(err)
	}
	points := &actionpoint.Service{DB: d, Now: clock.Now}
	mortgage, err := points.Templates(ctx, string(dossier.Mortgage))
	if err != nil || len(mortgage) < 10 || mortgage[0].ProductKind != nil {
		t.Errorf("mortgage: %d %v", len(mortgage), err)
	}
	all, err := points.Templates(ctx, "")
	if err != nil || len(all) <= len(mortgage) {
		t.Errorf("all: %d %v", len(all), err)
	}
	if others, err := points.Templates(dbtest.Employee(other.Organisation), ""); err != nil || len(others) != 0 {
		t.Errorf("the other office has %d %v", len(others), err)
	}
}

func ptr[T any](v T) *T { return &v }

func second[T any](_ T, err error) error { return err }

func exec(t *testing.T, root *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := root.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, root *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := root.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// addUpload adds a finished upload of the scene's customer; its bytes are nowhere.
func addUpload(t *testing.T, root *sql.DB, s dbtest.Scene) uuid.UUID {
	t.Helper()
	id := dbtest.ID()
	if _, err := root.Exec(`INSERT INTO uploads (organisation_id, id, member_id, filename, size, received, media_type, sha256, blob_key, state, created_at, expires_at)
		VALUES ($1, $2, $3, 'loonstrook.pdf', 10, 10, 'application/pdf', sha256('x'), $4, 'ready', $5, $6)`,
		s.Organisation, id, s.Member, fmt.Sprint("test/", id), clock.Now(), clock.Now().Add(time.Hour)); err != nil {
		t.Error(err)
	}
	return id
}
