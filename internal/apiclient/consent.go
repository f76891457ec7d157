package apiclient

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// codeLife is how long an app has to come and get its first tokens.
const codeLife = time.Minute

// The faults of an app that asks a customer for something. Whoever is not known, or wants the customer sent elsewhere, gets no answer
// at all: the customer reads this (RFC 6749, section 4.1.2.1).
var (
	ErrAppUnknown = fault.New(fault.NotFound, "app-unknown", "This app is not known at this office, or may no longer come in.")
	ErrRequest    = fault.New(fault.Invalid, "app-request-wrong", "The app made a mistake: getAppRequest says where it hears of it.")
	ErrRedirect   = fault.New(fault.Invalid, "redirect-mismatch", "The app wants the customer sent to an address that the office did not register.")
)

// Request is what an app asks of a customer (RFC 6749, 7636, 8707).
type Request struct {
	Client       string
	ResponseType string
	RedirectURI  string
	Scope        string
	State        string
	Challenge    string
	Method       string
	Resource     string
}

// Asked is what the customer is asked. With Redirect there is nothing to ask: the app made a mistake, and hears of it there.
type Asked struct {
	Client   uuid.UUID
	Name     string
	Scopes   []string // by their names
	Redirect string
}

// sameRedirect compares letter for letter; a program on the customer's machine takes whichever port is free (RFC 8252, section 7.3).
func sameRedirect(registered []string, given string) bool {
	if slices.Contains(registered, given) {
		return true
	}
	g, err := url.Parse(given)
	if err != nil || !loopback(g) || !usableRedirect(given) {
		return false
	}
	return slices.ContainsFunc(registered, func(s string) bool {
		r, err := url.Parse(s)
		return err == nil && loopback(r) && r.Hostname() == g.Hostname() && r.EscapedPath() == g.EscapedPath() && r.RawQuery == g.RawQuery
	})
}

// back is where the customer goes with an answer. It says who answers (RFC 9207), so that an app of two portals is not led astray.
func (s *Service) back(r Request, answer map[string]string) string {
	u, err := url.Parse(r.RedirectURI)
	if err != nil {
		return s.Issuer // it was parsed before
	}
	q := u.Query()
	for name, value := range answer {
		q.Set(name, value)
	}
	if r.State != "" {
		q.Set("state", r.State)
	}
	q.Set("iss", s.Issuer)
	u.RawQuery = q.Encode()
	return u.String()
}

type appRow struct {
	Name         string
	Scopes       []string
	RedirectURIs []string
}

// ask judges a request.
func (s *Service) ask(tx *db.Tx, r Request) (Asked, error) {
	var out Asked
	id, err := uuid.Parse(r.Client)
	if err != nil {
		return out, ErrAppUnknown
	}
	res, err := tx.Query(`SELECT name, scopes, redirect_uris FROM api_clients WHERE organisation_id = app.organisation() AND id = $1 AND kind = 'app'
		AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`, id, s.Now())
	if err != nil {
		return out, err
	}
	rows, err := pgx.CollectRows(res, pgx.RowToStructByPos[appRow])
	switch {
	case err != nil:
		return out, err
	case len(rows) == 0:
		return out, ErrAppUnknown
	case !sameRedirect(rows[0].RedirectURIs, r.RedirectURI):
		return out, ErrRedirect
	}
	out.Client, out.Name = id, rows[0].Name
	scopes := rows[0].Scopes
	asked, known := authz.Scoped(authz.PortalScopes, strings.Fields(r.Scope))
	if r.Scope != "" {
		scopes = both(scopes, asked)
		known = known && len(scopes) == len(asked) && len(asked) > 0
	}
	no := func(code, why string) (Asked, error) {
		out.Redirect = s.back(r, map[string]string{"error": code, "error_description": why})
		return out, nil
	}
	challenge, err := base64.RawURLEncoding.DecodeString(r.Challenge)
	switch {
	case len(r.State) > 1000:
		r.State = ""
		return no("invalid_request", "The state is too long.")
	case r.ResponseType != "code":
		return no("unsupported_response_type", "Only response_type=code is known here.")
	case r.Challenge == "" || r.Method != "S256" || err != nil || len(challenge) != sha256.Size:
		return no("invalid_request", "PKCE is required: a code_challenge with code_challenge_method=S256.")
	case !known:
		return no("invalid_scope", "The app was not given one of these scopes.")
	case r.Resource != "" && r.Resource != s.audience(ForMembers):
		return no("invalid_target", "The app has no access to that resource.")
	}
	out.Scopes = authz.ScopeNames(authz.PortalScopes, scopes)
	return out, nil
}

