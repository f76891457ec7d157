package invitation

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/db"
	"voordeur/internal/mailer"
	"voordeur/internal/mailtemplate"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/signin"
	"voordeur/internal/sms"
)

// TextRenderers are the text messages this package writes, for sms.SendWorker.
func (s *Service) TextRenderers() map[string]sms.Renderer {
	return map[string]sms.Renderer{signin.TextLoginCode: s.loginCodeText}
}

// Instead are what goes out when a text message could not be sent.
func (s *Service) Instead() map[string]sms.Instead {
	return map[string]sms.Instead{signin.TextLoginCode: func(tx *db.Tx, m sms.Queued) (bool, error) {
		var p signin.CodeMessage
		if err := json.Unmarshal(m.Payload, &p); err != nil {
			return false, err
		}
		return signin.MailInstead(tx, p.Challenge)
	}}
}

// loginCode is what a message with a code is about: whom it is for, and the code. Without readers it is worth nothing any more.
func (s *Service) loginCode(tx *db.Tx, payload json.RawMessage) ([]reader, organisation.Organisation, string, time.Time, error) {
	var p signin.CodeMessage
	if err := json.Unmarshal(payload, &p); err != nil {
		return nil, organisation.Organisation{}, "", time.Time{}, err
	}
	members, until, err := signin.LiveChallenge(tx, p.Challenge)
	if err != nil || len(members) == 0 {
		return nil, organisation.Organisation{}, "", until, err
	}
	readers, err := readersOf(tx, members)
	if err != nil {
		return nil, organisation.Organisation{}, "", until, err
	}
	o, err := organisation.Mine(tx)
	return readers, o, signin.LoginCode(s.Key, p.Challenge), until, err
}

func readersOf(tx *db.Tx, members []uuid.UUID) ([]reader, error) {
	var all []reader
	err := tx.Raw(`SELECT m.id AS member_id, m.username, m.locale, c.first_name, c.last_name, c.salutation
		FROM portal_members m JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
		WHERE m.id IN ? AND m.blocked_at IS NULL AND m.archived_at IS NULL ORDER BY m.id`, members).Scan(&all).Error
	return all, err
}

// loginCodeMail writes the code as a mail, with a space in it: it is typed over.
func (s *Service) loginCodeMail(tx *db.Tx, m mailer.Queued) (mailer.Content, bool, error) {
	readers, o, code, until, err := s.loginCode(tx, m.Payload)
	if err != nil || len(readers) == 0 {
		return mailer.Content{}, false, err
	}
	style := styleFor(o, language(readers))
	v := s.values(o, readers)
	v.Set("code.digits", code[:4]+" "+code[4:])
	v.Set("code.until", hour(until, language(readers)))
	return s.content(o, readers, mailtemplate.LoginCode(style), v, o.Email, mailtemplate.LoginCodeWhy(style)), true, nil
}

// mostName keeps a text message within one message of 160 signs.
const mostName = 36

// loginCodeText writes the code as a text message. The digits come first and together: a telephone offers to fill them in.
func (s *Service) loginCodeText(tx *db.Tx, m sms.Queued) (string, bool, error) {
	readers, o, code, until, err := s.loginCode(tx, m.Payload)
	if err != nil || len(readers) == 0 {
		return "", false, err
	}
	name := o.Name
	if r := []rune(name); len(r) > mostName {
		name = string(r[:mostName-1]) + "."
	}
	at := hour(until, language(readers))
	switch styleFor(o, language(readers)) {
	case mailtemplate.English:
		return code + " is your login code for " + name + ". It works until " + at + ". Never pass this code on.", true, nil
	case mailtemplate.Formal:
		return code + " is uw inlogcode voor " + name + ". Hij werkt tot " + at + ". Geef deze code nooit door.", true, nil
	case mailtemplate.Informal:
	}
	return code + " is je inlogcode voor " + name + ". Hij werkt tot " + at + ". Geef deze code nooit door.", true, nil
}

// hour writes the time of day.
func hour(t time.Time, l member.Locale) string {
	out := t.In(amsterdam).Format("15:04")
	if l == member.Dutch {
		out += " uur"
	}
	return out
}
