package invitation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/mailer"
	"voordeur/internal/signin"
)

// TestPasskeyNotices: every notice about a passkey can be read, in each way of addressing somebody and by employees too.
func TestPasskeyNotices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	write := func(n signin.Notice) mailer.Content {
		t.Helper()
		n.At, n.Device = w.Clock.Now(), "Safari, iPhone"
		payload, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		c, err := db.Read(dbtest.EmployeeAs(w.Organisation, w.Employee), w.DB, authz.MemberWrite, func(tx *db.Tx) (mailer.Content, error) {
			c, send, err := w.Office.Invitations.Renderers()[signin.MailSecurity](tx, mailer.Queued{Kind: signin.MailSecurity, Payload: payload})
			if !send {
				t.Errorf("%s is not sent", n.What)
			}
			return c, err
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	seen := map[string]bool{}
	for _, what := range []signin.NoticeKind{signin.NoticePasskeyAdded, signin.NoticePasskeyRemoved, signin.NoticePasskeyCopied} {
		mails := map[string]mailer.Content{"an employee": write(signin.Notice{Employee: w.Employee, What: what})}
		for name, query := range map[string]string{
			"formal": `UPDATE organisations SET form_of_address = 'formal'`, "informal": `UPDATE organisations SET form_of_address = 'informal'`,
			"english": `UPDATE portal_members SET locale = 'en'`,
		} {
			for _, q := range []string{`UPDATE portal_members SET locale = 'nl'`, query} {
				if _, err := w.Root.Exec(q); err != nil {
					t.Fatal(err)
				}
			}
			mails[name] = write(signin.Notice{Member: w.Member, What: what})
		}
		for name, c := range mails {
			if c.Subject == "" || strings.ContainsAny(c.Text, "{}") || !strings.Contains(c.HTML, "<") || seen[c.Text] {
				t.Errorf("%s to %s: %q\n%s", what, name, c.Subject, c.Text)
			}
			seen[c.Text] = true
			if what != signin.NoticePasskeyCopied && !strings.Contains(c.Text, "Safari, iPhone") {
				t.Errorf("%s to %s does not say where: %s", what, name, c.Text)
			}
		}
	}
}
