package office_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"golang.org/x/oauth2/clientcredentials"

	"voordeur/api/apitest"
	"voordeur/internal/apiclient"
	"voordeur/internal/dbtest"
	"voordeur/internal/sealed"
	"voordeur/internal/web"
)

// made is what createApiClient and rotateApiClient answer.
type made struct {
	Client struct {
		ID      string   `json:"id"`
		Scopes  []string `json:"scopes"`
		State   string   `json:"state"`
		Version int      `json:"version"`
		Secrets []struct {
			Hint      string     `json:"hint"`
			ExpiresAt *time.Time `json:"expiresAt"`
		} `json:"secrets"`
	} `json:"client"`
	Secret string `json:"secret"`
}

func (d desk) program(t *testing.T, kind string, more m) made {
	t.Helper()
	body := m{"kind": kind, "name": "Boekhouding", "scopes": []string{"dossiers:read", "clients:read", "clients:write"}}
	maps.Copy(body, more)
	return into[made](t, d.do(t, d.admin, "POST /api-clients", body, 201))
}

// token asks for one, as the body says.
func (d desk) token(t *testing.T, want int, form url.Values, header ...string) m {
	t.Helper()
	header = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)
	return into[m](t, d.do(t, d.nobody, "POST /oauth/token", form.Encode(), want, header...))
}

func (d desk) access(t *testing.T, p made) string {
	t.Helper()
	return d.token(t, 200, url.Values{"grant_type": {"client_credentials"}, "client_id": {p.Client.ID}, "client_secret": {p.Secret}})["access_token"].(string)
}

