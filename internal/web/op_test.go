package web

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
)

// TestWhoLooksAlong: what reads is open to who looks along, the login itself is not; whatever contradicts that does not start.
func TestWhoLooksAlong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		audience Audience
		method   string
		path     string
		op       Op
		open     bool
		panics   bool
	}{
		"a read":                         {Portal, http.MethodGet, "/portal/dossiers", Op{}, true, false},
		"a read without a body":          {Portal, http.MethodHead, "/portal/documents/:documentId/content", Op{}, true, false},
		"who am I":                       {Portal, http.MethodGet, "/portal/me", Op{}, true, false},
		"a change":                       {Portal, http.MethodPost, "/portal/action-points/:actionPointId/submissions", Op{}, false, false},
		"a removal":                      {Portal, http.MethodDelete, "/portal/uploads/:uploadId", Op{}, false, false},
		"sessions":                       {Portal, http.MethodGet, "/portal/me/sessions", Op{}, false, false},
		"consent":                        {Portal, http.MethodGet, "/portal/oauth/authorization", Op{}, false, false},
		"a read that shows too much":     {Portal, http.MethodGet, "/portal/secrets", Op{View: ViewNever}, false, false},
		"of the login, and no secret":    {Portal, http.MethodGet, "/portal/me/views", Op{View: ViewToo}, true, false},
		"the end of it":                  {Portal, http.MethodPost, "/portal/view/end", Op{View: ViewOnly}, true, false},
		"a read of the office":           {Office, http.MethodGet, "/dossiers", Op{}, false, false},
		"at the office":                  {Office, http.MethodGet, "/dossiers", Op{View: ViewToo}, false, true},
		"before anybody is known":        {Portal, http.MethodGet, "/portal/me/site", Op{View: ViewToo, Access: Anyone}, false, true},
		"a change that is let in":        {Portal, http.MethodPost, "/portal/me/preferences", Op{View: ViewToo}, false, true},
		"let in where it is usual":       {Portal, http.MethodGet, "/portal/dossiers", Op{View: ViewToo}, false, true},
		"shut out where nobody gets in":  {Portal, http.MethodGet, "/portal/me/sessions", Op{View: ViewNever}, false, true},
		"a change that is shut out":      {Portal, http.MethodPost, "/portal/dossiers", Op{View: ViewNever}, false, true},
		"a password that is asked twice": {Office, http.MethodPatch, "/contacts/:contactId", Op{StepUp: true, MayStepUp: true}, false, true},
		"a password of who has none":     {Portal, http.MethodPost, "/portal/view/end", Op{View: ViewOnly, StepUp: true}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if got := recover(); (got != nil) != c.panics {
					t.Errorf("got %v, panic expected: %t", got, c.panics)
				}
			}()
			c.op.ID, c.op.Need = "it", authz.PortalMe
			if c.op.Access == Anyone {
				c.op.Need = authz.SignIn
			}
			table := &Table{}
			r := NewRouter(echo.New().Group("/api/v1"), "/api/v1", c.audience, table, (&Guard{}).Of)
			r.add(c.method, c.path, c.op, func(echo.Context) error { return nil })
			if got := table.Ops()[0].OpenToViews(); got != c.open {
				t.Errorf("open: %t", got)
			}
		})
	}
}
