// Package employee is who works at an office.
package employee

import (
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/fault"
	"voordeur/internal/member"
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

// State is how far the login of a colleague has come.
type State string

// A colleague is active who has a password and a second factor.
const (
	New      State = "new"
	Invited  State = "invited"
	Active   State = "active"
	Blocked  State = "blocked"
	Archived State = "archived"
)

// The faults of changing colleagues.
var (
	ErrLastAdmin = fault.New(fault.Conflict, "last-admin", "An office always has an administrator who can sign in.")
	ErrArchived  = fault.New(fault.Conflict, "employee-archived", "The employee is archived.")
	ErrBlocked   = fault.New(fault.Conflict, "employee-blocked", "The employee is blocked.")
)

// Idle is how long the session of an employee lives without a request.
const Idle = time.Hour

// Employee is one colleague. Password and second factor are the business of package signin.
type Employee struct {
	ID          uuid.UUID
	Email       string
	FirstName   string
	LastName    string
	JobTitle    string
	Phone       string
	Role        Role
	BlockedAt   *time.Time
	ArchivedAt  *time.Time
	LastLoginAt *time.Time
	Version     int64
}

// Name is how a colleague is called in full.
func (e Employee) Name() string { return e.FirstName + " " + e.LastName }

// View is a colleague with how far the login has come. Who may not change colleagues sees only that somebody is blocked.
type View struct {
	Employee

	State        State
	SecondFactor bool
	Invitation   *member.Invitation // the newest link; never the link itself
}

// Draft is what is needed to add a colleague.
type Draft struct {
	Email     string
	FirstName string
	LastName  string
	JobTitle  string
	Phone     string
	Role      Role
}

// Change is what changes about a colleague; nil stays as it is.
type Change struct {
	FirstName *string
	LastName  *string
	JobTitle  *string
	Phone     *string
	Role      *Role
	Blocked   *bool
}

// Me is the employee who is signed in, with the office.
type Me struct {
	Employee

	Permissions  []string
	Organisation MyOrganisation
	ToReview     *int // nil where the role may not see action points
	SessionEnds  time.Time
}

// MyOrganisation is the office of the employee.
type MyOrganisation struct {
	ID        uuid.UUID
	Slug      string
	Name      string
	PortalURL string
}

// Filter says which colleagues to list.
type Filter struct {
	Archived bool // those who left, instead of those who work here
	After    Cursor
	Limit    int
}

// Cursor is where a page of the list ends.
type Cursor struct {
	Name string    `json:"n"`
	ID   uuid.UUID `json:"i"`
}

// held lists what an actor may do, in the order of the catalogue.
func held(grants map[authz.Permission]bool) []string {
	out := []string{}
	for _, p := range authz.Office {
		if grants[p] {
			out = append(out, string(p))
		}
	}
	return out
}
