package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"voordeur/api"
	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// TestKeyIsForOneAddress: the same key with the same body on another dossier is another question, and gets no answer of the first.
func TestKeyIsForOneAddress(t *testing.T) {
	t.Parallel()
	s := apitest.New(t)
	scene := dbtest.AddScene(t, s.Root)
	other := dbtest.AddDossier(t, s.Root, scene.Organisation, scene.Employee, scene.Customer)
	as := s.Session(t, web.Office, scene.Organisation, scene.Employee, false)
	ask := func(dossier string) apitest.Request {
		return apitest.Request{
			As: as, Do: "POST /dossiers/" + dossier + "/products", Body: map[string]any{"kind": "pension", "name": "Oudedag"},
			Header: http.Header{"Idempotency-Key": {"one-key-for-two"}},
		}
	}
	for range 2 {
		if rec := s.Call(t, ask(scene.Dossier.String())); rec.Code != http.StatusCreated {
			t.Fatalf("got %d: %s", rec.Code, rec.Body)
		}
	}
	if rec := s.Call(t, ask(other.String())); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "idempotency-key-reused") {
		t.Errorf("got %d: %s", rec.Code, rec.Body)
	}
}

// TestStaleVersion: whatever names the version it changes is refused when somebody was there before, and changes nothing.
func TestStaleVersion(t *testing.T) {
	t.Parallel()
	s := apitest.New(t)
	w := newWorld(t, s)
	w.addPasskeys(t, s)
	callers := map[web.Audience]apitest.Caller{}
	callers[web.Office], _ = w.caller(t, s, principal{audience: web.Office, role: "admin", relation: own})
	callers[web.Portal], _ = w.caller(t, s, principal{audience: web.Portal, relation: own})
	before, tried := fingerprint(t, s, w), 0
	for _, op := range api.Operations() {
		if !op.IfMatch {
			continue
		}
		tried++
		r := request(t, w, op, callers[op.Audience], uuid.Nil)
		r.Header["If-Match"] = []string{`"99"`}
		if rec := s.Call(t, r); rec.Code != http.StatusPreconditionFailed {
			t.Errorf("%s %s: got %d: %s", op.Audience, op.ID, rec.Code, rec.Body)
		}
	}
	if tried < 15 {
		t.Errorf("only %d operations name a version: the test looks in the wrong place", tried)
	}
	if after := fingerprint(t, s, w); after != before {
		t.Errorf("something changed:\n%s\nwas\n%s", after, before)
	}
}
