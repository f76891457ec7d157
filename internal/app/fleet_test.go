package app_test

import (
	"bufio"
	"bytes"
	"context"
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
