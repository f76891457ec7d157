package invitation_test

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"voordeur/internal/app"
	"voordeur/internal/blobstore"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/fault"
	"voordeur/internal/mailbox"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
	"voordeur/internal/sms"
)

// world is the program with a real SMTP server, on a database of its own.
type world struct {
	*dbtest.Database
	*app.Services
	dbtest.Scene
	box *mailbox.Mailbox
}

var (
	noClient = signin.Client{IP: "192.0.2.1", UserAgent: "test"}
	cheap    = signin.Cost{MemoryKiB: 8, Passes: 1}
	quiet    = slog.New(slog.DiscardHandler)
)

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, func(*mailbox.Mailbox) sms.Provider { return nil })
}

// newWorldWith starts the program with somebody who sends text messages.
func newWorldWith(t *testing.T, texts func(*mailbox.Mailbox) sms.Provider) *world {
	t.Helper()
	w := &world{Database: dbtest.Open(t)}
	w.Scene = dbtest.AddScene(t, w.Root)
	var err error
	if w.box, err = mailbox.Open(t.TempDir(), w.Clock.Now, quiet); err != nil {
		t.Fatal(err)
	}
	address, err := w.box.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.box.Close() })
	blobs, err := blobstore.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	w.Services, err = app.Compose(app.Parts{
		DB: w.DB, Blobs: blobs, Key: sealed.New(), Now: w.Clock.Now, Log: quiet,
		PortalURL: "https://portal.test", MailFrom: "post@voordeur.test", SMTPURL: address, Passwords: cheap, Texts: texts(w.box),
	})
	if err != nil {
		t.Fatal(err)
	}
	runner, err := w.StartQueue(t.Context(), w.DSN("voordeur_queue"), quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = runner.Stop(ctx)
	})
	return w
}

// office is the context of an adviser.
func (w *world) office() context.Context { return dbtest.EmployeeAs(w.Organisation, w.Employee) }

