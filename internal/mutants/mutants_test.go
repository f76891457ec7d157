package mutants_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// fewest is how many mutants there must be.
const fewest = 30

// mutant is one patch: what is wrong with the program it makes, and which tests must say so.
type mutant struct {
	name, why, pkg, run string
	path                string   // of the patch
	files               []string // that it changes
}

const root = "../.."

var (
	header  = regexp.MustCompile(`\A(.+)\npackage: (\./\S+)\nrun: (\S+)\n\n--- a/`)
	changed = regexp.MustCompile(`(?m)^\+\+\+ b/(\S+)`)
)

func mutants(t *testing.T) []mutant {
	t.Helper()
	paths, err := filepath.Glob("testdata/mutants/*.patch")
	if err != nil {
		t.Fatal(err)
	}
	all := make([]mutant, 0, len(paths))
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		head := header.FindSubmatch(raw)
		if head == nil {
			t.Fatalf("%s does not begin with what is wrong, the package and what to run", path)
		}
		m := mutant{name: strings.TrimSuffix(filepath.Base(path), ".patch"), why: string(head[1]), pkg: string(head[2]), run: string(head[3])}
		if m.path, err = filepath.Abs(path); err != nil {
			t.Fatal(err)
		}
		for _, f := range changed.FindAllSubmatch(raw, -1) {
			m.files = append(m.files, string(f[1]))
		}
		all = append(all, m)
	}
	if len(all) < fewest {
		t.Errorf("%d mutants, want at least %d", len(all), fewest)
	}
	return all
}

// apply makes the files of the mutant in a directory of its own, and returns the overlay that has the go command read them instead
// of ours.
func (m mutant) apply(t *testing.T) (string, error) {
	t.Helper()
	dir := t.TempDir()
	overlay := struct {
		Replace map[string]string `json:"Replace"`
	}{map[string]string{}}
	for _, f := range m.files {
		ours, err := filepath.Abs(filepath.Join(root, f))
		if err != nil {
			return "", err
		}
		raw, err := os.ReadFile(ours)
		if err != nil {
			return "", err
		}
		theirs := filepath.Join(dir, f)
		if err := errors.Join(os.MkdirAll(filepath.Dir(theirs), 0o755), os.WriteFile(theirs, raw, 0o644)); err != nil {
			return "", err
		}
		overlay.Replace[ours] = theirs
	}
	apply := exec.CommandContext(t.Context(), "git", "apply", m.path)
	apply.Dir = dir
	apply.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	if out, err := apply.CombinedOutput(); err != nil {
		return "", errors.New(strings.TrimSpace(string(out)))
	}
	raw, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, raw, 0o644)
}

// TestPatchesApply: a check that moved takes its mutant along.
func TestPatchesApply(t *testing.T) {
	t.Parallel()
	for _, m := range mutants(t) {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if _, err := m.apply(t); err != nil {
				t.Errorf("the patch fits no longer; make it again for what the code is now: %v", err)
			}
			for _, f := range m.files {
				if strings.HasSuffix(f, "_test.go") {
					t.Errorf("it changes a test, %s", f)
				}
			}
		})
	}
}

// TestMutants runs the tests that each patch names on the program that it makes. VOORDEUR_MUTANTS chooses: all, or a regular
// expression for the names.
func TestMutants(t *testing.T) { //nolint:tparallel // one after the other: each keeps the machine busy
	t.Parallel()
	which := os.Getenv("VOORDEUR_MUTANTS")
	if which == "" {
		t.Skip("make test-mutants does this")
	}
	if which == "all" {
		which = ""
	}
	chosen := regexp.MustCompile(which)
	var mu sync.Mutex
	caught, tried := 0, 0
	t.Cleanup(func() { t.Logf("%d of %d mutants were caught", caught, tried) })
	for _, m := range mutants(t) {
		if !chosen.MatchString(m.name) {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			from := time.Now()
			overlay, err := m.apply(t)
			if err != nil {
				t.Fatal(err)
			}
			test := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-count=1", "-overlay="+overlay, "-run", m.run, m.pkg)
			test.Dir = root
			out, err := test.CombinedOutput()
			red := bytes.Contains(out, []byte("\n--- FAIL: ")) || bytes.HasPrefix(out, []byte("--- FAIL: "))
			mu.Lock()
			defer mu.Unlock()
			tried++
			switch {
			case err == nil:
				t.Errorf("SURVIVES: %s\nNo test among %s of %s saw it:\n%s", m.why, m.run, m.pkg, out)
			case !red: // it did not build, or the machine had a bad day
				t.Errorf("%s of %s did not run:\n%s", m.run, m.pkg, out)
			default:
				caught++
				t.Logf("caught in %4.1f s: %s", time.Since(from).Seconds(), m.why)
			}
		})
	}
}
