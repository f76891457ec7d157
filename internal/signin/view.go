package signin

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
)

// How long the ticket to a look can be used, and how long the look lasts.
const (
	ticketLife = time.Minute
	viewLife   = 30 * time.Minute
)

// viewMark begins the token of a look: the cookie of a customer never holds one, and its own never holds another.
const viewMark = "view."

// IsView reports whether a token is that of somebody who looks along.
func IsView(token string) bool { return strings.HasPrefix(token, viewMark) }

// The faults of looking along. The others say why a look is over; each is an authz.ErrNoActor.
var (
	ErrViewTicket   = fault.New(fault.Conflict, "view-ticket", "The ticket was used, or is older than a minute.")
	ErrViewDocument = fault.New(fault.Forbidden, "view-document", "The role of the employee reads no documents.")

	viewFaults = map[member.ViewEnd]*fault.Error{
		member.ViewStopped:        fault.New(fault.Unauthenticated, "view-stopped", "The look was ended."),
		member.ViewExpired:        fault.New(fault.Unauthenticated, "view-expired", "A look ends after 30 minutes."),
		member.ViewSignedOut:      fault.New(fault.Unauthenticated, "view-signed-out", "The session of the employee is over."),
		member.ViewRightWithdrawn: fault.New(fault.Unauthenticated, "view-right-withdrawn", "The employee may not look along any more."),
		member.ViewMemberBlocked:  fault.New(fault.Unauthenticated, "view-member-blocked", "The portal member cannot sign in any more."),
		member.ViewReplaced:       fault.New(fault.Unauthenticated, "view-replaced", "The employee began another look."),
	}
)

// ViewRequest is who wants to look along as whom, and why.
type ViewRequest struct {
	Member  uuid.UUID
	Dossier uuid.UUID // that is on screen; uuid.Nil: none
	Reason  string
}

// ViewTicket is what opens a look, once. Its token is known at this moment only.
type ViewTicket struct {
	Token     string
	ExpiresAt time.Time
	Slug      string // of the office
}

