package mailer

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/wneessen/go-mail"
)

// Transport sends mail through one SMTP server.
type Transport struct {
	host    string
	from    string
	domain  string
	options []mail.Option
}

// NewTransport reads "smtp://user:password@host:port?tls=mandatory". tls is mandatory (STARTTLS, the default), opportunistic,
// none, or implicit (as with smtps://). from is the address every mail leaves from.
func NewTransport(rawURL, from string) (*Transport, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Hostname() == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return nil, errors.New("mailer: the SMTP address must look like smtp://user:password@host:587?tls=mandatory") // without the address: it holds a password
	}
	a, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mailer: sender: %w", err)
	}
	_, domain, _ := strings.Cut(a.Address, "@")
	t := &Transport{host: u.Hostname(), from: a.Address, domain: domain, options: []mail.Option{mail.WithTimeout(30 * time.Second)}}
	policy, port := u.Query().Get("tls"), 587
	if policy == "" && u.Scheme == "smtps" {
		policy = "implicit"
	}
	switch policy {
	case "", "mandatory", "starttls":
		t.options = append(t.options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "opportunistic":
		t.options = append(t.options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	case "none":
		t.options = append(t.options, mail.WithTLSPolicy(mail.NoTLS))
	case "implicit":
		t.options, port = append(t.options, mail.WithSSL()), 465
	default:
		return nil, fmt.Errorf("mailer: tls=%s is none of mandatory, opportunistic, none, implicit", policy)
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, fmt.Errorf("mailer: port: %w", err)
		}
	}
	t.options = append(t.options, mail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		t.options = append(t.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	if _, err := mail.NewClient(t.host, t.options...); err != nil {
		return nil, fmt.Errorf("mailer: %w", err)
	}
	return t, nil
}

// Send hands one mail to the server. id is its Message-ID, also when it is sent a second time.
func (t *Transport) Send(ctx context.Context, id uuid.UUID, to string, c Content) error {
	m := mail.NewMsg()
	// Not FromFormat, which reads the name as a part of the address: one with quotes in it would stop every mail of the office.
	m.SetAddrHeaderFromMailAddress(mail.HeaderFrom, &netmail.Address{Name: oneLine(c.FromName), Address: t.from})
	if err := m.To(to); err != nil {
		return &permanentError{err}
	}
	if c.ReplyTo != "" {
		if err := m.ReplyTo(c.ReplyTo); err != nil {
			return &permanentError{err}
		}
	}
	m.SetMessageIDWithValue(id.String() + "@" + t.domain)
	m.SetDate()
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.Subject(oneLine(c.Subject))
	m.SetBodyString(mail.TypeTextPlain, c.Text)
	m.AddAlternativeString(mail.TypeTextHTML, c.HTML)
	client, err := mail.NewClient(t.host, t.options...)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, m)
}

// oneLine keeps a subject from becoming a header of its own.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

// Permanent reports whether trying again cannot help: an address that is none, or a server that said 5xx about it.
func Permanent(err error) bool {
	if _, ok := errors.AsType[*permanentError](err); ok {
		return true
	}
	if se, ok := errors.AsType[*mail.SendError](err); ok {
		return !se.IsTemp() && (se.Reason == mail.ErrSMTPRcptTo || se.Reason == mail.ErrSMTPData || se.Reason == mail.ErrSMTPDataClose) && se.ErrorCode() >= 500
	}
	return false
}
