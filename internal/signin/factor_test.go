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
	"voordeur/internal/dbtest"
	"voordeur/internal/fault"
	"voordeur/internal/signin"
)

// known is the context of a session as a request has it, or fails.
func (w *world) known(t *testing.T, s signin.Session) context.Context {
	t.Helper()
	h, err := w.Resolve(t.Context(), authz.Member, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	return authz.With(t.Context(), h.Actor)
}

// app is what an authenticator app shows, steps from now.
func (w *world) app(t *testing.T, secret string, steps int) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, w.Clock.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// enrol switches the second step of the scene's customer on.
func (w *world) enrol(t *testing.T) (string, []string, signin.Session) {
	t.Helper()
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	ctx := w.known(t, s)
	up, err := w.StartFactor(ctx, signin.Second{})
	if err != nil {
		t.Fatal(err)
	}
	done, err := w.ConfirmFactor(ctx, w.app(t, up.Secret, 0), from)
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute) // on to a code that was not used
	return up.Secret, done.RecoveryCodes, done.Session
}

// TestFactor: set up with a code of the app, then the password opens half a session, which holds nothing; a code makes it whole.
func TestFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil || s.Next != "" {
		t.Fatalf("%v %v", s.Next, err)
	}
	ctx := w.known(t, s)
	if _, err := w.ConfirmFactor(ctx, "000000", from); !errors.Is(err, signin.ErrSetUpNotBegun) {
		t.Errorf("nothing was begun: %v", err)
	}
	up, err := w.StartFactor(ctx, signin.Second{})
	if err != nil || !strings.HasPrefix(up.URI, "otpauth://totp/") || !strings.Contains(up.URI, "secret="+up.Secret) || strings.Contains(up.URI, "+") {
		t.Fatalf("%+v %v", up, err)
	}
	if _, err := w.ConfirmFactor(ctx, "000000", from); kind(err) != fault.Invalid {
		t.Errorf("a wrong code: %v", err)
	}
	if f, err := w.MyFactor(ctx); err != nil || f.Since != nil {
		t.Errorf("on before it was confirmed: %+v %v", f, err)
	}
	done, err := w.ConfirmFactor(ctx, w.app(t, up.Secret, 0), from)
	if err != nil || len(done.RecoveryCodes) != 10 {
		t.Fatalf("%v %v", done.RecoveryCodes, err)
	}
	for _, old := range []signin.Session{other, s} {
		if _, err := w.Resolve(t.Context(), authz.Member, old.Token); !errors.Is(err, authz.ErrNoActor) {
			t.Errorf("a session from before goes on: %v", err)
		}
	}
	if f, err := w.MyFactor(w.known(t, done.Session)); err != nil || f.Since == nil || f.RecoveryCodes != 10 {
		t.Errorf("%+v %v", f, err)
	}

	half, err := w.login(t.Context(), w.Username, good)
	if err != nil || half.Next != signin.NextSecondFactor {
		t.Fatalf("%v %v", half.Next, err)
	}
	h, err := w.Resolve(t.Context(), authz.Member, half.Token)
	if err != nil || !h.Half || !h.Actor.Half || len(h.Actor.Grants) != 0 {
		t.Fatalf("half a session: %+v %v", h, err)
	}
	ctx = authz.With(t.Context(), h.Actor)
	if _, err := w.StartFactor(ctx, signin.Second{}); !errors.Is(err, signin.ErrFactorOn) {
		t.Errorf("the password replaced the factor: %v", err)
	}
	if _, err := w.StartFactor(ctx, signin.Second{Code: w.app(t, up.Secret, 1)}); !errors.Is(err, signin.ErrFactorOn) {
		t.Errorf("half a session replaced the factor: %v", err)
	}
	for name, code := range map[string]string{"the one that confirmed it": w.app(t, up.Secret, 0), "too far ahead": w.app(t, up.Secret, 2), "empty": ""} {
		if _, err := w.VerifyMemberFactor(ctx, signin.Second{Code: code}, from); !errors.Is(err, signin.ErrWrongCode) {
			t.Errorf("%s: %v", name, err)
		}
	}
	whole, err := w.VerifyMemberFactor(ctx, signin.Second{Code: w.app(t, up.Secret, 1)}, from)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := w.Resolve(t.Context(), authz.Member, whole.Token); err != nil || h.Half || !h.Actor.May(authz.PortalDossierRead) || !h.Actor.Verified(w.Clock.Now()) {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := w.Resolve(t.Context(), authz.Member, half.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("half a session goes on: %v", err)
	}
	w.exec(t, `UPDATE second_factors SET id = $1, last_step = 0 WHERE member_id = $2`, uuid.Must(uuid.NewV7()), w.Member)
	half, err = w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.VerifyMemberFactor(w.known(t, half), signin.Second{Code: w.app(t, up.Secret, 0)}, from); err == nil || kind(err) == fault.Unauthenticated {
		t.Errorf("a secret that was moved to another row still opens: %v", err)
	}
}

