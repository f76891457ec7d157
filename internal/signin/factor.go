package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/sealed"
)

// The faults of the second step.
var (
	ErrFactorOn        = fault.New(fault.Conflict, "second-factor-on", "A second factor is on already; give one of its codes to replace it.")
	ErrFactorOff       = fault.New(fault.Conflict, "second-factor-off", "No second factor is on.")
	ErrFactorMandatory = fault.New(fault.Conflict, "second-factor-mandatory", "The office asks every customer for a second factor.")
	ErrPasswordAlone   = fault.New(fault.Conflict, "password-too-short-alone", "The password is too short to stand alone; choose a longer one first.")
	ErrSetUpNotBegun   = fault.New(fault.Conflict, "set-up-not-begun", "No second factor is being set up.")
	errCodeField       = fault.OnField("/code", "wrong-code")
)

const (
	recoveryCodes = 10
	recoveryBytes = 15 // 120 bits
	secretBytes   = 20 // as long as the SHA-1 of RFC 6238
	setUpLife     = time.Hour
)

var letters = base32.StdEncoding.WithPadding(base32.NoPadding)

// Second is what a customer gives as the second step: a code of the app, or a recovery code.
type Second struct {
	Code     string
	Recovery string
}

// factorPlace binds a customer's sealed secret to its row.
func factorPlace(id uuid.UUID) string { return "second_factor.secret:" + id.String() }

type factorRow struct {
	ID        uuid.UUID
	Secret    []byte
	CreatedAt time.Time
}

// factor returns the second factor of a member that is in use, or the one that is being set up; without one its id is uuid.Nil.
func factor(tx *db.Tx, memberID uuid.UUID, inUse bool) (factorRow, error) {
	var f factorRow
	err := tx.Raw(`SELECT id, secret, created_at FROM second_factors WHERE member_id = ? AND (confirmed_at IS NOT NULL) = ?`, memberID, inUse).Scan(&f).Error
	return f, err
}

// welcome opens what a customer gets who gave the first factor, whichever it was: half a session where a second step is on or
// the office wants one, otherwise a whole one. Every way to log in ends here.
func (s *Service) welcome(tx *db.Tx, m member.Member, client Client) (Session, event.Event, error) {
	f, err := factor(tx, m.ID, true)
	if err != nil {
		return Session{}, event.Event{}, err
	}
	o, err := organisation.Mine(tx)
	if err != nil {
		return Session{}, event.Event{}, err
	}
	keys, err := passkeysOf(tx, authz.Member, m.ID)
	if err != nil {
		return Session{}, event.Event{}, err
	}
	next, ways := NextSecondFactor, keys.ways(f.ID != uuid.Nil)
	if f.ID == uuid.Nil {
		if !o.CustomersNeedSecondFactor {
			return s.enter(tx, m, client)
		}
		if keys.Any == 0 { // a password alone sets nothing up beside a passkey
			next = NextSetUp
		}
	}
	actor := authz.Actor{ID: m.ID, Organisation: tx.Actor.Organisation, Kind: authz.Member}
	sess, err := begin(tx, s.Now(), newSession{audience: "portal", member: &m.ID, stage: "half", life: halfLife, client: client}, actor)
	sess.Next, sess.Ways = next, ways
	return sess, event.None, err
}

// enter opens a whole session for a customer who has given everything that was asked.
func (s *Service) enter(tx *db.Tx, m member.Member, client Client) (Session, event.Event, error) {
	now := s.Now()
	res := tx.Exec(`UPDATE portal_members SET last_login_at = ? WHERE id = ? AND blocked_at IS NULL AND archived_at IS NULL`, now, m.ID)
	if res.Error != nil || res.RowsAffected == 0 {
		return Session{}, event.Event{}, orElse(res.Error, authz.ErrNoActor)
	}
	if _, known := s.knownDevice(m.ID, client.Known); !known && m.LastLoginAt != nil {
		unknown, err := strange(tx, customers, m.ID, client)
		if err == nil && unknown {
			err = s.tell(tx, m.ID, Notice{What: NoticeNewDevice, Device: client.Device()})
		}
		if err != nil {
			return Session{}, event.Event{}, err
		}
	}
	actor := authz.Actor{ID: m.ID, Organisation: tx.Actor.Organisation, Kind: authz.Member, Grants: authz.PortalGrants(m.Permissions)}
	sess, err := begin(tx, now, newSession{audience: "portal", member: &m.ID, stage: "full", life: longest, client: client}, actor)
	sess.Device = s.device(m.ID, client.Known)
	return sess, event.Of("portal_member.signed_in", m.ID), err
}

