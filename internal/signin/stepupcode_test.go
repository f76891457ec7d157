package signin_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"voordeur/internal/authz"
	"voordeur/internal/fault"
	"voordeur/internal/signin"
)

// entered logs the customer in with a code.
func (w *world) entered(t *testing.T) signin.Session {
	t.Helper()
	c, code := w.got(t, w.Username)
	e, err := w.give(t.Context(), c.Token, code)
	if err != nil || e.Session.Token == "" {
		t.Fatalf("%+v %v", e, err)
	}
	return e.Session
}

// confirmation asks for a code to prove it with.
func (w *world) confirmation(t *testing.T, s signin.Session) string {
	t.Helper()
	if err := w.SendStepUpCode(w.known(t, s)); err != nil {
		t.Fatal(err)
	}
	code, _ := w.deliver(t)
	return code
}

// TestStepUpByCode: who has no password proves it with a code that goes where those to log in with go. It works once, in this session, and is no
// code to log in with.
func TestStepUpByCode(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	w.exec(t, `UPDATE portal_members SET password_hash = NULL`)
	s, elsewhere := w.entered(t), w.entered(t)
	w.Clock.Advance(16 * time.Minute)
	ctx := w.known(t, s)
	if ways, err := w.StepUpWays(ctx); err != nil || fmt.Sprint(ways) != "[login_code]" {
		t.Fatalf("%v %v", ways, err)
	}
	prove := func(ctx context.Context, code string) (signin.Session, error) {
		return w.StepUp(ctx, signin.Proof{LoginCode: code})
	}
	if _, err := prove(ctx, "12345678"); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("before one was asked for: %v", err)
	}
	first := w.confirmation(t, s)
	code := w.confirmation(t, s)
	if _, out := w.deliver(t); len(out) != 4 || out[3] != (sent{"sms", "+31612345678"}) {
		t.Errorf("%v", out)
	}
	if _, err := prove(ctx, first); !errors.Is(err, signin.ErrWrongLoginCode) {
		t.Errorf("the one before: %v", err)
	}
	if _, err := prove(w.known(t, elsewhere), code); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("in another session: %v", err)
	}
	c, login := w.got(t, w.Username)
	if _, err := w.give(t.Context(), c.Token, code); !errors.Is(err, signin.ErrWrongLoginCode) {
		t.Errorf("to log in with: %v", err)
	}
	if _, err := prove(ctx, login); !errors.Is(err, signin.ErrWrongLoginCode) {
		t.Errorf("a code to log in with: %v", err)
	}
	won, lost := race(func(int) error { return patiently(func() error { _, err := prove(ctx, code); return err }) })
	if won != 1 {
		t.Fatalf("%d proved it, %v", won, lost[0])
	}
	if _, err := w.Resolve(t.Context(), authz.Member, s.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("the old token still works: %v", err)
	}
	var refused int
	if err := w.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = 'step_up.refused'`).Scan(&refused); err != nil || refused < 2 {
		t.Errorf("%d refusals are written down, %v", refused, err)
	}
}

// TestStepUpCodeGuesses: of any number of guesses five are looked at, a code of more than ten minutes works no longer, and what strangers ask at
// the login keeps nobody from one.
func TestStepUpCodeGuesses(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	s := w.entered(t)
	for range 60 {
		_, _ = w.ask(t.Context(), w.Username)
		w.deliver(t)
		w.Clock.Advance(time.Second)
	}
	ctx := w.known(t, s)
	code := w.confirmation(t, s)
	w.Clock.Advance(signin.CodeLife)
	if _, err := w.StepUp(ctx, signin.Proof{LoginCode: code}); !errors.Is(err, signin.ErrCodeExpired) {
		t.Errorf("too late: %v", err)
	}
	w.exec(t, `DELETE FROM attempts`)
	code = w.confirmation(t, s)
	_, lost := race(func(int) error {
		return patiently(func() error { _, err := w.StepUp(ctx, signin.Proof{LoginCode: "00000000"}); return err })
	})
	looked := 0
	for _, err := range lost {
		if errors.Is(err, signin.ErrWrongLoginCode) || errors.Is(err, signin.ErrCodeSpent) {
			looked++
		}
	}
	if looked != signin.DefaultLimits.Account {
		t.Errorf("%d guesses were looked at", looked)
	}
	w.exec(t, `DELETE FROM attempts`)
	if _, err := w.StepUp(ctx, signin.Proof{LoginCode: code}); !errors.Is(err, signin.ErrCodeSpent) {
		t.Errorf("after five wrong ones: %v", err)
	}
	for range 4 {
		if err := w.SendStepUpCode(ctx); err != nil {
			if kind(err) != fault.TooMany {
				t.Error(err)
			}
			return
		}
	}
	t.Error("codes are sent without end")
}

// TestStepUpWays: who has something better than a code that is sent is asked for that; a code proves nothing where it would not open a session.
func TestStepUpWays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sql, want string
		enrol     bool
	}{
		"a password":                {want: "[password login_code]"},
		"nothing but codes":         {sql: `UPDATE portal_members SET password_hash = NULL`, want: "[login_code]"},
		"no codes at this office":   {sql: `UPDATE organisations SET code_login = false`, want: "[password]"},
		"no way to be reached":      {sql: `UPDATE contacts SET email = '', mobile = ''`, want: "[password]"},
		"a second step for all":     {sql: `UPDATE organisations SET customers_need_second_factor = true`, want: "[password]"},
		"an app":                    {enrol: true, want: "[password code]"},
		"an app and no password":    {enrol: true, sql: `UPDATE portal_members SET password_hash = NULL`, want: "[code]"},
		"nothing, and nobody there": {sql: `UPDATE portal_members SET blocked_at = now()`, want: "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCodes(t)
			var s signin.Session
			if c.enrol {
				_, _, s = w.enrol(t)
			} else {
				s = w.entered(t)
			}
			ctx := w.known(t, s)
			if c.sql != "" {
				w.exec(t, c.sql)
			}
			ways, err := w.StepUpWays(ctx)
			if err != nil || fmt.Sprint(ways) != c.want {
				t.Errorf("got %v, want %s (%v)", ways, c.want, err)
			}
			has := len(ways) > 0 && ways[len(ways)-1] == signin.ProveLoginCode
			if err := w.SendStepUpCode(ctx); has != (err == nil) || err != nil && !errors.Is(err, signin.ErrNoLoginCode) {
				t.Errorf("asked for a code: %v", err)
			}
		})
	}
}
