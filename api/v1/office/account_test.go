package office_test

import (
	"testing"

	"github.com/pquerna/otp/totp"

	"voordeur/internal/sealed"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

// TestMyAccount: what an employee does with the own account, by the contract; nobody without a session may.
func TestMyAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const secret, password = "JBSWY3DPEHPK3PXP", "paarse olifant fietst zingend"
	hasher, err := signin.NewHasher(signin.Cost{MemoryKiB: 64, Passes: 1})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hasher.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	set := func(totp string) {
		t.Helper()
		_, err = d.Root.Exec(`UPDATE employees SET password_hash = $1, totp_secret = $2, totp_last_step = 0 WHERE id = $3`, hash, sealed.Seal(d.Key, signin.TOTPPlace(d.Employee), []byte(totp)), d.Employee)
		if err != nil {
			t.Fatal(err)
		}
	}
	set(secret)
	shown := func(secret string) string {
		t.Helper()
		c, err := totp.GenerateCode(secret, d.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	me := d.admin
	for _, do := range []string{"GET /me", "PATCH /me", "GET /me/account", "GET /me/sessions", "DELETE /me/sessions", "DELETE /me/sessions/" + d.Employee.String(), "POST /me/password"} {
		d.do(t, d.nobody, do, nil, 401)
		d.do(t, d.customer, do, nil, 401)
	}

	rec := d.do(t, me, "GET /me", nil, 200)
	if got := into[m](t, rec); got["sessionExpiresAt"] == nil || rec.Header().Get("ETag") != `"1"` {
		t.Errorf("%v", got)
	}
	d.do(t, d.viewer, "PATCH /me", m{"jobTitle": "hypotheekadviseur"}, 428)
	d.do(t, me, "PATCH /me", m{"role": "admin"}, 422, "If-Match", `"1"`)
	d.do(t, me, "PATCH /me", m{"email": "ik@example.org"}, 422, "If-Match", `"1"`)
	wantProblem(t, d.do(t, me, "PATCH /me", m{"firstName": " "}, 422, "If-Match", `"1"`), "invalid", "/firstName")
	if got := into[m](t, d.do(t, me, "PATCH /me", m{"jobTitle": " hypotheekadviseur ", "phone": "050 1"}, 200, "If-Match", `"1"`)); got["jobTitle"] != "hypotheekadviseur" || got["version"] != 2.0 || got["role"] != "admin" {
		t.Errorf("%v", got)
	}
	d.do(t, me, "PATCH /me", m{"phone": "x"}, 412, "If-Match", `"1"`)
	if got := into[m](t, d.do(t, me, "GET /me/account", nil, 200)); got["minLength"] != 10.0 || got["secondFactor"] != true || got["hasPassword"] != true {
		t.Errorf("%v", got)
	}

	all := into[m](t, d.do(t, me, "GET /me/sessions", nil, 200))["items"].([]any)
	if len(all) == 0 || all[0].(m)["this"] != true {
		t.Errorf("%v", all)
	}
	theirs := into[m](t, d.do(t, d.viewer, "GET /me/sessions", nil, 200))["items"].([]any)[0].(m)["id"].(string)
	d.do(t, me, "DELETE /me/sessions/"+theirs, nil, 404)
	elsewhere := d.Session(t, web.Office, d.Organisation, d.Employee, false)
	there := into[m](t, d.do(t, elsewhere, "GET /me/sessions", nil, 200))["items"].([]any)[0].(m)
	if there["this"] != true {
		t.Errorf("%v", there)
	}
	d.do(t, me, "DELETE /me/sessions/"+there["id"].(string), nil, 204)
	d.do(t, elsewhere, "GET /me", nil, 401)
	d.do(t, me, "GET /me", nil, 200)
	d.do(t, me, "DELETE /me/sessions", nil, 204)

	codes := into[m](t, d.do(t, me, "POST /me/second-factor/recovery-codes", m{"code": shown(secret)}, 200))["recoveryCodes"].([]any)
	wantProblem(t, d.do(t, me, "POST /me/second-factor/recovery-codes", m{"code": shown(secret)}, 422), "invalid", "/code")
	wantProblem(t, d.do(t, me, "POST /me/second-factor/setup", m{}, 409), "second-factor-on", "")
	key := into[m](t, d.do(t, me, "POST /me/second-factor/setup", m{"code": codes[0]}, 200))["secret"].(string)
	rec = d.do(t, me, "POST /me/second-factor/confirmation", m{"code": shown(key)}, 200)
	d.do(t, me, "GET /me", nil, 401)
	me = cookie(t, rec)
	rec = d.do(t, me, "POST /me/password", m{"currentPassword": password, "newPassword": "tien letters"}, 204)
	d.do(t, me, "GET /me", nil, 401)
	me = cookie(t, rec)
	own := into[m](t, d.do(t, me, "GET /me/sessions", nil, 200))["items"].([]any)[0].(m)["id"].(string)
	if got := into[m](t, d.do(t, me, "POST /auth/logout", nil, 200)); got["providerUrl"] != nil {
		t.Errorf("%v", got)
	}
	d.do(t, me, "DELETE /me/sessions/"+own, nil, 401)

	// What could be guessed at asks for the password again, of who gave it long ago.
	if _, err := d.Root.Exec(`UPDATE sessions SET verified_at = now() - interval '1 hour' WHERE employee_id <> $1`, d.Employee); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"setup", "confirmation", "recovery-codes"} {
		wantProblem(t, d.do(t, d.viewer, "POST /me/second-factor/"+what, m{"code": "000000"}, 403), "step-up-required", "")
	}
}
