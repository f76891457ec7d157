package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"voordeur/api"
	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// marks is what a look could leave without being a change: visits, sessions, tries, keys.
func marks(t *testing.T, s *apitest.Server, w *world) string {
	t.Helper()
	var digest string
	err := s.Root.QueryRow(`SELECT md5(coalesce((SELECT string_agg(x::text, '|' ORDER BY x::text) FROM sessions x WHERE member_id IS NOT NULL AND organisation_id = $1), '')
		|| coalesce((SELECT string_agg(x::text, '|' ORDER BY x::text) FROM attempts x WHERE organisation_id = $1), '')
		|| coalesce((SELECT string_agg(x::text, '|' ORDER BY x::text) FROM idempotency_keys x WHERE organisation_id = $1), '')
		|| coalesce((SELECT string_agg(x::text, '|' ORDER BY x::text) FROM portal_views x WHERE organisation_id = $1), '')
		|| (SELECT count(*) FROM river_job))`, w.Organisation).Scan(&digest)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// TestLookingAlongChangesNothing calls every operation of the portal that is no read, and is not the end of it, as an employee
// who looks along, with everything it needs: each is refused and leaves nothing, also where the program's own checks are off
// and PostgreSQL alone decides (B15).
func TestLookingAlongChangesNothing(t *testing.T) {
	t.Parallel()
	for _, unchecked := range []bool{false, true} {
		t.Run(fmt.Sprintf("unchecked %t", unchecked), func(t *testing.T) {
			t.Parallel()
			s := apitest.On(t, dbtest.Open(t), apitest.Options{WithoutPermissionChecks: unchecked})
			w := newWorld(t, s)
			looking := s.View(t, w.Organisation, w.Member, w.employeeOf["admin"])
			ready, receiving := w.upload(t, s, "member_id", w.Member, "ready"), w.upload(t, s, "member_id", w.Member, "receiving")
			before, left := fingerprint(t, s, w), marks(t, s, w)
			called := 0
			for _, op := range api.Operations() {
				if op.Audience != web.Portal || op.Access == web.Anyone || op.ID == "endView" || slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, op.Method) {
					continue
				}
				called++
				upload := ready
				if op.ID == "patchUpload" {
					upload = receiving
				}
				rec := s.Call(t, request(t, w, op, looking, upload))
				if !unchecked && (rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), `"looking-along"`)) {
					t.Errorf("%s %s: got %d: %s", op.Method, op.ID, rec.Code, rec.Body)
				}
				if rec.Code < 400 {
					t.Errorf("%s %s works: %d %s", op.Method, op.ID, rec.Code, rec.Body)
				}
			}
			if called < 15 {
				t.Errorf("only %d operations change something: the test looks in the wrong place", called)
			}
			// Reads leave nothing either, but for the documents that were opened.
			for _, op := range api.Operations() {
				if op.Audience == web.Portal && op.Access != web.Anyone && op.Method == http.MethodGet && op.OpenToViews() && op.ID != "getDocumentContent" {
					if rec := s.Call(t, request(t, w, op, looking, ready)); rec.Code >= 300 {
						t.Errorf("%s: got %d: %s", op.ID, rec.Code, rec.Body)
					}
				}
			}
			if after := fingerprint(t, s, w); after != before {
				t.Errorf("something changed:\n%s\nwas\n%s", after, before)
			}
			if marks(t, s, w) != left {
				t.Error("looking left a mark")
			}
		})
	}
}
