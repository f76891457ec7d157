// Package mailer is the outbox. A mail is a row and a task in the transaction of the change that causes it, so that none is lost
// and none is sent for a change that was rolled back. It is rendered when it is sent: the row holds ids, never a secret.
package mailer

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/failpoint"
	"voordeur/internal/fault"
)

// Mail is what waits in the outbox.
type Mail struct {
	ID        uuid.UUID // uuid.Nil: a new one
	Kind      string
	Recipient string
	Dossier   uuid.UUID // uuid.Nil: about no dossier
	Payload   any       // ids only
	CreatedAt time.Time
}

// Content is a mail as it is read.
type Content struct {
	FromName string // beside the address that the operator configured
	ReplyTo  string
	Subject  string
	HTML     string
	Text     string
}

// Renderer makes the content of one kind of mail, inside the transaction that reads what it needs. ok is false for a mail that
// should no longer go out, such as a link that a newer one replaced.
type Renderer func(tx *db.Tx, m Queued) (c Content, ok bool, err error)

// Sent is told, in the transaction that marks a mail as sent, when it was sent.
type Sent func(tx *db.Tx, m Queued, at time.Time) error

// Queued is a mail as the task finds it.
type Queued struct {
	ID        uuid.UUID
	Kind      string
	Recipient string
	DossierID *uuid.UUID
	Payload   json.RawMessage
	State     string
	CreatedAt time.Time
}

// Enqueue puts a mail in the outbox. It leaves if, and only if, the transaction commits.
func Enqueue(tx *db.Tx, m Mail) (uuid.UUID, error) {
	id := m.ID
	if id == uuid.Nil {
		id = uuid.Must(uuid.NewV7())
	}
	payload, err := json.Marshal(m.Payload)
	if err != nil {
		return id, err
	}
	var dossier *uuid.UUID
	if m.Dossier != uuid.Nil {
		dossier = &m.Dossier
	}
	err = tx.Exec(`INSERT INTO mails (id, kind, recipient, dossier_id, payload, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
		id, m.Kind, m.Recipient, dossier, string(payload), tx.Now()).Error
	if err != nil {
		return id, err
	}
	return id, tx.Enqueue(Send{Mail: id})
}

// perHour is how many mails an address gets in an hour before the office can send it no further one by hand (threat G3): enough for
// a customer with several dossiers, too few to bury somebody under.
const perHour = 20

// ErrTooMany says when the address can be written to again.
var ErrTooMany = fault.New(fault.TooMany, "mail-limit", "Too many mails to one address in an hour.")

// EnqueueByHand is Enqueue for a mail that somebody at the office, or a program of theirs, asks for at will. Mail that follows from what
// a customer does has limits of its own.
func EnqueueByHand(tx *db.Tx, m Mail) (uuid.UUID, error) {
	// One at a time for an address, so that many at once do not all see room for one more.
	if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended('mails of ' || app.organisation() || ' to ' || lower(?), 0))`, m.Recipient).Error; err != nil {
		return uuid.Nil, err
	}
	var lately struct {
		Many  int
		First time.Time
	}
	err := tx.Raw(`SELECT count(*) AS many, coalesce(min(created_at), @now) AS first FROM mails WHERE lower(recipient) = lower(@to) AND created_at > @since`,
		map[string]any{"now": tx.Now(), "to": m.Recipient, "since": tx.Now().Add(-time.Hour)}).Scan(&lately).Error
	if err != nil {
		return uuid.Nil, err
	}
	if lately.Many >= perHour {
		return uuid.Nil, ErrTooMany.After(lately.First.Add(time.Hour).Sub(tx.Now()))
	}
	return Enqueue(tx, m)
}

// Send is the task that sends one mail.
type Send struct {
	Mail uuid.UUID `json:"mail"`
}

// SendKind is the kind of the task; package app gives it its permission.
const SendKind = "mail.send"

// Kind implements river.JobArgs.
func (Send) Kind() string { return SendKind }

// InsertOpts implements river.JobArgsWithInsertOpts: the worker gives up by the clock, not by counting.
func (Send) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 100} }

// giveUp is how long a mail is tried before it is marked as failed.
const giveUp = 48 * time.Hour

