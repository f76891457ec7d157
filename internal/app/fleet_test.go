package app_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"voordeur/internal/clock"
	"voordeur/internal/dbtest"
	"voordeur/internal/filecheck/samples"
	"voordeur/internal/mailbox"
	"voordeur/internal/web"
)

// address writes a connection string of the tests as an operator writes it.
func address(t *testing.T, dsn string) string {
	t.Helper()
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	where := url.Values{"host": {c.Host}, "port": {strconv.Itoa(int(c.Port))}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.UserPassword(c.User, c.Password), Path: "/" + c.Database, RawQuery: where.Encode()}).String()
}

// TestFleet runs two servers and a worker on one database that is not theirs, as an office with much to do would.
func TestFleet(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts the program")
	}
	post, err := mailbox.Open(t.TempDir(), clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer post.Close()
	smtp, err := post.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := dbtest.Empty(t, "")
	shared := []string{
		"VOORDEUR_DATABASE_URL=" + address(t, base.DSN("postgres")), "VOORDEUR_DATA_DIR=" + t.TempDir(), "VOORDEUR_SMTP_URL=" + smtp,
		"VOORDEUR_SECRET_KEY=" + strings.Repeat("E", 43), // roles, and so their passwords, are shared by all tests on this server
	}
	one, two, third := newProgram(t, shared...), newProgram(t, shared...), newProgram(t, shared...)
	one.start(t)
	two.start(t)
	third.run(t, "worker")
	scene := dbtest.AddScene(t, base.Root)
	sanne := session(t, base.Root, web.Office, scene.Organisation, scene.Employee)
	eva := session(t, base.Root, web.Portal, scene.Organisation, scene.Member)

	// What happens at one server is heard at the other.
	heard, hungUp := two.listen(t, sanne)
	pdf := samples.PDFOfSize("Loonstrook", megabyte)
	id, err := one.customer(eva).announce(t.Context(), "loonstrook.pdf", len(pdf))
	if err != nil {
		t.Fatal(err)
	}
	half := len(pdf) / 2
	if _, err := one.customer(eva).patch(t.Context(), id, 0, bytes.NewReader(pdf[:half]), int64(half)); err != nil {
		t.Fatal(err)
	}
	if _, err := two.customer(eva).patch(t.Context(), id, half, bytes.NewReader(pdf[half:]), int64(len(pdf)-half)); err != nil {
		t.Fatal("an upload does not go on at the other server: ", err)
	}
	point := dbtest.AddActionPoint(t, base.Root, scene.Organisation, scene.Dossier, "open")
	a, err := one.customer(eva).post(t.Context(), "/action-points/"+point.String()+"/submissions", `{"uploadIds":["`+id+`"]}`, "Idempotency-Key", "only-once")
	if err := expect(a, err, http.StatusCreated); err != nil {
		t.Fatal(err)
	}
	for late := time.After(10 * time.Second); ; {
		var line string
		select {
		case line = <-heard:
		case <-late:
			t.Fatal("the other server's screens hear of nothing")
		}
		if strings.Contains(line, point.String()) {
			break
		}
	}

	// Each task runs once, whichever of the three takes it.
	const customers = 30
	for i := range customers {
		c := dbtest.AddCustomer(t, base.Root, scene.Organisation, fmt.Sprintf("Klant%d", i))
		p := []*program{one, two}[i%2]
		a, err := p.employee(sanne).post(t.Context(), "/portal-members/"+c.Member.String()+"/invitation", `{}`, "Idempotency-Key", dbtest.ID().String())
		if err := expect(a, err, http.StatusAccepted); err != nil {
			t.Fatal(err)
		}
	}
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		var open int
		if err := base.Root.QueryRow(`SELECT count(*) FROM river_job WHERE finalized_at IS NULL AND kind LIKE 'mail%'`).Scan(&open); err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			break
		}
		if time.Since(began) > 30*time.Second {
			t.Fatalf("%d tasks still wait", open)
		}
	}
	to := map[string]int{}
	for _, m := range post.All() {
		to[strings.Join(m.To, ",")]++
	}
	if len(to) != customers || len(post.All()) != customers {
		t.Errorf("%d mails to %d of %d customers", len(post.All()), len(to), customers)
	}
	var tries, workers int
	if err := base.Root.QueryRow(`SELECT max(attempt), count(DISTINCT attempted_by[1]) FROM river_job WHERE kind LIKE 'mail%'`).Scan(&tries, &workers); err != nil || tries != 1 {
		t.Errorf("a task was tried %d times, %v", tries, err)
	}
	t.Logf("%d mails by %d processes", len(post.All()), workers)

	// Whoever is out at one server is out at the other, with the next request (D2).
	revoked(t, base.Root, one, two, scene)

	// A supervisor's signal ends them all, open screens or not.
	for name, p := range map[string]*program{"a server": one, "the server with a screen open": two, "the worker": third} {
		began := time.Now()
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.exited:
		case <-time.After(15 * time.Second):
			t.Fatalf("%s does not stop:\n%s", name, p.said())
		}
		if code := p.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("%s ends with %d:\n%s", name, code, p.said())
		}
		t.Logf("%s stopped within %s", name, time.Since(began).Round(time.Millisecond))
	}
	<-hungUp
}

