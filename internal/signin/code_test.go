package signin_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/fault"
	"voordeur/internal/signin"
)

// codes is a world whose customer has an e-mail address and a mobile number.
func newCodes(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.Texts = true
	w.exec(t, `UPDATE contacts SET email = 'eva@post.example', mobile = '06 12 34 56 78' WHERE id = (SELECT contact_id FROM portal_members WHERE id = $1)`, w.Member)
	return w
}

func (w *world) ask(ctx context.Context, name string) (signin.Challenge, error) {
	return w.RequestCode(ctx, signin.CodeRequest{Office: w.Slug, Name: name, Client: from})
}

// sent is a message that waits to leave.
type sent struct{ by, to string }

// deliver runs the tasks that send codes, and returns the newest challenge's code with the messages that wait now.
func (w *world) deliver(t *testing.T) (string, []sent) {
	t.Helper()
	rows, err := w.Root.Query(`SELECT id FROM login_challenges ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []uuid.UUID
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		all = append(all, id)
	}
	worker := &signin.SendCodeWorker{SignIn: w.Service}
	for _, id := range all {
		for range 2 { // a task that runs again after a crash sends no second one
			if err := worker.Work(dbtest.Task(w.Organisation, authz.MailSend), &river.Job[signin.SendCode]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: signin.SendCode{Challenge: id}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out []sent
	waiting, err := w.Root.Query(`SELECT 'sms', recipient, id FROM texts UNION ALL SELECT 'mail', recipient, id FROM mails WHERE kind = 'login_code' ORDER BY 3`)
	if err != nil {
		t.Fatal(err)
	}
	defer waiting.Close()
	for waiting.Next() {
		var s sent
		var id uuid.UUID
		if err := waiting.Scan(&s.by, &s.to, &id); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := errors.Join(rows.Err(), waiting.Err()); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return "", out
	}
	return signin.LoginCode(w.Key, all[len(all)-1]), out
}

func (w *world) give(ctx context.Context, token, code string) (signin.CodeEntry, error) {
	return w.VerifyCode(ctx, signin.CodeProof{Office: w.Slug, Token: token, Code: code, Client: from})
}

// got asks for a code and returns it with what it is bound to.
func (w *world) got(t *testing.T, name string) (signin.Challenge, string) {
	t.Helper()
	c, err := w.ask(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	code, _ := w.deliver(t)
	return c, code
}

// TestCode: a code by text message opens a session, once, in the browser that asked for it; it stands nowhere in the database.
func TestCode(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	c, err := w.ask(t.Context(), " "+strings.ToUpper(w.Username)+" ")
	if err != nil {
		t.Fatal(err)
	}
	code, out := w.deliver(t)
	if len(code) != 8 || len(out) != 1 || out[0] != (sent{"sms", "+31612345678"}) {
		t.Fatalf("%s %v", code, out)
	}
	other, _ := w.got(t, w.Username)
	if _, err := w.give(t.Context(), other.Token, code); !errors.Is(err, signin.ErrWrongLoginCode) {
		t.Errorf("in another browser: %v", err)
	}
	if _, err := w.give(t.Context(), "", code); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("without the cookie: %v", err)
	}
	e, err := w.give(t.Context(), c.Token, code)
	if err != nil || e.Session.Next != "" {
		t.Fatalf("%+v %v", e, err)
	}
	if h, err := w.Resolve(t.Context(), authz.Member, e.Session.Token); err != nil || h.Half || h.Actor.ID != w.Member || !h.Actor.May(authz.PortalSubmissionCreate) {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := w.give(t.Context(), c.Token, code); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("a second time: %v", err)
	}
	var dump, events string
	if err := w.Root.QueryRow(`SELECT (SELECT string_agg(c::text, '') FROM login_challenges c) || (SELECT string_agg(x::text, '') FROM texts x) || (SELECT string_agg(args::text, '') FROM river_job)`).Scan(&dump); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(dump, code) || strings.Contains(dump, c.Token) {
		t.Error("the code or its cookie stands in the database")
	}
	if err := w.Root.QueryRow(`SELECT string_agg(name, ' ' ORDER BY seq) FROM audit_events`).Scan(&events); err != nil || events != "portal_member.login_code_sent portal_member.login_code_sent signin.refused portal_member.signed_in" {
		t.Errorf("%s %v", events, err)
	}
}

// TestCodeGoesWhere: by text message to who has a Dutch mobile number, else by mail; the budgets of an office and of a number turn
// it into mail; who cannot be reached, is blocked or does not exist gets nothing.
func TestCodeGoesWhere(t *testing.T) {
	t.Parallel()
	const mobile, address = "+31612345678", "eva@post.example"
	for name, c := range map[string]struct {
		name, sql string
		change    func(*world)
		want      []sent
	}{
		"a username":                 {want: []sent{{"sms", mobile}}},
		"an address":                 {name: " EVA@post.example", want: []sent{{"sms", mobile}}},
		"no mobile":                  {sql: `UPDATE contacts SET mobile = ''`, want: []sent{{"mail", address}}},
		"a landline":                 {sql: `UPDATE contacts SET mobile = '0570 001234'`, want: []sent{{"mail", address}}},
		"abroad":                     {sql: `UPDATE contacts SET mobile = '+32470123456'`, want: []sent{{"mail", address}}},
		"nobody sends text messages": {change: func(w *world) { w.Texts = false }, want: []sent{{"mail", address}}},
		"the office's budget":        {change: func(w *world) { w.Limits.Texts = 1; w.exec(t, spent, w.Organisation, "sms:office", w.Clock.Now()) }, want: []sent{{"mail", address}}},
		"the number's budget": {change: func(w *world) {
			w.Limits.TextsTo = 1
			w.exec(t, spent, w.Organisation, "sms:to:"+mobile, w.Clock.Now())
		}, want: []sent{{"mail", address}}},
		"no address, but a first one":  {sql: `UPDATE contacts SET mobile = '', email = CASE WHEN id = (SELECT contact_id FROM applicants ORDER BY position LIMIT 1) THEN 'first@post.example' ELSE '' END`, want: []sent{{"mail", "first@post.example"}}},
		"nowhere":                      {sql: `UPDATE contacts SET mobile = '', email = ''`},
		"unknown":                      {name: "nobody"},
		"unknown address":              {name: "nobody@post.example"},
		"blocked":                      {sql: `UPDATE portal_members SET blocked_at = now()`},
		"archived":                     {sql: `UPDATE portal_members SET archived_at = now()`},
		"not activated yet":            {sql: `UPDATE portal_members SET password_hash = NULL`, want: []sent{{"sms", mobile}}},
		"switched off in the meantime": {sql: `UPDATE organisations SET code_login = false`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCodes(t)
			if c.name == "" {
				c.name = w.Username
			}
			if c.change != nil {
				c.change(w)
			}
			if _, err := w.ask(t.Context(), c.name); err != nil {
				t.Fatal(err)
			}
			if c.sql != "" {
				w.exec(t, c.sql)
			}
			if _, got := w.deliver(t); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestTextsOfOneCustomer: who comes in well again and again, from a browser that is known by then, costs no more text messages a day than the number
// may have, and as many again: the rest goes by mail.
func TestTextsOfOneCustomer(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	client, texts := from, 0
	for range 3 * w.Limits.TextsTo {
		c, err := w.RequestCode(t.Context(), signin.CodeRequest{Office: w.Slug, Name: w.Username, Client: client})
		if err != nil {
			t.Fatal(err)
		}
		code, _ := w.deliver(t)
		e, err := w.VerifyCode(t.Context(), signin.CodeProof{Office: w.Slug, Token: c.Token, Code: code, Client: client})
		if err != nil {
			t.Fatal(err)
		}
		client.Known = e.Session.Device
		w.Clock.Advance(time.Second)
	}
	if err := w.Root.QueryRow(`SELECT count(*) FROM texts`).Scan(&texts); err != nil || texts > 2*w.Limits.TextsTo || texts < w.Limits.TextsTo {
		t.Errorf("%d text messages, %v", texts, err)
	}
}

const spent = `INSERT INTO attempts (organisation_id, key, window_start, count) VALUES ($1, $2, $3, 1)`

// TestCodeSharedAddress: a code that went to an address of two people lets the reader choose one login, once. A username that is
// somebody else's address by now opens nothing of the one who took it.
func TestCodeSharedAddress(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	_, partner, _ := dbtest.AddMember(t, w.Root, w.Organisation, w.Client, "Ineke")
	w.exec(t, `UPDATE contacts SET email = 'Familie@post.example', mobile = CASE WHEN id = (SELECT contact_id FROM portal_members WHERE id = $1) THEN '0687654321' ELSE mobile END`, partner)
	c, err := w.ask(t.Context(), "familie@post.example")
	if err != nil {
		t.Fatal(err)
	}
	code, out := w.deliver(t)
	if len(out) != 1 || out[0].by != "mail" || !strings.EqualFold(out[0].to, "familie@post.example") {
		t.Fatalf("two telephones, one address: %v", out)
	}
	choose := func(token string, who uuid.UUID) (signin.CodeEntry, error) {
		return w.VerifyCode(t.Context(), signin.CodeProof{Office: w.Slug, Token: token, Account: who, Client: from})
	}
	if _, err := choose(c.Token, partner); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("before the code was given: %v", err)
	}
	e, err := w.give(t.Context(), c.Token, code)
	if err != nil || e.Session.Token != "" || len(e.Accounts) != 2 || e.Accounts[0].Name == "" || e.Accounts[0].Username == "" || e.Accounts[0].ClientName == "" {
		t.Fatalf("%+v %v", e, err)
	}
	if _, err := w.give(t.Context(), c.Token, code); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("the code twice: %v", err)
	}
	stranger := dbtest.AddScene(t, w.Root)
	if _, err := choose(c.Token, stranger.Member); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("somebody else's login: %v", err)
	}
	won, lost := race(func(int) error { _, err := choose(c.Token, partner); return err })
	if won != 1 {
		t.Errorf("%d chose, %v", won, lost[0])
	}

	// Eva's username is an address that is Ineke's alone by now: the code that goes there opens Ineke's login only.
	w.Clock.Advance(time.Hour)
	w.exec(t, `UPDATE portal_members SET username = 'familie@post.example', username_folded = 'familie@post.example' WHERE id = $1`, w.Member)
	w.exec(t, `UPDATE contacts SET email = 'eva@new.example' WHERE id = (SELECT contact_id FROM portal_members WHERE id = $1)`, w.Member)
	c, code = w.got(t, "familie@post.example")
	e, err = w.give(t.Context(), c.Token, code)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := w.Resolve(t.Context(), authz.Member, e.Session.Token); err != nil || h.Actor.ID != partner {
		t.Errorf("%+v %v", h, err)
	}
	// With one telephone for both, the code goes there.
	w.Clock.Advance(time.Hour)
	w.exec(t, `UPDATE contacts SET email = 'samen@post.example', mobile = '06-87654321'`)
	w.exec(t, `DELETE FROM texts`)
	w.exec(t, `DELETE FROM mails`)
	if _, err = w.ask(t.Context(), "samen@post.example"); err != nil {
		t.Fatal(err)
	}
	if _, out = w.deliver(t); len(out) != 1 || out[0] != (sent{"sms", "+31687654321"}) {
		t.Errorf("%v", out)
	}
}

// TestCodeGuesses: of fifty guesses at once five are looked at, and after them the right code opens nothing either. Of fifty who
// give the right code one comes in.
func TestCodeGuesses(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	w.Limits.Address = 1000
	c, code := w.got(t, w.Username)
	won, lost := race(func(i int) error { _, err := w.give(t.Context(), c.Token, fmt.Sprintf("%08d", i)); return err })
	wrong, spent := 0, 0
	for _, err := range lost {
		switch {
		case errors.Is(err, signin.ErrWrongLoginCode):
			wrong++
		case errors.Is(err, signin.ErrCodeSpent):
			spent++
		default:
			t.Error(err)
		}
	}
	if won != 0 || wrong != 4 || spent != crowd-4 { // the fifth hears that it was the last
		t.Errorf("%d came in, %d wrong, %d too late", won, wrong, spent)
	}
	var refused int
	if err := w.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = 'signin.refused'`).Scan(&refused); err != nil || refused != 5 {
		t.Errorf("%d guesses were looked at, %v", refused, err)
	}
	if _, err := w.give(t.Context(), c.Token, code); !errors.Is(err, signin.ErrCodeSpent) {
		t.Errorf("the right one after five wrong ones: %v", err)
	}

	c, code = w.got(t, w.Username)
	won, lost = race(func(int) error { _, err := w.give(t.Context(), c.Token, code); return err })
	if won != 1 {
		t.Errorf("%d came in with one code", won)
	}
	for _, err := range lost {
		if !errors.Is(err, signin.ErrCodeExpired) && !errors.Is(err, signin.ErrCodeSpent) {
			t.Error(err)
		}
	}
	var sessions int
	if err := w.Root.QueryRow(`SELECT count(*) FROM sessions`).Scan(&sessions); err != nil || sessions != 1 {
		t.Errorf("%d sessions, %v", sessions, err)
	}
}

