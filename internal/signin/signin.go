// Package signin is who may come in: sessions, passwords, the second factor of employees, and the links by which a customer
// chooses a password. The office can send such a link; nothing lets it see or set a password (A9).
package signin

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/passkey"
	"voordeur/internal/sealed"
)

// Service holds the use cases of signing in.
type Service struct {
	DB     *db.DB
	Now    func() time.Time
	Key    sealed.Key
	Hasher *Hasher
	Limits Limits

	PortalKeys *passkey.Party // to which address the passkeys of customers are bound
	OfficeKeys *passkey.Party

	SSO       SSO    // who talks to the providers of offices
	OfficeURL string // where employees come back from them

	Texts bool // there is somebody who sends text messages
}

// The faults of signing in. They never tell whether the name or the password was wrong.
var (
	ErrWrongCredentials = fault.New(fault.Unauthenticated, "wrong-credentials", "This name and password do not belong together.")
	ErrWrongCode        = fault.New(fault.Unauthenticated, "wrong-code", "The code is not right, or was used before.")
)

// MemberLogin is what a customer fills in.
type MemberLogin struct {
	Office   string // slug
	Username string
	Password string
	Client   Client
}

// MemberLogin opens a session for a customer.
func (s *Service) MemberLogin(ctx context.Context, in MemberLogin) (Session, error) {
	office, err := s.office(ctx, in.Office)
	if err != nil {
		return Session{}, err
	}
	visitor := asVisitor(ctx, office.ID, uuid.Nil)
	m, err := db.Read(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (member.Member, error) {
		return memberByUsername(tx, in.Username)
	})
	if err != nil {
		return Session{}, err
	}
	tries := s.loginTries(m.ID, memberAccount(in.Username), in.Client)
	if err := s.count(ctx, office.ID, tries.allowances()...); err != nil {
		return Session{}, err
	}
	v, err := s.Hasher.verify(ctx, in.Password, m.PasswordHash)
	if err != nil {
		return Session{}, err
	}
	if !v.ok || m.BlockedAt != nil || m.ArchivedAt != nil {
		return Session{}, s.refused(ctx, office.ID, m.ID, "portal")
	}
	fresh := ""
	if v.again { // a failure here must not keep anybody out: the old hash is as good as it was
		fresh, _ = s.Hasher.Hash(ctx, in.Password)
	}
	if err := s.finishReset(ctx, office.ID, m.ID); err != nil {
		return Session{}, err
	}
	return db.Write(asVisitor(ctx, office.ID, m.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		// The hash is compared again: a password that was replaced meanwhile opens nothing.
		res := tx.Exec(`UPDATE portal_members SET password_hash = CASE WHEN ? <> '' THEN ? ELSE password_hash END
			WHERE id = ? AND password_hash = ? AND blocked_at IS NULL AND archived_at IS NULL`, fresh, fresh, m.ID, *m.PasswordHash)
		if res.Error != nil || res.RowsAffected == 0 {
			return Session{}, event.Event{}, orElse(res.Error, ErrWrongCredentials)
		}
		if err := tries.forgive(tx); err != nil {
			return Session{}, event.Event{}, err
		}
		return s.welcome(tx, m, in.Client)
	})
}

// memberAccount is what the tries of an account are counted by. Nobody can type a name that is counted as an employee's.
func memberAccount(username string) string { return "login:account:member:" + member.Fold(username) }

func memberByUsername(tx *db.Tx, username string) (member.Member, error) {
	var ms []member.Member
	err := tx.Where("username_folded = ?", member.Fold(username)).Limit(1).Find(&ms).Error
	if err != nil || len(ms) == 0 {
		return member.Member{}, err
	}
	return ms[0], nil
}

// refused writes down that somebody was turned away, and returns the same fault whatever the reason.
func (s *Service) refused(ctx context.Context, office, who uuid.UUID, audience string) error {
	_, err := db.Write(asVisitor(ctx, office, uuid.Nil), s.DB, authz.SignIn, func(*db.Tx) (bool, event.Event, error) {
		subject := who
		if subject == uuid.Nil {
			subject = office
		}
		return true, event.Of("signin.refused", subject).With("audience", audience), nil
	})
	if err != nil {
		return err
	}
	return ErrWrongCredentials
}

func (s *Service) office(ctx context.Context, slug string) (organisation.Organisation, error) {
	return db.System(ctx, s.DB, "office of a portal address", func(tx *db.Tx) (organisation.Organisation, error) {
		return organisation.BySlug(tx, slug)
	})
}

// MemberMe is the customer who is signed in.
type MemberMe struct {
	ID               uuid.UUID
	FirstName        string
	LastName         string
	Salutation       string // how the office addresses the customer; may be empty
	Username         string
	ClientName       string
	Permissions      member.Permissions
	OfficeSlug       string
	OfficeName       string
	Locale           member.Locale
	SecondFactor     bool
	MinPassword      int
	Notifications    member.Notifications
	Version          int64
	SessionExpiresAt time.Time
	View             *authz.View `gorm:"-"` // an employee who looks along as this customer
	BackURL          string      `gorm:"-"` // where that employee came from
}