// endHalf ends the half session of who, so that of two that finish it at once one does.
func (s *Service) endHalf(tx *db.Tx, who authz.Actor) error {
	res := tx.Exec(`UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND stage = 'half'`, s.Now(), who.Session)
	if res.Error != nil || res.RowsAffected == 0 {
		return orElse(res.Error, authz.ErrNoActor)
	}
	return nil
}

// VerifyMemberFactor turns the half session of a customer into a whole one, under a new token. A code works once.
func (s *Service) VerifyMemberFactor(ctx context.Context, in Second, client Client) (Session, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Session{}, err
	}
	tries := s.factorTries(who.ID, client)
	if err := s.count(ctx, who.Organisation, tries); err != nil {
		return Session{}, err
	}
	spend, err := s.secondOf(ctx, who, in)
	if err != nil {
		return Session{}, s.refusedFactor(ctx, who, err)
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		if err := spend(tx); err != nil {
			return Session{}, event.Event{}, err
		}
		if err := s.endHalf(tx, who); err != nil {
			return Session{}, event.Event{}, err
		}
		m, err := member.Take(tx, who.ID)
		if err != nil {
			return Session{}, event.Event{}, err
		}
		sess, ev, err := s.enter(tx, m, client)
		if err != nil {
			return Session{}, event.Event{}, err
		}
		if in.Recovery != "" {
			ev = ev.With("by", "recovery_code")
			err = s.tell(tx, who.ID, Notice{What: NoticeRecoveryUsed, Device: client.Device()})
		}
		return sess, ev, errors.Join(err, tx.Exec(`DELETE FROM attempts WHERE key = ?`, tries.key).Error)
	})
}

// refusedFactor writes down that a second step was not right, and returns why.
func (s *Service) refusedFactor(ctx context.Context, who authz.Actor, why error) error {
	_, err := db.Write(asVisitor(ctx, who.Organisation, uuid.Nil), s.DB, authz.SignIn, func(*db.Tx) (bool, event.Event, error) {
		return true, event.Of("second_factor.refused", who.ID), nil
	})
	return orElse(err, why)
}

// secondOf checks what a customer gives, and returns what uses it up in the transaction that it opens.
func (s *Service) secondOf(ctx context.Context, who authz.Actor, in Second) (func(*db.Tx) error, error) {
	f, err := db.Read(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (factorRow, error) { return factor(tx, who.ID, true) })
	if err != nil {
		return nil, err
	}
	switch {
	case f.ID == uuid.Nil, (in.Code == "") == (in.Recovery == ""):
		return nil, ErrWrongCode
	case in.Recovery != "":
		hash, ok := recoveryHash(in.Recovery)
		if !ok {
			return nil, ErrWrongCode
		}
		return func(tx *db.Tx) error {
			return once(tx, `UPDATE recovery_codes SET used_at = ? WHERE member_id = ? AND code_hash = ? AND used_at IS NULL`, s.Now(), who.ID, hash)
		}, nil
	}
	step, err := s.stepOf(f, in.Code)
	if err != nil {
		return nil, err
	}
	return func(tx *db.Tx) error {
		return once(tx, `UPDATE second_factors SET last_step = ? WHERE id = ? AND last_step < ? AND confirmed_at IS NOT NULL`, step, f.ID, step)
	}, nil
}

// once runs the statement that uses a code up: where it touches nothing, the code was used before.
func once(tx *db.Tx, query string, args ...any) error {
	res := tx.Exec(query, args...)
	if res.Error != nil || res.RowsAffected == 0 {
		return orElse(res.Error, ErrWrongCode)
	}
	return nil
}

func (s *Service) stepOf(f factorRow, code string) (int64, error) {
	secret, err := sealed.Open(s.Key, factorPlace(f.ID), f.Secret)
	if err != nil {
		return 0, err
	}
	return s.step([]byte(letters.EncodeToString(secret)), code)
}

// recoveryHash forgives how a recovery code is typed over: spaces, dashes, small letters, and the digits that look like letters.
func recoveryHash(typed string) ([]byte, bool) {
	plain := strings.NewReplacer(" ", "", "-", "", "\u00a0", "", "0", "O", "1", "I", "8", "B").Replace(strings.ToUpper(typed))
	raw, err := letters.DecodeString(plain)
	if err != nil || len(raw) != recoveryBytes {
		return nil, false
	}
	sum := sha256.Sum256(raw)
	return sum[:], true
}