// TestFactorSurvivesReset: a link for a new password does not skip the second step.
func TestFactorSurvivesReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enrol(t)
	if err := w.RedeemLink(t.Context(), w.link(t), "groene "+good); err != nil {
		t.Fatal(err)
	}
	s, err := w.login(t.Context(), w.Username, "groene "+good)
	if err != nil || s.Next != signin.NextSecondFactor {
		t.Errorf("%q %v", s.Next, err)
	}
}

// TestRecoveryCodes: each works once, however it is typed over; new ones end the old ones; nothing of them is stored.
func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, codes, session := w.enrol(t)
	enter := func(code string) error {
		s, err := w.login(t.Context(), w.Username, good)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.VerifyMemberFactor(w.known(t, s), signin.Second{Recovery: code}, from)
		return err
	}
	sloppy := strings.NewReplacer("-", " ", "O", "0", "I", "1", "B", "8").Replace(strings.ToLower(codes[0])) + " "
	if err := enter(sloppy); err != nil {
		t.Errorf("typed over: %v", err)
	}
	for name, code := range map[string]string{"again": codes[0], "cut short": codes[1][:20], "made up": "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"} {
		if err := enter(code); !errors.Is(err, signin.ErrWrongCode) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx := w.known(t, session)
	if f, err := w.MyFactor(ctx); err != nil || f.RecoveryCodes != 9 {
		t.Errorf("%+v %v", f, err)
	}
	if _, err := w.RenewRecoveryCodes(ctx, "000000", from); kind(err) != fault.Invalid {
		t.Errorf("without a code: %v", err)
	}
	fresh, err := w.RenewRecoveryCodes(ctx, w.app(t, secret, 0), from)
	if err != nil || len(fresh) != 10 {
		t.Fatal(err)
	}
	if err := enter(codes[1]); !errors.Is(err, signin.ErrWrongCode) {
		t.Errorf("an old one: %v", err)
	}
	if err := enter(fresh[0]); err != nil {
		t.Errorf("a new one: %v", err)
	}
	var stored int
	if err := w.Root.QueryRow(`SELECT count(*) FROM recovery_codes WHERE length(code_hash) <> 32 OR position($1 in encode(code_hash, 'escape')) > 0`, fresh[1]).Scan(&stored); err != nil || stored != 0 {
		t.Errorf("%d are stored as they are (%v)", stored, err)
	}
}

