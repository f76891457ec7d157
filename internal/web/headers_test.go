package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
)

func headersOf(h http.Handler, method, address string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, address, strings.NewReader(`{}`))
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, req)
	return out
}

// TestHeaders: what every answer of the API and every page carries, an error and a file included; TLS is promised to browsers only where
// the office is reached over TLS; no other site may read an answer.
func TestHeaders(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.HTTPErrorHandler = ErrorHandler(slog.New(slog.DiscardHandler), nil)
	e.Use(Secure(true))
	e.GET("/ok", func(c echo.Context) error { return c.JSON(http.StatusOK, map[string]string{}) })
	e.GET("/broken", func(echo.Context) error { return errors.New("SELECT password FROM everybody") })
	pages := Pages{HTTPS: true, Files: fstest.MapFS{"index.html": {Data: []byte("<!doctype html><script>go()</script><script src=\"/assets/app.js\">none</script>")}, "assets/app.js": {Data: []byte("1")}}}
	both := map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=63072000; includeSubDomains", "Access-Control-Allow-Origin": "",
	}
	for name, c := range map[string]struct {
		handler http.Handler
		address string
		status  int
		policy  []string
		cache   string
		media   string
	}{
		"an answer":       {e, "/ok", 200, []string{"default-src 'none'"}, "no-store", "application/json"},
		"an error":        {e, "/broken", 500, []string{"default-src 'none'"}, "no-store", "application/problem+json"},
		"nothing there":   {e, "/none", 404, []string{"default-src 'none'"}, "no-store", "application/problem+json"},
		"a page":          {pages, "/dossiers", 200, []string{"script-src 'self' 'wasm-unsafe-eval' 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw=';", "style-src 'self';"}, "no-cache", "text/html; charset=utf-8"},
		"a script":        {pages, "/assets/app.js", 200, []string{"script-src 'self' 'wasm-unsafe-eval';"}, "public, max-age=31536000, immutable", "text/javascript; charset=utf-8"},
		"a script's page": {pages, "/assets/none.js", 404, []string{"script-src 'self' 'wasm-unsafe-eval';"}, "", "text/plain; charset=utf-8"},
	} {
		out := headersOf(c.handler, http.MethodGet, c.address, "Origin", "https://evil.example")
		h := out.Header()
		if out.Code != c.status || h.Get("Content-Type") != c.media || h.Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d %s %s", name, out.Code, h.Get("Content-Type"), h.Get("Cache-Control"))
		}
		for field, want := range both {
			if h.Get(field) != want {
				t.Errorf("%s: %s is %q, want %q", name, field, h.Get(field), want)
			}
		}
		policy := h.Get("Content-Security-Policy")
		for _, want := range append(c.policy, "default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action") {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: no %s in %s", name, want, policy)
			}
		}
		if strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "'unsafe-eval'") {
			t.Errorf("%s: %s", name, policy)
		}
		if strings.Contains(out.Body.String(), "SELECT") {
			t.Errorf("%s tells what went wrong inside: %s", name, out.Body)
		}
	}
	plain := httptest.NewRecorder()
	Harden(plain.Header(), false)
	if plain.Header().Get("Strict-Transport-Security") != "" {
		t.Error("TLS is promised on a machine without it")
	}
}

// TestSameSite: what another site makes a browser send changes nothing, in whatever disguise; a cookie counts only beside a header that
// no form can set.
func TestSameSite(t *testing.T) {
	t.Parallel()
	g := &Guard{Sessions: oneSession(time.Now()), Now: time.Now}
	e := echo.New()
	e.HTTPErrorHandler = ErrorHandler(slog.New(slog.DiscardHandler), nil)
	ran := 0
	op := Op{Audience: Office, Need: authz.EmployeeWrite}
	handler := func(echo.Context) error { ran++; return nil }
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		e.Add(method, "/x", g.Of(op)(handler))
	}
	cookie := []string{"Cookie", OfficeCookie + "=x"}
	with := func(more ...string) []string { return append(append([]string{}, cookie...), more...) }
	for name, c := range map[string]struct {
		method  string
		headers []string
		want    int
	}{
		"our own app":                      {http.MethodPost, with("X-Voordeur", "1", "Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"), 200},
		"a read":                           {http.MethodGet, with("Sec-Fetch-Site", "cross-site"), 200},
		"a form":                           {http.MethodPost, with("Sec-Fetch-Site", "cross-site", "Content-Type", "application/x-www-form-urlencoded"), 403},
		"a form of a neighbour":            {http.MethodPost, with("Sec-Fetch-Site", "same-site", "Content-Type", "text/plain"), 403},
		"with our header":                  {http.MethodPost, with("Sec-Fetch-Site", "cross-site", "X-Voordeur", "1"), 403},
		"an old browser":                   {http.MethodPost, with("Origin", "https://evil.example", "X-Voordeur", "1"), 403},
		"a page without an origin":         {http.MethodPost, with("Origin", "null", "X-Voordeur", "1"), 403},
		"a client that says nothing":       {http.MethodPost, with(), 403},
		"a client that says it is us":      {http.MethodPost, with("X-Voordeur", "1"), 200},
		"another value of the header":      {http.MethodPost, with("X-Voordeur", "2"), 403},
		"a replacement":                    {http.MethodPut, with(), 403},
		"a change":                         {http.MethodPatch, with(), 403},
		"a removal":                        {http.MethodDelete, with(), 403},
		"a method hidden in another":       {http.MethodGet, with("X-HTTP-Method-Override", "DELETE"), 200},
		"nobody, from another site":        {http.MethodPost, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"nobody, who says nothing of that": {http.MethodPost, nil, 401},
	} {
		ran = 0
		out := headersOf(e, c.method, "/x", c.headers...)
		if out.Code != c.want || (ran == 1) != (c.want == 200) {
			t.Errorf("%s: %d, ran %d times, want %d", name, out.Code, ran, c.want)
		}
	}
	if out := headersOf(e, http.MethodTrace, "/x", cookie...); out.Code != http.StatusMethodNotAllowed {
		t.Errorf("TRACE: %d", out.Code)
	}
}

