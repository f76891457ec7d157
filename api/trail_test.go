package api_test

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp/totp"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"voordeur/api"
	"voordeur/api/apitest"
	"voordeur/internal/audit"
	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

// unheard are the requests that change something and leave no event in their own transaction, each with the reason.
var unheard = map[string]string{
	"office createUpload":         "a file on its way belongs to nothing yet: what it becomes is an event",
	"office patchUpload":          "as createUpload",
	"office deleteUpload":         "as createUpload",
	"portal createUpload":         "as createUpload",
	"portal patchUpload":          "as createUpload",
	"portal deleteUpload":         "as createUpload",
	"portal requestPasswordReset": "it must take the same time for every username: the task that sends the link writes the event",
	"portal renewPasswordLink":    "as requestPasswordReset",
	"portal requestLoginCode":     "as requestPasswordReset",
	"portal requestStepUpCode":    "the task that sends the code leaves portal_member.login_code_sent",
	"office requestPasswordReset": "as in the portal",
	"office renewPasswordLink":    "as in the portal",
	"public createToken":          "a token changes nothing: when a program was last here stands in its row",
	"office startPasskeyLogin":    "it asks, and keeps nothing: the answer is an event",
	"office startPasskeyStepUp":   "as startPasskeyLogin",
	"office startPasskey":         "as startPasskeyLogin",
	"portal startPasskeyLogin":    "as startPasskeyLogin",
	"portal startPasskeyStepUp":   "as startPasskeyLogin",
	"portal startPasskey":         "as startPasskeyLogin",
	"office startEnrolment":       "the secret it hands out counts for nothing until confirmEnrolment",
}

// elsewhere are the operations that need somebody who is not here; their own tests look at what they leave.
var elsewhere = map[string]string{
	"office startSso":           "needs a provider: TestSSO in package signin counts what is left",
	"office finishSso":          "as startSso",
	"office finishPasskeyLogin": "needs an authenticator: TestPasskeys in package signin counts what is left",
	"office addPasskey":         "as finishPasskeyLogin",
	"portal finishPasskeyLogin": "as finishPasskeyLogin",
	"portal addPasskey":         "as finishPasskeyLogin",
}

// TestEveryChangeIsInTheTrail calls every operation that is no read as somebody who may: each leaves an event in the office's
// trail, and the chain of the trail holds. An operation that is added is in here by itself.
func TestEveryChangeIsInTheTrail(t *testing.T) {
	t.Parallel()
	s := apitest.New(t)
	hasher, err := signin.NewHasher(signin.Cost{MemoryKiB: 64, Passes: 1})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hasher.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, op := range api.Operations() {
		name := string(op.Audience) + " " + op.ID
		known[name] = true
		if elsewhere[name] != "" || slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, op.Method) {
			continue
		}
		// The widest caller that the table lets in.
		at := slices.IndexFunc(principals, func(p principal) bool {
			return refusal(op, p) == 0 && (op.Access == web.Anyone) == (p.audience == "") && (p.audience == "" || p.relation == own) && (p.audience != web.Office || p.role == "admin")
		})
		if at < 0 {
			t.Errorf("%s: nobody may", name)
			continue
		}
		w := newWorld(t, s)
		if strings.Contains(op.Path, ":passkeyId") {
			w.addPasskeys(t, s)
		}
		caller, who := w.caller(t, s, principals[at])
		column, state := "employee_id", "ready"
		if op.Audience == web.Portal {
			column = "member_id"
		}
		if op.ID == "patchUpload" {
			state = "receiving"
		}
		upload := uuid.Nil
		if who != uuid.Nil && !principals[at].half {
			upload = w.upload(t, s, column, who, state)
		}
		w.atAnotherDesk(t, s, op, who)
		r := request(t, w, op, caller, upload)
		if body, ok := w.known(t, s, op, hash)[name]; ok {
			r.Body = body
		}
		if op.ID == "verifyLoginCode" {
			var code string
			r.As, code = w.challenge(t, s)
			r.Body = map[string]any{"office": w.Slug, "code": code}
		}
		before := w.events(t, s)
		rec := s.Call(t, r)
		events := w.events(t, s) - before
		reason, silent := unheard[name]
		switch {
		case rec.Code >= 300 && name != "office login":
			t.Errorf("%s: %d, its sample cannot work; known may give it what it needs: %s", name, rec.Code, rec.Body)
		case silent && events > 0:
			t.Errorf("%s is an event, and listed as none: %s", name, reason)
		case !silent && events == 0:
			t.Errorf("%s (%d) leaves nothing in the trail: %s", name, rec.Code, rec.Body)
		}
	}
	conn, err := pgx.Connect(t.Context(), s.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	chains, err := audit.Verify(t.Context(), conn)
	if err != nil || len(chains) < 50 {
		t.Errorf("%d chains, %v", len(chains), err)
	}
	for _, c := range chains {
		if c.Broken != 0 {
			t.Errorf("%+v", c)
		}
	}
	for _, listed := range []map[string]string{unheard, elsewhere} {
		for name := range listed {
			if !known[name] {
				t.Errorf("there is no operation %s", name)
			}
		}
	}
}

