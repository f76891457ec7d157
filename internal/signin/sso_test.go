package signin_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oauth2-proxy/mockoidc"

	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/employee"
	"voordeur/internal/fault"
	"voordeur/internal/signin"
	"voordeur/internal/sso"
)

// provider is an OpenID provider in this process that we did not write. It checks the client, its secret and PKCE.
type provider struct {
	*mockoidc.MockOIDC
	w *world
}

func newProvider(t *testing.T, w *world, around ...func(http.Handler) http.Handler) *provider {
	t.Helper()
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, mw := range around {
		if err := m.AddMiddleware(mw); err != nil {
			t.Fatal(err)
		}
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(l, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Shutdown() })
	w.OfficeURL = "https://office.test"
	w.SSO = sso.New(time.Now, true) // the provider has the machine's clock
	return &provider{MockOIDC: m, w: w}
}

// settings are those with which the office is known to the provider.
func (p *provider) settings(roles ...signin.GroupRole) signin.SSOChange {
	secret := p.ClientSecret
	return signin.SSOChange{Enabled: true, Issuer: p.Issuer(), ClientID: p.ClientID, ClientSecret: &secret, Roles: roles}
}

func (p *provider) set(t *testing.T, ch signin.SSOChange) signin.SSOSettings {
	t.Helper()
	ctx := dbtest.EmployeeAs(p.w.Organisation, p.w.Employee)
	now, err := p.w.SSOSettings(ctx)
	if err != nil {
		t.Fatal(err)
	}
	now, err = p.w.ChangeSSO(ctx, now.Version, ch)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// visit is what the browser does: it goes to the provider as user and comes back with a code.
func (p *provider) visit(t *testing.T, user *mockoidc.MockUser) (string, string, string) { // the cookie, the state and the code
	t.Helper()
	to, kept, err := p.w.StartSSO(t.Context(), p.w.Slug)
	if err != nil {
		t.Fatal(err)
	}
	p.QueueUser(user)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	back, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusFound || back.Scheme+"://"+back.Host+back.Path != "https://office.test/sso" {
		t.Fatalf("%d %s %v", res.StatusCode, back, err)
	}
	return kept, back.Query().Get("state"), back.Query().Get("code")
}

func (p *provider) enter(t *testing.T, user *mockoidc.MockUser) (signin.Session, error) {
	t.Helper()
	kept, state, code := p.visit(t, user)
	return p.w.FinishSSO(t.Context(), kept, sso.Answer{State: state, Code: code}, from)
}

// TestSSO: the provider of the office vouches for a colleague, found by a verified address the first time and by the provider's own
// name ever after; the groups give the role; the last administrator keeps it.
func TestSSO(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := newProvider(t, w)
	if _, _, err := w.StartSSO(t.Context(), w.Slug); !errors.Is(err, signin.ErrSSOOff) {
		t.Errorf("off: %v", err)
	}
	if _, _, err := w.StartSSO(t.Context(), "no-such-office"); !errors.Is(err, signin.ErrSSOOff) {
		t.Errorf("no office: %v", err)
	}
	p.set(t, p.settings())
	who := dbtest.AddEmployee(t, w.Root, w.Organisation, "adviser")
	user := &mockoidc.MockUser{Subject: "sub-1", Email: w.emailOf(t, who), EmailVerified: false, Groups: []string{"advies"}}
	if _, err := p.enter(t, user); !errors.Is(err, signin.ErrSSOUnknown) {
		t.Errorf("an address that nobody verified: %v", err)
	}
	user.EmailVerified = true
	s, err := p.enter(t, user)
	if err != nil {
		t.Fatal(err)
	}
	h, err := w.Resolve(t.Context(), authz.Employee, s.Token)
	if err != nil || h.Half || h.Actor.ID != who || !h.Actor.May(authz.DossierWrite) || h.Actor.May(authz.EmployeeWrite) || s.Device == "" {
		t.Errorf("%+v %v", h, err)
	}
	user.Email = w.email // the address moves: the account does not
	if s, err := p.enter(t, user); err != nil || s.Actor.ID != who {
		t.Errorf("the account follows an address: %+v %v", s.Actor, err)
	}
	thief := &mockoidc.MockUser{Subject: "sub-2", Email: w.emailOf(t, who), EmailVerified: true}
	if _, err := p.enter(t, thief); !errors.Is(err, signin.ErrSSOUnknown) {
		t.Errorf("another account takes over one that is linked: %v", err)
	}
	elsewhere := dbtest.AddScene(t, w.Root)
	if _, err := p.enter(t, &mockoidc.MockUser{Subject: "sub-3", Email: w.emailOf(t, elsewhere.Employee), EmailVerified: true}); !errors.Is(err, signin.ErrSSOUnknown) {
		t.Errorf("the provider of one office opens another: %v", err)
	}

	// Groups give roles, the widest first; without any there is no way in.
	p.set(t, p.settings(signin.GroupRole{Group: "kijken", Role: employee.Viewer}, signin.GroupRole{Group: "binnendienst", Role: employee.BackOffice}))
	if _, err := p.enter(t, user); !errors.Is(err, signin.ErrSSOGroup) {
		t.Errorf("no group: %v", err)
	}
	user.Groups = []string{"kijken"}
	if s, err := p.enter(t, user); err != nil || s.Actor.May(authz.DossierWrite) || !s.Actor.May(authz.DossierRead) {
		t.Errorf("a viewer writes: %v", err)
	}
	user.Groups = []string{"kijken", "binnendienst"}
	if s, err := p.enter(t, user); err != nil || !s.Actor.May(authz.DossierWrite) {
		t.Errorf("the widest role: %v", err)
	}
	admin := &mockoidc.MockUser{Subject: "sub-admin", Email: w.email, EmailVerified: true, Groups: []string{"kijken"}}
	if s, err := p.enter(t, admin); err != nil || s.Actor.ID != w.Employee || !s.Actor.May(authz.EmployeeWrite) {
		t.Errorf("the last administrator lost the role: %v", err)
	}

	w.exec(t, `UPDATE employees SET blocked_at = now() WHERE id = $1`, who)
	if _, err := p.enter(t, user); !errors.Is(err, signin.ErrSSOUnknown) {
		t.Errorf("blocked: %v", err)
	}
	var linked, entered int
	if err := w.Root.QueryRow(`SELECT count(*) FILTER (WHERE name = 'employee.identity_linked'), count(*) FILTER (WHERE name = 'employee.signed_in')
		FROM audit_events WHERE subject = $1`, who).Scan(&linked, &entered); err != nil || linked != 1 || entered != 4 {
		t.Errorf("the trail tells of %d links and %d sign-ins, want 1 and 4 (%v)", linked, entered, err)
	}
}

// TestSSOBinding: what the provider sends opens only the browser that began, once, for ten minutes, and only with the verifier, the
// nonce and the state that belong together.
func TestSSOBinding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := newProvider(t, w)
	p.set(t, p.settings())
	user := &mockoidc.MockUser{Subject: "sub-1", Email: w.email, EmailVerified: true}
	finish := func(kept, state, code string) error {
		_, err := w.FinishSSO(t.Context(), kept, sso.Answer{State: state, Code: code}, from)
		return err
	}
	kept, state, code := p.visit(t, user)
	other, otherState, otherCode := p.visit(t, user)
	for name, err := range map[string]error{
		"no cookie":               finish("", state, code),
		"another browser's state": finish(kept, otherState, code),
		"no state":                finish(kept, "", code),
		"a cookie made up":        finish("AAAA", state, code),
	} {
		if !errors.Is(err, signin.ErrSSOLost) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Somebody else's code: the verifier and the nonce are not theirs.
	if err := finish(other, otherState, code); !errors.Is(err, sso.ErrRefused) {
		t.Errorf("an injected code: %v", err)
	}
	if err := finish(kept, state, "made-up"); !errors.Is(err, sso.ErrRefused) {
		t.Errorf("a code made up: %v", err)
	}
	if err := finish(other, otherState, otherCode); err != nil {
		t.Errorf("the right one: %v", err)
	}
	if err := finish(other, otherState, otherCode); !errors.Is(err, sso.ErrRefused) {
		t.Errorf("twice: %v", err)
	}
	kept, state, code = p.visit(t, user)
	w.Clock.Advance(signin.SSOLife)
	if err := finish(kept, state, code); !errors.Is(err, signin.ErrSSOLost) {
		t.Errorf("after ten minutes: %v", err)
	}
	// A token for another client, or signed by another provider, vouches for nobody.
	kept, state, code = p.visit(t, user)
	w.exec(t, `UPDATE sso_settings SET client_id = 'another' WHERE organisation_id = $1`, w.Organisation)
	if err := finish(kept, state, code); !errors.Is(err, sso.ErrRefused) {
		t.Errorf("another client: %v", err)
	}
}

// TestSSONonce: an ID token that the provider made for another sign-on vouches for nobody, also where all the rest is right.
func TestSSONonce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	change := func(url.Values) {}
	p := newProvider(t, w, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if q := r.URL.Query(); q.Has("nonce") {
				change(q)
				r.URL.RawQuery = q.Encode()
			}
			next.ServeHTTP(rw, r)
		})
	})
	p.set(t, p.settings())
	user := &mockoidc.MockUser{Subject: "sub-1", Email: w.email, EmailVerified: true}
	if _, err := p.enter(t, user); err != nil {
		t.Fatal(err)
	}
	for why, other := range map[string]func(url.Values){
		"another nonce": func(q url.Values) { q.Set("nonce", "of-another-sign-on") },
		"no nonce":      func(q url.Values) { q.Del("nonce") },
	} {
		change = other
		if _, err := p.enter(t, user); !errors.Is(err, sso.ErrRefused) {
			t.Errorf("%s: %v", why, err)
		}
	}
}

