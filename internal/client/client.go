// Package client is whom an office serves: persons, households and companies, and the people at them.
package client

import (
	"time"

	"github.com/google/uuid"
)

// Kind is what sort of client it is.
type Kind string

// The kinds.
const (
	Person    Kind = "person"
	Household Kind = "household"
	Company   Kind = "company"
)

// Client is one of the office's clients.
type Client struct {
	ID         uuid.UUID
	Name       string
	Kind       Kind
	IsTest     bool
	TestOfID   *uuid.UUID // the employee whose test client it is; nil: the whole office's
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
	ArchivedAt *time.Time
	Contacts   []Contact `gorm:"-"`
}

// Contact is a person at a client. The e-mail address is no key: partners may share one (A3).
type Contact struct {
	ID         uuid.UUID
	ClientID   uuid.UUID
	FirstName  string
	LastName   string
	Salutation string
	Email      string
	Mobile     string
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Draft is what an office supplies to add a client.
type Draft struct {
	Name     string
	Kind     Kind
	IsTest   bool
	TestOfID *uuid.UUID
	Contacts []ContactDraft
}

// ContactDraft is what an office supplies to add a contact.
type ContactDraft struct {
	FirstName  string
	LastName   string
	Salutation string
	Email      string
	Mobile     string
}

// Change is what changes about a client; nil stays as it is.
type Change struct {
	Name *string
	Kind *Kind
}

// ContactChange is what changes about a contact; nil stays as it is.
type ContactChange struct {
	FirstName  *string
	LastName   *string
	Salutation *string
	Email      *string
	Mobile     *string
}

// Filter narrows a list of clients.
type Filter struct {
	Q     string
	For   uuid.UUID // the employee who looks: colleagues' test clients are left out
	After Cursor
	Limit int
}

// Cursor is where a page of the list ends.
type Cursor struct {
	IsTest bool      `json:"t"`
	Name   string    `json:"n"`
	ID     uuid.UUID `json:"i"`
}
