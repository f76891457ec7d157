package dbtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"voordeur/internal/embeddedpg"
	"voordeur/internal/schema"
)

// Without TEST_DATABASE_URL (a single `go test` from an editor) the test
// programs share a server that a keeper holds: the first one starts it as a
// copy of itself, and it ends when no test program was there for a while.
const (
	keeperEnv = "VOORDEUR_TEST_KEEPER"
	keepFor   = 20 * time.Second
)

func init() {
	if os.Getenv(keeperEnv) != "" {
		keep()
		os.Exit(0)
	}
}

type places struct{ dir, starter, users, address string }

func shared() (places, error) {
	dir := filepath.Join(os.TempDir(), "voordeur-test-"+strconv.Itoa(os.Geteuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return places{}, err
	}
	return places{dir, filepath.Join(dir, "starter"), filepath.Join(dir, "users"), filepath.Join(dir, "address.json")}, nil
}

// present is kept from the garbage collector, which would close it and so drop the lock.
var present *os.File //nolint:unused // it is held, not read

// server returns the superuser's connection string.
var server = sync.OnceValues(func() (string, error) {
	if url := os.Getenv("TEST_DATABASE_URL"); url != "" {
		return url, nil
	}
	p, err := shared()
	if err != nil {
		return "", err
	}
	// Held until this program ends: it tells the keeper that somebody is here.
	if present, err = lockFile(p.users, syscall.LOCK_SH); err != nil {
		return "", err
	}
	starter, err := lockFile(p.starter, syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	defer starter.Close()
	if url, ok := answering(p); ok {
		return url, nil
	}
	_ = os.Remove(p.address)
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), keeperEnv+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); {
		if url, ok := answering(p); ok {
			return url, nil
		}
		select {
		case err := <-ended:
			raw, _ := os.ReadFile(filepath.Join(p.dir, "keeper.log"))
			return "", fmt.Errorf("dbtest: the test server did not start: %w\n%s", err, raw)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return "", errors.New("dbtest: the test server did not start in 60 seconds")
})

func answering(p places) (string, bool) {
	raw, err := os.ReadFile(p.address)
	if err != nil {
		return "", false
	}
	var url string
	if json.Unmarshal(raw, &url) != nil {
		return "", false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", false
	}
	_ = c.Close(ctx)
	return url, true
}

func lockFile(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			_ = f.Close()
			return nil, err
		}
	}
}

func keep() {
	p, err := shared()
	if err != nil {
		os.Exit(1)
	}
	out, err := os.Create(filepath.Join(p.dir, "keeper.log"))
	if err != nil {
		os.Exit(1)
	}
	log := slog.New(slog.NewTextHandler(out, nil))
	s, remove, err := embeddedpg.Scratch(context.Background(), log)
	if err != nil {
		log.Error("start", "error", err.Error())
		os.Exit(1)
	}
	defer remove()
	raw, _ := json.Marshal(s.DSN("postgres", "postgres"))
	tmp := p.address + ".new"
	if err := errors.Join(os.WriteFile(tmp, raw, 0o600), os.Rename(tmp, p.address)); err != nil {
		log.Error("address", "error", err.Error())
		return
	}
	for alone := time.Duration(0); alone < keepFor; {
		select {
		case <-s.Done():
			return
		case <-time.After(time.Second):
		}
		f, err := lockFile(p.users, syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			alone = 0
			continue
		}
		if alone += time.Second; alone >= keepFor {
			_ = os.Remove(p.address) // before the lock goes: nobody finds a server that is about to end
		}
		_ = f.Close()
	}
}

// template makes the migrated database that tests copy, once per server and schema.
var template = sync.OnceValues(func() (string, error) {
	url, err := server()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	admin, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", fmt.Errorf("dbtest: %w", err)
	}
	defer admin.Close(ctx)
	// The lock goes with the connection.
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock(7405115)"); err != nil {
		return "", err
	}
	name := "template_" + schema.Hash()
	var there bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return name, err
	}
	for _, q := range []string{"DROP DATABASE IF EXISTS " + name + "_new WITH (FORCE)", "CREATE DATABASE " + name + "_new"} {
		if _, err := admin.Exec(ctx, q); err != nil {
			return "", err
		}
	}
	if err := schema.Migrate(ctx, with(url, "dbname", name+"_new")); err != nil {
		return "", err
	}
	_, err = admin.Exec(ctx, "ALTER DATABASE "+name+"_new RENAME TO "+name)
	return name, err
})

// with changes one setting of a connection string, in either of its forms.
func with(url, key, value string) string {
	if !strings.Contains(url, "://") {
		return url + " " + key + "='" + value + "'" // the last one holds
	}
	if key == "dbname" || key == "user" {
		cfg, err := pgx.ParseConfig(url)
		if err != nil {
			return url
		}
		user, name := cfg.User, cfg.Database
		if key == "user" {
			user = value
		} else {
			name = value
		}
		return fmt.Sprintf("host='%s' port=%d user='%s' password='%s' dbname='%s' sslmode=disable", cfg.Host, cfg.Port, user, cfg.Password, name)
	}
	return url
}
