package sms_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
	"voordeur/internal/sms"
)

// TestMobile: Dutch mobile numbers in every way people write them, and no other number.
func TestMobile(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"0612345678", "06 12345678", "06-12 34 56 78", " 06.12.34.56.78 ", "+31612345678", "+31 6 12 34 56 78", "+31 (0)6 12345678", "+31 06 12345678",
		"0031612345678", "0031 (0)6-12345678", "31612345678", "06/12345678", "06\u00a012345678", "(06) 12345678",
	} {
		if got, ok := sms.Mobile(typed); !ok || got != "+31612345678" {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
	for _, typed := range []string{
		"", "x", "0570 001234", "+31570001234", "061234567", "06123456789", "0912345678", "+32470123456", "+1 900 1234567", "0900 1234", "0097 612345678",
		"0061412345678", "0660123456", "0690123456", "06 12345678 (werk)", "06 12345678 / 06 87654321", "+316123456781", "٠٦١٢٣٤٥٦٧٨",
	} {
		if got, ok := sms.Mobile(typed); ok {
			t.Errorf("%q counts as %q", typed, got)
		}
	}
}

// gateway is a provider's HTTP interface that answers as it is told and remembers what it was asked.
type gateway struct {
	*httptest.Server
	calls  atomic.Int64
	status atomic.Int64
	slow   atomic.Bool
	answer atomic.Value
	last   atomic.Pointer[http.Request]
	body   atomic.Value
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{}
	g.status.Store(http.StatusOK)
	g.answer.Store("ok")
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		g.calls.Add(1)
		g.last.Store(r)
		g.body.Store(string(raw))
		if g.slow.Load() {
			select {
			case <-r.Context().Done():
			case <-time.After(5 * time.Second):
			}
		}
		if g.status.Load() == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(int(g.status.Load()))
		_, _ = io.WriteString(w, g.answer.Load().(string))
	}))
	t.Cleanup(g.Close)
	return g
}

const text = `12345678 is je inlogcode voor "Jansen & Zn." Geef deze code nooit door.`

