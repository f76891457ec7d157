package signin_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/employee"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/signin"
)

const why = "Mevrouw belt: ze vindt haar offerte niet."

// office signs an employee in and returns the context in which requests of that session run.
func (w *world) office(t *testing.T, role string) (context.Context, authz.Actor) {
	t.Helper()
	id := dbtest.AddEmployee(t, w.Root, w.Organisation, role)
	session := dbtest.ID()
	now := w.Clock.Now()
	w.exec(t, `INSERT INTO sessions (organisation_id, id, token_hash, audience, employee_id, stage, created_at, last_seen_at, verified_at, expires_at)
		VALUES ($1, $2, sha256($3), 'office', $4, 'full', $5::timestamptz, $5::timestamptz, $5::timestamptz, $5::timestamptz + interval '12 hours')`, w.Organisation, session, session[:], id, now)
	who := authz.Actor{ID: id, Organisation: w.Organisation, Kind: authz.Employee, Session: session, Grants: authz.Role(role).Grants()}
	return authz.With(t.Context(), who), who
}

// look begins a look of the employee in ctx at the customer of the scene.
func (w *world) look(ctx context.Context, t *testing.T) signin.View {
	t.Helper()
	ticket, err := w.RequestView(ctx, signin.ViewRequest{Member: w.Member, Dossier: w.Dossier, Reason: why})
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.BeginView(ctx, ticket.Token)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// over is the code with which the look is refused; empty: it goes on.
func (w *world) over(t *testing.T, v signin.View) string {
	t.Helper()
	_, err := w.Resolve(t.Context(), authz.Member, v.Token)
	if err == nil {
		return ""
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || !errors.Is(err, authz.ErrNoActor) {
		t.Fatalf("%v is no refusal", err)
	}
	return f.Code
}

// ended returns the reasons that the trail gives for the ends of looks.
func (w *world) ended(t *testing.T) []string {
	t.Helper()
	rows, err := w.Root.Query(`SELECT ended_why FROM portal_views WHERE ended_why IS NOT NULL ORDER BY ended_at, id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	var events int
	if err := w.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = 'portal_view.ended'`).Scan(&events); err != nil || events != len(all) {
		t.Errorf("%d ends, %d of them in the trail: %v", len(all), events, err)
	}
	return all
}

// TestViewTicket: who may, as whom, with which reason; the ticket works once and for a minute, and is nowhere but in the answer.
func TestViewTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, _ := w.office(t, "adviser")
	elsewhere := dbtest.AddScene(t, w.Root)
	ask := func(ctx context.Context, in signin.ViewRequest) error {
		_, err := w.RequestView(ctx, in)
		return err
	}
	good := signin.ViewRequest{Member: w.Member, Reason: why}
	for name, c := range map[string]struct {
		ctx  context.Context
		in   signin.ViewRequest
		want error
	}{
		"no reason":                {ctx, signin.ViewRequest{Member: w.Member, Reason: "         .           "}, fault.ErrInvalid},
		"member of another office": {ctx, signin.ViewRequest{Member: elsewhere.Member, Reason: why}, db.ErrNotFound},
		"dossier of somebody else": {ctx, signin.ViewRequest{Member: w.Member, Dossier: elsewhere.Dossier, Reason: why}, fault.ErrInvalid},
		"a role without the right": {authz.With(t.Context(), authz.Actor{ID: w.Employee, Organisation: w.Organisation, Kind: authz.Employee, Session: dbtest.ID(), Grants: authz.Viewer.Grants()}), good, db.ErrForbidden},
		"a customer":               {dbtest.Member(w.Organisation, w.Member), good, db.ErrForbidden},
		"without a session":        {authz.With(t.Context(), authz.Actor{ID: w.Employee, Organisation: w.Organisation, Kind: authz.Employee, Grants: authz.Admin.Grants()}), good, db.ErrForbidden},
	} {
		var f, want *fault.Error
		if err := ask(c.ctx, c.in); !errors.As(err, &f) || !errors.As(c.want, &want) || f.Code != want.Code {
			t.Errorf("%s: %v", name, err)
		}
	}
	for column, want := range map[string]error{"archived_at": member.ErrArchived, "blocked_at": member.ErrBlocked} {
		w.exec(t, `UPDATE portal_members SET `+column+` = now() WHERE id = $1`, w.Member)
		if err := ask(ctx, good); !errors.Is(err, want) {
			t.Errorf("%s: %v", column, err)
		}
		w.exec(t, `UPDATE portal_members SET `+column+` = NULL WHERE id = $1`, w.Member)
	}

	ticket, err := w.RequestView(ctx, good)
	if err != nil || ticket.Slug != w.Slug {
		t.Fatal(ticket, err)
	}
	w.Clock.Advance(59 * time.Second)
	v, err := w.BeginView(t.Context(), ticket.Token)
	if left := v.ExpiresAt.Sub(w.Clock.Now()); err != nil || left > 30*time.Minute || left < 29*time.Minute {
		t.Fatal(v, err)
	}
	if _, err := w.BeginView(t.Context(), ticket.Token); !errors.Is(err, signin.ErrViewTicket) {
		t.Errorf("a ticket works twice: %v", err)
	}
	late, err := w.RequestView(ctx, good)
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(61 * time.Second)
	for what, token := range map[string]string{"old": late.Token, "made up": strings.Repeat("x", 43), "that of the look": v.Token} {
		if _, err := w.BeginView(t.Context(), token); !errors.Is(err, signin.ErrViewTicket) {
			t.Errorf("a ticket that is %s opens a look: %v", what, err)
		}
	}
	if got := w.over(t, v); got != "" {
		t.Errorf("a ticket that was refused ends another look: %s", got)
	}
	var dump string
	if err := w.Root.QueryRow(`SELECT coalesce(string_agg(v::text, ' '), '') || (SELECT coalesce(string_agg(e::text, ' '), '') FROM audit_events e)
		|| (SELECT coalesce(string_agg(j.args::text, ' '), '') FROM river_job j) FROM portal_views v`).Scan(&dump); err != nil {
		t.Fatal(err)
	}
	for what, secret := range map[string]string{"ticket": ticket.Token, "token": strings.TrimPrefix(v.Token, "view.")} {
		raw, err := base64.RawURLEncoding.DecodeString(secret)
		if err != nil || strings.Contains(dump, secret) || strings.Contains(dump, string(raw)) {
			t.Errorf("the database holds the %s (%v)", what, err)
		}
	}
}

// TestViewTicketAtOnce: of fifty that use a ticket at once, one gets in.
func TestViewTicketAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, _ := w.office(t, "back_office")
	ticket, err := w.RequestView(ctx, signin.ViewRequest{Member: w.Member, Reason: why})
	if err != nil {
		t.Fatal(err)
	}
	won, lost := race(func(int) error {
		_, err := w.BeginView(context.Background(), ticket.Token)
		return err
	})
	if won != 1 {
		t.Errorf("%d of %d used one ticket", won, crowd)
	}
	for _, err := range lost {
		if !errors.Is(err, signin.ErrViewTicket) {
			t.Error(err)
		}
	}
}

