package apiclient

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/fault"
)

// TokenLife is how long an access token counts.
const TokenLife = 10 * time.Minute

const tokenType = "at+jwt" // RFC 9068: nothing else that we sign is taken for an access token

var (
	errNoKey = errors.New("apiclient: no key is known by this name")
	// ErrAddress is returned to a program that comes from elsewhere than it may.
	ErrAddress = fault.New(fault.Forbidden, "address-not-allowed", "This API client may not be used from this address.")
)

// RefusalError is an error in the words of RFC 6749, which libraries of programs look at.
type RefusalError struct {
	Code        string
	Description string
}

// Error implements error.
func (r *RefusalError) Error() string { return r.Code + ": " + r.Description }

func refuse(code, description string) error {
	return &RefusalError{Code: code, Description: description}
}

var (
	errClient = refuse("invalid_client", "The client is not known, its secret is not right, or it may no longer come in.")
	errScope  = refuse("invalid_scope", "The client was not given one of these scopes.")
	errTarget = refuse("invalid_target", "The client has no access to that resource.")
)

// claims are what a token says: ids, and how far it goes.
type claims struct {
	jwt.RegisteredClaims

	Client uuid.UUID `json:"client_id"`
	Tenant uuid.UUID `json:"tenant"`
	SID    uuid.UUID `json:"sid"` // what it was given for: the secret, or the customer's permission
	Scope  string    `json:"scope"`
}

// Token is an answer of the token endpoint.
type Token struct {
	Access  string
	Refresh string
	Scope   string
	Expires time.Duration
}

// audience is the address of the operations that a token is for.
func (s *Service) audience(k Kind) string {
	if k == ForMembers {
		return s.Issuer + "/api/v1/portal"
	}
	return s.OfficeURL + "/api/v1"
}

func (s *Service) sign(ctx context.Context, p standing, subject, sid uuid.UUID, scope string) (string, error) {
	kid, key, err := s.signer(ctx)
	if err != nil {
		return "", err
	}
	now := s.Now()
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: s.Issuer, Subject: subject.String(), Audience: jwt.ClaimStrings{s.audience(p.kind)}, ID: uuid.Must(uuid.NewV7()).String(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(TokenLife)),
		},
		Client: p.id, Tenant: p.organisation, SID: sid, Scope: scope,
	})
	t.Header["typ"], t.Header["kid"] = tokenType, kid.String()
	return t.SignedString(key)
}

// longestToken is far more than any of ours has.
const longestToken = 4096

// read returns what a token for audience says. Every doubt is authz.ErrNoActor; a database that does not answer is not.
func (s *Service) read(ctx context.Context, token, audience string) (claims, error) {
	var out claims
	if len(token) > longestToken {
		return out, authz.ErrNoActor
	}
	var down error
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(s.Issuer), jwt.WithAudience(audience),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.Now), jwt.WithStrictDecoding())
	_, err := parser.ParseWithClaims(token, &out, func(t *jwt.Token) (any, error) {
		for name := range t.Header { // jku, jwk, x5u and crit have no business here
			if name != "alg" && name != "typ" && name != "kid" {
				return nil, errNoKey
			}
		}
		kid, _ := t.Header["kid"].(string)
		if t.Header["typ"] != tokenType {
			return nil, errNoKey
		}
		key, err := s.verifier(ctx, kid)
		if err != nil && !errors.Is(err, errNoKey) {
			down = err
		}
		return key, err
	})
	switch {
	case down != nil:
		return out, down
	case err != nil:
		return out, authz.ErrNoActor.Because(err)
	case len(out.Audience) != 1:
		return out, authz.ErrNoActor
	}
	return out, nil
}

// pass is what a program shows with a request; the row of the program is read every time.
type pass struct {
	service *Service
	query   string
	args    []any
	more    []any // what the query returns besides the program
	hear    func(p *standing) (authz.Actor, error)
	program standing
}

// Kind implements db.Credential.
func (*pass) Kind() authz.Kind { return authz.APIClient }

// Lookup implements db.Credential.
func (p *pass) Lookup() (string, []any) { return p.query, p.args }

// Hear implements db.Credential.
func (p *pass) Hear(row pgx.CollectableRow) (authz.Actor, error) {
	if err := row.Scan(p.program.fields(p.more...)...); err != nil {
		return authz.Actor{}, err
	}
	if !p.program.open(p.service.Now()) {
		return authz.Actor{}, authz.ErrNoActor
	}
	return p.hear(&p.program)
}

// Settle implements db.Credential.
func (p *pass) Settle(ctx context.Context) error { return p.service.used(ctx, p.program) }

// actor is the program itself.
func (p *standing) actor(scopes []string) authz.Actor {
	a := authz.Actor{ID: p.id, Organisation: p.organisation, Kind: authz.APIClient, Name: p.name, Program: p.id, Grants: map[authz.Permission]bool{}}
	for _, sc := range authz.OfficeScopes {
		if slices.Contains(scopes, string(sc.Permission)) {
			a.Grants[sc.Permission] = true
		}
	}
	return a
}

