package invitation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"time"
	_ "time/tzdata" // the office's time zone, also on a machine without

	"github.com/google/uuid"

	"voordeur/internal/db"
	"voordeur/internal/mailer"
	"voordeur/internal/mailtemplate"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/signin"
)

// Renderers are the mails this package writes, for mailer.SendWorker.
func (s *Service) Renderers() map[string]mailer.Renderer {
	return map[string]mailer.Renderer{
		MailInvitation: s.links, signin.MailReset: s.links, signin.MailPasswordSet: s.passwordSet, MailUsername: s.username, signin.MailSecurity: s.security,
		signin.MailLoginCode: s.loginCodeMail,
		MailEmployee:         s.employeeMail, signin.MailEmployeeReset: s.employeeMail, signin.MailEmployeePasswordSet: s.employeeMail,
	}
}

// SentHooks start the 48 hours of links when their mail has left.
func (s *Service) SentHooks() map[string]mailer.Sent {
	return map[string]mailer.Sent{
		MailInvitation: signin.MarkSent, signin.MailReset: signin.MarkSent,
		MailEmployee: signin.MarkEmployeeSent, signin.MailEmployeeReset: signin.MarkEmployeeSent,
	}
}

type reader struct {
	LinkID     uuid.UUID
	MemberID   uuid.UUID
	Username   string
	Locale     member.Locale
	FirstName  string
	LastName   string
	Salutation string
	Dead       bool // used, replaced, ended before it was sent, or the member may no longer come in
}

func (r reader) name() string { return strings.TrimSpace(r.FirstName + " " + r.LastName) }

// links writes an invitation or a reset. Links that died since the mail was queued are left out; without any left it is not sent.
func (s *Service) links(tx *db.Tx, m mailer.Queued) (mailer.Content, bool, error) {
	var p signin.LinkMail
	if err := json.Unmarshal(m.Payload, &p); err != nil {
		return mailer.Content{}, false, err
	}
	var all []reader
	err := tx.Raw(`SELECT l.id AS link_id, m.id AS member_id, m.username, m.locale, c.first_name, c.last_name, c.salutation,
			coalesce(l.used_at, l.replaced_at, l.expires_at, m.blocked_at, m.archived_at) IS NOT NULL AS dead
		FROM password_links l
		JOIN portal_members m ON m.organisation_id = l.organisation_id AND m.id = l.member_id
		JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
		WHERE l.id IN ? ORDER BY l.id`, p.Links).Scan(&all).Error
	if err != nil {
		return mailer.Content{}, false, err
	}
	var readers []reader
	for _, r := range all {
		if !r.Dead {
			readers = append(readers, r)
		}
	}
	if len(readers) == 0 {
		return mailer.Content{}, false, nil
	}
	o, err := organisation.Mine(tx)
	if err != nil {
		return mailer.Content{}, false, err
	}
	a, err := adviserOf(tx, m.DossierID, readers[0].MemberID)
	if err != nil {
		return mailer.Content{}, false, err
	}
	until := s.Now().Add(signin.LinkLife)
	v := s.values(o, readers)
	v.Set("link.valid_until", moment(until, language(readers)))
	v.SetFragment("dossier.links_set_password_formatted", s.linkList(o, readers, until))
	v.SetFragment("dossier.advisor_email_signature", a.signature(o, language(readers)))
	v.SetFragment("dossier.owner_email_signature", a.signature(o, language(readers)))
	replyTo := o.Email
	if a.Email != "" {
		replyTo = a.Email
	}
	return s.content(o, readers, templateFor(m.Kind, o.FormOfAddress, readers), v, replyTo, whyLink(m.Kind, o.Name, readers)), true, nil
}

// passwordSet writes the notice that a password was set.
func (s *Service) passwordSet(tx *db.Tx, m mailer.Queued) (mailer.Content, bool, error) {
	var p signin.PasswordSetMail
	if err := json.Unmarshal(m.Payload, &p); err != nil {
		return mailer.Content{}, false, err
	}
	r, o, err := readerOf(tx, p.Member)
	if err != nil || r.MemberID == uuid.Nil {
		return mailer.Content{}, false, err
	}
	readers := []reader{r}
	why := "Je krijgt deze mail omdat er een wachtwoord is ingesteld voor " + r.Username + "."
	switch {
	case r.Locale == member.English:
		why = "You get this mail because a password was set for " + r.Username + "."
	case o.FormOfAddress == organisation.Formal:
		why = "U ontvangt deze mail omdat er een wachtwoord is ingesteld voor " + r.Username + "."
	}
	return s.content(o, readers, templateFor(m.Kind, o.FormOfAddress, readers), s.values(o, readers), o.Email, why), true, nil
}

// usernameMail is the payload of a MailUsername.
type usernameMail struct {
	Member uuid.UUID `json:"member"`
}

