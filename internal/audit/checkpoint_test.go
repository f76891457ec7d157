package audit_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"voordeur/internal/audit"
	"voordeur/internal/blobstore"
	"voordeur/internal/dbtest"
	"voordeur/internal/sealed"
)

// anew writes a chain again with every hash in it, as somebody who owns the database can: the events first, then the end.
const anew = `SET LOCAL session_replication_role = replica;
	CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM audit_events WHERE organisation_id = app_office;
	DELETE FROM audit_events WHERE organisation_id = app_office;
	UPDATE audit_heads SET seq = 0, hash = decode(repeat('00', 32), 'hex') WHERE organisation_id = app_office;
	SET LOCAL session_replication_role = origin;
	INSERT INTO audit_events (organisation_id, id, name, actor_kind, actor_id, subject, dossier_id, data, at)
	SELECT organisation_id, id, CASE WHEN seq = 4 THEN 'client.created' ELSE name END, actor_kind, actor_id, subject, dossier_id, data, at FROM kept WHERE seq <= app_keep ORDER BY seq`

// TestCheckpoints: what was signed outside the database finds a chain that was written anew with all its hashes, one that was cut off
// together with its end, and one of which nothing is left; nobody else's signature counts, and what was signed is never written over.
func TestCheckpoints(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	office, _ := dbtest.Organisation(t, d.Root)
	other, _ := dbtest.Organisation(t, d.Root)
	write(t, d.DB, office, 5)
	write(t, d.DB, other, 3)
	ctx := context.Background()
	blobs, err := blobstore.Open(ctx, "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = blobs.Close() }()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	points := &audit.Checkpoints{DB: d.DB, Blobs: blobs, Key: sealed.New(), Now: func() time.Time { return now }}
	sign := func() {
		t.Helper()
		if err := (&audit.SignWorker{Checkpoints: points}).Work(ctx, &river.Job[audit.Sign]{}); err != nil {
			t.Fatal(err)
		}
	}
	signed := func(p *audit.Checkpoints) ([]audit.Checkpoint, []string) {
		t.Helper()
		all, wrong, err := p.Signed(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return all, wrong
	}
	sign()
	now = now.Add(time.Hour)
	sign() // nothing new: nothing is written, and nothing is dated anew
	write(t, d.DB, office, 2)
	sign()
	all, wrong := signed(points)
	if len(all) != 3 || len(wrong) != 0 {
		t.Fatalf("%+v %v", all, wrong)
	}
	for _, c := range all {
		if early := c.Seq != 7; early != c.At.Before(now) {
			t.Errorf("%d was signed at %s", c.Seq, c.At)
		}
	}

	conn, err := pgx.Connect(ctx, d.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if chains, err := audit.Verify(ctx, conn, all...); err != nil || chains[0].Broken != 0 || chains[1].Broken != 0 {
		t.Errorf("nobody touched it: %+v %v", chains, err)
	}
	fill := func(keep string) string {
		return strings.NewReplacer("app_office", "'"+office.String()+"'", "app_keep", keep).Replace(anew)
	}
	gone := "SET LOCAL session_replication_role = replica; DELETE FROM audit_events WHERE organisation_id = '" + office.String() +
		"'; DELETE FROM audit_heads WHERE organisation_id = '" + office.String() + "'; DELETE FROM organisations WHERE organisation_id = '" + office.String() + "'"
	for name, c := range map[string]struct {
		query string
		alone int64 // what the chain says without what was signed
		want  int64
	}{
		"written anew":             {fill("7"), 0, 5},
		"cut off with its end":     {fill("3"), 0, 4},
		"an office that never was": {gone, 0, 1},
	} {
		tx, err := conn.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(ctx, c.query); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for with, want := range map[bool]int64{false: c.alone, true: c.want} {
			given := all
			if !with {
				given = nil
			}
			chains, err := audit.Verify(ctx, tx, given...)
			if err != nil {
				t.Fatal(err)
			}
			found := map[uuid.UUID]int64{}
			for _, chain := range chains {
				found[chain.Organisation] = chain.Broken
			}
			if found[office] != want || found[other] != 0 {
				t.Errorf("%s, with checkpoints %t: %+v, want %d", name, with, chains, want)
			}
		}
		_ = tx.Rollback(ctx)
	}

	// Another installation's key, a changed byte, another place, and what is no checkpoint at all.
	if all, wrong := signed(&audit.Checkpoints{Blobs: blobs, Key: sealed.New()}); len(all) != 0 || len(wrong) != 3 {
		t.Errorf("somebody else's key: %v %v", all, wrong)
	}
	name := "checkpoints/" + office.String() + "/00000000000000000005.json"
	raw := get(t, blobs, name)
	for what, bad := range map[string][2]string{
		"another hash":  {name, strings.Replace(raw, `"hash":"`, `"hash":"0`, 1)},
		"another time":  {name, strings.Replace(raw, "2026-03-02", "2026-03-01", 1)},
		"another place": {"checkpoints/" + other.String() + "/00000000000000000005.json", raw},
		"nonsense":      {name, "nonsense"},
	} {
		put(t, blobs, bad[0], bad[1])
		if _, wrong := signed(points); len(wrong) != 1 || wrong[0] != bad[0] {
			t.Errorf("%s: %v", what, wrong)
		}
		put(t, blobs, name, raw)
		if bad[0] != name {
			if err := blobs.Delete(ctx, bad[0]); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func get(t *testing.T, blobs *blobstore.Store, name string) string {
	t.Helper()
	r, err := blobs.Read(t.Context(), name, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func put(t *testing.T, blobs *blobstore.Store, name, text string) {
	t.Helper()
	w, err := blobs.Create(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}