// makeRecoveryCodes makes ten codes as they are shown, once, and what is kept of each.
func makeRecoveryCodes() ([]string, [][]byte) {
	shown, kept := make([]string, recoveryCodes), make([][]byte, recoveryCodes)
	for i := range shown {
		raw := make([]byte, recoveryBytes)
		_, _ = rand.Read(raw) // never fails
		sum, text := sha256.Sum256(raw), letters.EncodeToString(raw)
		parts := []string{}
		for len(text) > 0 {
			parts, text = append(parts, text[:4]), text[4:]
		}
		shown[i], kept[i] = strings.Join(parts, "-"), sum[:]
	}
	return shown, kept
}

// newRecoveryCodes replaces the recovery codes of a member and returns them as they are shown, once.
func (s *Service) newRecoveryCodes(tx *db.Tx, memberID uuid.UUID) ([]string, error) {
	if err := tx.Exec(`DELETE FROM recovery_codes WHERE member_id = ?`, memberID).Error; err != nil {
		return nil, err
	}
	shown, kept := makeRecoveryCodes()
	for _, hash := range kept {
		err := tx.Exec(`INSERT INTO recovery_codes (id, member_id, code_hash, created_at) VALUES (?, ?, ?, ?)`, uuid.Must(uuid.NewV7()), memberID, hash, s.Now()).Error
		if err != nil {
			return nil, err
		}
	}
	return shown, nil
}

// Factor is what a customer sees of the own second step.
type Factor struct {
	Since         *time.Time // nil: off
	RecoveryCodes int        // left
	Passkeys      int        // that open something
	Mandatory     bool
	ResetDueAt    *time.Time // the office is taking it away, from then on
}

// MyFactor returns the second step of the customer.
func (s *Service) MyFactor(ctx context.Context) (Factor, error) {
	return db.Read(ctx, s.DB, authz.PortalMe, func(tx *db.Tx) (Factor, error) {
		var f Factor
		err := tx.Raw(`SELECT (SELECT confirmed_at FROM second_factors WHERE member_id = m.id AND confirmed_at IS NOT NULL) AS since,
				(SELECT count(*) FROM recovery_codes WHERE member_id = m.id AND used_at IS NULL) AS recovery_codes,
				(SELECT count(*) FROM passkeys WHERE member_id = m.id AND suspect_at IS NULL) AS passkeys,
				(SELECT customers_need_second_factor FROM organisations) AS mandatory,
				(SELECT due_at FROM factor_resets WHERE member_id = m.id AND stopped_at IS NULL AND done_at IS NULL) AS reset_due_at
			FROM portal_members m WHERE m.id = ?`, tx.Actor.ID).Scan(&f).Error
		return f, err
	})
}

// SetUp is what an authenticator app needs, shown while it is set up and never again.
type SetUp struct {
	Secret string // base32
	URI    string // otpauth://…, for a QR code
}

// StartFactor makes a new secret for the customer, which counts once a code of it came back. Where a second step is on already,
// code is one of it: a password alone never replaces it, and half a session cannot.
func (s *Service) StartFactor(ctx context.Context, in Second) (SetUp, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return SetUp{}, err
	}
	visitor := asVisitor(ctx, who.Organisation, who.ID)
	var keys passkeyCount
	on, err := db.Read(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (bool, error) {
		f, err := factor(tx, who.ID, true)
		if err == nil {
			keys, err = passkeysOf(tx, authz.Member, who.ID)
		}
		return f.ID != uuid.Nil, err
	})
	if err != nil {
		return SetUp{}, err
	}
	if who.Half && keys.Any > 0 {
		return SetUp{}, ErrFactorOn
	}
	spend := func(*db.Tx) error { return nil }
	if on {
		if who.Half || in == (Second{}) {
			return SetUp{}, ErrFactorOn
		}
		if spend, err = s.given(ctx, who, in); err != nil {
			return SetUp{}, err
		}
	}
	return db.Write(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (SetUp, event.Event, error) {
		if err := spend(tx); err != nil {
			return SetUp{}, event.Event{}, onCode(err)
		}
		l, err := person(tx, who.ID)
		if err != nil {
			return SetUp{}, event.Event{}, err
		}
		// Of two that begin at once, the row of the member lets the second replace the first.
		if err := tx.Exec(`SELECT 1 FROM portal_members WHERE id = ? FOR UPDATE`, who.ID).Error; err != nil {
			return SetUp{}, event.Event{}, err
		}
		if err := tx.Exec(`DELETE FROM second_factors WHERE member_id = ? AND confirmed_at IS NULL`, who.ID).Error; err != nil {
			return SetUp{}, event.Event{}, err
		}
		secret, id := make([]byte, secretBytes), uuid.Must(uuid.NewV7())
		_, _ = rand.Read(secret) // never fails
		err = tx.Exec(`INSERT INTO second_factors (id, member_id, secret, created_at) VALUES (?, ?, ?, ?)`,
			id, who.ID, sealed.Seal(s.Key, factorPlace(id), secret), s.Now()).Error
		text := letters.EncodeToString(secret)
		return SetUp{Secret: text, URI: otpauth(l.OfficeName, l.Username, text)}, event.Of("second_factor.set_up_begun", who.ID), err
	})
}