// TestCallerAddress: nobody but a proxy that is trusted says where a request comes from.
func TestCallerAddress(t *testing.T) {
	t.Parallel()
	_, inside, err := net.ParseCIDR("10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		proxies []*net.IPNet
		peer    string
		said    string
		want    string
	}{
		"no proxies":               {nil, "203.0.113.7:1234", "198.51.100.1", "203.0.113.7"},
		"not from the proxy":       {[]*net.IPNet{inside}, "203.0.113.7:1234", "198.51.100.1", "203.0.113.7"},
		"from the proxy":           {[]*net.IPNet{inside}, "10.1.2.3:1234", "198.51.100.1", "198.51.100.1"},
		"made up before the proxy": {[]*net.IPNet{inside}, "10.1.2.3:1234", "1.2.3.4, 198.51.100.1", "198.51.100.1"},
		"through two proxies":      {[]*net.IPNet{inside}, "10.1.2.3:1234", "1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"},
		"the machine itself":       {[]*net.IPNet{inside}, "127.0.0.1:1234", "198.51.100.1", "127.0.0.1"},
	} {
		req := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		req.RemoteAddr = c.peer
		for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "Forwarded"} {
			req.Header.Set(name, c.said)
		}
		if got := CallerAddress(c.proxies)(req); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestLogLine: a request leaves one line, with the pattern of the address, the status and who it was, one who is refused included; with
// nothing that was typed, sent or shown to come in; and nobody writes a line of their own.
func TestLogLine(t *testing.T) {
	t.Parallel()
	var lines bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&lines, nil))
	e := echo.New()
	e.HTTPErrorHandler = ErrorHandler(log, nil)
	e.Use(RequestID, Observe(log, nil, time.Now), Recover(log))
	g := &Guard{Sessions: oneSession(time.Now()), Programs: oneProgram{}, Now: time.Now}
	e.POST("/dossiers/:dossierId", func(echo.Context) error { return nil }, g.Of(Op{ID: "allowed", Audience: Office, Need: authz.EmployeeWrite}))
	e.POST("/members/:memberId", func(echo.Context) error { return nil }, g.Of(Op{ID: "refused", Audience: Office, Need: authz.AuditRead}))
	for address, want := range map[string]string{"/dossiers/geheim?q=geheim": `"operation":"allowed","status":200`, "/members/geheim%0d%0ax=1": `"operation":"refused","status":403`} {
		for _, in := range [][]string{{"Cookie", OfficeCookie + "=geheim", "X-Voordeur", "1"}, {"Authorization", "Bearer geheim"}} {
			lines.Reset()
			headersOf(e, http.MethodPost, address, append(in, "User-Agent", "geheim\r\nlevel=ERROR")...)
			got := lines.String()
			if strings.Count(got, "\n") != 1 || !strings.Contains(got, want) || !strings.Contains(got, `"actor":"`+uuid.Max.String()+`"`) {
				t.Errorf("%s: %s", address, got)
			}
			if strings.Contains(got, "geheim") {
				t.Errorf("%s: a secret in %s", address, got)
			}
		}
	}
}

// oneProgram is Programs in which every credential is that of one program.
type oneProgram struct{}

func (oneProgram) Program(context.Context, Audience, string, string) (authz.Actor, error) {
	return authz.Actor{ID: uuid.Max, Program: uuid.Max, Organisation: uuid.Max, Kind: authz.APIClient, Grants: authz.Granting(authz.EmployeeWrite)}, nil
}
