package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/employee"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/sealed"
)

// ErrFactorSet is returned to who enrols a second factor while there is one: it is never replaced by who knows the password only.
var ErrFactorSet = fault.New(fault.Conflict, "second-factor-set", "There is a second factor already.")

// EmployeeLogin is what an employee fills in.
type EmployeeLogin struct {
	Email    string
	Password string
	Client   Client
}

type employeeRow struct {
	OrganisationID uuid.UUID
	OfficeName     string
	ID             uuid.UUID
	Email          string
	PasswordHash   *string
	BlockedAt      *time.Time
	TotpSecret     []byte
	TotpPending    []byte
	Role           authz.Role
	Granted        member.Permissions
	Withdrawn      member.Permissions
	FirstName      string
	LastName       string
	LastLoginAt    *time.Time
}

func (e employeeRow) actor(organisation uuid.UUID) authz.Actor {
	return authz.Actor{
		ID: e.ID, Organisation: organisation, Kind: authz.Employee, Grants: e.Role.GrantsWith(e.Granted, e.Withdrawn),
		Name: employee.Employee{FirstName: e.FirstName, LastName: e.LastName}.Name(),
	}
}

func employeeAccount(email string) string { return "login:account:employee:" + member.Fold(email) }

// employeeOf finds an employee by address. One who is unknown belongs to an office too, always the same: otherwise a limit that is
// never reached would tell that the address is unknown.
func (s *Service) employeeOf(ctx context.Context, folded string) (employeeRow, error) {
	return db.System(ctx, s.DB, "employee of an e-mail address", func(tx *db.Tx) (employeeRow, error) {
		var e employeeRow
		err := tx.Raw(`SELECT organisation_id, id, password_hash, blocked_at, totp_secret, role, first_name, last_name FROM employees
			WHERE email_folded = ? AND archived_at IS NULL`, folded).Scan(&e).Error
		if err == nil && e.ID == uuid.Nil {
			err = tx.Raw(`SELECT organisation_id FROM organisations ORDER BY md5(organisation_id::text || ?) LIMIT 1`, folded).Scan(&e).Error
		}
		return e, err
	})
}

// EmployeeLogin checks the password of an employee and opens a half session: good for the second factor, or for enrolling one.
func (s *Service) EmployeeLogin(ctx context.Context, in EmployeeLogin) (Session, error) {
	folded := member.Fold(in.Email)
	e, err := s.employeeOf(ctx, folded)
	if err != nil {
		return Session{}, err
	}
	if e.OrganisationID == uuid.Nil { // no office at all yet
		return Session{}, ErrWrongCredentials
	}
	tries := s.loginTries(e.ID, employeeAccount(folded), in.Client)
	if err := s.count(ctx, e.OrganisationID, tries.allowances()...); err != nil {
		return Session{}, err
	}
	v, err := s.Hasher.verify(ctx, in.Password, e.PasswordHash)
	if err != nil {
		return Session{}, err
	}
	if !v.ok || e.BlockedAt != nil {
		return Session{}, s.refused(ctx, e.OrganisationID, e.ID, "office")
	}
	return db.Write(asVisitor(ctx, e.OrganisationID, e.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		if err := tries.forgive(tx); err != nil {
			return Session{}, event.Event{}, err
		}
		if r, err := ssoOf(tx); err != nil || (r.OnlySso && e.Role != authz.Admin) {
			return Session{}, event.Event{}, orElse(err, ErrSSOOnly)
		}
		keys, err := passkeysOf(tx, authz.Employee, e.ID)
		if err != nil {
			return Session{}, event.Event{}, err
		}
		life, enrol := halfLife, len(e.TotpSecret) == 0 && keys.Any == 0
		if enrol {
			life = enrolLife
		}
		actor := authz.Actor{ID: e.ID, Organisation: e.OrganisationID, Kind: authz.Employee}
		sess, err := begin(tx, s.Now(), newSession{audience: "office", employee: &e.ID, stage: "half", life: life, client: in.Client}, actor)
		sess.Enrol, sess.Ways = enrol, keys.ways(len(e.TotpSecret) > 0)
		return sess, event.None, err
	})
}

func employeeByID(tx *db.Tx, id uuid.UUID) (employeeRow, error) {
	var e employeeRow
	err := tx.Raw(`SELECT e.id, e.email, e.totp_secret, e.totp_pending, e.role, e.first_name, e.last_name, e.last_login_at, r.granted, r.withdrawn, o.name AS office_name
		FROM employees e JOIN organisations o ON o.organisation_id = e.organisation_id
		LEFT JOIN role_rights r ON r.organisation_id = e.organisation_id AND r.role = e.role
		WHERE e.id = ? AND e.blocked_at IS NULL AND e.archived_at IS NULL`, id).Scan(&e).Error
	return e, err
}

