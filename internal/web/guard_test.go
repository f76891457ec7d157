package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
)

// oneSession is Sessions in which every token is somebody's who gave a password at the moment it holds.
type oneSession time.Time

func (o oneSession) Resolve(context.Context, authz.Kind, string) (Session, error) {
	return Session{Actor: authz.Actor{ID: uuid.Max, Organisation: uuid.Max, Kind: authz.Employee, Grants: authz.Granting(authz.EmployeeWrite), VerifiedAt: time.Time(o)}}, nil
}

func (o oneSession) Carry(ctx context.Context, _ authz.Kind, _ string) (context.Context, func() authz.Actor, error) {
	return ctx, nil, nil
}

// TestGuardStepUp: 15 minutes after the password was given it is asked for again, where the operation says so and only there;
// who may not do it at all is told that instead.
func TestGuardStepUp(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		ago  time.Duration
		op   Op
		want string
	}{
		"just":          {0, Op{Need: authz.EmployeeWrite, StepUp: true}, ""},
		"a moment less": {15*time.Minute - time.Second, Op{Need: authz.EmployeeWrite, StepUp: true}, ""},
		"too long":      {15 * time.Minute, Op{Need: authz.EmployeeWrite, StepUp: true}, "step-up-required"},
		"any role":      {time.Hour, Op{Access: AnyRole, StepUp: true}, "step-up-required"},
		"not asked":     {time.Hour, Op{Need: authz.EmployeeWrite}, ""},
		"may not":       {time.Hour, Op{Need: authz.AuditRead, StepUp: true}, "forbidden"},
	} {
		g := &Guard{Sessions: oneSession(now.Add(-c.ago)), Now: func() time.Time { return now }}
		c.op.Audience = Office
		req := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		req.AddCookie(&http.Cookie{Name: OfficeCookie, Value: "x"})
		ran := false
		err := g.Of(c.op)(func(echo.Context) error { ran = true; return nil })(echo.New().NewContext(req, httptest.NewRecorder()))
		if got := describe(err); got != c.want || ran != (c.want == "") {
			t.Errorf("%s: got %q, ran %t, want %q", name, got, ran, c.want)
		}
	}
}
