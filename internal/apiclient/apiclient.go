// Package apiclient is other software: the programs that an office lets in, what they show to be let in (keys, secrets, tokens),
// and what the tokens are signed with.
package apiclient

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/fault"
	"voordeur/internal/sealed"
)

// Kind says how a program comes in.
type Kind string

// The kinds: with a key in every request; with tokens that it gets for a secret; for a customer who allowed it.
const (
	WithKey    Kind = "key"
	WithTokens Kind = "service"
	ForMembers Kind = "app"
)

// longestOverlap is how long a secret can go on working beside the one that takes its place.
const longestOverlap = 7 * 24 * time.Hour

// Client is a program that an administrator let in.
type Client struct {
	ID           uuid.UUID
	Kind         Kind
	Name         string
	Scopes       []string // permissions
	Networks     []netip.Prefix
	RedirectURIs []string
	Confidential bool
	ExpiresAt    *time.Time
	RevokedAt    *time.Time
	LastUsedAt   *time.Time
	CreatedBy    string // the name of who made it
	CreatedAt    time.Time
	Version      int64
	Secrets      []Secret // those that work, the newest first
}

// Secret is what is known of a secret after it was shown.
type Secret struct {
	ID        uuid.UUID  `json:"id"`
	Hint      string     `json:"hint"`
	CreatedAt time.Time  `json:"createdAt"`
	ExpiresAt *time.Time `json:"expiresAt"`
}

// ScopesOf are the scopes that a program of a kind can be given.
func ScopesOf(k Kind) []authz.Scope {
	if k == ForMembers {
		return authz.PortalScopes
	}
	return authz.OfficeScopes
}

// Draft is a program that is to be let in.
type Draft struct {
	Kind         Kind
	Name         string
	Scopes       []string // by their names
	Networks     []string
	RedirectURIs []string
	Confidential bool
	ExpiresAt    *time.Time
}

// Change is what changes about a program; nil stays.
type Change struct {
	Name         *string
	Scopes       []string
	Networks     []string
	RedirectURIs []string
	Expires      bool // ExpiresAt counts
	ExpiresAt    *time.Time
}

// Service holds the use cases.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	Key sealed.Key
	// Issuer is the address that vouches for tokens: the portal's, which everybody can reach. OfficeURL is where the office's
	// own operations are.
	Issuer    string
	OfficeURL string

	mu   sync.Mutex
	ring *keyring
}

// ErrRevoked is returned for what can no longer be done with a program that was shut out.
var ErrRevoked = fault.New(fault.Conflict, "client-revoked", "This API client has been revoked.")

// ErrBeyond is returned to who is to give a program more than they may do.
var ErrBeyond = fault.New(fault.Forbidden, "client-beyond-rights", "An API client may do no more than who lets it in.")

func (c *Client) setScopes(names []string) error {
	permissions, ok := authz.Scoped(ScopesOf(c.Kind), names)
	switch {
	case !ok:
		return fault.OnField("/scopes", "scope-unknown")
	case len(permissions) == 0:
		return fault.OnField("/scopes", "required")
	}
	c.Scopes = permissions
	return nil
}

// setNetworks reads addresses and networks: 203.0.113.7, 203.0.113.0/24, 2001:db8::/48.
func (c *Client) setNetworks(in []string) error {
	c.Networks = make([]netip.Prefix, 0, len(in))
	for _, s := range in {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, err := netip.ParseAddr(s)
			if err != nil || a.Zone() != "" {
				return fault.OnField("/networks", "network")
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		if p.Addr().Is4In6() {
			return fault.OnField("/networks", "network")
		}
		if p = p.Masked(); !slices.Contains(c.Networks, p) {
			c.Networks = append(c.Networks, p)
		}
	}
	return nil
}

func (c *Client) setRedirects(in []string) error {
	if c.Kind != ForMembers {
		if len(in) > 0 {
			return fault.OnField("/redirectUris", "redirect-uri")
		}
		c.RedirectURIs = []string{}
		return nil
	}
	if len(in) == 0 {
		return fault.OnField("/redirectUris", "required")
	}
	for _, s := range in {
		if !usableRedirect(s) {
			return fault.OnField("/redirectUris", "redirect-uri")
		}
	}
	c.RedirectURIs = in
	return nil
}

// usableRedirect: an address of the app's own over TLS, or of a program on the customer's machine (RFC 8252, section 7.3).
func usableRedirect(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || strings.ContainsAny(s, "# *\\") || u.Opaque != "" {
		return false
	}
	return u.Scheme == "https" || loopback(u)
}

func loopback(u *url.URL) bool {
	return u.Scheme == "http" && (u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
}

// lastYear is the last that JSON can write: a moment after it, which a time zone can make, would be in no answer any more.
const lastYear = 9999

func (c *Client) setExpiry(now time.Time, at *time.Time) error {
	switch {
	case at == nil:
	case !at.After(now):
		return fault.OnField("/expiresAt", "past")
	case at.UTC().Year() > lastYear:
		return fault.OnField("/expiresAt", "max")
	}
	c.ExpiresAt = at
	return nil
}

// allows reports whether the program may come from address.
func allows(networks []netip.Prefix, address string) bool {
	if len(networks) == 0 {
		return true
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	a = a.Unmap().WithZone("")
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}