// TestCodeTooLate: a code works for ten minutes to the second; a newer one of the same browser ends it; one that nobody saw leave in
// time is not sent any more.
func TestCodeTooLate(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	c, code := w.got(t, w.Username)
	w.Clock.Advance(10*time.Minute - time.Second)
	if _, err := w.give(t.Context(), c.Token, "00000000"); !errors.Is(err, signin.ErrWrongLoginCode) {
		t.Errorf("after 9:59: %v", err)
	}
	w.Clock.Advance(time.Second)
	if _, err := w.give(t.Context(), c.Token, code); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("after ten minutes: %v", err)
	}

	w.Clock.Advance(time.Hour)
	c, code = w.got(t, w.Username)
	newer, err := w.RequestCode(t.Context(), signin.CodeRequest{Office: w.Slug, Name: w.Username, Before: c.Token, Client: from})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.give(t.Context(), c.Token, code); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("the older of two: %v", err)
	}
	before := 0
	if err := w.Root.QueryRow(`SELECT count(*) FROM texts`).Scan(&before); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(11 * time.Minute)
	if _, out := w.deliver(t); len(out) != before {
		t.Errorf("sent after it was too old: %v", out)
	}
	if _, err := w.give(t.Context(), newer.Token, "00000000"); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("never sent: %v", err)
	}
}

