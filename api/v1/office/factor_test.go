package office_test

import (
	"strings"
	"testing"
	"time"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// TestSecondFactorReset: begun by who may change members, with a password of a moment ago, and stopped again; the member shows it.
// An admin asks the second step of every customer.
func TestSecondFactorReset(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := " /portal-members/" + d.Member.String() + "/second-factor-reset"
	wantProblem(t, d.do(t, d.admin, "POST"+at, nil, 409), "second-factor-off", "")
	if _, err := d.Root.Exec(`INSERT INTO second_factors (organisation_id, id, member_id, secret, created_at, confirmed_at) VALUES ($1, $2, $3, 'x', now(), now())`,
		d.Organisation, dbtest.ID(), d.Member); err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{"POST", "DELETE"} {
		d.do(t, d.viewer, do+at, nil, 403)
		d.do(t, d.nobody, do+at, nil, 401)
		d.do(t, d.admin, do+" /portal-members/"+dbtest.ID().String()+"/second-factor-reset", nil, 404)
	}
	if got := into[m](t, d.do(t, d.admin, "POST"+at, nil, 200)); got["secondFactor"] != true || got["secondFactorResetAt"] == nil {
		t.Errorf("%v", got)
	}
	wantProblem(t, d.do(t, d.admin, "POST"+at, nil, 409), "reset-running", "")
	if got := into[m](t, d.do(t, d.admin, "DELETE"+at, nil, 200)); got["secondFactorResetAt"] != nil {
		t.Errorf("%v", got)
	}
	wantProblem(t, d.do(t, d.admin, "DELETE"+at, nil, 409), "reset-not-running", "")

	tag := d.do(t, d.admin, "GET /organisation", nil, 200).Header().Get("ETag")
	got := into[m](t, d.do(t, d.admin, "PATCH /organisation", m{"customersNeedSecondFactor": true}, 200, "If-Match", tag))
	if got["customersNeedSecondFactor"] != true {
		t.Errorf("%v", got)
	}
}

// TestHowCustomersComeIn: what customers come in by is changed by who gave a password of late, and by no program; the rest of the settings
// by both. The trail says what became of the second step.
func TestHowCustomersComeIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := apitest.Caller{Bearer: d.program(t, "key", m{"scopes": []string{"organisation:write"}}).Secret}
	d.Clock.Advance(20 * time.Minute)
	for _, change := range []m{{"customersNeedSecondFactor": true}, {"codeLogin": false}} {
		wantProblem(t, d.do(t, d.admin, "PATCH /organisation", change, 403, "If-Match", `"1"`), "step-up-required", "")
		wantProblem(t, d.do(t, p, "PATCH /organisation", change, 403, "If-Match", `"1"`), "person-only", "")
	}
	d.do(t, p, "PATCH /organisation", m{"tagline": "Hypotheken", "customersNeedSecondFactor": false}, 200, "If-Match", `"1"`)
	d.do(t, d.admin, "PATCH /organisation", m{"tagline": "Pensioenen"}, 200, "If-Match", `"2"`)
	fresh := d.Session(t, web.Office, d.Organisation, d.Employee, false)
	d.do(t, fresh, "PATCH /organisation", m{"customersNeedSecondFactor": true}, 200, "If-Match", `"3"`)
	if got := d.do(t, fresh, "GET /audit-events?resource=organisation&limit=1", nil, 200).Body.String(); !strings.Contains(got, `"customersNeedSecondFactor":true`) {
		t.Error(got)
	}
}
