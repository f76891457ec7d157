// Package employee is who works at an office.
package employee

import (
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
)

// Role is what an employee may do; package authz has the table.
type Role string

// The roles, in falling order of rights.
const (
	Admin      Role = "admin"
	Adviser    Role = "adviser"
	BackOffice Role = "back_office"
	Viewer     Role = "viewer"
)

// Employee is one colleague. Password and second factor are the business of package signin.
type Employee struct {
	ID        uuid.UUID
	Email     string
	FirstName string
	LastName  string
	JobTitle  string
	Phone     string
	Role      Role
	BlockedAt *time.Time
}

// Name is how a colleague is called in full.
func (e Employee) Name() string { return e.FirstName + " " + e.LastName }

// Permissions lists what the role grants.
func (r Role) Permissions() []string {
	ps := authz.Role(r).Permissions()
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = string(p)
	}
	return out
}

// Me is the employee who is signed in, with the office.
type Me struct {
	Employee
	Permissions  []string
	Organisation MyOrganisation
	ToReview     *int // nil where the role may not see action points
}

// MyOrganisation is the office of the employee.
type MyOrganisation struct {
	ID        uuid.UUID
	Slug      string
	Name      string
	PortalURL string
}

// Cursor is where a page of the list ends.
type Cursor struct {
	Name string    `json:"n"`
	ID   uuid.UUID `json:"i"`
}
