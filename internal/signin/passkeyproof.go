package signin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/passkey"
	"voordeur/internal/sealed"
)

// Proving with a passkey who one is: to sign in, or again. Package passkey checks what was signed; here is whose it is, and that every challenge
// is answered once, by whom and for what it was given.

// What a challenge is for: one that was given for the one opens nothing of the other.
const (
	forLogin  = "login"
	forStepUp = "step-up"
	forAdding = "adding"
)

// challenge is what the browser keeps until it answers, sealed: nobody else can answer, or look at it.
type challenge struct {
	For          string     `json:"f"`
	Kind         authz.Kind `json:"k"`
	Organisation uuid.UUID  `json:"o"` // uuid.Nil: the passkey tells, as the office app asks for no office
	Session      uuid.UUID  `json:"s"`
	Handle       []byte     `json:"h,omitempty"` // of who adds a passkey
	Challenge    string     `json:"c"`
	Until        time.Time  `json:"u"`
}

const challengePlace = "passkey-challenge"

func (s *Service) seal(c challenge) (string, error) {
	c.Until = s.Now().Add(passkey.Life)
	raw, err := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(sealed.Seal(s.Key, challengePlace, raw)), err
}

// unseal returns what this browser was given for a purpose, in this session.
func (s *Service) unseal(kept, purpose string, kind authz.Kind, session uuid.UUID) (challenge, error) {
	var c challenge
	box, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil {
		return c, ErrPasskeyLost
	}
	raw, err := sealed.Open(s.Key, challengePlace, box)
	if err != nil || json.Unmarshal(raw, &c) != nil || c.For != purpose || c.Kind != kind || c.Session != session || !s.Now().Before(c.Until) {
		return challenge{}, ErrPasskeyLost
	}
	return c, nil
}

// spend uses the challenge up, in a transaction of its own and before anything is checked: of any number of answers one is looked at.
func (s *Service) spend(ctx context.Context, organisation uuid.UUID, c challenge) error {
	_, err := db.Write(asVisitor(ctx, organisation, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		sum := sha256.Sum256([]byte(c.Challenge))
		// The hash does not come first: GORM takes bytes behind a parenthesis for a list.
		res := tx.Exec(`INSERT INTO passkey_challenges (answered_at, challenge_hash) VALUES (?, ?) ON CONFLICT DO NOTHING`, s.Now(), sum[:])
		if res.Error != nil || res.RowsAffected == 0 {
			return false, event.None, orElse(res.Error, ErrPasskeyLost)
		}
		return true, event.None, nil
	})
	return err
}

// Answer is what a browser signed, and what it kept meanwhile.
type Answer struct {
	Kept   string
	Signed passkey.Signed
}

// StartMemberPasskey asks the browser of a customer for any passkey of this portal, and returns what the browser must keep.
func (s *Service) StartMemberPasskey(ctx context.Context, slug string) (passkey.Request, string, error) {
	office, err := s.office(ctx, slug)
	if err != nil {
		return passkey.Request{}, "", err
	}
	return s.request(challenge{For: forLogin, Kind: authz.Member, Organisation: office.ID}, nil)
}

// StartEmployeePasskey asks the browser of an employee for any passkey of the office app.
func (s *Service) StartEmployeePasskey() (passkey.Request, string, error) {
	return s.request(challenge{For: forLogin, Kind: authz.Employee}, nil)
}

func (s *Service) request(c challenge, owner *passkey.Owner) (passkey.Request, string, error) {
	r, err := s.party(c.Kind).BeginRequest(owner)
	if err != nil {
		return r, "", err
	}
	c.Challenge = r.Challenge
	kept, err := s.seal(c)
	return r, kept, err
}