// Office says which program of an office shows credential, a key or a token, at the office's own operations. authz.ErrNoActor:
// it is worth nothing, or no longer. ErrAddress: not from here.
func (s *Service) Office(ctx context.Context, credential, address string) (authz.Actor, error) {
	who := pass{service: s}
	if strings.HasPrefix(credential, "vd_") {
		if !WellFormed(WithKey, credential) {
			return authz.Actor{}, authz.ErrNoActor
		}
		who.query = `SELECT ` + standingColumns + ` FROM api_client_secrets k JOIN api_clients c ON c.organisation_id = k.organisation_id AND c.id = k.client_id
			WHERE k.digest = $1 AND c.kind = 'key' AND (k.expires_at IS NULL OR k.expires_at > $2)`
		who.args = []any{digestOf(credential), s.Now()}
		who.hear = func(p *standing) (authz.Actor, error) { return p.from(address, p.scopes) }
		return s.identify(ctx, &who)
	}
	token, err := s.read(ctx, credential, s.audience(WithTokens))
	if err != nil {
		return authz.Actor{}, err
	}
	// A secret that was taken away takes its tokens along.
	who.query = `SELECT ` + standingColumns + ` FROM api_clients c JOIN api_client_secrets k ON k.organisation_id = c.organisation_id AND k.client_id = c.id
		WHERE c.organisation_id = $1 AND c.id = $2 AND c.kind = 'service' AND k.id = $3 AND (k.expires_at IS NULL OR k.expires_at > $4)`
	who.args = []any{token.Tenant, token.Client, token.SID, s.Now()}
	who.hear = func(p *standing) (authz.Actor, error) {
		asked, _ := authz.Scoped(authz.OfficeScopes, strings.Fields(token.Scope))
		return p.from(address, both(p.scopes, asked))
	}
	return s.identify(ctx, &who)
}

func (p *standing) from(address string, scopes []string) (authz.Actor, error) {
	if !allows(p.networks, address) {
		return authz.Actor{}, ErrAddress
	}
	return p.actor(scopes), nil
}

// both returns what is in a and in b.
func both(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

func (s *Service) identify(ctx context.Context, who *pass) (authz.Actor, error) {
	a, err := db.Identify(ctx, s.DB, who)
	if errors.Is(err, db.ErrNotFound) {
		return a, authz.ErrNoActor
	}
	return a, err
}

// Ask is what a program sends to the token endpoint.
type Ask struct {
	Client   string // id
	Secret   string
	Grant    string // grant_type
	Scope    string
	Resource string // RFC 8707; empty: the one there is
	Address  string // where it comes from

	Code, RedirectURI, Verifier string // of an app, the first time
	Refresh                     string // and after that
}

// Token gives a program a token. What the program did wrong is a *RefusalError.
func (s *Service) Token(ctx context.Context, in Ask) (Token, error) {
	p, err := s.authenticate(ctx, in)
	if err != nil {
		return Token{}, err
	}
	if in.Resource != "" && in.Resource != s.audience(p.kind) {
		return Token{}, errTarget
	}
	switch {
	case in.Grant == "client_credentials" && p.kind == WithTokens:
		return s.forItself(ctx, p, in)
	case in.Grant == "authorization_code" && p.kind == ForMembers:
		return s.redeem(ctx, p, in)
	case in.Grant == "refresh_token" && p.kind == ForMembers:
		return s.refresh(ctx, p, in)
	case slices.Contains(Grants, in.Grant):
		return Token{}, refuse("unauthorized_client", "This client may not use this grant_type.")
	}
	return Token{}, refuse("unsupported_grant_type", "This grant_type is not known here.")
}

// Grants are the ways to a token.
var Grants = []string{"client_credentials", "authorization_code", "refresh_token"}

// authenticate finds the program that asks, and checks that it is the one it says it is.
func (s *Service) authenticate(ctx context.Context, in Ask) (standing, error) {
	id, err := uuid.Parse(in.Client)
	if err != nil || len(in.Client) != 36 {
		return standing{}, errClient
	}
	now := s.Now()
	p, err := db.System(ctx, s.DB, "program that asks for a token", func(tx *db.Tx) (standing, error) {
		rows, err := tx.Query(`SELECT `+standingColumns+`, coalesce(k.id, '00000000-0000-0000-0000-000000000000') FROM api_clients c
			LEFT JOIN api_client_secrets k ON k.organisation_id = c.organisation_id AND k.client_id = c.id AND k.digest = $2 AND (k.expires_at IS NULL OR k.expires_at > $3)
			WHERE c.id = $1`, id, digestOf(in.Secret), now)
		if err != nil {
			return standing{}, err
		}
		return pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (standing, error) {
			var p standing
			err := row.Scan(p.fields(&p.secret)...)
			return p, err
		})
	})
	switch {
	case errors.Is(err, db.ErrNotFound):
		return p, errClient
	case err != nil:
		return p, err
	case !p.open(now), p.kind == WithKey, p.confidential && p.secret == uuid.Nil, !p.confidential && in.Secret != "":
		return p, errClient
	case !allows(p.networks, in.Address):
		return p, refuse("unauthorized_client", "This client may not be used from this address.")
	}
	return p, s.used(ctx, p)
}

// forItself gives a program of the office a token: for the scopes that it asks for, or all that it has.
func (s *Service) forItself(ctx context.Context, p standing, in Ask) (Token, error) {
	scopes := p.scopes
	if in.Scope != "" {
		asked, ok := authz.Scoped(authz.OfficeScopes, strings.Fields(in.Scope))
		if scopes = both(p.scopes, asked); !ok || len(scopes) != len(asked) {
			return Token{}, errScope
		}
	}
	scope := strings.Join(authz.ScopeNames(authz.OfficeScopes, scopes), " ")
	access, err := s.sign(ctx, p, p.id, p.secret, scope)
	return Token{Access: access, Scope: scope, Expires: TokenLife}, err
}
