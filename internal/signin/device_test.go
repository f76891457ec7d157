package signin_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/fault"
	"voordeur/internal/signin"
)

// TestNobodyLocksACustomerOut: wrong passwords and codes that strangers ask make strangers wait. A browser in which the customer signed in before
// comes in all the while, with a password and with a code.
func TestNobodyLocksACustomerOut(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	login := func(username, password, device string) (signin.Session, error) {
		return w.MemberLogin(t.Context(), signin.MemberLogin{Office: w.Slug, Username: username, Password: password, Client: knownBy(from, device)})
	}
	known, err := login(w.Username, good, "")
	if err != nil || known.Device == "" {
		t.Fatalf("%+v %v", known, err)
	}
	for range 60 { // also from the same address: behind the router of a whole street
		_, _ = login(w.Username, "a guess", "")
	}
	if _, err := login(w.Username, good, ""); kind(err) != fault.TooMany {
		t.Fatalf("a stranger does not wait: %v", err)
	}
	again, err := login(w.Username, good, known.Device)
	if err != nil || again.Device != known.Device {
		t.Fatalf("the known browser is kept out: %v", err)
	}

	// The mark is of one customer only, cannot be made up, and gives five tries of its own.
	for _, device := range []string{"x", "." + known.Device, known.Device + "x", strings.Repeat("A", 22) + "." + strings.Repeat("A", 43)} {
		if _, err := login(w.Username, good, device); kind(err) != fault.TooMany {
			t.Errorf("%q takes tries of its own: %v", device, err)
		}
	}
	w.exec(t, `DELETE FROM attempts`)
	_, partner, _ := dbtest.AddMember(t, w.Root, w.Organisation, w.Client, "Ineke")
	var hash, theirs string
	if err := w.Root.QueryRow(`SELECT m.password_hash, p.username FROM portal_members m, portal_members p WHERE m.id = $1 AND p.id = $2`, w.Member, partner).Scan(&hash, &theirs); err != nil {
		t.Fatal(err)
	}
	w.exec(t, `UPDATE portal_members SET password_hash = $1 WHERE id = $2`, hash, partner)
	for range 10 {
		_, err = login(theirs, "a guess", known.Device)
	}
	if kind(err) != fault.TooMany {
		t.Errorf("the mark of another is believed: %v", err)
	}
	for range 10 {
		_, err = login(w.Username, "a guess", known.Device)
	}
	if kind(err) != fault.TooMany {
		t.Errorf("a known browser guesses without end: %v", err)
	}

	// One tablet, two people: it is known to both.
	w.exec(t, `DELETE FROM attempts`)
	both, err := login(theirs, good, known.Device)
	if err != nil || both.Device == known.Device {
		t.Fatal(err)
	}
	for range 6 {
		_, _ = login(w.Username, "a guess", "")
		_, _ = login(theirs, "a guess", "")
	}
	for _, name := range []string{w.Username, theirs} {
		if _, err := login(name, good, both.Device); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNobodyKeepsACustomerFromACode: however many codes strangers ask for a name, in all ways of writing it, a known browser gets one, by text
// message too, and comes in by it.
func TestNobodyKeepsACustomerFromACode(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	known, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(name, device string) (signin.Challenge, error) {
		return w.RequestCode(t.Context(), signin.CodeRequest{Office: w.Slug, Name: name, Client: knownBy(from, device)})
	}
	for range 60 {
		for _, name := range []string{w.Username, "eva@post.example"} {
			_, _ = ask(name, "")
		}
		_, _ = w.give(t.Context(), "", "12345678")
		w.deliver(t)
		w.Clock.Advance(5 * time.Minute)
	}
	if _, err := ask(w.Username, ""); kind(err) != fault.TooMany {
		t.Fatalf("a stranger does not wait: %v", err)
	}
	_, before := w.deliver(t)
	c, err := ask(w.Username, known.Device)
	if err != nil {
		t.Fatalf("the known browser is kept out: %v", err)
	}
	code, after := w.deliver(t)
	if len(after) != len(before)+1 || after[len(after)-1].by != "sms" {
		t.Fatalf("%d messages before, %d after: %v", len(before), len(after), after[len(after)-1:])
	}
	in, err := w.VerifyCode(t.Context(), signin.CodeProof{Office: w.Slug, Token: c.Token, Code: code, Client: knownBy(from, known.Device)})
	if err != nil || in.Session.Device != known.Device {
		t.Fatalf("%+v %v", in, err)
	}
	for range 4 {
		_, err = ask(w.Username, known.Device)
	}
	if kind(err) != fault.TooMany {
		t.Errorf("a known browser asks without end: %v", err)
	}
	other := dbtest.AddScene(t, w.Root)
	if _, err := ask(other.Username, known.Device); err != nil {
		t.Error(err)
	}
	var marked int
	if err := w.Root.QueryRow(`SELECT count(*) FROM login_challenges WHERE known_for IS NOT NULL AND known_for <> $1`, w.Member).Scan(&marked); err != nil || marked != 0 {
		t.Errorf("%d are taken for somebody else's, %v", marked, err)
	}
}

// TestNobodyLocksTheSecondStepOfACustomer: who has the password and guesses codes keeps a known browser from nothing.
func TestNobodyLocksTheSecondStepOfACustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, _, known := w.enrol(t)
	half := func() authz.Actor {
		s, err := w.login(t.Context(), w.Username, good)
		if err != nil {
			t.Fatal(err)
		}
		return s.Actor
	}
	for range 6 {
		_, _ = w.VerifyMemberFactor(authz.With(t.Context(), half()), signin.Second{Code: "000000"}, from)
	}
	w.Clock.Advance(time.Minute)
	mine := authz.With(t.Context(), half())
	if _, err := w.VerifyMemberFactor(mine, signin.Second{Code: w.app(t, secret, 0)}, from); kind(err) != fault.TooMany {
		t.Errorf("codes are not counted: %v", err)
	}
	if _, err := w.VerifyMemberFactor(mine, signin.Second{Code: "000000"}, knownBy(from, known.Device)); !errors.Is(err, signin.ErrWrongCode) {
		t.Errorf("the known browser has no tries of its own: %v", err)
	}
	if s, err := w.VerifyMemberFactor(mine, signin.Second{Code: w.app(t, secret, 0)}, knownBy(from, known.Device)); err != nil || s.Device != known.Device {
		t.Errorf("the known browser is kept out: %v", err)
	}
}
