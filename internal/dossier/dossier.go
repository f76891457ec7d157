// Package dossier is the case of a client: who applies, for which products, who at the office looks after it, and how
// far it has come.
package dossier

import (
	"time"

	"github.com/google/uuid"

	"voordeur/internal/fault"
)

// Status says whether work on a dossier goes on.
type Status string

// The statuses.
const (
	Open   Status = "open"
	Closed Status = "closed"
)

// Phase is how far the advice itself has come; the office sets it.
type Phase string

// The phases, in order.
const (
	Intake      Phase = "intake"
	Collecting  Phase = "collecting"
	Advice      Phase = "advice"
	Application Phase = "application"
	Notary      Phase = "notary"
)

// ProductKind is what a product is about.
type ProductKind string

// The kinds of product.
const (
	Mortgage      ProductKind = "mortgage"
	HomeInsurance ProductKind = "home_insurance"
	LifeInsurance ProductKind = "life_insurance"
	Pension       ProductKind = "pension"
	Business      ProductKind = "business"
	Other         ProductKind = "other"
)

// ProductStatus is the milestone a product has reached.
type ProductStatus string

// The milestones, in order.
const (
	Preparing ProductStatus = "preparing"
	Requested ProductStatus = "requested"
	Offered   ProductStatus = "offered"
	Accepted  ProductStatus = "accepted"
	Final     ProductStatus = "final"
)

// Turn says on whom a dossier waits.
type Turn string

// On whom a dossier waits.
const (
	TurnOffice   Turn = "office"
	TurnCustomer Turn = "customer"
	TurnNone     Turn = "none"
)

// PortalState says how far the applicants are with their logins; the one furthest along counts.
type PortalState string

// The states of the portal of a dossier.
const (
	PortalNone        PortalState = "none"
	PortalInvited     PortalState = "invited"
	PortalActive      PortalState = "active"
	PortalLinkExpired PortalState = "link_expired"
)

// The faults of this package.
var (
	ErrClosed    = fault.New(fault.Conflict, "dossier-closed", "The dossier is closed.")
	ErrNotClosed = fault.New(fault.Conflict, "dossier-not-closed", "The dossier is not closed.")

	ErrTooManyApplicants = fault.New(fault.Conflict, "too-many-applicants", "A dossier has at most 10 applicants.")
	ErrLastApplicant     = fault.New(fault.Conflict, "last-applicant", "A dossier has at least one applicant.")
	ErrApplicantHasLogin = fault.New(fault.Conflict, "applicant-has-login", "The applicant has a login that opens the dossier; say that its access ends.")
)

// Dossier is one case of a client.
type Dossier struct {
	ID            uuid.UUID `gorm:"primaryKey"`
	ClientID      uuid.UUID
	Reference     string
	Name          string
	Subject       string
	Status        Status
	Phase         Phase
	OwnerID       uuid.UUID
	AdviserID     uuid.UUID
	CaseHandlerID *uuid.UUID
	DueOn         *time.Time `gorm:"type:date"`
	Version       int64
	CreatedAt     time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt     time.Time `gorm:"autoUpdateTime:false"`
	ActivityAt    time.Time
	ClosedAt      *time.Time
}

// Change returns ErrClosed when nothing about the dossier may change any more.
func (d *Dossier) Change() error {
	if d.Status == Closed {
		return ErrClosed
	}
	return nil
}

// Close ends the work on an open dossier.
func (d *Dossier) Close(now time.Time) error {
	if d.Status == Closed {
		return ErrClosed
	}
	d.Status, d.ClosedAt = Closed, &now
	return nil
}

// Reopen undoes Close.
func (d *Dossier) Reopen() error {
	if d.Status != Closed {
		return ErrNotClosed
	}
	d.Status, d.ClosedAt = Open, nil
	return nil
}

// Product is what a dossier is about; the customer sees it as a tab.
type Product struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	DossierID   uuid.UUID
	Kind        ProductKind
	Name        string
	Status      ProductStatus
	Information string
	Facts       []Fact `gorm:"serializer:json"`
	Position    int
	Version     int64
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
}

// Fact is one figure of a product, as the customer reads it.
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Applicant ties a contact to a dossier. Position 1 is the first applicant.
type Applicant struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	DossierID uuid.UUID
	ContactID uuid.UUID
	Position  int
	// ArchivedAt is when somebody stopped applying; Position counts among those who do.
	ArchivedAt *time.Time
}

// Progress is how much of what was asked has been handled.
type Progress struct {
	Percent int
	Handled int
	Total   int
}

// NewProgress is the one place where a percentage is made: handled of total, rounded down. Where nothing is asked, a
// dossier is at nothing until it is closed.
func NewProgress(handled, total int, closed bool) Progress {
	p := Progress{Handled: handled, Total: total}
	switch {
	case total > 0:
		p.Percent = handled * 100 / total
	case closed:
		p.Percent = 100
	}
	return p
}

// TurnOf says on whom a dossier waits: the office first, for what was handed in can be looked at now.
func TurnOf(status Status, toReview, openAtCustomer int) Turn {
	switch {
	case status == Closed:
		return TurnNone
	case toReview > 0:
		return TurnOffice
	case openAtCustomer > 0:
		return TurnCustomer
	}
	return TurnNone
}
