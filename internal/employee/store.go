package employee

import (
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/fault"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
)

const fields = `e.id, e.email, e.first_name, e.last_name, e.job_title, e.phone, e.role, e.blocked_at, e.archived_at, e.last_login_at, e.version`

// Find returns one colleague, or db.ErrNotFound.
func Find(tx *db.Tx, id uuid.UUID) (Employee, error) {
	var e Employee
	err := tx.Raw(`SELECT `+fields+` FROM employees e WHERE e.id = ?`, id).Scan(&e).Error
	if err == nil && e.ID == uuid.Nil {
		err = db.ErrNotFound
	}
	return e, err
}

// findMe is Find for who acts, with the moment at which the session ends without another request.
func findMe(tx *db.Tx) (Employee, time.Time, error) {
	var me struct {
		Employee

		ExpiresAt time.Time
	}
	err := tx.Raw(`SELECT `+fields+`, coalesce((SELECT s.expires_at FROM sessions s WHERE s.id = ?), 'epoch') AS expires_at FROM employees e WHERE e.id = ?`,
		tx.Actor.Session, tx.Actor.ID).Scan(&me).Error
	if err == nil && me.ID == uuid.Nil {
		err = db.ErrNotFound
	}
	if idle := tx.Now().Add(Idle); idle.Before(me.ExpiresAt) {
		me.ExpiresAt = idle
	}
	return me.Employee, me.ExpiresAt, err
}

// Lock is Find for a colleague who is about to change. The rows of all administrators are locked before, always in the same order,
// so that changes follow each other: of any number of administrators who go at once, one stays.
func Lock(tx *db.Tx, id uuid.UUID) (Employee, error) {
	err := tx.Exec(`SELECT 1 FROM employees WHERE role = 'admin' AND blocked_at IS NULL AND archived_at IS NULL ORDER BY id FOR UPDATE`).Error
	if err != nil {
		return Employee{}, err
	}
	if err := tx.Exec(`SELECT 1 FROM employees WHERE id = ? FOR UPDATE`, id).Error; err != nil {
		return Employee{}, err
	}
	return Find(tx, id)
}

// AdminLeft refuses a change to was after which no administrator could sign in. Whoever was none takes nothing away.
func AdminLeft(tx *db.Tx, was Employee) error {
	if was.Role != Admin || was.BlockedAt != nil {
		return nil
	}
	var left int
	err := tx.Raw(`SELECT count(*) FROM employees WHERE role = 'admin' AND blocked_at IS NULL AND archived_at IS NULL
		AND password_hash IS NOT NULL AND (totp_secret IS NOT NULL
			OR EXISTS (SELECT 1 FROM passkeys p WHERE p.organisation_id = employees.organisation_id AND p.employee_id = employees.id))`).Scan(&left).Error
	if err == nil && left == 0 {
		err = ErrLastAdmin
	}
	return err
}

// Add inserts a colleague, who has no way in yet.
func Add(tx *db.Tx, d Draft) (Employee, error) {
	if !mailer.ValidAddress(d.Email) {
		return Employee{}, fault.OnField("/email", "email")
	}
	e := Employee{
		ID: uuid.Must(uuid.NewV7()), Email: d.Email, FirstName: d.FirstName, LastName: d.LastName, JobTitle: d.JobTitle, Phone: d.Phone, Role: d.Role, Version: 1,
	}
	err := tx.Exec(`INSERT INTO employees (id, email, email_folded, first_name, last_name, job_title, phone, role, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.ID, e.Email, member.Fold(e.Email), e.FirstName, e.LastName, e.JobTitle, e.Phone, e.Role, tx.Now(), tx.Now()).Error
	if db.IsUnique(err, "employees_email_folded_key") {
		return e, fault.OnField("/email", "email-in-use").Because(err)
	}
	return e, err
}

// EndSessions ends the sessions of a colleague, but for one that may go on, and the looks into the portal that hang on them.
func EndSessions(tx *db.Tx, id, except uuid.UUID, now time.Time) error {
	if err := member.EndViews(tx, member.ViewSignedOut, now, `v.employee_id = ? AND v.office_session <> ?`, id, except); err != nil {
		return err
	}
	return tx.Exec(`UPDATE sessions SET ended_at = ? WHERE employee_id = ? AND id <> ? AND ended_at IS NULL`, now, id, except).Error
}

// Forget takes every way in from a colleague: password, second factor, passkeys, recovery codes, links and sessions.
func Forget(tx *db.Tx, id uuid.UUID, now time.Time) error {
	if err := tx.Exec(`SELECT app.forget_credentials(?)`, id).Error; err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM employee_recovery_codes WHERE employee_id = ?`, id).Error; err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM passkeys WHERE employee_id = ?`, id).Error; err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM employee_identities WHERE employee_id = ?`, id).Error; err != nil {
		return err
	}
	err := tx.Exec(`UPDATE employee_links SET replaced_at = ? WHERE employee_id = ? AND used_at IS NULL AND replaced_at IS NULL`, now, id).Error
	if err != nil {
		return err
	}
	return EndSessions(tx, id, uuid.Nil, now)
}