// username writes to a member what the username is now: the one of the moment at which the mail leaves.
func (s *Service) username(tx *db.Tx, m mailer.Queued) (mailer.Content, bool, error) {
	var p usernameMail
	if err := json.Unmarshal(m.Payload, &p); err != nil {
		return mailer.Content{}, false, err
	}
	r, o, err := readerOf(tx, p.Member)
	if err != nil || r.MemberID == uuid.Nil || r.Dead {
		return mailer.Content{}, false, err
	}
	readers := []reader{r}
	a, err := adviserOf(tx, nil, r.MemberID)
	if err != nil {
		return mailer.Content{}, false, err
	}
	v := s.values(o, readers)
	v.SetFragment("dossier.advisor_email_signature", a.signature(o, r.Locale))
	why := "Je krijgt deze mail omdat je gebruikersnaam is gewijzigd."
	switch {
	case r.Locale == member.English:
		why = "You get this mail because your username was changed."
	case o.FormOfAddress == organisation.Formal:
		why = "U ontvangt deze mail omdat uw gebruikersnaam is gewijzigd."
	}
	return s.content(o, readers, templateFor(m.Kind, o.FormOfAddress, readers), v, cmp.Or(a.Email, o.Email), why), true, nil
}

// readerOf is one member to whom a mail is written, with the office; nobody, when there is no such member.
func readerOf(tx *db.Tx, id uuid.UUID) (reader, organisation.Organisation, error) {
	var r reader
	err := tx.Raw(`SELECT m.id AS member_id, m.username, m.locale, c.first_name, c.last_name, c.salutation, coalesce(m.blocked_at, m.archived_at) IS NOT NULL AS dead
		FROM portal_members m JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id WHERE m.id = ?`, id).Scan(&r).Error
	if err != nil {
		return r, organisation.Organisation{}, err
	}
	o, err := organisation.Mine(tx)
	return r, o, err
}

func (s *Service) values(o organisation.Organisation, readers []reader) mailtemplate.Values {
	v := mailtemplate.NewValues(o.BrandColour)
	v.SetNumber(len(readers))
	v.Set("dossier.salutation", greeting(o.FormOfAddress, readers))
	v.Set("special.consumerportal_url", s.Organisations.PortalURL(o.Slug))
	v.Set("organisation.name", o.Name)
	v.Set("organisation.phone", o.Phone)
	v.Set("organisation.email", o.Email)
	v.Set("member.first_name", readers[0].FirstName)
	v.Set("member.username", readers[0].Username)
	return v
}

func (s *Service) content(o organisation.Organisation, readers []reader, t *mailtemplate.Template, v mailtemplate.Values, replyTo, why string) mailer.Content {
	r := t.Render(v)
	contact := []string{o.Name}
	for _, c := range []string{o.Phone, o.Email, o.OpeningHours} {
		if c != "" {
			contact = append(contact, c)
		}
	}
	h, text := mailtemplate.Layout(mailtemplate.Frame{
		Language: string(language(readers)), Office: o.Name, Colour: o.BrandColour, Preview: why, Why: why, Contact: strings.Join(contact, " · "),
	}, r)
	return mailer.Content{FromName: o.Name, ReplyTo: replyTo, Subject: r.Subject, HTML: h, Text: text}
}

func language(readers []reader) member.Locale { return readers[0].Locale }

func templateFor(kind string, form organisation.FormOfAddress, readers []reader) *mailtemplate.Template {
	type choice struct{ formal, informal, english mailtemplate.Key }
	c := map[string]choice{
		MailInvitation:         {mailtemplate.ActivationFormal, mailtemplate.ActivationInformal, mailtemplate.ActivationEnglish},
		signin.MailReset:       {mailtemplate.ResetFormal, mailtemplate.ResetInformal, mailtemplate.ResetEnglish},
		MailUsername:           {mailtemplate.UsernameFormal, mailtemplate.UsernameInformal, mailtemplate.UsernameEnglish},
		signin.MailPasswordSet: {mailtemplate.PasswordSetFormal, mailtemplate.PasswordSetInformal, mailtemplate.PasswordSetEnglish},
	}[kind]
	key := c.informal
	switch {
	case language(readers) == member.English:
		key = c.english
	case form == organisation.Formal:
		key = c.formal
	case kind == MailInvitation && len(readers) > 1:
		key = mailtemplate.ActivationInformalPlural
	}
	return mailtemplate.Builtin(key)
}

// greeting is {dossier.salutation}: "Geachte mevrouw De Wit, geachte heer Timmer," or "Dag Eva en Ruben,".
func greeting(form organisation.FormOfAddress, readers []reader) string {
	var names []string
	formal := form == organisation.Formal && language(readers) == member.Dutch
	for i, r := range readers {
		switch {
		case !formal:
			names = append(names, r.FirstName)
		case r.Salutation != "" && i == 0:
			names = append(names, "Geachte "+r.Salutation)
		case r.Salutation != "":
			names = append(names, "geachte "+r.Salutation)
		case i == 0:
			names = append(names, "Geachte "+r.name())
		default:
			names = append(names, "geachte "+r.name())
		}
	}
	if formal {
		return strings.Join(names, ", ") + ","
	}
	and, hello := " en ", "Dag "
	if language(readers) == member.English {
		and, hello = " and ", "Dear "
	}
	if n := len(names); n > 1 {
		return hello + strings.Join(names[:n-1], ", ") + and + names[n-1] + ","
	}
	return hello + names[0] + ","
}

