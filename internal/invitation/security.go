package invitation

import (
	"cmp"
	"encoding/json"

	"github.com/google/uuid"

	"voordeur/internal/db"
	"voordeur/internal/employee"
	"voordeur/internal/mailer"
	"voordeur/internal/mailtemplate"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/signin"
)

// security writes a notice about the account of a customer.
func (s *Service) security(tx *db.Tx, m mailer.Queued) (mailer.Content, bool, error) {
	var n signin.Notice
	if err := json.Unmarshal(m.Payload, &n); err != nil {
		return mailer.Content{}, false, err
	}
	if n.Employee != uuid.Nil {
		return s.staffSecurity(tx, n)
	}
	r, o, err := readerOf(tx, n.Member)
	if err != nil || r.MemberID == uuid.Nil {
		return mailer.Content{}, false, err
	}
	readers := []reader{r}
	style := styleFor(o, r.Locale)
	device := cmp.Or(n.Device, map[mailtemplate.Style]string{mailtemplate.English: "an unknown device"}[style], unknownDevice)
	v := s.values(o, readers)
	v.Set("notice.at", moment(n.At, r.Locale))
	v.Set("notice.device", device)
	v.Set("notice.stop_url", s.Organisations.PortalURL(o.Slug)+"/stop#"+signin.ResetToken(s.Key, n.Reset))
	v.Set("notice.due", moment(n.At.Add(signin.ResetDelay), r.Locale))
	return s.content(o, readers, mailtemplate.Security(string(n.What), style), v, o.Email, mailtemplate.SecurityWhy(style)), true, nil
}

// styleFor is how the office speaks to somebody of that language.
func styleFor(o organisation.Organisation, l member.Locale) mailtemplate.Style {
	switch {
	case l == member.English:
		return mailtemplate.English
	case o.FormOfAddress == organisation.Formal:
		return mailtemplate.Formal
	}
	return mailtemplate.Informal
}

const unknownDevice = "een onbekend apparaat"

// staffSecurity writes a notice about the account of an employee.
func (s *Service) staffSecurity(tx *db.Tx, n signin.Notice) (mailer.Content, bool, error) {
	e, err := employee.Find(tx, n.Employee)
	if err != nil || e.ArchivedAt != nil {
		return mailer.Content{}, false, err
	}
	o, err := organisation.Mine(tx)
	if err != nil {
		return mailer.Content{}, false, err
	}
	v := s.staffValues(o, e)
	v.Set("notice.at", moment(n.At, member.Dutch))
	v.Set("notice.device", cmp.Or(n.Device, unknownDevice))
	return s.staffContent(o, mailtemplate.StaffSecurity(string(n.What)), v, mailtemplate.SecurityWhy(mailtemplate.Informal)), true, nil
}
