package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

type client struct {
	OrganisationID, ID   uuid.UUID
	Name, Kind           string
	CreatedAt, UpdatedAt time.Time
}

func (client) TableName() string { return "clients" }

type ping struct{}

func (ping) Kind() string { return "test.ping" }

func add(ctx context.Context, d *db.DB, name string) (uuid.UUID, error) {
	return db.Write(ctx, d, authz.ClientWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		c := client{OrganisationID: tx.Actor.Organisation, ID: dbtest.ID(), Name: name, Kind: "household", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		if err := tx.Create(&c).Error; err != nil {
			return uuid.Nil, event.Event{}, err
		}
		return c.ID, event.Of("client.created", c.ID).With("name", name), tx.Enqueue(ping{})
	})
}

func count(t *testing.T, d *dbtest.Database, query string) int {
	t.Helper()
	var n int
	if err := d.Root.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRollbackTakesRowsTasksAndEvents(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	org, _ := dbtest.Organisation(t, d.Root)
	ctx := dbtest.Employee(org)
	boom := errors.New("boom")
	_, err := db.Write(ctx, d.DB, authz.ClientWrite, func(tx *db.Tx) (int, event.Event, error) {
		c := client{OrganisationID: org, ID: dbtest.ID(), Name: "A", Kind: "person", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		return 0, event.Event{}, errors.Join(tx.Create(&c).Error, tx.Enqueue(ping{}), tx.Record(event.Of("client.created", c.ID)), boom)
	})
	if !errors.Is(err, boom) {
		t.Fatalf("got %v", err)
	}
	if n := count(t, d, `SELECT (SELECT count(*) FROM clients) + (SELECT count(*) FROM river_job) + (SELECT count(*) FROM audit_events)`); n != 0 {
		t.Errorf("%d rows survived the rollback", n)
	}
	if _, err := add(ctx, d.DB, "A"); err != nil {
		t.Fatal(err)
	}
	if n := count(t, d, `SELECT (SELECT count(*) FROM clients) + (SELECT count(*) FROM river_job) + (SELECT count(*) FROM audit_events JOIN audit_keys USING (organisation_id, seq))`); n != 3 {
		t.Errorf("%d of row, task and event after the commit", n)
	}
	var id uuid.UUID
	var box, key []byte
	if err := d.Root.QueryRow(`SELECT id, data, key FROM audit_events JOIN audit_keys USING (organisation_id, seq)`).Scan(&id, &box, &key); err != nil {
		t.Fatal(err)
	}
	if data, ok := d.EventData(org, id, box, key); !ok || data["name"] != "A" {
		t.Errorf("the event tells %v", data)
	}
}

func TestTheDoorRefuses(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	org, _ := dbtest.Organisation(t, d.Root)
	none := func(*db.Tx) (int, error) { return 0, nil }
	if _, err := db.Read(t.Context(), d.DB, authz.ClientRead, none); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := db.Read(dbtest.Employee(org, authz.DossierRead), d.DB, authz.ClientRead, none); !errors.Is(err, db.ErrForbidden) {
		t.Errorf("another permission: %v", err)
	}
	ctx := dbtest.Employee(org)
	if _, err := db.Read(ctx, d.DB, "client:eat", none); err == nil {
		t.Error("a permission outside the catalogue opened the door")
	}
	op := authz.WithOperation(ctx, authz.Operation{ID: "listClients", Needs: []authz.Permission{authz.ClientRead}})
	if _, err := db.Read(op, d.DB, authz.DossierRead, none); err == nil {
		t.Error("the door and the operation table differ, and nobody minds")
	}
	_, err := db.Read(ctx, d.DB, authz.ClientRead, func(tx *db.Tx) (int, error) {
		return 0, tx.Exec("UPDATE clients SET name = name").Error
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "25006" {
		t.Errorf("writing in Read: %v", err)
	}
	if _, err := db.Write(ctx, d.DB, authz.ClientWrite, func(*db.Tx) (int, event.Event, error) { return 0, event.Event{}, nil }); err == nil {
		t.Error("a write without an event passed")
	}
}

// TestOutsideTheDoor: the login role can do nothing by itself, nor take a role it was not given.
func TestOutsideTheDoor(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	conn, err := pgx.Connect(t.Context(), d.DSN("voordeur_app"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, q := range []string{
		"SELECT * FROM clients", "INSERT INTO attempts VALUES (gen_random_uuid(), '', now(), 1)", "SELECT * FROM river_job",
		"SET ROLE postgres", "SET ROLE voordeur_migrator", "SET ROLE voordeur_queue", "CREATE TABLE t (id int)", "ALTER TABLE clients DISABLE ROW LEVEL SECURITY",
	} {
		_, err := conn.Exec(t.Context(), q)
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "42501" {
			t.Errorf("%s: %v", q, err)
		}
	}
}

// TestOtherOffice: rows of another office do not exist, whoever asks and however.
func TestOtherOffice(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	mine, theirs := dbtest.AddScene(t, d.Root), dbtest.AddScene(t, d.Root)
	dbtest.AddDocument(t, d.Root, theirs.Organisation, theirs.Dossier, true)
	open := d.WithoutPermissionChecks()
	for _, table := range []string{"organisations", "clients", "contacts", "portal_members", "dossiers", "applicants", "dossier_members", "products", "action_points", "documents"} {
		n, err := db.Read(dbtest.Employee(mine.Organisation), open, authz.DossierRead, func(tx *db.Tx) (int64, error) {
			var n int64
			return n, tx.Table(table).Where("organisation_id = ?", theirs.Organisation).Count(&n).Error
		})
		if err != nil || n != 0 {
			t.Errorf("%s: %d rows of another office (%v)", table, n, err)
		}
	}
	_, err := db.Write(dbtest.Employee(mine.Organisation), open, authz.ClientWrite, func(tx *db.Tx) (int, event.Event, error) {
		return 0, event.None, tx.Create(&client{OrganisationID: theirs.Organisation, ID: dbtest.ID(), Name: "A", Kind: "person", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}).Error
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "42501" {
		t.Errorf("inserting into another office: %v", err)
	}
}

// TestMemberSeesItsDossiersOnly, with the code's own checks switched off: what
// remains is what the database itself enforces.
func TestMemberSeesItsDossiersOnly(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	s := dbtest.AddScene(t, d.Root)
	stranger := dbtest.AddCustomer(t, d.Root, s.Organisation, "Ruben")
	other := dbtest.AddDossier(t, d.Root, s.Organisation, s.Employee, stranger)
	dbtest.AddActionPoint(t, d.Root, s.Organisation, other, "open")
	shown := dbtest.AddDocument(t, d.Root, s.Organisation, s.Dossier, true)
	dbtest.AddDocument(t, d.Root, s.Organisation, s.Dossier, false)
	open := d.WithoutPermissionChecks()
	ctx := dbtest.Member(s.Organisation, s.Member)

	see := func(ctx context.Context, need authz.Permission) map[string]int64 {
		t.Helper()
		got, err := db.Read(ctx, open, need, func(tx *db.Tx) (map[string]int64, error) {
			got := map[string]int64{}
			for _, table := range []string{"dossiers", "action_points", "documents", "document_versions", "contacts", "clients", "portal_members"} {
				var n int64
				if err := tx.Raw("SELECT count(id) FROM (SELECT 1 AS id FROM " + table + ") t").Scan(&n).Error; err != nil {
					return nil, fmt.Errorf("%s: %w", table, err)
				}
				got[table] = n
			}
			return got, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for table, n := range see(ctx, authz.PortalDossierRead) {
		if n != 1 {
			t.Errorf("%s: the member sees %d rows", table, n)
		}
	}
	// Without the permission named at the door there is nothing but oneself.
	if _, err := d.Root.Exec(`UPDATE portal_members SET permissions = '{portal.me}' WHERE id = $1`, s.Member); err != nil {
		t.Fatal(err)
	}
	if got := see(ctx, authz.PortalDossierRead); got["dossiers"]+got["action_points"]+got["documents"]+got["document_versions"] != 0 {
		t.Errorf("without the permission: %v", got)
	}
	if _, err := d.Root.Exec(`UPDATE portal_members SET permissions = '{portal.dossier:read,portal.submission:create}' WHERE id = $1`, s.Member); err != nil {
		t.Fatal(err)
	}
	for name, query := range map[string]string{
		"approve":               "UPDATE action_points SET state = 'approved' WHERE id = '" + s.ActionPoint.String() + "'",
		"change the reason":     "UPDATE action_points SET reason = '' WHERE id = '" + s.ActionPoint.String() + "'",
		"read a password hash":  "SELECT password_hash FROM portal_members",
		"read an employee":      "SELECT password_hash FROM employees",
		"hide a document":       "UPDATE documents SET visible = false WHERE id = '" + shown.String() + "'",
		"give itself more":      "UPDATE portal_members SET permissions = '{}'",
		"write the trail":       "INSERT INTO audit_events (id, name, actor_kind, actor_id, subject, at) VALUES (gen_random_uuid(), 'x', 'employee', gen_random_uuid(), gen_random_uuid(), now())",
		"change the trail":      "UPDATE audit_events SET name = ''",
		"read its data":         "SELECT data FROM audit_events",
		"read its keys":         "SELECT * FROM audit_keys",
		"move its end":          "UPDATE audit_heads SET seq = 0",
		"take another's upload": "INSERT INTO uploads (id, member_id, filename, size, created_at, expires_at) VALUES (gen_random_uuid(), '" + stranger.Member.String() + "', 'a', 1, now(), now())",
		"read the mails":        "SELECT * FROM mails",
	} {
		_, err := db.Write(ctx, open, authz.PortalSubmissionCreate, func(tx *db.Tx) (int, event.Event, error) {
			return 0, event.None, tx.Exec(query).Error
		})
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "42501" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := db.Write(ctx, open, authz.PortalSubmissionCreate, func(tx *db.Tx) (int, event.Event, error) {
		return 0, event.Of("action_point.submitted", s.ActionPoint).In(s.Dossier), tx.Exec("UPDATE action_points SET state = 'submitted', submitted_at = now() WHERE id = ?", s.ActionPoint).Error
	}); err != nil {
		t.Errorf("handing in: %v", err)
	}
}

// TestSameKeyTwice: fifty requests at once with one key are one effect and one answer.
func TestSameKeyTwice(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	org, _ := dbtest.Organisation(t, d.Root)
	who := dbtest.Actor(org)
	once := func(key, body string) (uuid.UUID, error) {
		ctx := authz.WithIdempotency(authz.With(context.Background(), who), authz.Key{Operation: "createClient", Key: key, BodyHash: []byte(body)})
		return add(ctx, d.DB, body)
	}
	var wg sync.WaitGroup
	answers := make([]uuid.UUID, 50)
	for i := range answers {
		wg.Go(func() {
			id, err := once("k", "a")
			if err != nil {
				t.Errorf("request %d: %v", i, err)
			}
			answers[i] = id
		})
	}
	wg.Wait()
	for _, id := range answers {
		if id != answers[0] || id == uuid.Nil {
			t.Fatalf("answers differ: %v and %v", answers[0], id)
		}
	}
	if n := count(t, d, "SELECT (SELECT count(*) FROM clients) * 100 + (SELECT count(*) FROM audit_events) * 10 + (SELECT count(*) FROM river_job)"); n != 111 {
		t.Errorf("rows, events, tasks: %d, want 111", n)
	}
	if _, err := once("k", "b"); !errors.Is(err, db.ErrKeyReused) {
		t.Errorf("another body: %v", err)
	}
	if id, err := once("l", "a"); err != nil || id == answers[0] {
		t.Errorf("another key: %v %v", id, err)
	}
	d.Clock.Advance(db.KeyLifetime + time.Minute)
	if id, err := once("k", "b"); err != nil || id == answers[0] {
		t.Errorf("the key after a day: %v %v", id, err)
	}
}

func TestDeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	org, _ := dbtest.Organisation(t, d.Root)
	a, b := dbtest.AddCustomer(t, d.Root, org, "Eva"), dbtest.AddCustomer(t, d.Root, org, "Ruben")
	var tries atomic.Int32
	var met sync.WaitGroup
	met.Add(2)
	swap := func(first, second uuid.UUID) error {
		var here sync.Once
		_, err := db.Write(dbtest.Employee(org), d.DB, authz.ClientWrite, func(tx *db.Tx) (int, event.Event, error) {
			tries.Add(1)
			if err := tx.Exec("UPDATE clients SET version = version + 1 WHERE id = ?", first).Error; err != nil {
				return 0, event.None, err
			}
			here.Do(func() { met.Done(); met.Wait() })
			return 0, event.None, tx.Exec("UPDATE clients SET version = version + 1 WHERE id = ?", second).Error
		})
		return err
	}
	errs := make(chan error, 2)
	go func() { errs <- swap(a.Client, b.Client) }()
	go func() { errs <- swap(b.Client, a.Client) }()
	if err := errors.Join(<-errs, <-errs); err != nil {
		t.Fatal(err)
	}
	if n := count(t, d, "SELECT sum(version) FROM clients"); n != 6 || tries.Load() < 3 {
		t.Errorf("versions %d, tries %d", n, tries.Load())
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	s := dbtest.AddScene(t, d.Root)
	ctx := dbtest.Employee(s.Organisation)
	_, err := db.Read(ctx, d.DB, authz.ClientRead, func(tx *db.Tx) (client, error) {
		var c client
		return c, tx.Where("id = ?", dbtest.ID()).Take(&c).Error
	})
	if !errors.Is(err, db.ErrNotFound) {
		t.Errorf("nothing there: %v", err)
	}
	_, err = db.Write(ctx, d.DB, authz.ClientWrite, func(tx *db.Tx) (int, event.Event, error) {
		return 0, event.None, tx.Create(&client{OrganisationID: s.Organisation, ID: s.Client, Name: "A", Kind: "person", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}).Error
	})
	if !errors.Is(err, db.ErrConflict) || !db.IsUnique(err, "clients_pkey") {
		t.Errorf("a second one: %v", err)
	}
	mine := fault.OnField("/username", "taken")
	_, err = db.Write(ctx, d.DB, authz.ClientWrite, func(*db.Tx) (int, event.Event, error) { return 0, event.None, mine })
	if !errors.Is(err, mine) {
		t.Errorf("a fault of the use case: %v", err)
	}
}

// TestReadBatch: one round trip has the same rights as a transaction at the door.
func TestReadBatch(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	s := dbtest.AddScene(t, d.Root)
	dbtest.AddScene(t, d.Root)
	type page struct{ Dossiers, Points int }
	read := func(ctx context.Context, need authz.Permission) (page, error) {
		return db.ReadBatch(ctx, d.DB, need, func(b *pgx.Batch, p *page) {
			b.Queue("SELECT count(*) FROM dossiers").QueryRow(func(r pgx.Row) error { return r.Scan(&p.Dossiers) })
			b.Queue("SELECT count(*) FROM action_points WHERE dossier_id = $1", s.Dossier).QueryRow(func(r pgx.Row) error { return r.Scan(&p.Points) })
		})
	}
	for range 3 { // the second time every statement is prepared
		for _, ctx := range []context.Context{dbtest.Employee(s.Organisation), dbtest.Member(s.Organisation, s.Member)} {
			need := authz.DossierRead
			if a, _ := authz.From(ctx); a.Kind == authz.Member {
				need = authz.PortalDossierRead
			}
			if p, err := read(ctx, need); err != nil || p != (page{1, 1}) {
				t.Errorf("%+v %v", p, err)
			}
		}
		if p, err := read(dbtest.Member(s.Organisation, dbtest.ID()), authz.PortalDossierRead); err != nil || p != (page{}) {
			t.Errorf("a stranger: %+v %v", p, err)
		}
	}
	_, err := db.ReadBatch(dbtest.Employee(s.Organisation), d.DB, authz.DossierRead, func(b *pgx.Batch, _ *page) {
		b.Queue("UPDATE clients SET name = name").Exec(func(pgconn.CommandTag) error { return nil })
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "25006" {
		t.Errorf("writing in a batch: %v", err)
	}
}

// TestCancelledRequests leave neither a transaction nor a role on a connection.
func TestCancelledRequests(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	org, _ := dbtest.Organisation(t, d.Root)
	for i := range 40 {
		ctx, cancel := context.WithTimeout(dbtest.Employee(org), time.Duration(i)*100*time.Microsecond)
		_, _ = db.Read(ctx, d.DB, authz.ClientRead, func(tx *db.Tx) (int, error) { return 0, tx.Exec("SELECT pg_sleep(0.002)").Error })
		cancel()
	}
	for range 20 {
		who, err := db.System(t.Context(), d.DB, "look at the role", func(tx *db.Tx) (string, error) {
			var s string
			return s, tx.Raw("SELECT current_user || coalesce(app.organisation()::text, '')").Scan(&s).Error
		})
		if err != nil || who != "voordeur_system" {
			t.Fatalf("%q %v", who, err)
		}
	}
	// A broken connection is taken apart in the background.
	for deadline := time.Now().Add(5 * time.Second); d.DB.Stat().AcquiredConns() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections were not given back", d.DB.Stat().AcquiredConns())
		}
	}
}

func TestListen(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	s := dbtest.AddScene(t, d.Root)
	ctx, cancel := context.WithCancel(t.Context())
	ready, heard, ended := make(chan struct{}), make(chan db.Notice, 1), make(chan error, 1)
	go func() {
		ended <- db.Listen(ctx, d.DB, func() { close(ready) }, func(n db.Notice) { heard <- n })
	}()
	<-ready
	id, err := add(dbtest.Employee(s.Organisation), d.DB, "B")
	if err != nil {
		t.Fatal(err)
	}
	n := <-heard
	if n.Organisation != s.Organisation || n.Subject != id || n.Name != "client.created" || n.Seq == 0 || n.Dossier != uuid.Nil {
		t.Errorf("heard %+v", n)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// TestSweep leaves what still counts.
func TestSweep(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	org, _ := dbtest.Organisation(t, d.Root)
	for _, age := range []string{"1 hour", "25 hours", "40 days"} {
		if _, err := d.Root.Exec(`INSERT INTO idempotency_keys (organisation_id, principal, operation, key, body_hash, created_at) VALUES ($1, $1, 'x', $2, '', now() - $2::text::interval)`, org, age); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Root.Exec(`INSERT INTO attempts (organisation_id, key, window_start, count) VALUES ($1, $2, now() - $2::text::interval, 1)`, org, age); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Root.Exec(`INSERT INTO request_buckets VALUES ('full', now() - interval '1 second', false), ('busy', now() + interval '1 minute', true)`); err != nil {
		t.Fatal(err)
	}
	if n, err := db.Sweep(t.Context(), d.DB); err != nil || n != 5 {
		t.Errorf("%d rows went, want 5 (%v)", n, err)
	}
}

// TestQueue: what is queued happens with the rest or not at all, also when its own callback refuses.
func TestQueue(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	s := dbtest.AddScene(t, d.Root)
	ctx := dbtest.Employee(s.Organisation)
	const insert = `INSERT INTO clients (id, name, created_at, updated_at) VALUES ($1, 'Q', now(), now())`
	refused := fault.OnField("/name", "taken")
	for what, c := range map[string]struct {
		after func(tx *db.Tx, id uuid.UUID) error
		want  error
		left  int
	}{
		"at commit": {func(*db.Tx, uuid.UUID) error { return nil }, nil, 1},
		"before a query of GORM": {func(tx *db.Tx, id uuid.UUID) error {
			var n int64
			if err := tx.Raw("SELECT count(*) FROM clients WHERE id = ?", id).Scan(&n).Error; err != nil || n != 1 {
				return fmt.Errorf("%d rows, %w", n, err)
			}
			return nil
		}, nil, 1},
		"twice": {func(tx *db.Tx, id uuid.UUID) error { tx.Queue(insert, id); return nil }, db.ErrConflict, 0},
		"twice, seen by a row": {func(tx *db.Tx, id uuid.UUID) error {
			tx.Queue(insert, id)
			var n int
			return tx.Raw("SELECT 1").Row().Scan(&n)
		}, db.ErrConflict, 0},
		"refused at the end": {func(tx *db.Tx, id uuid.UUID) error {
			tx.Queue("UPDATE clients SET name = 'R' WHERE id = $1", id).Exec(func(pgconn.CommandTag) error { return refused })
			return nil
		}, refused, 0},
	} {
		id, err := db.Write(ctx, d.DB, authz.ClientWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
			id := dbtest.ID()
			tx.Queue(insert, id)
			if err := c.after(tx, id); err != nil {
				return id, event.Event{}, err
			}
			return id, event.Of("client.created", id), nil
		})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
		var n int
		if err := d.Root.QueryRow("SELECT count(*) FROM clients WHERE name IN ('Q', 'R')").Scan(&n); err != nil || n != c.left {
			t.Errorf("%s: %d rows (%v)", what, n, err)
		}
		if _, err := d.Root.Exec("DELETE FROM clients WHERE id = $1", id); err != nil {
			t.Fatal(err)
		}
	}
}
