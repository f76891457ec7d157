package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/employee"
	"voordeur/internal/event"
	"voordeur/internal/member"
)

// How long a session lives: without a request, and at most.
const (
	idleCustomer = 30 * time.Minute
	idleEmployee = employee.Idle
	halfLife     = 10 * time.Minute // between the password and the second factor
	enrolLife    = 30 * time.Minute // the same for who has yet to install an app
	longest      = 12 * time.Hour
	touchEvery   = time.Minute
)

// Client is where a request comes from.
type Client struct {
	IP        string
	UserAgent string
	Known     string // what the browser keeps of earlier sign-ins, see device.go
}

// key is what the tries of an address are counted by, of one kind: those of a whole line together, or it would have no end of them.
func (c Client) key(what string) string { return what + ":ip:" + authz.Caller(c.IP) }

// Session is one that was just opened: the only moment at which its token is known.
type Session struct {
	Token     string
	ExpiresAt time.Time
	Actor     authz.Actor
	Next      NextStep
	Enrol     bool   // of an employee without a second factor, which comes before anything else
	Ways      []Way  // how half of one becomes whole
	Device    string // for the browser to keep: it is a known one from now on
}

// NextStep is what a session is still good for; empty: everything.
type NextStep string

// What half a session leads to.
const (
	NextSecondFactor NextStep = "second_factor"       // the code of the app
	NextSetUp        NextStep = "second_factor_setup" // the office wants a second step, and there is none yet
)

// Way is how half a session becomes a whole one.
type Way string

// The ways. A passkey asks for no half session: it is everything at once, and stands here so that nobody is sent past it.
const (
	ByCode    Way = "code"
	ByPasskey Way = "passkey"
)

// Context returns ctx with the one who just signed in.
func (s Session) Context(ctx context.Context) context.Context { return authz.With(ctx, s.Actor) }

