// Package actionpoint is what the office asks of the customer, what the customer hands in, and what the office decides
// about it.
package actionpoint

import (
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/fault"
)

// State says where an action point stands.
type State string

// The states. Only the methods of ActionPoint move between them.
const (
	Open      State = "open"
	Submitted State = "submitted"
	Approved  State = "approved"
	Rejected  State = "rejected"
	Cancelled State = "cancelled"
)

// Kind is what the customer is asked to hand in.
type Kind string

// Document is for files that the customer delivers.
const Document Kind = "document"

// ReasonCode says in one word why something was rejected.
type ReasonCode string

// The codes, most frequent first.
const (
	Unreadable       ReasonCode = "unreadable"
	TooOld           ReasonCode = "too_old"
	PageMissing      ReasonCode = "page_missing"
	SignatureMissing ReasonCode = "signature_missing"
	WrongDocument    ReasonCode = "wrong_document"
	OtherReason      ReasonCode = "other"
)

// Verdict is what the office decided about a submission.
type Verdict string

// The verdicts.
const (
	VerdictApproved Verdict = "approved"
	VerdictRejected Verdict = "rejected"
)

// The faults of this package.
var (
	ErrNotOpen      = fault.New(fault.Conflict, "action-point-not-open", "Nothing can be handed in now.")
	ErrCancelled    = fault.New(fault.Conflict, "action-point-cancelled", "The action point was cancelled.")
	ErrNotYours     = fault.New(fault.Conflict, "submission-of-another", "Somebody else handed it in.")
	ErrReviewed     = fault.New(fault.Conflict, "submission-reviewed", "The office has decided already.")
	ErrNotSubmitted = fault.New(fault.Conflict, "action-point-not-submitted", "There is nothing to decide about.")
	ErrApproved     = fault.New(fault.Conflict, "action-point-approved", "The action point was approved.")
	ErrAlreadyOpen  = fault.New(fault.Conflict, "action-point-already-open", "The customer is already asked for it.")
)

// ActionPoint is one thing asked of the customer.
type ActionPoint struct {
	ID              uuid.UUID `gorm:"primaryKey"`
	DossierID       uuid.UUID
	ProductID       *uuid.UUID
	Kind            Kind
	Title           string
	Explanation     string
	ForContactID    *uuid.UUID
	DueOn           *time.Time `gorm:"type:date"`
	State           State
	Round           int
	ReasonCode      *ReasonCode
	Reason          string
	ReasonBy        *uuid.UUID
	ReasonByProgram *uuid.UUID // instead of ReasonBy
	ReasonAt        *time.Time
	SubmittedAt     *time.Time
	DecidedAt       *time.Time
	Version         int64
	CreatedAt       time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt       time.Time `gorm:"autoUpdateTime:false"`
}

// AskedAgain reports whether the customer is asked for it once more.
func (a *ActionPoint) AskedAgain() bool { return a.State == Open && a.Round > 1 }

// Counts reports whether the state takes part in the progress of a dossier.
func (s State) Counts() bool { return s != Cancelled }

// Handled reports whether the customer's part is done.
func (s State) Handled() bool { return s == Submitted || s == Approved }

// Change returns the fault for which what is asked may not change any more.
func (a *ActionPoint) Change() error {
	switch a.State {
	case Cancelled:
		return ErrCancelled
	case Approved:
		return ErrApproved
	case Open, Submitted, Rejected:
	}
	return nil
}

// Submit takes what the customer handed in.
func (a *ActionPoint) Submit(now time.Time) error {
	switch a.State {
	case Open:
		a.State, a.SubmittedAt, a.DecidedAt = Submitted, &now, nil
		return nil
	case Cancelled:
		return ErrCancelled
	case Submitted, Approved, Rejected:
	}
	return ErrNotOpen
}

// Withdraw takes back what was handed in, as long as there is no verdict. It is the same round: nobody asked again.
func (a *ActionPoint) Withdraw() error {
	switch a.State {
	case Submitted:
		a.State, a.SubmittedAt = Open, nil
		return nil
	case Cancelled:
		return ErrCancelled
	case Approved, Rejected:
		return ErrReviewed
	case Open:
	}
	return ErrNotSubmitted
}

// Approve accepts what was handed in. A reason from an earlier round has served.
func (a *ActionPoint) Approve(now time.Time) error {
	if err := a.decidable(); err != nil {
		return err
	}
	a.State, a.DecidedAt = Approved, &now
	a.because(nil, "", By{}, nil)
	return nil
}

// Reject sends back what was handed in, and says why.
func (a *ActionPoint) Reject(now time.Time, by By, code ReasonCode, reason string) error {
	if err := a.decidable(); err != nil {
		return err
	}
	a.State, a.DecidedAt = Rejected, &now
	a.because(&code, reason, by, &now)
	return nil
}

// because says why the customer is asked again, or forgets it.
func (a *ActionPoint) because(code *ReasonCode, reason string, by By, at *time.Time) {
	a.ReasonCode, a.Reason, a.ReasonBy, a.ReasonByProgram, a.ReasonAt = code, reason, orNull(by.Employee), orNull(by.Program), at
}

func (a *ActionPoint) decidable() error {
	switch a.State {
	case Submitted:
		return nil
	case Cancelled:
		return ErrCancelled
	case Open, Approved, Rejected:
	}
	return ErrNotSubmitted
}

// Request asks again. After a rejection its reason stays; a new reason takes its place.
func (a *ActionPoint) Request(now time.Time, by By, reason string) error {
	switch a.State {
	case Cancelled:
		return ErrCancelled
	case Open:
		return ErrAlreadyOpen
	case Submitted, Approved, Rejected:
	}
	switch {
	case reason != "":
		a.because(nil, reason, by, &now)
	case a.State != Rejected:
		a.because(nil, "", By{}, nil)
	}
	a.State, a.SubmittedAt, a.DecidedAt = Open, nil, nil
	a.Round++
	return nil
}

// By is who decided for the office: an employee, or a program that the office let in.
type By struct{ Employee, Program uuid.UUID }

func by(a authz.Actor) By { return By{a.Colleague(), a.Software()} }

func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// Cancel withdraws the question.
func (a *ActionPoint) Cancel(now time.Time) error {
	switch a.State {
	case Cancelled:
		return ErrCancelled
	case Approved:
		return ErrApproved
	case Open, Submitted, Rejected:
	}
	a.State, a.DecidedAt = Cancelled, &now
	return nil
}

// Submission is what the customer handed in for one round of an action point.
type Submission struct {
	ID               uuid.UUID `gorm:"primaryKey"`
	DossierID        uuid.UUID
	ActionPointID    uuid.UUID
	Round            int
	MemberID         uuid.UUID
	ContactID        uuid.UUID
	Remark           string
	Verdict          *Verdict
	VerdictCode      *ReasonCode
	VerdictReason    string
	VerdictBy        *uuid.UUID
	VerdictByProgram *uuid.UUID // instead of VerdictBy
	VerdictAt        *time.Time
	WithdrawnAt      *time.Time
	CreatedAt        time.Time `gorm:"autoCreateTime:false"`
}

// Template is something an office usually asks for.
type Template struct {
	ID          uuid.UUID `gorm:"primaryKey"`
	ProductKind *string
	Title       string
	Explanation string
	Position    int
}

// TableName implements gorm's Tabler.
func (Template) TableName() string { return "action_point_templates" }
