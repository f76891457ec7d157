package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/member"
)

// How long a session lives: without a request, and at most.
const (
	idleCustomer = 30 * time.Minute
	idleEmployee = time.Hour
	halfLife     = 10 * time.Minute // between the password and the second factor
	longest      = 12 * time.Hour
	touchEvery   = time.Minute
)

// Client is where a request comes from.
type Client struct {
	IP        string
	UserAgent string
}

// Session is one that was just opened: the only moment at which its token is known.
type Session struct {
	Token     string
	ExpiresAt time.Time
	Actor     authz.Actor
}

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
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	s := Session{Token: base64.RawURLEncoding.EncodeToString(raw), ExpiresAt: now.Add(in.life), Actor: actor}
	s.Actor.Session = uuid.Must(uuid.NewV7())
	err := tx.Exec(`INSERT INTO sessions (id, token_hash, audience, employee_id, member_id, stage, user_agent, ip, created_at, last_seen_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Actor.Session, hashToken(s.Token), in.audience, in.employee, in.member, in.stage, clip(in.client.UserAgent, 300), clip(in.client.IP, 64), now, now, s.ExpiresAt).Error
	return s, err
}

func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return string([]rune(s)) // a rune that was cut in two becomes a mark, which PostgreSQL accepts
}

type sessionRow struct {
	ID             uuid.UUID
	OrganisationID uuid.UUID
	Audience       string
	Stage          string
	LastSeenAt     time.Time
	ExpiresAt      time.Time
	EndedAt        *time.Time
	EmployeeID     *uuid.UUID
	EmployeeName   string
	Role           authz.Role
	MemberID       *uuid.UUID
	MemberName     string
	Permissions    member.Permissions
	Locked         bool
}

const sessionSQL = `SELECT s.id, s.organisation_id, s.audience, s.stage, s.last_seen_at, s.expires_at, s.ended_at,
	s.employee_id, coalesce(e.first_name || ' ' || e.last_name, '') AS employee_name, coalesce(e.role, '') AS role,
	s.member_id, coalesce(c.first_name || ' ' || c.last_name, '') AS member_name, coalesce(m.permissions, '{}') AS permissions,
	coalesce(e.blocked_at, m.blocked_at, m.archived_at) IS NOT NULL AS locked
FROM sessions s
LEFT JOIN employees e ON e.organisation_id = s.organisation_id AND e.id = s.employee_id
LEFT JOIN portal_members m ON m.organisation_id = s.organisation_id AND m.id = s.member_id
LEFT JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
WHERE s.token_hash = ?`

// Resolve says who holds a token. It reads the row on every request: signing out, blocking and a changed right work from the
// next request on. authz.ErrNoActor: the token is worth nothing.
func (s *Service) Resolve(ctx context.Context, kind authz.Kind, token string) (Holder, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(32) {
		return Holder{}, authz.ErrNoActor
	}
	return db.System(ctx, s.DB, "session of a token", func(tx *db.Tx) (Holder, error) {
		var r sessionRow
		if err := tx.Raw(sessionSQL, hashToken(token)).Scan(&r).Error; err != nil {
			return Holder{}, err
		}
		h, ok := r.holder(s.Now())
		if !ok || h.Actor.Kind != kind {
			return Holder{}, authz.ErrNoActor
		}
		if now := s.Now(); !h.Half && now.Sub(r.LastSeenAt) >= touchEvery {
			return h, tx.Exec(`UPDATE sessions SET last_seen_at = ? WHERE organisation_id = ? AND id = ? AND last_seen_at < ?`, now, r.OrganisationID, r.ID, now).Error
		}
		return h, nil
	})
}

// holder reports who holds the session, and whether it still lives.
func (r sessionRow) holder(now time.Time) (Holder, bool) {
	if r.ID == uuid.Nil || r.EndedAt != nil || r.Locked || !now.Before(r.ExpiresAt) {
		return Holder{}, false
	}
	a := authz.Actor{Organisation: r.OrganisationID, Session: r.ID}
	idle := idleCustomer
	switch {
	case r.Audience == "portal" && r.MemberID != nil:
		a.ID, a.Kind, a.Name, a.Grants = *r.MemberID, authz.Member, r.MemberName, authz.PortalGrants(r.Permissions)
	case r.Audience == "office" && r.EmployeeID != nil:
		a.ID, a.Kind, a.Name, idle = *r.EmployeeID, authz.Employee, r.EmployeeName, idleEmployee
		if r.Stage == "full" {
			a.Grants = r.Role.Grants()
		}
	default:
		return Holder{}, false
	}
	return Holder{Actor: a, Half: r.Stage != "full"}, now.Sub(r.LastSeenAt) < idle
}

// Logout ends the session of the actor.
func (s *Service) Logout(ctx context.Context) error {
	who, err := authz.From(ctx)
	if err != nil {
		return err
	}
	_, err = db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		err := tx.Exec(`UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL`, s.Now(), who.Session).Error
		return true, event.Of("session.ended", who.Session), err
	})
	return err
}