// TestViewChangesNothing: who looks along is the member to the database, reads what it reads, and gets no transaction that could
// write, whether the program checks or not; the office is told who it was.
func TestViewChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, who := w.office(t, "adviser")
	v := w.look(ctx, t)
	h, err := w.Resolve(t.Context(), authz.Member, v.Token)
	if err != nil || h.Half || h.Actor.ID != w.Member || h.Actor.View == nil || h.Actor.View.By.ID != who.ID || h.Actor.View.Dossier != w.Dossier {
		t.Fatalf("%+v %v", h, err)
	}
	me, err := w.MemberMe(authz.With(t.Context(), h.Actor))
	if err != nil || me.View == nil || me.View.ExpiresAt != v.ExpiresAt || !me.SessionExpiresAt.Equal(v.ExpiresAt) {
		t.Errorf("%+v %v", me, err)
	}
	looking := authz.Looking(t.Context())
	for name, c := range map[string]context.Context{
		"as the member":  authz.With(t.Context(), h.Actor),
		"marked":         authz.With(looking, authz.Actor{ID: w.Member, Organisation: w.Organisation, Kind: authz.Member, Grants: h.Actor.Grants}),
		"as a visitor":   authz.With(looking, authz.VisitorOf(w.Organisation)),
		"as an employee": authz.With(looking, who),
	} {
		need := authz.PortalMe
		switch name {
		case "as a visitor":
			need = authz.SignIn
		case "as an employee":
			need = authz.MemberWrite
		}
		for _, door := range []*db.DB{w.Service.DB, w.WithoutPermissionChecks()} {
			_, err := db.Write(c, door, need, func(tx *db.Tx) (bool, event.Event, error) {
				return true, event.None, tx.Exec(`UPDATE portal_members SET version = version + 1 WHERE id = ?`, w.Member).Error
			})
			if !errors.Is(err, authz.ErrLooking) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := db.System(looking, w.Service.DB, "sweep", func(tx *db.Tx) (bool, error) {
		return true, tx.Exec(`DELETE FROM sessions`).Error
	}); err == nil {
		t.Error("the second door writes for who looks along")
	}
	var version, sessions int
	var lastLogin *time.Time
	if err := w.Root.QueryRow(`SELECT version, last_login_at, (SELECT count(*) FROM sessions WHERE member_id IS NOT NULL) FROM portal_members WHERE id = $1`, w.Member).
		Scan(&version, &lastLogin, &sessions); err != nil || version != 1 || lastLogin != nil || sessions != 0 {
		t.Errorf("version %d, last login %v, %d sessions of the customer: %v", version, lastLogin, sessions, err)
	}
}

// TestViewEnds: with the session, the right or the login it hangs on, at the next request; and at half an hour. The trail says why.
func TestViewEnds(t *testing.T) {
	t.Parallel()
	const half = 30 * time.Minute
	for name, c := range map[string]struct {
		end  func(ctx context.Context, w *world, who authz.Actor, v signin.View) error
		code string
		left string // what is written down at once
		task string // what is written down in the end
	}{
		"stopped": {func(ctx context.Context, w *world, _ authz.Actor, v signin.View) error {
			h, err := w.Resolve(ctx, authz.Member, v.Token)
			if err != nil {
				return err
			}
			return w.EndView(authz.With(authz.Looking(ctx), h.Actor))
		}, "view-stopped", "stopped", "stopped"},
		"signed out": {func(ctx context.Context, w *world, _ authz.Actor, _ signin.View) error {
			_, err := w.Logout(ctx)
			return err
		}, "view-signed-out", "signed_out", "signed_out"},
		"session ended elsewhere": {func(_ context.Context, w *world, who authz.Actor, _ signin.View) error {
			return w.sql(`UPDATE sessions SET ended_at = $2 WHERE id = $1`, who.Session, w.Clock.Now())
		}, "view-signed-out", "", "signed_out"},
		"idle at the office": {func(_ context.Context, w *world, who authz.Actor, _ signin.View) error {
			return w.sql(`UPDATE sessions SET last_seen_at = $2::timestamptz - interval '1 hour' WHERE id = $1`, who.Session, w.Clock.Now())
		}, "view-signed-out", "", "expired"},
		"employee blocked": {func(ctx context.Context, w *world, who authz.Actor, _ signin.View) error {
			yes := true
			_, err := w.employees().Update(w.admin(ctx), who.ID, 1, employee.Change{Blocked: &yes})
			return err
		}, "view-signed-out", "signed_out", "signed_out"},
		"employee archived": {func(ctx context.Context, w *world, who authz.Actor, _ signin.View) error {
			return w.employees().Archive(w.admin(ctx), who.ID, 1)
		}, "view-signed-out", "signed_out", "signed_out"},
		"another role": {func(ctx context.Context, w *world, who authz.Actor, _ signin.View) error {
			viewer := employee.Role(authz.Viewer)
			_, err := w.employees().Update(w.admin(ctx), who.ID, 1, employee.Change{Role: &viewer})
			return err
		}, "view-right-withdrawn", "right_withdrawn", "right_withdrawn"},
		"another role that may": {func(ctx context.Context, w *world, who authz.Actor, _ signin.View) error {
			back := employee.Role(authz.BackOffice)
			_, err := w.employees().Update(w.admin(ctx), who.ID, 1, employee.Change{Role: &back})
			return err
		}, "", "", "expired"},
		"right taken from the role": {func(ctx context.Context, w *world, _ authz.Actor, _ signin.View) error {
			_, err := w.employees().ChangeRights(w.admin(ctx), 1, []employee.RightsChange{{Role: employee.Role(authz.Adviser), Permissions: []string{"employee:read", "client:read"}}})
			return err
		}, "view-right-withdrawn", "right_withdrawn", "right_withdrawn"},
		"right gone from the table": {func(_ context.Context, w *world, _ authz.Actor, _ signin.View) error {
			return w.sql(`INSERT INTO role_rights (organisation_id, role, withdrawn, updated_at) VALUES ($1, 'adviser', '{member:view_as}', now())`, w.Organisation)
		}, "view-right-withdrawn", "", "expired"},
		"customer blocked": {func(ctx context.Context, w *world, _ authz.Actor, _ signin.View) error {
			yes := true
			_, err := (&member.Service{DB: w.Service.DB, Now: w.Clock.Now}).Update(w.admin(ctx), w.Member, 1, member.Change{Blocked: &yes})
			return err
		}, "view-member-blocked", "member_blocked", "member_blocked"},
		"customer archived in the table": {func(_ context.Context, w *world, _ authz.Actor, _ signin.View) error {
			return w.sql(`UPDATE portal_members SET archived_at = $2 WHERE id = $1`, w.Member, w.Clock.Now())
		}, "view-member-blocked", "", "member_blocked"},
		"another look": {func(ctx context.Context, w *world, _ authz.Actor, _ signin.View) error {
			ticket, err := w.RequestView(ctx, signin.ViewRequest{Member: w.Member, Reason: why})
			if err != nil {
				return err
			}
			_, err = w.BeginView(ctx, ticket.Token)
			return err
		}, "view-replaced", "replaced", "replaced"},
		"half an hour": {func(_ context.Context, w *world, who authz.Actor, _ signin.View) error {
			w.Clock.Advance(half)
			return w.sql(`UPDATE sessions SET last_seen_at = $2 WHERE id = $1`, who.Session, w.Clock.Now())
		}, "view-expired", "", "expired"},
		"almost half an hour": {func(_ context.Context, w *world, _ authz.Actor, _ signin.View) error {
			w.Clock.Advance(half - 10*time.Second)
			return nil
		}, "", "", "expired"},
		"the customer signs out everywhere": {func(ctx context.Context, w *world, _ authz.Actor, _ signin.View) error {
			return w.EndOtherSessions(authz.With(ctx, authz.Actor{ID: w.Member, Organisation: w.Organisation, Kind: authz.Member, Grants: authz.Granting(authz.PortalMe)}))
		}, "", "", "expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			ctx, who := w.office(t, "adviser")
			v := w.look(ctx, t)
			var id uuid.UUID
			if err := w.Root.QueryRow(`SELECT id FROM portal_views`).Scan(&id); err != nil {
				t.Fatal(err)
			}
			if got := w.over(t, v); got != "" {
				t.Fatalf("over before it began: %s", got)
			}
			if err := c.end(ctx, w, who, v); err != nil {
				t.Fatal(err)
			}
			if got := w.over(t, v); got != c.code {
				t.Errorf("the next request: %q, want %q", got, c.code)
			}
			if got := strings.Join(w.ended(t), " "); got != c.left {
				t.Errorf("written down: %q, want %q", got, c.left)
			}
			w.Clock.Advance(30 * time.Minute)
			worker := &signin.CloseViewWorker{SignIn: w.Service}
			for range 2 { // a task may run again
				if err := worker.Work(dbtest.Task(w.Organisation, authz.ViewClose), &river.Job[signin.CloseView]{Args: signin.CloseView{View: id}}); err != nil {
					t.Fatal(err)
				}
			}
			if got := strings.Join(w.ended(t), " "); got != c.task {
				t.Errorf("written down in the end: %q, want %q", got, c.task)
			}
		})
	}
}

