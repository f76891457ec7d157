// Package sms is the outbox of text messages, as mailer is that of mail: a row and a task in the transaction of the change that
// causes them, rendered when it is sent, so that the row holds ids and never a secret.
package sms

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
)

// Provider hands one message to somebody who can send it. id is the same when a message is sent a second time.
type Provider interface {
	Send(ctx context.Context, id uuid.UUID, to, text string) error
}

// Message is what waits in the outbox.
type Message struct {
	Kind      string
	Recipient string // E.164
	Payload   any    // ids only
}

// Queued is a message as the task finds it.
type Queued struct {
	ID        uuid.UUID
	Kind      string
	Recipient string
	Payload   json.RawMessage
	State     string
	CreatedAt time.Time
}

// Renderer makes the text of one kind of message, inside the transaction that reads what it needs. ok is false for a message that
// should no longer go out, such as a code that is too old.
type Renderer func(tx *db.Tx, m Queued) (text string, ok bool, err error)

// Instead sends something else in the place of a message that could not be sent, in the transaction that marks it as failed.
// false: there is nothing else, so the message is tried again.
type Instead func(tx *db.Tx, m Queued) (bool, error)

// Enqueue puts a message in the outbox. It leaves if, and only if, the transaction commits.
func Enqueue(tx *db.Tx, m Message) error {
	id := uuid.Must(uuid.NewV7())
	payload, err := json.Marshal(m.Payload)
	if err != nil {
		return err
	}
	err = tx.Exec(`INSERT INTO texts (id, kind, recipient, payload, created_at) VALUES (?, ?, ?, ?, ?)`, id, m.Kind, m.Recipient, string(payload), tx.Now()).Error
	if err != nil {
		return err
	}
	return tx.Enqueue(Send{Text: id})
}

// Send is the task that sends one message.
type Send struct {
	Text uuid.UUID `json:"text"`
}

// SendKind is the kind of the task; package app gives it its permission.
const SendKind = "sms.send"

// Kind implements river.JobArgs.
func (Send) Kind() string { return SendKind }

// InsertOpts implements river.JobArgsWithInsertOpts: the worker gives up by the clock, not by counting.
func (Send) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 100} }

// giveUp is how long a message is tried for which there is nothing else.
const giveUp = time.Hour

// SendWorker works Send.
type SendWorker struct {
	river.WorkerDefaults[Send]
	DB       *db.DB
	Now      func() time.Time
	Provider Provider
	Render   map[string]Renderer
	Instead  map[string]Instead
}

// Timeout implements river.Worker.
func (w *SendWorker) Timeout(*river.Job[Send]) time.Duration { return time.Minute }

// NextRetry implements river.Worker: 5 s, 10 s, 20 s … at most five minutes apart.
func (w *SendWorker) NextRetry(job *river.Job[Send]) time.Time {
	wait := 5 * time.Minute
	if n := job.Attempt; n < 7 {
		wait = 5 * time.Second << max(n-1, 0)
	}
	return time.Now().Add(wait) //nolint:forbidigo // River compares it with the machine's clock
}

type rendered struct {
	message Queued
	text    string
	done    bool
}

// Work implements river.Worker. When the program ends between the provider's answer and the mark, the message is sent again under
// the same id: the provider can tell.
func (w *SendWorker) Work(ctx context.Context, job *river.Job[Send]) error {
	r, err := db.Write(ctx, w.DB, authz.MailSend, func(tx *db.Tx) (rendered, event.Event, error) { return w.render(tx, job.Args.Text) })
	if err != nil || r.done {
		return err
	}
	failure := w.Provider.Send(ctx, r.message.ID, r.message.Recipient, r.text)
	again, err := db.Write(ctx, w.DB, authz.MailSend, func(tx *db.Tx) (bool, event.Event, error) { return w.settle(tx, r.message, failure) })
	if err == nil && again {
		err = fmt.Errorf("text %s: %w", r.message.ID, failure)
	}
	return err
}

func take(tx *db.Tx, id uuid.UUID) (Queued, error) {
	var m Queued
	err := tx.Raw(`SELECT id, kind, recipient, payload, state, created_at FROM texts WHERE id = ? FOR UPDATE`, id).Scan(&m).Error
	return m, err
}

func (w *SendWorker) render(tx *db.Tx, id uuid.UUID) (rendered, event.Event, error) {
	m, err := take(tx, id)
	if err != nil || m.ID == uuid.Nil || m.State != "queued" {
		return rendered{done: true}, event.None, err
	}
	render, known := w.Render[m.Kind]
	if !known {
		return rendered{}, event.Event{}, fmt.Errorf("text %s: no renderer for %q", m.ID, m.Kind)
	}
	text, ok, err := render(tx, m)
	if err != nil {
		return rendered{}, event.Event{}, fmt.Errorf("text %s: %w", m.ID, err)
	}
	if !ok {
		err := tx.Exec(`UPDATE texts SET state = 'failed', error = 'too late, or overtaken by a newer one' WHERE id = ?`, m.ID).Error
		return rendered{done: true}, event.None, err
	}
	return rendered{message: m, text: text}, event.None, nil
}

// settle marks what became of a message, and says whether to try it again.
func (w *SendWorker) settle(tx *db.Tx, m Queued, failure error) (bool, event.Event, error) {
	now, err := take(tx, m.ID)
	if err != nil || now.State != "queued" {
		return false, event.None, err
	}
	if failure == nil {
		return false, event.Of("text.sent", m.ID).With("kind", m.Kind), tx.Exec(`UPDATE texts SET state = 'sent', sent_at = ? WHERE id = ?`, w.Now(), m.ID).Error
	}
	replaced := false
	if instead, ok := w.Instead[m.Kind]; ok {
		if replaced, err = instead(tx, m); err != nil {
			return false, event.Event{}, err
		}
	}
	if !replaced && w.Now().Sub(m.CreatedAt) < giveUp {
		return true, event.None, nil
	}
	return false, event.Of("text.failed", m.ID).With("kind", m.Kind), tx.Exec(`UPDATE texts SET state = 'failed', error = ? WHERE id = ?`, failure.Error(), m.ID).Error
}

// dutchMobile is what follows +31 in the numbers of mobile telephones.
var dutchMobile = regexp.MustCompile(`^6[1-58]\d{7}$`)

// separators are what people put between digits.
var separators = strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "\u2011", "", "\u2013", "", ".", "", "/", "", "(0)", "", "(", "", ")", "")

// Mobile returns a Dutch mobile number in E.164. No other number gets a message: a number abroad or a service number costs what
// its owner likes.
func Mobile(typed string) (string, bool) {
	plain := separators.Replace(strings.TrimSpace(typed))
	for _, prefix := range []string{"+31", "0031", "31", "+310", "00310", "310", "0"} { // people write +31 06 … too
		if rest, ok := strings.CutPrefix(plain, prefix); ok && dutchMobile.MatchString(rest) {
			return "+31" + rest, true
		}
	}
	return "", false
}
