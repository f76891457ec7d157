package signin

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/sms"
)

// Proof is what somebody who is signed in gives again: one of these.
type Proof struct {
	Password  string
	Code      string // of the authenticator app
	LoginCode string // that SendStepUpCode sent
	Passkey   *Answer
}

// Proving is what somebody can prove with who they are.
type Proving string

// What a customer may have. A code that is sent takes the place of a password only where it would open a whole session: not beside a second step.
const (
	ProvePassword  Proving = "password"
	ProveCode      Proving = "code"
	ProvePasskey   Proving = "passkey"
	ProveLoginCode Proving = "login_code"
)

// ErrNoLoginCode is returned to who asks for a code that would prove nothing, or could reach nobody.
var ErrNoLoginCode = fault.New(fault.Conflict, "login-code-unusable", "A code that is sent proves nothing here, or there is no number and no address to send it to.")

// StepUpWays returns what the customer who is signed in can prove it with, the best first.
func (s *Service) StepUpWays(ctx context.Context) ([]Proving, error) {
	who, err := signedIn(ctx)
	if err != nil {
		return nil, err
	}
	return db.Read(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) ([]Proving, error) { return s.stepUpWays(tx, who.ID) })
}

// signedIn is who acts, but for who looks along: it would change nothing yet, and is not for others to begin.
func signedIn(ctx context.Context) (authz.Actor, error) {
	who, err := authz.From(ctx)
	if err == nil && authz.IsLooking(ctx) {
		err = authz.ErrLooking
	}
	return who, err
}

func (s *Service) stepUpWays(tx *db.Tx, memberID uuid.UUID) ([]Proving, error) {
	var has struct {
		Password, Code, Passkey, LoginCode bool
		Mobile                             string
	}
	err := tx.Raw(`SELECT m.password_hash IS NOT NULL AS password, c.mobile, o.code_login AND NOT o.customers_need_second_factor AS login_code,
			EXISTS (SELECT 1 FROM second_factors f WHERE f.member_id = m.id AND f.confirmed_at IS NOT NULL) AS code,
			EXISTS (SELECT 1 FROM passkeys p WHERE p.member_id = m.id AND p.suspect_at IS NULL) AS passkey
		FROM portal_members m
		JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
		JOIN organisations o ON o.organisation_id = m.organisation_id
		WHERE m.id = ? AND m.blocked_at IS NULL AND m.archived_at IS NULL`, memberID).Scan(&has).Error
	if err != nil {
		return nil, err
	}
	if has.LoginCode = has.LoginCode && !has.Code; has.LoginCode {
		to, err := knownAddress(tx, memberID)
		if err != nil {
			return nil, err
		}
		_, mobile := sms.Mobile(has.Mobile)
		has.LoginCode = to != "" || mobile && s.Texts
	}
	ways := []Proving{}
	for _, w := range []struct {
		has bool
		way Proving
	}{{has.Password, ProvePassword}, {has.Code, ProveCode}, {has.Passkey, ProvePasskey}, {has.LoginCode, ProveLoginCode}} {
		if w.has {
			ways = append(ways, w.way)
		}
	}
	return ways, nil
}

// SendStepUpCode sends the customer who is signed in a code for StepUp, the way a code to log in with goes. It works in this session only, and
// takes the place of the one before. Strangers who ask for codes do not count.
func (s *Service) SendStepUpCode(ctx context.Context) error {
	who, err := signedIn(ctx)
	if err != nil {
		return err
	}
	visitor := asVisitor(ctx, who.Organisation, who.ID)
	ways, err := db.Read(visitor, s.DB, authz.SignIn, func(tx *db.Tx) ([]Proving, error) { return s.stepUpWays(tx, who.ID) })
	if err != nil {
		return err
	}
	if !slices.Contains(ways, ProveLoginCode) {
		return ErrNoLoginCode
	}
	if err := s.count(ctx, who.Organisation, s.codeAllowances(stepUpCodes(who))...); err != nil {
		return err
	}
	_, err = db.Write(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		now, id := s.Now(), uuid.Must(uuid.NewV7())
		if err := tx.Exec(`UPDATE login_challenges SET ended_at = ? WHERE for_session = ? AND ended_at IS NULL`, now, who.Session).Error; err != nil {
			return false, event.Event{}, err
		}
		// Nobody holds its token: the session is what it is bound to.
		err := tx.Exec(`INSERT INTO login_challenges (id, token_hash, name, for_session, known_for, created_at, expires_at) VALUES (?, ?, '', ?, ?, ?, ?)`,
			id, hashToken(newToken()), who.Session, who.ID, now, now.Add(CodeLife)).Error
		if err != nil {
			return false, event.Event{}, err
		}
		return true, event.None, tx.Enqueue(SendCode{Challenge: id})
	})
	return err
}

func stepUpCodes(who authz.Actor) string { return "signed-in:" + who.ID.String() }

// proveLoginCode is prove for a code of SendStepUpCode.
func (s *Service) proveLoginCode(ctx context.Context, who authz.Actor, code string) (func(*db.Tx) error, error) {
	c, err := s.tryCode(ctx, who.Organisation, ofSession, who.Session)
	if err != nil {
		return nil, err
	}
	if why := s.wrong(c, code); why != nil {
		return nil, s.turnedAway(ctx, who, why)
	}
	return func(tx *db.Tx) error {
		now := s.Now()
		res := tx.Exec(`UPDATE login_challenges SET proven_at = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL`, now, now, c.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return orElse(res.Error, ErrCodeExpired)
		}
		return forgetAsked(tx, stepUpCodes(who))
	}, nil
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
	}{{p.Password != "", "password:"}, {p.Code != "", "totp:signed-in:"}, {p.LoginCode != "", "login-code:signed-in:"}, {p.Passkey != nil, "passkey:signed-in:"}} {
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
	if p.LoginCode != "" {
		return s.proveLoginCode(ctx, who, p.LoginCode)
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
