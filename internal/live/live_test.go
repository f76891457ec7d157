package live_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/actionpoint"
	"voordeur/internal/audit"
	"voordeur/internal/authz"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/live"
)

// listen opens a stream and returns what it says; it waits until the hub has it.
func listen(ctx context.Context, t *testing.T, h *live.Hub, need authz.Permission, last string) <-chan string {
	t.Helper()
	s, err := h.Open(ctx, need, last)
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 100)
	go func() {
		defer close(said)
		defer s.Close()
		for {
			text, more := s.Next()
			if !more {
				return
			}
			said <- string(text)
		}
	}()
	return said
}

// wait returns the next text that contains part; everything before it is skipped.
func wait(t *testing.T, said <-chan string, part string) string {
	t.Helper()
	late := time.After(5 * time.Second)
	for {
		select {
		case text, open := <-said:
			if !open {
				t.Fatalf("the stream ended before %q", part)
			}
			if strings.Contains(text, part) {
				return text
			}
		case <-late:
			t.Fatalf("never heard %q", part)
		}
	}
}

func ends(t *testing.T, said <-chan string) {
	t.Helper()
	late := time.After(5 * time.Second)
	for {
		select {
		case _, open := <-said:
			if !open {
				return
			}
		case <-late:
			t.Fatal("the stream goes on")
		}
	}
}

type stage struct {
	dbtest.Scene
	hub    *live.Hub
	points *actionpoint.Service
	door   *db.DB
	stop   context.CancelFunc
}

func open(t *testing.T) (stage, *dbtest.Database) {
	t.Helper()
	base := dbtest.Open(t)
	st := stage{
		Scene: dbtest.AddScene(t, base.Root), hub: &live.Hub{DB: base.DB, Log: slog.New(slog.DiscardHandler), Now: clock.Now},
		points: &actionpoint.Service{DB: base.DB, Now: clock.Now}, door: base.DB,
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); st.hub.Run(ctx) }()
	st.stop = stop
	t.Cleanup(func() { stop(); <-done })
	// Run listens from a moment on; ask until it does.
	office := listen(st.office(), t, st.hub, authz.DossierRead, "")
	for heard := false; !heard; {
		st.ask(t, "wakker?")
		select {
		case text := <-office:
			heard = strings.Contains(text, "event: change")
		case <-time.After(50 * time.Millisecond):
		}
	}
	return st, base
}

func (s stage) office() context.Context {
	return sessionless(dbtest.EmployeeAs(s.Organisation, s.Employee))
}

func (s stage) customer() context.Context {
	return sessionless(dbtest.Member(s.Organisation, s.Member))
}

// sessionless takes away the session that the fixture made up: the hub would find that it does not go on.
func sessionless(ctx context.Context) context.Context {
	who, err := authz.From(ctx)
	if err != nil {
		panic(err)
	}
	who.Session = uuid.Nil
	return authz.With(ctx, who)
}

func (s stage) ask(t *testing.T, title string) uuid.UUID {
	t.Helper()
	made, err := s.points.Create(s.office(), s.Dossier, []actionpoint.Draft{{Title: title}})
	if err != nil {
		t.Fatal(err)
	}
	return made[0].ID
}

// TestHear: the office and the customer hear of a change at once; nobody else does (F2).
func TestHear(t *testing.T) {
	t.Parallel()
	s, base := open(t)
	other := dbtest.AddScene(t, base.Root)
	neighbour := dbtest.AddCustomer(t, base.Root, s.Organisation, "Bo")
	office := listen(s.office(), t, s.hub, authz.DossierRead, "")
	customer := listen(s.customer(), t, s.hub, authz.PortalDossierRead, "")
	deaf := []<-chan string{
		listen(dbtest.Member(s.Organisation, neighbour.Member), t, s.hub, authz.PortalDossierRead, ""),
		listen(dbtest.Member(other.Organisation, other.Member), t, s.hub, authz.PortalDossierRead, ""),
		listen(dbtest.EmployeeAs(other.Organisation, other.Employee), t, s.hub, authz.DossierRead, ""),
	}
	id := s.ask(t, "Loonstrook van een geheim bedrag")
	for _, said := range []<-chan string{office, customer} {
		text := wait(t, said, `"subject":"`+id.String()+`"`)
		if !strings.Contains(text, `"name":"action_point.created"`) || !strings.Contains(text, `"dossierId":"`+s.Dossier.String()+`"`) ||
			!strings.Contains(text, "event: change\n") || strings.Contains(text, "geheim") {
			t.Errorf("heard %s", text)
		}
	}
	// What comes after has been through the same queue: had they heard the first, it would be here now.
	if _, err := base.Root.Exec(`DELETE FROM dossier_members WHERE member_id = $1`, s.Member); err != nil {
		t.Fatal(err)
	}
	revoked := s.ask(t, "Na het intrekken")
	wait(t, office, revoked.String())
	for i, said := range append(deaf, customer) {
		for len(said) > 0 {
			if text := <-said; strings.Contains(text, "event: change") {
				t.Errorf("%d heard %s", i, text)
			}
		}
	}
}

