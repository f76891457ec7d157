package signin

import (
	"context"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// Proof is what somebody who is signed in gives again: one of the three.
type Proof struct {
	Password string
	Code     string // of the authenticator app
	Passkey  *Answer
}

var errOneProof = fault.OnField("/password", "required")

// StepUp takes the password or a code of the actor again, and renews the session under a new token. Tries of the password are
// counted together with those of changing it. Codes have tries of their own: who guesses at the sign-in page keeps nobody out
// who is in.
func (s *Service) StepUp(ctx context.Context, p Proof) (Session, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Session{}, err
	}
	account, given := "", 0
	for _, g := range []struct {
		is      bool
		account string
	}{{p.Password != "", "password:"}, {p.Code != "", "totp:signed-in:"}, {p.Passkey != nil, "passkey:signed-in:"}} {
		if g.is {
			account, given = g.account+who.ID.String(), given+1
		}
	}
	if given != 1 {
		return Session{}, errOneProof
	}
	if err := s.count(ctx, who.Organisation, s.accountAllowance(account)); err != nil {
		return Session{}, err
	}
	use, err := s.prove(ctx, who, p)
	if err != nil {
		return Session{}, err
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		now := s.Now()
		if err := use(tx); err != nil {
			return Session{}, event.Event{}, err
		}
		out := Session{Token: newToken(), Actor: who}
		out.Actor.VerifiedAt = now
		// Of two at once one renews the token: the browser could not tell which answer to keep.
		var expires []time.Time
		err := tx.Raw(`UPDATE sessions SET token_hash = ?, verified_at = ?, last_seen_at = ? WHERE id = ? AND verified_at = ? AND stage = 'full' AND ended_at IS NULL RETURNING expires_at`,
			hashToken(out.Token), now, now, who.Session, who.VerifiedAt).Scan(&expires).Error
		if err != nil || len(expires) == 0 {
			return Session{}, event.Event{}, orElse(err, db.ErrStale)
		}
		out.ExpiresAt = expires[0]
		return out, event.Of("session.verified", who.Session), tx.Exec(`DELETE FROM attempts WHERE key = ?`, account).Error
	})
}

// prove checks p, and returns what uses it up in the transaction that it opens.
func (s *Service) prove(ctx context.Context, who authz.Actor, p Proof) (func(*db.Tx) error, error) {
	visitor := asVisitor(ctx, who.Organisation, who.ID)
	if p.Passkey != nil {
		return s.provePasskey(ctx, who, *p.Passkey)
	}
	if p.Code != "" {
		if who.Kind == authz.Member {
			spend, err := s.secondOf(ctx, who, Second{Code: p.Code})
			if err != nil {
				return nil, s.turnedAway(ctx, who, err)
			}
			return spend, nil
		}
		e, err := db.Read(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (employeeRow, error) { return employeeByID(tx, who.ID) })
		if err != nil {
			return nil, err
		}
		step, err := s.employeeStep(e.ID, e.TotpSecret, p.Code)
		if err != nil {
			return nil, s.turnedAway(ctx, who, err)
		}
		return func(tx *db.Tx) error { return spendStep(tx, e.ID, step) }, nil
	}
	hash, err := db.Read(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (*string, error) { return passwordHash(tx, who) })
	if err != nil {
		return nil, err
	}
	v, err := s.Hasher.verify(ctx, p.Password, hash)
	if err != nil {
		return nil, err
	}
	if !v.ok {
		return nil, s.turnedAway(ctx, who, fault.OnField("/password", "wrong-password"))
	}
	return func(tx *db.Tx) error { // a password that was replaced meanwhile proves nothing
		now, err := passwordHash(tx, who)
		if err == nil && (now == nil || *now != *hash) {
			err = fault.OnField("/password", "wrong-password")
		}
		return err
	}, nil
}

// turnedAway writes down that somebody who is signed in did not prove to be who signed in, and returns why.
func (s *Service) turnedAway(ctx context.Context, who authz.Actor, why error) error {
	_, err := db.Write(asVisitor(ctx, who.Organisation, uuid.Nil), s.DB, authz.SignIn, func(*db.Tx) (bool, event.Event, error) {
		return true, event.Of("step_up.refused", who.ID), nil
	})
	return orElse(err, why)
}

// passwordHash returns what the password of an actor is compared with.
func passwordHash(tx *db.Tx, who authz.Actor) (*string, error) {
	query := `SELECT password_hash FROM employees WHERE id = ? AND blocked_at IS NULL AND archived_at IS NULL`
	if who.Kind == authz.Member {
		query = `SELECT password_hash FROM portal_members WHERE id = ? AND blocked_at IS NULL AND archived_at IS NULL`
	}
	var rows []struct{ PasswordHash *string }
	err := tx.Raw(query, who.ID).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, orElse(err, authz.ErrNoActor)
	}
	return rows[0].PasswordHash, nil
}
