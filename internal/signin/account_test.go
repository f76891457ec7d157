package signin_test

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oauth2-proxy/mockoidc"
	"github.com/pquerna/otp/totp"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/signin"
)

// at signs the employee in with both steps, in a browser that calls itself agent.
func (w *world) at(t *testing.T, agent, device string) signin.Session {
	t.Helper()
	w.Clock.Advance(time.Minute) // a code works once
	c := signin.Client{IP: "192.0.2.9", UserAgent: agent}
	half, err := w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: w.email, Password: good, Client: knownBy(c, device)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.VerifySecondFactor(half.Context(t.Context()), w.code(t, 0), knownBy(c, device))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *world) employee(t *testing.T, s signin.Session) context.Context {
	t.Helper()
	h, err := w.Resolve(t.Context(), authz.Employee, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	return authz.With(t.Context(), h.Actor)
}

// noticed counts the notices about what.
func (w *world) noticed(t *testing.T, what string) int {
	t.Helper()
	var n int
	if err := w.Root.QueryRow(`SELECT count(*) FROM mails WHERE payload->>'what' = $1 AND payload->>'employee' = $2 AND recipient = $3`, what, w.Employee.String(), w.email).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestEmployeeSessions: an employee sees where the login is open, ends one, ends all others; a device that is new is told by mail, and one
// that keeps the mark of an earlier sign-in is not new.
func TestEmployeeSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.at(t, "test", "")
	if w.noticed(t, "new_device") != 0 {
		t.Error("the very first login is no new device")
	}
	second, third := w.at(t, phone, ""), w.at(t, phone, "")
	if n := w.noticed(t, "new_device"); n != 1 {
		t.Errorf("%d notices of a new device", n)
	}
	fourth := w.at(t, "Firefox/140.0 (Windows)", first.Device)
	if n := w.noticed(t, "new_device"); n != 1 {
		t.Errorf("%d notices, one about a browser that changed its name", n)
	}
	ctx := w.employee(t, first)
	all, err := w.MySessions(ctx)
	if err != nil || len(all) != 4 || !all[0].This || all[1].Device != "Firefox, Windows" || all[2].Device != "Safari, iPhone" {
		t.Fatalf("%+v %v", all, err)
	}
	alive := func(s signin.Session) bool {
		_, err := w.Resolve(t.Context(), authz.Employee, s.Token)
		return err == nil
	}
	if err := w.EndMySession(ctx, second.Actor.Session); err != nil || alive(second) {
		t.Errorf("still open: %v", err)
	}
	eva, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.EndMySession(ctx, eva.Actor.Session); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("a customer's: %v", err)
	}
	if err := w.EndOtherSessions(ctx); err != nil || alive(third) || alive(fourth) || !alive(first) {
		t.Errorf("the others, and only they, end: %v", err)
	}
	if _, err := w.Resolve(t.Context(), authz.Member, eva.Token); err != nil {
		t.Error("the customer was signed out")
	}
}

// TestEmployeeChangesPassword: ten characters beside the second factor; other sessions end, links die, and a mail says so.
func TestEmployeeChangesPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here, elsewhere := w.at(t, "test", ""), w.at(t, "test", "")
	ctx, link := w.employee(t, here), w.staffLink(t, w.Employee)
	for name, c := range map[string]struct{ current, next, want string }{
		"wrong":  {"no", "een heel ander wachtwoord", "/currentPassword wrong-password"},
		"short":  {good, "olifantje", "/newPassword password-too-short"},
		"common": {good, "wachtwoord1", "/newPassword password-too-common"},
		"own":    {good, strings.Split(w.email, "@")[0], "/newPassword password-too-common"},
	} {
		if _, err := w.ChangePassword(ctx, c.current, c.next, from); field(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	next, err := w.ChangePassword(ctx, good, "olifantjes", from)
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]bool{here.Token: false, elsewhere.Token: false, next.Token: true} {
		if _, err := w.Resolve(t.Context(), authz.Employee, s); (err == nil) != want {
			t.Errorf("want %t: %v", want, err)
		}
	}
	if err := w.RedeemEmployeeLink(t.Context(), link, "andere olifanten"); !errors.Is(err, signin.ErrLinkReplaced) {
		t.Errorf("an older link: %v", err)
	}
	var mails int
	if err := w.Root.QueryRow(`SELECT count(*) FROM mails WHERE kind = 'employee_password_set' AND recipient = $1`, w.email).Scan(&mails); err != nil || mails != 1 {
		t.Errorf("%d mails, %v", mails, err)
	}
	if _, err := w.login(t.Context(), w.Username, good); err != nil {
		t.Errorf("the customer's password changed too: %v", err)
	}
}