// TestApiKey: made with step-up, shown once, good for its scopes and no more, seen in the trail, gone at the next request.
func TestApiKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	body := m{"kind": "key", "name": "Boekhouding", "scopes": []string{"clients:read", "clients:write"}}
	d.do(t, d.viewer, "POST /api-clients", body, 403)
	d.do(t, d.nobody, "POST /api-clients", body, 401)
	rec := d.do(t, d.admin, "POST /api-clients", body, 201, "Idempotency-Key", "once-and-no-more")
	p := into[made](t, rec)
	again := d.do(t, d.admin, "POST /api-clients", body, 201, "Idempotency-Key", "once-and-no-more")
	if again.Body.String() != rec.Body.String() {
		t.Errorf("a repetition gets another answer: %s", again.Body)
	}
	if !apiclient.WellFormed(apiclient.WithKey, p.Secret) || !strings.HasSuffix(p.Secret, p.Client.Secrets[0].Hint) || p.Client.State != "active" {
		t.Errorf("%+v", p)
	}
	var stored string
	if err := d.Root.QueryRow(`SELECT concat((SELECT json_agg(c)::text FROM api_clients c), (SELECT json_agg(s)::text FROM api_client_secrets s),
		(SELECT json_agg(k)::text FROM idempotency_keys k), (SELECT string_agg(encode(data, 'escape'), '') FROM audit_events))`).Scan(&stored); err != nil || strings.Contains(stored, p.Secret[30:]) {
		t.Errorf("the key is kept: %v", err)
	}
	key := apitest.Caller{Bearer: p.Secret}
	d.do(t, d.viewer, "GET /api-clients/"+p.Client.ID, nil, 200)
	d.do(t, d.nobody, "GET /api-clients/"+p.Client.ID, nil, 401)
	d.do(t, d.stranger, "GET /api-clients/"+p.Client.ID, nil, 404)
	d.do(t, d.nobody, "GET /api-clients", nil, 401)
	list := d.do(t, d.viewer, "GET /api-clients", nil, 200)
	if strings.Contains(list.Body.String(), p.Secret[30:]) || !strings.Contains(list.Body.String(), p.Client.ID) {
		t.Error(list.Body)
	}

	// It acts as itself, where its scopes go.
	rec = d.do(t, key, "POST /clients", m{"name": "De Vries", "kind": "household"}, 201, "Idempotency-Key", "client-of-the-books")
	d.do(t, key, "POST /clients", m{"name": "De Vries", "kind": "household"}, 201, "Idempotency-Key", "client-of-the-books")
	at := "/clients/" + into[m](t, rec)["id"].(string)
	d.do(t, key, "PATCH "+at, m{"name": "De Vries-Bakker"}, 428)
	d.do(t, key, "PATCH "+at, m{"name": "De Vries-Bakker"}, 200, "If-Match", `"1"`)
	d.do(t, key, "GET /clients/"+d.other.Client.String(), nil, 404)
	if rec := d.do(t, key, "GET /dossiers", nil, 403); !strings.Contains(rec.Header().Get("WWW-Authenticate"), "insufficient_scope") {
		t.Errorf("%v", rec.Header())
	}
	for _, do := range []string{"GET /me", "POST /api-clients", "GET /api-clients", "DELETE /api-clients/" + p.Client.ID, "POST /auth/logout", "POST /auth/step-up", "GET /events"} {
		wantProblem(t, d.do(t, key, do, nil, 403), "person-only", "")
	}
	d.do(t, key, "GET /portal/me", nil, 401)
	log := d.do(t, d.admin, "GET /audit-events?actorKind=api_client", nil, 200).Body.String()
	if !strings.Contains(log, `"firstName":"Boekhouding"`) || !strings.Contains(log, "client.created") || !strings.Contains(log, p.Client.ID) {
		t.Errorf("the trail does not say which program: %s", log)
	}

	// A cookie beside it does not count, and the header is the only place that is looked at.
	both := apitest.Caller{Bearer: p.Secret, Cookie: d.admin.Cookie}
	d.do(t, both, "GET /dossiers", nil, 403)
	d.do(t, apitest.Caller{Bearer: "vd_live_x", Cookie: d.admin.Cookie}, "GET /clients", nil, 401)
	d.do(t, d.nobody, "GET /clients?access_token="+p.Secret, nil, 401)

	// One letter changed, a secret of another kind, nothing.
	last := "a"
	if strings.HasSuffix(p.Secret, last) {
		last = "b"
	}
	for _, wrong := range []string{p.Secret[:len(p.Secret)-1] + last, "vd_secret_" + p.Secret[8:], "", "x", strings.Repeat("y", 9000)} {
		rec := d.do(t, apitest.Caller{Bearer: wrong}, "GET /clients", nil, 401)
		if wrong != "" && !strings.Contains(rec.Header().Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("%q: %v", wrong, rec.Header())
		}
	}

	// Last used: once a minute.
	used := func() time.Time {
		var at time.Time
		if err := d.Root.QueryRow(`SELECT last_used_at FROM api_clients WHERE id = $1`, p.Client.ID).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	first := used()
	d.do(t, key, "GET /clients", nil, 200)
	if !used().Equal(first) {
		t.Error("written again within a minute")
	}
	d.Clock.Advance(61 * time.Second)
	d.do(t, key, "GET /clients", nil, 200)
	if !used().After(first) {
		t.Error("not written after a minute")
	}

	// Less from the next request on, and then nothing.
	d.do(t, d.admin, "PATCH /api-clients/"+p.Client.ID, m{"scopes": []string{"dossiers:read"}}, 428)
	d.do(t, d.viewer, "PATCH /api-clients/"+p.Client.ID, m{"scopes": []string{"dossiers:read"}}, 403, "If-Match", `"1"`)
	d.do(t, d.admin, "PATCH /api-clients/"+p.Client.ID, m{"scopes": []string{"dossiers:read"}}, 200, "If-Match", `"1"`)
	d.do(t, d.admin, "PATCH /api-clients/"+p.Client.ID, m{"name": "x"}, 412, "If-Match", `"1"`)
	d.do(t, key, "GET /clients", nil, 403)
	d.do(t, key, "GET /dossiers", nil, 200)
	d.do(t, d.viewer, "DELETE /api-clients/"+p.Client.ID, nil, 403)
	d.do(t, d.stranger, "DELETE /api-clients/"+p.Client.ID, nil, 404)
	d.do(t, d.admin, "DELETE /api-clients/"+p.Client.ID, nil, 204)
	d.do(t, key, "GET /dossiers", nil, 401)
	wantProblem(t, d.do(t, d.admin, "DELETE /api-clients/"+p.Client.ID, nil, 409), "client-revoked", "")
	wantProblem(t, d.do(t, d.admin, "POST /api-clients/"+p.Client.ID+"/rotation", m{"overlapHours": 1}, 409), "client-revoked", "")
	if got := d.do(t, d.admin, "GET /api-clients?revoked=true", nil, 200).Body.String(); !strings.Contains(got, p.Client.ID) || !strings.Contains(got, `"state":"revoked"`) {
		t.Error(got)
	}
}

