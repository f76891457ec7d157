package signin

import (
	"context"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
)

// StaffAccount is how an employee signs in, as the employee sees it.
type StaffAccount struct {
	HasPassword   bool
	PasswordSetAt *time.Time
	SecondFactor  bool // an authenticator app
	RecoveryCodes int  // left
	Linked        bool // to the provider of the office
}

// MyAccount returns how the employee who acts signs in.
func (s *Service) MyAccount(ctx context.Context) (StaffAccount, error) {
	return db.Read(ctx, s.DB, authz.EmployeeRead, func(tx *db.Tx) (StaffAccount, error) {
		var a StaffAccount
		err := tx.Raw(`SELECT e.password_hash IS NOT NULL AS has_password, e.password_set_at, e.totp_secret IS NOT NULL AS second_factor,
				(SELECT count(*) FROM employee_recovery_codes r WHERE r.employee_id = e.id AND r.used_at IS NULL) AS recovery_codes,
				EXISTS (SELECT 1 FROM employee_identities i WHERE i.employee_id = e.id) AS linked
			FROM employees e WHERE e.id = ?`, tx.Actor.ID).Scan(&a).Error
		return a, err
	})
}

// staffSecond checks a code of the app of an employee who is signed in, or a recovery code, and returns what uses it up.
func (s *Service) staffSecond(ctx context.Context, who authz.Actor, e employeeRow, code string) (func(*db.Tx) error, error) {
	// Who guesses at the sign-in page keeps nobody out who is in.
	account := "totp:signed-in:" + who.ID.String()
	if err := s.count(ctx, who.Organisation, s.accountAllowance(account)); err != nil {
		return nil, err
	}
	spend := func(*db.Tx) error { return nil }
	if hash, recovery := recoveryHash(code); recovery {
		spend = func(tx *db.Tx) error { return spendRecovery(tx, who.ID, hash, s.Now()) }
	} else {
		step, err := s.employeeStep(e.ID, e.TotpSecret, code)
		if err != nil {
			return nil, s.turnedAway(ctx, who, onCode(err))
		}
		spend = func(tx *db.Tx) error { return spendStep(tx, who.ID, step) }
	}
	return func(tx *db.Tx) error {
		return orElse(onCode(spend(tx)), tx.Exec(`DELETE FROM attempts WHERE key = ?`, account).Error)
	}, nil
}

// StartMyFactor makes a new key for the app of an employee who is signed in, which counts once ConfirmMyFactor has seen a code of it. Where
// there is an app already, code is one of it, or a recovery code: a password alone replaces nothing.
func (s *Service) StartMyFactor(ctx context.Context, code string) (Enrolment, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Enrolment{}, err
	}
	e, err := s.halfEmployee(ctx, who)
	if err != nil {
		return Enrolment{}, err
	}
	spend := func(*db.Tx) error { return nil }
	if len(e.TotpSecret) > 0 {
		if code == "" {
			return Enrolment{}, ErrFactorOn
		}
		if spend, err = s.staffSecond(ctx, who, e, code); err != nil {
			return Enrolment{}, err
		}
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Enrolment, event.Event, error) {
		if err := spend(tx); err != nil {
			return Enrolment{}, event.Event{}, err
		}
		out, box := s.newKey(e)
		res := tx.Exec(`UPDATE employees SET totp_pending = ? WHERE id = ? AND blocked_at IS NULL AND archived_at IS NULL`, box, who.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return Enrolment{}, event.Event{}, orElse(res.Error, authz.ErrNoActor)
		}
		return out, event.Of("employee.second_factor_begun", who.ID), nil
	})
}

// ConfirmMyFactor makes the new key count in place of the old one. Every session ends, and one opens in their place; the recovery codes are
// shown once.
func (s *Service) ConfirmMyFactor(ctx context.Context, code string, client Client) (Confirmed, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Confirmed{}, err
	}
	account := "totp:signed-in:" + who.ID.String()
	if err := s.count(ctx, who.Organisation, s.accountAllowance(account)); err != nil {
		return Confirmed{}, err
	}
	e, err := s.halfEmployee(ctx, who)
	if err != nil {
		return Confirmed{}, err
	}
	if len(e.TotpPending) == 0 {
		return Confirmed{}, ErrSetUpNotBegun
	}
	step, err := s.employeeStep(e.ID, e.TotpPending, code)
	if err != nil {
		return Confirmed{}, onCode(err)
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Confirmed, event.Event, error) {
		fail := func(err error) (Confirmed, event.Event, error) { return Confirmed{}, event.Event{}, err }
		res := tx.Exec(`UPDATE employees SET totp_secret = totp_pending, totp_pending = NULL, totp_last_step = ?, version = version + 1
			WHERE id = ? AND totp_pending = ? AND blocked_at IS NULL AND archived_at IS NULL`, step, who.ID, e.TotpPending)
		if res.Error != nil || res.RowsAffected == 0 {
			return fail(orElse(res.Error, ErrSetUpNotBegun))
		}
		codes, err := employeeRecoveryCodes(tx, who.ID)
		if err != nil {
			return fail(err)
		}
		now := s.Now()
		if err := tx.Exec(`UPDATE sessions SET ended_at = ? WHERE employee_id = ? AND ended_at IS NULL`, now, who.ID).Error; err != nil {
			return fail(err)
		}
		if err := tx.Exec(`DELETE FROM attempts WHERE key = ?`, account).Error; err != nil {
			return fail(err)
		}
		if err := s.tellEmployee(tx, e.ID, Notice{What: NoticeFactorOn, Device: client.Device()}); err != nil {
			return fail(err)
		}
		sess, err := begin(tx, now, newSession{audience: staff.name, employee: &who.ID, stage: "full", life: longest, client: client}, who)
		return Confirmed{Session: sess, RecoveryCodes: codes}, event.Of("employee.second_factor_renewed", who.ID), err
	})
}

// RenewMyCodes gives an employee ten new recovery codes for a code of the app; the old ones are worth nothing from then on.
func (s *Service) RenewMyCodes(ctx context.Context, code string, client Client) ([]string, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.halfEmployee(ctx, who)
	if err != nil {
		return nil, err
	}
	if e.ID == uuid.Nil || len(e.TotpSecret) == 0 {
		return nil, ErrFactorOff
	}
	spend, err := s.staffSecond(ctx, who, e, code)
	if err != nil {
		return nil, err
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) ([]string, event.Event, error) {
		if err := spend(tx); err != nil {
			return nil, event.Event{}, err
		}
		codes, err := employeeRecoveryCodes(tx, who.ID)
		if err != nil {
			return nil, event.Event{}, err
		}
		return codes, event.Of("employee.recovery_codes_renewed", who.ID), s.tellEmployee(tx, e.ID, Notice{What: NoticeCodesRenewed, Device: client.Device()})
	})
}
