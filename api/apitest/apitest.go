// Package apitest drives the whole server over HTTP, with real sessions on a real database, and checks every response
// against the generated contract.
package apitest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/api"
	"voordeur/internal/apiclient"
	"voordeur/internal/app"
	"voordeur/internal/authz"
	"voordeur/internal/blobstore"
	"voordeur/internal/dbtest"
	"voordeur/internal/sealed"
	"voordeur/internal/web"
	"voordeur/openapi"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Server is the program on a database of its own.
type Server struct {
	*dbtest.Database
	Services *app.Services
	Key      sealed.Key
	Blobs    *blobstore.Store
	echo     *echo.Echo
}

// New starts a server on an empty database.
func New(tb testing.TB) *Server { tb.Helper(); return On(tb, dbtest.Open(tb), Options{}) }

// Options change how the program is put together.
type Options struct {
	WithoutPermissionChecks bool // row-level security alone decides
}

// On starts a server on d.
func On(tb testing.TB, d *dbtest.Database, o Options) *Server {
	tb.Helper()
	s := &Server{Database: d, Key: sealed.New()}
	var err error
	if s.Blobs, err = blobstore.Open(tb.Context(), tb.TempDir()); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Blobs.Close() })
	door := d.DB
	if o.WithoutPermissionChecks {
		door = door.WithoutPermissionChecks()
	}
	s.Services, err = app.Compose(app.Parts{
		DB: door, Blobs: s.Blobs, Key: s.Key, Now: d.Clock.Now, Log: slog.New(slog.DiscardHandler),
		PortalURL: "https://portal.test", OfficeURL: "https://office.test", MailFrom: "post@voordeur.test", PlainSSO: true,
	})
	if err != nil {
		tb.Fatal(err)
	}
	deps := s.Services.Deps()
	deps.UncheckedPermissions = o.WithoutPermissionChecks
	s.echo = api.New(deps)
	return s
}

// Session signs somebody in without asking: it writes the session as signing in would. The token is the cookie's value.
func (s *Server) Session(tb testing.TB, audience web.Audience, organisation, who uuid.UUID, half bool) Caller {
	tb.Helper()
	return session(tb, s.Root, s, audience, organisation, who, half)
}

func session(tb testing.TB, root *sql.DB, s *Server, audience web.Audience, organisation, who uuid.UUID, half bool) Caller {
	tb.Helper()
	id := dbtest.ID()
	secret := sha256.Sum256(id[:])
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	hash := sha256.Sum256([]byte(token))
	column, cookie := "employee_id", web.OfficeCookie
	if audience == web.Portal {
		column, cookie = "member_id", web.PortalCookie
	}
	stage := "full"
	if half {
		stage = "half"
	}
	now := s.Clock.Now()
	_, err := root.Exec(`INSERT INTO sessions (organisation_id, id, token_hash, audience, `+column+`, stage, created_at, last_seen_at, verified_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $7::timestamptz, $7::timestamptz, $7::timestamptz + interval '12 hours')`, organisation, id, hash[:], string(audience), who, stage, now)
	if err != nil {
		tb.Fatal(err)
	}
	return Caller{Cookie: &http.Cookie{Name: cookie, Value: token}}
}

// Program lets a program in at an office, with a key for the permissions given, as an administrator would. It stays unseen in what
// changes: when it was used last is always later than now.
func (s *Server) Program(tb testing.TB, organisation, by uuid.UUID, permissions ...string) (Caller, uuid.UUID) {
	tb.Helper()
	id, secret, now := dbtest.ID(), dbtest.ID(), s.Clock.Now()
	key := s.Services.Office.ApiClients.Secret(apiclient.Client{ID: id, Kind: apiclient.WithKey, Secrets: []apiclient.Secret{{ID: secret}}})
	digest := sha256.Sum256([]byte(key))
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO api_clients (organisation_id, id, kind, name, scopes, created_by, created_at, updated_at, last_used_at)
			VALUES ($1, $2, 'key', 'Boekhouding', $3, $4, $5, $5, '2100-01-01')`, []any{organisation, id, append([]string{}, permissions...), by, now}},
		{
			`INSERT INTO api_client_secrets (organisation_id, id, client_id, digest, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			[]any{organisation, secret, id, digest[:], key[len(key)-4:], now},
		},
	} {
		if _, err := s.Root.Exec(q.query, q.args...); err != nil {
			tb.Fatal(err)
		}
	}
	return Caller{Bearer: key}, id
}