// Holder is who holds a token.
type Holder struct {
	Actor authz.Actor
	Half  bool // the password was right, the second factor is still to come
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// newToken makes the secret of a session.
func newToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

type newSession struct {
	audience string
	member   *uuid.UUID
	employee *uuid.UUID
	stage    string
	life     time.Duration
	client   Client
}

// open inserts a session and returns it with its token: 256 random bits, of which only the SHA-256 is kept.
func open(tx *db.Tx, now time.Time, in newSession, actor authz.Actor) (Session, error) {
	s := Session{Token: newToken(), ExpiresAt: now.Add(in.life), Actor: actor}
	s.Actor.Session, s.Actor.VerifiedAt, s.Actor.Half = uuid.Must(uuid.NewV7()), now, in.stage != "full"
	err := tx.Exec(`INSERT INTO sessions (id, token_hash, audience, employee_id, member_id, stage, user_agent, ip, created_at, last_seen_at, verified_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Actor.Session, hashToken(s.Token), in.audience, in.employee, in.member, in.stage, clip(in.client.UserAgent, 300), clip(in.client.IP, 64), now, now, now, s.ExpiresAt).Error
	return s, err
}

func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return string([]rune(s)) // a rune that was cut in two becomes a mark, which PostgreSQL accepts
}

type sessionRow struct {
	ID                uuid.UUID
	OrganisationID    uuid.UUID
	Stage             string
	LastSeenAt        time.Time
	VerifiedAt        time.Time
	ExpiresAt         time.Time
	EndedAt           *time.Time
	EmployeeID        *uuid.UUID
	EmployeeName      string
	Role              authz.Role
	Granted           []string
	Withdrawn         []string
	MemberID          *uuid.UUID
	MemberName        string
	Permissions       []string
	Locked            bool
	EntryRole         string
	EntryOrganisation string
	EntryMember       string
	Entered           int
}

// sessionSQL is one row for any token: that of nobody has no id. The role to enter with is that of a complete session only;
// holder decides again. Each audience has a query of its own, which reads no table of the other's people.
func sessionSQL(role, entryMember, holder, locked, joins string) string {
	return `SELECT coalesce(s.id, '00000000-0000-0000-0000-000000000000') AS id,
	coalesce(s.organisation_id, '00000000-0000-0000-0000-000000000000') AS organisation_id, coalesce(s.stage, '') AS stage,
	coalesce(s.last_seen_at, 'epoch') AS last_seen_at, coalesce(s.verified_at, 'epoch') AS verified_at, coalesce(s.expires_at, 'epoch') AS expires_at, s.ended_at,
	` + holder + `, ` + locked + ` AS locked,
	CASE WHEN s.ended_at IS NULL AND s.stage = 'full' AND s.expires_at > $2 AND NOT ` + locked + ` THEN '` + role + `' ELSE 'none' END AS entry_role,
	coalesce(s.organisation_id::text, '') AS entry_organisation, ` + entryMember + ` AS entry_member
FROM (VALUES (true)) AS one
LEFT JOIN sessions s ON s.token_hash = $1 AND s.audience = ` + joins
}

var (
	officeSessionSQL = sessionSQL("voordeur_employee", `''`,
		`s.employee_id, coalesce(e.first_name || ' ' || e.last_name, '') AS employee_name, coalesce(e.role, '') AS role,
	coalesce(r.granted, '{}') AS granted, coalesce(r.withdrawn, '{}') AS withdrawn`,
		`(coalesce(e.blocked_at, e.archived_at) IS NOT NULL)`, `'office'
LEFT JOIN employees e ON e.organisation_id = s.organisation_id AND e.id = s.employee_id
LEFT JOIN role_rights r ON r.organisation_id = e.organisation_id AND r.role = e.role`)
	portalSessionSQL = sessionSQL("voordeur_member", `coalesce(s.member_id::text, '')`,
		`s.member_id, coalesce(c.first_name || ' ' || c.last_name, '') AS member_name, coalesce(m.permissions, '{}') AS permissions`,
		`(coalesce(m.blocked_at, m.archived_at) IS NOT NULL)`, `'portal'
LEFT JOIN portal_members m ON m.organisation_id = s.organisation_id AND m.id = s.member_id
LEFT JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id`)
)

// ticket is a token that somebody shows. It reads the row on every request: signing out, blocking and a changed right work
// from the next request on.
type ticket struct {
	service *Service
	kind    authz.Kind
	hash    []byte
	whole   bool // half a session is not enough
	row     sessionRow
	holder  Holder
}

// Kind implements db.Credential.
func (t *ticket) Kind() authz.Kind { return t.kind }

// Lookup implements db.Credential.
func (t *ticket) Lookup() (string, []any) {
	query := officeSessionSQL
	if t.kind == authz.Member {
		query = portalSessionSQL
	}
	return query, []any{t.hash, t.service.Now()}
}

// Hear implements db.Credential.
func (t *ticket) Hear(row pgx.CollectableRow) (authz.Actor, error) {
	r, err := pgx.RowToStructByNameLax[sessionRow](row)
	if err != nil {
		return authz.Actor{}, err
	}
	h, ok := r.holder(t.service.Now())
	switch {
	case !ok || h.Actor.Kind != t.kind:
		return authz.Actor{}, authz.ErrNoActor
	case h.Half && t.whole:
		return authz.Actor{}, authz.ErrSecondFactor
	}
	t.row, t.holder = r, h
	return h.Actor, nil
}

// Settle implements db.Credential: it remembers the visit, once a minute.
func (t *ticket) Settle(ctx context.Context) error {
	now := t.service.Now()
	if t.holder.Half || now.Sub(t.row.LastSeenAt) < touchEvery {
		return nil
	}
	_, err := db.System(ctx, t.service.DB, "visit of a session", func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`UPDATE sessions SET last_seen_at = ? WHERE organisation_id = ? AND id = ? AND last_seen_at < ?`,
			now, t.row.OrganisationID, t.row.ID, now).Error
	})
	return err
}

func (s *Service) ticket(kind authz.Kind, token string) (*ticket, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(32) {
		return nil, authz.ErrNoActor
	}
	return &ticket{service: s, kind: kind, hash: hashToken(token)}, nil
}

// Resolve says who holds a token. authz.ErrNoActor: the token is worth nothing.
func (s *Service) Resolve(ctx context.Context, kind authz.Kind, token string) (Holder, error) {
	if IsView(token) {
		l := s.look(token)
		_, err := db.Identify(ctx, s.DB, l)
		return Holder{Actor: l.actor}, err
	}
	t, err := s.ticket(kind, token)
	if err != nil {
		return Holder{}, err
	}
	_, err = db.Identify(ctx, s.DB, t)
	return t.holder, err
}

// Carry returns a context in which db.ReadBatch says who holds a token, with the errors of Resolve and authz.ErrSecondFactor
// for half a session; the function tells it to others afterwards.
func (s *Service) Carry(ctx context.Context, kind authz.Kind, token string) (context.Context, func() authz.Actor, error) {
	if IsView(token) {
		l := s.look(token)
		return db.WithCredential(ctx, l), func() authz.Actor { return l.actor }, nil
	}
	t, err := s.ticket(kind, token)
	if err != nil {
		return ctx, nil, err
	}
	t.whole = true
	return db.WithCredential(ctx, t), func() authz.Actor { return t.holder.Actor }, nil
}

// holder reports who holds the session, and whether it still lives.
func (r sessionRow) holder(now time.Time) (Holder, bool) {
	if r.ID == uuid.Nil || r.EndedAt != nil || r.Locked || !now.Before(r.ExpiresAt) {
		return Holder{}, false
	}
	a := authz.Actor{Organisation: r.OrganisationID, Session: r.ID, VerifiedAt: r.VerifiedAt, Half: r.Stage != "full"}
	idle := idleCustomer
	switch {
	case r.MemberID != nil:
		a.ID, a.Kind, a.Name = *r.MemberID, authz.Member, r.MemberName
		if r.Stage == "full" {
			a.Grants = authz.PortalGrants(r.Permissions)
		}
	case r.EmployeeID != nil:
		a.ID, a.Kind, a.Name, idle = *r.EmployeeID, authz.Employee, r.EmployeeName, idleEmployee
		if r.Stage == "full" {
			a.Grants = r.Role.GrantsWith(r.Granted, r.Withdrawn)
		}
	default:
		return Holder{}, false
	}
	return Holder{Actor: a, Half: a.Half}, now.Sub(r.LastSeenAt) < idle
}

// Logout ends the session of the actor. For one that came by single sign-on it says where the browser goes to sign out at the provider too.
func (s *Service) Logout(ctx context.Context) (string, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return "", err
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (string, event.Event, error) {
		now := s.Now()
		if who.Kind == authz.Employee {
			if err := member.EndViews(tx, member.ViewSignedOut, now, `v.office_session = ?`, who.Session); err != nil {
				return "", event.Event{}, err
			}
		}
		var rows []struct{ SsoLogout []byte }
		err := tx.Raw(`UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL RETURNING sso_logout`, now, who.Session).Scan(&rows).Error
		if err != nil || len(rows) == 0 {
			return "", event.Of("session.ended", who.Session), err
		}
		return s.ssoLogout(who.Session, rows[0].SsoLogout), event.Of("session.ended", who.Session), nil
	})
}
