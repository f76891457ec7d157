package apiclient

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

const columns = `c.id, c.kind, c.name, c.scopes, c.networks, c.redirect_uris, c.confidential, c.expires_at, c.revoked_at, c.last_used_at,
	trim(concat(e.first_name, ' ', e.last_name)) AS created_by, c.created_at, c.version,
	coalesce((SELECT json_agg(json_build_object('id', s.id, 'hint', s.hint, 'createdAt', s.created_at, 'expiresAt', s.expires_at) ORDER BY s.id DESC)
		FROM api_client_secrets s WHERE s.organisation_id = c.organisation_id AND s.client_id = c.id AND (s.expires_at IS NULL OR s.expires_at > $1)), '[]') AS secrets
	FROM api_clients c LEFT JOIN employees e ON e.organisation_id = c.organisation_id AND e.id = c.created_by
	WHERE c.organisation_id = app.organisation() AND `

func collect(row pgx.CollectableRow) (Client, error) {
	var c Client
	var secrets []byte
	err := row.Scan(&c.ID, &c.Kind, &c.Name, &c.Scopes, &c.Networks, &c.RedirectURIs, &c.Confidential, &c.ExpiresAt, &c.RevokedAt, &c.LastUsedAt,
		&c.CreatedBy, &c.CreatedAt, &c.Version, &secrets)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(secrets, &c.Secrets)
}

// List returns at most limit programs of the office, the newest first: those that may come in, or those that were shut out.
func (s *Service) List(ctx context.Context, revoked bool, before uuid.UUID, limit int) ([]Client, error) {
	if before == uuid.Nil {
		before = uuid.Max
	}
	return db.ReadBatch(ctx, s.DB, authz.OrganisationRead, func(b *pgx.Batch, out *[]Client) {
		b.Queue(`SELECT `+columns+`(c.revoked_at IS NOT NULL) = $2 AND c.id < $3 ORDER BY c.id DESC LIMIT $4`, s.Now(), revoked, before, limit).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, collect)
			*out = all
			return err
		})
	})
}

// Find returns one program, or db.ErrNotFound.
func (s *Service) Find(ctx context.Context, id uuid.UUID) (Client, error) {
	return db.Read(ctx, s.DB, authz.OrganisationRead, func(tx *db.Tx) (Client, error) { return s.find(tx, id) })
}

func (s *Service) find(tx *db.Tx, id uuid.UUID) (Client, error) {
	rows, err := tx.Query(`SELECT `+columns+`c.id = $2`, s.Now(), id)
	if err != nil {
		return Client{}, err
	}
	return pgx.CollectExactlyOneRow(rows, collect)
}

// Secret is what the newest secret of c says: to be shown once, to who made it. Empty: there is none.
func (s *Service) Secret(c Client) string {
	if len(c.Secrets) == 0 {
		return ""
	}
	return secretText(s.Key, c.Kind, c.ID, c.Secrets[0].ID)
}

