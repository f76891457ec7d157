package seed

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"voordeur/internal/blobstore"
	"voordeur/internal/dbtest"
	"voordeur/internal/sealed"
)

func TestTheDemoHasLifeInItAndIsMadeOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, dbtest.Open(t).DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(ctx)) })
	blobs, err := blobstore.Open(ctx, "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 10, 30, 0, 0, time.UTC)
	s := &Seeder{
		Conn: conn, Blobs: blobs, Key: sealed.New(), Hash: func(context.Context, string) (string, error) { return "hash", nil },
		PortalURL: "http://localhost:8080", OfficeURL: "http://localhost:8081", MailURL: "http://localhost:8025",
		DataDir: t.TempDir(), Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}
	first, err := s.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	count := func(query string) int {
		t.Helper()
		var n int
		if err := conn.QueryRow(ctx, query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count("SELECT count(*) FROM dossiers"); n != 40 {
		t.Errorf("%d dossiers, want 40", n)
	}
	for what, query := range map[string]string{
		"states of action points": "SELECT 5 - count(DISTINCT state) FROM action_points",
		"phases":                  "SELECT 5 - count(DISTINCT phase) FROM dossiers",
		"statuses":                "SELECT 2 - count(DISTINCT status) FROM dossiers",
		"test clients":            "SELECT 2 - count(*) FROM clients WHERE is_test",
		"something asked again":   "SELECT (count(*) = 0)::int FROM action_points WHERE state = 'open' AND round > 1 AND reason <> ''",
		"a link that is too old":  "SELECT (count(*) = 0)::int FROM password_links WHERE expires_at < '2026-11-22' AND used_at IS NULL",
		"a link that works":       "SELECT (count(*) = 0)::int FROM password_links WHERE expires_at > '2026-11-22 10:30' AND used_at IS NULL",
		"nothing from the future": "SELECT count(*) FROM audit_events WHERE at > '2026-11-22 10:30'",
		"rows that tell no story": "SELECT count(*) FROM submissions s WHERE NOT EXISTS (SELECT FROM documents d WHERE d.submission_id = s.id)",
		"documents unlike their current version": "SELECT count(*) FROM documents d LEFT JOIN document_versions v ON v.document_id = d.id AND v.number = d.current_version " +
			"WHERE (v.filename, v.media_type, v.size, v.sha256) IS DISTINCT FROM (d.filename, d.media_type, d.size, d.sha256)",
		"reviewed but not decided": "SELECT count(*) FROM action_points WHERE state IN ('approved', 'rejected', 'cancelled') AND decided_at IS NULL",
	} {
		if n := count(query); n != 0 {
			t.Errorf("%s: off by %d", what, n)
		}
	}
	before := count("SELECT count(*) FROM document_versions")
	second, err := s.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if after := count("SELECT count(*) FROM document_versions"); after != before {
		t.Errorf("a second run made %d documents more", after-before)
	}
	if len(second.Customers) != len(first.Customers) || len(second.Links) != len(first.Links) {
		t.Errorf("the second run tells other logins: %d and %d customers", len(first.Customers), len(second.Customers))
	}
	var out bytes.Buffer
	if err := second.Print(&out, now); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"http://localhost:8080/brugwachter", "sanne@brugwachter.example", "eva.dewit"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the printed demo does not say %s", want)
		}
	}
}
