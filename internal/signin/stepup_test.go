package signin_test

import (
	"errors"
	"testing"
	"time"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/fault"
	"voordeur/internal/signin"
)

// TestStepUp: a password or a code renews the session under a new token, and the old one is worth nothing.
func TestStepUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	who := func(kind authz.Kind, s signin.Session) authz.Actor {
		h, err := w.Resolve(t.Context(), kind, s.Token)
		if err != nil {
			t.Fatal(err)
		}
		return h.Actor
	}
	member, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	employee, err := w.VerifySecondFactor(w.half(t).Context(t.Context()), w.code(t, 0), from)
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(16 * time.Minute)
	for name, c := range map[string]struct {
		kind  authz.Kind
		old   signin.Session
		proof signin.Proof
		wrong signin.Proof
	}{
		"customer": {authz.Member, member, signin.Proof{Password: good}, signin.Proof{Password: "niet goed"}},
		"employee": {authz.Employee, employee, signin.Proof{Code: w.code(t, 0)}, signin.Proof{Code: "000000"}},
	} {
		before := who(c.kind, c.old)
		if before.Verified(w.Clock.Now()) {
			t.Errorf("%s: still verified after 16 minutes", name)
		}
		ctx := authz.With(t.Context(), before)
		if _, err := w.StepUp(ctx, c.wrong); err == nil {
			t.Errorf("%s: anything will do", name)
		}
		for _, p := range []signin.Proof{{}, {Password: good, Code: "000000"}} {
			if _, err := w.StepUp(ctx, p); kind(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		next, err := w.StepUp(ctx, c.proof)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if after := who(c.kind, next); !after.Verified(w.Clock.Now()) || after.Session != before.Session || !next.ExpiresAt.Equal(c.old.ExpiresAt) {
			t.Errorf("%s: %+v", name, after)
		}
		if _, err := w.Resolve(t.Context(), c.kind, c.old.Token); !errors.Is(err, authz.ErrNoActor) {
			t.Errorf("%s: the old token still works: %v", name, err)
		}
	}
}

// TestStepUpGuesses: of fifty guesses at once five are looked at, and signing out ends the chance.
func TestStepUpGuesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	ctx := s.Context(t.Context())
	_, lost := race(func(int) error {
		return patiently(func() error { _, err := w.StepUp(ctx, signin.Proof{Password: "niet goed"}); return err })
	})
	looked := 0
	for _, err := range lost {
		if kind(err) == fault.Invalid {
			looked++
		}
	}
	if looked == 0 || looked > signin.DefaultLimits.Account {
		t.Errorf("%d guesses were looked at", looked)
	}
	var refused int
	if err := w.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = 'step_up.refused' AND subject = $1`, w.Member).Scan(&refused); err != nil || refused != looked {
		t.Errorf("%d refusals are written down, want %d (%v)", refused, looked, err)
	}
	w.Clock.Advance(time.Hour)
	if _, err := w.Logout(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.StepUp(ctx, signin.Proof{Password: good}); !errors.Is(err, db.ErrStale) {
		t.Errorf("after signing out: %v", err)
	}
}

// TestStepUpOnce: of fifty at once with the right password one renews the token.
func TestStepUpOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Limits.Account = 1000
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	ctx := s.Context(t.Context())
	w.Clock.Advance(time.Minute)
	won, lost := race(func(int) error {
		return patiently(func() error { _, err := w.StepUp(ctx, signin.Proof{Password: good}); return err })
	})
	for _, err := range lost {
		if !errors.Is(err, db.ErrStale) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d renewed it", won)
	}
}