// TestFactorOff: only with a code, and not where the office wants it on; another telephone is set up with a code of the old one.
func TestFactorOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, codes, s := w.enrol(t)
	ctx := w.known(t, s)
	if _, err := w.RemoveFactor(ctx, signin.Second{Code: "000000"}, from); kind(err) != fault.Invalid {
		t.Errorf("without a code: %v", err)
	}
	w.exec(t, `UPDATE organisations SET customers_need_second_factor = true WHERE organisation_id = $1`, w.Organisation)
	if _, err := w.RemoveFactor(ctx, signin.Second{Code: w.app(t, secret, 0)}, from); !errors.Is(err, signin.ErrFactorMandatory) {
		t.Errorf("though the office wants it: %v", err)
	}
	if _, err := w.StartFactor(ctx, signin.Second{}); !errors.Is(err, signin.ErrFactorOn) {
		t.Errorf("replaced without a code: %v", err)
	}
	up, err := w.StartFactor(ctx, signin.Second{Recovery: codes[0]})
	if err != nil || up.Secret == secret {
		t.Fatal(err)
	}
	done, err := w.ConfirmFactor(ctx, w.app(t, up.Secret, 0), from)
	if err != nil {
		t.Fatal(err)
	}
	ctx = w.known(t, done.Session)
	w.Clock.Advance(time.Minute)
	w.exec(t, `UPDATE organisations SET customers_need_second_factor = false WHERE organisation_id = $1`, w.Organisation)
	if _, err := w.RemoveFactor(ctx, signin.Second{Code: w.app(t, secret, 0)}, from); kind(err) != fault.Invalid {
		t.Errorf("the old telephone still counts: %v", err)
	}
	if _, err := w.RemoveFactor(ctx, signin.Second{Code: w.app(t, up.Secret, 0)}, from); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Resolve(t.Context(), authz.Member, done.Session.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("the old token goes on: %v", err)
	}
	if s, err := w.login(t.Context(), w.Username, good); err != nil || s.Next != "" {
		t.Errorf("%q %v", s.Next, err)
	}
	var told int
	if err := w.Root.QueryRow(`SELECT count(*) FROM mails WHERE kind = 'security_notice' AND payload->>'what' IN ('factor_on', 'factor_off')`).Scan(&told); err != nil || told != 3 {
		t.Errorf("%d notices, want 3 (%v)", told, err)
	}
}

// TestFactorMandatory: who has none yet is led through setting it up right after the password, and reaches nothing else before.
func TestFactorMandatory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `UPDATE organisations SET customers_need_second_factor = true WHERE organisation_id = $1`, w.Organisation)
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil || s.Next != signin.NextSetUp {
		t.Fatalf("%q %v", s.Next, err)
	}
	ctx := w.known(t, s)
	if _, err := w.VerifyMemberFactor(ctx, signin.Second{Code: "000000"}, from); !errors.Is(err, signin.ErrWrongCode) {
		t.Errorf("there is none: %v", err)
	}
	up, err := w.StartFactor(ctx, signin.Second{})
	if err != nil {
		t.Fatal(err)
	}
	done, err := w.ConfirmFactor(ctx, w.app(t, up.Secret, 0), from)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := w.Resolve(t.Context(), authz.Member, done.Session.Token); err != nil || h.Half {
		t.Errorf("%+v %v", h, err)
	}
}

// TestFactorRaces: of fifty at once one uses a code, one uses a recovery code, one confirms; of fifty guesses five are looked at.
func TestFactorRaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Limits.Account, w.Limits.Address = 1000, 10000
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	ctx := w.known(t, s)
	up, err := w.StartFactor(ctx, signin.Second{})
	if err != nil {
		t.Fatal(err)
	}
	code := w.app(t, up.Secret, 0)
	var codes []string
	won, _ := race(func(int) error {
		done, err := w.ConfirmFactor(ctx, code, from)
		if err == nil {
			codes = done.RecoveryCodes
		}
		return err
	})
	if won != 1 {
		t.Fatalf("%d confirmed", won)
	}
	w.Clock.Advance(time.Minute)
	halves := make([]signin.Session, crowd)
	begin := func() {
		for i := range halves {
			s, err := w.login(t.Context(), w.Username, good)
			if err != nil {
				t.Fatal(err)
			}
			halves[i] = s
		}
	}
	for name, in := range map[string]signin.Second{"code": {Code: w.app(t, up.Secret, 0)}, "recovery code": {Recovery: codes[3]}} {
		begin()
		won, lost := race(func(i int) error {
			_, err := w.VerifyMemberFactor(halves[i].Context(t.Context()), in, from)
			return err
		})
		if won != 1 {
			t.Errorf("%s: %d came in", name, won)
		}
		for _, err := range lost {
			if !errors.Is(err, signin.ErrWrongCode) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	begin()
	w.Limits.Account = signin.DefaultLimits.Account
	w.exec(t, `DELETE FROM attempts`)
	looked := 0
	_, lost := race(func(i int) error {
		_, err := w.VerifyMemberFactor(halves[i].Context(t.Context()), signin.Second{Code: "000000"}, from)
		return err
	})
	for _, err := range lost {
		if errors.Is(err, signin.ErrWrongCode) {
			looked++
		}
	}
	if looked == 0 || looked > 5 {
		t.Errorf("%d guesses were looked at", looked)
	}
}

func TestDevice(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0": "Edge, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36":                  "Chrome, Android",
		"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0":                                                    "Firefox, Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15":        "Safari, Mac",
		"curl/8.0": "",
	} {
		if got := (signin.Client{UserAgent: agent}).Device(); got != want {
			t.Errorf("%s: %q, want %q", agent, got, want)
		}
	}
}

