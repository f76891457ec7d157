package signin_test

import (
	"context"
	"testing"
	"time"

	"voordeur/internal/authz"
	"voordeur/internal/signin"
)

// TestMostSessions: an account has ten sessions at once, also when fifty devices sign in together; the oldest end.
func TestMostSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Limits.Account, w.Limits.Address = 1000, 1000
	alive := func(kind authz.Kind, sessions []signin.Session) int {
		t.Helper()
		n := 0
		for _, s := range sessions {
			if h, err := w.Resolve(context.Background(), kind, s.Token); err == nil && !h.Half {
				n++
			}
		}
		return n
	}
	customer := func() signin.Session {
		t.Helper()
		s, err := w.login(t.Context(), w.Username, good)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	employee := func() signin.Session {
		t.Helper()
		w.Clock.Advance(time.Minute) // a code opens one session
		half := w.half(t)
		s, err := w.VerifySecondFactor(half.Context(t.Context()), w.code(t, 0), from)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for kind, open := range map[authz.Kind]func() signin.Session{authz.Member: customer, authz.Employee: employee} {
		var sessions []signin.Session
		for range 12 {
			sessions = append(sessions, open())
			w.Clock.Advance(time.Second)
		}
		if old, young := alive(kind, sessions[:2]), alive(kind, sessions[2:]); old != 0 || young != 10 {
			t.Errorf("%v: %d of the two oldest and %d of the ten others live", kind, old, young)
		}
	}

	together := make([]signin.Session, crowd)
	won, lost := race(func(i int) error {
		return patiently(func() error {
			var err error
			together[i], err = w.login(context.Background(), w.Username, good)
			return err
		})
	})
	if won != crowd {
		t.Fatalf("%d signed in; %v", won, lost)
	}
	if n := alive(authz.Member, together); n != 10 {
		t.Errorf("%d of fifty that began together live", n)
	}

	// Who knows the password alone does not push out those who are in.
	inside := []signin.Session{employee()}
	for range 12 {
		w.half(t)
	}
	if alive(authz.Employee, inside) != 1 {
		t.Error("half sessions end a whole one")
	}
}
