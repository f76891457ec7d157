package app

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestListenerOutlivesItsClients shows that a client that falls silent in the middle of a request is let go, and that a
// deadline that a download moved does not end the next request of the same connection.
func TestListenerOutlivesItsClients(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			return
		}
		if r.URL.Path == "/download" {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
		}
		_, _ = io.WriteString(w, "done")
	})
	l, err := listen(context.Background(), "test", "VOORDEUR_TEST", "127.0.0.1:0", handler, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l.server.ReadTimeout = min(l.server.ReadTimeout, 100*time.Millisecond)
	go func() { _ = l.serve() }()
	t.Cleanup(func() { _ = l.server.Close() })
	dial := func() net.Conn {
		c, err := net.Dial("tcp", l.addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(5 * time.Second))
		return c
	}

	silent := dial()
	_, _ = io.WriteString(silent, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	if _, err := io.Copy(io.Discard, silent); err != nil {
		t.Errorf("a client that sends half a body keeps its connection: %v", err)
	}

	kept := dial()
	answers := bufio.NewReader(kept)
	for _, path := range []string{"/download", "/"} {
		_, _ = io.WriteString(kept, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
		res, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || !strings.Contains(string(body), "done") {
			t.Fatalf("%s: %q, %v", path, body, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
