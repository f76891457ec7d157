package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/clock"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// binary builds the program once for all tests of the package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "voordeur-program-")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "voordeur")
	build := exec.Command("go", "build", "-o", bin, "./cmd/voordeur")
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return bin, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if bin, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(bin))
	}
	os.Exit(code)
}

// program is a server in a process of its own, as an office runs it.
type program struct {
	bin, dir       string
	portal, office string
	env            []string
	cmd            *exec.Cmd
	exited         chan struct{}
	log            *bytes.Buffer
	mu             sync.Mutex // of log
}

func newProgram(t *testing.T, env ...string) *program {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	// Not t.TempDir: the embedded PostgreSQL may run as another user and has to get there.
	dir, err := os.MkdirTemp("", "voordeur-data-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	p := &program{bin: bin, dir: dir, portal: freeAddr(t), office: freeAddr(t), log: &bytes.Buffer{}}
	p.env = append(os.Environ(), "VOORDEUR_DATA_DIR="+dir, "VOORDEUR_PORTAL_ADDR="+p.portal, "VOORDEUR_OFFICE_ADDR="+p.office, "VOORDEUR_OPS_ADDR=127.0.0.1:0",
		"VOORDEUR_MAILBOX_ADDR=127.0.0.1:0", "VOORDEUR_RATE_FACTOR=0", "VOORDEUR_LOG_LEVEL=warn")
	p.env = append(p.env, env...)
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("the program said:\n%s", p.said())
		}
		_ = os.RemoveAll(dir)
	})
	return p
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Write collects what the program says.
func (p *program) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.log.Len() > 1<<20 {
		p.log.Next(512 << 10)
	}
	return p.log.Write(b)
}

func (p *program) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// start runs the program and returns when it is ready to serve.
func (p *program) start(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	p.run(t, "serve")
	for time.Since(began) < time.Minute {
		res, err := http.Get("http://" + p.portal + "/readyz")
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return time.Since(began)
			}
		}
		select {
		case <-p.exited:
			t.Fatalf("the program ended:\n%s", p.said())
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Fatalf("not ready within a minute:\n%s", p.said())
	return 0
}

// run starts the program in one of its roles.
func (p *program) run(t *testing.T, role string) {
	t.Helper()
	p.cmd = exec.Command(p.bin, role)
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = filepath.Join("..", ".."), p.env, p, p
	p.cmd.WaitDelay = time.Second
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.exited = make(chan struct{})
	go func(cmd *exec.Cmd, exited chan struct{}) { _ = cmd.Wait(); close(exited) }(p.cmd, p.exited)
}

// kill is kill -9.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.exited
}

// stop ends the program as a supervisor does.
func (p *program) stop() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(os.Interrupt)
	select {
	case <-p.exited:
	case <-time.After(30 * time.Second):
		p.kill()
	}
}

// database opens the embedded database as its owner, past row-level security.
func (p *program) database(t *testing.T) *sql.DB {
	t.Helper()
	sockets, err := filepath.Glob(filepath.Join(p.dir, "postgres", "*", "run", ".s.PGSQL.5432"))
	if err != nil || len(sockets) != 1 {
		t.Fatalf("no socket of the embedded database: %v, %v", sockets, err)
	}
	root, err := sql.Open("pgx", "host="+filepath.Dir(sockets[0])+" port=5432 user=postgres dbname=voordeur sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root
}

// session writes a session as signing in would, and returns its cookie.
func session(t *testing.T, root *sql.DB, audience web.Audience, organisation, who uuid.UUID) string {
	t.Helper()
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	token := base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(token))
	column, cookie := "employee_id", web.OfficeCookie
	if audience == web.Portal {
		column, cookie = "member_id", web.PortalCookie
	}
	if _, err := root.Exec(`INSERT INTO sessions (organisation_id, id, token_hash, audience, `+column+`, stage, created_at, last_seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, 'full', $6, $6, $6::timestamptz + interval '12 hours')`, organisation, dbtest.ID(), hash[:], string(audience), who, clock.Now()); err != nil {
		t.Fatal(err)
	}
	return cookie + "=" + token
}

// caller speaks to the program over HTTP.
type caller struct {
	base   string // "http://127.0.0.1:1234/api/v1/portal"
	cookie string
	http   http.Client
}

func (p *program) customer(cookie string) *caller {
	return &caller{base: "http://" + p.portal + "/api/v1/portal", cookie: cookie, http: http.Client{Timeout: 30 * time.Second}}
}

func (p *program) employee(cookie string) *caller {
	return &caller{base: "http://" + p.office + "/api/v1", cookie: cookie, http: http.Client{Timeout: 30 * time.Second}}
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (c *caller) do(ctx context.Context, method, path string, body io.Reader, length int64, header ...string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Cookie", c.cookie)
	req.Header.Set("X-Voordeur", "1")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if length >= 0 {
		req.ContentLength = length
	}
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, raw}, err
}

func (c *caller) post(ctx context.Context, path, body string, header ...string) (answer, error) {
	return c.do(ctx, http.MethodPost, path, strings.NewReader(body), int64(len(body)), append(header, "Content-Type", "application/json")...)
}

func (c *caller) announce(ctx context.Context, name string, size int) (string, error) {
	a, err := c.do(ctx, http.MethodPost, "/uploads", http.NoBody, 0, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(size),
		"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name)))
	if err != nil {
		return "", err
	}
	if a.status != http.StatusCreated {
		return "", fmt.Errorf("announce: %d %s", a.status, a.body)
	}
	location := a.header.Get("Location")
	return location[strings.LastIndexByte(location, '/')+1:], nil
}

var errRefused = errors.New("refused")

func (c *caller) patch(ctx context.Context, id string, offset int, body io.Reader, length int64) (int, error) {
	a, err := c.do(ctx, http.MethodPatch, "/uploads/"+id, body, length, "Tus-Resumable", "1.0.0", "Upload-Offset", strconv.Itoa(offset),
		"Content-Type", "application/offset+octet-stream")
	if err != nil {
		return 0, err
	}
	if a.status != http.StatusNoContent {
		return 0, fmt.Errorf("%w: patch at %d: %d %s", errRefused, offset, a.status, a.body)
	}
	return strconv.Atoi(a.header.Get("Upload-Offset"))
}

func (c *caller) offset(ctx context.Context, id string) (int, error) {
	a, err := c.do(ctx, http.MethodHead, "/uploads/"+id, http.NoBody, 0, "Tus-Resumable", "1.0.0")
	if err != nil {
		return 0, err
	}
	if a.status == http.StatusServiceUnavailable || a.status == http.StatusLocked {
		return 0, fmt.Errorf("not now: %d", a.status)
	}
	if a.status != http.StatusOK {
		return 0, fmt.Errorf("%w: head: %d", errRefused, a.status)
	}
	return strconv.Atoi(a.header.Get("Upload-Offset"))
}