// linkList is {dossier.links_set_password_formatted}: for everybody the name, the username and the personal link (A5).
func (s *Service) linkList(o organisation.Organisation, readers []reader, until time.Time) mailtemplate.Fragment {
	words := struct{ username, button, valid string }{"Gebruikersnaam", "Wachtwoord kiezen", "Geldig tot"}
	if language(readers) == member.English {
		words.username, words.button, words.valid = "Username", "Choose a password", "Valid until"
	}
	var rich, plain strings.Builder
	for _, r := range readers {
		url := s.Organisations.PortalURL(o.Slug) + "/activate#" + signin.LinkToken(s.Key, r.LinkID)
		fmt.Fprintf(&rich, `<table role="presentation" width="100%%" cellpadding="0" cellspacing="0" style="margin:0 0 16px;border:1px solid #e3e6eb;border-radius:10px"><tr><td style="padding:16px 18px">`+
			`<p style="margin:0 0 2px;font-weight:600">%s</p><p style="margin:0 0 14px;color:#565d6b">%s: <strong style="color:#1f2430">%s</strong></p><p style="margin:0 0 10px">%s</p>`+
			`<p style="margin:0;font-size:13px;color:#565d6b">%s %s</p></td></tr></table>`,
			html.EscapeString(r.name()), words.username, html.EscapeString(r.Username), mailtemplate.Button(words.button, url, o.BrandColour), words.valid, html.EscapeString(moment(until, language(readers))))
		fmt.Fprintf(&plain, "\n\n%s\n%s: %s\n%s:\n%s\n(%s %s)\n", r.name(), words.username, r.Username, words.button, url, words.valid, moment(until, language(readers)))
	}
	plain.WriteString("\n")
	return mailtemplate.Fragment{HTML: rich.String(), Text: plain.String()}
}

func whyLink(kind, office string, readers []reader) string {
	switch {
	case language(readers) == member.English && kind == MailInvitation:
		return "You get this mail because " + office + " opened its client portal to you."
	case language(readers) == member.English:
		return "You get this mail because a new password was asked for."
	case kind == MailInvitation:
		return "Deze mail is verstuurd omdat " + office + " het klantportaal heeft opengesteld."
	}
	return "Deze mail is verstuurd omdat om een nieuw wachtwoord is gevraagd."
}

type adviser struct {
	FirstName string
	LastName  string
	JobTitle  string
	Email     string
	Phone     string
}

// adviserOf returns the adviser of a dossier; without one, of the newest dossier that the member opens. There may be none.
func adviserOf(tx *db.Tx, dossierID *uuid.UUID, memberID uuid.UUID) (adviser, error) {
	var a adviser
	err := tx.Raw(`SELECT e.first_name, e.last_name, e.job_title, e.email, e.phone
		FROM dossiers d JOIN employees e ON e.organisation_id = d.organisation_id AND e.id = d.adviser_id
		WHERE d.id = coalesce(?, (SELECT dossier_id FROM dossier_members WHERE member_id = ? ORDER BY dossier_id DESC LIMIT 1))`, dossierID, memberID).Scan(&a).Error
	return a, err
}

func (a adviser) signature(o organisation.Organisation, l member.Locale) mailtemplate.Fragment {
	closing := "Met vriendelijke groet,"
	if l == member.English {
		closing = "Kind regards,"
	}
	lines := []string{}
	for _, line := range []string{strings.TrimSpace(a.FirstName + " " + a.LastName), a.JobTitle, o.Name, strings.Trim(a.Phone+" · "+a.Email, " ·")} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	escaped := make([]string, len(lines))
	for i, l := range lines {
		escaped[i] = html.EscapeString(l)
	}
	return mailtemplate.Fragment{
		HTML: `<p style="margin:0">` + closing + "<br><br>" + strings.Join(escaped, "<br>") + "</p>",
		Text: "\n\n" + closing + "\n\n" + strings.Join(lines, "\n") + "\n",
	}
}

var (
	amsterdam = func() *time.Location {
		l, err := time.LoadLocation("Europe/Amsterdam")
		if err != nil {
			return time.UTC // no time zones on this machine: the mail then says UTC
		}
		return l
	}()
	days   = []string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	months = []string{"", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}
)

// moment writes a time as people say it: "dinsdag 24 november, 16:05 uur".
func moment(t time.Time, l member.Locale) string {
	t = t.In(amsterdam)
	zone := ""
	if amsterdam == time.UTC {
		zone = " UTC"
	}
	if l == member.English {
		return t.Format("Monday 2 January, 15:04") + zone
	}
	return fmt.Sprintf("%s %d %s, %s uur%s", days[t.Weekday()], t.Day(), months[t.Month()], t.Format("15:04"), zone)
}