// TestApiClientValues: what an administrator can get wrong, said per field.
func TestApiClientValues(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	good := m{"kind": "key", "name": "Boekhouding", "scopes": []string{"dossiers:read"}}
	for _, c := range []struct {
		with    m
		pointer string
	}{
		{m{"name": ""}, "/name"},
		{m{"kind": "robot"}, "/kind"},
		{m{"scopes": []string{}}, "/scopes"},
		{m{"scopes": []string{"dossier:read"}}, "/scopes"},
		{m{"scopes": []string{"employees:write"}}, "/scopes"},
		{m{"scopes": []string{"portal.dossiers:read"}}, "/scopes"},
		{m{"networks": []string{"203.0.113.300"}}, "/networks"},
		{m{"networks": []string{"::ffff:203.0.113.1"}}, "/networks"},
		{m{"networks": []string{"fe80::1%eth0"}}, "/networks"},
		{m{"expiresAt": d.Clock.Now().Add(-time.Second)}, "/expiresAt"},
		{m{"expiresAt": "9999-12-31T23:59:59-01:00"}, "/expiresAt"},
		{m{"redirectUris": []string{"https://app.example"}}, "/redirectUris"},
		{m{"kind": "app", "scopes": []string{"dossiers:read"}, "redirectUris": []string{"https://app.example"}}, "/scopes"},
		{m{"kind": "app", "scopes": []string{"portal.dossiers:read"}}, "/redirectUris"},
		{m{"kind": "app", "scopes": []string{"portal.dossiers:read"}, "redirectUris": []string{"http://app.example/"}}, "/redirectUris"},
		{m{"kind": "app", "scopes": []string{"portal.dossiers:read"}, "redirectUris": []string{"https://app.example/#x"}}, "/redirectUris"},
		{m{"kind": "app", "scopes": []string{"portal.dossiers:read"}, "redirectUris": []string{"https://user@app.example/"}}, "/redirectUris"},
		{m{"kind": "app", "scopes": []string{"portal.dossiers:read"}, "redirectUris": []string{"app.example:/back"}}, "/redirectUris"},
		{m{"kind": "app", "scopes": []string{"portal.dossiers:read"}, "redirectUris": []string{"https://*.example/"}}, "/redirectUris"},
		{m{"kind": "app", "scopes": []string{"portal.dossiers:read"}, "redirectUris": []string{"http://localhost:1/"}}, "/redirectUris"},
	} {
		body := maps.Clone(good)
		maps.Copy(body, c.with)
		wantProblem(t, d.do(t, d.admin, "POST /api-clients", body, 422), "invalid", c.pointer)
	}
	p := d.program(t, "key", nil)
	wantProblem(t, d.do(t, d.admin, "POST /api-clients/"+p.Client.ID+"/rotation", m{"overlapHours": 169}, 422), "invalid", "/overlapHours")
	d.do(t, d.viewer, "POST /api-clients/"+p.Client.ID+"/rotation", m{"overlapHours": 1}, 403)
	app := d.program(t, "app", m{"scopes": []string{"portal.dossiers:read"}, "redirectUris": []string{"http://127.0.0.1/back"}})
	if app.Secret != "" {
		t.Error("an app on a telephone was given a secret")
	}
	wantProblem(t, d.do(t, d.admin, "POST /api-clients/"+app.Client.ID+"/rotation", m{"overlapHours": 1}, 409), "client-without-secret", "")
	d.token(t, 400, url.Values{"grant_type": {"client_credentials"}, "client_id": {app.Client.ID}})
}

