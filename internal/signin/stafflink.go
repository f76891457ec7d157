package signin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/employee"
	"voordeur/internal/event"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
	"voordeur/internal/sealed"
)

// The kinds of mail about the login of an employee; package invitation writes them.
const (
	MailEmployeeReset       = "employee_reset"
	MailEmployeePasswordSet = "employee_password_set"
)

// EmployeeLinkMail is the payload of a mail about the login of an employee: ids only.
type EmployeeLinkMail struct {
	Employee uuid.UUID `json:"employee"`
	Link     uuid.UUID `json:"link,omitzero"`
}

// employeeToken is the secret in a link of an employee; no link of a customer has the same.
func employeeToken(key sealed.Key, link uuid.UUID) [32]byte {
	return sealed.Token(key, "employee-link", link.String())
}

// EmployeeLinkToken is the token as it stands in the address.
func EmployeeLinkToken(key sealed.Key, link uuid.UUID) string {
	t := employeeToken(key, link)
	return base64.RawURLEncoding.EncodeToString(t[:])
}

// IssueEmployeeLink makes a link for an employee, in place of every older one.
func IssueEmployeeLink(tx *db.Tx, key sealed.Key, who uuid.UUID, purpose member.Purpose) (uuid.UUID, error) {
	now, id := tx.Now(), uuid.Must(uuid.NewV7())
	// The row of the employee keeps two that are made at once apart.
	if err := tx.Exec(`SELECT 1 FROM employees WHERE id = ? FOR UPDATE`, who).Error; err != nil {
		return id, err
	}
	err := tx.Exec(`UPDATE employee_links SET replaced_at = ? WHERE employee_id = ? AND used_at IS NULL AND replaced_at IS NULL`, now, who).Error
	if err != nil {
		return id, err
	}
	t := employeeToken(key, id)
	sum := sha256.Sum256(t[:])
	err = tx.Exec(`INSERT INTO employee_links (id, employee_id, purpose, token_hash, created_at) VALUES (?, ?, ?, ?, ?)`, id, who, purpose, sum[:], now).Error
	return id, err
}

// MarkEmployeeSent starts the 48 hours of the link in a mail. It is a mailer.Sent.
func MarkEmployeeSent(tx *db.Tx, m mailer.Queued, at time.Time) error {
	var p EmployeeLinkMail
	if err := json.Unmarshal(m.Payload, &p); err != nil {
		return err
	}
	return tx.Exec(`UPDATE employee_links SET sent_at = ?, expires_at = coalesce(expires_at, ?) WHERE id = ?`, at, at.Add(LinkLife), p.Link).Error
}

// An employee's link is read in the words of a customer's: the e-mail address is the username.
const staffSQL = `true AS second_factor, e.organisation_id, e.id AS member_id, e.email AS username, e.password_hash, coalesce(e.blocked_at, e.archived_at) IS NOT NULL AS closed,
	e.first_name, e.last_name, e.email, o.slug AS office_slug, o.name AS office_name
	FROM employees e JOIN organisations o ON o.organisation_id = e.organisation_id `

func colleague(tx *db.Tx, id uuid.UUID) (linkRow, error) {
	var l linkRow
	err := tx.Raw(`SELECT `+staffSQL+`WHERE e.id = ?`, id).Scan(&l).Error
	if err == nil && l.MemberID == uuid.Nil {
		err = db.ErrNotFound
	}
	return l, err
}

var employeeLinks = linkKind{
	table: "employee_links", opened: "employee_link.opened",
	of: staffSQL + `JOIN employee_links l ON l.organisation_id = e.organisation_id AND l.employee_id = e.id`,
}

// InspectEmployeeLink tells an employee what a link is good for.
func (s *Service) InspectEmployeeLink(ctx context.Context, raw string) (Link, error) {
	return employeeLinks.inspect(ctx, s, raw)
}

// RedeemEmployeeLink sets the password that an employee chose and ends every session. It opens none: the second factor, or
// enrolling one, comes after the password as ever.
func (s *Service) RedeemEmployeeLink(ctx context.Context, raw, password string) error {
	return employeeLinks.redeem(ctx, s, raw, password, func(tx *db.Tx, l linkRow, hash string, now time.Time) (event.Event, error) {
		if ok, err := s.setStaffPassword(tx, l, hash, password, nil); err != nil || !ok {
			return event.Event{}, orElse(err, ErrLinkUnknown)
		}
		return event.Of("employee.password_set", l.MemberID), s.staffPasswordWasSet(tx, l, now)
	})
}

