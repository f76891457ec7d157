package embeddedpg

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Binaries is a directory with postgres and initdb of one major version.
type Binaries struct {
	Dir   string
	Major int
}

// Find lists every usable directory of binaries, best first, and says why the
// others are not.
func (c Config) Find(ctx context.Context) ([]Binaries, []string) {
	var dirs, tried []string
	if c.BinDir != "" {
		dirs = append(dirs, c.BinDir)
	}
	if c.NodeModules != "" {
		arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
		native := filepath.Join(c.NodeModules, "@embedded-postgres", runtime.GOOS+"-"+arch, "native")
		if _, err := os.Stat(native); err == nil {
			if err := hydrate(native); err != nil {
				tried = append(tried, err.Error())
			}
			dirs = append(dirs, filepath.Join(native, "bin"))
		} else {
			tried = append(tried, native+": not there (npm ci in deployments/postgres installs it)")
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin", "/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		m, _ := filepath.Glob(pattern)
		slices.Sort(m)
		slices.Reverse(m)
		dirs = append(dirs, m...)
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(p))
	}
	var found []Binaries
	for _, d := range dirs {
		d, err := filepath.Abs(d)
		if err != nil || slices.ContainsFunc(found, func(b Binaries) bool { return b.Dir == d }) {
			continue
		}
		if _, err := os.Stat(filepath.Join(d, "initdb")); err != nil {
			tried = append(tried, d+": no initdb")
			continue
		}
		major, err := majorOf(ctx, d)
		switch {
		case err != nil:
			tried = append(tried, err.Error())
		case major < MinMajor:
			tried = append(tried, fmt.Sprintf("%s: PostgreSQL %d is older than %d", d, major, MinMajor))
		default:
			found = append(found, Binaries{d, major})
		}
	}
	return found, tried
}

func majorOf(ctx context.Context, dir string) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").CombinedOutput() //nolint:gosec // the operator's binary
	if err != nil {
		return 0, fmt.Errorf("%s/postgres --version: %w: %s", dir, err, bytes.TrimSpace(out))
	}
	f := strings.Fields(string(out)) // postgres (PostgreSQL) 18.4
	if len(f) < 3 {
		return 0, fmt.Errorf("%s: unexpected version %q", dir, out)
	}
	digits := f[2]
	if i := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		digits = digits[:i]
	}
	return strconv.Atoi(digits)
}

// hydrate makes the library links that npm cannot pack. The package's own
// install script does the same, when npm is allowed to run it.
func hydrate(native string) error {
	raw, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json")) //nolint:gosec // part of the package
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct {
		Source string `json:"source"`
		Target string `json:"target"`
	}
	if err := json.Unmarshal(raw, &links); err != nil {
		return fmt.Errorf("%s: %w", native, err)
	}
	for _, l := range links {
		target := filepath.Join(filepath.Dir(native), filepath.FromSlash(l.Target))
		if _, err := os.Lstat(target); err == nil {
			continue
		}
		if err := os.Symlink(filepath.Base(l.Source), target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

// reachable says whether a foreign uid can walk to path and, with files, read
// and run what lies in it (npm under umask 077 makes files that it cannot).
func reachable(path string, files bool) bool {
	for p := path; ; p = filepath.Dir(p) {
		if st, err := os.Stat(p); err == nil && st.IsDir() && (files || p != path) && st.Mode().Perm()&1 == 0 {
			return false
		}
		if p == filepath.Dir(p) {
			break
		}
	}
	if !files {
		return true
	}
	ok := true
	for _, dir := range []string{path, filepath.Join(filepath.Dir(path), "lib"), filepath.Join(filepath.Dir(path), "share")} {
		_ = filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
			if err != nil || !ok {
				return filepath.SkipAll
			}
			st, err := e.Info()
			if err != nil {
				return nil //nolint:nilerr // gone in the meantime: not our concern
			}
			perm := st.Mode().Perm()
			switch {
			case e.IsDir():
				ok = perm&5 == 5
			case st.Mode().IsRegular():
				ok = perm&4 == 4 && (dir != path || perm&1 == 1)
			}
			return nil
		})
	}
	return ok
}
