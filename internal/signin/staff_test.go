package signin_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/signin"
)

// staffLink makes a link for an employee, sent now.
func (w *world) staffLink(t *testing.T, who uuid.UUID) string {
	t.Helper()
	id, err := db.Write(dbtest.Employee(w.Organisation), w.Database.DB, authz.EmployeeWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		id, err := signin.IssueEmployeeLink(tx, w.Key, who, member.Activation)
		return id, event.None, err
	})
	if err != nil {
		t.Fatal(err)
	}
	now := w.Clock.Now()
	w.exec(t, `UPDATE employee_links SET sent_at = $1, expires_at = $2 WHERE id = $3`, now, now.Add(signin.LinkLife), id)
	return signin.EmployeeLinkToken(w.Key, id)
}

func (w *world) emailOf(t *testing.T, who uuid.UUID) string {
	t.Helper()
	var email string
	if err := w.Root.QueryRow(`SELECT email FROM employees WHERE id = $1`, who).Scan(&email); err != nil {
		t.Fatal(err)
	}
	return email
}

// TestJoining: the link, a password of ten characters, the app, and only then the office. A recovery code takes the place of the app once.
func TestJoining(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	who := dbtest.AddEmployee(t, w.Root, w.Organisation, "adviser")
	email, first := w.emailOf(t, who), w.staffLink(t, who)
	token := w.staffLink(t, who)
	if l, err := w.InspectEmployeeLink(t.Context(), first); err != nil || l.State != member.LinkReplaced {
		t.Errorf("%+v %v", l, err)
	}
	for range 50 { // however often a scanner looks
		if l, err := w.InspectEmployeeLink(t.Context(), token); err != nil || l.State != member.LinkUsable || l.Username != email {
			t.Fatalf("%+v %v", l, err)
		}
	}
	if _, err := w.InspectLink(t.Context(), token); !errors.Is(err, signin.ErrLinkUnknown) {
		t.Errorf("the link of an employee opens the portal: %v", err)
	}
	if err := w.RedeemEmployeeLink(t.Context(), token, "olifantje"); code(err) != "password-too-short" {
		t.Errorf("nine characters: %v", err)
	}
	const password = "olifantjes"
	won, lost := race(func(int) error {
		return patiently(func() error { return w.RedeemEmployeeLink(context.Background(), token, password) })
	})
	if won != 1 {
		t.Errorf("the link worked %d times", won)
	}
	for _, err := range lost {
		if !errors.Is(err, signin.ErrLinkUsed) {
			t.Errorf("lost: %v", err)
		}
	}

	login := func() signin.Session {
		t.Helper()
		s, err := w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: email, Password: password, Client: from})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	half := login()
	if h, err := w.Resolve(t.Context(), authz.Employee, half.Token); err != nil || !half.Enrol || !h.Half || len(h.Actor.Grants) != 0 {
		t.Fatalf("before enrolling: %+v %v", h, err)
	}
	if _, err := w.VerifySecondFactor(half.Context(t.Context()), "000000", from); !errors.Is(err, signin.ErrWrongCode) {
		t.Errorf("there is nothing to verify: %v", err)
	}
	if _, _, err := w.ConfirmEnrolment(half.Context(t.Context()), "000000", from); !errors.Is(err, signin.ErrWrongCode) {
		t.Errorf("enrolled without a key: %v", err)
	}
	e, err := w.StartEnrolment(half.Context(t.Context()))
	if err != nil || !strings.Contains(e.URI, "secret="+e.Secret) || strings.Contains(e.URI, "+") || len(e.Secret) != 32 {
		t.Fatalf("%+v %v", e, err)
	}
	shown := func(secret string) string {
		c, err := totp.GenerateCode(secret, w.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	full, codes, err := w.ConfirmEnrolment(half.Context(t.Context()), shown(e.Secret), from)
	if err != nil || len(codes) != 10 || full.Token == half.Token || full.Device == "" {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	if h, err := w.Resolve(t.Context(), authz.Employee, full.Token); err != nil || h.Half || !h.Actor.May(authz.DossierWrite) || h.Actor.May(authz.EmployeeWrite) {
		t.Errorf("after enrolling: %+v %v", h, err)
	}
	again := login()
	if again.Enrol {
		t.Error("asked to enrol twice")
	}
	if _, err := w.StartEnrolment(again.Context(t.Context())); !errors.Is(err, signin.ErrFactorSet) {
		t.Errorf("the password alone replaces the factor: %v", err)
	}
	if _, _, err := w.ConfirmEnrolment(again.Context(t.Context()), shown(e.Secret), from); !errors.Is(err, signin.ErrFactorSet) {
		t.Errorf("the password alone replaces the factor: %v", err)
	}
	if _, err := w.VerifySecondFactor(again.Context(t.Context()), shown(e.Secret), from); !errors.Is(err, signin.ErrWrongCode) {
		t.Errorf("the code that enrolled works again: %v", err)
	}

	// A recovery code as people type it, at fifty devices at once: one comes in.
	halves := make([]signin.Session, crowd)
	w.Limits.Account = 1000
	for i := range halves {
		halves[i] = login()
	}
	typed := strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))
	won, _ = race(func(i int) error {
		_, err := w.VerifySecondFactor(halves[i].Context(context.Background()), typed, from)
		return err
	})
	if won != 1 {
		t.Errorf("the recovery code worked %d times", won)
	}
	var kept int
	if err := w.Root.QueryRow(`SELECT count(*) FROM employee_recovery_codes WHERE employee_id = $1 AND used_at IS NULL`, who).Scan(&kept); err != nil || kept != 9 {
		t.Errorf("%d codes are left: %v", kept, err)
	}

	// A forgotten password never skips the second factor, and ends every session.
	if err := w.RedeemEmployeeLink(t.Context(), w.staffLink(t, who), "neushoorntjes"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Resolve(t.Context(), authz.Employee, full.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("the session outlives the password: %v", err)
	}
	s, err := w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: email, Password: "neushoorntjes", Client: from})
	if err != nil || s.Enrol {
		t.Errorf("enrols after a reset: %v", err)
	}
	if h, err := w.Resolve(t.Context(), authz.Employee, s.Token); err != nil || !h.Half {
		t.Errorf("the reset skips the second factor: %+v %v", h, err)
	}
}