// SendWorker works Send.
type SendWorker struct {
	river.WorkerDefaults[Send]
	DB     *db.DB
	Now    func() time.Time
	Post   func(ctx context.Context, id uuid.UUID, to string, c Content) error // Transport.Send
	Render map[string]Renderer
	Sent   map[string]Sent
}

// Timeout implements river.Worker.
func (w *SendWorker) Timeout(*river.Job[Send]) time.Duration { return 2 * time.Minute }

// NextRetry implements river.Worker: 10 s, 20 s, 40 s … at most an hour apart.
func (w *SendWorker) NextRetry(job *river.Job[Send]) time.Time {
	wait := time.Hour
	if n := job.Attempt; n < 10 {
		wait = min(wait, 10*time.Second<<max(n-1, 0))
	}
	return time.Now().Add(wait) //nolint:forbidigo // River compares it with the machine's clock
}

type rendered struct {
	mail    Queued
	content Content
	done    bool
}

// Work implements river.Worker. When the program ends between the server's "250" and the mark, the mail is sent again under
// the same Message-ID: the receiver can tell. It is never sent under another.
func (w *SendWorker) Work(ctx context.Context, job *river.Job[Send]) error {
	r, err := db.Write(ctx, w.DB, authz.MailSend, func(tx *db.Tx) (rendered, event.Event, error) { return w.render(tx, job.Args.Mail) })
	if err != nil || r.done {
		return err
	}
	at := w.Now()
	if err := failpoint.Hit("mail.before-smtp"); err != nil {
		return err
	}
	if err := w.Post(ctx, r.mail.ID, r.mail.Recipient, r.content); err != nil {
		if !Permanent(err) && w.Now().Sub(r.mail.CreatedAt) < giveUp {
			return fmt.Errorf("mail %s: %w", r.mail.ID, err)
		}
		return w.mark(ctx, r.mail, "failed", err.Error(), at)
	}
	if err := failpoint.Hit("mail.after-smtp"); err != nil {
		return err
	}
	return w.mark(ctx, r.mail, "sent", "", at)
}

func (w *SendWorker) render(tx *db.Tx, id uuid.UUID) (rendered, event.Event, error) {
	var m Queued
	err := tx.Raw(`SELECT id, kind, recipient, dossier_id, payload, state, created_at FROM mails WHERE id = ? FOR UPDATE`, id).Scan(&m).Error
	if err != nil {
		return rendered{}, event.Event{}, err
	}
	if m.ID == uuid.Nil || m.State != "queued" {
		return rendered{done: true}, event.None, nil
	}
	render, known := w.Render[m.Kind]
	if !known {
		return rendered{}, event.Event{}, fmt.Errorf("mail %s: no renderer for %q", m.ID, m.Kind)
	}
	c, ok, err := render(tx, m)
	if err != nil {
		return rendered{}, event.Event{}, fmt.Errorf("mail %s: %w", m.ID, err)
	}
	if !ok {
		err := tx.Exec(`UPDATE mails SET state = 'failed', error = 'overtaken by a newer one' WHERE id = ?`, m.ID).Error
		return rendered{done: true}, event.None, err
	}
	return rendered{mail: m, content: c}, event.None, nil
}

func (w *SendWorker) mark(ctx context.Context, m Queued, state, reason string, at time.Time) error {
	_, err := db.Write(ctx, w.DB, authz.MailSend, func(tx *db.Tx) (bool, event.Event, error) {
		var sentAt *time.Time
		if state == "sent" {
			sentAt = &at
		}
		res := tx.Exec(`UPDATE mails SET state = ?, error = ?, sent_at = ? WHERE id = ? AND state = 'queued'`, state, reason, sentAt, m.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return false, event.None, res.Error
		}
		if tell, ok := w.Sent[m.Kind]; ok && state == "sent" {
			if err := tell(tx, m, at); err != nil {
				return false, event.Event{}, err
			}
		}
		ev := event.Of("mail."+state, m.ID).With("kind", m.Kind)
		if m.DossierID != nil {
			ev = ev.In(*m.DossierID)
		}
		return true, ev, nil
	})
	return err
}

// ValidAddress reports whether s is one bare e-mail address.
func ValidAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}
