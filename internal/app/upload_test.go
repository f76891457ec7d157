package app_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"voordeur/internal/dbtest"
	"voordeur/internal/filecheck/samples"
	"voordeur/internal/web"
)

// TestConnections loses connections to a real server in the ways that telephones do, and sends it what it refuses.
func TestConnections(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts the program")
	}
	p := newProgram(t)
	p.start(t)
	root := p.database(t)
	scene := dbtest.AddScene(t, root)
	cookie := session(t, root, web.Portal, scene.Organisation, scene.Member)
	eva := p.customer(cookie)
	pdf := samples.PDFOfSize("Loonstrook", 3*megabyte)
	const half = 1_234_567

	for name, lose := range map[string]func(net.Conn){
		"silent": func(net.Conn) {},                                                               // no word that it is gone
		"closed": func(c net.Conn) { _ = c.Close() },                                              // a tunnel
		"reset":  func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() },           // another network
		"half":   func(c net.Conn) { _ = c.(*net.TCPConn).CloseWrite(); time.Sleep(time.Second) }, // a proxy that gave up
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			id, err := eva.announce(t.Context(), "x.pdf", len(pdf))
			if err != nil {
				t.Fatal(err)
			}
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", p.portal)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if _, err := fmt.Fprintf(conn, "PATCH /api/v1/portal/uploads/%s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nX-Voordeur: 1\r\nTus-Resumable: 1.0.0\r\n"+
				"Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: %d\r\n\r\n%s", id, cookie, len(pdf), pdf[:half]); err != nil {
				t.Fatal(err)
			}
			time.Sleep(300 * time.Millisecond) // what is on its way arrives, and the server waits for more
			lose(conn)
			began := time.Now()
			at, err := eva.offset(t.Context(), id)
			if err != nil || at == 0 || name != "reset" && at != half {
				t.Fatalf("%d of %d bytes are there, %v", at, half, err)
			}
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("the answer took %s", took)
			}
			if got, err := eva.patch(t.Context(), id, at, bytes.NewReader(pdf[at:]), int64(len(pdf)-at)); err != nil || got != len(pdf) {
				t.Errorf("got %d, %v", got, err)
			}
			a, err := eva.do(t.Context(), http.MethodGet, "/uploads/"+id, http.NoBody, 0)
			if err != nil || !strings.Contains(string(a.body), `"ready"`) {
				t.Errorf("got %s, %v", a.body, err)
			}
		})
	}

	// A client that still sends gets to read why it should stop.
	t.Run("refused while sending", func(t *testing.T) {
		t.Parallel()

		html := bytes.Repeat([]byte("<html>"), 4*megabyte)
		id, err := eva.announce(t.Context(), "x.pdf", len(html))
		if err != nil {
			t.Fatal(err)
		}
		a, err := eva.do(t.Context(), http.MethodPatch, "/uploads/"+id, bytes.NewReader(html), int64(len(html)),
			"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
		if err != nil || a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), "file-not-what-it-says") {
			t.Errorf("got %d %s, %v", a.status, a.body, err)
		}
	})
}

// TestPrivateAddresses: captured mail and metrics are not for a stranger's page that lets its own name resolve to this machine.
func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts the program")
	}
	box, metrics := freeAddr(t), freeAddr(t)
	p := newProgram(t, "VOORDEUR_MAILBOX_ADDR="+box, "VOORDEUR_OPS_ADDR="+metrics)
	p.start(t)
	for _, url := range []string{"http://" + box + "/api/messages", "http://" + metrics + "/metrics"} {
		for host, want := range map[string]int{"": http.StatusOK, "localhost": http.StatusOK, "rebound.example": http.StatusMisdirectedRequest} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = host
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%s as %q: got %d, want %d", url, host, res.StatusCode, want)
			}
		}
	}
}
