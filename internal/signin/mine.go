package signin

import (
	"context"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/employee"
	"voordeur/internal/event"
)

// Open is one place where somebody is signed in.
type Open struct {
	ID         uuid.UUID
	Device     string
	CreatedAt  time.Time
	LastSeenAt time.Time
	This       bool
}

// audience is in what the sessions and accounts of customers and those of employees differ. Its texts are of this package only.
type audience struct {
	name   string
	column string // of the account in sessions
	table  string
	need   authz.Permission // of who looks after the own account
	idle   time.Duration
}

var (
	customers = audience{"portal", "member_id", "portal_members", authz.PortalMe, idleCustomer}
	staff     = audience{"office", "employee_id", "employees", authz.EmployeeRead, idleEmployee}
)

func audienceOf(kind authz.Kind) audience {
	if kind == authz.Employee {
		return staff
	}
	return customers
}

// mine is the audience of who acts.
func mine(ctx context.Context) (audience, error) {
	who, err := authz.From(ctx)
	return audienceOf(who.Kind), err
}

// MySessions returns where who acts is signed in, the newest visit first.
func (s *Service) MySessions(ctx context.Context) ([]Open, error) {
	of, err := mine(ctx)
	if err != nil {
		return nil, err
	}
	return db.Read(ctx, s.DB, of.need, func(tx *db.Tx) ([]Open, error) { return of.open(tx, s.Now(), tx.Actor.ID) })
}

// open returns the sessions of an account that go on, the newest visit first.
func (of audience) open(tx *db.Tx, now time.Time, account uuid.UUID) ([]Open, error) {
	var rows []struct {
		ID         uuid.UUID
		UserAgent  string
		CreatedAt  time.Time
		LastSeenAt time.Time
	}
	err := tx.Raw(`SELECT id, user_agent, created_at, last_seen_at FROM sessions
		WHERE `+of.column+` = ? AND stage = 'full' AND ended_at IS NULL AND expires_at > ? AND last_seen_at > ? ORDER BY last_seen_at DESC, id DESC`,
		account, now, now.Add(-of.idle)).Scan(&rows).Error
	out := make([]Open, len(rows))
	for i, r := range rows {
		out[i] = Open{ID: r.ID, Device: Client{UserAgent: r.UserAgent}.Device(), CreatedAt: r.CreatedAt, LastSeenAt: r.LastSeenAt, This: r.ID == tx.Actor.Session}
	}
	return out, err
}

// SessionsOf returns where a colleague is signed in, for who may change colleagues. db.ErrNotFound: there is no such colleague.
func (s *Service) SessionsOf(ctx context.Context, colleague uuid.UUID) ([]Open, error) {
	return db.Read(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) ([]Open, error) {
		if _, err := employee.Find(tx, colleague); err != nil {
			return nil, err
		}
		return staff.open(tx, s.Now(), colleague)
	})
}

// EndSessionsOf signs a colleague out everywhere: a lost laptop, somebody who forgot. Who does it to oneself stays signed in here.
// db.ErrNotFound: there is no such colleague.
func (s *Service) EndSessionsOf(ctx context.Context, colleague uuid.UUID) error {
	_, err := db.Write(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) (bool, event.Event, error) {
		if _, err := employee.Find(tx, colleague); err != nil {
			return false, event.Event{}, err
		}
		return true, event.Of("employee.sessions_ended", colleague), employee.EndSessions(tx, colleague, tx.Actor.Session, s.Now())
	})
	return err
}

// EndMySession ends one session of who acts, or returns db.ErrNotFound.
func (s *Service) EndMySession(ctx context.Context, id uuid.UUID) error {
	of, err := mine(ctx)
	if err != nil {
		return err
	}
	_, err = db.Write(ctx, s.DB, of.need, func(tx *db.Tx) (bool, event.Event, error) {
		res := tx.Exec(`UPDATE sessions SET ended_at = ? WHERE id = ? AND `+of.column+` = ? AND ended_at IS NULL`, s.Now(), id, tx.Actor.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return false, event.Event{}, orElse(res.Error, db.ErrNotFound)
		}
		return true, event.Of("session.ended", id), nil
	})
	return err
}

// EndOtherSessions ends every session of who acts but this one.
func (s *Service) EndOtherSessions(ctx context.Context) error {
	of, err := mine(ctx)
	if err != nil {
		return err
	}
	_, err = db.Write(ctx, s.DB, of.need, func(tx *db.Tx) (bool, event.Event, error) {
		res := tx.Exec(`UPDATE sessions SET ended_at = ? WHERE `+of.column+` = ? AND id <> ? AND ended_at IS NULL`, s.Now(), tx.Actor.ID, tx.Actor.Session)
		if res.Error != nil || res.RowsAffected == 0 {
			return false, event.None, res.Error
		}
		return true, event.Of("session.others_ended", tx.Actor.Session), nil
	})
	return err
}

// strange reports whether somebody who was here before is now somewhere we do not know. Sessions are kept for a month.
func strange(tx *db.Tx, of audience, id uuid.UUID, client Client) (bool, error) {
	var agents []string
	err := tx.Raw(`SELECT DISTINCT user_agent FROM sessions WHERE `+of.column+` = ? AND stage = 'full'`, id).Scan(&agents).Error
	for _, a := range agents {
		if (Client{UserAgent: a}).Device() == client.Device() {
			return false, err
		}
	}
	return true, err
}