// MemberMe returns the customer who is signed in, and when the session ends without another request.
func (s *Service) MemberMe(ctx context.Context) (MemberMe, error) {
	return db.Read(ctx, s.DB, authz.PortalMe, func(tx *db.Tx) (MemberMe, error) {
		var me MemberMe
		from := `JOIN sessions s ON s.organisation_id = m.organisation_id AND s.member_id = m.id AND s.id = ?`
		if tx.Actor.View != nil {
			from = `JOIN portal_views s ON s.organisation_id = m.organisation_id AND s.member_id = m.id AND s.id = ?`
		}
		err := tx.Raw(`SELECT m.id, m.username, m.permissions, m.locale, m.notifications, m.version, c.first_name, c.last_name, c.salutation, k.name AS client_name,
				o.slug AS office_slug, o.name AS office_name, s.expires_at AS session_expires_at,
				EXISTS (SELECT 1 FROM second_factors f WHERE f.member_id = m.id AND f.confirmed_at IS NOT NULL) AS second_factor
			FROM portal_members m
			JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
			JOIN clients k ON k.organisation_id = m.organisation_id AND k.id = m.client_id
			JOIN organisations o ON o.organisation_id = m.organisation_id
			`+from+`
			WHERE m.id = ?`, tx.Actor.Session, tx.Actor.ID).Scan(&me).Error
		if err == nil && me.ID == uuid.Nil {
			err = authz.ErrNoActor
		}
		if v := tx.Actor.View; v != nil {
			me.View, me.BackURL = v, s.backURL(v.Dossier)
		}
		if idle := s.Now().Add(idleCustomer); idle.Before(me.SessionExpiresAt) {
			me.SessionExpiresAt = idle
		}
		me.MinPassword = minimum(me.SecondFactor)
		return me, err
	})
}

// ChangePassword replaces the password of who acts, ends every session and opens a new one in their place.
func (s *Service) ChangePassword(ctx context.Context, current, next string, client Client) (Session, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Session{}, err
	}
	of := audienceOf(who.Kind)
	account := "password:" + who.ID.String()
	if err := s.count(ctx, who.Organisation, s.accountAllowance(account)); err != nil {
		return Session{}, err
	}
	visitor := asVisitor(ctx, who.Organisation, who.ID)
	l, err := db.Read(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (linkRow, error) {
		if of == staff {
			return colleague(tx, who.ID)
		}
		return person(tx, who.ID)
	})
	if err != nil {
		return Session{}, err
	}
	v, err := s.Hasher.verify(ctx, current, l.PasswordHash)
	if err != nil {
		return Session{}, err
	}
	if !v.ok {
		return Session{}, s.turnedAway(ctx, who, fault.OnField("/currentPassword", "wrong-password"))
	}
	if err := CheckPassword(next, l.minimum(), l.context()...); err != nil {
		return Session{}, onPointer(err, "/newPassword")
	}
	hash, err := s.Hasher.Hash(ctx, next)
	if err != nil {
		return Session{}, err
	}
	return db.Write(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		now := s.Now()
		what := event.Of("portal_member.password_changed", who.ID)
		set, after := s.setPassword, func() error { return s.passwordWasSet(tx, l, uuid.Nil, now) }
		in := newSession{audience: of.name, member: &who.ID, stage: "full", life: longest, client: client}
		if of == staff {
			what = event.Of("employee.password_changed", who.ID)
			set, after = s.setStaffPassword, func() error { return s.staffPasswordWasSet(tx, l, now) }
			in.member, in.employee = nil, &who.ID
		}
		if ok, err := set(tx, l, hash, next, l.PasswordHash); err != nil || !ok {
			return Session{}, event.Event{}, orElse(err, db.ErrStale)
		}
		if err := after(); err != nil {
			return Session{}, event.Event{}, err
		}
		if err := tx.Exec(`DELETE FROM attempts WHERE key = ?`, account).Error; err != nil {
			return Session{}, event.Event{}, err
		}
		sess, err := begin(tx, now, in, who)
		return sess, what, err
	})
}

// setPassword writes the hash of a customer's password, and whether it is long enough to stand alone. was is the hash it takes the place
// of; nil: any. False: the login is closed, or the password was replaced meanwhile.
func (s *Service) setPassword(tx *db.Tx, l linkRow, hash, password string, was *string) (bool, error) {
	now := s.Now()
	res := tx.Exec(`UPDATE portal_members SET password_hash = ?, password_short = ?, password_set_at = ?, updated_at = ?
		WHERE id = ? AND blocked_at IS NULL AND archived_at IS NULL AND (?::text IS NULL OR password_hash = ?)`,
		hash, utf8.RuneCountInString(password) < MinPasswordAlone, now, now, l.MemberID, was, was)
	return res.RowsAffected > 0, res.Error
}

// setStaffPassword is setPassword for an employee. A key of an app that was being set up is forgotten.
func (s *Service) setStaffPassword(tx *db.Tx, l linkRow, hash, _ string, was *string) (bool, error) {
	now := s.Now()
	res := tx.Exec(`UPDATE employees SET password_hash = ?, password_set_at = ?, totp_pending = NULL, version = version + 1, updated_at = ?
		WHERE id = ? AND blocked_at IS NULL AND archived_at IS NULL AND (?::text IS NULL OR password_hash = ?)`, hash, now, now, l.MemberID, was, was)
	return res.RowsAffected > 0, res.Error
}

func onPointer(err error, pointer string) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	moved := *f
	moved.Fields = []fault.Field{{Pointer: pointer, Code: f.Fields[0].Code}}
	return &moved
}

// orElse returns the technical error, if there is one, and otherwise what a statement that touched no row means.
func orElse(err, meaning error) error {
	if err != nil {
		return err
	}
	return meaning
}
