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

// carried is what a message with a code is about. Without readers it is worth nothing any more.
type carried struct {
	readers []reader
	office  organisation.Organisation
	code    string
	signin.Live
}

func (s *Service) carried(tx *db.Tx, payload json.RawMessage) (carried, error) {
	var p signin.CodeMessage
	if err := json.Unmarshal(payload, &p); err != nil {
		return carried{}, err
	}
	live, err := signin.LiveChallenge(tx, p.Challenge)
	if err != nil || len(live.Members) == 0 {
		return carried{}, err
	}
	readers, err := readersOf(tx, live.Members)
	if err != nil {
		return carried{}, err
	}
	o, err := organisation.Mine(tx)
	return carried{readers, o, signin.LoginCode(s.Key, p.Challenge), live}, err
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
	c, err := s.carried(tx, m.Payload)
	if err != nil || len(c.readers) == 0 {
		return mailer.Content{}, false, err
	}
	style := styleFor(c.office, language(c.readers))
	v := s.values(c.office, c.readers)
	v.Set("code.digits", c.code[:4]+" "+c.code[4:])
	v.Set("code.until", hour(c.Until, language(c.readers)))
	text, why := mailtemplate.LoginCode(style), mailtemplate.LoginCodeWhy(style)
	if c.StepUp {
		text, why = mailtemplate.StepUpCode(style), mailtemplate.StepUpCodeWhy(style)
	}
	return s.content(c.office, c.readers, text, v, c.office.Email, why), true, nil
}

// mostName keeps a text message within one message of 160 signs.
const mostName = 36

// loginCodeText writes the code as a text message. The digits come first and together: a telephone offers to fill them in.
func (s *Service) loginCodeText(tx *db.Tx, m sms.Queued) (string, bool, error) {
	c, err := s.carried(tx, m.Payload)
	if err != nil || len(c.readers) == 0 {
		return "", false, err
	}
	name := c.office.Name
	if r := []rune(name); len(r) > mostName {
		name = string(r[:mostName-1]) + "."
	}
	at := hour(c.Until, language(c.readers))
	what := "inlogcode"
	if c.StepUp {
		what = "bevestigingscode"
	}
	switch styleFor(c.office, language(c.readers)) {
	case mailtemplate.English:
		if what = "login code"; c.StepUp {
			what = "confirmation code"
		}
		return c.code + " is your " + what + " for " + name + ". It works until " + at + ". Never pass this code on.", true, nil
	case mailtemplate.Formal:
		return c.code + " is uw " + what + " voor " + name + ". Hij werkt tot " + at + ". Geef deze code nooit door.", true, nil
	case mailtemplate.Informal:
	}
	return c.code + " is je " + what + " voor " + name + ". Hij werkt tot " + at + ". Geef deze code nooit door.", true, nil
}

// hour writes the time of day.
func hour(t time.Time, l member.Locale) string {
	out := t.In(amsterdam).Format("15:04")
	if l == member.Dutch {
		out += " uur"
	}
	return out
}