func otpauth(office, username, secret string) string {
	// An app shows a plus sign where a query has one for a space.
	q := strings.ReplaceAll(url.Values{"secret": {secret}, "issuer": {office}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}.Encode(), "+", "%20")
	return "otpauth://totp/" + url.PathEscape(office+":"+username) + "?" + q
}

// given checks a second step of somebody who is signed in, counted before.
func (s *Service) given(ctx context.Context, who authz.Actor, in Second) (func(*db.Tx) error, error) {
	// Who guesses at the sign-in page keeps nobody out who is in.
	account := "totp:signed-in:" + who.ID.String()
	if err := s.count(ctx, who.Organisation, s.accountAllowance(account)); err != nil {
		return nil, err
	}
	spend, err := s.secondOf(ctx, who, in)
	if err != nil {
		return nil, s.refusedFactor(ctx, who, onCode(err))
	}
	return func(tx *db.Tx) error {
		return errors.Join(onCode(spend(tx)), tx.Exec(`DELETE FROM attempts WHERE key = ?`, account).Error)
	}, nil
}

// onCode says at the field that a code is wrong: the session of who typed it goes on.
func onCode(err error) error {
	if errors.Is(err, ErrWrongCode) {
		return errCodeField
	}
	return err
}

// Confirmed is what confirming a second step gives: a session in place of every other, and the recovery codes, which are shown once.
type Confirmed struct {
	Session       Session
	RecoveryCodes []string
}

// ConfirmFactor switches the second step on that was begun, once a code of it came back. Every other session of the customer ends.
func (s *Service) ConfirmFactor(ctx context.Context, code string, client Client) (Confirmed, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Confirmed{}, err
	}
	account := "totp:" + who.ID.String()
	if err := s.count(ctx, who.Organisation, s.accountAllowance(account)); err != nil {
		return Confirmed{}, err
	}
	visitor := asVisitor(ctx, who.Organisation, who.ID)
	f, err := db.Read(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (factorRow, error) { return factor(tx, who.ID, false) })
	if err != nil {
		return Confirmed{}, err
	}
	if f.ID == uuid.Nil || s.Now().Sub(f.CreatedAt) > setUpLife {
		return Confirmed{}, ErrSetUpNotBegun
	}
	step, err := s.stepOf(f, code)
	if err != nil {
		return Confirmed{}, onCode(err)
	}
	return db.Write(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (Confirmed, event.Event, error) {
		fail := func(err error) (Confirmed, event.Event, error) { return Confirmed{}, event.Event{}, err }
		now := s.Now()
		if err := tx.Exec(`SELECT 1 FROM portal_members WHERE id = ? FOR UPDATE`, who.ID).Error; err != nil {
			return fail(err)
		}
		old, err := factor(tx, who.ID, true)
		if err != nil {
			return fail(err)
		}
		keys, err := passkeysOf(tx, authz.Member, who.ID)
		if err != nil || (who.Half && (old.ID != uuid.Nil || keys.Any > 0)) { // a password alone replaces nothing
			return fail(orElse(err, ErrFactorOn))
		}
		if err := tx.Exec(`DELETE FROM second_factors WHERE member_id = ? AND confirmed_at IS NOT NULL`, who.ID).Error; err != nil {
			return fail(err)
		}
		res := tx.Exec(`UPDATE second_factors SET confirmed_at = ?, last_step = ? WHERE id = ? AND confirmed_at IS NULL`, now, step, f.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return fail(orElse(res.Error, ErrSetUpNotBegun))
		}
		codes, err := s.newRecoveryCodes(tx, who.ID)
		if err != nil {
			return fail(err)
		}
		sess, err := s.anew(tx, who, client)
		if err != nil {
			return fail(err)
		}
		err = s.tell(tx, who.ID, Notice{What: NoticeFactorOn, Device: client.Device()})
		return Confirmed{Session: sess, RecoveryCodes: codes}, event.Of("second_factor.on", who.ID), errors.Join(err, tx.Exec(`DELETE FROM attempts WHERE key = ?`, account).Error)
	})
}

