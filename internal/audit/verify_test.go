package audit_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/audit"
	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
)

// write leaves n events in the office by way of the door, up to three in a transaction.
func write(t *testing.T, d *db.DB, office uuid.UUID, n int) {
	t.Helper()
	for made := 0; made < n; {
		_, err := db.Write(dbtest.Employee(office), d, authz.ClientWrite, func(tx *db.Tx) (int, event.Event, error) {
			for range min(made%3, n-made-1) {
				if err := tx.Record(event.Of("dossier.changed", dbtest.ID()).In(dbtest.ID()).With("name", "De Wit")); err != nil {
					return 0, event.None, err
				}
				made++
			}
			made++
			return 0, event.Of("client.changed", dbtest.ID()), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// tampering is one thing that somebody with every right on the database does to the trail of an office.
type tampering struct {
	what  string
	query string
	first int64 // the number that must be named
}

const events = 1000

// tamper returns the i-th attempt.
func tamper(i int, columns []string, office uuid.UUID) tampering {
	dice := rand.New(rand.NewPCG(4, uint64(i)))
	n := 1 + dice.Int64N(events-1)
	m := n + 1 + dice.Int64N(events-n)
	row := func(seq int64) string { return fmt.Sprintf("organisation_id = '%s' AND seq = %d", office, seq) }
	switch i % 6 {
	case 0, 1:
		column := columns[dice.IntN(len(columns))]
		change := map[string]string{
			"id": "gen_random_uuid()", "name": "name || 'x'", "actor_kind": "'system'", "actor_id": "gen_random_uuid()", "subject": "gen_random_uuid()",
			"dossier_id": "CASE WHEN dossier_id IS NULL THEN gen_random_uuid() END", "data": "data || '\\x00'", "at": "at + interval '1 microsecond'",
			"hash": "set_byte(hash, 31, 255 - get_byte(hash, 31))", "organisation_id": "gen_random_uuid()", "seq": "2000000",
		}[column]
		if change == "" {
			change = "DEFAULT" // a column this test does not know: the chain must still notice
		}
		return tampering{"change " + column, "UPDATE audit_events SET " + column + " = " + change + " WHERE " + row(n), n}
	case 2:
		return tampering{"delete", "DELETE FROM audit_events WHERE " + row(n), n}
	case 3:
		return tampering{"swap", fmt.Sprintf("UPDATE audit_events SET seq = -1 WHERE %s; UPDATE audit_events SET seq = %d WHERE %s; UPDATE audit_events SET seq = %d WHERE organisation_id = '%s' AND seq = -1",
			row(n), n, row(m), m, office), n}
	case 4:
		return tampering{"truncate", fmt.Sprintf("DELETE FROM audit_events WHERE organisation_id = '%s' AND seq >= %d", office, m), m}
	default:
		return tampering{"add", fmt.Sprintf("INSERT INTO audit_events SELECT organisation_id, %d, gen_random_uuid(), name, actor_kind, actor_id, subject, dossier_id, data, at, hash FROM audit_events WHERE %s",
			events+1, row(n)), events + 1}
	}
}

// TestEveryTamperingIsFound: a thousand times somebody with every right on the database changes, takes out, swaps, cuts off
// or adds an event. Each time the first broken number is named, in the right office.
func TestEveryTamperingIsFound(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	office, slug := dbtest.Organisation(t, d.Root)
	other, _ := dbtest.Organisation(t, d.Root)
	write(t, d.DB, office, events)
	write(t, d.DB, other, 10)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, _ := conn.Query(ctx, `SELECT column_name::text FROM information_schema.columns WHERE table_name = 'audit_events' ORDER BY 1`)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(columns) < 11 {
		t.Fatal(columns, err)
	}
	chains, err := audit.Verify(ctx, conn)
	if err != nil || len(chains) != 2 {
		t.Fatalf("%+v %v", chains, err)
	}
	for _, c := range chains {
		if c.Broken != 0 {
			t.Fatalf("nobody touched it: %+v", c)
		}
	}
	if _, err := conn.Exec(ctx, "SET session_replication_role = replica"); err != nil { // no trigger stands in the way
		t.Fatal(err)
	}
	for i := range 1000 {
		x := tamper(i, columns, office)
		tx, err := conn.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(ctx, x.query); err != nil {
			t.Fatalf("%s: %v", x.query, err)
		}
		chains, err := audit.Verify(ctx, tx)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(chains, func(c audit.Chain) bool { return c.Slug == slug })
		if c := chains[at]; c.Broken != x.first || c.What == "" {
			t.Errorf("%s of %d: found %d (%s)", x.what, x.first, c.Broken, c.What)
		}
		for _, c := range chains {
			if c.Organisation == other && c.Broken != 0 {
				t.Errorf("%s: the other office is blamed: %+v", x.what, c)
			}
		}
		if err := tx.Rollback(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheEndOfTheChain: the record of where a chain ends cannot be turned back or lost unseen either.
func TestTheEndOfTheChain(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	office, _ := dbtest.Organisation(t, d.Root)
	write(t, d.DB, office, 5)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for query, want := range map[string]int64{
		"UPDATE audit_heads SET seq = 4":                                         5,
		"UPDATE audit_heads SET hash = sha256('x')":                              5,
		"DELETE FROM audit_heads":                                                1,
		"UPDATE audit_heads SET seq = seq + 1":                                   6,
		"SET LOCAL session_replication_role = replica; DELETE FROM audit_events": 1,
	} {
		tx, err := conn.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(ctx, query); err != nil {
			t.Fatal(err)
		}
		if chains, err := audit.Verify(ctx, tx); err != nil || len(chains) != 1 || chains[0].Broken != want {
			t.Errorf("%s: %+v %v", query, chains, err)
		}
		_ = tx.Rollback(ctx)
	}
}

// TestTheTrailOnlyGrows: a trigger refuses even the superuser who does not switch it off; what somebody gives for number and
// hash is not taken.
func TestTheTrailOnlyGrows(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	office, _ := dbtest.Organisation(t, d.Root)
	write(t, d.DB, office, 3)
	for _, query := range []string{"UPDATE audit_events SET name = name", "DELETE FROM audit_events", "TRUNCATE audit_events"} {
		if _, err := d.Root.Exec(query); err == nil || !strings.Contains(err.Error(), "only grows") {
			t.Errorf("%s: %v", query, err)
		}
	}
	if _, err := d.Root.Exec(`INSERT INTO audit_events (organisation_id, seq, id, name, actor_kind, actor_id, subject, at, hash)
		VALUES ($1, 99, gen_random_uuid(), 'x', 'system', gen_random_uuid(), gen_random_uuid(), now(), 'x')`, office); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Root.Exec(`INSERT INTO audit_events (organisation_id, id, name, actor_kind, actor_id, subject, at)
		VALUES (gen_random_uuid(), gen_random_uuid(), 'x', 'system', gen_random_uuid(), gen_random_uuid(), now())`); err == nil {
		t.Error("an office that does not exist has a trail")
	}
	var last int64
	if err := d.Root.QueryRow(`SELECT max(seq) FROM audit_events`).Scan(&last); err != nil || last != 4 {
		t.Errorf("last number %d, %v", last, err)
	}
}

// TestManyAtOnce: fifty writers, each with several events in a transaction, and some that roll back: no deadlock, no gap.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	office, _ := dbtest.Organisation(t, d.Root)
	ctx := context.Background()
	done := make(chan error, 50)
	for i := range 50 {
		go func() {
			_, err := db.Write(dbtest.Employee(office), d.DB, authz.OrganisationWrite, func(tx *db.Tx) (int, event.Event, error) {
				if err := tx.Record(event.Of("dossier.changed", dbtest.ID()).With("name", "De Wit")); err != nil {
					return 0, event.None, err
				}
				if i%5 == 4 {
					return 0, event.None, db.ErrNotFound
				}
				if i%5 == 3 { // an office's own row is locked by many, for as long as their transaction takes
					if err := tx.Exec("SELECT 1 FROM organisations FOR UPDATE").Error; err != nil {
						return 0, event.None, err
					}
				}
				return 0, event.Of("client.changed", dbtest.ID()), nil
			})
			done <- err
		}()
	}
	var failed int
	for range 50 {
		if err := <-done; err != nil {
			failed++
		}
	}
	conn, err := pgx.Connect(ctx, d.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	chains, err := audit.Verify(ctx, conn)
	if err != nil || failed != 10 || len(chains) != 1 || chains[0].Broken != 0 || chains[0].Events != 80 {
		t.Errorf("%d failed, %+v %v", failed, chains, err)
	}
	var deadlocks int
	if err := conn.QueryRow(ctx, `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`).Scan(&deadlocks); err != nil || deadlocks != 0 {
		t.Errorf("%d deadlocks, %v", deadlocks, err)
	}
}

// TestErasing: without its key an event says nothing any more, and the chain is whole.
func TestErasing(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	s := dbtest.AddScene(t, d.Root)
	office := dbtest.EmployeeAs(s.Organisation, s.Employee)
	for _, name := range []string{"Kersenlaan", "Beukenhof"} {
		if _, err := db.Write(office, d.DB, authz.DossierWrite, func(*db.Tx) (int, event.Event, error) {
			return 0, event.Of("dossier.changed", s.Dossier).In(s.Dossier).With("name", name), nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	var plain int
	if err := d.Root.QueryRow(`SELECT count(*) FROM audit_events e JOIN audit_keys k USING (organisation_id, seq)
		WHERE position('Kersenlaan'::bytea IN e.data) + position('Kersenlaan'::bytea IN k.key) > 0 OR length(e.data) = 0`).Scan(&plain); err != nil || plain != 0 {
		t.Errorf("%d events can be read in the database, %v", plain, err)
	}
	if _, err := d.Root.Exec(`DELETE FROM audit_keys WHERE seq = 1`); err != nil {
		t.Fatal(err)
	}
	trail := &audit.Service{DB: d.DB}
	es, err := trail.InDossier(office, s.Dossier, 0, 10)
	if err != nil || len(es) != 2 || es[0].Erased || es[0].Data["name"] != "Beukenhof" || !es[1].Erased || len(es[1].Data) != 0 {
		t.Errorf("%+v %v", es, err)
	}
	// A key of another row opens nothing.
	if _, err := d.Root.Exec(`INSERT INTO audit_keys (organisation_id, seq, key) SELECT organisation_id, 1, key FROM audit_keys WHERE seq = 2`); err != nil {
		t.Fatal(err)
	}
	if es, err = trail.InDossier(office, s.Dossier, 0, 10); err != nil || !es[1].Erased {
		t.Errorf("%+v %v", es, err)
	}
	conn, err := pgx.Connect(t.Context(), d.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if chains, err := audit.Verify(t.Context(), conn); err != nil || chains[0].Broken != 0 || chains[0].Events != 2 {
		t.Errorf("%+v %v", chains, err)
	}
}