// staffPasswordWasSet does what follows a new password: links and every session end, tries are forgiven, and the employee is told.
func (s *Service) staffPasswordWasSet(tx *db.Tx, l linkRow, now time.Time) error {
	err := tx.Exec(`UPDATE employee_links SET replaced_at = ? WHERE employee_id = ? AND used_at IS NULL AND replaced_at IS NULL`, now, l.MemberID).Error
	if err != nil {
		return err
	}
	if err := employee.EndSessions(tx, l.MemberID, uuid.Nil, now); err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM attempts WHERE key = ?`, employeeAccount(l.Username)).Error; err != nil {
		return err
	}
	_, err = mailer.Enqueue(tx, mailer.Mail{Kind: MailEmployeePasswordSet, Recipient: l.Email, Payload: EmployeeLinkMail{Employee: l.MemberID}})
	return err
}

// RenewEmployeeLink sends a new link in place of one that expired. Its answer tells nothing.
func (s *Service) RenewEmployeeLink(ctx context.Context, raw string) error {
	l, ok, err := employeeLinks.replaceable(ctx, s, raw)
	if err != nil || !ok {
		return err
	}
	return s.askForEmployeeLink(ctx, l.OrganisationID, member.Fold(l.Username), "")
}

// RequestEmployeeReset sends a link to choose a new password if the address is that of an employee. Whether it is cannot be told
// from the answer, nor from the time it takes.
func (s *Service) RequestEmployeeReset(ctx context.Context, email string, client Client) error {
	folded := member.Fold(email)
	e, err := s.employeeOf(ctx, folded)
	if err != nil || e.OrganisationID == uuid.Nil {
		return err
	}
	return s.askForEmployeeLink(ctx, e.OrganisationID, folded, client.key("reset"))
}

func (s *Service) askForEmployeeLink(ctx context.Context, office uuid.UUID, folded, from string) error {
	return s.ask(ctx, office, "employee:"+folded, from, SendEmployeeReset{Mail: uuid.Must(uuid.NewV7()), Email: folded})
}

// SendEmployeeReset is the task that looks up the address of an employee and sends a link.
type SendEmployeeReset struct {
	Mail  uuid.UUID `json:"mail"`  // the mail it leads to: a task that runs again after a crash makes no second one
	Email string    `json:"email"` // folded
}

// SendEmployeeResetKind is the kind of the task; package app gives it its permission.
const SendEmployeeResetKind = "employee-link.send"

// Kind implements river.JobArgs.
func (SendEmployeeReset) Kind() string { return SendEmployeeResetKind }

// SendEmployeeResetWorker works SendEmployeeReset.
type SendEmployeeResetWorker struct {
	river.WorkerDefaults[SendEmployeeReset]
	SignIn *Service
}

// Work implements river.Worker.
func (w *SendEmployeeResetWorker) Work(ctx context.Context, job *river.Job[SendEmployeeReset]) error {
	s := w.SignIn
	_, err := db.Write(ctx, s.DB, authz.MailSend, func(tx *db.Tx) (bool, event.Event, error) {
		var done int64
		if err := tx.Table("mails").Where("id = ?", job.Args.Mail).Count(&done).Error; err != nil || done > 0 {
			return false, event.None, err
		}
		var e struct {
			ID           uuid.UUID
			Email        string
			PasswordHash *string
		}
		err := tx.Raw(`SELECT id, email, password_hash FROM employees WHERE email_folded = ? AND blocked_at IS NULL AND archived_at IS NULL`, job.Args.Email).Scan(&e).Error
		if err != nil || e.ID == uuid.Nil {
			return false, event.None, err
		}
		link, err := IssueEmployeeLink(tx, s.Key, e.ID, PurposeFor(e.PasswordHash != nil))
		if err != nil {
			return false, event.Event{}, err
		}
		_, err = mailer.Enqueue(tx, mailer.Mail{ID: job.Args.Mail, Kind: MailEmployeeReset, Recipient: e.Email, Payload: EmployeeLinkMail{Employee: e.ID, Link: link}})
		return true, event.Of("employee.password_link_requested", e.ID), err
	})
	return err
}