// TestNoProgramBeyondItsMaker: who may change how the office is set up, and no more, gets no rights by way of a program: neither by making
// one, nor by changing one, nor by having another's secret replaced. Nor by saying who comes in through single sign-on, and in which role.
func TestNoProgramBeyondItsMaker(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	wide, narrow := d.program(t, "service", m{"scopes": []string{"dossiers:read", "documents:read"}}), d.program(t, "key", m{"scopes": []string{"dossiers:read"}})
	rights := d.do(t, d.admin, "GET /role-rights", nil, 200)
	d.do(t, d.admin, "PATCH /role-rights", m{"roles": []m{{"role": "viewer", "permissions": []string{"organisation:read", "organisation:write", "employee:read", "dossier:read"}}}}, 200, "If-Match", rights.Header().Get("ETag"))
	for _, c := range []struct {
		do   string
		body m
		want int
	}{
		{"POST /api-clients", m{"kind": "key", "name": "x", "scopes": []string{"documents:read"}}, 403},
		{"POST /api-clients", m{"kind": "key", "name": "x", "scopes": []string{"dossiers:read"}}, 201},
		{"POST /api-clients/" + wide.Client.ID + "/rotation", m{"overlapHours": 1}, 403},
		{"POST /api-clients/" + narrow.Client.ID + "/rotation", m{"overlapHours": 1}, 200},
		{"PATCH /api-clients/" + wide.Client.ID, m{"networks": []string{}}, 403},
		{"PATCH /api-clients/" + narrow.Client.ID, m{"scopes": []string{"dossiers:read", "documents:read"}}, 403},
		{"PATCH /api-clients/" + narrow.Client.ID, m{"name": "y"}, 200},
	} {
		rec := d.do(t, d.viewer, c.do, c.body, c.want, "If-Match", map[bool]string{true: `"2"`, false: `"1"`}[strings.HasSuffix(c.do, narrow.Client.ID)])
		if c.want == 403 {
			wantProblem(t, rec, "client-beyond-rights", "")
		}
	}
	d.do(t, d.viewer, "POST /api-clients", m{"kind": "app", "name": "x", "scopes": []string{"portal.documents:read"}, "redirectUris": []string{"https://app.example"}}, 201)
	d.do(t, d.viewer, "PATCH /organisation/sso", m{"enabled": false, "issuer": "", "clientIdentifier": "", "only": false}, 403, "If-Match", `"1"`)
	d.do(t, d.admin, "PATCH /organisation/sso", m{"enabled": false, "issuer": "", "clientIdentifier": "", "only": false}, 200, "If-Match", `"1"`)
}

// TestWhereAndUntilWhen: from other addresses and after its end a program is nobody.
func TestWhereAndUntilWhen(t *testing.T) {
	t.Parallel()
	d := newDesk(t) // requests come from 192.0.2.1
	elsewhere := d.program(t, "key", m{"networks": []string{"198.51.100.0/24", "2001:db8::/32"}})
	wantProblem(t, d.do(t, apitest.Caller{Bearer: elsewhere.Secret}, "GET /clients", nil, 403), "address-not-allowed", "")
	d.do(t, d.admin, "PATCH /api-clients/"+elsewhere.Client.ID, m{"networks": []string{"192.0.2.0/28"}}, 200, "If-Match", `"1"`)
	d.do(t, apitest.Caller{Bearer: elsewhere.Secret}, "GET /clients", nil, 200)
	service := d.program(t, "service", m{"networks": []string{"192.0.2.1"}})
	token := d.access(t, service)
	d.do(t, apitest.Caller{Bearer: token}, "GET /clients", nil, 200)
	d.do(t, d.admin, "PATCH /api-clients/"+service.Client.ID, m{"networks": []string{"192.0.2.2"}}, 200, "If-Match", `"1"`)
	d.do(t, apitest.Caller{Bearer: token}, "GET /clients", nil, 403)
	ask := url.Values{"grant_type": {"client_credentials"}, "client_id": {service.Client.ID}, "client_secret": {service.Secret}}
	if got := d.token(t, 400, ask); got["error"] != "unauthorized_client" {
		t.Error(got)
	}

	ends := d.Clock.Now().Add(5 * time.Minute)
	key, short := d.program(t, "key", m{"expiresAt": ends}), d.program(t, "service", m{"expiresAt": ends})
	token = d.access(t, short)
	d.do(t, apitest.Caller{Bearer: key.Secret}, "GET /clients", nil, 200)
	d.do(t, apitest.Caller{Bearer: token}, "GET /clients", nil, 200)
	d.Clock.Advance(5 * time.Minute)
	d.do(t, apitest.Caller{Bearer: key.Secret}, "GET /clients", nil, 401)
	d.do(t, apitest.Caller{Bearer: token}, "GET /clients", nil, 401)
	ask = url.Values{"grant_type": {"client_credentials"}, "client_id": {short.Client.ID}, "client_secret": {short.Secret}}
	if got := d.token(t, 401, ask); got["error"] != "invalid_client" {
		t.Error(got)
	}
	d.do(t, d.admin, "PATCH /api-clients/"+key.Client.ID, m{"expiresAt": nil}, 200, "If-Match", `"1"`)
	d.do(t, apitest.Caller{Bearer: key.Secret}, "GET /clients", nil, 200)
}

