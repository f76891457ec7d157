package office_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/dbtest"
)

// TestViewAsMember: with a reason, by a role that may, of an own customer, with the password of a moment ago (B15).
func TestViewAsMember(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	of := func(id uuid.UUID) string { return "POST /portal-members/" + id.String() + "/impersonation" }
	body := m{"reason": "Mevrouw belt: ze vindt haar offerte niet."}
	d.do(t, d.nobody, of(d.Member), body, 401)
	d.do(t, d.customer, of(d.Member), body, 401)
	d.do(t, d.viewer, of(d.Member), body, 403)
	d.do(t, d.admin, of(dbtest.ID()), body, 404)
	for _, reason := range []string{"", "te kort", "              ", strings.Repeat("x", 301)} {
		wantProblem(t, d.do(t, d.admin, of(d.Member), m{"reason": reason}, 422), "invalid", "/reason")
	}
	wantProblem(t, d.do(t, d.admin, of(d.Member), m{"reason": body["reason"], "dossierId": dbtest.ID()}, 422), "invalid", "/dossierId")
	d.do(t, d.admin, of(d.Member), body, 201)
	d.Clock.Advance(15 * time.Minute)
	wantProblem(t, d.do(t, d.admin, of(d.Member), body, 403), "step-up-required", "")
}