// mails waits until n mails have come in, and returns them newest first.
func (w *world) mails(t *testing.T, n int) []mailbox.Message {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for len(w.box.All()) < n {
		if time.Now().After(deadline) {
			var state string
			_ = w.Root.QueryRow(`SELECT string_agg(kind || ' ' || state::text || ' ' || coalesce(errors::text, ''), E'\n') FROM river_job`).Scan(&state)
			t.Fatalf("%d of %d mails\n%s", len(w.box.All()), n, state)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return w.box.All()
}

// done waits until every task is.
func (w *world) done(t *testing.T) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		var open int
		if err := w.Root.QueryRow(`SELECT count(*) FROM river_job WHERE state <> 'completed'`).Scan(&open); err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("tasks are still open")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// settled waits until every mail is marked.
func (w *world) settled(t *testing.T) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		var waiting int
		if err := w.Root.QueryRow(`SELECT count(*) FROM mails WHERE state = 'queued'`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
		if waiting == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d mails are still queued", waiting)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

var activation = regexp.MustCompile(`https://portal\.test/([a-z0-9-]+)/activate#([A-Za-z0-9_-]{43})`)

// tokens are the secrets in a mail, in its order.
func tokens(t *testing.T, m mailbox.Message) []string {
	t.Helper()
	var out []string
	for _, l := range m.Links {
		if f := activation.FindStringSubmatch(l); f != nil {
			out = append(out, f[2])
		}
	}
	return out
}

const good = "paarse olifant fietst zingend"

// TestInviteDossier: one mail per address; a partner without one stands in the first applicant's. Each chooses a password with a
// link of their own and logs in (A3, A5, A7, B2).
func TestInviteDossier(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contact, partner, _ := dbtest.AddMember(t, w.Root, w.Organisation, w.Client, "Ruben")
	exec(t, w, `UPDATE contacts SET email = '' WHERE id = $1`, contact)
	exec(t, w, `UPDATE portal_members SET username = 'ruben', username_folded = 'ruben' WHERE id = $1`, partner)
	exec(t, w, `INSERT INTO applicants (organisation_id, id, dossier_id, contact_id, position) VALUES ($1, $2, $3, $4, 2)`, w.Organisation, dbtest.ID(), w.Dossier, contact)
	exec(t, w, `INSERT INTO dossier_members (organisation_id, dossier_id, member_id) VALUES ($1, $2, $3)`, w.Organisation, w.Dossier, partner)

	sent, err := w.Office.Invitations.InviteDossier(w.office(), w.Dossier)
	if err != nil {
		t.Fatal(err)
	}
	if len(sent) != 1 || len(sent[0].Members) != 2 || sent[0].Members[1] != "Ruben de Wit" {
		t.Fatalf("got %+v", sent)
	}
	m := w.mails(t, 1)[0]
	w.settled(t)
	if want := "Het klantportaal van Kantoor"; !strings.HasPrefix(m.Subject, want) {
		t.Errorf("subject %q", m.Subject)
	}
	for _, want := range []string{"Dag Eva en Ruben,", "Gebruikersnaam: ruben", "vinden jullie", "Sanne Brugman", "Geldig tot"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("no %q in %s", want, m.Text)
		}
	}
	found := tokens(t, m)
	if len(found) != 2 {
		t.Fatalf("links %v", m.Links)
	}
	if v := w.view(t, partner); v.State != member.Invited || v.Invitation.State != member.LinkSent {
		t.Errorf("before: %+v %+v", v, v.Invitation)
	}
	for range 50 { // mail scanners
		l, err := w.Office.SignIn.InspectLink(t.Context(), found[1])
		if err != nil || l.State != member.LinkUsable || l.Username != "ruben" || l.FirstName != "Ruben" || l.OfficeSlug != w.Slug {
			t.Fatalf("%+v %v", l, err)
		}
	}
	if v := w.view(t, partner); v.Invitation.State != member.LinkOpened {
		t.Errorf("opened: %+v", v.Invitation)
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), found[1], good); err != nil {
		t.Fatal(err)
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), found[1], good); !errors.Is(err, signin.ErrLinkUsed) {
		t.Errorf("a second time: %v", err)
	}
	if v := w.view(t, partner); v.State != member.Active || v.Invitation.State != member.LinkUsed {
		t.Errorf("after: %+v", v)
	}
	if notice := w.mails(t, 2)[0]; !strings.Contains(notice.Subject, "is ingesteld") || notice.To[0] != m.To[0] || len(tokens(t, notice)) != 0 {
		t.Errorf("notice: %+v", notice)
	}
	s, err := w.Office.SignIn.MemberLogin(t.Context(), signin.MemberLogin{Office: w.Slug, Username: " RUBEN ", Password: good, Client: noClient})
	if err != nil {
		t.Fatal(err)
	}
	me, err := w.Portal.SignIn.MemberMe(s.Context(t.Context()))
	if err != nil || me.Username != "ruben" || me.ClientName != "Eva de Wit" || me.OfficeSlug != w.Slug {
		t.Errorf("%+v %v", me, err)
	}
	// The office asks again: only for the one who has no password yet; the older link dies.
	if sent, err = w.Office.Invitations.InviteDossier(w.office(), w.Dossier); err != nil || len(sent) != 1 || len(sent[0].Members) != 1 {
		t.Fatalf("%+v %v", sent, err)
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), found[0], good); !errors.Is(err, signin.ErrLinkReplaced) {
		t.Errorf("an older link: %v", err)
	}
}