// TestRotation: the old secret works for as long as was chosen, and there are never more than two. With it go its tokens.
func TestRotation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	works := func(secret string, want int) {
		t.Helper()
		d.do(t, apitest.Caller{Bearer: secret}, "GET /clients", nil, want)
	}
	rotate := func(p made, hours int) made {
		t.Helper()
		d.admin = d.Session(t, web.Office, d.Organisation, d.Employee, false) // hours have passed
		return into[made](t, d.do(t, d.admin, "POST /api-clients/"+p.Client.ID+"/rotation", m{"overlapHours": hours}, 200))
	}
	one := d.program(t, "key", nil)
	two := rotate(one, 24)
	if len(two.Client.Secrets) != 2 || two.Secret == one.Secret || two.Client.Secrets[1].ExpiresAt == nil || two.Client.Secrets[0].ExpiresAt != nil {
		t.Errorf("%+v", two)
	}
	works(one.Secret, 200)
	works(two.Secret, 200)
	d.Clock.Advance(24*time.Hour - time.Minute)
	works(one.Secret, 200)
	d.Clock.Advance(time.Minute)
	works(one.Secret, 401)
	works(two.Secret, 200)
	three := rotate(two, 168)
	four := rotate(three, 168)
	works(two.Secret, 401)
	works(three.Secret, 200)
	five := rotate(four, 0)
	works(three.Secret, 401)
	works(four.Secret, 401)
	works(five.Secret, 200)

	service := d.program(t, "service", nil)
	token := d.access(t, service)
	works(token, 200)
	next := rotate(service, 1)
	works(token, 200)
	d.Clock.Advance(59 * time.Minute)
	late := d.access(t, service)
	works(late, 200)
	d.Clock.Advance(time.Minute)
	works(late, 401)
	works(d.access(t, next), 200)
}