// RequestView gives an employee a ticket to look along as a member. member.ErrArchived, member.ErrBlocked: the member cannot sign in
// either. db.ErrNotFound: there is no such member.
func (s *Service) RequestView(ctx context.Context, in ViewRequest) (ViewTicket, error) {
	reason := strings.TrimSpace(in.Reason)
	if utf8.RuneCountInString(reason) < 10 {
		return ViewTicket{}, fault.OnField("/reason", "min")
	}
	return db.Write(ctx, s.DB, authz.MemberViewAs, func(tx *db.Tx) (ViewTicket, event.Event, error) {
		if tx.Actor.Session == uuid.Nil { // a look ends with a session: who has none has nothing to end it with
			return ViewTicket{}, event.Event{}, db.ErrForbidden
		}
		m, err := member.Find(tx, s.Now(), in.Member)
		switch {
		case err != nil:
			return ViewTicket{}, event.Event{}, err
		case m.State == member.Archived:
			return ViewTicket{}, event.Event{}, member.ErrArchived
		case m.State == member.Blocked:
			return ViewTicket{}, event.Event{}, member.ErrBlocked
		}
		var dossier *uuid.UUID
		if in.Dossier != uuid.Nil {
			dossier = &in.Dossier
			opens := false
			for _, id := range m.DossierIDs {
				opens = opens || id == in.Dossier
			}
			if !opens {
				return ViewTicket{}, event.Event{}, fault.OnField("/dossierId", "not-found")
			}
		}
		now := s.Now()
		out := ViewTicket{Token: newToken(), ExpiresAt: now.Add(ticketLife)}
		err = tx.Raw(`SELECT slug FROM organisations`).Scan(&out.Slug).Error
		if err != nil {
			return ViewTicket{}, event.Event{}, err
		}
		err = tx.Exec(`INSERT INTO portal_views (id, member_id, employee_id, office_session, dossier_id, reason, ticket_hash, requested_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			uuid.Must(uuid.NewV7()), in.Member, tx.Actor.ID, tx.Actor.Session, dossier, reason, hashToken(out.Token), now).Error
		return out, event.Of("portal_view.requested", in.Member).With("member", m.FirstName+" "+m.LastName).With("reason", reason), err
	})
}

// View is a look that just began: the only moment at which its token is known.
type View struct {
	Token     string
	ExpiresAt time.Time
	Slug      string
	Dossier   uuid.UUID
}

// BeginView uses a ticket up, of any number at once one time. ErrViewTicket: it is worth nothing, whatever the reason.
func (s *Service) BeginView(ctx context.Context, ticket string) (View, error) {
	r, err := db.System(ctx, s.DB, "ticket to a look", func(tx *db.Tx) (viewRow, error) {
		rows, err := tx.Query(viewSQL("v.ticket_hash = $1"), hashToken(ticket), s.Now(), s.Now().Add(-idleEmployee))
		if err != nil {
			return viewRow{}, err
		}
		return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByNameLax[viewRow])
	})
	if err != nil {
		return View{}, err
	}
	who := r.actor()
	if r.ID == uuid.Nil || r.over(who) != "" {
		return View{}, ErrViewTicket
	}
	return db.Write(who.View.AsEmployee(ctx), s.DB, authz.MemberViewAs, func(tx *db.Tx) (View, event.Event, error) {
		now := s.Now()
		out := View{Token: viewMark + newToken(), ExpiresAt: now.Add(viewLife), Slug: r.Slug, Dossier: r.DossierID}
		// One at a time: a browser keeps one.
		err := member.EndViews(tx, member.ViewReplaced, now, `v.employee_id = ? AND v.id <> ? AND v.started_at IS NOT NULL`, r.EmployeeID, r.ID)
		if err != nil {
			return View{}, event.Event{}, err
		}
		res := tx.Exec(`UPDATE portal_views SET token_hash = ?, started_at = ?, expires_at = ? WHERE id = ? AND started_at IS NULL AND ended_at IS NULL AND requested_at > ?`,
			hashToken(out.Token), now, out.ExpiresAt, r.ID, now.Add(-ticketLife))
		if res.Error != nil || res.RowsAffected == 0 {
			return View{}, event.Event{}, orElse(res.Error, ErrViewTicket)
		}
		if err := tx.EnqueueAt(CloseView{View: r.ID}, out.ExpiresAt); err != nil {
			return View{}, event.Event{}, err
		}
		return out, event.Of("portal_view.started", r.MemberID).In(r.DossierID).With("member", r.MemberName).With("reason", r.Reason), nil
	})
}

// backURL is where an employee came from to look along.
func (s *Service) backURL(dossier uuid.UUID) string {
	if dossier == uuid.Nil {
		return strings.TrimRight(s.OfficeURL, "/") + "/"
	}
	return strings.TrimRight(s.OfficeURL, "/") + "/dossiers/" + dossier.String()
}

// EndView ends the look of the actor.
func (s *Service) EndView(ctx context.Context) error {
	v, err := looking(ctx)
	if err != nil {
		return err
	}
	_, err = db.Write(v.AsEmployee(ctx), s.DB, authz.MemberViewAs, func(tx *db.Tx) (bool, event.Event, error) {
		return true, event.None, member.EndViews(tx, member.ViewStopped, s.Now(), `v.id = ?`, v.ID)
	})
	return err
}

// Opened is a document that an employee reads as a member.
type Opened struct {
	Document uuid.UUID
	Dossier  uuid.UUID
	Filename string
}

// RecordOpened writes down that the actor opens a document, where the actor looks along; the role must read documents at the office
// too. Of anybody else there is nothing to write.
func (s *Service) RecordOpened(ctx context.Context, d Opened) error {
	who, err := authz.From(ctx)
	if err != nil || who.View == nil {
		return err
	}
	if !who.View.By.May(authz.DocumentRead) {
		return ErrViewDocument
	}
	_, err = db.Write(who.View.AsEmployee(ctx), s.DB, authz.MemberViewAs, func(*db.Tx) (bool, event.Event, error) {
		return true, event.Of("portal_view.document_opened", who.ID).In(d.Dossier).With("member", who.Name).With("document", d.Document).With("filename", d.Filename), nil
	})
	return err
}

func looking(ctx context.Context) (authz.View, error) {
	who, err := authz.From(ctx)
	if err == nil && who.View == nil {
		err = db.ErrForbidden
	}
	if err != nil {
		return authz.View{}, err
	}
	return *who.View, nil
}

// Watched is one time that an employee looked along, as the member reads it (F4).
type Watched struct {
	ID        uuid.UUID
	FirstName string
	LastName  string
	Reason    string
	StartedAt time.Time
	ExpiresAt time.Time
	EndedAt   *time.Time
}

// MyViews returns who looked along as the member who acts, newest first, from before an id on; uuid.Nil: from the newest.
func (s *Service) MyViews(ctx context.Context, before uuid.UUID, limit int) ([]Watched, error) {
	if before == uuid.Nil {
		before = uuid.Max
	}
	return db.ReadBatch(ctx, s.DB, authz.PortalMe, func(b *pgx.Batch, out *[]Watched) {
		b.Queue(`SELECT v.id, e.first_name, e.last_name, v.reason, v.started_at, v.expires_at, v.ended_at FROM portal_views v
			JOIN employees e ON e.organisation_id = v.organisation_id AND e.id = v.employee_id
			WHERE v.organisation_id = app.organisation() AND v.member_id = app.member() AND v.started_at IS NOT NULL AND v.id < $1 ORDER BY v.id DESC LIMIT $2`,
			before, limit).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Watched])
			*out = all
			return err
		})
	})
}

// viewRow is a look with everything that keeps it going.
type viewRow struct {
	ID             uuid.UUID
	OrganisationID uuid.UUID
	Slug           string
	MemberID       uuid.UUID
	MemberName     string
	Permissions    []string
	MemberLocked   bool
	EmployeeID     uuid.UUID
	EmployeeName   string
	Role           authz.Role
	Granted        []string
	Withdrawn      []string
	OfficeSession  uuid.UUID
	SignedOut      bool
	DossierID      uuid.UUID
	Reason         string
	StartedAt      time.Time
	ExpiresAt      time.Time
	Expired        bool
	EndedWhy       string

	EntryRole, EntryOrganisation, EntryMember string
	Entered                                   int
}

// viewSQL is one row, whether there is a look or not. $2 is now, $3 before what an employee must have been seen last. The role to
// enter with is decided again in Go, where the rights are known.
func viewSQL(condition string) string {
	return `SELECT coalesce(v.id, '00000000-0000-0000-0000-000000000000') AS id, coalesce(v.organisation_id, '00000000-0000-0000-0000-000000000000') AS organisation_id,
	coalesce(o.slug, '') AS slug, coalesce(v.member_id, '00000000-0000-0000-0000-000000000000') AS member_id,
	coalesce(c.first_name || ' ' || c.last_name, '') AS member_name, coalesce(m.permissions, '{}') AS permissions,
	coalesce(m.blocked_at, m.archived_at) IS NOT NULL AS member_locked, coalesce(v.employee_id, '00000000-0000-0000-0000-000000000000') AS employee_id,
	coalesce(e.first_name || ' ' || e.last_name, '') AS employee_name, coalesce(e.role, '') AS role,
	coalesce(r.granted, '{}') AS granted, coalesce(r.withdrawn, '{}') AS withdrawn,
	coalesce(v.office_session, '00000000-0000-0000-0000-000000000000') AS office_session,
	coalesce(e.blocked_at, e.archived_at) IS NOT NULL OR s.id IS NULL OR s.ended_at IS NOT NULL OR s.expires_at <= $2 OR s.last_seen_at <= $3 AS signed_out,
	coalesce(v.dossier_id, '00000000-0000-0000-0000-000000000000') AS dossier_id, coalesce(v.reason, '') AS reason,
	coalesce(v.started_at, 'epoch') AS started_at, coalesce(v.expires_at, 'epoch') AS expires_at, coalesce(v.expires_at <= $2, false) AS expired,
	coalesce(v.ended_why, '') AS ended_why,
	CASE WHEN v.ended_at IS NULL AND v.expires_at > $2 THEN 'voordeur_member' ELSE 'none' END AS entry_role,
	coalesce(v.organisation_id::text, '') AS entry_organisation, coalesce(v.member_id::text, '') AS entry_member
FROM (VALUES (true)) AS one
LEFT JOIN portal_views v ON ` + condition + `
LEFT JOIN organisations o ON o.organisation_id = v.organisation_id
LEFT JOIN employees e ON e.organisation_id = v.organisation_id AND e.id = v.employee_id
LEFT JOIN role_rights r ON r.organisation_id = e.organisation_id AND r.role = e.role
LEFT JOIN sessions s ON s.organisation_id = v.organisation_id AND s.id = v.office_session AND s.employee_id = v.employee_id AND s.stage = 'full'
LEFT JOIN portal_members m ON m.organisation_id = v.organisation_id AND m.id = v.member_id
LEFT JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id`
}

// actor is the member as whom the employee looks.
func (r viewRow) actor() authz.Actor {
	return authz.Actor{
		ID: r.MemberID, Organisation: r.OrganisationID, Kind: authz.Member, Name: r.MemberName, Session: r.ID, Grants: authz.PortalGrants(r.Permissions),
		View: &authz.View{
			ID: r.ID, Dossier: r.DossierID, StartedAt: r.StartedAt, ExpiresAt: r.ExpiresAt,
			By: authz.Actor{
				ID: r.EmployeeID, Organisation: r.OrganisationID, Kind: authz.Employee, Name: r.EmployeeName, Session: r.OfficeSession,
				Grants: r.Role.GrantsWith(r.Granted, r.Withdrawn),
			},
		},
	}
}

// over says why the look, or the ticket to it, is worth nothing any more; empty: it goes on.
func (r viewRow) over(who authz.Actor) member.ViewEnd {
	switch {
	case r.EndedWhy != "":
		return member.ViewEnd(r.EndedWhy)
	case r.SignedOut:
		return member.ViewSignedOut
	case !who.View.By.May(authz.MemberViewAs):
		return member.ViewRightWithdrawn
	case r.MemberLocked:
		return member.ViewMemberBlocked
	case r.Expired:
		return member.ViewExpired
	}
	return ""
}

// look is the token of somebody who looks along. It remembers no visit: looking leaves nothing that the customer would leave.
type look struct {
	service *Service
	hash    []byte
	actor   authz.Actor
}

func (s *Service) look(token string) *look { return &look{service: s, hash: hashToken(token)} }

// Kind implements db.Credential.
func (*look) Kind() authz.Kind { return authz.Member }

// Lookup implements db.Credential.
func (l *look) Lookup() (string, []any) {
	now := l.service.Now()
	return viewSQL("v.token_hash = $1"), []any{l.hash, now, now.Add(-idleEmployee)}
}

// Hear implements db.Credential.
func (l *look) Hear(row pgx.CollectableRow) (authz.Actor, error) {
	r, err := pgx.RowToStructByNameLax[viewRow](row)
	if err != nil {
		return authz.Actor{}, err
	}
	if r.ID == uuid.Nil {
		return authz.Actor{}, authz.ErrNoActor
	}
	who := r.actor()
	if why := r.over(who); why != "" {
		return authz.Actor{}, viewFaults[why].Because(authz.ErrNoActor)
	}
	l.actor = who
	return who, nil
}

// Settle implements db.Credential.
func (*look) Settle(context.Context) error { return nil }

// CloseView is the task that ends a look when its time has come, so that the trail knows of the end whether anybody asked or not.
type CloseView struct {
	View uuid.UUID `json:"view"`
}

// CloseViewKind is the kind of the task; package app gives it its permission.
const CloseViewKind = "portal-view.close"

// Kind implements river.JobArgs.
func (CloseView) Kind() string { return CloseViewKind }

// CloseViewWorker works CloseView.
type CloseViewWorker struct {
	river.WorkerDefaults[CloseView]
	SignIn *Service
}

// Work implements river.Worker.
func (w *CloseViewWorker) Work(ctx context.Context, job *river.Job[CloseView]) error {
	_, err := db.Write(ctx, w.SignIn.DB, authz.ViewClose, func(tx *db.Tx) (bool, event.Event, error) {
		var v struct {
			ExpiresAt    time.Time
			SignedOutAt  *time.Time
			MemberLocked *time.Time
		}
		err := tx.Raw(`SELECT v.expires_at, least(coalesce(s.ended_at, s.expires_at), e.blocked_at, e.archived_at) AS signed_out_at, least(m.blocked_at, m.archived_at) AS member_locked
			FROM portal_views v JOIN employees e ON e.id = v.employee_id JOIN portal_members m ON m.id = v.member_id LEFT JOIN sessions s ON s.id = v.office_session
			WHERE v.id = ? AND v.ended_at IS NULL`, job.Args.View).Scan(&v).Error
		if err != nil || v.ExpiresAt.IsZero() {
			return false, event.None, err
		}
		why, at := member.ViewExpired, v.ExpiresAt
		if v.SignedOutAt != nil && v.SignedOutAt.Before(at) {
			why, at = member.ViewSignedOut, *v.SignedOutAt
		}
		if v.MemberLocked != nil && v.MemberLocked.Before(at) {
			why, at = member.ViewMemberBlocked, *v.MemberLocked
		}
		return true, event.None, member.EndViews(tx, why, at, `v.id = ?`, job.Args.View)
	})
	return err
}
