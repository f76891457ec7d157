package embeddedpg

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
)

// Scratch starts a server for tests on a directory of its own: in memory when
// there is room, without any care for crashes. The second result stops it and
// removes everything.
func Scratch(ctx context.Context, log *slog.Logger) (*Server, func(), error) {
	parent := os.TempDir()
	const room = 1 << 30
	var st syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &st); err == nil && uint64(st.Bavail)*uint64(st.Bsize) > room { //nolint:gosec,unconvert // sizes are positive, and of other types on other systems
		parent = "/dev/shm"
	}
	dir, err := os.MkdirTemp(parent, "voordeur-test-")
	if err != nil {
		return nil, nil, err
	}
	remove := func() { _ = os.RemoveAll(dir) }
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the server's own uid walks through it
		remove()
		return nil, nil, err
	}
	s, err := Start(ctx, Config{Dir: dir, BinDir: os.Getenv("VOORDEUR_PG_BIN"), NodeModules: ProjectModules(), Ephemeral: true, Log: log})
	if err != nil {
		remove()
		return nil, nil, err
	}
	return s, func() { _ = s.Stop(); remove() }, nil
}

// ProjectModules finds deployments/postgres/node_modules from the working
// directory upwards, then beside the program; empty when there is none.
func ProjectModules() string {
	var starts []string
	if wd, err := os.Getwd(); err == nil {
		starts = append(starts, wd)
	}
	if exe, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(exe))
	}
	for _, dir := range starts {
		for {
			modules := filepath.Join(dir, "deployments", "postgres", "node_modules")
			if st, err := os.Stat(modules); err == nil && st.IsDir() {
				return modules
			}
			up := filepath.Dir(dir)
			if up == dir {
				break
			}
			dir = up
		}
	}
	return ""
}