type row struct {
	Employee

	HasPassword    bool
	HasFactor      bool
	Linked         bool
	LinkID         *uuid.UUID
	LinkSentAt     *time.Time
	LinkOpenedAt   *time.Time
	LinkUsedAt     *time.Time
	LinkExpiresAt  *time.Time
	LinkReplacedAt *time.Time
}

// Look returns one colleague with how far the login has come, or db.ErrNotFound.
func Look(tx *db.Tx, now time.Time, id uuid.UUID) (View, error) {
	vs, err := views(tx, now, `WHERE e.id = ?`, id)
	if err == nil && len(vs) == 0 {
		return View{}, db.ErrNotFound
	}
	if err != nil {
		return View{}, err
	}
	return vs[0], nil
}

// views is the one query for colleagues. cond is text of this package only.
func views(tx *db.Tx, now time.Time, cond string, args ...any) ([]View, error) {
	var rows []row
	err := tx.Raw(`SELECT `+fields+`, e.password_hash IS NOT NULL AS has_password, 
			(e.totp_secret IS NOT NULL OR EXISTS (SELECT 1 FROM passkeys p WHERE p.organisation_id = e.organisation_id AND p.employee_id = e.id)) AS has_factor,
			EXISTS (SELECT 1 FROM employee_identities i WHERE i.organisation_id = e.organisation_id AND i.employee_id = e.id) AS linked,
			l.id AS link_id, l.sent_at AS link_sent_at, l.opened_at AS link_opened_at, l.used_at AS link_used_at, l.expires_at AS link_expires_at, l.replaced_at AS link_replaced_at
		FROM employees e
		LEFT JOIN LATERAL (SELECT id, sent_at, opened_at, used_at, expires_at, replaced_at FROM employee_links
			WHERE organisation_id = e.organisation_id AND employee_id = e.id ORDER BY id DESC LIMIT 1) l ON true `+cond, args...).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	all := make([]View, len(rows))
	for i, r := range rows {
		all[i] = r.view(now)
		if !tx.Actor.May(authz.EmployeeWrite) { // how a colleague signs in is no business of others
			all[i].SecondFactor, all[i].Invitation, all[i].LastLoginAt = false, nil, nil
		}
	}
	return all, nil
}

func (r row) view(now time.Time) View {
	v := View{Employee: r.Employee, State: r.state(), SecondFactor: r.HasFactor}
	if r.LinkID != nil {
		v.Invitation = &member.Invitation{State: member.LinkTimes{SentAt: r.LinkSentAt, OpenedAt: r.LinkOpenedAt, UsedAt: r.LinkUsedAt, ExpiresAt: r.LinkExpiresAt, ReplacedAt: r.LinkReplacedAt}.State(now), SentAt: r.LinkSentAt, OpenedAt: r.LinkOpenedAt, ExpiresAt: r.LinkExpiresAt}
	}
	return v
}

func (r row) state() State {
	switch {
	case r.ArchivedAt != nil:
		return Archived
	case r.BlockedAt != nil:
		return Blocked
	case r.Linked, r.HasPassword && r.HasFactor:
		return Active
	case r.LinkID != nil:
		return Invited
	}
	return New
}