// TestFortyEightHours: to the second, counted from sending; an expired link asks for a new one (A7).
func TestFortyEightHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.Office.Invitations.InviteMember(w.office(), w.Member); err != nil {
		t.Fatal(err)
	}
	first := tokens(t, w.mails(t, 1)[0])[0]
	w.settled(t)
	var expires time.Time
	if err := w.Root.QueryRow(`SELECT expires_at FROM password_links`).Scan(&expires); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(expires.Sub(w.Clock.Now()) - time.Second)
	if l, err := w.Office.SignIn.InspectLink(t.Context(), first); err != nil || l.State != member.LinkUsable {
		t.Fatalf("47:59:59: %+v %v", l, err)
	}
	w.Clock.Advance(2 * time.Second)
	if l, err := w.Office.SignIn.InspectLink(t.Context(), first); err != nil || l.State != member.LinkTooOld {
		t.Fatalf("48:00:01: %+v %v", l, err)
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), first, good); !errors.Is(err, signin.ErrLinkExpired) {
		t.Errorf("redeem: %v", err)
	}
	if v := w.view(t, w.Member); v.Invitation.State != member.LinkExpired {
		t.Errorf("the office sees %+v", v.Invitation)
	}
	if err := w.Office.SignIn.RenewLink(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	next := tokens(t, w.mails(t, 2)[0])[0]
	if next == first {
		t.Fatal("the same link")
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), next, good); err != nil {
		t.Errorf("the new link: %v", err)
	}
	// Anything may be asked; nothing is told.
	for _, raw := range []string{first, next, "", "nonsense", strings.Repeat("A", 43)} {
		if err := w.Office.SignIn.RenewLink(t.Context(), raw); err != nil {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

// TestForgotten: an unknown name gets the answer of a known one, and at most three mails leave in an hour.
func TestForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		for _, name := range []string{w.Username, "nobody", "o'reilly\x00"[:8]} {
			if err := w.Office.SignIn.RequestReset(t.Context(), w.Slug, name, noClient); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	if err := w.Office.SignIn.RequestReset(t.Context(), "no-such-office", "x", noClient); err != nil {
		t.Fatal(err)
	}
	w.done(t)
	// Links that a newer one overtook in the queue are not sent, so there may be fewer.
	all := w.box.All()
	if len(all) == 0 || len(all) > 3 {
		t.Fatalf("%d mails", len(all))
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), tokens(t, all[0])[0], good); err != nil {
		t.Errorf("the newest link: %v", err)
	}
}

// TestCreateMember: a login for a client's contact sends its invitation by itself (E1); the office's refusals.
func TestCreateMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v, err := w.Office.Invitations.CreateMember(w.office(), member.Draft{
		ClientID: w.Client, FirstName: "Noor", LastName: "Bakker", Email: "noor@example.org", Function: "boekhouder", Username: "noor@example.org", DossierIDs: []uuid.UUID{w.Dossier},
	})
	if err != nil || v.State != member.Invited || len(v.DossierIDs) != 1 {
		t.Fatalf("%+v %v", v, err)
	}
	if m := w.mails(t, 1)[0]; m.To[0] != "noor@example.org" || len(tokens(t, m)) != 1 {
		t.Errorf("%+v", m)
	}
	for name, c := range map[string]struct {
		draft member.Draft
		field string
	}{
		"taken":             {member.Draft{ClientID: w.Client, FirstName: "A", LastName: "B", Username: "NOOR@example.org ", Email: "noor@example.org"}, "taken"},
		"another's address": {member.Draft{ClientID: w.Client, FirstName: "A", LastName: "B", Username: "eva@example.org", Email: "noor2@example.org"}, "foreign-email"},
		"look-alike":        {member.Draft{ClientID: w.Client, FirstName: "A", LastName: "B", Username: "еva.dewit"}, "characters"},
		"short":             {member.Draft{ClientID: w.Client, FirstName: "A", LastName: "B", Username: "ab"}, "length"},
		"no client":         {member.Draft{ClientID: dbtest.ID(), FirstName: "A", LastName: "B", Username: "abc"}, "unknown"},
		"bad address":       {member.Draft{ClientID: w.Client, FirstName: "A", LastName: "B", Username: "abc", Email: "a@b\r\nBcc: c@d"}, "email"},
		"has a login":       {member.Draft{ClientID: w.Client, ContactID: &v.ContactID, Username: "noor2"}, "has-login"},
	} {
		if _, err := w.Office.Invitations.CreateMember(w.office(), c.draft); fieldCode(err) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	other, _ := dbtest.Organisation(t, w.Root)
	if _, err := w.Office.Invitations.InviteMember(dbtest.Employee(other), v.ID); err == nil {
		t.Error("another office invited")
	}
	if _, err := w.Office.Invitations.InviteDossier(dbtest.Employee(other), w.Dossier); err == nil {
		t.Error("another office invited a dossier")
	}
}

// TestMailUsername: a member hears the name that counts when the mail leaves, with a link for who has no password yet.
func TestMailUsername(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.Office.Invitations.MailUsername(w.office(), w.Member); err != nil {
		t.Fatal(err)
	}
	first := w.mails(t, 1)[0]
	if len(tokens(t, first)) != 1 || !strings.Contains(first.Text, w.Username) {
		t.Errorf("%+v", first)
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), tokens(t, first)[0], good); err != nil {
		t.Fatal(err)
	}
	w.mails(t, 2) // the notice about the password
	name := "eva.nieuw"
	if _, err := w.Office.Members.Update(w.office(), w.Member, w.view(t, w.Member).Version, member.Change{Username: &name}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Office.Invitations.MailUsername(w.office(), w.Member); err != nil {
		t.Fatal(err)
	}
	var told mailbox.Message
	for _, m := range w.mails(t, 3) {
		if strings.Contains(m.Text, name) {
			told = m
		}
	}
	if !strings.Contains(told.Text, "wachtwoord blijft zoals het was") || strings.Contains(told.Text, "activate#") || !strings.Contains(told.Text, "https://portal.test/"+w.Slug) {
		t.Errorf("%+v", told)
	}
	var events int
	if err := w.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = 'portal_member.username_mailed' AND subject = $1`, w.Member).Scan(&events); err != nil || events != 2 {
		t.Errorf("%d events, %v", events, err)
	}
	blocked := true
	if _, err := w.Office.Members.Update(w.office(), w.Member, w.view(t, w.Member).Version, member.Change{Blocked: &blocked}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Office.Invitations.MailUsername(w.office(), w.Member); !errors.Is(err, member.ErrBlocked) {
		t.Errorf("blocked: %v", err)
	}
	other, _ := dbtest.Organisation(t, w.Root)
	if _, err := w.Office.Invitations.MailUsername(dbtest.Employee(other), w.Member); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("another office: %v", err)
	}
}

// TestMailsByHand: of fifty mails that an office asks for at once, an address gets twenty in an hour; what the customer asks for
// comes all the same (threat G3).
func TestMailsByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func() error { _, err := w.Office.Invitations.MailUsername(w.office(), w.Member); return err }
	var wg sync.WaitGroup
	var sent, refused atomic.Int32
	for range 50 {
		wg.Go(func() {
			var f *fault.Error
			switch err := send(); {
			case err == nil:
				sent.Add(1)
			case errors.As(err, &f) && f.Code == "mail-limit" && f.RetryAfter > 0 && f.RetryAfter <= time.Hour:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if sent.Load() != 20 || refused.Load() != 30 {
		t.Errorf("%d sent, %d refused", sent.Load(), refused.Load())
	}
	if err := w.Office.SignIn.RequestReset(t.Context(), w.Slug, w.Username, noClient); err != nil {
		t.Error(err)
	}
	w.done(t)
	var resets int
	if err := w.Root.QueryRow(`SELECT count(*) FROM mails WHERE kind = $1`, signin.MailReset).Scan(&resets); err != nil || resets != 1 {
		t.Errorf("%d mails that the customer asked for, %v", resets, err)
	}
	w.Clock.Advance(time.Hour)
	if err := send(); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

// TestMailWaits: a mail that the server refuses for now leaves later, under the same id, and the 48 hours count from then. One whose
// member was blocked meanwhile does not leave at all.
func TestMailWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.box.Refuse(&smtp.SMTPError{Code: 451, Message: "come back later"})
	if _, err := w.Office.Invitations.InviteMember(w.office(), w.Member); err != nil {
		t.Fatal(err)
	}
	w.parked(t, 1)
	if v := w.view(t, w.Member); v.Invitation.State != member.LinkQueued {
		t.Errorf("%+v", v.Invitation)
	}
	blocked := dbtest.AddCustomer(t, w.Root, w.Organisation, "Ruben")
	if _, err := w.Office.Invitations.InviteMember(w.office(), blocked.Member); err != nil {
		t.Fatal(err)
	}
	// While both are put away nothing is under way that began before the member was blocked.
	w.parked(t, 2)
	exec(t, w, `UPDATE portal_members SET blocked_at = now() WHERE id = $1`, blocked.Member)
	w.box.Refuse(nil)
	w.Clock.Advance(24 * time.Hour) // an outage does not eat the customer's 48 hours
	exec(t, w, `UPDATE river_job SET scheduled_at = now(), state = 'available' WHERE state IN ('retryable', 'scheduled')`)
	m := w.mails(t, 1)[0]
	w.settled(t)
	var id string
	var left float64
	if n := len(w.box.All()); n != 1 {
		t.Errorf("%d mails left", n)
	}
	if err := w.Root.QueryRow(`SELECT m.id, extract(epoch FROM l.expires_at - $1::timestamptz) FROM mails m, password_links l WHERE m.state = 'sent' AND l.sent_at IS NOT NULL`, w.Clock.Now()).Scan(&id, &left); err != nil {
		t.Fatal(err)
	}
	if m.MessageID != id+"@voordeur.test" || left < 47*3600 {
		t.Errorf("%s, %s, %f", m.MessageID, id, left)
	}
}

// parked waits until n mails were refused, and puts them away: the queue tries none of them until they are made available again.
func (w *world) parked(t *testing.T, n int64) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		res, err := w.Root.Exec(`UPDATE river_job SET scheduled_at = now() + interval '1 hour' WHERE kind = $1 AND state = 'retryable' AND attempt > 0`, mailer.SendKind)
		if err != nil {
			t.Fatal(err)
		}
		got, err := res.RowsAffected()
		switch {
		case err != nil:
			t.Fatal(err)
		case got == n:
			return
		case time.Now().After(deadline):
			t.Fatalf("%d of %d mails were tried", got, n)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (w *world) view(t *testing.T, id uuid.UUID) member.View {
	t.Helper()
	v, err := w.Office.Members.Get(w.office(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func exec(t *testing.T, w *world, query string, args ...any) {
	t.Helper()
	if _, err := w.Root.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}
