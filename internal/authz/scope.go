package authz

import (
	"slices"
	"strings"
)

// Scope is what a program is allowed, in the words of its interface: the resource of its addresses and a verb. Each stands for
// one permission, so that a program comes in by the same table and the same door as everybody else.
type Scope struct {
	Name       string
	Permission Permission
}

// resources are the words in the addresses of the interface.
var resources = map[string]string{
	"client": "clients", "dossier": "dossiers", "action_point": "action-points", "document": "documents", "member": "portal-members",
	"organisation": "organisation", "employee": "employees", "audit": "audit-events",
	"portal.dossier": "portal.dossiers", "portal.document": "portal.documents", "portal.submission": "portal.submissions",
}

// OfficeScopes are what a program of the office can be given: what an employee can do, but for who works there, and for looking
// along as a customer. PortalScopes are
// what a customer can allow an app: never what is about the login itself.
var (
	OfficeScopes = scopes(Office, EmployeeWrite, MemberViewAs)
	PortalScopes = scopes(Portal, PortalMe)
)

func scopes(of []Permission, not ...Permission) []Scope {
	var all []Scope
	for _, p := range of {
		if slices.Contains(not, p) {
			continue
		}
		what, verb, _ := strings.Cut(string(p), ":")
		name, ok := resources[what]
		if !ok {
			panic("authz: " + string(p) + " has no word in the addresses of the interface")
		}
		all = append(all, Scope{Name: name + ":" + verb, Permission: p})
	}
	return all
}

// ScopeNames returns what the permissions are called as scopes, in the order of the catalogue; what is no scope is left out.
func ScopeNames(of []Scope, permissions []string) []string {
	names := []string{}
	for _, s := range of {
		if slices.Contains(permissions, string(s.Permission)) {
			names = append(names, s.Name)
		}
	}
	return names
}

// Scoped returns the permissions that names stand for, in the order of the catalogue; false where one of them is no scope.
func Scoped(of []Scope, names []string) ([]string, bool) {
	permissions := []string{}
	for _, s := range of {
		if slices.Contains(names, s.Name) {
			permissions = append(permissions, string(s.Permission))
		}
	}
	for _, n := range names {
		if !slices.ContainsFunc(of, func(s Scope) bool { return s.Name == n }) {
			return nil, false
		}
	}
	return permissions, true
}