// TestEmployeeFactor: a new telephone takes the place of the old one for a code of the old one or a recovery code; then the old codes are
// worth nothing, other sessions end and a mail says so.
func TestEmployeeFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here, elsewhere := w.at(t, "test", ""), w.at(t, "test", "")
	ctx := w.employee(t, here)
	if a, err := w.MyAccount(ctx); err != nil || !a.HasPassword || !a.SecondFactor || a.RecoveryCodes != 0 || a.Linked {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := w.StartMyFactor(ctx, ""); !errors.Is(err, signin.ErrFactorOn) {
		t.Errorf("without a code: %v", err)
	}
	if _, err := w.StartMyFactor(ctx, "000000"); field(err) != "/code wrong-code" {
		t.Errorf("a wrong code: %v", err)
	}
	if _, err := w.ConfirmMyFactor(ctx, w.code(t, 0), from); !errors.Is(err, signin.ErrSetUpNotBegun) {
		t.Errorf("before it began: %v", err)
	}
	w.Clock.Advance(time.Minute)
	codes, err := w.RenewMyCodes(ctx, w.code(t, 0), from)
	if err != nil || len(codes) != 10 || w.noticed(t, "codes_renewed") != 1 {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	if _, err := w.RenewMyCodes(ctx, w.code(t, 0), from); field(err) != "/code wrong-code" {
		t.Errorf("the same code twice: %v", err)
	}
	e, err := w.StartMyFactor(ctx, codes[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.StartMyFactor(ctx, codes[0]); field(err) != "/code wrong-code" {
		t.Errorf("a recovery code twice: %v", err)
	}
	if _, err := w.ConfirmMyFactor(ctx, w.code(t, 0), from); field(err) != "/code wrong-code" {
		t.Errorf("a code of the old app: %v", err)
	}
	fresh := func() string {
		c, err := totp.GenerateCode(e.Secret, w.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	out, err := w.ConfirmMyFactor(ctx, fresh(), from)
	if err != nil || len(out.RecoveryCodes) != 10 || w.noticed(t, "factor_on") != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	for s, want := range map[string]bool{here.Token: false, elsewhere.Token: false, out.Session.Token: true} {
		if _, err := w.Resolve(t.Context(), authz.Employee, s); (err == nil) != want {
			t.Errorf("want %t: %v", want, err)
		}
	}
	w.Clock.Advance(time.Minute)
	half := w.half(t)
	for name, c := range map[string]string{"the old app": w.code(t, 0), "an old recovery code": codes[1]} {
		if _, err := w.VerifySecondFactor(half.Context(t.Context()), c, from); !errors.Is(err, signin.ErrWrongCode) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.VerifySecondFactor(half.Context(t.Context()), out.RecoveryCodes[0], from); err != nil || w.noticed(t, "recovery_used") != 1 {
		t.Errorf("a new recovery code: %v", err)
	}
	if a, err := w.MyAccount(w.employee(t, out.Session)); err != nil || a.RecoveryCodes != 9 {
		t.Errorf("%+v %v", a, err)
	}
}

// TestShortPassword: ten characters are enough for a customer beside a second factor, and only there: it is not switched off before the
// password can stand alone.
func TestShortPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const short = "olifantjes"
	first, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.ChangePassword(first.Context(t.Context()), good, short, from); field(err) != "/newPassword password-too-short" {
		t.Errorf("alone: %v", err)
	}
	key, _, sess := w.enrol(t)
	if l, err := w.InspectLink(t.Context(), w.link(t)); err != nil || l.MinLength != signin.MinPasswordSecondFactor {
		t.Errorf("%+v %v", l, err)
	}
	if me, err := w.MemberMe(w.known(t, sess)); err != nil || me.MinPassword != signin.MinPasswordSecondFactor {
		t.Errorf("%+v %v", me, err)
	}
	if sess, err = w.ChangePassword(w.known(t, sess), good, short, from); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute)
	if _, err := w.RemoveFactor(w.known(t, sess), signin.Second{Code: w.app(t, key, 0)}, from); !errors.Is(err, signin.ErrPasswordAlone) {
		t.Errorf("a short password alone: %v", err)
	}
	if _, err := w.add(t, sess, newDevice(portalOrigin)); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute)
	if _, err := w.RemoveFactor(w.known(t, sess), signin.Second{Code: w.app(t, key, 0)}, from); !errors.Is(err, signin.ErrPasswordAlone) {
		t.Errorf("a short password that is not asked to go with the passkey: %v", err)
	}
	if sess, err = w.ChangePassword(w.known(t, sess), short, good, from); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute)
	if _, err := w.RemoveFactor(w.known(t, sess), signin.Second{Code: w.app(t, key, 0)}, from); err != nil {
		t.Error(err)
	}
}

// TestSSOLogout: signing out of a session that came by single sign-on says where the provider ends its own, once and only to its holder.
func TestSSOLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	end := "" // what the provider says of ending sessions
	p := newProvider(t, w, saying(func() map[string]any {
		if end == "" {
			return nil
		}
		return map[string]any{"end_session_endpoint": end}
	}))
	p.set(t, p.settings())
	who := dbtest.AddEmployee(t, w.Root, w.Organisation, "adviser")
	user := &mockoidc.MockUser{Subject: "sub-1", Email: w.emailOf(t, who), EmailVerified: true}
	out := func() string {
		t.Helper()
		s, err := p.enter(t, user)
		if err != nil {
			t.Fatal(err)
		}
		var box []byte
		if err := w.Root.QueryRow(`SELECT sso_logout FROM sessions WHERE id = $1`, s.Actor.Session).Scan(&box); err != nil || bytes.Contains(box, []byte("eyJ")) {
			t.Errorf("kept in the clear: %q %v", box, err)
		}
		to, err := w.Logout(w.employee(t, s))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Resolve(t.Context(), authz.Employee, s.Token); !errors.Is(err, authz.ErrNoActor) {
			t.Errorf("still in: %v", err)
		}
		return to
	}
	for _, none := range []string{"", "javascript:alert(1)", "ftp://example.org/end", "https://user@example.org/end"} {
		if end = none; out() != "" {
			t.Errorf("%q is somewhere to go", none)
		}
	}
	end = p.Issuer() + "/end?tenant=1"
	u, err := url.Parse(out())
	if err != nil || !strings.HasPrefix(u.String(), p.Issuer()+"/end?") {
		t.Fatal(u, err)
	}
	q := u.Query()
	if q.Get("tenant") != "1" || q.Get("client_id") != p.ClientID || q.Get("post_logout_redirect_uri") != "https://office.test/login" || strings.Count(q.Get("id_token_hint"), ".") != 2 {
		t.Errorf("%v", q)
	}
	if to, err := w.Logout(w.employee(t, w.at(t, "test", ""))); err != nil || to != "" {
		t.Errorf("a session with a password: %q %v", to, err)
	}
}