// MemberPasskey opens a whole session for a customer: a passkey is something one has and something one is or knows, so nothing else
// is asked. passkey.ErrRefused: it is unknown to this office, its owner may not come in, or the answer is not right.
func (s *Service) MemberPasskey(ctx context.Context, a Answer, client Client) (Session, error) {
	c, err := s.unseal(a.Kept, forLogin, authz.Member, uuid.Nil)
	if err != nil {
		return Session{}, err
	}
	address := client.key("passkey")
	if err := s.count(ctx, c.Organisation, s.addressAllowance(address)); err != nil {
		return Session{}, err
	}
	row, use, err := s.answered(ctx, c.Organisation, c, a.Signed)
	if err != nil {
		return Session{}, err
	}
	who := row.owner()
	// Where the office was to take the second step away, this passkey went with it.
	if err := s.finishReset(ctx, c.Organisation, who); err != nil {
		return Session{}, err
	}
	sess, err := db.Write(asVisitor(ctx, c.Organisation, who), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		if err := use(tx); err != nil {
			return Session{}, event.Event{}, err
		}
		if err := forgive(tx, "", address); err != nil {
			return Session{}, event.Event{}, err
		}
		m, err := member.Take(tx, who)
		if err != nil {
			return Session{}, event.Event{}, err
		}
		sess, ev, err := s.enter(tx, m, client)
		return sess, ev.With("by", "passkey"), err
	})
	if errors.Is(err, authz.ErrNoActor) || errors.Is(err, passkey.ErrRefused) || errors.Is(err, db.ErrNotFound) {
		err = s.refusedPasskey(ctx, c.Organisation, who, err)
	}
	return sess, err
}

// EmployeePasskey is MemberPasskey for an employee, of whichever office the passkey belongs to. ErrSSOOnly: that office wants
// something else.
func (s *Service) EmployeePasskey(ctx context.Context, a Answer, client Client) (Session, error) {
	c, err := s.unseal(a.Kept, forLogin, authz.Employee, uuid.Nil)
	if err != nil {
		return Session{}, err
	}
	handle, id, err := a.Signed.Claimed()
	if err != nil {
		return Session{}, err
	}
	office, err := db.System(ctx, s.DB, "office of a passkey", func(tx *db.Tx) (uuid.UUID, error) {
		var found struct{ OrganisationID uuid.UUID }
		err := tx.Raw(`SELECT organisation_id FROM passkeys WHERE user_handle = ? AND credential_id = ? AND employee_id IS NOT NULL`, handle, id).Scan(&found).Error
		if err == nil && found.OrganisationID == uuid.Nil {
			err = passkey.ErrRefused
		}
		return found.OrganisationID, err
	})
	if err != nil {
		return Session{}, err
	}
	address := client.key("passkey")
	if err := s.count(ctx, office, s.addressAllowance(address)); err != nil {
		return Session{}, err
	}
	row, use, err := s.answered(ctx, office, c, a.Signed)
	if err != nil {
		return Session{}, err
	}
	who := row.owner()
	sess, err := db.Write(asVisitor(ctx, office, who), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		none := Session{}
		e, err := employeeByID(tx, who)
		if err == nil && e.ID == uuid.Nil { // blocked or archived
			err = passkey.ErrRefused
		}
		if err != nil {
			return none, event.Event{}, err
		}
		if r, err := ssoOf(tx); err != nil || (r.OnlySso && e.Role != authz.Admin) {
			return none, event.Event{}, orElse(err, ErrSSOOnly)
		}
		if err := use(tx); err != nil {
			return none, event.Event{}, err
		}
		if err := forgive(tx, "", address); err != nil {
			return none, event.Event{}, err
		}
		if err := tx.Exec(`UPDATE employees SET last_login_at = ? WHERE id = ?`, s.Now(), who).Error; err != nil {
			return none, event.Event{}, err
		}
		sess, err := s.arrive(tx, e, office, client)
		return sess, event.Of("employee.signed_in", who).With("by", "passkey"), err
	})
	if errors.Is(err, passkey.ErrRefused) {
		err = s.refusedPasskey(ctx, office, who, err)
	}
	return sess, err
}