// View opens a look of an employee as a member, as the ticket would: the token is the value of its own cookie. It hangs on a
// session of the employee.
func (s *Server) View(tb testing.TB, organisation, member, employee uuid.UUID) Caller {
	tb.Helper()
	s.Session(tb, web.Office, organisation, employee, false)
	id := dbtest.ID()
	ticket, secret := sha256.Sum256(id[:]), sha256.Sum256(append([]byte("view"), id[:]...))
	token := "view." + base64.RawURLEncoding.EncodeToString(secret[:])
	hash := sha256.Sum256([]byte(token))
	_, err := s.Root.Exec(`INSERT INTO portal_views (organisation_id, id, member_id, employee_id, office_session, reason, ticket_hash, token_hash, requested_at, started_at, expires_at)
		SELECT $1, $2, $3, $4, id, 'De klant vroeg mee te kijken', $5, $6, $7::timestamptz, $7::timestamptz, $7::timestamptz + interval '30 minutes'
		FROM sessions WHERE employee_id = $4 ORDER BY id DESC LIMIT 1`, organisation, id, member, employee, ticket[:], hash[:], s.Clock.Now())
	if err != nil {
		tb.Fatal(err)
	}
	return Caller{Cookie: &http.Cookie{Name: web.ViewCookie, Value: token}}
}