// TestGateway: the templates fill address, headers and body, each escaped for its place; only the expected answer counts.
func TestGateway(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	id := uuid.Must(uuid.NewV7())
	send := func(c sms.Gateway) error {
		t.Helper()
		p, err := sms.NewHTTP(c)
		if err != nil {
			t.Fatal(err)
		}
		return p.Send(t.Context(), id, "+31612345678", text)
	}
	if err := send(sms.Gateway{URL: g.URL}); err != nil {
		t.Fatal(err)
	}
	var in map[string]string
	if err := json.Unmarshal([]byte(g.body.Load().(string)), &in); err != nil || in["to"] != "+31612345678" || in["text"] != text || in["reference"] != id.String() {
		t.Errorf("%v %v", in, err)
	}
	if got := g.last.Load(); got.Method != http.MethodPost || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s", got.Method, got.Header)
	}
	err := send(sms.Gateway{
		URL: g.URL + "/send?ref={{.ID}}&to={{.To}}", Method: http.MethodPut, Body: "message={{.Text}}&to={{.To}}",
		Headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Authorization": "Bearer s3cret", "X-Id": "{{.ID}}"},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := g.last.Load()
	form, err := url.ParseQuery(g.body.Load().(string))
	if err != nil || form.Get("message") != text || r.URL.Query().Get("to") != "+31612345678" || r.URL.Query().Get("ref") != id.String() ||
		r.Header.Get("Authorization") != "Bearer s3cret" || r.Header.Get("X-Id") != id.String() || r.Method != http.MethodPut {
		t.Errorf("%s %v %v %v", r.Method, r.URL, form, err)
	}

	for name, c := range map[string]struct {
		status int64
		answer string
		config sms.Gateway
		ok     bool
	}{
		"accepted":                {202, "", sms.Gateway{}, true},
		"refused":                 {400, "", sms.Gateway{}, false},
		"broken":                  {500, "ok", sms.Gateway{}, false},
		"elsewhere":               {302, "", sms.Gateway{}, false},
		"another 2xx":             {200, "", sms.Gateway{Status: []int{202}}, false},
		"the very status":         {202, "", sms.Gateway{Status: []int{202}}, true},
		"an error with 200":       {200, `{"error":"no credit"}`, sms.Gateway{Answer: `"status":\s*"queued"`}, false},
		"what was expected":       {200, `{"status": "queued"}`, sms.Gateway{Answer: `"status":\s*"queued"`}, true},
		"no answer as expected":   {200, "", sms.Gateway{Answer: `queued`}, false},
		"status and answer wrong": {500, "queued", sms.Gateway{Answer: `queued`}, false},
	} {
		g.status.Store(c.status)
		g.answer.Store(c.answer)
		before := g.calls.Load()
		c.config.URL = g.URL
		err := send(c.config)
		if (err == nil) != c.ok || g.calls.Load() != before+1 { // a redirect is not followed, and nothing is asked twice
			t.Errorf("%s: %v, %d calls", name, err, g.calls.Load()-before)
		}
		if err != nil && strings.Contains(err.Error(), "12345678") {
			t.Errorf("%s: the error tells the code: %v", name, err)
		}
	}
	g.status.Store(200)
	g.slow.Store(true)
	from := time.Now()
	if err := send(sms.Gateway{URL: g.URL + "?text={{.Text}}", Timeout: 100 * time.Millisecond}); err == nil || time.Since(from) > 3*time.Second || strings.Contains(err.Error(), "12345678") {
		t.Errorf("slow: %v after %s", err, time.Since(from))
	}
	for name, bad := range map[string]sms.Gateway{
		"no address": {}, "no scheme": {URL: "sms.example.nl"}, "another scheme": {URL: "ftp://sms.example.nl"}, "unclosed": {URL: g.URL, Body: "{{.Text"},
		"unknown value": {URL: g.URL, Body: "{{.Tekst}}"}, "expression": {URL: g.URL, Answer: "("},
	} {
		if _, err := sms.NewHTTP(bad); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

type provider func(id uuid.UUID) error

func (p provider) Send(_ context.Context, id uuid.UUID, _, _ string) error { return p(id) }

// TestBreaker: after three failures in a row the provider is left alone; half a minute later one message tries, not all of them.
func TestBreaker(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	asked, down := 0, errors.New("down")
	fail := down
	b := &sms.Breaker{Now: func() time.Time { return now }, Provider: provider(func(uuid.UUID) error { asked++; return fail })}
	send := func() error { return b.Send(t.Context(), uuid.Nil, "", "") }
	for range 3 {
		if err := send(); !errors.Is(err, down) {
			t.Fatal(err)
		}
	}
	for range 5 {
		if err := send(); !errors.Is(err, sms.ErrOpen) || asked != 3 {
			t.Fatalf("%v, asked %d times", err, asked)
		}
	}
	now = now.Add(31 * time.Second)
	if err := send(); !errors.Is(err, down) || asked != 4 {
		t.Errorf("%v, asked %d times", err, asked)
	}
	if err := send(); !errors.Is(err, sms.ErrOpen) {
		t.Errorf("a second one tried: %v", err)
	}
	now, fail = now.Add(31*time.Second), nil
	for range 4 {
		if err := send(); err != nil {
			t.Error(err)
		}
	}
	fail = down
	if err := send(); !errors.Is(err, down) {
		t.Errorf("one failure after it worked: %v", err)
	}
}

type box struct {
	*dbtest.Database
	dbtest.Scene
	*sms.SendWorker
	instead  int
	hasOther bool
	dead     bool
}

func newBox(t *testing.T, p sms.Provider) *box {
	t.Helper()
	b := &box{Database: dbtest.Open(t), hasOther: true}
	b.Scene = dbtest.AddScene(t, b.Root)
	b.SendWorker = &sms.SendWorker{
		DB: b.Database.DB, Now: b.Clock.Now, Provider: p,
		Render:  map[string]sms.Renderer{"test": func(*db.Tx, sms.Queued) (string, bool, error) { return text, !b.dead, nil }},
		Instead: map[string]sms.Instead{"test": func(*db.Tx, sms.Queued) (bool, error) { b.instead++; return b.hasOther, nil }},
	}
	return b
}

// enqueue puts a message in the outbox and returns its id.
func (b *box) enqueue(t *testing.T, fail error) uuid.UUID {
	t.Helper()
	_, err := db.Write(dbtest.EmployeeAs(b.Organisation, b.Employee), b.Database.DB, authz.MemberWrite, func(tx *db.Tx) (bool, event.Event, error) {
		err := sms.Enqueue(tx, sms.Message{Kind: "test", Recipient: "+31612345678", Payload: map[string]any{}})
		return true, event.Of("test.done", b.Client), errors.Join(err, fail)
	})
	if (err != nil) != (fail != nil) {
		t.Fatal(err)
	}
	var id uuid.UUID
	if fail == nil {
		if err := b.Root.QueryRow(`SELECT id FROM texts ORDER BY id DESC LIMIT 1`).Scan(&id); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func (b *box) work(ctx context.Context, id uuid.UUID) error {
	return b.Work(ctx, &river.Job[sms.Send]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: sms.Send{Text: id}})
}

func (b *box) task() context.Context { return dbtest.Task(b.Organisation, authz.MailSend) }

func (b *box) state(t *testing.T, id uuid.UUID) string {
	t.Helper()
	var state string
	if err := b.Root.QueryRow(`SELECT state FROM texts WHERE id = $1`, id).Scan(&state); err != nil {
		t.Fatal(err)
	}
	return state
}

// TestSentOnce: what was rolled back does not exist; a message that was marked is never sent again; after a crash in between it
// goes again under the same id, for the provider to tell.
func TestSentOnce(t *testing.T) {
	t.Parallel()
	var sent []uuid.UUID
	ctx, crash := context.WithCancel(t.Context())
	b := newBox(t, provider(func(id uuid.UUID) error { sent = append(sent, id); crash(); return nil }))
	b.enqueue(t, errors.New("changed my mind"))
	id := b.enqueue(t, nil)
	var texts, tasks int
	if err := b.Root.QueryRow(`SELECT (SELECT count(*) FROM texts), (SELECT count(*) FROM river_job WHERE kind = 'sms.send')`).Scan(&texts, &tasks); err != nil || texts != 1 || tasks != 1 {
		t.Fatalf("%d texts, %d tasks, %v", texts, tasks, err)
	}
	who, err := authz.From(b.task())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.work(authz.With(ctx, who), id); err == nil {
		t.Fatal("it survived the crash")
	}
	for range 3 {
		if err := b.work(b.task(), id); err != nil {
			t.Fatal(err)
		}
	}
	if len(sent) != 2 || sent[0] != id || sent[1] != id || b.state(t, id) != "sent" || b.instead != 0 {
		t.Errorf("sent %v, %s, %d in its place", sent, b.state(t, id), b.instead)
	}
}

// TestInstead: a provider that is slow, broken or answers something else gets one request, and what goes in its place goes once.
func TestInstead(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*gateway){
		"slow":         func(g *gateway) { g.slow.Store(true) },
		"500":          func(g *gateway) { g.status.Store(500) },
		"wrong answer": func(g *gateway) { g.answer.Store("no credit") },
		"down":         func(g *gateway) { g.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			spoil(g)
			p, err := sms.NewHTTP(sms.Gateway{URL: g.URL, Answer: "^ok", Timeout: 200 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			b := newBox(t, p)
			id := b.enqueue(t, nil)
			for range 3 {
				if err := b.work(b.task(), id); err != nil {
					t.Fatal(err)
				}
			}
			if g.calls.Load() > 1 || b.instead != 1 || b.state(t, id) != "failed" {
				t.Errorf("%d requests, %d in its place, %s", g.calls.Load(), b.instead, b.state(t, id))
			}
		})
	}
}

// TestNothingElse: without anything to send in its place a message is tried again, until it is too old.
func TestNothingElse(t *testing.T) {
	t.Parallel()
	asked := 0
	down := errors.New("down")
	b := newBox(t, provider(func(uuid.UUID) error { asked++; return down }))
	b.hasOther = false
	id := b.enqueue(t, nil)
	if err := b.work(b.task(), id); !errors.Is(err, down) || b.state(t, id) != "queued" {
		t.Errorf("%v %s", err, b.state(t, id))
	}
	b.Clock.Advance(2 * time.Hour)
	if err := b.work(b.task(), id); err != nil || b.state(t, id) != "failed" || asked != 2 {
		t.Errorf("%v %s, asked %d times", err, b.state(t, id), asked)
	}
	id = b.enqueue(t, nil)
	b.dead = true
	if err := b.work(b.task(), id); err != nil || b.state(t, id) != "failed" || asked != 2 || b.instead != 2 {
		t.Errorf("one that should no longer go: %v %s, asked %d times, %d in its place", err, b.state(t, id), asked, b.instead)
	}
}