// answered checks the answer to a challenge with the passkey that it claims to be of, and returns what uses it in a transaction.
func (s *Service) answered(ctx context.Context, organisation uuid.UUID, c challenge, in passkey.Signed) (passkeyRow, func(*db.Tx) error, error) {
	fail := func(err error) (passkeyRow, func(*db.Tx) error, error) { return passkeyRow{}, nil, err }
	if err := s.spend(ctx, organisation, c); err != nil {
		return fail(err)
	}
	handle, id, err := in.Claimed()
	if err != nil {
		return fail(s.refusedPasskey(ctx, organisation, uuid.Nil, err))
	}
	row, err := db.Read(asVisitor(ctx, organisation, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (passkeyRow, error) {
		var row passkeyRow
		err := tx.Raw(`SELECT id, employee_id, member_id, user_handle, credential_id, public_key, sign_count, model, backup_eligible, backed_up, transports, suspect_at
			FROM passkeys WHERE user_handle = ? AND credential_id = ? AND `+column(c.Kind)+` IS NOT NULL`, handle, id).Scan(&row).Error
		return row, err
	})
	if err != nil {
		return fail(err)
	}
	if row.ID == uuid.Nil || row.SuspectAt != nil {
		return fail(s.refusedPasskey(ctx, organisation, uuid.Nil, passkey.ErrRefused))
	}
	used, cloned, err := s.party(c.Kind).Finish(passkey.Owner{Handle: row.UserHandle, Credentials: []passkey.Credential{row.credential()}}, c.Challenge, in)
	if err != nil {
		return fail(s.refusedPasskey(ctx, organisation, row.owner(), err))
	}
	if cloned {
		return fail(s.suspect(ctx, organisation, row))
	}
	return row, func(tx *db.Tx) error {
		res := tx.Exec(`UPDATE passkeys SET sign_count = ?, backed_up = ?, last_used_at = ? WHERE id = ? AND suspect_at IS NULL AND (sign_count < ? OR sign_count = 0 AND ? = 0)`,
			used.SignCount, used.BackedUp, s.Now(), row.ID, used.SignCount, used.SignCount)
		if res.Error != nil || res.RowsAffected == 0 {
			return orElse(res.Error, passkey.ErrRefused)
		}
		return nil
	}, nil
}

// suspect takes a passkey out of use of which there may be a copy: its counter went back. Its owner is told, and can remove it.
func (s *Service) suspect(ctx context.Context, organisation uuid.UUID, row passkeyRow) error {
	_, err := db.Write(asVisitor(ctx, organisation, row.owner()), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		if err := tx.Exec(`UPDATE passkeys SET suspect_at = ?, version = version + 1 WHERE id = ? AND suspect_at IS NULL`, s.Now(), row.ID).Error; err != nil {
			return false, event.Event{}, err
		}
		return true, event.Of("passkey.suspected", row.owner()).With("passkey", row.ID), s.tellOwner(tx, row.MemberID != nil, row.owner(), Notice{What: NoticePasskeyCopied})
	})
	return orElse(err, passkey.ErrRefused)
}

func (s *Service) tellOwner(tx *db.Tx, customer bool, owner uuid.UUID, n Notice) error {
	if customer {
		return s.tell(tx, owner, n)
	}
	return s.tellEmployee(tx, owner, n)
}

// refusedPasskey writes down that a passkey was not right, and returns why: always the same words.
func (s *Service) refusedPasskey(ctx context.Context, organisation, who uuid.UUID, why error) error {
	subject := who
	if subject == uuid.Nil {
		subject = organisation
	}
	_, err := db.Write(asVisitor(ctx, organisation, uuid.Nil), s.DB, authz.SignIn, func(*db.Tx) (bool, event.Event, error) {
		return true, event.Of("passkey.refused", subject), nil
	})
	return orElse(err, passkey.ErrRefused.Because(why))
}

// StartPasskeyStepUp asks who is signed in for one of the own passkeys.
func (s *Service) StartPasskeyStepUp(ctx context.Context) (passkey.Request, string, error) {
	who, err := signedIn(ctx)
	if err != nil {
		return passkey.Request{}, "", err
	}
	o, err := db.Read(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (passkey.Owner, error) { return keyring(tx, who.Kind, who.ID) })
	if err != nil {
		return passkey.Request{}, "", err
	}
	return s.request(challenge{For: forStepUp, Kind: who.Kind, Organisation: who.Organisation, Session: who.Session}, &o)
}

// provePasskey is prove for a passkey.
func (s *Service) provePasskey(ctx context.Context, who authz.Actor, a Answer) (func(*db.Tx) error, error) {
	onField := func(err error) error {
		for known, field := range map[*fault.Error]*fault.Error{
			ErrPasskeyLost: fault.OnField("/passkey", "passkey-lost"), passkey.ErrRefused: fault.OnField("/passkey", "passkey-refused"),
		} {
			if errors.Is(err, known) {
				return field.Because(err)
			}
		}
		return err
	}
	c, err := s.unseal(a.Kept, forStepUp, who.Kind, who.Session)
	if err != nil {
		return nil, onField(err)
	}
	row, use, err := s.answered(ctx, who.Organisation, c, a.Signed)
	if err == nil && row.owner() != who.ID {
		err = passkey.ErrRefused
	}
	if err != nil {
		return nil, onField(s.turnedAway(ctx, who, err))
	}
	return func(tx *db.Tx) error { return onField(use(tx)) }, nil
}
