package embeddedpg_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"voordeur/internal/embeddedpg"
)

// helper: this test program started again keeps a server for the parent to be killed with.
const helperEnv = "EMBEDDEDPG_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperEnv); dir != "" {
		s, err := embeddedpg.Start(context.Background(), config(dir, nil))
		if err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		os.Stdout.WriteString("ready\n")
		<-s.Done()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func config(dir string, log *slog.Logger) embeddedpg.Config {
	return embeddedpg.Config{Dir: dir, BinDir: os.Getenv("VOORDEUR_PG_BIN"), NodeModules: embeddedpg.ProjectModules(), Log: log}
}

// place makes a directory that another user may enter (t.TempDir is 0700 at the top).
func place(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "epg")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "postgres")
}

func start(t *testing.T, dir string) *embeddedpg.Server {
	t.Helper()
	s, err := embeddedpg.Start(t.Context(), config(dir, nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

func query(t *testing.T, s *embeddedpg.Server, sql string) string {
	t.Helper()
	c, err := pgx.Connect(t.Context(), s.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.WithoutCancel(t.Context()))
	rows, err := c.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(got, ",")
}

// TestLife: made, stopped, started again with its data; a second start attaches
// and its stop leaves the server alone; a killed one recovers.
func TestLife(t *testing.T) {
	t.Parallel()
	dir := place(t)
	s := start(t, dir)
	query(t, s, "CREATE TABLE kept AS SELECT 'é' AS word")
	if got := query(t, s, "SELECT upper(word) FROM kept"); got != "É" {
		t.Errorf("upper('é') = %q", got)
	}
	second := start(t, dir)
	if !second.Attached() || second.PID() != 0 {
		t.Error("the second start did not attach")
	}
	if err := second.Stop(); err != nil {
		t.Error(err)
	}
	if got := query(t, s, "SELECT word FROM kept"); got != "é" {
		t.Errorf("after the second one stopped: %q", got)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	s = start(t, dir)
	if s.Attached() {
		t.Error("attached to a server that was stopped")
	}
	query(t, s, "INSERT INTO kept VALUES ('later') RETURNING word")
	if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	s = start(t, dir)
	if got := query(t, s, "SELECT word FROM kept ORDER BY word = 'later'"); got != "é,later" {
		t.Errorf("after kill -9: %q", got)
	}
	if st, err := os.Stat(filepath.Dir(strings.Split(strings.TrimPrefix(s.DSN("", ""), "host='"), "'")[0] + "/x")); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("who may enter the socket's directory: %v %v", st.Mode(), err)
	}
}

// TestTwoStartsAtOnce on a new directory end with one server.
func TestTwoStartsAtOnce(t *testing.T) {
	t.Parallel()
	dir := place(t)
	var wg sync.WaitGroup
	servers := make([]*embeddedpg.Server, 3)
	for i := range servers {
		wg.Go(func() {
			s, err := embeddedpg.Start(context.Background(), config(dir, nil))
			if err != nil {
				t.Errorf("start %d: %v", i, err)
				return
			}
			servers[i] = s
		})
	}
	wg.Wait()
	owned := 0
	for _, s := range servers {
		if s == nil {
			continue
		}
		t.Cleanup(func() { _ = s.Stop() })
		query(t, s, "SELECT 'up'")
		if !s.Attached() {
			owned++
		}
	}
	if owned != 1 {
		t.Errorf("%d of three starts own the server", owned)
	}
}

// TestProgramKilled: with the program the server goes, and what was committed is there at the next start.
func TestProgramKilled(t *testing.T) {
	t.Parallel()
	dir := place(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), helperEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line := make([]byte, 6); true {
		if _, err := out.Read(line); err != nil {
			t.Fatalf("helper: %v %s", err, stderr.String())
		}
	}
	s := start(t, dir)
	if !s.Attached() {
		t.Fatal("not attached")
	}
	query(t, s, "CREATE TABLE kept AS SELECT 'x' AS word")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	// The old server may still be answering for a moment; then a start makes its own.
	for deadline := time.Now().Add(20 * time.Second); ; {
		s, err = embeddedpg.Start(t.Context(), config(dir, nil))
		if err != nil {
			t.Fatal(err)
		}
		if !s.Attached() {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the server outlived its program by 20 seconds")
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Cleanup(func() { _ = s.Stop() })
	if got := query(t, s, "SELECT word FROM kept"); got != "x" {
		t.Errorf("got %q", got)
	}
}

// TestOtherMajorIsLeftAlone: data of a PostgreSQL that is not there are not
// touched, and it is said how to get back to them.
func TestOtherMajorIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := place(t)
	old := filepath.Join(dir, "9", "data")
	if err := os.MkdirAll(old, 0o700); err != nil {
		t.Fatal(err)
	}
	version := filepath.Join(old, "PG_VERSION")
	if err := os.WriteFile(version, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(version)
	var log bytes.Buffer
	s, err := embeddedpg.Start(t.Context(), config(dir, slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	after, err := os.Stat(version)
	if err != nil || !after.ModTime().Equal(before.ModTime()) || after.Sys().(*syscall.Stat_t).Uid != before.Sys().(*syscall.Stat_t).Uid {
		t.Errorf("the old data were touched: %v", err)
	}
	if !strings.Contains(log.String(), "VOORDEUR_PG_BIN") || !strings.Contains(log.String(), old[:len(old)-5]) {
		t.Errorf("it was not said: %s", log.String())
	}
}

// TestClosedHome: the project in a home directory of mode 0700, as root.
func TestClosedHome(t *testing.T) {
	t.Parallel()
	dir := place(t)
	if err := os.Chmod(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := embeddedpg.Start(t.Context(), config(dir, nil))
	if err != nil {
		if os.Geteuid() == 0 && strings.Contains(err.Error(), "VOORDEUR_DATA_DIR") {
			t.Skip("no user namespaces here, and the error says what to do: ", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	query(t, s, "SELECT 'up'")
}

// TestLongPath: a socket's path has room for about a hundred bytes.
func TestLongPath(t *testing.T) {
	t.Parallel()
	s := start(t, filepath.Join(place(t), strings.Repeat("long", 30)))
	query(t, s, "SELECT 'up'")
}

// TestNothingThere: the error names what was tried and what to do.
func TestNothingThere(t *testing.T) {
	t.Setenv("PATH", "")
	found, tried := embeddedpg.Config{BinDir: filepath.Join(t.TempDir(), "none")}.Find(t.Context())
	if len(found) == 0 && len(tried) == 0 {
		t.Error("nothing found and nothing said")
	}
}
