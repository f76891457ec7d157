package mailbox_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"voordeur/internal/clock"
	"voordeur/internal/mailbox"
	"voordeur/internal/mailer"
)

func open(t *testing.T, dir string) (*mailbox.Mailbox, *mailer.Transport) {
	t.Helper()
	b, err := mailbox.Open(dir, clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	url, err := b.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	post, err := mailer.NewTransport(url, "post@voordeur.example")
	if err != nil {
		t.Fatal(err)
	}
	return b, post
}

// TestMailbox: a mail goes over real SMTP, is shown, survives a restart and can be thrown away.
func TestMailbox(t *testing.T) {
	t.Parallel()
	dir, id := t.TempDir(), uuid.Must(uuid.NewV7())
	b, post := open(t, dir)
	err := post.Send(t.Context(), id, "eva@example.org", mailer.Content{
		FromName: `Brug & "Wachter"`, ReplyTo: "info@example.org", Subject: "Hé, één link\r\nBcc: boef@example.org",
		HTML: `<html><head></head><body><p>Dag <a href="https://portal.example/b/activate#geheim">kies</a></p><script>1</script></body></html>`, Text: "Dag, https://portal.example/b/activate#geheim.",
	})
	if err != nil {
		t.Fatal(err)
	}
	all := b.All()
	if len(all) != 1 {
		t.Fatalf("%d messages", len(all))
	}
	m := all[0]
	if m.MessageID != id.String()+"@voordeur.example" || m.Subject != "Hé, één link Bcc: boef@example.org" || !slices.Equal(m.To, []string{"eva@example.org"}) || !slices.Equal(m.Links, []string{"https://portal.example/b/activate#geheim"}) {
		t.Errorf("got %+v", m)
	}
	b.Close()
	b, post = open(t, dir)
	if len(b.All()) != 1 {
		t.Fatal("lost at a restart")
	}
	srv := httptest.NewServer(b.Handler())
	t.Cleanup(srv.Close)
	get := func(path string) (string, http.Header) {
		t.Helper()
		res, err := srv.Client().Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", path, res.StatusCode)
		}
		return string(raw), res.Header
	}
	if page, _ := get("/"); !strings.Contains(page, "Hé, één link") {
		t.Error(page)
	}
	if page, _ := get("/messages/" + m.ID); !strings.Contains(page, `sandbox="allow-popups`) || !strings.Contains(page, `href="https://portal.example/b/activate#geheim"`) {
		t.Error(page)
	}
	if _, h := get("/messages/" + m.ID + "/html"); !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || strings.Contains(h.Get("Content-Security-Policy"), "allow-scripts") {
		t.Error("the frame may run scripts")
	}
	raw, _ := get("/api/messages")
	var list []mailbox.Message
	if err := json.Unmarshal([]byte(raw), &list); err != nil || len(list) != 1 || list[0].HTML == "" || list[0].Text == "" {
		t.Errorf("%v: %s", err, raw)
	}
	if err := post.Send(t.Context(), id, "bounce@example.org", mailer.Content{FromName: "x", Subject: "x", Text: "x", HTML: "x"}); err == nil || !mailer.Permanent(err) {
		t.Errorf("an unknown address: %v", err)
	}
	if err := b.Send(t.Context(), id, "+31612345678", "12345678 is je inlogcode"); err != nil {
		t.Fatal(err)
	}
	raw, _ = get("/api/messages")
	if err := json.Unmarshal([]byte(raw), &list); err != nil || len(list) != 2 || list[0].Kind != mailbox.SMS || list[1].Kind != mailbox.Mail || list[0].To[0] != "+31612345678" {
		t.Errorf("%v: %s", err, raw)
	}
	if page, _ := get("/"); !strings.Contains(page, "12345678 is je inlogcode") || !strings.Contains(page, ">Sms<") {
		t.Error(page)
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodDelete, srv.URL+"/api/messages", nil)
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if len(b.All()) != 0 {
		t.Error("still there")
	}
}

// TestCap: no more than 500 are kept, the newest.
func TestCap(t *testing.T) {
	t.Parallel()
	b, _ := open(t, t.TempDir())
	for i := range 503 {
		if err := b.Add(mailbox.Message{Subject: strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if all := b.All(); len(all) != 500 || all[0].Subject != "502" {
		t.Errorf("%d, %s", len(all), all[0].Subject)
	}
}

// TestSender: whatever an office is called, its mail leaves, from our address and under that name.
func TestSender(t *testing.T) {
	t.Parallel()
	b, post := open(t, t.TempDir())
	for _, name := range []string{`Bakker & Zn. "De Brug"`, `15" Advies`, `Advies\`, `x" <boef@example.org>, "y`, "Ĳsselzicht", "Brug\r\nBcc: boef@example.org", ""} {
		if err := post.Send(t.Context(), uuid.Must(uuid.NewV7()), "eva@example.org", mailer.Content{FromName: name, Subject: "x", HTML: "x", Text: "x"}); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		m := b.All()[0]
		from, err := mail.ParseAddress(m.From)
		if err != nil || from.Address != "post@voordeur.example" || from.Name != strings.Join(strings.Fields(name), " ") || !slices.Equal(m.To, []string{"eva@example.org"}) {
			t.Errorf("%q: from %q to %q, %v", name, m.From, m.To, err)
		}
	}
}