// revoked takes away sessions and rights at one server, and asks the other.
func revoked(t *testing.T, root *sql.DB, one, two *program, scene dbtest.Scene) {
	t.Helper()
	ctx := t.Context()
	sanne := one.employee(session(t, root, web.Office, scene.Organisation, scene.Employee))
	fresh := func() string { return session(t, root, web.Portal, scene.Organisation, scene.Member) }
	reads := func(what, cookie, path string, want int) {
		t.Helper()
		a, err := two.customer(cookie).do(ctx, http.MethodGet, path, http.NoBody, 0)
		if err := expect(a, err, want); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	works := func(what, cookie, method string, want int) {
		t.Helper()
		a, err := two.employee(cookie).do(ctx, method, "/clients", strings.NewReader("{}"), 2, "Content-Type", "application/json")
		if err := expect(a, err, want); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	did := func(a answer, err error) answer {
		t.Helper()
		if err != nil || a.status >= 300 {
			t.Fatalf("%d %s, %v", a.status, a.body, err)
		}
		return a
	}
	change := func(path, body string) {
		t.Helper()
		at := did(sanne.do(ctx, http.MethodGet, path, http.NoBody, 0))
		did(sanne.do(ctx, http.MethodPatch, path, strings.NewReader(body), int64(len(body)), "If-Match", at.header.Get("ETag"), "Content-Type", "application/json"))
	}

	// Signing out, and ending another session.
	eva, other := fresh(), fresh()
	for _, cookie := range []string{eva, other} {
		reads("before", cookie, "/me", http.StatusOK)
	}
	did(one.customer(eva).post(ctx, "/auth/logout", ""))
	reads("signed out", eva, "/me", http.StatusUnauthorized)
	reads("signed out", eva, "/documents", http.StatusUnauthorized)
	eva = fresh()
	did(one.customer(eva).do(ctx, http.MethodDelete, "/me/sessions", http.NoBody, 0))
	reads("ended by another", other, "/documents", http.StatusUnauthorized)
	reads("the session that ended it", eva, "/documents", http.StatusOK)

	// A right, the login itself.
	member := "/portal-members/" + scene.Member.String()
	change(member, `{"permissions":["portal.dossier:read","portal.submission:create"]}`)
	reads("without the right", eva, "/documents", http.StatusForbidden)
	reads("with another right", eva, "/dossiers", http.StatusOK)
	change(member, `{"preset":"applicant"}`)
	reads("with the right again", eva, "/documents", http.StatusOK)
	change(member, `{"blocked":true}`)
	reads("blocked", eva, "/me", http.StatusUnauthorized)
	change(member, `{"blocked":false}`)
	reads("no longer blocked, the session stays ended", eva, "/me", http.StatusUnauthorized)

	// The same for colleagues: what they do is of their role, and a role can be given other rights.
	colleague := dbtest.AddEmployee(t, root, scene.Organisation, "viewer")
	cookie := session(t, root, web.Office, scene.Organisation, colleague)
	if _, err := root.Exec(`UPDATE sessions SET verified_at = now() WHERE employee_id = $1`, scene.Employee); err != nil {
		t.Fatal(err)
	}
	works("a viewer", cookie, http.MethodGet, http.StatusOK)
	works("a viewer", cookie, http.MethodPost, http.StatusForbidden)
	change("/employees/"+colleague.String(), `{"role":"adviser"}`)
	works("an adviser, who forgot the name", cookie, http.MethodPost, http.StatusUnprocessableEntity)
	change("/employees/"+colleague.String(), `{"blocked":true}`)
	works("blocked", cookie, http.MethodGet, http.StatusUnauthorized)
	change("/employees/"+colleague.String(), `{"blocked":false}`)
	cookie = session(t, root, web.Office, scene.Organisation, colleague)
	works("back", cookie, http.MethodGet, http.StatusOK)
	did(one.employee(cookie).post(ctx, "/auth/logout", ""))
	works("signed out", cookie, http.MethodGet, http.StatusUnauthorized)
}

// TestFleetLimits: two servers give nobody more than one would, class by class, and who is held up holds up nobody else (K1).
func TestFleetLimits(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts the program")
	}
	base := dbtest.Empty(t, "")
	shared := []string{
		"VOORDEUR_DATABASE_URL=" + address(t, base.DSN("postgres")), "VOORDEUR_DATA_DIR=" + t.TempDir(), "VOORDEUR_SECRET_KEY=" + strings.Repeat("E", 43),
		"VOORDEUR_RATE_FACTOR=0.1", "VOORDEUR_TRUSTED_PROXIES=127.0.0.0/8", // 120 a minute; 6 where one signs in or opens a stream
	}
	one, two := newProgram(t, shared...), newProgram(t, shared...)
	one.start(t)
	two.start(t)
	both := []*program{one, two}
	scene, other := dbtest.AddScene(t, base.Root), dbtest.AddScene(t, base.Root)
	ctx := t.Context()
	for name, c := range map[string]struct {
		size    int
		exactly bool
		ask     func(p *program, who, from string) (answer, error)
	}{
		"sign-in": {6, true, func(p *program, _, from string) (answer, error) {
			return p.customer("").post(ctx, "/auth/login", `{"office":"nowhere","username":"x","password":"y"}`, "X-Forwarded-For", from)
		}},
		"normal": {120, false, func(p *program, who, _ string) (answer, error) {
			return p.customer(who).do(ctx, http.MethodGet, "/me", http.NoBody, 0)
		}},
		"normal in one trip": {120, false, func(p *program, who, _ string) (answer, error) {
			return p.customer(who).do(ctx, http.MethodGet, "/documents", http.NoBody, 0)
		}},
		"upload": {120, false, func(p *program, who, _ string) (answer, error) {
			return p.customer(who).do(ctx, http.MethodHead, "/uploads/"+scene.Dossier.String(), http.NoBody, 0, "Tus-Resumable", "1.0.0")
		}},
		"stream": {6, false, func(p *program, who, _ string) (answer, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.portal+"/api/v1/portal/events", http.NoBody)
			if err != nil {
				return answer{}, err
			}
			req.Header.Set("Cookie", who)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				return answer{}, err
			}
			return answer{status: res.StatusCode, header: res.Header}, res.Body.Close()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			eva, from := session(t, base.Root, web.Portal, scene.Organisation, scene.Member), "198.51.100."+strconv.Itoa(len(name))
			let, back, refused := 0, 0, answer{}
			for i := 0; refused.status == 0 && i < 3*c.size; i++ {
				a, err := c.ask(both[i%2], eva, from)
				switch {
				case err != nil:
					t.Fatal(err)
				case a.status == http.StatusTooManyRequests:
					refused = a
				default:
					let++
				}
				if !c.exactly && let == c.size*3/4 && back == 0 {
					time.Sleep(2500 * time.Millisecond) // both say what was spent; meanwhile something comes back
					back = c.size/20 + 1
				}
			}
			if refused.status == 0 || let > c.size+back+max(1, c.size/4) || let < c.size*3/4 || c.exactly && let != c.size {
				t.Errorf("%d of %d came through", let, c.size)
			}
			if refused.header.Get("Retry-After") == "" || !strings.Contains(refused.header.Get("RateLimit-Policy"), "q="+strconv.Itoa(c.size)) {
				t.Errorf("refused with %v", refused.header)
			}
			time.Sleep(1500 * time.Millisecond)
			held := 0
			for _, p := range both { // the other heard of it, whichever it was that refused
				for range max(2, c.size/12) {
					if a, err := c.ask(p, eva, from); err == nil && a.status == http.StatusTooManyRequests {
						held++
						break
					}
				}
			}
			if held != 2 {
				t.Errorf("held up by %d of 2", held)
			}
			for i, who := range []string{
				session(t, base.Root, web.Portal, scene.Organisation, scene.Member),
				session(t, base.Root, web.Portal, other.Organisation, other.Member),
			} {
				if a, err := c.ask(both[i], who, "203.0.113."+strconv.Itoa(len(name)+i)); err != nil || a.status == http.StatusTooManyRequests {
					t.Errorf("another caller: %d, %v", a.status, err)
				}
			}
		})
	}
}

// TestWorkerNeedsPost: a worker beside a server that captures mail would take its mails, and have nowhere to send them.
func TestWorkerNeedsPost(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts the program")
	}
	p := newProgram(t, "VOORDEUR_DATABASE_URL="+address(t, dbtest.Empty(t, "").DSN("postgres")), "VOORDEUR_SECRET_KEY="+strings.Repeat("E", 43))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.bin, "worker")
	cmd.Dir, cmd.Env = filepath.Join("..", ".."), p.env
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 || !strings.Contains(string(out), "VOORDEUR_SMTP_URL") {
		t.Errorf("got %v:\n%s", err, out)
	}
}

// listen opens an employee's stream and passes on its lines. The second channel is closed when the server ends it.
func (p *program) listen(t *testing.T, cookie string) (<-chan string, <-chan struct{}) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.office+"/api/v1/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Cookie", cookie)
	req.Header.Set("X-Voordeur", "1")
	res, err := http.DefaultClient.Do(req) //nolint:bodyclose // below, when the stream ends
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	lines, done := make(chan string, 1000), make(chan struct{})
	go func() {
		defer close(done)
		defer res.Body.Close()
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines, done
}
