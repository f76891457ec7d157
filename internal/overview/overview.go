// Package overview reads what the screens show at a visit: the customer's overview, the office's list of dossiers and a
// dossier's page. It only reads, in hand-written SQL; what is waited for at every visit is one round trip.
package overview

import (
	"time"

	"github.com/google/uuid"

	"voordeur/internal/actionpoint"
	"voordeur/internal/dossier"
	"voordeur/internal/member"
)

// Person is somebody of the office.
type Person struct {
	ID        uuid.UUID
	FirstName string
	LastName  string
	JobTitle  string
	Email     string
	Phone     string
}

// People are the two of the office whom a dossier names.
type People struct {
	AdviserID        uuid.UUID
	AdviserFirstName string
	AdviserLastName  string
	AdviserJobTitle  string
	AdviserEmail     string
	AdviserPhone     string
	HandlerID        *uuid.UUID
	HandlerFirstName string
	HandlerLastName  string
	HandlerJobTitle  string
	HandlerEmail     string
	HandlerPhone     string
}

// Adviser is who advises the customer.
func (p People) Adviser() Person {
	return Person{p.AdviserID, p.AdviserFirstName, p.AdviserLastName, p.AdviserJobTitle, p.AdviserEmail, p.AdviserPhone}
}

// CaseHandler is who does the paperwork, or nil.
func (p People) CaseHandler() *Person {
	if p.HandlerID == nil {
		return nil
	}
	return &Person{*p.HandlerID, p.HandlerFirstName, p.HandlerLastName, p.HandlerJobTitle, p.HandlerEmail, p.HandlerPhone}
}

// Tally counts action points by what matters.
type Tally struct {
	Handled        int
	Total          int
	ToReview       int
	OpenAtCustomer int
	AskedAgain     int
}

// Summary is a dossier in the office's list.
type Summary struct {
	ID         uuid.UUID
	Reference  string
	Name       string
	Subject    string
	ClientID   uuid.UUID
	ClientName string
	IsTest     bool
	Status     dossier.Status
	Phase      dossier.Phase
	DueOn      *time.Time
	Version    int64
	CreatedAt  time.Time
	ClosedAt   *time.Time
	ActivityAt time.Time
	People
	ProductNames []string
	Tally
	NextDueOn   *time.Time
	PortalState dossier.PortalState
}

// Progress is how far the dossier has come.
func (s Summary) Progress() dossier.Progress {
	return dossier.NewProgress(s.Handled, s.Total, s.Status == dossier.Closed)
}

// Turn says on whom the dossier waits.
func (s Summary) Turn() dossier.Turn { return dossier.TurnOf(s.Status, s.ToReview, s.OpenAtCustomer) }

// Cursor says where s stands in a list in this order.
func (s Summary) Cursor(by Sort) Cursor {
	c := Cursor{ID: s.ID}
	switch by {
	case ByName:
		c.Name = s.Name
	case ByDue:
		c.Due = never
		if s.NextDueOn != nil {
			c.Due = s.NextDueOn.Format(time.DateOnly)
		}
	case ByActivity:
		c.At = s.ActivityAt
	}
	return c
}

// Dossier is a dossier's page.
type Dossier struct {
	Summary
	Applicants []Applicant
	Products   []Product
	LastMailAt *time.Time
}

// Applicant is a contact on a dossier, with the login that opens it.
type Applicant struct {
	ID         uuid.UUID
	ContactID  uuid.UUID
	FirstName  string
	LastName   string
	Salutation string
	Email      string
	Mobile     string
	Member     *member.View
}

// Product is a product with how far it has come.
type Product struct {
	ID          uuid.UUID
	Kind        dossier.ProductKind
	Name        string
	Status      dossier.ProductStatus
	Information string
	Facts       []dossier.Fact
	Version     int64
	Tally
	Closed bool
}

// Progress is how far the product has come.
func (p Product) Progress() dossier.Progress {
	return dossier.NewProgress(p.Handled, p.Total, p.Closed)
}

// Counts is the figure on each view of the list; test clients are left out.
type Counts struct {
	All                int
	ToReview           int
	WaitingForCustomer int
	PortalInactive     int
	Due                int
}

// Choice is a dossier that a customer can open.
type Choice struct {
	ID        uuid.UUID
	Name      string
	Subject   string
	Phase     dossier.Phase
	Status    dossier.Status
	Handled   int
	Total     int
	OpenCount int
}

// Progress is how far the dossier has come.
func (c Choice) Progress() dossier.Progress {
	return dossier.NewProgress(c.Handled, c.Total, c.Status == dossier.Closed)
}

// Portal is what a customer sees of a dossier.
type Portal struct {
	ID        uuid.UUID
	Name      string
	Subject   string
	Reference string
	Status    dossier.Status
	Phase     dossier.Phase
	People
	Applicants   []PortalApplicant
	Products     []Product
	ActionPoints []actionpoint.Detail
	Documents    []SharedDocument
	OpenCount    int
	progress     dossier.Progress
}

// Progress is how far the dossier has come.
func (p Portal) Progress() dossier.Progress { return p.progress }

// PortalApplicant is somebody the dossier is for.
type PortalApplicant struct {
	ContactID uuid.UUID
	FirstName string
	LastName  string
	IsMe      bool
}

// SharedDocument is a document that the office made available.
type SharedDocument struct {
	ID            uuid.UUID
	ProductID     *uuid.UUID
	ActionPointID *uuid.UUID
	Title         string
	Origin        string
	Remark        string
	Filename      string
	MediaType     string
	Size          int64
	CreatedAt     time.Time
}

// Sort is an order of the list.
type Sort string

// The orders.
const (
	ByActivity Sort = "activity"
	ByName     Sort = "name"
	ByDue      Sort = "due"
)

// Cursor is where a page of the list ends; which field counts follows from the order.
type Cursor struct {
	ID   uuid.UUID `json:"i"`
	At   time.Time `json:"t,omitzero"`
	Name string    `json:"n,omitempty"`
	Due  string    `json:"d,omitempty"`
}

// Inactive is the filter for dossiers of which no applicant uses the portal.
const Inactive = "inactive"

// Filter narrows the list; a zero value does not.
type Filter struct {
	Search      string
	Turn        dossier.Turn
	Status      dossier.Status
	Phase       dossier.Phase
	Adviser     *uuid.UUID
	Client      *uuid.UUID
	PortalState string
	Due         bool
	Sort        Sort
	After       *Cursor
	Limit       int
}
