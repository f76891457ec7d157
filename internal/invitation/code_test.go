package invitation_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"voordeur/internal/mailbox"
	"voordeur/internal/signin"
	"voordeur/internal/sms"
)

var eight = regexp.MustCompile(`\b\d{8}\b|\b\d{4} \d{4}\b`)

// codeIn is the code in a message.
func codeIn(t *testing.T, m mailbox.Message) string {
	t.Helper()
	found := eight.FindString(m.Text)
	if found == "" {
		t.Fatalf("no code in %q", m.Text)
	}
	return strings.ReplaceAll(found, " ", "")
}

// logIn asks for a code, waits for it as the nth message, and gives it.
func (w *world) logIn(t *testing.T, n int) mailbox.Message {
	t.Helper()
	c, err := w.Office.SignIn.RequestCode(t.Context(), signin.CodeRequest{Office: w.Slug, Name: w.Username, Client: noClient})
	if err != nil {
		t.Fatal(err)
	}
	m := w.mails(t, n)[0]
	e, err := w.Office.SignIn.VerifyCode(t.Context(), signin.CodeProof{Office: w.Slug, Token: c.Token, Code: codeIn(t, m), Client: noClient})
	if err != nil || e.Session.Token == "" {
		t.Fatalf("%+v %v", e, err)
	}
	return m
}

func (w *world) exec(t *testing.T, query string) {
	t.Helper()
	if _, err := w.Root.Exec(query); err != nil {
		t.Fatal(err)
	}
}

// TestLoginCode: the code arrives as a text message of 160 signs at most or as a mail, in the words of the office and the language
// of the reader, and opens the portal.
func TestLoginCode(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(b *mailbox.Mailbox) sms.Provider { return b })
	w.exec(t, `UPDATE contacts SET mobile = '06-12345678'`)
	w.exec(t, `UPDATE organisations SET name = 'Assurantiekantoor Van der Heijden-Oosterbeek en Partners'`)
	var codes []string
	for i, c := range []struct{ change, want string }{
		{`UPDATE organisations SET form_of_address = 'informal'`, " is je inlogcode voor Assurantiekantoor Van der Heijden-O"},
		{`UPDATE organisations SET form_of_address = 'formal'`, " is uw inlogcode voor "},
		{`UPDATE portal_members SET locale = 'en'`, " is your login code for "},
	} {
		w.exec(t, c.change)
		m := w.logIn(t, i+1)
		codes = append(codes, codeIn(t, m))
		if m.Kind != mailbox.SMS || m.To[0] != "+31612345678" || !strings.Contains(m.Text, c.want) || len(m.Text) > 160 || !eight.MatchString(m.Text[:8]) {
			t.Errorf("%d signs: %+v", len(m.Text), m)
		}
		if !strings.Contains(m.Text, "Geef deze code nooit door.") && !strings.Contains(m.Text, "Never pass this code on.") {
			t.Errorf("no warning: %s", m.Text)
		}
	}
	w.exec(t, `UPDATE contacts SET mobile = ''`)
	for i, c := range []struct{ change, subject, want string }{
		{`UPDATE portal_members SET locale = 'en'`, "Your login code for ", "Never pass this code on."},
		{`UPDATE portal_members SET locale = 'nl'`, "Uw inlogcode voor ", "Geef deze code nooit door."},
		{`UPDATE organisations SET form_of_address = 'informal'`, "Je inlogcode voor ", "Geef deze code nooit door."},
	} {
		w.exec(t, c.change)
		m := w.logIn(t, i+4)
		codes = append(codes, codeIn(t, m))
		if m.Kind != mailbox.Mail || !strings.HasPrefix(m.Subject, c.subject) || !strings.Contains(m.Text, c.want) || strings.Contains(m.Subject, codeIn(t, m)[:4]) {
			t.Errorf("%+v", m)
		}
	}
	var outbox string
	if err := w.Root.QueryRow(`SELECT (SELECT string_agg(m::text, '') FROM mails m) || (SELECT string_agg(x::text, '') FROM texts x)`).Scan(&outbox); err != nil {
		t.Fatal(err)
	}
	for _, code := range codes {
		if strings.Contains(outbox, code) {
			t.Errorf("the outbox holds %s", code)
		}
	}
}

// TestStepUpCodeSaysWhatItIs: a code for who is signed in does not say that it is one to log in with: who reads that and did not ask must know that
// somebody is in.
func TestStepUpCodeSaysWhatItIs(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(b *mailbox.Mailbox) sms.Provider { return b })
	c, err := w.Office.SignIn.RequestCode(t.Context(), signin.CodeRequest{Office: w.Slug, Name: w.Username, Client: noClient})
	if err != nil {
		t.Fatal(err)
	}
	e, err := w.Office.SignIn.VerifyCode(t.Context(), signin.CodeProof{Office: w.Slug, Token: c.Token, Code: codeIn(t, w.mails(t, 1)[0]), Client: noClient})
	if err != nil {
		t.Fatal(err)
	}
	ctx := e.Session.Context(t.Context())
	for i, s := range []struct{ change, subject, want string }{
		{`UPDATE portal_members SET locale = 'en'`, "Your confirmation code for ", "somebody else is logged in as you"},
		{`UPDATE portal_members SET locale = 'nl'; UPDATE organisations SET form_of_address = 'formal'`, "Uw bevestigingscode voor ", "Neem direct contact op"},
		{`UPDATE contacts SET mobile = '06-12345678'; UPDATE organisations SET form_of_address = 'informal'`, "", " is je bevestigingscode voor "},
	} {
		w.exec(t, s.change)
		if err := w.Office.SignIn.SendStepUpCode(ctx); err != nil {
			t.Fatal(err)
		}
		if m := w.mails(t, i+2)[0]; !strings.HasPrefix(m.Subject, s.subject) || !strings.Contains(m.Text, s.want) || codeIn(t, m) == "" {
			t.Errorf("%+v", m)
		}
	}
}

type down struct{}

func (down) Send(context.Context, uuid.UUID, string, string) error { return errors.New("down") }

// TestLoginCodeByMailInstead: when nobody takes the text message the same code goes by mail, once.
func TestLoginCodeByMailInstead(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(*mailbox.Mailbox) sms.Provider { return down{} })
	w.exec(t, `UPDATE contacts SET mobile = '06-12345678'`)
	if m := w.logIn(t, 1); m.Kind != mailbox.Mail {
		t.Errorf("%+v", m)
	}
	w.settled(t)
	var state string
	var events int
	if err := w.Root.QueryRow(`SELECT (SELECT state FROM texts), (SELECT count(*) FROM audit_events WHERE name IN ('text.failed', 'mail.sent'))`).Scan(&state, &events); err != nil || state != "failed" || events != 2 {
		t.Errorf("%s, %d events, %v", state, events, err)
	}
	if n := len(w.box.All()); n != 1 {
		t.Errorf("%d messages", n)
	}
}
