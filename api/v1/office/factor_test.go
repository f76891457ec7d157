package office_test

import (
	"testing"

	"voordeur/internal/dbtest"
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