// Inspect says what an app asks of the customer who is signed in.
func (s *Service) Inspect(ctx context.Context, r Request) (Asked, error) {
	return db.Read(ctx, s.DB, authz.PortalMe, func(tx *db.Tx) (Asked, error) { return s.ask(tx, r) })
}

// codeText is what the app exchanges for its first tokens.
func (s *Service) codeText(consent uuid.UUID) string { return s.derived("vd_code_", consent) }

// derived is a secret of 256 bits that follows from the id of its row and the server's key: the row holds a digest only.
func (s *Service) derived(prefix string, id uuid.UUID) string {
	text := prefix + inLetters(id[:], idLength) + "_"
	bits := hmacOf(s.Key, prefix, id)
	text += inLetters(bits, bitsLength)
	return text + checksum(text)
}

// Decide takes the customer's answer, and says where to go with it. What is allowed lasts for months, so who allows it must have given a password or code
// a moment ago: authz.ErrStepUp.
func (s *Service) Decide(ctx context.Context, r Request, allow bool) (string, error) {
	return db.Write(ctx, s.DB, authz.PortalMe, func(tx *db.Tx) (string, event.Event, error) {
		asked, err := s.ask(tx, r)
		switch {
		case err != nil:
			return "", event.Event{}, err
		case asked.Redirect != "":
			return "", event.Event{}, ErrRequest
		case !allow:
			return s.back(r, map[string]string{"error": "access_denied"}), event.Of("app_consent.refused", asked.Client).With("name", asked.Name), nil
		}
		if err := tx.Fresh(); err != nil {
			return "", event.Event{}, err
		}
		id, now := uuid.Must(uuid.NewV7()), s.Now()
		scopes, _ := authz.Scoped(authz.PortalScopes, asked.Scopes)
		code := s.codeText(id)
		tx.Queue(`INSERT INTO app_consents (organisation_id, id, client_id, member_id, scopes, code_hash, redirect_uri, challenge, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, tx.Actor.Organisation, id, asked.Client, tx.Actor.ID, scopes, digestOf(code), r.RedirectURI, r.Challenge, now)
		return s.back(r, map[string]string{"code": code}), event.Of("app_consent.given", asked.Client).With("name", asked.Name).With("scopes", asked.Scopes), nil
	})
}

// App is one that the customer let in.
type App struct {
	Client     uuid.UUID
	Name       string
	Scopes     []string // by their names
	Since      time.Time
	LastUsedAt *time.Time
}

// MyApps returns the apps that the customer let in and that still come in, the newest first.
func (s *Service) MyApps(ctx context.Context) ([]App, error) {
	return db.Read(ctx, s.DB, authz.PortalMe, func(tx *db.Tx) ([]App, error) {
		rows, err := tx.Query(`SELECT c.id, c.name, array(SELECT DISTINCT p FROM app_consents a, unnest(a.scopes) p WHERE a.client_id = c.id AND a.member_id = $1
				AND a.redeemed_at IS NOT NULL AND a.ended_at IS NULL AND a.expires_at > $2), min(s.created_at), max(s.last_used_at)
			FROM app_consents s JOIN api_clients c ON c.organisation_id = s.organisation_id AND c.id = s.client_id
			WHERE s.organisation_id = app.organisation() AND s.member_id = $1 AND s.redeemed_at IS NOT NULL AND s.ended_at IS NULL AND s.expires_at > $2
				AND c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2)
			GROUP BY c.id, c.name ORDER BY min(s.created_at) DESC, c.id`, tx.Actor.ID, s.Now())
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(row pgx.CollectableRow) (App, error) {
			var a App
			var permissions []string
			err := row.Scan(&a.Client, &a.Name, &permissions, &a.Since, &a.LastUsedAt)
			a.Scopes = authz.ScopeNames(authz.PortalScopes, permissions)
			return a, err
		})
	})
}

// Withdraw takes back what the customer allowed an app, on every device. It works at the app's next request. db.ErrNotFound: there is nothing.
func (s *Service) Withdraw(ctx context.Context, client uuid.UUID) error {
	_, err := db.Write(ctx, s.DB, authz.PortalMe, func(tx *db.Tx) (bool, event.Event, error) {
		var ended []string
		err := tx.Raw(`UPDATE app_consents s SET ended_at = ?, ended_by = 'customer' FROM api_clients c
			WHERE s.organisation_id = app.organisation() AND s.client_id = ? AND s.member_id = ? AND s.ended_at IS NULL
				AND c.organisation_id = s.organisation_id AND c.id = s.client_id RETURNING c.name`, s.Now(), client, tx.Actor.ID).Scan(&ended).Error
		if err == nil && len(ended) == 0 {
			err = db.ErrNotFound
		}
		if err != nil {
			return false, event.Event{}, err
		}
		return true, event.Of("app_consent.withdrawn", client).With("name", ended[0]), nil
	})
	return err
}

// Member says for which customer an app shows token, at the portal's own operations. It may do what the customer allowed it, of what the office
// gave it, of what the customer may do now. ErrAddress: not from here.
func (s *Service) Member(ctx context.Context, token, address string) (authz.Actor, error) {
	said, err := s.read(ctx, token, s.audience(ForMembers))
	if err != nil {
		return authz.Actor{}, err
	}
	subject, err := uuid.Parse(said.Subject)
	if err != nil {
		return authz.Actor{}, authz.ErrNoActor
	}
	var consent struct {
		scopes, permissions []string
		name                string
		usedAt              *time.Time
	}
	who := pass{service: s, more: []any{&consent.scopes, &consent.permissions, &consent.name, &consent.usedAt}}
	who.query = `SELECT ` + standingColumns + `, s.scopes, m.permissions, p.first_name || ' ' || p.last_name, s.last_used_at FROM app_consents s
		JOIN api_clients c ON c.organisation_id = s.organisation_id AND c.id = s.client_id
		JOIN portal_members m ON m.organisation_id = s.organisation_id AND m.id = s.member_id
		JOIN contacts p ON p.organisation_id = m.organisation_id AND p.id = m.contact_id
		WHERE s.organisation_id = $1 AND s.id = $2 AND s.client_id = $3 AND s.member_id = $4 AND c.kind = 'app' AND s.redeemed_at IS NOT NULL
			AND s.ended_at IS NULL AND s.expires_at > $5 AND m.blocked_at IS NULL AND m.archived_at IS NULL`
	who.args = []any{said.Tenant, said.SID, said.Client, subject, s.Now()}
	who.hear = func(p *standing) (authz.Actor, error) {
		if !allows(p.networks, address) {
			return authz.Actor{}, ErrAddress
		}
		asked, _ := authz.Scoped(authz.PortalScopes, strings.Fields(said.Scope))
		may := both(both(both(p.scopes, consent.scopes), asked), consent.permissions)
		return authz.Actor{ID: subject, Organisation: p.organisation, Kind: authz.Member, Name: consent.name, Program: p.id, Grants: authz.PortalGrants(may)}, nil
	}
	a, err := s.identify(ctx, &who)
	if err != nil || consent.usedAt != nil && s.Now().Sub(*consent.usedAt) < usedEvery {
		return a, err
	}
	_, err = db.System(ctx, s.DB, "visit of an app", func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`UPDATE app_consents SET last_used_at = ? WHERE organisation_id = ? AND id = ?`, s.Now(), a.Organisation, said.SID).Error
	})
	return a, err
}

// PortalOf returns the word in the address of the portal at which an app asks. ErrAppUnknown.
func (s *Service) PortalOf(ctx context.Context, client string) (string, error) {
	id, err := uuid.Parse(client)
	if err != nil {
		return "", ErrAppUnknown
	}
	slug, err := db.System(ctx, s.DB, "office of an app", func(tx *db.Tx) (string, error) {
		rows, err := tx.Query(`SELECT o.slug FROM api_clients c JOIN organisations o ON o.organisation_id = c.organisation_id
			WHERE c.id = $1 AND c.kind = 'app' AND c.revoked_at IS NULL`, id)
		if err != nil {
			return "", err
		}
		return pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
	})
	if errors.Is(err, db.ErrNotFound) {
		return "", ErrAppUnknown
	}
	return slug, err
}
