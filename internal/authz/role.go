package authz

import (
	"slices"
	"strings"
)

// Role is what an employee is at the office.
type Role string

// The roles.
const (
	Admin      Role = "admin"
	Adviser    Role = "adviser"
	BackOffice Role = "back_office"
	Viewer     Role = "viewer"
)

// Roles lists them, widest first.
var Roles = []Role{Admin, Adviser, BackOffice, Viewer}

// Permissions returns what the role may do, in the order of the catalogue. An
// unknown role may do nothing.
func (r Role) Permissions() []Permission {
	var all []Permission
	for _, p := range Office {
		if r.may(p) {
			all = append(all, p)
		}
	}
	return all
}

func (r Role) may(p Permission) bool {
	switch r {
	case Admin:
		return true
	case Adviser, BackOffice:
		return p != OrganisationWrite && p != EmployeeWrite
	case Viewer:
		return strings.HasSuffix(string(p), ":read")
	}
	return false
}

// Grants returns the role's permissions as an actor carries them.
func (r Role) Grants() map[Permission]bool { return Granting(r.Permissions()...) }

// Kept is what no office can take from its administrators: it is what a mistake is repaired with.
var Kept = []Permission{OrganisationRead, OrganisationWrite, EmployeeRead, EmployeeWrite, AuditRead}

// Keeps reports whether the role has p whatever the office wants. Everybody may know who one is and who the colleagues are.
func (r Role) Keeps(p Permission) bool {
	return p == EmployeeRead || (r == Admin && slices.Contains(Kept, p))
}

// GrantsWith returns the role's permissions as an office changed them. Strings that are no permission of an employee are dropped.
func (r Role) GrantsWith(granted, withdrawn []string) map[Permission]bool {
	set := r.Grants()
	if len(set) == 0 { // a role that does not exist may do nothing, whatever is stored
		return set
	}
	for _, s := range granted {
		if p := Permission(s); slices.Contains(Office, p) {
			set[p] = true
		}
	}
	for _, s := range withdrawn {
		if p := Permission(s); !r.Keeps(p) {
			delete(set, p)
		}
	}
	return set
}

// PortalGrants turns the permissions stored with a portal member into what an
// actor carries; strings that are no portal permission are dropped, so a row
// can never make a customer an employee.
func PortalGrants(stored []string) map[Permission]bool {
	set := map[Permission]bool{}
	for _, s := range stored {
		if p := Permission(s); slices.Contains(Portal, p) {
			set[p] = true
		}
	}
	return set
}