// spendStep uses up the code of a time step: it, and every older one, is worth nothing from then on.
func spendStep(tx *db.Tx, employeeID uuid.UUID, step int64) error {
	res := tx.Exec(`UPDATE employees SET totp_last_step = ? WHERE id = ? AND totp_last_step < ? AND blocked_at IS NULL AND archived_at IS NULL`, step, employeeID, step)
	if res.Error != nil || res.RowsAffected == 0 {
		return orElse(res.Error, ErrWrongCode)
	}
	return nil
}

// spendRecovery uses up a recovery code.
func spendRecovery(tx *db.Tx, employeeID uuid.UUID, hash []byte, now time.Time) error {
	res := tx.Exec(`UPDATE employee_recovery_codes SET used_at = ? WHERE employee_id = ? AND code_hash = ? AND used_at IS NULL`, now, employeeID, hash)
	if res.Error != nil || res.RowsAffected == 0 {
		return orElse(res.Error, ErrWrongCode)
	}
	return tx.Record(event.Of("employee.recovery_code_used", employeeID))
}

// TOTPPlace binds an employee's sealed secret to its row.
func TOTPPlace(employeeID uuid.UUID) string { return "employee.totp:" + employeeID.String() }

const totpPeriod = 30

func (s *Service) halfEmployee(ctx context.Context, who authz.Actor) (employeeRow, error) {
	return db.Read(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (employeeRow, error) { return employeeByID(tx, who.ID) })
}

// VerifySecondFactor turns the half session of the actor into a whole one, under a new token. A code of the app works once, and so
// does a recovery code. A wrong one stands in the trail.
func (s *Service) VerifySecondFactor(ctx context.Context, code string, client Client) (Session, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Session{}, err
	}
	tries := s.factorTries(who.ID, client)
	if err := s.count(ctx, who.Organisation, tries); err != nil {
		return Session{}, err
	}
	sess, err := s.secondFactor(ctx, who, code, tries, client)
	if errors.Is(err, ErrWrongCode) {
		err = s.refusedFactor(ctx, who, err)
	}
	return sess, err
}

func (s *Service) secondFactor(ctx context.Context, who authz.Actor, code string, tries allowance, client Client) (Session, error) {
	e, err := s.halfEmployee(ctx, who)
	if err != nil {
		return Session{}, err
	}
	hash, recovery := recoveryHash(code)
	spend := func(tx *db.Tx) error { return spendRecovery(tx, who.ID, hash, s.Now()) }
	if !recovery {
		step, err := s.employeeStep(e.ID, e.TotpSecret, code)
		if err != nil {
			return Session{}, err
		}
		spend = func(tx *db.Tx) error { return spendStep(tx, who.ID, step) }
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		if err := spend(tx); err != nil {
			return Session{}, event.Event{}, err
		}
		if err := tx.Exec(`UPDATE employees SET last_login_at = ? WHERE id = ?`, s.Now(), who.ID).Error; err != nil {
			return Session{}, event.Event{}, err
		}
		what := event.Of("employee.signed_in", e.ID)
		if recovery {
			what = what.With("by", "recovery_code")
			if err := s.tellEmployee(tx, e.ID, Notice{What: NoticeRecoveryUsed, Device: client.Device()}); err != nil {
				return Session{}, event.Event{}, err
			}
		}
		sess, err := s.whole(tx, who, e, tries.key, client)
		return sess, what, err
	})
}

// whole ends the half session of who and opens a whole one under a new token.
func (s *Service) whole(tx *db.Tx, who authz.Actor, e employeeRow, tries string, client Client) (Session, error) {
	now := s.Now()
	res := tx.Exec(`UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND stage = 'half'`, now, who.Session)
	if res.Error != nil || res.RowsAffected == 0 {
		return Session{}, orElse(res.Error, authz.ErrNoActor)
	}
	if err := tx.Exec(`DELETE FROM attempts WHERE key = ?`, tries).Error; err != nil {
		return Session{}, err
	}
	return s.arrive(tx, e, who.Organisation, client)
}

// arrive opens a whole session for an employee who has given everything that was asked, and tells who was here before of a device that is new.
func (s *Service) arrive(tx *db.Tx, e employeeRow, organisation uuid.UUID, client Client) (Session, error) {
	if _, known := s.knownDevice(e.ID, client.Known); !known && e.LastLoginAt != nil {
		unknown, err := strange(tx, staff, e.ID, client)
		if err == nil && unknown {
			err = s.tellEmployee(tx, e.ID, Notice{What: NoticeNewDevice, Device: client.Device()})
		}
		if err != nil {
			return Session{}, err
		}
	}
	sess, err := begin(tx, s.Now(), newSession{audience: staff.name, employee: &e.ID, stage: "full", life: longest, client: client}, e.actor(organisation))
	sess.Device = s.device(e.ID, client.Known)
	return sess, err
}

// employeeStep is step for a key that is sealed in the row of an employee.
func (s *Service) employeeStep(who uuid.UUID, box []byte, code string) (int64, error) {
	if who == uuid.Nil || len(box) == 0 {
		return 0, ErrWrongCode
	}
	secret, err := sealed.Open(s.Key, TOTPPlace(who), box)
	if err != nil {
		return 0, err
	}
	return s.step(secret, code)
}

