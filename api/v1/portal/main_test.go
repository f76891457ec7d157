package portal_test

import (
	"strings"
	"testing"

	"voordeur/api/apitest"
	"voordeur/internal/web"
)

func TestMain(m *testing.M) { apitest.Main(m, web.Portal, web.Public) }

// TestPublic: what anybody may read about the service itself.
func TestPublic(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if all := h.do(t, h.nobody, "GET /public/problems", nil, 200).Body.String(); !strings.Contains(all, `"submission-reviewed"`) {
		t.Error(all)
	}
	if one := into[m](t, h.do(t, h.nobody, "GET /public/problems/submission-reviewed", nil, 200)); one["status"] != 409.0 {
		t.Errorf("%v", one)
	}
	h.do(t, h.nobody, "GET /public/problems/nothing-of-the-kind", nil, 404)
	if v := into[m](t, h.do(t, h.nobody, "GET /public/version", nil, 200)); len(v) == 0 {
		t.Errorf("%v", v)
	}
}
