package employee_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/employee"
	"voordeur/internal/event"
	"voordeur/internal/organisation"
)

type world struct {
	*dbtest.Database
	*employee.Service
	office uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Database: dbtest.Open(t)}
	w.office, _ = dbtest.Organisation(t, w.Root)
	w.Service = &employee.Service{DB: w.Database.DB, Now: w.Clock.Now, Organisations: &organisation.Service{DB: w.Database.DB, Now: w.Clock.Now, PortalBase: "https://portal.test"}}
	return w
}

func (w *world) add(t *testing.T, role string, active bool) uuid.UUID {
	t.Helper()
	id := dbtest.AddEmployee(t, w.Root, w.office, role)
	if active {
		if _, err := w.Root.Exec(`UPDATE employees SET password_hash = 'x', totp_secret = 'x' WHERE id = $1`, id); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// TestLastAdmin: fifty administrators go at once, each in one of three ways; one stays, and it is one who can sign in.
func TestLastAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const crowd = 50
	admins := make([]uuid.UUID, crowd)
	for i := range admins {
		admins[i] = w.add(t, "admin", true)
	}
	w.add(t, "admin", false) // invited only: does not count
	yes, viewer := true, employee.Viewer
	ctx := dbtest.Employee(w.office)
	leave := []func(id uuid.UUID) error{
		func(id uuid.UUID) error { _, err := w.Update(ctx, id, 1, employee.Change{Blocked: &yes}); return err },
		func(id uuid.UUID) error { _, err := w.Update(ctx, id, 1, employee.Change{Role: &viewer}); return err },
		func(id uuid.UUID) error { return w.Archive(ctx, id, 1) },
	}
	var wg sync.WaitGroup
	errs, start := make([]error, crowd), make(chan struct{})
	for i, id := range admins {
		wg.Go(func() { <-start; errs[i] = leave[i%3](id) })
	}
	close(start)
	wg.Wait()
	refused := 0
	for _, err := range errs {
		if errors.Is(err, employee.ErrLastAdmin) {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	var left int
	err := w.Root.QueryRow(`SELECT count(*) FROM employees WHERE role = 'admin' AND blocked_at IS NULL AND archived_at IS NULL AND totp_secret IS NOT NULL`).Scan(&left)
	if err != nil || left != 1 || refused != 1 {
		t.Errorf("%d stay, %d were refused: %v", left, refused, err)
	}
}

// TestComingAndGoing: what an administrator changes holds at once, a stale change is refused, and another office sees nothing of it.
func TestComingAndGoing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.add(t, "admin", true)
	id := w.add(t, "adviser", true)
	session := func() {
		t.Helper()
		_, err := w.Root.Exec(`INSERT INTO sessions (organisation_id, id, token_hash, audience, employee_id, stage, created_at, last_seen_at, expires_at)
			VALUES ($1, $2::uuid, sha256($2::uuid::text::bytea), 'office', $3, 'full', now(), now(), now() + interval '1 hour')`, w.office, dbtest.ID(), id)
		if err != nil {
			t.Fatal(err)
		}
	}
	open := func() int {
		t.Helper()
		var n int
		if err := w.Root.QueryRow(`SELECT count(*) FROM sessions WHERE employee_id = $1 AND ended_at IS NULL`, id).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	ctx := dbtest.Employee(w.office)
	session()
	yes, no, title, name := true, false, " Senior ", "  "
	v, err := w.Update(ctx, id, 1, employee.Change{JobTitle: &title})
	if err != nil || v.JobTitle != "Senior" || v.State != employee.Active || v.Version != 2 || open() != 1 {
		t.Fatalf("%+v %v", v, err)
	}
	if _, err := w.Update(ctx, id, 2, employee.Change{FirstName: &name}); err == nil {
		t.Error("a colleague without a name")
	}
	if _, err := w.Update(ctx, id, 1, employee.Change{Blocked: &yes}); !errors.Is(err, db.ErrStale) {
		t.Errorf("stale: %v", err)
	}
	if v, err = w.Update(ctx, id, 2, employee.Change{Blocked: &yes}); err != nil || v.State != employee.Blocked || open() != 0 {
		t.Errorf("blocked: %+v %v, %d sessions", v, err, open())
	}
	if v, err = w.Update(ctx, id, 3, employee.Change{Blocked: &no}); err != nil || v.State != employee.Active {
		t.Errorf("unblocked: %+v %v", v, err)
	}
	elsewhere, _ := dbtest.Organisation(t, w.Root)
	if _, err := w.Update(dbtest.Employee(elsewhere), id, 4, employee.Change{Blocked: &yes}); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("another office: %v", err)
	}
	session()
	if err := w.Archive(ctx, id, 4); err != nil || open() != 0 {
		t.Fatalf("archived: %v, %d sessions", err, open())
	}
	if _, err := w.Update(ctx, id, 5, employee.Change{Blocked: &no}); !errors.Is(err, employee.ErrArchived) {
		t.Errorf("archived: %v", err)
	}
	var forgotten bool
	if err := w.Root.QueryRow(`SELECT num_nonnulls(password_hash, totp_secret) = 0 FROM employees WHERE id = $1`, id).Scan(&forgotten); err != nil || !forgotten {
		t.Errorf("the credentials of who left stay: %v", err)
	}
	for archived, want := range map[bool]int{false: 1, true: 1} {
		list, more, err := w.List(ctx, employee.Filter{Archived: archived, Limit: 10})
		if err != nil || more || len(list) != want {
			t.Errorf("archived %t: %d, %v", archived, len(list), err)
		}
	}
	if v, err = w.Get(dbtest.Employee(w.office, authz.EmployeeRead), id); err != nil || v.SecondFactor || v.LastLoginAt != nil || v.Invitation != nil {
		t.Errorf("somebody who may not change colleagues reads how they sign in: %+v %v", v, err)
	}
}

// TestOfficeSetsNoPassword: the role of an employee has no way to write a colleague's credentials.
func TestOfficeSetsNoPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.add(t, "adviser", true)
	for _, query := range []string{
		`UPDATE employees SET password_hash = 'mine' WHERE id = ?`, `UPDATE employees SET totp_secret = 'mine' WHERE id = ?`,
		`UPDATE employees SET totp_pending = 'mine' WHERE id = ?`,
		`INSERT INTO employees (id, email, email_folded, first_name, last_name, role, password_hash, created_at, updated_at) VALUES (?, 'x', 'x', 'x', 'x', 'admin', 'mine', now(), now())`,
	} {
		if strings.HasPrefix(query, "INSERT") {
			id = dbtest.ID()
		}
		_, err := db.Write(dbtest.Employee(w.office), w.Database.DB, authz.EmployeeWrite, func(tx *db.Tx) (bool, event.Event, error) {
			return true, event.None, tx.Exec(query, id).Error
		})
		if err == nil {
			t.Errorf("it works: %s", query)
		}
	}
}
