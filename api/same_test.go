package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/signin"
)

// TestNoNameIsTold: whether a name exists is told by no byte of an answer but the request's own id: not at logging in, not at asking
// for a code, not at asking for a new password, of customers nor of colleagues, nor once there were too many tries.
func TestNoNameIsTold(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	s := apitest.New(t)
	scene := dbtest.AddScene(t, s.Root)
	hasher, err := signin.NewHasher(signin.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hasher.Hash(t.Context(), "een zin die niemand raadt")
	if err != nil {
		t.Fatal(err)
	}
	exec(t, s, `UPDATE portal_members SET password_hash = $2 WHERE id = $1`, scene.Member, hash)
	exec(t, s, `UPDATE employees SET password_hash = $2 WHERE id = $1`, scene.Employee, hash)
	var email string
	if err := s.Root.QueryRow(`SELECT email FROM employees WHERE id = $1`, scene.Employee).Scan(&email); err != nil {
		t.Fatal(err)
	}
	blocked := dbtest.AddCustomer(t, s.Root, scene.Organisation, "Bas")
	exec(t, s, `UPDATE portal_members SET password_hash = $2, blocked_at = now() WHERE id = $1`, blocked.Member, hash)
	left := dbtest.AddEmployee(t, s.Root, scene.Organisation, "adviser")
	exec(t, s, `UPDATE employees SET password_hash = $2, blocked_at = now(), email = 'weg@example.org', email_folded = 'weg@example.org' WHERE id = $1`, left, hash)
	customers := []string{scene.Username, blocked.Username, "niemand@example.org"}
	colleagues := []string{email, "weg@example.org", "niemand@example.org"}
	wrong := "dit is het niet, maar het is lang"
	for _, ask := range []struct {
		do    string
		names []string
		body  func(name string) m
	}{
		{"POST /portal/auth/login", customers, func(name string) m { return m{"office": scene.Slug, "username": name, "password": wrong} }},
		{"POST /portal/auth/codes", customers, func(name string) m { return m{"office": scene.Slug, "username": name} }},
		{"POST /portal/auth/password-reset", customers, func(name string) m { return m{"office": scene.Slug, "username": name} }},
		{"POST /auth/login", colleagues, func(name string) m { return m{"email": name, "password": wrong} }},
		{"POST /auth/password-reset", colleagues, func(name string) m { return m{"email": name} }},
	} {
		for try := range 7 {
			exec(t, s, `DELETE FROM attempts WHERE key LIKE '%ip:%'`) // all of them come from one address here
			answers := map[string]string{}
			for _, name := range ask.names {
				answers[name] = told(s.Call(t, apitest.Request{Do: ask.do, Body: ask.body(name)}))
			}
			unknown := answers[ask.names[len(ask.names)-1]]
			for name, answer := range answers {
				if answer != unknown {
					t.Errorf("%s, try %d: %s gets\n%s\nand an unknown name\n%s", ask.do, try+1, name, answer, unknown)
				}
			}
		}
	}
}

var seconds = regexp.MustCompile(`("retryAfter":|Retry-After: )\d+`)

// told is an answer without what is drawn anew for every one: the id of the request, the secret of a cookie, and the seconds of a
// wait that began a moment earlier or later.
func told(rec *httptest.ResponseRecorder) string {
	id := rec.Header().Get("X-Request-Id")
	if _, err := uuid.Parse(id); err != nil && len(id) < 8 {
		return "no id"
	}
	var b strings.Builder
	b.WriteString(http.StatusText(rec.Code) + "\n")
	for _, name := range slices.Sorted(maps.Keys(rec.Header())) {
		for _, v := range rec.Header()[name] {
			if name == "Set-Cookie" {
				key, rest, _ := strings.Cut(v, "=")
				secret, attributes, _ := strings.Cut(rest, ";")
				v = fmt.Sprintf("%s, %d characters%s", key, len(secret), attributes)
			}
			b.WriteString(name + ": " + strings.ReplaceAll(v, id, "") + "\n")
		}
	}
	b.WriteString(strings.ReplaceAll(rec.Body.String(), id, ""))
	return seconds.ReplaceAllString(b.String(), "$1")
}