// anew ends every session of a customer and opens one in the place of the one that acts, which must still be alive.
func (s *Service) anew(tx *db.Tx, who authz.Actor, client Client) (Session, error) {
	now := s.Now()
	res := tx.Exec(`UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL`, now, who.Session)
	if res.Error != nil || res.RowsAffected == 0 {
		return Session{}, orElse(res.Error, authz.ErrNoActor)
	}
	if err := member.EndSessions(tx, who.ID, uuid.Nil, now); err != nil {
		return Session{}, err
	}
	m, err := member.Take(tx, who.ID)
	if err != nil {
		return Session{}, err
	}
	sess, _, err := s.enter(tx, m, client)
	return sess, err
}

// RemoveFactor switches the second step off, with a code of it. ErrFactorMandatory: the office wants one.
func (s *Service) RemoveFactor(ctx context.Context, in Second, client Client) (Session, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Session{}, err
	}
	f, err := s.MyFactor(ctx)
	switch {
	case err != nil:
		return Session{}, err
	case f.Since == nil:
		return Session{}, ErrFactorOff
	case f.Mandatory && f.Passkeys == 0:
		return Session{}, ErrFactorMandatory
	}
	spend, err := s.given(ctx, who, in)
	if err != nil {
		return Session{}, err
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		if err := spend(tx); err != nil {
			return Session{}, event.Event{}, err
		}
		// Of a passkey and the app that go at once, the row of the member lets one stay.
		if err := tx.Exec(`SELECT 1 FROM portal_members WHERE id = ? FOR UPDATE`, who.ID).Error; err != nil {
			return Session{}, event.Event{}, err
		}
		keys, err := passkeysOf(tx, authz.Member, who.ID)
		if err != nil || (f.Mandatory && keys.Good == 0) {
			return Session{}, event.Event{}, orElse(err, ErrFactorMandatory)
		}
		// A passkey is no help here: who knows the password is not asked for it.
		var short bool
		if err := tx.Raw(`SELECT password_short FROM portal_members WHERE id = ?`, who.ID).Scan(&short).Error; err != nil || short {
			return Session{}, event.Event{}, orElse(err, ErrPasswordAlone)
		}
		if err := dropFactor(tx, who.ID); err != nil {
			return Session{}, event.Event{}, err
		}
		sess, err := s.anew(tx, who, client)
		if err != nil {
			return Session{}, event.Event{}, err
		}
		return sess, event.Of("second_factor.off", who.ID), s.tell(tx, who.ID, Notice{What: NoticeFactorOff, Device: client.Device()})
	})
}

func dropFactor(tx *db.Tx, memberID uuid.UUID) error {
	if err := tx.Exec(`DELETE FROM recovery_codes WHERE member_id = ?`, memberID).Error; err != nil {
		return err
	}
	return tx.Exec(`DELETE FROM second_factors WHERE member_id = ?`, memberID).Error
}

// RenewRecoveryCodes gives ten new recovery codes for a code of the app; the old ones are worth nothing from then on.
func (s *Service) RenewRecoveryCodes(ctx context.Context, code string, client Client) ([]string, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return nil, err
	}
	f, err := s.MyFactor(ctx)
	if err != nil || f.Since == nil {
		return nil, orElse(err, ErrFactorOff)
	}
	spend, err := s.given(ctx, who, Second{Code: code})
	if err != nil {
		return nil, err
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) ([]string, event.Event, error) {
		if err := spend(tx); err != nil {
			return nil, event.Event{}, err
		}
		codes, err := s.newRecoveryCodes(tx, who.ID)
		if err != nil {
			return nil, event.Event{}, err
		}
		return codes, event.Of("second_factor.recovery_codes_renewed", who.ID), s.tell(tx, who.ID, Notice{What: NoticeCodesRenewed, Device: client.Device()})
	})
}