// TestClientCredentials: the errors and the answers of RFC 6749, and what a token says.
func TestClientCredentials(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.program(t, "service", nil)
	id, secret := p.Client.ID, p.Secret
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
	ask := func(pairs ...string) url.Values {
		form := url.Values{"grant_type": {"client_credentials"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		return form
	}
	got := d.token(t, 200, ask(), "Authorization", basic)
	if got["token_type"] != "Bearer" || got["expires_in"] != 600.0 || got["scope"] != "clients:read clients:write dossiers:read" || got["refresh_token"] != nil {
		t.Errorf("%v", got)
	}
	narrow := d.token(t, 200, ask("scope", "dossiers:read", "resource", "https://office.test/api/v1"), "Authorization", basic)
	if narrow["scope"] != "dossiers:read" {
		t.Errorf("%v", narrow)
	}
	less := apitest.Caller{Bearer: narrow["access_token"].(string)}
	d.do(t, less, "GET /dossiers", nil, 200)
	d.do(t, less, "GET /clients", nil, 403)
	key := d.program(t, "key", nil)
	for _, c := range []struct {
		why, want string
		status    int
		form      url.Values
		header    []string
	}{
		{"a wrong secret", "invalid_client", 401, ask("client_id", id, "client_secret", key.Secret), nil},
		{"no secret", "invalid_client", 401, ask("client_id", id), nil},
		{"nobody", "invalid_client", 401, ask(), nil},
		{"an unknown client", "invalid_client", 401, ask("client_id", dbtest.ID().String(), "client_secret", secret), nil},
		{"a key in place of a secret", "invalid_client", 401, ask("client_id", key.Client.ID, "client_secret", key.Secret), nil},
		{"two ways at once", "invalid_request", 400, ask("client_secret", secret), []string{"Authorization", basic}},
		{"two names", "invalid_request", 400, ask("client_id", key.Client.ID), []string{"Authorization", basic}},
		{"a scope it has not", "invalid_scope", 400, ask("client_id", id, "client_secret", secret, "scope", "dossiers:read documents:read"), nil},
		{"a scope there is not", "invalid_scope", 400, ask("client_id", id, "client_secret", secret, "scope", "everything"), nil},
		{"another resource", "invalid_target", 400, ask("client_id", id, "client_secret", secret, "resource", "https://portal.test/api/v1/portal"), nil},
		{"another grant", "unsupported_grant_type", 400, ask("client_id", id, "client_secret", secret, "grant_type", "password"), nil},
		{"a parameter twice", "invalid_request", 400, url.Values{"grant_type": {"client_credentials", "client_credentials"}}, nil},
		{"JSON", "invalid_request", 400, ask(), []string{"Content-Type", "application/json"}},
	} {
		if got := d.token(t, c.status, c.form, c.header...); got["error"] != c.want {
			t.Errorf("%s: %v", c.why, got)
		}
	}
	rec := d.do(t, d.nobody, "POST /oauth/token", "grant_type=client_credentials", 401, "Content-Type", "application/x-www-form-urlencoded", "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(id+":x")))
	if !strings.HasPrefix(rec.Header().Get("WWW-Authenticate"), "Basic") || rec.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%v", rec.Header())
	}
	d.do(t, d.nobody, "POST /oauth/token?client_id="+id, "grant_type=client_credentials", 400, "Content-Type", "application/x-www-form-urlencoded")

	// The token itself: ids only, and everything that RFC 9068 asks for.
	token, _, err := jwt.NewParser().ParseUnverified(got["access_token"].(string), jwt.MapClaims{})
	if err != nil {
		t.Fatal(err)
	}
	said := token.Claims.(jwt.MapClaims)
	if token.Header["alg"] != "EdDSA" || token.Header["typ"] != "at+jwt" || token.Header["kid"] == "" || len(token.Header) != 3 {
		t.Errorf("%v", token.Header)
	}
	for name, want := range map[string]string{"iss": "https://portal.test", "sub": id, "client_id": id, "tenant": d.Organisation.String()} {
		if said[name] != want {
			t.Errorf("%s is %v, want %s", name, said[name], want)
		}
	}
	if len(said) != 10 || said["exp"].(float64)-said["iat"].(float64) != 600 || said["jti"] == "" || said["sid"] == "" {
		t.Errorf("%v", said)
	}

	// It ends by itself.
	whole := apitest.Caller{Bearer: got["access_token"].(string)}
	d.Clock.Advance(apiclient.TokenLife - 2*time.Second)
	d.do(t, whole, "GET /clients", nil, 200)
	d.Clock.Advance(2 * time.Second)
	d.do(t, whole, "GET /clients", nil, 401)
	fresh := apitest.Caller{Bearer: d.access(t, p)}
	d.do(t, fresh, "GET /clients", nil, 200)
	d.do(t, d.admin, "DELETE /api-clients/"+id, nil, 204)
	d.do(t, fresh, "GET /clients", nil, 401)
	d.token(t, 401, ask("client_id", id, "client_secret", secret))
}

// signedWith is the key that tokens are signed with now.
func (d desk) signedWith(t *testing.T) (uuid.UUID, ed25519.PrivateKey) {
	t.Helper()
	var id uuid.UUID
	var box []byte
	if err := d.Root.QueryRow(`SELECT id, private_key FROM signing_keys ORDER BY signs_from LIMIT 1`).Scan(&id, &box); err != nil {
		t.Fatal(err)
	}
	seed, err := sealed.Open(d.Key, "signing_keys.private_key:"+id.String(), box)
	if err != nil {
		t.Fatal(err)
	}
	return id, ed25519.NewKeyFromSeed(seed)
}

// TestForgedTokens starts from a token that works, with the key that signs them in hand, and changes one thing each time.
func TestForgedTokens(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.program(t, "service", nil)
	good, _, err := jwt.NewParser().ParseUnverified(d.access(t, p), jwt.MapClaims{})
	if err != nil {
		t.Fatal(err)
	}
	_, private := d.signedWith(t)
	public := private.Public().(ed25519.PublicKey)
	forge := func(method jwt.SigningMethod, key any, header, claims m) string {
		t.Helper()
		c := jwt.MapClaims{}
		maps.Copy(c, good.Claims.(jwt.MapClaims))
		tok := jwt.NewWithClaims(method, c)
		tok.Header["typ"], tok.Header["kid"] = "at+jwt", good.Header["kid"]
		for k, v := range header {
			tok.Header[k] = v
			if v == nil {
				delete(tok.Header, k)
			}
		}
		for k, v := range claims {
			c[k] = v
			if v == nil {
				delete(c, k)
			}
		}
		s, err := tok.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	d.do(t, apitest.Caller{Bearer: forge(jwt.SigningMethodEdDSA, private, nil, nil)}, "GET /clients", nil, 200)
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	now := d.Clock.Now()
	hs := public                // an HMAC whose secret is what everybody can read
	stranger := func() string { // of the other office, from the same client id
		return d.other.Organisation.String()
	}
	signed := forge(jwt.SigningMethodEdDSA, private, nil, nil)
	parts := strings.Split(signed, ".")
	ed := jwt.SigningMethodEdDSA
	for why, token := range map[string]string{
		"no signature (alg none)":            forge(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, nil),
		"a signature cut off":                parts[0] + "." + parts[1] + ".",
		"HS256 with the public key":          forge(jwt.SigningMethodHS256, []byte(hs), nil, nil),
		"another key under a known name":     forge(ed, other, nil, nil),
		"an unknown kid":                     forge(ed, private, m{"kid": dbtest.ID().String()}, nil),
		"a kid that is a path":               forge(ed, private, m{"kid": "../../etc/passwd"}, nil),
		"no kid":                             forge(ed, private, m{"kid": nil}, nil),
		"typ JWT":                            forge(ed, private, m{"typ": "JWT"}, nil),
		"no typ":                             forge(ed, private, m{"typ": nil}, nil),
		"a key of its own (jwk)":             forge(ed, private, m{"jwk": m{"kty": "OKP"}}, nil),
		"an address of keys (jku)":           forge(ed, private, m{"jku": "https://evil.example"}, nil),
		"crit":                               forge(ed, private, m{"crit": []string{"exp"}}, nil),
		"expired":                            forge(ed, private, nil, m{"exp": now.Add(-time.Second).Unix()}),
		"without an end":                     forge(ed, private, nil, m{"exp": nil}),
		"not yet":                            forge(ed, private, nil, m{"nbf": now.Add(time.Minute).Unix()}),
		"for the portal":                     forge(ed, private, nil, m{"aud": "https://portal.test/api/v1/portal"}),
		"for two":                            forge(ed, private, nil, m{"aud": []string{"https://office.test/api/v1", "https://portal.test/api/v1/portal"}}),
		"for nobody":                         forge(ed, private, nil, m{"aud": nil}),
		"of another issuer":                  forge(ed, private, nil, m{"iss": "https://evil.example"}),
		"without an issuer":                  forge(ed, private, nil, m{"iss": nil}),
		"of the other office":                forge(ed, private, nil, m{"tenant": stranger()}),
		"of a client there is not":           forge(ed, private, nil, m{"client_id": dbtest.ID().String()}),
		"of a secret there is not":           forge(ed, private, nil, m{"sid": dbtest.ID().String()}),
		"claims changed after signing":       parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://portal.test"}`)) + "." + parts[2],
		"with a space after the signature =": signed + "=",
	} {
		if rec := d.Call(t, apitest.Request{As: apitest.Caller{Bearer: token}, Do: "GET /clients"}); rec.Code != 401 {
			t.Errorf("%s: %d %s", why, rec.Code, rec.Body)
		}
	}
	// More scopes than the client has are worth nothing either.
	d.do(t, apitest.Caller{Bearer: forge(ed, private, nil, m{"scope": "documents:read organisation:write"})}, "GET /organisation", nil, 403)
}

// keys reads what the world can check tokens with.
func (d desk) keys(t *testing.T) []string {
	t.Helper()
	rec := httptest.NewRecorder()
	d.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/.well-known/jwks.json", nil))
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &set); err != nil {
		t.Fatal(err)
	}
	ids := make([]string, 0, len(set.Keys))
	for _, k := range set.Keys {
		if k["kty"] != "OKP" || k["crv"] != "Ed25519" || k["alg"] != "EdDSA" || len(k["x"]) != 43 || len(k) != 6 {
			t.Errorf("%v", k)
		}
		ids = append(ids, k["kid"])
	}
	return ids
}

// TestSigningKeysTurn: the next key is known to everybody days before a token is signed with it, and the last one until its tokens have ended.
func TestSigningKeysTurn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.program(t, "service", nil)
	kid := func(token string) string {
		tok, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
		if err != nil {
			t.Fatal(err)
		}
		return tok.Header["kid"].(string)
	}
	first := kid(d.access(t, p))
	if got := d.keys(t); len(got) != 1 || got[0] != first {
		t.Fatalf("%v, %s", got, first)
	}
	d.Clock.Advance(28*24*time.Hour + time.Second)
	if got := kid(d.access(t, p)); got != first {
		t.Error("signed with a key that nobody has seen yet")
	}
	known := d.keys(t)
	if len(known) != 2 || known[0] != first {
		t.Fatalf("the next key is not published: %v", known)
	}
	d.Clock.Advance(2*24*time.Hour - 5*time.Second)
	last := d.access(t, p)
	if kid(last) != first {
		t.Error("signed with the next key before its time")
	}
	d.Clock.Advance(10 * time.Second)
	if got := kid(d.access(t, p)); got != known[1] {
		t.Errorf("signed with %s, not with the one that was announced", got)
	}
	d.do(t, apitest.Caller{Bearer: last}, "GET /clients", nil, 200)
	if got := d.keys(t); len(got) != 2 {
		t.Errorf("%v", got)
	}
	d.Clock.Advance(2 * time.Hour)
	if got := d.keys(t); len(got) != 1 || got[0] != known[1] {
		t.Errorf("%v", got)
	}
	var sealedKeys int
	if err := d.Root.QueryRow(`SELECT count(*) FROM signing_keys WHERE position(public_key IN private_key) > 0 OR octet_length(private_key) <= 32`).Scan(&sealedKeys); err != nil || sealedKeys != 0 {
		t.Errorf("%d keys are readable, %v", sealedKeys, err)
	}
}

// TestFirstKeyAtOnce: twenty processes that start at once sign with one key.
func TestFirstKeyAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			s := &apiclient.Service{DB: d.DB, Now: d.Clock.Now, Key: d.Key, Issuer: "https://portal.test", OfficeURL: "https://office.test"}
			if _, err := s.PublicKeys(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var n int
	if err := d.Root.QueryRow(`SELECT count(*) FROM signing_keys`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d keys, %v", n, err)
	}
}

// TestIndependentClient lets golang.org/x/oauth2 do what programs of others do: find the token endpoint, get a token, and use it.
func TestIndependentClient(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.program(t, "service", nil)
	server := httptest.NewServer(d.Handler())
	t.Cleanup(server.Close)
	res, err := server.Client().Get(server.URL + "/.well-known/oauth-authorization-server")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var meta m
	if err := json.NewDecoder(res.Body).Decode(&meta); err != nil {
		t.Fatal(err)
	}
	if meta["issuer"] != "https://portal.test" || meta["jwks_uri"] != "https://portal.test/.well-known/jwks.json" {
		t.Errorf("%v", meta)
	}
	conf := clientcredentials.Config{
		ClientID: p.Client.ID, ClientSecret: p.Secret, Scopes: []string{"clients:read"},
		TokenURL: server.URL + strings.TrimPrefix(meta["token_endpoint"].(string), "https://portal.test"),
	}
	res, err = conf.Client(t.Context()).Get(server.URL + "/api/v1/clients")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Error(res.Status)
	}
	conf.ClientSecret = "wrong"
	if _, err := conf.Token(t.Context()); err == nil || !strings.Contains(err.Error(), "invalid_client") {
		t.Errorf("%v", err)
	}
}
