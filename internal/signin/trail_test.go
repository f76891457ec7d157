package signin_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/oauth2-proxy/mockoidc"

	"voordeur/internal/authz"
	"voordeur/internal/signin"
)

// TestRefusalsAreInTheTrail: who is turned away on any of the ways in leaves an event, with whom it was about where that is known.
func TestRefusalsAreInTheTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events := func(name string, subject uuid.UUID) int {
		t.Helper()
		var n int
		if err := w.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE name = $1 AND subject = $2`, name, subject).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	expect := func(way, name string, subject uuid.UUID, want int) {
		t.Helper()
		if got := events(name, subject); got != want {
			t.Errorf("%s: %d times %s, want %d", way, got, name, want)
		}
	}

	_, _ = w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: w.email, Password: "not it", Client: from})
	expect("a wrong password at the office", "signin.refused", w.Employee, 1)
	_, _ = w.login(t.Context(), w.Username, "not it")
	expect("a wrong password in the portal", "signin.refused", w.Member, 1)

	half := w.half(t)
	for _, code := range []string{"000000", "MFRG-GZDF-MZTW-Q2LK-NNWG-23TP"} {
		if _, err := w.VerifySecondFactor(half.Context(t.Context()), code, from); !errors.Is(err, signin.ErrWrongCode) {
			t.Errorf("%s: %v", code, err)
		}
	}
	expect("a wrong second step at the office", "second_factor.refused", w.Employee, 2)

	here, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.ChangePassword(here.Context(t.Context()), "no", "een heel ander lang geheimpje", from); field(err) != "/currentPassword wrong-password" {
		t.Errorf("%v", err)
	}
	expect("a wrong password beside a new one", "step_up.refused", w.Member, 1)

	p := newProvider(t, w)
	p.set(t, p.settings())
	if _, err := p.enter(t, &mockoidc.MockUser{Subject: "sub-9", Email: "nobody@example.org", EmailVerified: true}); !errors.Is(err, signin.ErrSSOUnknown) {
		t.Errorf("somebody who does not work here: %v", err)
	}
	expect("somebody who does not work here", "signin.refused", w.Organisation, 1)
	if h, err := w.Resolve(t.Context(), authz.Member, here.Token); err != nil || h.Half {
		t.Errorf("whoever was in is out: %v", err)
	}
}