func (s *Service) addSecret(tx *db.Tx, c Client, now time.Time) {
	id := uuid.Must(uuid.NewV7())
	text := secretText(s.Key, c.Kind, c.ID, id)
	tx.Queue(`INSERT INTO api_client_secrets (organisation_id, id, client_id, digest, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.Actor.Organisation, id, c.ID, digestOf(text), text[len(text)-4:], now)
}

// beyond refuses a program of the office that may do more than who makes it, changes it or gets to see its secret: it would be a
// way to rights that nobody gave.
func (c *Client) beyond(who authz.Actor) error {
	if c.Kind == ForMembers { // it gets its rights from customers
		return nil
	}
	if slices.ContainsFunc(c.Scopes, func(p string) bool { return !who.May(authz.Permission(p)) }) {
		return ErrBeyond
	}
	return nil
}

// Create lets a program in. Service.Secret says what it shows to be.
func (s *Service) Create(ctx context.Context, d Draft) (Client, error) {
	now := s.Now()
	c := Client{ID: uuid.Must(uuid.NewV7()), Kind: d.Kind, Name: d.Name, Confidential: d.Kind != ForMembers || d.Confidential}
	for _, err := range []error{c.setScopes(d.Scopes), c.setNetworks(d.Networks), c.setRedirects(d.RedirectURIs), c.setExpiry(now, d.ExpiresAt)} {
		if err != nil {
			return Client{}, err
		}
	}
	return db.Write(ctx, s.DB, authz.OrganisationWrite, func(tx *db.Tx) (Client, event.Event, error) {
		if err := c.beyond(tx.Actor); err != nil {
			return Client{}, event.Event{}, err
		}
		tx.Queue(`INSERT INTO api_clients (organisation_id, id, kind, name, scopes, networks, redirect_uris, confidential, expires_at, created_by, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
			tx.Actor.Organisation, c.ID, string(c.Kind), c.Name, c.Scopes, c.Networks, c.RedirectURIs, c.Confidential, c.ExpiresAt, tx.Actor.ID, now)
		if c.Confidential {
			s.addSecret(tx, c, now)
		}
		made, err := s.find(tx, c.ID)
		return made, event.Of("api_client.created", c.ID).With("name", c.Name).With("kind", string(c.Kind)).With("scopes", authz.ScopeNames(ScopesOf(c.Kind), c.Scopes)), err
	})
}

// locked returns a program that may still come in, for a change of version; 0: whatever the version.
func (s *Service) locked(tx *db.Tx, id uuid.UUID, version int64) (Client, error) {
	if err := tx.Exec(`SELECT 1 FROM api_clients WHERE id = ? FOR UPDATE`, id).Error; err != nil {
		return Client{}, err
	}
	c, err := s.find(tx, id)
	switch {
	case err != nil:
		return c, err
	case version != 0 && c.Version != version:
		return c, tx.Stale(id)
	case c.RevokedAt != nil:
		return c, ErrRevoked
	}
	return c, nil
}

// Change changes what a program may do, and from where. It counts from the next request on.
func (s *Service) Change(ctx context.Context, id uuid.UUID, version int64, ch Change) (Client, error) {
	return db.Write(ctx, s.DB, authz.OrganisationWrite, func(tx *db.Tx) (Client, event.Event, error) {
		now := s.Now()
		c, err := s.locked(tx, id, version)
		if err != nil {
			return c, event.Event{}, err
		}
		if err := c.apply(now, ch); err != nil {
			return c, event.Event{}, err
		}
		if err := c.beyond(tx.Actor); err != nil {
			return c, event.Event{}, err
		}
		tx.Queue(`UPDATE api_clients SET name = $2, scopes = $3, networks = $4, redirect_uris = $5, expires_at = $6, version = version + 1, updated_at = $7
			WHERE organisation_id = app.organisation() AND id = $1`, id, c.Name, c.Scopes, c.Networks, c.RedirectURIs, c.ExpiresAt, now)
		changed, err := s.find(tx, id)
		return changed, event.Of("api_client.changed", id).With("name", c.Name).With("scopes", authz.ScopeNames(ScopesOf(c.Kind), c.Scopes)), err
	})
}

func (c *Client) apply(now time.Time, ch Change) error {
	if ch.Name != nil {
		c.Name = *ch.Name
	}
	if ch.Scopes != nil {
		if err := c.setScopes(ch.Scopes); err != nil {
			return err
		}
	}
	if ch.Networks != nil {
		if err := c.setNetworks(ch.Networks); err != nil {
			return err
		}
	}
	if ch.RedirectURIs != nil {
		if err := c.setRedirects(ch.RedirectURIs); err != nil {
			return err
		}
	}
	if ch.Expires {
		return c.setExpiry(now, ch.ExpiresAt)
	}
	return nil
}

// ErrNoSecret is returned for an app that keeps no secret.
var ErrNoSecret = fault.New(fault.Conflict, "client-without-secret", "This app has no secret that could be replaced.")

