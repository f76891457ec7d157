package mailer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
	"voordeur/internal/mailer"
)

// TestSentOnce: a crash between the server's answer and the mark sends the mail again under the same id; once it is marked it is
// never sent again; a mail whose change was rolled back does not exist.
func TestSentOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	s := dbtest.AddScene(t, d.Root)
	office := dbtest.EmployeeAs(s.Organisation, s.Employee)
	enqueue := func(fail error) (uuid.UUID, error) {
		return db.Write(office, d.DB, authz.MemberWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
			id, err := mailer.Enqueue(tx, mailer.Mail{Kind: "test", Recipient: "eva@example.org", Payload: map[string]any{}})
			return id, event.Of("test.done", id), errors.Join(err, fail)
		})
	}
	if _, err := enqueue(errors.New("changed my mind")); err == nil {
		t.Fatal("no error")
	}
	id, err := enqueue(nil)
	if err != nil {
		t.Fatal(err)
	}
	var mails, tasks int
	if err := d.Root.QueryRow(`SELECT (SELECT count(*) FROM mails), (SELECT count(*) FROM river_job WHERE kind = 'mail.send')`).Scan(&mails, &tasks); err != nil || mails != 1 || tasks != 1 {
		t.Fatalf("%d mails, %d tasks, %v", mails, tasks, err)
	}
	ctx, crash := context.WithCancel(dbtest.Task(s.Organisation, authz.MailSend))
	var sent []uuid.UUID
	marked := 0
	w := &mailer.SendWorker{
		DB: d.DB, Now: d.Clock.Now,
		Render: map[string]mailer.Renderer{"test": func(*db.Tx, mailer.Queued) (mailer.Content, bool, error) {
			return mailer.Content{Subject: "x"}, true, nil
		}},
		Sent: map[string]mailer.Sent{"test": func(*db.Tx, mailer.Queued, time.Time) error { marked++; return nil }},
		Post: func(_ context.Context, id uuid.UUID, _ string, _ mailer.Content) error {
			sent = append(sent, id)
			crash()
			return nil
		},
	}
	job := &river.Job[mailer.Send]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: mailer.Send{Mail: id}}
	if err := w.Work(ctx, job); err == nil {
		t.Fatal("it survived the crash")
	}
	for range 3 {
		if err := w.Work(dbtest.Task(s.Organisation, authz.MailSend), job); err != nil {
			t.Fatal(err)
		}
	}
	if len(sent) != 2 || sent[0] != id || sent[1] != id || marked != 1 {
		t.Errorf("sent %v, marked %d times", sent, marked)
	}
}

// TestGivesUp: two days of an unreachable server are survived, then the mail is marked as failed.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	s := dbtest.AddScene(t, d.Root)
	id, err := db.Write(dbtest.EmployeeAs(s.Organisation, s.Employee), d.DB, authz.MemberWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		id, err := mailer.Enqueue(tx, mailer.Mail{Kind: "test", Recipient: "eva@example.org", Payload: map[string]any{}})
		return id, event.Of("test.done", id), err
	})
	if err != nil {
		t.Fatal(err)
	}
	post, err := mailer.NewTransport("smtp://127.0.0.1:1?tls=none", "post@voordeur.example") // nobody listens there
	if err != nil {
		t.Fatal(err)
	}
	w := &mailer.SendWorker{
		DB: d.DB, Now: d.Clock.Now, Post: post.Send,
		Render: map[string]mailer.Renderer{"test": func(*db.Tx, mailer.Queued) (mailer.Content, bool, error) {
			return mailer.Content{Subject: "x", Text: "x", HTML: "x"}, true, nil
		}},
	}
	job := &river.Job[mailer.Send]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: mailer.Send{Mail: id}}
	ctx := dbtest.Task(s.Organisation, authz.MailSend)
	d.Clock.Advance(47 * time.Hour)
	if err := w.Work(ctx, job); err == nil {
		t.Error("gave up after 47 hours")
	}
	d.Clock.Advance(2 * time.Hour)
	if err := w.Work(ctx, job); err != nil {
		t.Error(err)
	}
	var state, reason string
	if err := d.Root.QueryRow(`SELECT state, error FROM mails`).Scan(&state, &reason); err != nil || state != "failed" || reason == "" {
		t.Errorf("%s %q %v", state, reason, err)
	}
}

// TestAddresses: a wrong address of the server is told at the start, without its password.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "localhost:25", "http://x", "smtp://", "smtp://u:geheim@h:587?tls=perhaps"} {
		if _, err := mailer.NewTransport(bad, "post@voordeur.example"); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	for _, ok := range []string{"smtp://u:p@h:587?tls=mandatory", "smtps://h", "smtp://h:25?tls=none", "smtp://h?tls=opportunistic"} {
		if _, err := mailer.NewTransport(ok, "post@voordeur.example"); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
}
