// Package document keeps files: on their way in (uploads), and as documents of a dossier with a history whose bytes never change.
// A row never points at bytes that are not there: the bytes are stored first.
package document

import (
	"time"

	"github.com/google/uuid"

	"voordeur/internal/fault"
)

// MaxSize is the largest file, in bytes.
const MaxSize int64 = 25 << 20

// Origin says who put a document into the dossier.
type Origin string

// The origins.
const (
	FromOffice   Origin = "office"
	FromCustomer Origin = "customer"
)

// Document is a file of a dossier.
type Document struct {
	ID             uuid.UUID
	DossierID      uuid.UUID
	ProductID      *uuid.UUID
	ActionPointID  *uuid.UUID
	SubmissionID   *uuid.UUID
	Title          string
	Origin         Origin
	Visible        bool // to the customer
	Restricted     bool // to the members who were chosen
	Remark         string
	CurrentVersion int
	Filename       string // this and the next three are the current version's
	MediaType      string
	Size           int64
	SHA256         []byte `gorm:"column:sha256"`
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
	ArchivedAt     *time.Time

	Versions  []Version   `gorm:"-"` // oldest first
	MemberIDs []uuid.UUID `gorm:"-"` // who was chosen; told to the office only
}

// Version is one state of a document's bytes.
type Version struct {
	DocumentID         uuid.UUID
	Number             int
	DossierID          uuid.UUID
	Filename           string
	MediaType          string
	Size               int64
	SHA256             []byte `gorm:"column:sha256"`
	BlobKey            string
	UploadedByEmployee *uuid.UUID
	UploadedByMember   *uuid.UUID
	CreatedAt          time.Time

	UploadedByName string `gorm:"->;-:migration"` // filled in by the queries of this package
}

// TableName implements gorm's Tabler.
func (Version) TableName() string { return "document_versions" }

// Current returns the version that is shown.
func (d Document) Current() Version {
	for _, v := range d.Versions {
		if v.Number == d.CurrentVersion {
			return v
		}
	}
	return Version{}
}

// UploadState is where an upload stands in its life.
type UploadState string

// An upload receives bytes until it has them all; then it is checked, and ready or refused. Attached: it has become a document.
const (
	Receiving UploadState = "receiving"
	Ready     UploadState = "ready"
	Refused   UploadState = "refused"
	Attached  UploadState = "attached"
)

// Part is a stretch of an upload's bytes, as it arrived.
type Part struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
}

// Upload is a file on its way in. Only who started it can see it.
type Upload struct {
	ID         uuid.UUID
	MemberID   *uuid.UUID
	EmployeeID *uuid.UUID
	ClientID   *uuid.UUID `gorm:"column:api_client_id"`
	Filename   string
	Size       int64
	Received   int64
	Parts      []Part `gorm:"serializer:json"`
	MediaType  *string
	SHA256     []byte `gorm:"column:sha256"`
	BlobKey    *string
	State      UploadState
	Refusal    *string
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// Progress says which upload it is, how far it has come of how much, and until when it may go on.
func (u Upload) Progress() (id uuid.UUID, received, size int64, expires time.Time) { //nolint:nonamedreturns // they tell the numbers apart
	return u.ID, u.Received, u.Size, u.ExpiresAt
}

// Draft is what an employee says about a new document.
type Draft struct {
	ProductID *uuid.UUID
	Title     string // empty: the file's name
	Visible   bool
	Remark    string
}

// Change names what an employee changes; nil stays as it is.
type Change struct {
	Title   *string
	Visible *bool
	Remark  *string
	// SetMembers: MemberIDs says who may see it, of those who open the dossier and may see documents; nil is all of them.
	SetMembers bool
	MemberIDs  *[]uuid.UUID
}

// The faults of uploads and documents; those about a file's content are of package filecheck.
var (
	ErrOffset  = fault.New(fault.Conflict, "upload-offset-mismatch", "The upload does not stand at this offset. Ask with HEAD where to go on.")
	ErrBusy    = fault.New(fault.Locked, "upload-busy", "Another request is sending this upload's bytes. Ask with HEAD where to go on.")
	ErrCut     = fault.New(fault.Conflict, "upload-cut-short", "The connection ended early. What arrived is kept: ask with HEAD where to go on.")
	ErrTooLong = fault.New(fault.Invalid, "upload-too-long", "There are more bytes than were announced.")
	ErrUsed    = fault.New(fault.Conflict, "upload-used", "The upload has become a document already.")
	ErrExpired = fault.New(fault.NotFound, "upload-expired", "The upload was not finished in time and has been thrown away.")
	ErrTooMany = fault.New(fault.TooMany, "upload-limit", "Too many uploads in one day.")
	ErrPieces  = fault.New(fault.Conflict, "upload-pieces", "The upload came in too many pieces. Start again with larger ones.")
)
