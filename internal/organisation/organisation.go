// Package organisation is the office itself: its name, and how its portal looks to customers.
package organisation

import (
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/fault"
)

// HeaderImage is what stands above the portal.
type HeaderImage string

// A drawn street is the default; an office may choose nothing, or a photograph of its own.
const (
	HeaderStreet   HeaderImage = "street"
	HeaderNone     HeaderImage = "none"
	HeaderOwnPhoto HeaderImage = "photo"
)

// FormOfAddress is how the office speaks to its customers: "u" or "je".
type FormOfAddress string

// The forms of address.
const (
	Formal   FormOfAddress = "formal"
	Informal FormOfAddress = "informal"
)

// Organisation is one office, without the bytes of its pictures.
type Organisation struct {
	ID            uuid.UUID
	Slug          string
	Name          string
	Tagline       string
	BrandColour   string
	HeaderImage   HeaderImage
	WelcomeTitle  string
	WelcomeText   string
	FormOfAddress FormOfAddress
	Email         string
	Phone         string
	OpeningHours  string
	// CustomersNeedSecondFactor: who has no second step of login yet is led through setting it up (B3).
	CustomersNeedSecondFactor bool
	InviteMembers             bool // C1: making a portal member sends the invitation
	CodeLogin                 bool // D3: customers may log in with a code in place of a password
	HasLogo                   bool
	HasHeaderPhoto            bool
	Version                   int64
	CreatedAt                 time.Time
	UpdatedAt                 time.Time
}

// Change is what an office changes about itself; nil stays as it is.
type Change struct {
	Name                      *string
	Tagline                   *string
	BrandColour               *string
	HeaderImage               *HeaderImage
	WelcomeTitle              *string
	WelcomeText               *string
	FormOfAddress             *FormOfAddress
	Email                     *string
	Phone                     *string
	OpeningHours              *string
	CustomersNeedSecondFactor *bool
	InviteMembers             *bool
	CodeLogin                 *bool
}

// Image is a picture as it is served.
type Image struct {
	MediaType string
	Bytes     []byte
}

var colour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// apply changes o, or says which values are wrong.
func (o *Organisation) apply(c Change) error {
	set := func(to, from *string) {
		if from != nil {
			*to = strings.TrimSpace(*from)
		}
	}
	set(&o.Name, c.Name)
	set(&o.Tagline, c.Tagline)
	set(&o.WelcomeTitle, c.WelcomeTitle)
	set(&o.WelcomeText, c.WelcomeText)
	set(&o.Email, c.Email)
	set(&o.Phone, c.Phone)
	set(&o.OpeningHours, c.OpeningHours)
	if c.BrandColour != nil {
		o.BrandColour = strings.ToLower(*c.BrandColour)
	}
	if c.CustomersNeedSecondFactor != nil {
		o.CustomersNeedSecondFactor = *c.CustomersNeedSecondFactor
	}
	if c.HeaderImage != nil {
		o.HeaderImage = *c.HeaderImage
	}
	if c.InviteMembers != nil {
		o.InviteMembers = *c.InviteMembers
	}
	if c.CodeLogin != nil {
		o.CodeLogin = *c.CodeLogin
	}
	if c.FormOfAddress != nil {
		o.FormOfAddress = *c.FormOfAddress
	}
	switch {
	case o.Name == "":
		return fault.OnField("/name", "required")
	case !colour.MatchString(o.BrandColour):
		return fault.OnField("/brandColour", "format")
	case o.Email != "" && !plausibleAddress(o.Email):
		return fault.OnField("/email", "email")
	case o.HeaderImage == HeaderOwnPhoto && !o.HasHeaderPhoto:
		return fault.OnField("/headerImage", "no-photo")
	}
	return nil
}