func (w *world) sql(query string, args ...any) error {
	_, err := w.Root.Exec(query, args...)
	return err
}

func (w *world) employees() *employee.Service {
	return &employee.Service{DB: w.Service.DB, Now: w.Clock.Now}
}

// admin is an administrator of the office.
func (w *world) admin(ctx context.Context) context.Context {
	return authz.With(ctx, dbtest.Actor(w.Organisation))
}

// TestMyViews: the customer reads who looked along and why, and nothing of another customer's or of a ticket that nobody used.
func TestMyViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, _ := w.office(t, "adviser")
	if _, err := w.RequestView(ctx, signin.ViewRequest{Member: w.Member, Reason: "Toch maar niet gedaan"}); err != nil {
		t.Fatal(err)
	}
	neighbour := dbtest.AddCustomer(t, w.Root, w.Organisation, "Nora")
	for range 3 {
		w.look(ctx, t)
	}
	mine, err := w.MyViews(dbtest.Member(w.Organisation, w.Member), uuid.Nil, 2)
	if err != nil || len(mine) != 2 || mine[0].EndedAt != nil || mine[1].EndedAt == nil || mine[0].Reason != why || mine[0].FirstName == "" {
		t.Fatalf("%+v %v", mine, err)
	}
	rest, err := w.MyViews(dbtest.Member(w.Organisation, w.Member), mine[1].ID, 10)
	if err != nil || len(rest) != 1 {
		t.Errorf("%+v %v", rest, err)
	}
	for _, other := range []context.Context{dbtest.Member(w.Organisation, neighbour.Member), dbtest.Member(dbtest.AddScene(t, w.Root).Organisation, w.Member)} {
		if vs, err := w.MyViews(other, uuid.Nil, 10); err != nil || len(vs) != 0 {
			t.Errorf("somebody else reads %+v %v", vs, err)
		}
	}
}
