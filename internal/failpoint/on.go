//go:build failpoint

package failpoint

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Enabled reports whether this program can be made to fail.
const Enabled = true

// Two ways to arm points, both as "name=action" separated by commas or lines:
// the variable VOORDEUR_FAILPOINTS, read once, and the file that
// VOORDEUR_FAILPOINTS_FILE names, read at every hit (so a test can arm a point
// in a running program; an armed point in the file fires once).
//
// Actions: "kill" ends the process as kill -9 would, "error" makes Hit return
// ErrInjected, "sleep:2s" waits; "kill@3" acts at the third hit only.
const (
	envPoints = "VOORDEUR_FAILPOINTS"
	envFile   = "VOORDEUR_FAILPOINTS_FILE"
)

var (
	mu     sync.Mutex
	hits   = map[string]int{}
	points = sync.OnceValue(func() map[string]string { return parse(os.Getenv(envPoints)) })
)

func parse(s string) map[string]string {
	set := map[string]string{}
	for _, item := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' }) {
		if name, action, ok := strings.Cut(strings.TrimSpace(item), "="); ok {
			set[name] = action
		}
	}
	return set
}

// Hit acts when the point name is armed.
func Hit(name string) error {
	mu.Lock()
	hits[name]++
	n := hits[name]
	action := points()[name]
	if file := os.Getenv(envFile); action == "" && file != "" {
		raw, _ := os.ReadFile(file)
		if action = parse(string(raw))[name]; action != "" && !strings.Contains(action, "@") {
			_ = os.Remove(file)
		}
	}
	mu.Unlock()
	action, at, counted := strings.Cut(action, "@")
	if want, err := strconv.Atoi(at); counted && (err != nil || want != n) {
		return nil
	}
	kind, arg, _ := strings.Cut(action, ":")
	switch kind {
	case "kill":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "error":
		return fmt.Errorf("%w: %s", ErrInjected, name)
	case "sleep":
		d, _ := time.ParseDuration(arg)
		time.Sleep(d)
	}
	return nil
}
