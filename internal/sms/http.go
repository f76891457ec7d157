package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/google/uuid"
)

// Gateway is how to reach the HTTP interface of a provider. URL, the values of Headers and Body are templates with {{.To}},
// {{.Text}} and {{.ID}}; each is escaped for the place it stands in.
type Gateway struct {
	URL     string
	Method  string            // empty: POST
	Headers map[string]string // nil: Content-Type: application/json
	Body    string            // empty: {"to":"{{.To}}","text":"{{.Text}}","reference":"{{.ID}}"}
	Status  []int             // what says that the message was taken; none: 200 to 299
	Answer  string            // a regular expression that the answer must match besides; empty: any answer
	Timeout time.Duration     // 0: ten seconds
}

// HTTP sends by a Gateway.
type HTTP struct {
	method  string
	url     *template.Template
	body    *template.Template
	headers map[string]*template.Template
	escape  func(string) string // of the body
	status  []int
	answer  *regexp.Regexp
	client  *http.Client
}

const mostAnswer = 16 << 10

// NewHTTP checks g and returns the provider.
func NewHTTP(g Gateway) (*HTTP, error) {
	if g.Method == "" {
		g.Method = http.MethodPost
	}
	if g.Headers == nil {
		g.Headers = map[string]string{"Content-Type": "application/json"}
	}
	if g.Body == "" && g.Method != http.MethodGet {
		g.Body = `{"to":"{{.To}}","text":"{{.Text}}","reference":"{{.ID}}"}`
	}
	if g.Timeout == 0 {
		g.Timeout = 10 * time.Second
	}
	p := &HTTP{method: g.Method, headers: map[string]*template.Template{}, status: g.Status, escape: func(s string) string { return s }}
	sample := values{To: "+31612345678", Text: "x", ID: "x"}
	parse := func(name, source string) (*template.Template, error) {
		t, err := template.New(name).Parse(source)
		if err == nil {
			_, err = fill(t, sample)
		}
		if err != nil {
			return nil, fmt.Errorf("sms: %w", err)
		}
		return t, nil
	}
	var err error
	if p.url, err = parse("URL", g.URL); err != nil {
		return nil, err
	}
	if p.body, err = parse("body", g.Body); err != nil {
		return nil, err
	}
	for name, value := range g.Headers {
		if p.headers[name], err = parse("header "+name, value); err != nil {
			return nil, err
		}
		if !strings.EqualFold(name, "Content-Type") {
			continue
		}
		switch value = strings.ToLower(value); {
		case strings.Contains(value, "json"):
			p.escape = inJSON
		case strings.Contains(value, "form-urlencoded"):
			p.escape = url.QueryEscape
		case strings.Contains(value, "xml"):
			p.escape = html.EscapeString
		}
	}
	if p.answer, err = regexp.Compile(g.Answer); err != nil {
		return nil, fmt.Errorf("sms: answer: %w", err)
	}
	where, err := fill(p.url, sample)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(where)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("sms: the address of the provider must look like https://sms.example.nl/messages") // without the address: it may hold a password
	}
	p.client = &http.Client{
		Timeout: g.Timeout,
		// The message and the password of the account go to the address that was configured and to no other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p, nil
}

type values struct{ To, Text, ID string }

func (v values) with(escape func(string) string) values {
	return values{To: escape(v.To), Text: escape(v.Text), ID: escape(v.ID)}
}

func fill(t *template.Template, v values) (string, error) {
	var b strings.Builder
	err := t.Execute(&b, v)
	return b.String(), err
}

// inJSON is s as it stands between the quotes of a JSON string.
func inJSON(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(raw[1 : len(raw)-1])
}

// Send implements Provider. Its errors tell nothing of the message.
func (p *HTTP) Send(ctx context.Context, id uuid.UUID, to, text string) error {
	v := values{To: to, Text: text, ID: id.String()}
	where, err := fill(p.url, v.with(url.QueryEscape))
	if err != nil {
		return err
	}
	body, err := fill(p.body, v.with(p.escape))
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, p.method, where, bytes.NewReader([]byte(body)))
	if err != nil {
		return errors.New("sms: the address of the provider is none")
	}
	for name, t := range p.headers {
		value, err := fill(t, v.with(oneLine))
		if err != nil {
			return err
		}
		req.Header.Set(name, value)
	}
	res, err := p.client.Do(req)
	if err != nil {
		if ue, ok := errors.AsType[*url.Error](err); ok {
			err = ue.Err // without the address, in which the message may stand
		}
		return fmt.Errorf("sms: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	if err != nil {
		return fmt.Errorf("sms: %w", err)
	}
	taken := res.StatusCode >= 200 && res.StatusCode < 300
	if len(p.status) > 0 {
		taken = slices.Contains(p.status, res.StatusCode)
	}
	if !taken {
		return fmt.Errorf("sms: the provider answered %d", res.StatusCode)
	}
	if !p.answer.Match(answer) {
		return fmt.Errorf("sms: the provider answered %d, and not what was expected", res.StatusCode)
	}
	return nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