func code(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Code
	}
	return ""
}

// TestStaffLinkAge: 48 hours to the second, also for somebody who is blocked meanwhile.
func TestStaffLinkAge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	who := dbtest.AddEmployee(t, w.Root, w.Organisation, "viewer")
	token := w.staffLink(t, who)
	w.Clock.Advance(48*time.Hour - time.Second)
	if l, err := w.InspectEmployeeLink(t.Context(), token); err != nil || l.State != member.LinkUsable {
		t.Errorf("%+v %v", l, err)
	}
	w.Clock.Advance(time.Second)
	if err := w.RedeemEmployeeLink(t.Context(), token, "olifantjes"); !errors.Is(err, signin.ErrLinkExpired) {
		t.Errorf("after 48 hours: %v", err)
	}
	token = w.staffLink(t, who)
	w.exec(t, `UPDATE employees SET blocked_at = now() WHERE id = $1`, who)
	if err := w.RedeemEmployeeLink(t.Context(), token, "olifantjes"); !errors.Is(err, signin.ErrLinkUnknown) {
		t.Errorf("blocked: %v", err)
	}
}

// knownBy is a browser that keeps device.
func knownBy(c signin.Client, device string) signin.Client {
	c.Known = device
	return c
}

// TestNobodyLocksAColleagueOut: wrong passwords and wrong codes from elsewhere make strangers wait. A browser in which the employee
// signed in before comes in all the while, and an open session goes on.
func TestNobodyLocksAColleagueOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	half := w.half(t)
	known, err := w.VerifySecondFactor(half.Context(t.Context()), w.code(t, 0), from)
	if err != nil {
		t.Fatal(err)
	}
	login := func(email, password, device string) (signin.Session, error) {
		return w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: email, Password: password, Client: knownBy(from, device)})
	}
	for range 60 { // also from the same address: a colleague at the same office
		_, _ = login(w.email, "a guess", "")
	}
	if _, err := login(w.email, good, ""); kind(err) != fault.TooMany {
		t.Fatalf("a stranger does not wait: %v", err)
	}
	if _, err := w.Resolve(t.Context(), authz.Employee, known.Token); err != nil {
		t.Errorf("the open session ended: %v", err)
	}
	w.Clock.Advance(time.Minute)
	s, err := login(w.email, good, known.Device)
	if err != nil {
		t.Fatalf("the known browser is kept out: %v", err)
	}
	for range 10 { // somebody has the password, and guesses codes without end
		w.exec(t, `DELETE FROM attempts WHERE key LIKE 'login:%'`)
		other, err := login(w.email, good, "")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.VerifySecondFactor(other.Context(t.Context()), "000000", from)
	}
	if _, err := w.VerifySecondFactor(s.Context(t.Context()), w.code(t, 0), from); kind(err) != fault.TooMany {
		t.Errorf("codes are not counted: %v", err)
	}
	again, err := w.VerifySecondFactor(s.Context(t.Context()), w.code(t, 0), knownBy(from, known.Device))
	if err != nil || again.Device != known.Device {
		t.Errorf("the known browser is kept out at the code: %v", err)
	}

	// The mark is of one employee only, cannot be made up, and gives five tries of its own.
	for _, device := range []string{"", "x", "." + known.Device, known.Device + "x", strings.Repeat("A", 22) + "." + strings.Repeat("A", 43)} {
		for range 10 {
			_, err = login(w.email, "a guess", device)
		}
		if kind(err) != fault.TooMany {
			t.Errorf("%q takes tries of its own: %v", device, err)
		}
	}
	colleague := dbtest.AddEmployee(t, w.Root, w.Organisation, "adviser")
	for range 10 {
		_, _ = login(w.emailOf(t, colleague), "a guess", known.Device)
	}
	var counted int
	if err := w.Root.QueryRow(`SELECT count(*) FROM attempts WHERE key = $1`, "login:account:employee:"+w.emailOf(t, colleague)).Scan(&counted); err != nil || counted != 1 {
		t.Errorf("the mark of another is believed: %v", err)
	}
	if _, err = login(w.email, "a guess", known.Device); !errors.Is(err, signin.ErrWrongCredentials) {
		t.Error(err)
	}
	for range 10 {
		_, err = login(w.email, "a guess", known.Device)
	}
	if kind(err) != fault.TooMany {
		t.Errorf("a known browser guesses without end: %v", err)
	}
}
