package invitation

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/employee"
	"voordeur/internal/event"
	"voordeur/internal/mailer"
	"voordeur/internal/mailtemplate"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/signin"
)

// MailEmployee is the kind of mail that brings an employee to the office app.
const MailEmployee = "employee_invitation"

// CreateEmployee adds a colleague and invites by mail. Nobody but the colleague ever chooses or sees the password.
func (s *Service) CreateEmployee(ctx context.Context, d employee.Draft) (employee.View, error) {
	d.Email, d.FirstName, d.LastName = strings.TrimSpace(d.Email), strings.TrimSpace(d.FirstName), strings.TrimSpace(d.LastName)
	return db.Write(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) (employee.View, event.Event, error) {
		e, err := employee.Add(tx, d)
		if err != nil {
			return employee.View{}, event.Event{}, err
		}
		v, err := s.sendEmployee(tx, e)
		return v, event.Of("employee.created", e.ID).With("role", string(e.Role)), err
	})
}

// InviteEmployee sends a colleague a new link in place of every earlier one: to begin with, or to choose a new password.
func (s *Service) InviteEmployee(ctx context.Context, id uuid.UUID) (employee.View, error) {
	return db.Write(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) (employee.View, event.Event, error) {
		e, err := reachable(tx, id)
		if err != nil {
			return employee.View{}, event.Event{}, err
		}
		v, err := s.sendEmployee(tx, e)
		return v, event.Of("employee.invited", id), err
	})
}

// ResetEmployee lets a colleague who lost the telephone begin again: password, second factor and sessions end at once, and a link
// goes to the mailbox. An administrator can start this, and never finish it.
func (s *Service) ResetEmployee(ctx context.Context, id uuid.UUID) (employee.View, error) {
	return db.Write(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) (employee.View, event.Event, error) {
		e, err := reachable(tx, id)
		if err != nil {
			return employee.View{}, event.Event{}, err
		}
		if err := employee.Forget(tx, id, s.Now()); err != nil {
			return employee.View{}, event.Event{}, err
		}
		if err := employee.AdminLeft(tx, e); err != nil {
			return employee.View{}, event.Event{}, err
		}
		v, err := s.sendEmployee(tx, e)
		return v, event.Of("employee.reset", id), err
	})
}

func reachable(tx *db.Tx, id uuid.UUID) (employee.Employee, error) {
	e, err := employee.Lock(tx, id)
	switch {
	case err != nil:
		return e, err
	case e.ArchivedAt != nil:
		return e, employee.ErrArchived
	case e.BlockedAt != nil:
		return e, employee.ErrBlocked
	}
	return e, nil
}

func (s *Service) sendEmployee(tx *db.Tx, e employee.Employee) (employee.View, error) {
	v, err := employee.Look(tx, s.Now(), e.ID)
	if err != nil {
		return v, err
	}
	kind, purpose := MailEmployee, member.Activation
	if v.State == employee.Active {
		kind, purpose = signin.MailEmployeeReset, member.Reset
	}
	link, err := signin.IssueEmployeeLink(tx, s.Key, e.ID, purpose)
	if err != nil {
		return v, err
	}
	if _, err := mailer.EnqueueByHand(tx, mailer.Mail{Kind: kind, Recipient: e.Email, Payload: signin.EmployeeLinkMail{Employee: e.ID, Link: link}}); err != nil {
		return v, err
	}
	return employee.Look(tx, s.Now(), e.ID)
}

// employeeMail writes the mails about the login of an employee. A link that died since the mail was queued is not sent.
func (s *Service) employeeMail(tx *db.Tx, m mailer.Queued) (mailer.Content, bool, error) {
	var p signin.EmployeeLinkMail
	if err := json.Unmarshal(m.Payload, &p); err != nil {
		return mailer.Content{}, false, err
	}
	e, err := employee.Find(tx, p.Employee)
	if err != nil || e.BlockedAt != nil || e.ArchivedAt != nil {
		return mailer.Content{}, false, err
	}
	o, err := organisation.Mine(tx)
	if err != nil {
		return mailer.Content{}, false, err
	}
	v := s.staffValues(o, e)
	key, why := mailtemplate.EmployeePasswordSet, "Je krijgt deze mail omdat er een wachtwoord is ingesteld voor "+e.Email+"."
	if p.Link != uuid.Nil {
		var alive bool
		err := tx.Raw(`SELECT coalesce(used_at, replaced_at, expires_at) IS NULL FROM employee_links WHERE id = ?`, p.Link).Scan(&alive).Error
		if err != nil || !alive {
			return mailer.Content{}, false, err
		}
		until := moment(s.Now().Add(signin.LinkLife), member.Dutch)
		v.Set("link.valid_until", until)
		v.SetFragment("employee.link_formatted", s.employeeLink(o, p.Link, until))
		key, why = mailtemplate.EmployeeInvitation, "Je krijgt deze mail omdat een beheerder van "+o.Name+" je heeft uitgenodigd."
		if m.Kind == signin.MailEmployeeReset {
			key, why = mailtemplate.EmployeeReset, "Je krijgt deze mail omdat om een nieuw wachtwoord is gevraagd."
		}
	}
	return s.staffContent(o, mailtemplate.Builtin(key), v, why), true, nil
}

func (s *Service) staffValues(o organisation.Organisation, e employee.Employee) mailtemplate.Values {
	v := mailtemplate.NewValues(o.BrandColour)
	v.Set("employee.first_name", e.FirstName)
	v.Set("organisation.name", o.Name)
	v.Set("special.office_url", s.OfficeURL)
	return v
}

func (s *Service) staffContent(o organisation.Organisation, t *mailtemplate.Template, v mailtemplate.Values, why string) mailer.Content {
	r := t.Render(v)
	h, text := mailtemplate.Layout(mailtemplate.Frame{
		Language: string(member.Dutch), Office: o.Name, Colour: o.BrandColour, Preview: why, Why: why, Contact: o.Name,
	}, r)
	return mailer.Content{FromName: o.Name, ReplyTo: o.Email, Subject: r.Subject, HTML: h, Text: text}
}

func (s *Service) employeeLink(o organisation.Organisation, link uuid.UUID, until string) mailtemplate.Fragment {
	url := s.OfficeURL + "/activate#" + signin.EmployeeLinkToken(s.Key, link)
	return mailtemplate.Fragment{
		HTML: fmt.Sprintf(`<p style="margin:0 0 6px">%s</p><p style="margin:0 0 16px;font-size:13px;color:#565d6b">Geldig tot %s</p>`,
			mailtemplate.Button("Kies een wachtwoord", url, o.BrandColour), html.EscapeString(until)),
		Text: fmt.Sprintf("\n\nKies een wachtwoord:\n%s\n(Geldig tot %s)\n", url, until),
	}
}