// App lets an app in for a customer, with an access token for the permissions given, as the customer's consent would.
func (s *Server) App(tb testing.TB, organisation, by, member uuid.UUID, permissions ...string) (Caller, uuid.UUID) {
	tb.Helper()
	client, consent, now := dbtest.ID(), dbtest.ID(), s.Clock.Now()
	permissions = append([]string{}, permissions...)
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO api_clients (organisation_id, id, kind, name, scopes, redirect_uris, created_by, created_at, updated_at, last_used_at)
			VALUES ($1, $2, 'app', 'Huishoudboekje', $3, '{https://app.example/back}', $4, $5, $5, '2100-01-01')`, []any{organisation, client, permissions, by, now}},
		{
			`INSERT INTO app_consents (organisation_id, id, client_id, member_id, scopes, code_hash, redirect_uri, challenge, created_at, redeemed_at, expires_at, last_used_at)
			VALUES ($1, $2, $3, $4, $5, sha256($6), 'https://app.example/back', '', $7, $7, '2100-01-01', '2100-01-01')`,
			[]any{organisation, consent, client, member, permissions, consent[:], now},
		},
	} {
		if _, err := s.Root.Exec(q.query, q.args...); err != nil {
			tb.Fatal(err)
		}
	}
	return Caller{Bearer: s.Sign(tb, jwt.MapClaims{
		"iss": "https://portal.test", "aud": "https://portal.test/api/v1/portal", "sub": member.String(), "client_id": client.String(), "tenant": organisation.String(),
		"sid": consent.String(), "scope": strings.Join(authz.ScopeNames(authz.PortalScopes, permissions), " "), "jti": dbtest.ID().String(), "iat": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(),
	})}, client
}

// Sign makes a token of claims with the key that signs now.
func (s *Server) Sign(tb testing.TB, claims jwt.MapClaims) string {
	tb.Helper()
	if _, err := s.Services.Office.ApiClients.PublicKeys(tb.Context()); err != nil { // there is a key from here on
		tb.Fatal(err)
	}
	var id uuid.UUID
	var box []byte
	if err := s.Root.QueryRow(`SELECT id, private_key FROM signing_keys ORDER BY signs_from LIMIT 1`).Scan(&id, &box); err != nil {
		tb.Fatal(err)
	}
	seed, err := sealed.Open(s.Key, "signing_keys.private_key:"+id.String(), box)
	if err != nil {
		tb.Fatal(err)
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	t.Header["typ"], t.Header["kid"] = "at+jwt", id.String()
	text, err := t.SignedString(ed25519.NewKeyFromSeed(seed))
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// Handler is the server, for a client that speaks HTTP itself.
func (s *Server) Handler() http.Handler { return s.echo }

// Caller is somebody with a session, or a program with a key or a token; the zero value has neither.
type Caller struct {
	Cookie *http.Cookie
	Bearer string
}

// Request is one call.
type Request struct {
	As     Caller
	Do     string // "POST /dossiers"
	Body   any    // marshalled as JSON, unless it is an io.Reader or a string
	Header http.Header
	// Context ends the request; nil: with the test.
	Context context.Context //nolint:containedctx // a request in the making
}

// Call sends r and checks the answer against the contract.
func (s *Server) Call(tb testing.TB, r Request) *httptest.ResponseRecorder {
	tb.Helper()
	req, rec := s.send(tb, r)
	check(tb, req, rec)
	return rec
}

// Send is Call without the look at the contract: for a test that sends tens of thousands of requests, of kinds that others check.
func (s *Server) Send(tb testing.TB, r Request) *httptest.ResponseRecorder {
	tb.Helper()
	_, rec := s.send(tb, r)
	return rec
}

func (s *Server) send(tb testing.TB, r Request) (*http.Request, *httptest.ResponseRecorder) {
	tb.Helper()
	method, path, _ := strings.Cut(r.Do, " ")
	var body io.Reader = http.NoBody
	switch b := r.Body.(type) {
	case nil:
	case io.Reader:
		body = b
	case string:
		body = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			tb.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	ctx := r.Context
	if ctx == nil {
		ctx = tb.Context()
	}
	req := httptest.NewRequestWithContext(ctx, method, api.Base+path, body)
	if r.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.As.Bearer != "" {
		req.Header.Set("Authorization", "Bearer "+r.As.Bearer)
	} else if method != http.MethodGet && method != http.MethodHead {
		req.Header.Set("X-Voordeur", "1")
	}
	if r.As.Cookie != nil {
		req.AddCookie(r.As.Cookie)
	}
	for name, values := range r.Header {
		req.Header.Del(name)
		for _, v := range values {
			if v != "" {
				req.Header.Add(name, v)
			}
		}
	}
	rec := httptest.NewRecorder()
	s.echo.ServeHTTP(rec, req)
	return req, rec
}

// Case is one request and what must come back.
type Case struct {
	Name   string
	As     Caller
	Do     string
	Body   any
	Header http.Header
	Want   int
	Code   string                           // of the problem, for failures
	Golden string                           // testdata/<Golden>.json, for successes
	Check  func(t *testing.T, body []byte)  // anything else about the answer
	Save   *string                          // keeps the id of the answer; later cases write {id}
	Then   func(*httptest.ResponseRecorder) // sees the answer with its headers
}

// Run executes cases in order against one server.
func (s *Server) Run(t *testing.T, cases []Case) {
	t.Helper()
	var saved *string
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { //nolint:paralleltest // the cases are one story
			if saved != nil {
				c.Do = strings.ReplaceAll(c.Do, "{id}", *saved)
			}
			rec := s.Call(t, Request{As: c.As, Do: c.Do, Body: c.Body, Header: c.Header})
			if rec.Code != c.Want {
				t.Fatalf("%s: got %d, want %d: %s", c.Do, rec.Code, c.Want, rec.Body)
			}
			if c.Code != "" {
				var p web.Problem
				if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || p.Code != c.Code {
					t.Errorf("got problem %s, want %s", rec.Body, c.Code)
				}
			}
			if c.Save != nil {
				saved = c.Save
				*saved = volatile.FindString(rec.Body.String())
			}
			if c.Golden != "" {
				golden(t, c.Golden, rec.Body.Bytes())
			}
			if c.Check != nil {
				c.Check(t, rec.Body.Bytes())
			}
			if c.Then != nil {
				c.Then(rec)
			}
		})
	}
}

// seen remembers, per operation, which outcomes the tests of a package showed.
var seen = struct {
	sync.Mutex
	allowed, denied map[string]bool
}{allowed: map[string]bool{}, denied: map[string]bool{}}

// Main runs the tests of surfaces and then fails for every operation that was not shown to work, or was not shown to
// refuse. Forgetting is impossible.
func Main(m *testing.M, surfaces ...web.Audience) {
	code := m.Run()
	if code == 0 && flag.Lookup("test.run").Value.String() == "" && !testing.Short() {
		for _, op := range api.Operations() {
			if !slices.Contains(surfaces, op.Audience) {
				continue
			}
			name := string(op.Audience) + " " + op.ID
			refuses := seen.denied[name] || op.Access == web.Anyone
			if !seen.allowed[name] || !refuses {
				fmt.Printf("%s: shown to work: %t, shown to refuse: %t\n", name, seen.allowed[name], refuses)
				code = 1
			}
		}
	}
	os.Exit(code)
}

var contracts = sync.OnceValues(func() (map[web.Audience]routers.Router, error) {
	all := map[web.Audience]routers.Router{}
	for _, a := range []web.Audience{web.Office, web.Portal, web.Public} {
		raw, err := openapi.FS.ReadFile(string(a) + ".json")
		if err != nil {
			return nil, err
		}
		doc, err := openapi3.NewLoader().LoadFromData(raw)
		if err != nil {
			return nil, err
		}
		no := false
		for _, s := range doc.Components.Schemas { // what the contract does not name may not be sent
			if s.Value.Type.Is("object") && s.Value.AdditionalProperties.Schema == nil && len(s.Value.Properties) > 0 {
				s.Value.AdditionalProperties.Has = &no
			}
		}
		if all[a], err = gorillamux.NewRouter(doc); err != nil {
			return nil, err
		}
	}
	return all, nil
})

// check fails the test when an answer is not what the contract says.
func check(tb testing.TB, req *http.Request, rec *httptest.ResponseRecorder) {
	tb.Helper()
	all, err := contracts()
	if err != nil {
		tb.Fatal(err)
	}
	var route *routers.Route
	var params map[string]string
	var surface web.Audience
	for _, surface = range []web.Audience{web.Portal, web.Public, web.Office} {
		if route, params, err = all[surface].FindRoute(req); err == nil {
			break
		}
	}
	if err != nil {
		if rec.Code == http.StatusNotFound || rec.Code == http.StatusMethodNotAllowed {
			return // an address outside the contract, and the server says so
		}
		tb.Fatalf("%s %s is not in a contract: %v", req.Method, req.URL.Path, err)
	}
	name := string(surface) + " " + route.Operation.OperationID
	seen.Lock()
	switch {
	case rec.Code < 400:
		seen.allowed[name] = true
	case slices.Contains([]int{401, 403, 404}, rec.Code):
		seen.denied[name] = true
	}
	seen.Unlock()
	if rec.Header().Get("X-Request-Id") == "" {
		tb.Error("the answer has no X-Request-Id")
	}
	if rec.Code >= 500 {
		tb.Errorf("%s %s: %d %s", req.Method, req.URL.Path, rec.Code, rec.Body)
	}
	if rec.Code == http.StatusNotModified || req.Method == http.MethodHead {
		return // no body to check
	}
	media := rec.Header().Get("Content-Type")
	if rec.Code < 300 && !strings.HasPrefix(media, "application/json") {
		if want := declared(route.Operation, rec.Code); want != nil && media != "" && !matches(want, media) {
			tb.Errorf("%s answers %s, the contract knows %v", route.Operation.OperationID, media, want)
		}
		return // a file, a stream of events, or nothing
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 rec.Code, Header: rec.Header(), Body: io.NopCloser(bytes.NewReader(rec.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	if err := openapi3filter.ValidateResponse(tb.Context(), in); err != nil {
		tb.Errorf("%s: the answer breaks the contract: %v\n%s", route.Operation.OperationID, err, rec.Body)
	}
}

func declared(op *openapi3.Operation, status int) []string {
	r := op.Responses.Status(status)
	if r == nil || r.Value == nil {
		return nil
	}
	var media []string
	for m := range r.Value.Content {
		media = append(media, m)
	}
	return media
}

func matches(declared []string, media string) bool {
	plain, _, _ := strings.Cut(media, ";")
	return slices.ContainsFunc(declared, func(d string) bool {
		return d == plain || d == "*/*" || d == "application/octet-stream" || (strings.HasSuffix(d, "/*") && strings.HasPrefix(plain, strings.TrimSuffix(d, "*")))
	})
}

var (
	volatile = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	moment   = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
)

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = moment.ReplaceAll(volatile.ReplaceAll(got, []byte("<uuid>")), []byte("<time>"))
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(file, got, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", file, got, want)
	}
}
