package sealed_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"voordeur/internal/sealed"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	k, other := sealed.New(), sealed.New()
	box := sealed.Seal(k, "employee.totp:1", []byte("secret"))
	if got, err := sealed.Open(k, "employee.totp:1", box); err != nil || string(got) != "secret" {
		t.Errorf("%q %v", got, err)
	}
	if bytes.Contains(box, []byte("secret")) || bytes.Equal(box, sealed.Seal(k, "employee.totp:1", []byte("secret"))) {
		t.Error("it can be read, or recognised")
	}
	for name, open := range map[string]func() ([]byte, error){
		"another row": func() ([]byte, error) { return sealed.Open(k, "employee.totp:2", box) },
		"another key": func() ([]byte, error) { return sealed.Open(other, "employee.totp:1", box) },
		"cut off":     func() ([]byte, error) { return sealed.Open(k, "employee.totp:1", box[:10]) },
		"nothing":     func() ([]byte, error) { return sealed.Open(k, "employee.totp:1", nil) },
	} {
		if got, err := open(); !errors.Is(err, sealed.ErrOpen) || got != nil {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	for i := range box {
		changed := bytes.Clone(box)
		changed[i] ^= 1
		if _, err := sealed.Open(k, "employee.totp:1", changed); !errors.Is(err, sealed.ErrOpen) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
}

// TestVault: each text has a key of its own; without that key, or in another place, nothing opens it.
func TestVault(t *testing.T) {
	t.Parallel()
	k := sealed.New()
	v := sealed.NewVault(k)
	box, key := v.Lock("audit:1", []byte("Loonstrook"))
	if got, err := sealed.NewVault(k).Unlock("audit:1", box, key); err != nil || string(got) != "Loonstrook" {
		t.Errorf("%q %v", got, err)
	}
	other, otherKey := v.Lock("audit:1", []byte("Loonstrook"))
	if bytes.Contains(box, []byte("Loon")) || bytes.Equal(box, other) || bytes.Equal(key, otherKey) {
		t.Error("it can be read, or recognised")
	}
	changed := bytes.Clone(box)
	changed[0] ^= 1
	short := sealed.Seal(k, "audit:1", []byte("short"))
	for name, try := range map[string]func() ([]byte, error){
		"another place":      func() ([]byte, error) { return v.Unlock("audit:2", box, key) },
		"another text's key": func() ([]byte, error) { return v.Unlock("audit:1", box, otherKey) },
		"another server":     func() ([]byte, error) { return sealed.NewVault(sealed.New()).Unlock("audit:1", box, key) },
		"no key":             func() ([]byte, error) { return v.Unlock("audit:1", box, nil) },
		"no key of ours":     func() ([]byte, error) { return v.Unlock("audit:1", box, short) },
		"a changed box":      func() ([]byte, error) { return v.Unlock("audit:1", changed, key) },
	} {
		if got, err := try(); !errors.Is(err, sealed.ErrOpen) || got != nil {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	k := sealed.New()
	again, err := sealed.Parse(k.String() + "\n")
	if err != nil || sealed.Token(again, "password-link", "1") != sealed.Token(k, "password-link", "1") {
		t.Errorf("the same key gives another token (%v)", err)
	}
	for _, other := range [][32]byte{sealed.Token(k, "password-link", "2"), sealed.Token(k, "ticket", "1"), sealed.Token(sealed.New(), "password-link", "1")} {
		if other == sealed.Token(k, "password-link", "1") {
			t.Error("two things have one token")
		}
	}
	if _, err := sealed.Parse("c2hvcnQ"); err == nil {
		t.Error("a short key passed")
	}
}

// TestFromFile: two first starts at once end with one key, which only the owner may read.
func TestFromFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "key")
	var wg sync.WaitGroup
	keys := make([]sealed.Key, 20)
	for i := range keys {
		wg.Go(func() {
			k, err := sealed.FromFile(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = k
		})
	}
	wg.Wait()
	for _, k := range keys {
		if k != keys[0] || k == (sealed.Key{}) {
			t.Fatal("two keys")
		}
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", st.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