// step returns the time step that code belongs to: now, the one before, or the one after, for a clock that is a little off.
func (s *Service) step(secret []byte, code string) (int64, error) {
	given := digits(code)
	found, now := int64(0), s.Now().Unix()/totpPeriod
	for step := now - 1; step <= now+1; step++ {
		want, err := totp.GenerateCodeCustom(string(secret), time.Unix(step*totpPeriod, 0), totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(given)) == 1 {
			found = step
		}
	}
	if found == 0 {
		return 0, ErrWrongCode
	}
	return found, nil
}

// digits forgives the spaces with which an authenticator app shows a code.
func digits(code string) string {
	out := make([]rune, 0, len(code))
	for _, r := range code {
		if r != ' ' && r != '\u00a0' {
			out = append(out, r)
		}
	}
	return string(out)
}

// Enrolment is what an authenticator app needs to know.
type Enrolment struct {
	Secret string
	URI    string // otpauth://, for a QR code that the browser draws
}

// StartEnrolment makes a new key for the authenticator app of an employee who has none. It counts once ConfirmEnrolment has seen a code of it.
func (s *Service) StartEnrolment(ctx context.Context) (Enrolment, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Enrolment{}, err
	}
	e, err := s.halfEmployee(ctx, who)
	if err != nil {
		return Enrolment{}, err
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Enrolment, event.Event, error) {
		out, box := s.newKey(e)
		res := tx.Exec(`UPDATE employees SET totp_pending = ? WHERE id = ? AND totp_secret IS NULL AND blocked_at IS NULL AND archived_at IS NULL`+noPasskey, box, who.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return Enrolment{}, event.Event{}, orElse(res.Error, ErrFactorSet)
		}
		return out, event.None, nil
	})
}

// noPasskey ends the condition of a statement with which somebody who gave a password only sets an app up.
const noPasskey = ` AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.organisation_id = employees.organisation_id AND p.employee_id = employees.id)`

// newKey makes a key for the app of an employee, and what is kept of it.
func (s *Service) newKey(e employeeRow) (Enrolment, []byte) {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // never fails
	secret := letters.EncodeToString(raw)
	issuer := "Voordeur " + e.OfficeName
	q := url.Values{"secret": {secret}, "issuer": {issuer}}
	uri := "otpauth://totp/" + url.PathEscape(issuer+":"+e.Email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
	return Enrolment{Secret: secret, URI: uri}, sealed.Seal(s.Key, TOTPPlace(e.ID), []byte(secret))
}

// employeeRecoveryCodes replaces the recovery codes of an employee and returns them as they are shown, once.
func employeeRecoveryCodes(tx *db.Tx, employeeID uuid.UUID) ([]string, error) {
	if err := tx.Exec(`DELETE FROM employee_recovery_codes WHERE employee_id = ?`, employeeID).Error; err != nil {
		return nil, err
	}
	shown, hashes := makeRecoveryCodes()
	for _, hash := range hashes {
		if err := tx.Exec(`INSERT INTO employee_recovery_codes (employee_id, code_hash) VALUES (?, ?)`, employeeID, hash).Error; err != nil {
			return nil, err
		}
	}
	return shown, nil
}

// ConfirmEnrolment makes the key count, turns the half session into a whole one and returns recovery codes, which are never shown again.
func (s *Service) ConfirmEnrolment(ctx context.Context, code string, client Client) (Session, []string, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Session{}, nil, err
	}
	tries := s.factorTries(who.ID, client)
	if err := s.count(ctx, who.Organisation, tries); err != nil {
		return Session{}, nil, err
	}
	e, err := s.halfEmployee(ctx, who)
	if err != nil {
		return Session{}, nil, err
	}
	if len(e.TotpSecret) > 0 {
		return Session{}, nil, ErrFactorSet
	}
	step, err := s.employeeStep(e.ID, e.TotpPending, code)
	if err != nil {
		return Session{}, nil, err
	}
	var codes []string
	sess, err := db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		res := tx.Exec(`UPDATE employees SET totp_secret = totp_pending, totp_pending = NULL, totp_last_step = ?, last_login_at = ?, version = version + 1
			WHERE id = ? AND totp_secret IS NULL AND totp_pending = ? AND blocked_at IS NULL AND archived_at IS NULL`+noPasskey, step, s.Now(), who.ID, e.TotpPending)
		if res.Error != nil || res.RowsAffected == 0 {
			return Session{}, event.Event{}, orElse(res.Error, ErrWrongCode)
		}
		var err error
		if codes, err = employeeRecoveryCodes(tx, who.ID); err != nil {
			return Session{}, event.Event{}, err
		}
		sess, err := s.whole(tx, who, e, tries.key, client)
		return sess, event.Of("employee.second_factor_enrolled", e.ID), err
	})
	return sess, codes, err
}