// events counts what stands in the office's trail.
func (w *world) events(t *testing.T, s *apitest.Server) int {
	t.Helper()
	var n int
	if err := s.Root.QueryRow(`SELECT count(*) FROM audit_events WHERE organisation_id = $1`, w.Organisation).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// challenge asks for a code to sign in with, lets the task send it, and returns what it is bound to.
func (w *world) challenge(t *testing.T, s *apitest.Server) (apitest.Caller, string) {
	t.Helper()
	rec := s.Call(t, apitest.Request{Do: "POST /portal/auth/codes", Body: map[string]any{"office": w.Slug, "username": w.Username}})
	if len(rec.Result().Cookies()) == 0 {
		t.Fatalf("no challenge: %s", rec.Body)
	}
	var id uuid.UUID
	if err := s.Root.QueryRow(`SELECT id FROM login_challenges WHERE organisation_id = $1`, w.Organisation).Scan(&id); err != nil {
		t.Fatal(err)
	}
	worker := &signin.SendCodeWorker{SignIn: s.Services.Portal.SignIn}
	if err := worker.Work(dbtest.Task(w.Organisation, authz.MailSend), &river.Job[signin.SendCode]{JobRow: &rivertype.JobRow{}, Args: signin.SendCode{Challenge: id}}); err != nil {
		t.Fatal(err)
	}
	return apitest.Caller{Cookie: rec.Result().Cookies()[0]}, signin.LoginCode(s.Key, id)
}

// refreshToken is one of the app's.
func (w *world) refreshToken(t *testing.T, s *apitest.Server) string {
	t.Helper()
	exec(t, s, `UPDATE api_clients SET confidential = false WHERE id = $1`, w.app)
	exec(t, s, `INSERT INTO app_refresh_tokens (organisation_id, id, consent_id, token_hash, created_at, expires_at)
		SELECT organisation_id, id, id, sha256(('vd_' || id)::bytea), now(), now() + interval '1 day' FROM app_consents WHERE client_id = $1`, w.app)
	var id string
	if err := s.Root.QueryRow(`SELECT 'vd_' || id FROM app_consents WHERE client_id = $1`, w.app).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

const (
	password = "paarse olifant fietst zingend"
	factor   = "JBSWY3DPEHPK3PXP"
)

// known are the bodies of somebody who exists and knows the password, for the operations whose sample is about nobody.
func (w *world) known(t *testing.T, s *apitest.Server, op web.Op, hash string) map[string]any {
	t.Helper()
	type m = map[string]any
	if op.Audience == web.Portal { // the office invites who has no password yet
		exec(t, s, `UPDATE portal_members SET password_hash = $2 WHERE id = $1`, w.Member, hash)
	}
	who := w.employeeOf["admin"]
	var email string
	if err := s.Root.QueryRow(`UPDATE employees SET password_hash = $2, totp_secret = $3 WHERE id = $1 RETURNING email`,
		who, hash, sealed.Seal(s.Key, signin.TOTPPlace(who), []byte(factor))).Scan(&email); err != nil {
		t.Fatal(err)
	}
	if op.ID == "confirmMySecondFactor" {
		exec(t, s, `UPDATE employees SET totp_pending = totp_secret WHERE id = $1`, who)
	}
	code, err := totp.GenerateCode(factor, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains([]string{"verifySecondFactor", "confirmSecondFactor", "removeSecondFactor", "renewRecoveryCodes"}, op.ID) {
		raw, err := base32.StdEncoding.DecodeString(factor)
		if err != nil {
			t.Fatal(err)
		}
		id := dbtest.ID()
		exec(t, s, `INSERT INTO second_factors (organisation_id, id, member_id, secret, created_at, confirmed_at) VALUES ($1, $2, $3, $4, now(), CASE WHEN $5 THEN now() END)`,
			w.Organisation, id, w.Member, sealed.Seal(s.Key, "second_factor.secret:"+id.String(), raw), op.ID != "confirmSecondFactor")
	}
	link := dbtest.ID()
	token := signin.LinkToken(s.Key, link)
	secret, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(secret)
	exec(t, s, `INSERT INTO password_links (organisation_id, id, member_id, purpose, token_hash, created_at, sent_at, expires_at)
		VALUES ($1, $2, $3, 'activation', $4, now(), now(), now() + interval '48 hours')`, w.Organisation, link, w.Member, sum[:])
	var stop string
	if op.Audience == web.Portal && strings.HasPrefix(op.ID, "stop") { // the office is taking the second step away
		id := dbtest.ID()
		stop = signin.ResetToken(s.Key, id)
		if secret, err = base64.RawURLEncoding.DecodeString(stop); err != nil {
			t.Fatal(err)
		}
		sum = sha256.Sum256(secret)
		exec(t, s, `INSERT INTO factor_resets (organisation_id, id, member_id, requested_by, requested_at, due_at, token_hash)
			VALUES ($1, $2, $3, $4, now(), now() + interval '1 day', $5)`, w.Organisation, id, w.Member, w.Employee, sum[:])
	}
	var pending []byte
	if strings.HasSuffix(op.ID, "Enrolment") || op.ID == "startPasskey" { // who has no second factor yet
		if op.ID == "confirmEnrolment" {
			pending = sealed.Seal(s.Key, signin.TOTPPlace(who), []byte(factor))
		}
		exec(t, s, `UPDATE employees SET totp_secret = NULL, totp_pending = $2 WHERE id = $1`, who, pending)
	}
	ticket := strings.Repeat("y", 43)
	if op.ID == "beginView" {
		s.Session(t, web.Office, w.Organisation, who, false)
		sum = sha256.Sum256([]byte(ticket))
		exec(t, s, `INSERT INTO portal_views (organisation_id, id, member_id, employee_id, office_session, reason, ticket_hash, requested_at)
			SELECT $1, $2, $3, $4, id, 'De klant vroeg mee te kijken', $5, $6 FROM sessions WHERE employee_id = $4`, w.Organisation, dbtest.ID(), w.Member, who, sum[:], s.Clock.Now())
	}
	office := dbtest.ID()
	officeToken := signin.EmployeeLinkToken(s.Key, office)
	if secret, err = base64.RawURLEncoding.DecodeString(officeToken); err != nil {
		t.Fatal(err)
	}
	sum = sha256.Sum256(secret)
	exec(t, s, `INSERT INTO employee_links (organisation_id, id, employee_id, purpose, token_hash, created_at, sent_at, expires_at)
		VALUES ($1, $2, $3, 'reset', $4, now(), now(), now() + interval '48 hours')`, w.Organisation, office, who, sum[:])
	program := dbtest.ID()
	exec(t, s, `INSERT INTO api_clients (organisation_id, id, kind, name, scopes, created_by, created_at, updated_at) VALUES ($1, $2, 'service', 'x', '{dossier:read}', $3, now(), now())`,
		w.Organisation, program, w.Employee)
	exec(t, s, `INSERT INTO api_client_secrets (organisation_id, id, client_id, digest, hint, created_at) VALUES ($1, $2, $2, sha256($3), '', now())`, w.Organisation, program, []byte(program.String()))
	return map[string]any{
		"portal decideAppRequest":      m{"allow": true, "request": w.asking().body("code")},
		"public revokeToken":           "token=" + w.refreshToken(t, s) + "&client_id=" + w.app.String(),
		"public createToken":           "grant_type=client_credentials&client_id=" + program.String() + "&client_secret=" + program.String(),
		"office confirmEnrolment":      m{"code": code},
		"office inspectPasswordLink":   m{"token": officeToken},
		"office redeemPasswordLink":    m{"token": officeToken, "password": "groene " + password},
		"office login":                 m{"email": email, "password": "wrong-password-entirely"}, // the right one only leads to the second factor
		"office verifySecondFactor":    m{"code": code},
		"office stepUp":                m{"password": password},
		"portal beginView":             m{"ticket": ticket},
		"office changeMyPassword":      m{"currentPassword": password, "newPassword": "groene " + password},
		"office startMySecondFactor":   m{"code": code},
		"office confirmMySecondFactor": m{"code": code},
		"office renewMyRecoveryCodes":  m{"code": code},
		"portal login":                 m{"office": w.Slug, "username": w.Username, "password": password},
		"portal stepUp":                m{"password": password},
		"portal verifySecondFactor":    m{"code": code},
		"portal confirmSecondFactor":   m{"code": code},
		"portal removeSecondFactor":    m{"code": code},
		"portal renewRecoveryCodes":    m{"code": code},
		"portal stopSecondFactorReset": m{"token": stop},
		"portal changeMyPassword":      m{"currentPassword": password, "newPassword": "groene " + password},
		"portal inspectPasswordLink":   m{"token": token},
		"portal redeemPasswordLink":    m{"token": token, "password": "groene " + password},
	}
}