// saying makes the provider say more of itself than it does.
func saying(more func() map[string]any) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "openid-configuration") {
				next.ServeHTTP(rw, r)
				return
			}
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			all := map[string]any{}
			_ = json.Unmarshal(rec.Body.Bytes(), &all)
			maps.Copy(all, more())
			raw, _ := json.Marshal(all)
			rw.Header().Set("Content-Type", "application/json")
			_, _ = rw.Write(raw)
		})
	}
}

// TestSSOMixUp: the answer of another provider than the one that was asked is refused before its code goes anywhere, and so is an answer that does
// not say whose it is where the provider promises to.
func TestSSOMixUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	promises, traded := false, 0
	p := newProvider(t, w, saying(func() map[string]any {
		return map[string]any{"authorization_response_iss_parameter_supported": promises}
	}),
		func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/token") {
					traded++
				}
				next.ServeHTTP(rw, r)
			})
		})
	p.set(t, p.settings())
	user := &mockoidc.MockUser{Subject: "sub-1", Email: w.email, EmailVerified: true}
	come := func(issuer string) error {
		kept, state, code := p.visit(t, user)
		_, err := w.FinishSSO(t.Context(), kept, sso.Answer{State: state, Code: code, Issuer: issuer}, from)
		return err
	}
	for _, promises = range []bool{false, true} {
		traded = 0
		for _, other := range []string{"https://evil.example", p.Issuer() + "/", strings.ToUpper(p.Issuer())} {
			if err := come(other); !errors.Is(err, sso.ErrRefused) || traded != 0 {
				t.Errorf("%s answers, promised %t: %v, %d codes were traded", other, promises, err, traded)
			}
		}
		if err := come(p.Issuer()); err != nil {
			t.Errorf("promised %t, and kept: %v", promises, err)
		}
		if err := come(""); promises != errors.Is(err, sso.ErrRefused) || !promises && err != nil {
			t.Errorf("promised %t, and does not say: %v", promises, err)
		}
	}
	promises = false
	kept, state, code := p.visit(t, user)
	w.exec(t, `UPDATE sso_settings SET issuer = 'https://another.example' WHERE organisation_id = $1`, w.Organisation)
	if _, err := w.FinishSSO(t.Context(), kept, sso.Answer{State: state, Code: code}, from); !errors.Is(err, signin.ErrSSOLost) {
		t.Errorf("the office changed its provider meanwhile: %v", err)
	}
}

