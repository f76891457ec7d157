package authz_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"voordeur/internal/authz"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestRoleTable shows who may do what, for review: run with -update, read the diff.
func TestRoleTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, p := range authz.Office {
		b.WriteString(string(p) + ":")
		for _, r := range authz.Roles {
			if r.Grants()[p] {
				b.WriteString(" " + string(r))
			}
		}
		b.WriteString("\n")
	}
	for _, p := range authz.Portal {
		b.WriteString(string(p) + ": portal member, on its dossiers\n")
	}
	b.WriteString(string(authz.SignIn) + ": visitor\n")
	for _, p := range authz.Task {
		b.WriteString(string(p) + ": background task\n")
	}
	for _, r := range authz.Rights {
		b.WriteString("tick " + string(r.Permission) + ":")
		if !r.Available {
			b.WriteString(" not in the portal yet")
		}
		for _, p := range authz.Presets {
			if slices.Contains(p.Permissions(), r.Permission) {
				b.WriteString(" " + string(p))
			}
		}
		b.WriteString("\n")
	}
	for _, s := range slices.Concat(authz.OfficeScopes, authz.PortalScopes) {
		b.WriteString("scope " + s.Name + ": " + string(s.Permission) + "\n")
	}
	golden := filepath.Join("testdata", "roles.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != b.String() {
		t.Errorf("roles changed (%v); review:\n%s", err, b.String())
	}
}

// TestCustomerNeverBecomesEmployee: what stands in a member's row counts only as far as the portal goes.
func TestCustomerNeverBecomesEmployee(t *testing.T) {
	t.Parallel()
	got := authz.PortalGrants([]string{"portal.me", "dossier:write", "signin", "mail:send", ""})
	if len(got) != 1 || !got[authz.PortalMe] {
		t.Errorf("granted %v", got)
	}
	if n := len(authz.Role("owner").Permissions()); n != 0 {
		t.Errorf("an unknown role holds %d permissions", n)
	}
}

// TestCaller: one line is counted as one, however many addresses it has; neighbours are not.
func TestCaller(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "::ffff:203.0.113.7": "203.0.113.7", "2001:db8:0:1::7": "2001:db8:0:1::/64", "2001:db8:0:1:ffff:ffff:ffff:ffff": "2001:db8:0:1::/64",
		"2001:db8:0:2::7": "2001:db8:0:2::/64", "fe80::1%eth0": "fe80::/64", "": "", "x": "x",
	} {
		if got := authz.Caller(address); got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
}
