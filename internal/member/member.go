// Package member is the logins of customers: usernames, rights, and the links by which they set a password.
package member

import (
	"database/sql/driver"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"voordeur/internal/authz"
)

// State is how far a login has come.
type State string

// A login is new until it is invited, and active once the customer has chosen a password or come in.
const (
	New      State = "new"
	Invited  State = "invited"
	Active   State = "active"
	Blocked  State = "blocked"
	Archived State = "archived"
)

// LinkState is how far the newest link to set a password has come; the office sees this and never the link (F10).
type LinkState string

// The states of a link as the office sees them.
const (
	LinkQueued  LinkState = "queued"
	LinkSent    LinkState = "sent"
	LinkOpened  LinkState = "opened"
	LinkUsed    LinkState = "used"
	LinkExpired LinkState = "expired"
	// LinkSuperseded is one whose place a newer link took, or a password that was chosen another way.
	LinkSuperseded LinkState = "replaced"
)

// LinkValidity is what a link is still good for, as its holder sees it.
type LinkValidity string

// What a link is good for.
const (
	LinkUsable   LinkValidity = "usable"
	LinkTooOld   LinkValidity = "expired"
	LinkSpent    LinkValidity = "used"
	LinkReplaced LinkValidity = "replaced"
)

// Purpose is why a link was sent.
type Purpose string

// A first password, or a new one.
const (
	Activation Purpose = "activation"
	Reset      Purpose = "reset"
)

// Locale is the language of the member.
type Locale string

// The languages.
const (
	Dutch   Locale = "nl"
	English Locale = "en"
)

// UsernameReason is why a username cannot be had.
type UsernameReason string

// The reasons; also the codes of field errors.
const (
	UsernameTaken      UsernameReason = "taken"
	UsernameNotYours   UsernameReason = "foreign-email"
	UsernameCharacters UsernameReason = "characters"
	UsernameLength     UsernameReason = "length"
)

// Member is one login, a row.
type Member struct {
	ID             uuid.UUID
	ClientID       uuid.UUID
	ContactID      uuid.UUID
	Username       string
	UsernameFolded string
	Function       string
	Permissions    Permissions
	Preset         authz.Preset
	Notifications  Notifications
	PasswordHash   *string
	PasswordSetAt  *time.Time
	Locale         Locale
	BlockedAt      *time.Time
	LastLoginAt    *time.Time
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
	ArchivedAt     *time.Time
}

// View is a login as the office sees it: with the contact's names, and the state of the newest link. Never the password, never a link.
type View struct {
	ID          uuid.UUID
	ClientID    uuid.UUID
	ContactID   uuid.UUID
	FirstName   string
	LastName    string
	Email       string
	Function    string
	Username    string
	Permissions []string
	Preset      authz.Preset
	// Notifications are the mails that the member chose to get (E10).
	Notifications []Notification
	State         State
	Invitation    *Invitation
	DossierIDs    []uuid.UUID
	LastLoginAt   *time.Time
	SecondFactor  bool       // logging in takes a second step (B3)
	Passkeys      int        // the customer can log in with as many
	ResetDueAt    *time.Time // the office is taking that step away, from this moment on (C7)
	Version       int64
}

// Invitation is how far the newest link has come.
type Invitation struct {
	State     LinkState
	SentAt    *time.Time
	OpenedAt  *time.Time
	ExpiresAt *time.Time
}

// Draft is what an office supplies to make a login: a contact that exists, or the names of a new one.
type Draft struct {
	ClientID   uuid.UUID
	ContactID  *uuid.UUID
	FirstName  string
	LastName   string
	Email      string
	Function   string
	Username   string
	DossierIDs []uuid.UUID
	Rights
}

// Rights is what a login may do: those of a preset, or those that were ticked. Without either it is an applicant's.
type Rights struct {
	Preset        *authz.Preset
	Permissions   *[]string
	Notifications *[]Notification
}

// Change is what changes about a login; nil stays as it is.
type Change struct {
	FirstName     *string
	LastName      *string
	Email         *string
	Username      *string
	Function      *string
	Blocked       *bool
	Archived      *bool
	Preset        *authz.Preset
	Permissions   *[]string
	Notifications *[]Notification
}

// Filter narrows a list of logins; a zero id does not.
type Filter struct {
	ClientID  uuid.UUID
	DossierID uuid.UUID
	Q         string
	Archived  bool // these too
	After     Cursor
	Limit     int
}

// Cursor is where a page of the list ends.
type Cursor struct {
	ID uuid.UUID `json:"i"`
}

// Permissions is a text[] of portal permissions.
type Permissions []string

// Scan implements sql.Scanner.
func (p *Permissions) Scan(src any) error {
	return pgtype.NewMap().SQLScanner((*[]string)(p)).Scan(src)
}

// Value implements driver.Valuer. Permissions are plain words; none needs quoting.
func (p Permissions) Value() (driver.Value, error) { return "{" + strings.Join(p, ",") + "}", nil }

// Notification is a kind of mail that a member can have or not (E10).
type Notification string

// The kinds.
const (
	NewQuotes     Notification = "new_quotes"
	NewInvoices   Notification = "new_invoices"
	CompletedJobs Notification = "completed_jobs"
)

// AllNotifications is what a member gets unless somebody chose otherwise.
var AllNotifications = []Notification{NewQuotes, NewInvoices, CompletedJobs}

// Notifications is a text[] of them.
type Notifications []Notification

// Scan implements sql.Scanner.
func (n *Notifications) Scan(src any) error {
	var all Permissions
	err := all.Scan(src)
	*n = make(Notifications, len(all))
	for i, s := range all {
		(*n)[i] = Notification(s)
	}
	return err
}

// Value implements driver.Valuer.
func (n Notifications) Value() (driver.Value, error) {
	all := make([]string, len(n))
	for i, s := range n {
		all[i] = string(s)
	}
	return "{" + strings.Join(all, ",") + "}", nil
}