// TestSSOSettings: the secret is sealed, never read back, and never goes to another provider; a switch to "only" needs somebody who
// came in that way; then passwords are for administrators.
func TestSSOSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := newProvider(t, w)
	ctx := dbtest.EmployeeAs(w.Organisation, w.Employee)
	now := p.set(t, p.settings())
	if !now.HasSecret || now.RedirectURL != "https://office.test/sso" {
		t.Errorf("%+v", now)
	}
	var box []byte
	if err := w.Root.QueryRow(`SELECT client_secret FROM sso_settings WHERE organisation_id = $1`, w.Organisation).Scan(&box); err != nil || slices.Contains([]string{"", p.ClientSecret}, string(box)) {
		t.Errorf("the secret is stored as it is: %v", err)
	}
	if _, err := w.ChangeSSO(ctx, now.Version-1, p.settings()); kind(err) != fault.Stale {
		t.Errorf("stale: %v", err)
	}
	only := p.settings()
	only.ClientSecret, only.Only = nil, true
	if _, err := w.ChangeSSO(ctx, now.Version, only); !errors.Is(err, signin.ErrSSOFirst) {
		t.Errorf("locked in by somebody who never came that way: %v", err)
	}
	if _, err := p.enter(t, &mockoidc.MockUser{Subject: "sub-admin", Email: w.email, EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	now, err := w.ChangeSSO(ctx, now.Version, only)
	if err != nil || !now.Only || !now.HasSecret {
		t.Fatalf("%+v %v", now, err)
	}
	if _, err := w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: w.email, Password: good, Client: from}); err != nil {
		t.Errorf("the administrator's way back in: %v", err)
	}
	w.exec(t, `INSERT INTO employees (organisation_id, id, email, email_folded, first_name, last_name, role, password_hash, created_at, updated_at)
		SELECT organisation_id, $1, 'noor@x.example', 'noor@x.example', 'Noor', 'Blom', 'adviser', password_hash, now(), now() FROM employees WHERE id = $2`, uuid.Must(uuid.NewV7()), w.Employee)
	if _, err := w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: "noor@x.example", Password: good, Client: from}); !errors.Is(err, signin.ErrSSOOnly) {
		t.Errorf("a password where there are none: %v", err)
	}
	if _, err := w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: "noor@x.example", Password: "a guess", Client: from}); !errors.Is(err, signin.ErrWrongCredentials) {
		t.Errorf("the office is told to who has no password: %v", err)
	}
	moved := newProvider(t, w).settings()
	moved.ClientSecret = nil
	if now, err := w.ChangeSSO(ctx, now.Version, moved); err != nil || now.HasSecret {
		t.Errorf("the secret of one provider goes to another: %+v %v", now, err)
	}
	for _, issuer := range []string{"", "example.org", "ftp://example.org", "https://a:b@example.org", "https://example.org/?x=1"} {
		if _, err := w.ChangeSSO(ctx, 9, signin.SSOChange{Enabled: true, Issuer: issuer, ClientID: "x"}); kind(err) != fault.Invalid {
			t.Errorf("%q: %v", issuer, err)
		}
	}
}
