//go:build failpoint

package failpoint_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"voordeur/internal/failpoint"
)

func TestMain(m *testing.M) {
	if os.Getenv("FAILPOINT_TEST_CHILD") != "" {
		_ = failpoint.Hit("here")
		_ = failpoint.Hit("here")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestKillAtTheSecondHit(t *testing.T) {
	t.Parallel()
	for points, killed := range map[string]bool{"here=kill@2": true, "here=kill@3": false, "there=kill": false} {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "FAILPOINT_TEST_CHILD=1", "VOORDEUR_FAILPOINTS="+points)
		err := cmd.Run()
		exit, ok := errors.AsType[*exec.ExitError](err)
		if got := ok && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL; got != killed {
			t.Errorf("%s: %v", points, err)
		}
	}
}

func TestFileFiresOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "points")
	t.Setenv("VOORDEUR_FAILPOINTS_FILE", file)
	if err := os.WriteFile(file, []byte("db.before-commit=error\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := failpoint.Hit("db.after-commit"); err != nil {
		t.Error(err)
	}
	if err := failpoint.Hit("db.before-commit"); !errors.Is(err, failpoint.ErrInjected) {
		t.Errorf("armed: %v", err)
	}
	if err := failpoint.Hit("db.before-commit"); err != nil {
		t.Errorf("the second time: %v", err)
	}
}