// TestCodeLimits: three codes in a quarter of an hour and ten a day, by the name that was typed and by the account that has it; the
// same for a name that nobody has. Coming in gives them back.
func TestCodeLimits(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	w.Limits.Address = 1000
	for _, name := range []string{w.Username, "nobody", "nobody@post.example"} {
		asked := 0
		for range 20 { // four a quarter of an hour
			for range 4 {
				_, err := w.ask(t.Context(), name)
				if err == nil {
					asked++
				} else if kind(err) != fault.TooMany {
					t.Fatal(err)
				}
			}
			if asked > 3 && asked%3 != 0 && asked != 10 {
				t.Fatalf("%s: %d", name, asked)
			}
			w.Clock.Advance(15*time.Minute + time.Second)
		}
		if asked != 10 {
			t.Errorf("%s: %d codes in five hours", name, asked)
		}
	}
	w.Clock.Advance(24 * time.Hour)
	w.exec(t, `DELETE FROM login_challenges`)
	w.exec(t, `DELETE FROM texts`)
	for _, name := range []string{w.Username, "eva@post.example", w.Username, "eva@post.example", w.Username} { // one account under two names
		if _, err := w.ask(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if _, out := w.deliver(t); len(out) != 3 {
		t.Errorf("%d messages to one account", len(out))
	}
	w.Clock.Advance(16 * time.Minute)
	for i := range 15 {
		c, code := w.got(t, w.Username)
		if _, err := w.give(t.Context(), c.Token, code); err != nil {
			t.Fatalf("login %d: %v", i, err)
		}
	}
}

// TestCodeThenFactor: a code never skips the second step, nor the office that asks one of everybody; and it opens nothing for who was
// blocked after it was sent.
func TestCodeThenFactor(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	secret, _, _ := w.enrol(t)
	c, code := w.got(t, w.Username)
	e, err := w.give(t.Context(), c.Token, code)
	if err != nil || e.Session.Next != signin.NextSecondFactor {
		t.Fatalf("%+v %v", e, err)
	}
	h, err := w.Resolve(t.Context(), authz.Member, e.Session.Token)
	if err != nil || !h.Half || len(h.Actor.Grants) != 0 {
		t.Fatalf("%+v %v", h, err)
	}
	if _, err := w.VerifyMemberFactor(authz.With(t.Context(), h.Actor), signin.Second{Code: w.app(t, secret, 0)}, from); err != nil {
		t.Error(err)
	}
	c, code = w.got(t, w.Username)
	w.exec(t, `UPDATE portal_members SET blocked_at = now() WHERE id = $1`, w.Member)
	if _, err := w.give(t.Context(), c.Token, code); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("blocked: %v", err)
	}

	w = newCodes(t)
	w.exec(t, `UPDATE organisations SET customers_need_second_factor = true`)
	c, code = w.got(t, w.Username)
	if e, err = w.give(t.Context(), c.Token, code); err != nil || e.Session.Next != signin.NextSetUp {
		t.Errorf("%+v %v", e, err)
	}
}

// TestCodeOff: where the office does not offer it, nothing is asked and nothing that was sent opens anything.
func TestCodeOff(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	c, code := w.got(t, w.Username)
	w.exec(t, `UPDATE organisations SET code_login = false`)
	if _, err := w.ask(t.Context(), w.Username); !errors.Is(err, signin.ErrCodeLoginOff) {
		t.Errorf("asked: %v", err)
	}
	if _, err := w.give(t.Context(), c.Token, code); !errors.Is(err, signin.ErrCodeLoginOff) {
		t.Errorf("gave: %v", err)
	}
	for _, p := range []signin.CodeProof{{}, {Code: "1", Account: w.Member}} {
		w.exec(t, `UPDATE organisations SET code_login = true`)
		p.Office, p.Client = w.Slug, from
		if _, err := w.VerifyCode(t.Context(), p); kind(err) != fault.Invalid {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

// TestCodeSameAnswer: asking and guessing tell nothing about who exists, who is blocked, or who has yet to choose a password.
func TestCodeSameAnswer(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	guess := func(name string) string {
		c, err := w.ask(t.Context(), name)
		if err != nil || len(c.Token) != 43 {
			t.Fatal(err)
		}
		w.deliver(t)
		var out strings.Builder
		for range 6 {
			_, err = w.give(t.Context(), c.Token, "00000000")
			out.WriteString(body(t, err) + "\n")
		}
		return out.String()
	}
	want := guess("nobody")
	if got := guess(w.Username); got != want {
		t.Errorf("known:\n%s\nunknown:\n%s", got, want)
	}
	w.exec(t, `UPDATE portal_members SET blocked_at = now()`)
	if got := guess(w.Username); got != want {
		t.Errorf("blocked:\n%s\nunknown:\n%s", got, want)
	}
	w.exec(t, `UPDATE portal_members SET blocked_at = NULL, password_hash = NULL`)
	if got := guess(w.Username); got != want {
		t.Errorf("not activated:\n%s\nunknown:\n%s", got, want)
	}
}
