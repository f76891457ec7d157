// Package mailbox is a real SMTP server that keeps what it receives and shows it on a page, with the text messages beside it: for
// `make run` and the tests, so that nothing leaves the machine, every link can be followed and every code read.
package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
)

// Message is one that was received.
type Message struct {
	ID        string    `json:"id"`
	Kind      Kind      `json:"kind"`
	MessageID string    `json:"messageId"`
	From      string    `json:"from"`
	To        []string  `json:"to"`
	Subject   string    `json:"subject"`
	Date      time.Time `json:"date"` // when it was received
	Text      string    `json:"text"`
	HTML      string    `json:"html"`
	Links     []string  `json:"links"`
}

// Kind is what a message came as.
type Kind string

// Mail comes over SMTP, a text message by Send.
const (
	Mail Kind = "mail"
	SMS  Kind = "sms"
)

const (
	keep    = 500
	maxSize = 10 << 20
)

// Mailbox receives mail and keeps it as files, which survive a restart.
type Mailbox struct {
	dir  string
	now  func() time.Time
	log  *slog.Logger
	smtp *smtp.Server

	mu       sync.Mutex
	messages []Message // oldest first
	failWith error     // what the next messages are refused with; for tests
}

// Open reads what dir holds.
func Open(dir string, now func() time.Time, log *slog.Logger) (*Mailbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	b := &Mailbox{dir: dir, now: now, log: log}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	slices.Sort(files) // names are UUIDv7: in order of time
	for _, f := range files {
		raw, err := os.ReadFile(f) //nolint:gosec // our own directory
		if err != nil {
			return nil, fmt.Errorf("mailbox: %w", err)
		}
		var m Message
		if json.Unmarshal(raw, &m) != nil {
			continue // half a file, of a crash
		}
		if m.Kind == "" {
			m.Kind = Mail // kept before there was anything else
		}
		b.messages = append(b.messages, m)
	}
	b.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: b}, nil }))
	b.smtp.Domain, b.smtp.AllowInsecureAuth = "localhost", true
	b.smtp.MaxMessageBytes, b.smtp.MaxRecipients = maxSize, 20
	b.smtp.ReadTimeout, b.smtp.WriteTimeout = 30*time.Second, 30*time.Second
	b.smtp.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelDebug)
	return b, nil
}

// Listen receives mail on addr ("127.0.0.1:0": any free port) until Close, and returns the address that a mailer needs.
func (b *Mailbox) Listen(ctx context.Context, addr string) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("mailbox: %w", err)
	}
	go func() {
		if err := b.smtp.Serve(l); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			b.log.Error("mailbox stopped", "err", err)
		}
	}()
	return "smtp://" + l.Addr().String() + "?tls=none", nil
}

// Close stops receiving.
func (b *Mailbox) Close() error { return b.smtp.Close() }

// Refuse makes the server answer every message with err until it is called with nil.
func (b *Mailbox) Refuse(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failWith = err
}

// All returns the messages, newest first.
func (b *Mailbox) All() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Clone(b.messages)
	slices.Reverse(out)
	return out
}

// Find returns one message.
func (b *Mailbox) Find(id string) (Message, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.messages, func(m Message) bool { return m.ID == id })
	if i < 0 {
		return Message{}, false
	}
	return b.messages[i], true
}

// Clear throws everything away.
func (b *Mailbox) Clear() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for _, m := range b.messages {
		errs = append(errs, os.Remove(b.file(m.ID)))
	}
	b.messages = nil
	return errors.Join(errs...)
}

// Add keeps a message that came in another way than by SMTP.
func (b *Mailbox) Add(m Message) error {
	m.ID, m.Date = uuid.Must(uuid.NewV7()).String(), b.now()
	if m.Links == nil {
		m.Links = []string{}
	}
	if m.Kind == "" {
		m.Kind = Mail
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	// To a name of its own first: a crash leaves no half message under the real one.
	tmp := b.file(m.ID) + ".new"
	if err := os.WriteFile(tmp, raw, 0o600); err != nil {
		return err
	}
	if err := os.Rename(tmp, b.file(m.ID)); err != nil {
		return err
	}
	b.messages = append(b.messages, m)
	for len(b.messages) > keep {
		_ = os.Remove(b.file(b.messages[0].ID))
		b.messages = b.messages[1:]
	}
	return nil
}

// Send keeps a text message: it takes the place of somebody who would send it.
func (b *Mailbox) Send(_ context.Context, id uuid.UUID, to, text string) error {
	return b.Add(Message{Kind: SMS, MessageID: id.String(), To: []string{to}, Subject: text, Text: text, Links: links("", text)})
}

func (b *Mailbox) file(id string) string { return filepath.Join(b.dir, id+".json") }

type session struct {
	box  *Mailbox
	from string
	to   []string
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt implements smtp.Session. Addresses that begin with bounce@ do not exist here.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "bounce@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user here"}
	}
	s.to = append(s.to, to)
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.box.mu.Lock()
	refuse := s.box.failWith
	s.box.mu.Unlock()
	if refuse != nil {
		return refuse
	}
	m, err := parse(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "this is no message"}
	}
	m.To = slices.Clone(s.to)
	if m.From == "" {
		m.From = s.from
	}
	return s.box.Add(m)
}

// Reset implements smtp.Session.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }
