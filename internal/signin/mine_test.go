package signin_test

import (
	"errors"
	"testing"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/signin"
)

const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1"

// TestMySessions: a customer sees where the login is open, ends one, ends all others; a device that is new is told by mail, once.
func TestMySessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	on := func(agent string) signin.Session {
		s, err := w.MemberLogin(t.Context(), signin.MemberLogin{Office: w.Slug, Username: w.Username, Password: good, Client: signin.Client{IP: "192.0.2.1", UserAgent: agent}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	told := func() int {
		var n int
		if err := w.Root.QueryRow(`SELECT count(*) FROM mails WHERE payload->>'what' = 'new_device'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	alive := func(s signin.Session) bool {
		_, err := w.Resolve(t.Context(), authz.Member, s.Token)
		return err == nil
	}
	first := on("test")
	if told() != 0 {
		t.Error("the very first login is no new device")
	}
	second, third := on(phone), on(phone)
	if n := told(); n != 1 {
		t.Errorf("%d notices of a new device", n)
	}
	ctx := w.known(t, first)
	all, err := w.MySessions(ctx)
	if err != nil || len(all) != 3 || all[0].Device != "Safari, iPhone" {
		t.Fatalf("%+v %v", all, err)
	}
	for _, one := range all {
		if one.This != (one.ID == first.Actor.Session) {
			t.Errorf("%+v", one)
		}
	}
	if err := w.EndMySession(ctx, second.Actor.Session); err != nil || alive(second) {
		t.Errorf("still open: %v", err)
	}
	if err := w.EndMySession(ctx, second.Actor.Session); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if err := w.EndMySession(ctx, w.half(t).Actor.Session); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := w.EndOtherSessions(ctx); err != nil || alive(third) || !alive(first) {
		t.Errorf("the others, and only they, end: %v", err)
	}
}