// Rotate gives a program another secret. The one it has goes on working for as long as overlap; one that was on its way out
// already ends now, so that there are never more than two.
func (s *Service) Rotate(ctx context.Context, id uuid.UUID, overlap time.Duration) (Client, error) {
	if overlap < 0 || overlap > longestOverlap {
		return Client{}, fault.OnField("/overlapHours", "max")
	}
	return db.Write(ctx, s.DB, authz.OrganisationWrite, func(tx *db.Tx) (Client, event.Event, error) {
		now := s.Now()
		c, err := s.locked(tx, id, 0)
		if err != nil {
			return c, event.Event{}, err
		}
		if !c.Confidential {
			return c, event.Event{}, ErrNoSecret
		}
		if err := c.beyond(tx.Actor); err != nil {
			return c, event.Event{}, err
		}
		tx.Queue(`UPDATE api_client_secrets SET expires_at = CASE WHEN expires_at IS NULL THEN $2 ELSE $3 END
			WHERE organisation_id = app.organisation() AND client_id = $1 AND (expires_at IS NULL OR expires_at > $3)`, id, now.Add(overlap), now)
		s.addSecret(tx, c, now)
		tx.Queue(`UPDATE api_clients SET version = version + 1, updated_at = $2 WHERE organisation_id = app.organisation() AND id = $1`, id, now)
		rotated, err := s.find(tx, id)
		return rotated, event.Of("api_client.rotated", id).With("name", c.Name).With("overlapHours", int(overlap.Hours())), err
	})
}

// Revoke shuts a program out, from the next request on and for good.
func (s *Service) Revoke(ctx context.Context, id uuid.UUID) error {
	_, err := db.Write(ctx, s.DB, authz.OrganisationWrite, func(tx *db.Tx) (bool, event.Event, error) {
		now := s.Now()
		c, err := s.locked(tx, id, 0)
		if err != nil {
			return false, event.Event{}, err
		}
		tx.Queue(`UPDATE api_clients SET revoked_at = $2, version = version + 1, updated_at = $2 WHERE organisation_id = app.organisation() AND id = $1`, id, now)
		return true, event.Of("api_client.revoked", id).With("name", c.Name), nil
	})
	return err
}

// standing is what the program's row says at every request.
type standing struct {
	organisation uuid.UUID
	id           uuid.UUID
	kind         Kind
	name         string
	scopes       []string
	networks     []netip.Prefix
	redirects    []string
	confidential bool
	expiresAt    *time.Time
	revokedAt    *time.Time
	lastUsedAt   *time.Time
	secret       uuid.UUID // of the one that was shown and still works; uuid.Nil: none
}

const standingColumns = `c.organisation_id, c.id, c.kind, c.name, c.scopes, c.networks, c.redirect_uris, c.confidential, c.expires_at, c.revoked_at, c.last_used_at`

func (p *standing) fields(more ...any) []any {
	return append([]any{
		&p.organisation, &p.id, &p.kind, &p.name, &p.scopes, &p.networks, &p.redirects, &p.confidential, &p.expiresAt, &p.revokedAt, &p.lastUsedAt,
	}, more...)
}

// open reports whether the program may come in at all.
func (p *standing) open(now time.Time) bool {
	return p.revokedAt == nil && (p.expiresAt == nil || now.Before(*p.expiresAt))
}

const usedEvery = time.Minute

// used remembers the visit, once a minute.
func (s *Service) used(ctx context.Context, p standing) error {
	now := s.Now()
	if p.lastUsedAt != nil && now.Sub(*p.lastUsedAt) < usedEvery {
		return nil
	}
	_, err := db.System(ctx, s.DB, "visit of a program", func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`UPDATE api_clients SET last_used_at = ? WHERE organisation_id = ? AND id = ? AND (last_used_at IS NULL OR last_used_at < ?)`,
			now, p.organisation, p.id, now).Error
	})
	return err
}
