package apitest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	virtual "github.com/descope/virtualwebauthn"
)

// Authenticator is a browser with a passkey in it that we did not write.
type Authenticator struct {
	Origin string
	device virtual.Authenticator
	key    virtual.Credential
}

// NewAuthenticator returns one that opens pages of an origin.
func NewAuthenticator(origin string) *Authenticator {
	a := &Authenticator{Origin: origin, device: virtual.NewAuthenticator(), key: virtual.NewCredential(virtual.KeyTypeEC2)}
	for len(a.key.Key.AttestationData()) != 77 { // it leaves out the zero that one coordinate in 128 begins with
		a.key = virtual.NewCredential(virtual.KeyTypeEC2)
	}
	return a
}

type question struct {
	Challenge  string `json:"challenge"`
	Domain     string `json:"domain"`
	UserHandle string `json:"userHandle"`
}

func (a *Authenticator) read(tb testing.TB, rec *httptest.ResponseRecorder) (question, virtual.RelyingParty, []byte) {
	tb.Helper()
	var q question
	if err := json.Unmarshal(rec.Body.Bytes(), &q); err != nil {
		tb.Fatal(err)
	}
	challenge, err := base64.RawURLEncoding.DecodeString(q.Challenge)
	if err != nil || len(challenge) < 16 {
		tb.Fatalf("challenge %q: %v", q.Challenge, err)
	}
	return q, virtual.RelyingParty{ID: q.Domain, Name: "Voordeur", Origin: a.Origin}, challenge
}

// Make answers what startPasskey asked: the body of addPasskey.
func (a *Authenticator) Make(tb testing.TB, rec *httptest.ResponseRecorder) map[string]any {
	tb.Helper()
	q, party, challenge := a.read(tb, rec)
	handle, err := base64.RawURLEncoding.DecodeString(q.UserHandle)
	if err != nil {
		tb.Fatal(err)
	}
	a.device.Options.UserHandle = handle
	id, out := split(tb, virtual.CreateAttestationResponse(party, a.device, a.key, virtual.AttestationOptions{Challenge: challenge}))
	return map[string]any{"credential": id, "clientData": out["clientDataJSON"], "attestation": out["attestationObject"], "transports": []string{"internal"}}
}

// Sign answers a question for a passkey: the body of finishPasskeyLogin.
func (a *Authenticator) Sign(tb testing.TB, rec *httptest.ResponseRecorder) map[string]any {
	tb.Helper()
	_, party, challenge := a.read(tb, rec)
	a.key.Counter++
	id, out := split(tb, virtual.CreateAssertionResponse(party, a.device, a.key, virtual.AssertionOptions{Challenge: challenge}))
	return map[string]any{
		"credential": id, "clientData": out["clientDataJSON"], "authenticatorData": out["authenticatorData"], "signature": out["signature"], "userHandle": out["userHandle"],
	}
}

func split(tb testing.TB, answer string) (string, map[string]string) {
	tb.Helper()
	var out struct {
		ID       string            `json:"id"`
		Response map[string]string `json:"response"`
	}
	if err := json.Unmarshal([]byte(answer), &out); err != nil {
		tb.Fatal(err)
	}
	return out.ID, out.Response
}

// Cookies is a header with the session of a caller and what an answer gave the browser to keep.
func Cookies(tb testing.TB, as Caller, rec *httptest.ResponseRecorder) string {
	tb.Helper()
	all := []string{}
	if as.Cookie != nil {
		all = append(all, as.Cookie.Name+"="+as.Cookie.Value)
	}
	for _, c := range rec.Result().Cookies() {
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge != 300 {
			tb.Errorf("cookie %+v", c)
		}
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}