// TestResume: a client that comes back hears what it missed, or that it missed too much.
func TestResume(t *testing.T) {
	t.Parallel()
	s, base := open(t)
	s.ask(t, "Nul") // number 1 of the office, which the client has heard
	first := s.ask(t, "Een")
	text := wait(t, listen(s.customer(), t, s.hub, authz.PortalDossierRead, "1"), first.String())
	var last string
	for _, line := range strings.Split(text, "\n") {
		if id, ok := strings.CutPrefix(line, "id: "); ok {
			last = id
		}
	}
	missed := s.ask(t, "Twee")
	wait(t, listen(s.customer(), t, s.hub, authz.PortalDossierRead, last), missed.String())
	wait(t, listen(s.office(), t, s.hub, authz.DossierRead, last), missed.String())
	wait(t, listen(s.office(), t, s.hub, authz.DossierRead, "999999"), "event: resync")
	if _, err := base.Root.Exec(`INSERT INTO audit_events (organisation_id, id, name, actor_kind, actor_id, subject, dossier_id, at)
		SELECT $1, gen_random_uuid(), 'dossier.changed', 'employee', $2, $3, $3, now() FROM generate_series(1, 600)`, s.Organisation, s.Employee, s.Dossier); err != nil {
		t.Fatal(err)
	}
	wait(t, listen(s.customer(), t, s.hub, authz.PortalDossierRead, last), "event: resync")
}

// TestEnd: a stream ends with its session, and with the server.
func TestEnd(t *testing.T) {
	t.Parallel()
	s, base := open(t)
	session := dbtest.ID()
	if _, err := base.Root.Exec(`INSERT INTO sessions (organisation_id, id, token_hash, audience, member_id, stage, created_at, last_seen_at, expires_at)
		VALUES ($1, $2, sha256($3), 'portal', $4, 'full', now(), now(), now() + interval '1 hour')`, s.Organisation, session, []byte(session.String()), s.Member); err != nil {
		t.Fatal(err)
	}
	who, err := authz.From(s.customer())
	if err != nil {
		t.Fatal(err)
	}
	who.Session = session
	customer := listen(authz.With(context.Background(), who), t, s.hub, authz.PortalDossierRead, "")
	office := listen(s.office(), t, s.hub, authz.DossierRead, "")
	wait(t, customer, "id: ")
	if _, err := base.Root.Exec(`UPDATE sessions SET ended_at = now() WHERE id = $1`, session); err != nil {
		t.Fatal(err)
	}
	if _, err := base.Root.Exec(`SELECT pg_notify('voordeur_events', json_build_object('organisation', $1::uuid, 'seq', 1, 'name', 'session.ended', 'subject', $2::uuid)::text)`,
		s.Organisation, session); err != nil {
		t.Fatal(err)
	}
	ends(t, customer)
	wait(t, office, "session.ended")
	if _, err := s.hub.Open(dbtest.Member(s.Organisation, s.Member, authz.PortalMe), authz.PortalDossierRead, ""); err == nil {
		t.Error("a member without the right may listen")
	}
	select { // the session of the one is not that of the other
	case _, open := <-office:
		if !open {
			t.Error("another session's stream ended too")
		}
	case <-time.After(100 * time.Millisecond):
	}
	s.stop()
	ends(t, office)
	if _, err := s.hub.Open(s.office(), authz.DossierRead, ""); err == nil {
		t.Error("a stream began while the server stops")
	}
}

// TestReconnect: when the listening connection breaks, clients are told to read again, and hear what comes next.
func TestReconnect(t *testing.T) {
	t.Parallel()
	s, base := open(t)
	office := listen(s.office(), t, s.hub, authz.DossierRead, "")
	wait(t, office, "id: ")
	if _, err := base.Root.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`); err != nil {
		t.Fatal(err)
	}
	wait(t, office, "event: resync")
	wait(t, office, s.ask(t, "Weer wakker").String())
}

// TestTimeline: newest first, with the names of who acted; not for the other office.
func TestTimeline(t *testing.T) {
	t.Parallel()
	d, root := dbtest.New(t)
	s, other := dbtest.AddScene(t, root), dbtest.AddScene(t, root)
	points, trail := &actionpoint.Service{DB: d, Now: clock.Now}, &audit.Service{DB: d}
	office := dbtest.EmployeeAs(s.Organisation, s.Employee)
	for _, title := range []string{"een", "twee", "drie"} {
		if _, err := points.Create(office, s.Dossier, []actionpoint.Draft{{Title: title}}); err != nil {
			t.Fatal(err)
		}
	}
	es, err := trail.InDossier(office, s.Dossier, 0, 2)
	if err != nil || len(es) != 2 || es[0].Data["title"] != "drie" || es[0].ActorFirstName != "Sanne" {
		t.Fatalf("%+v %v", es, err)
	}
	rest, err := trail.InDossier(office, s.Dossier, es[1].Seq, 2)
	if err != nil || len(rest) != 1 || rest[0].Data["title"] != "een" {
		t.Fatalf("%+v %v", rest, err)
	}
	if _, err := trail.InDossier(dbtest.Employee(other.Organisation), s.Dossier, 0, 2); err == nil {
		t.Error("the other office reads the timeline")
	}
}