// TestFactorReset: the office begins it, a day passes, the customer hears of it at once and can stop it; nothing makes it faster.
func TestFactorReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	office := dbtest.EmployeeAs(w.Organisation, w.Employee)
	if _, err := w.StartReset(office, w.Member); !errors.Is(err, signin.ErrFactorOff) {
		t.Errorf("there is nothing to take away: %v", err)
	}
	if _, err := w.StopReset(office, w.Member); !errors.Is(err, signin.ErrResetNotRunning) {
		t.Errorf("there is nothing to stop: %v", err)
	}
	_, _, s := w.enrol(t)
	begin := func() string {
		v, err := w.StartReset(office, w.Member)
		if err != nil || v.ResetDueAt == nil || v.ResetDueAt.Sub(w.Clock.Now().Add(24*time.Hour)).Abs() > time.Second {
			t.Fatalf("%+v %v", v.ResetDueAt, err)
		}
		var id uuid.UUID
		if err := w.Root.QueryRow(`SELECT (payload->>'reset')::uuid FROM mails WHERE payload->>'what' = 'reset_begun' ORDER BY id DESC LIMIT 1`).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return signin.ResetToken(w.Key, id)
	}
	next := func() signin.NextStep {
		s, err := w.login(t.Context(), w.Username, good)
		if err != nil {
			t.Fatal(err)
		}
		return s.Next
	}
	link := begin()
	if _, err := w.StartReset(office, w.Member); !errors.Is(err, signin.ErrResetRunning) {
		t.Errorf("twice: %v", err)
	}
	if err := w.StopResetByLink(t.Context(), strings.Repeat("x", 43)); !errors.Is(err, signin.ErrLinkUnknown) {
		t.Errorf("somebody else's link: %v", err)
	}
	if err := w.StopResetByLink(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	if err := w.StopResetByLink(t.Context(), link); !errors.Is(err, signin.ErrResetNotRunning) {
		t.Errorf("stopped twice: %v", err)
	}
	w.Clock.Advance(25 * time.Hour)
	if got := next(); got != signin.NextSecondFactor {
		t.Errorf("stopped by the link, and yet %q", got)
	}
	begin()
	if err := w.StopMyReset(s.Context(t.Context())); err != nil {
		t.Fatal(err)
	}
	begin()
	if _, err := w.StopReset(office, w.Member); err != nil {
		t.Fatal(err)
	}
	link = begin()
	w.Clock.Advance(24*time.Hour - time.Second)
	if got := next(); got != signin.NextSecondFactor {
		t.Errorf("a second too early: %q", got)
	}
	w.Clock.Advance(time.Second)
	if got := next(); got != "" {
		t.Errorf("a day later: %q", got)
	}
	if err := w.StopResetByLink(t.Context(), link); !errors.Is(err, signin.ErrResetNotRunning) {
		t.Errorf("too late: %v", err)
	}
	var told, written int
	err := w.Root.QueryRow(`SELECT (SELECT count(*) FROM mails WHERE payload->>'what' LIKE 'reset%'), (SELECT count(*) FROM audit_events WHERE name LIKE 'second_factor.reset%')`).Scan(&told, &written)
	if err != nil || told != 8 || written != 8 {
		t.Errorf("%d notices and %d entries, want 8 of each: %v", told, written, err)
	}
	w.enrol(t)
	w.exec(t, `UPDATE contacts SET email = '' WHERE organisation_id = $1`, w.Organisation)
	if _, err := w.StartReset(office, w.Member); kind(err) != fault.Conflict {
		t.Errorf("nobody could be told: %v", err)
	}
}
