package portal_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"golang.org/x/oauth2"

	"voordeur/api/apitest"
	"voordeur/internal/apiclient"
	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

const (
	appBack  = "https://app.example/back?from=voordeur"
	verifier = "a-verifier-of-a-test-that-is-long-enough-for-the-standard"
)

// consenting is a house with an app that the office let in.
type consenting struct {
	house
	app    apiclient.Client
	secret string
}

func newConsenting(t *testing.T, confidential bool) *consenting {
	t.Helper()
	h := newHouse(t)
	admin := dbtest.EmployeeAs(h.Organisation, h.Employee)
	app, err := h.Services.Office.ApiClients.Create(admin, apiclient.Draft{
		Kind: apiclient.ForMembers, Name: "Huishoudboekje", Scopes: []string{"portal.dossiers:read", "portal.documents:read"},
		RedirectURIs: []string{appBack, "http://127.0.0.1/back"}, Confidential: confidential,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &consenting{house: h, app: app, secret: h.Services.Office.ApiClients.Secret(app)}
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is what the app asks, with pairs in place of the usual.
func (c *consenting) request(pairs ...string) url.Values {
	q := url.Values{
		"client_id": {c.app.ID.String()}, "response_type": {"code"}, "redirect_uri": {appBack}, "state": {"a state & more"},
		"code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

func wire(q url.Values) map[string]string {
	return map[string]string{
		"clientIdentifier": q.Get("client_id"), "responseType": q.Get("response_type"), "redirectUri": q.Get("redirect_uri"), "scope": q.Get("scope"), "state": q.Get("state"),
		"codeChallenge": q.Get("code_challenge"), "codeChallengeMethod": q.Get("code_challenge_method"), "resource": q.Get("resource"),
	}
}

func (c *consenting) decide(t *testing.T, as apitest.Caller, q url.Values, allow bool) url.Values {
	t.Helper()
	rec := c.do(t, as, "POST /portal/me/app-request/decision", map[string]any{"request": wire(q), "allow": allow}, 200)
	var out struct {
		RedirectURL string `json:"redirectUrl"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(out.RedirectURL)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.RedirectURL, "https://app.example/back?") && u.Hostname() != "127.0.0.1" {
		t.Errorf("the customer is sent to %s", out.RedirectURL)
	}
	if u.Query().Get("iss") != "https://portal.test" || u.Query().Get("state") != q.Get("state") {
		t.Errorf("%s", out.RedirectURL)
	}
	return u.Query()
}

func (c *consenting) code(t *testing.T) string {
	t.Helper()
	return c.decide(t, c.customer, c.request(), true).Get("code")
}

// token asks for one; what the pairs say is added.
func (c *consenting) token(t *testing.T, want int, pairs ...string) map[string]any {
	t.Helper()
	form := url.Values{"client_id": {c.app.ID.String()}}
	if c.secret != "" {
		form.Set("client_secret", c.secret)
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	rec := c.do(t, apitest.Caller{}, "POST /oauth/token", form.Encode(), want, "Content-Type", "application/x-www-form-urlencoded")
	var out map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (c *consenting) redeem(t *testing.T, want int, code string, pairs ...string) map[string]any {
	t.Helper()
	return c.token(t, want, append([]string{"grant_type", "authorization_code", "code", code, "redirect_uri", appBack, "code_verifier", verifier}, pairs...)...)
}

func (c *consenting) refresh(t *testing.T, want int, token any, pairs ...string) map[string]any {
	t.Helper()
	return c.token(t, want, append([]string{"grant_type", "refresh_token", "refresh_token", token.(string)}, pairs...)...)
}

func bearer(token map[string]any) apitest.Caller {
	return apitest.Caller{Bearer: token["access_token"].(string)}
}

func (c *consenting) trail(t *testing.T) string {
	t.Helper()
	var names string
	if err := c.Root.QueryRow(`SELECT coalesce(string_agg(name, ' ' ORDER BY seq), '') FROM audit_events WHERE organisation_id = $1 AND name LIKE 'app_consent%'`, c.Organisation).Scan(&names); err != nil {
		t.Fatal(err)
	}
	return names
}

// TestConsent: what the customer is asked, allowing it, what the app may then do, and taking it back.
func TestConsent(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	rec := c.do(t, apitest.Caller{}, "GET /oauth/authorize?"+c.request().Encode(), nil, 302)
	if got := rec.Header().Get("Location"); !strings.HasPrefix(got, "https://portal.test/"+c.Slug+"/authorize#") || !strings.Contains(got, url.QueryEscape("a state & more")) {
		t.Errorf("sent to %s", got)
	}
	c.do(t, apitest.Caller{}, "GET /oauth/authorize?client_id="+dbtest.ID().String(), nil, 404)
	c.do(t, apitest.Caller{}, "GET /portal/me/app-request?"+c.request().Encode(), nil, 401)
	asked := c.do(t, c.customer, "GET /portal/me/app-request?"+c.request().Encode(), nil, 200).Body.String()
	if asked != `{"name":"Huishoudboekje","scopes":["portal.dossiers:read","portal.documents:read"]}`+"\n" {
		t.Error(asked)
	}
	c.do(t, apitest.Caller{}, "POST /portal/me/app-request/decision", map[string]any{"allow": true, "request": wire(c.request())}, 401)
	if got := c.decide(t, c.customer, c.request(), false); got.Get("error") != "access_denied" || got.Get("code") != "" || got.Get("from") != "voordeur" {
		t.Errorf("%v", got)
	}
	answer := c.decide(t, c.customer, c.request(), true)
	tokens := c.redeem(t, 200, answer.Get("code"))
	if tokens["scope"] != "portal.dossiers:read portal.documents:read" || tokens["expires_in"] != 600.0 || tokens["refresh_token"] == nil {
		t.Errorf("%v", tokens)
	}
	app := bearer(tokens)
	c.do(t, app, "GET /portal/dossiers/"+c.Dossier.String(), nil, 200)
	c.do(t, app, "GET /portal/documents?dossierId="+c.Dossier.String(), nil, 200)
	c.do(t, app, "OPTIONS /portal/uploads", nil, 403)
	for _, do := range []string{"GET /portal/me", "GET /portal/me/sessions", "GET /portal/me/apps", "POST /portal/me/app-request/decision", "POST /portal/auth/logout", "GET /portal/events"} {
		c.do(t, app, do, nil, 403)
	}
	c.do(t, app, "GET /clients", nil, 401)

	// The customer sees it, and takes it back: at the next request, and for good.
	mine := c.do(t, c.customer, "GET /portal/me/apps", nil, 200).Body.String()
	if !strings.Contains(mine, c.app.ID.String()) || !strings.Contains(mine, "Huishoudboekje") || !strings.Contains(mine, "lastUsedAt") {
		t.Error(mine)
	}
	if got := c.do(t, c.neighbour, "GET /portal/me/apps", nil, 200).Body.String(); strings.Contains(got, c.app.ID.String()) {
		t.Error(got)
	}
	c.do(t, apitest.Caller{}, "GET /portal/me/apps", nil, 401)
	at := "DELETE /portal/me/apps/" + c.app.ID.String()
	c.do(t, c.neighbour, at, nil, 404)
	c.do(t, c.customer, at, nil, 204)
	c.do(t, c.customer, at, nil, 404)
	c.do(t, app, "GET /portal/dossiers", nil, 401)
	c.refresh(t, 400, tokens["refresh_token"])
	if got := c.do(t, c.customer, "GET /portal/me/apps", nil, 200).Body.String(); got != `{"items":[]}`+"\n" {
		t.Error(got)
	}
	if got := c.trail(t); got != "app_consent.refused app_consent.given app_consent.redeemed app_consent.withdrawn" {
		t.Error(got)
	}
}

// TestAppComesFromItsNetwork: the addresses that the office gave an app count for the tokens it has too, from the next request on.
func TestAppComesFromItsNetwork(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	tokens := c.redeem(t, 200, c.code(t))
	app := bearer(tokens)
	c.do(t, app, "GET /portal/dossiers", nil, 200)
	_, err := c.Services.Office.ApiClients.Change(dbtest.EmployeeAs(c.Organisation, c.Employee), c.app.ID, 1, apiclient.Change{Networks: []string{"198.51.100.0/24"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.do(t, app, "GET /portal/dossiers", nil, 403).Body.String(); !strings.Contains(got, `"address-not-allowed"`) {
		t.Error(got)
	}
	c.refresh(t, 400, tokens["refresh_token"])
}

// TestAppRequestMistakes: who is not known, or wants the customer sent elsewhere, gets no answer; other mistakes the app hears of.
func TestAppRequestMistakes(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	elsewhere := dbtest.AddScene(t, c.Root)
	stranger := c.Session(t, web.Portal, elsewhere.Organisation, elsewhere.Member, false)
	for why, in := range map[string]struct {
		as    apitest.Caller
		pairs []string
		want  int
	}{
		"an unknown app":            {c.customer, []string{"client_id", dbtest.ID().String()}, 404},
		"no app":                    {c.customer, []string{"client_id", "x"}, 404},
		"the app of another office": {stranger, nil, 404},
		"another address":           {c.customer, []string{"redirect_uri", "https://evil.example/back?from=voordeur"}, 422},
		"a longer address":          {c.customer, []string{"redirect_uri", appBack + "&x=1"}, 422},
		"a shorter address":         {c.customer, []string{"redirect_uri", "https://app.example/back"}, 422},
		"another case":              {c.customer, []string{"redirect_uri", "https://APP.example/back?from=voordeur"}, 422},
		"a path above":              {c.customer, []string{"redirect_uri", "https://app.example/back/../other"}, 422},
		"no address":                {c.customer, []string{"redirect_uri", ""}, 422},
		"localhost by name":         {c.customer, []string{"redirect_uri", "http://localhost:7/back"}, 422},
		"another path there":        {c.customer, []string{"redirect_uri", "http://127.0.0.1:7/other"}, 422},
	} {
		q := c.request(in.pairs...)
		rec := c.Call(t, apitest.Request{As: in.as, Do: "GET /portal/me/app-request?" + q.Encode()})
		if rec.Code != in.want {
			t.Errorf("%s: %d %s", why, rec.Code, rec.Body)
		}
		rec = c.Call(t, apitest.Request{As: in.as, Do: "POST /portal/me/app-request/decision", Body: map[string]any{"allow": true, "request": wire(q)}})
		if rec.Code != in.want || strings.Contains(rec.Body.String(), "evil") {
			t.Errorf("%s: %d %s", why, rec.Code, rec.Body)
		}
	}
	for why, in := range map[string]struct {
		want  string
		pairs []string
	}{
		"no PKCE":              {"invalid_request", []string{"code_challenge", ""}},
		"PKCE that is plain":   {"invalid_request", []string{"code_challenge_method", "plain", "code_challenge", verifier}},
		"a method left out":    {"invalid_request", []string{"code_challenge_method", ""}},
		"a short challenge":    {"invalid_request", []string{"code_challenge", "abc"}},
		"the implicit flow":    {"unsupported_response_type", []string{"response_type", "token"}},
		"a scope it has not":   {"invalid_scope", []string{"scope", "portal.dossiers:read portal.submissions:create"}},
		"a scope of offices":   {"invalid_scope", []string{"scope", "dossiers:read"}},
		"the office's address": {"invalid_target", []string{"resource", "https://office.test/api/v1"}},
	} {
		q := c.request(in.pairs...)
		var out struct {
			RedirectURL string `json:"redirectUrl"`
		}
		if err := json.Unmarshal(c.do(t, c.customer, "GET /portal/me/app-request?"+q.Encode(), nil, 200).Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		back, err := url.Parse(out.RedirectURL)
		if got := back.Query(); err != nil || got.Get("error") != in.want || got.Get("code") != "" || got.Get("iss") != "https://portal.test" || back.Host != "app.example" {
			t.Errorf("%s: %v", why, out.RedirectURL)
		}
		c.do(t, c.customer, "POST /portal/me/app-request/decision", map[string]any{"allow": true, "request": wire(q)}, 422)
	}
	if got := c.trail(t); got != "" {
		t.Errorf("a mistake is nobody's consent: %s", got)
	}
	// A program on the customer's machine takes whichever port is free.
	if got := c.decide(t, c.customer, c.request("redirect_uri", "http://127.0.0.1:49152/back"), true); got.Get("code") == "" {
		t.Errorf("%v", got)
	}
	if err := c.Services.Office.ApiClients.Revoke(dbtest.EmployeeAs(c.Organisation, c.Employee), c.app.ID); err != nil {
		t.Fatal(err)
	}
	c.do(t, c.customer, "GET /portal/me/app-request?"+c.request().Encode(), nil, 404)
	c.do(t, apitest.Caller{}, "GET /oauth/authorize?"+c.request().Encode(), nil, 404)
}

// TestCode: a minute, once, for this app, this address and this verifier. A second time ends what the first one gave.
func TestCode(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	other := newApp(t, c)
	for why, try := range map[string]func(code string) map[string]any{
		"no verifier":      func(code string) map[string]any { return c.redeem(t, 400, code, "code_verifier", "") },
		"a wrong verifier": func(code string) map[string]any { return c.redeem(t, 400, code, "code_verifier", verifier+"x") },
		"the challenge itself": func(code string) map[string]any {
			return c.redeem(t, 400, code, "code_verifier", challengeOf(verifier))
		},
		"another address": func(code string) map[string]any {
			return c.redeem(t, 400, code, "redirect_uri", "http://127.0.0.1/back")
		},
		"no address": func(code string) map[string]any { return c.redeem(t, 400, code, "redirect_uri", "") },
		"too late": func(code string) map[string]any {
			c.Clock.Advance(time.Minute)
			return c.redeem(t, 400, code)
		},
	} {
		code := c.code(t)
		if got := try(code); got["error"] != "invalid_grant" {
			t.Errorf("%s: %v", why, got)
		}
		if got := c.redeem(t, 400, code); got["error"] != "invalid_grant" {
			t.Errorf("after %s the code still works: %v", why, got)
		}
	}
	c.redeem(t, 400, "vd_code_nothing")
	code := c.code(t)
	if got := other.redeem(t, 400, code); got["error"] != "invalid_grant" {
		t.Errorf("another app: %v", got)
	}
	if got := c.redeem(t, 401, code, "client_secret", "x"); got["error"] != "invalid_client" {
		t.Errorf("without the secret: %v", got)
	}
	c.Clock.Advance(59 * time.Second)
	tokens := c.redeem(t, 200, code)
	c.do(t, bearer(tokens), "GET /portal/dossiers", nil, 200)
	c.redeem(t, 400, code)
	c.do(t, bearer(tokens), "GET /portal/dossiers", nil, 401)
	c.refresh(t, 400, tokens["refresh_token"])
	if got := c.trail(t); !strings.HasSuffix(got, "app_consent.redeemed app_consent.ended") {
		t.Error(got)
	}
	var kept string
	if err := c.Root.QueryRow(`SELECT concat((SELECT json_agg(s) FROM app_consents s), (SELECT json_agg(r) FROM app_refresh_tokens r), (SELECT json_agg(k) FROM idempotency_keys k))`).Scan(&kept); err != nil ||
		strings.Contains(kept, code[10:]) || strings.Contains(kept, tokens["refresh_token"].(string)[12:]) {
		t.Errorf("a secret is kept: %v", err)
	}
}

// newApp is a second app of the same office.
func newApp(t *testing.T, c *consenting) *consenting {
	t.Helper()
	app, err := c.Services.Office.ApiClients.Create(dbtest.EmployeeAs(c.Organisation, c.Employee), apiclient.Draft{
		Kind: apiclient.ForMembers, Name: "Andere app", Scopes: []string{"portal.dossiers:read"}, RedirectURIs: []string{appBack},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &consenting{house: c.house, app: app}
}

// TestCodeAtOnce: of fifty who come with one code, at most one gets tokens, and because others came too they end.
func TestCodeAtOnce(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	code := c.code(t)
	var won []string
	at(50, func(add func(string)) {
		if got, err := c.Services.Office.ApiClients.Token(context.Background(), apiclient.Ask{
			Client: c.app.ID.String(), Secret: c.secret, Grant: "authorization_code", Code: code, RedirectURI: appBack, Verifier: verifier,
		}); err == nil {
			add(got.Access)
		}
	}, &won)
	if len(won) != 1 {
		t.Fatalf("%d got tokens", len(won))
	}
	c.do(t, apitest.Caller{Bearer: won[0]}, "GET /portal/dossiers", nil, 401)
}

// at runs f n times at once and collects what they add.
func at(n int, f func(add func(string)), into *[]string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			f(func(s string) {
				mu.Lock()
				defer mu.Unlock()
				*into = append(*into, s)
			})
		})
	}
	wg.Wait()
}

// TestRefresh: each token once, the next one the same for a moment, and an old one that turns up ends them all.
func TestRefresh(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, false)
	if c.secret != "" {
		t.Fatal("an app on a telephone has a secret")
	}
	first := c.redeem(t, 200, c.code(t))
	second := c.refresh(t, 200, first["refresh_token"])
	if second["refresh_token"] == first["refresh_token"] {
		t.Error("the token did not turn")
	}
	c.do(t, bearer(second), "GET /portal/dossiers", nil, 200)
	// The answer was lost: the same successor, for ten seconds.
	c.Clock.Advance(9 * time.Second)
	if again := c.refresh(t, 200, first["refresh_token"]); again["refresh_token"] != second["refresh_token"] {
		t.Error("a second chain")
	}
	narrow := c.refresh(t, 200, second["refresh_token"], "scope", "portal.dossiers:read")
	if narrow["scope"] != "portal.dossiers:read" {
		t.Errorf("%v", narrow)
	}
	c.do(t, bearer(narrow), "GET /portal/documents?dossierId="+c.Dossier.String(), nil, 403)
	if got := c.refresh(t, 400, narrow["refresh_token"], "scope", "portal.submissions:create"); got["error"] != "invalid_scope" {
		t.Errorf("%v", got)
	}
	// Its successor was used: the first one is somebody else's.
	c.refresh(t, 400, first["refresh_token"])
	c.do(t, bearer(narrow), "GET /portal/dossiers", nil, 401)
	c.refresh(t, 400, narrow["refresh_token"])
	if got := c.trail(t); !strings.HasSuffix(got, "app_consent.ended") {
		t.Error(got)
	}

	// After ten seconds the one before is no lost answer any more.
	first = c.redeem(t, 200, c.code(t))
	second = c.refresh(t, 200, first["refresh_token"])
	c.Clock.Advance(11 * time.Second)
	c.refresh(t, 400, first["refresh_token"])
	c.refresh(t, 400, second["refresh_token"])

	// Another app cannot use it, and using it so changes nothing.
	first = c.redeem(t, 200, c.code(t))
	newApp(t, c).refresh(t, 400, first["refresh_token"])
	live := c.refresh(t, 200, first["refresh_token"])

	// A month of staying away, and three months in all.
	stay := live["refresh_token"]
	c.Clock.Advance(30*24*time.Hour - time.Minute)
	stay = c.refresh(t, 200, stay)["refresh_token"]
	c.Clock.Advance(29 * 24 * time.Hour)
	stay = c.refresh(t, 200, stay)["refresh_token"]
	c.Clock.Advance(29 * 24 * time.Hour)
	stay = c.refresh(t, 200, stay)["refresh_token"]
	c.Clock.Advance(2*24*time.Hour + time.Minute)
	c.refresh(t, 400, stay)
	c.customer = c.Session(t, web.Portal, c.Organisation, c.Member, false)
	away := c.redeem(t, 200, c.code(t))
	c.Clock.Advance(30 * 24 * time.Hour)
	c.refresh(t, 400, away["refresh_token"])
}

// TestRefreshAtOnce: fifty at once come out with one chain that lives; once it has gone on, a straggler ends it.
func TestRefreshAtOnce(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	for round := range 3 {
		first := c.redeem(t, 200, c.code(t))
		var got []string
		at(50, func(add func(string)) {
			tok, err := c.Services.Office.ApiClients.Token(context.Background(), apiclient.Ask{
				Client: c.app.ID.String(), Secret: c.secret, Grant: "refresh_token", Refresh: first["refresh_token"].(string),
			})
			if err != nil {
				t.Errorf("round %d: %v", round, err)
				return
			}
			add(tok.Refresh)
		}, &got)
		slices.Sort(got)
		if got = slices.Compact(got); len(got) != 1 {
			t.Fatalf("round %d: %d chains", round, len(got))
		}
		var rows int
		if err := c.Root.QueryRow(`SELECT count(*) FROM app_refresh_tokens t JOIN app_consents s ON s.id = t.consent_id WHERE s.ended_at IS NULL AND t.used_at IS NULL`).Scan(&rows); err != nil || rows != 1 {
			t.Errorf("round %d: %d tokens work, %v", round, rows, err)
		}
		next := c.refresh(t, 200, got[0])
		c.refresh(t, 400, first["refresh_token"])
		c.refresh(t, 400, next["refresh_token"])
	}
}

// TestAppIsOut: whatever happens to the customer, the office's app or the scopes works at the app's next request.
func TestAppIsOut(t *testing.T) {
	t.Parallel()
	for why, by := range map[string]struct {
		change string
		want   int
	}{
		"the customer is blocked":     {`UPDATE portal_members SET blocked_at = now() WHERE id = $1`, 401},
		"the customer is archived":    {`UPDATE portal_members SET archived_at = now() WHERE id = $1`, 401},
		"the customer may do less":    {`UPDATE portal_members SET permissions = '{portal.me,portal.document:read}' WHERE id = $1`, 403},
		"the app is revoked":          {`UPDATE api_clients SET revoked_at = now() WHERE $1::uuid IS NOT NULL`, 401},
		"the app has ended":           {`UPDATE api_clients SET expires_at = now() WHERE $1::uuid IS NOT NULL`, 401},
		"the app may do less":         {`UPDATE api_clients SET scopes = '{portal.document:read}' WHERE $1::uuid IS NOT NULL`, 403},
		"the customer allows it less": {`UPDATE app_consents SET scopes = '{portal.document:read}' WHERE member_id = $1`, 403},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			c := newConsenting(t, true)
			tokens := c.redeem(t, 200, c.code(t))
			app := bearer(tokens)
			c.do(t, app, "GET /portal/dossiers", nil, 200)
			c.exec(t, by.change, c.Member)
			c.do(t, app, "GET /portal/dossiers", nil, by.want)
			if by.want == 401 {
				if rec := c.Call(t, apitest.Request{Do: "POST /oauth/token", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: url.Values{
					"client_id": {c.app.ID.String()}, "client_secret": {c.secret}, "grant_type": {"refresh_token"}, "refresh_token": {tokens["refresh_token"].(string)},
				}.Encode()}); rec.Code < 400 {
					t.Errorf("refreshed: %s", rec.Body)
				}
			}
		})
	}
}

// TestScopesReachTheRows: what the app was not allowed it does not see either where an operation shows more than it names.
func TestScopesReachTheRows(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	shared := dbtest.AddDocument(t, c.Root, c.Organisation, c.Dossier, true)
	at := "GET /portal/documents/" + shared.String() + "/content"
	only := func(permissions ...string) apitest.Caller {
		caller, _ := c.App(t, c.Organisation, c.Employee, c.Member, permissions...)
		return caller
	}
	progress := only(string(authz.PortalDossierRead), string(authz.PortalSubmissionCreate))
	if rec := c.Call(t, apitest.Request{As: progress, Do: at}); rec.Code != 403 && rec.Code != 404 {
		t.Errorf("an app that may see the progress reads a document: %d", rec.Code)
	}
	if got := c.do(t, progress, "GET /portal/dossiers/"+c.Dossier.String(), nil, 200).Body.String(); strings.Contains(got, shared.String()) {
		t.Errorf("the overview tells of it: %s", got)
	}
	if got := c.do(t, only(string(authz.PortalDocumentRead)), "GET /portal/documents?dossierId="+c.Dossier.String(), nil, 200).Body.String(); !strings.Contains(got, shared.String()) {
		t.Errorf("an app that may see documents does not: %s", got)
	}
	c.do(t, only(), "GET /portal/dossiers", nil, 403)
}

// TestAppInTheTrail: the customer did it, with the app.
func TestAppInTheTrail(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	app, id := c.App(t, c.Organisation, c.Employee, c.Member, "portal.dossier:read", "portal.submission:create")
	upload := c.upload(t, c.Member, "loonstrook.pdf")
	c.do(t, app, "POST /portal/action-points/"+c.ActionPoint.String()+"/submissions", map[string]any{"uploadIds": []uuid.UUID{upload}}, 201, "Idempotency-Key", "handed-in-once")
	admin := c.Session(t, web.Office, c.Organisation, c.Employee, false)
	log := c.do(t, admin, "GET /audit-events?actorId="+c.Member.String(), nil, 200).Body.String()
	if !strings.Contains(log, "action_point.submitted") || !strings.Contains(log, `"program":"`+id.String()+`"`) {
		t.Error(log)
	}
}

// TestPortalTokens: a token of an app opens the portal of its customer and nothing else, and nothing else opens it.
func TestPortalTokens(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	token := c.redeem(t, 200, c.code(t))["access_token"].(string)
	good, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	if err != nil {
		t.Fatal(err)
	}
	said := good.Claims.(jwt.MapClaims)
	c.do(t, apitest.Caller{Bearer: c.Sign(t, said)}, "GET /portal/dossiers", nil, 200)
	for name, value := range map[string]any{
		"aud": "https://office.test/api/v1", "sub": dbtest.ID().String(), "client_id": dbtest.ID().String(), "sid": dbtest.ID().String(), "tenant": dbtest.ID().String(),
		"iss": "https://office.test", "exp": c.Clock.Now().Add(-time.Second).Unix(),
	} {
		changed := jwt.MapClaims{}
		for k, v := range said {
			changed[k] = v
		}
		changed[name] = value
		if rec := c.Call(t, apitest.Request{As: apitest.Caller{Bearer: c.Sign(t, changed)}, Do: "GET /portal/dossiers"}); rec.Code != 401 {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
	key, _ := c.Program(t, c.Organisation, c.Employee, "dossier:read")
	c.do(t, key, "GET /portal/dossiers", nil, 401)
}

// TestRevocation: RFC 7009, by either token.
func TestRevocation(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	revoke := func(as *consenting, token string, want int) {
		t.Helper()
		form := url.Values{"client_id": {as.app.ID.String()}, "token": {token}}
		if as.secret != "" {
			form.Set("client_secret", as.secret)
		}
		c.do(t, apitest.Caller{}, "POST /oauth/revoke", form.Encode(), want, "Content-Type", "application/x-www-form-urlencoded")
	}
	for _, which := range []string{"refresh_token", "access_token"} {
		tokens := c.redeem(t, 200, c.code(t))
		revoke(newApp(t, c), tokens[which].(string), 200) // another's token is no mistake, and no harm
		c.do(t, bearer(tokens), "GET /portal/dossiers", nil, 200)
		revoke(c, tokens[which].(string), 200)
		c.do(t, bearer(tokens), "GET /portal/dossiers", nil, 401)
		c.refresh(t, 400, tokens["refresh_token"])
		revoke(c, tokens[which].(string), 200)
	}
	revoke(c, "nothing", 200)
	c.secret = "wrong"
	revoke(c, "nothing", 401)
}

// TestOldConsentsGo: what nobody came for goes after a day, old refresh tokens after they ended, what was allowed a month after its end. An app that
// is used notices nothing.
func TestOldConsentsGo(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	left := func(want string) {
		t.Helper()
		if _, err := db.Sweep(t.Context(), c.DB); err != nil {
			t.Fatal(err)
		}
		var got string
		if err := c.Root.QueryRow(`SELECT (SELECT count(*) FROM app_consents) || ' consents, ' || (SELECT count(*) FROM app_refresh_tokens) || ' tokens'`).Scan(&got); err != nil || got != want {
			t.Errorf("left: %s, want %s (%v)", got, want, err)
		}
	}
	c.code(t) // nobody comes for it
	silent := c.redeem(t, 200, c.code(t))["refresh_token"]
	used := c.redeem(t, 200, c.code(t))["refresh_token"]
	c.Clock.Advance(time.Hour)
	left("3 consents, 2 tokens")
	c.Clock.Advance(24 * time.Hour)
	left("2 consents, 2 tokens")
	for range 3 {
		c.Clock.Advance(20 * 24 * time.Hour)
		used = c.refresh(t, 200, used)["refresh_token"]
	}
	left("2 consents, 2 tokens") // those of the last 30 days: 61 days after the first, two of the one that is used
	c.refresh(t, 400, silent)
	used = c.refresh(t, 200, used)["refresh_token"]
	c.Clock.Advance(31 * 24 * time.Hour)
	c.refresh(t, 400, used) // three months are over
	left("2 consents, 0 tokens")
	c.Clock.Advance(30 * 24 * time.Hour)
	left("0 consents, 0 tokens")
}

// TestIndependentApp lets golang.org/x/oauth2 do what an app does: ask with PKCE, exchange, and go on after ten minutes by itself.
func TestIndependentApp(t *testing.T) {
	t.Parallel()
	c := newConsenting(t, true)
	server := httptest.NewServer(c.Handler())
	t.Cleanup(server.Close)
	conf := oauth2.Config{
		ClientID: c.app.ID.String(), ClientSecret: c.secret, RedirectURL: appBack, Scopes: []string{"portal.dossiers:read"},
		Endpoint: oauth2.Endpoint{AuthURL: server.URL + "/api/v1/oauth/authorize", TokenURL: server.URL + "/api/v1/oauth/token"},
	}
	proof := oauth2.GenerateVerifier()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Get(conf.AuthCodeURL("state", oauth2.S256ChallengeOption(proof)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusFound {
		t.Fatal(res.Status, err)
	}
	fragment, err := url.ParseQuery(page.EscapedFragment())
	if err != nil {
		t.Fatal(err)
	}
	answer := c.decide(t, c.customer, fragment, true)
	if _, err := conf.Exchange(t.Context(), "wrong", oauth2.VerifierOption(proof)); err == nil || !strings.Contains(err.Error(), "invalid_grant") {
		t.Errorf("%v", err)
	}
	token, err := conf.Exchange(t.Context(), answer.Get("code"), oauth2.VerifierOption(proof))
	if err != nil {
		t.Fatal(err)
	}
	token.Expiry = time.Now().Add(-time.Minute) // so that it asks for the next one
	source := conf.TokenSource(t.Context(), token)
	res, err = oauth2.NewClient(t.Context(), source).Get(server.URL + "/api/v1/portal/dossiers")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	next, err := source.Token()
	if res.StatusCode != http.StatusOK || err != nil || next.RefreshToken == token.RefreshToken {
		t.Error(res.Status, err)
	}
}
