package apiclient

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/sealed"
)

// The life of what a customer allowed: an app that stays away for a month, or has come for three, asks again.
const (
	refreshLife = 30 * 24 * time.Hour
	consentLife = 90 * 24 * time.Hour
	// grace is how long an answer that was lost on its way can be asked for again (D1).
	grace = 10 * time.Second
)

var errGrant = refuse("invalid_grant", "It is not known, has been used, has ended, or belongs to another request.")

func hmacOf(key sealed.Key, purpose string, id uuid.UUID) []byte {
	bits := sealed.Token(key, purpose, id.String())
	return bits[:]
}

func (s *Service) refreshText(id uuid.UUID) string { return s.derived("vd_refresh_", id) }

// granted is what an app gets for a code or a refresh token; ended: the consent is over because of it.
type granted struct {
	Member  uuid.UUID
	Consent uuid.UUID
	Scopes  []string // permissions
	Refresh uuid.UUID
	Refused bool
}

// asApp returns a context in which an app stands at the door of its office.
func asApp(ctx context.Context, p standing) context.Context {
	a := authz.VisitorOf(p.organisation)
	a.ID, a.Program = p.id, p.id
	return authz.With(ctx, a)
}

// answer makes the tokens of what was granted.
func (s *Service) answer(ctx context.Context, p standing, g granted, asked string) (Token, error) {
	if g.Refused {
		return Token{}, errGrant
	}
	scopes := both(p.scopes, g.Scopes)
	if asked != "" {
		narrow, ok := authz.Scoped(authz.PortalScopes, strings.Fields(asked))
		if scopes = both(scopes, narrow); !ok || len(scopes) != len(narrow) {
			return Token{}, errScope
		}
	}
	scope := strings.Join(authz.ScopeNames(authz.PortalScopes, scopes), " ")
	access, err := s.sign(ctx, p, g.Member, g.Consent, scope)
	return Token{Access: access, Refresh: s.refreshText(g.Refresh), Scope: scope, Expires: TokenLife}, err
}

// end closes a consent because of what happened, which is written down although the app gets nothing.
func (s *Service) end(tx *db.Tx, client, consent uuid.UUID, why string) (granted, event.Event, error) {
	tx.Queue(`UPDATE app_consents SET ended_at = $2, ended_by = $3 WHERE organisation_id = app.organisation() AND id = $1 AND ended_at IS NULL`, consent, s.Now(), why)
	return granted{Refused: true}, event.Of("app_consent.ended", client).With("why", why), nil
}

type consentRow struct {
	ID          uuid.UUID
	MemberID    uuid.UUID
	Scopes      []string
	RedirectURI string
	Challenge   string
	CreatedAt   time.Time
	RedeemedAt  *time.Time
	ExpiresAt   *time.Time
	EndedAt     *time.Time
	Locked      bool // the customer may not come in either
}

// consent locks one of the app's: whoever has the lock decides what happens to its codes and tokens.
func consent(tx *db.Tx, condition string, args ...any) (consentRow, error) {
	rows, err := tx.Query(`SELECT s.id, s.member_id, s.scopes, s.redirect_uri, s.challenge, s.created_at, s.redeemed_at, s.expires_at, s.ended_at,
			m.blocked_at IS NOT NULL OR m.archived_at IS NOT NULL
		FROM app_consents s JOIN portal_members m ON m.organisation_id = s.organisation_id AND m.id = s.member_id
		WHERE s.organisation_id = app.organisation() AND s.client_id = $1 AND `+condition+` FOR UPDATE OF s`, args...)
	if err != nil {
		return consentRow{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[consentRow])
}

func (s *Service) addRefresh(tx *db.Tx, consent uuid.UUID, now, most time.Time) uuid.UUID {
	id, ends := uuid.Must(uuid.NewV7()), now.Add(refreshLife)
	if ends.After(most) {
		ends = most
	}
	tx.Queue(`INSERT INTO app_refresh_tokens (organisation_id, id, consent_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.Actor.Organisation, id, consent, digestOf(s.refreshText(id)), now, ends)
	return id
}

// redeem exchanges a code. It works once: a second time somebody else has it, and what it gave ends.
func (s *Service) redeem(ctx context.Context, p standing, in Ask) (Token, error) {
	g, err := db.Write(asApp(ctx, p), s.DB, authz.SignIn, func(tx *db.Tx) (granted, event.Event, error) {
		c, err := consent(tx, `s.code_hash = $2`, p.id, digestOf(in.Code))
		if errors.Is(err, pgx.ErrNoRows) {
			return granted{Refused: true}, event.None, nil
		}
		if err != nil {
			return granted{}, event.Event{}, err
		}
		now := s.Now()
		switch {
		case c.EndedAt != nil:
			return granted{Refused: true}, event.None, nil
		case c.RedeemedAt != nil:
			return s.end(tx, p.id, c.ID, "code_reuse")
		case !now.Before(c.CreatedAt.Add(codeLife)), c.Locked, in.RedirectURI != c.RedirectURI, !proves(in.Verifier, c.Challenge):
			return s.end(tx, p.id, c.ID, "code_refused")
		}
		most := now.Add(consentLife)
		tx.Queue(`UPDATE app_consents SET redeemed_at = $2, expires_at = $3 WHERE organisation_id = app.organisation() AND id = $1`, c.ID, now, most)
		return granted{Member: c.MemberID, Consent: c.ID, Scopes: c.Scopes, Refresh: s.addRefresh(tx, c.ID, now, most)}, event.Of("app_consent.redeemed", p.id), nil
	})
	if err != nil {
		return Token{}, err
	}
	return s.answer(ctx, p, g, "")
}

// proves reports whether verifier is what challenge was made of (RFC 7636).
func proves(verifier, challenge string) bool {
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

type refreshRow struct {
	ID            uuid.UUID
	ExpiresAt     time.Time
	UsedAt        *time.Time
	SuccessorID   *uuid.UUID
	SuccessorUsed bool
}

// refresh exchanges a refresh token for the next one. An answer that was lost can be asked for again for a moment; after that, or once its
// successor was used, somebody else has it, and all of them end.
func (s *Service) refresh(ctx context.Context, p standing, in Ask) (Token, error) {
	g, err := db.Write(asApp(ctx, p), s.DB, authz.SignIn, func(tx *db.Tx) (granted, event.Event, error) {
		// The consent first, and then what the token says now: many at once stand in line here.
		c, err := consent(tx, `s.id = (SELECT t.consent_id FROM app_refresh_tokens t WHERE t.organisation_id = app.organisation() AND t.token_hash = $2)`, p.id, digestOf(in.Refresh))
		if errors.Is(err, pgx.ErrNoRows) {
			return granted{Refused: true}, event.None, nil
		}
		if err != nil {
			return granted{}, event.Event{}, err
		}
		rows, err := tx.Query(`SELECT t.id, t.expires_at, t.used_at, t.successor_id, coalesce(n.used_at IS NOT NULL, false) FROM app_refresh_tokens t
			LEFT JOIN app_refresh_tokens n ON n.organisation_id = t.organisation_id AND n.id = t.successor_id
			WHERE t.organisation_id = app.organisation() AND t.token_hash = $1`, digestOf(in.Refresh))
		if err != nil {
			return granted{}, event.Event{}, err
		}
		t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[refreshRow])
		if err != nil {
			return granted{}, event.Event{}, err
		}
		now := s.Now()
		out := granted{Member: c.MemberID, Consent: c.ID, Scopes: c.Scopes}
		switch {
		case c.EndedAt != nil || c.ExpiresAt == nil || !now.Before(*c.ExpiresAt) || c.Locked || !now.Before(t.ExpiresAt):
			return granted{Refused: true}, event.None, nil
		case t.UsedAt == nil:
			out.Refresh = s.addRefresh(tx, c.ID, now, *c.ExpiresAt)
			tx.Queue(`UPDATE app_refresh_tokens SET used_at = $2, successor_id = $3 WHERE organisation_id = app.organisation() AND id = $1`, t.ID, now, out.Refresh)
			return out, event.None, nil
		case now.Sub(*t.UsedAt) <= grace && t.SuccessorID != nil && !t.SuccessorUsed:
			out.Refresh = *t.SuccessorID
			return out, event.None, nil
		}
		return s.end(tx, p.id, c.ID, "token_reuse")
	})
	if err != nil {
		return Token{}, err
	}
	return s.answer(ctx, p, g, in.Scope)
}

// RevokeToken ends what an app was allowed, by one of its tokens (RFC 7009). A token that is not known, or is another's, is no mistake.
func (s *Service) RevokeToken(ctx context.Context, in Ask, token string) error {
	p, err := s.authenticate(ctx, in)
	if err != nil {
		return err
	}
	if p.kind != ForMembers {
		return refuse("unsupported_token_type", "The tokens of this client end by themselves within ten minutes; its secret is what is replaced or revoked.")
	}
	condition, arg := `s.id = (SELECT t.consent_id FROM app_refresh_tokens t WHERE t.organisation_id = app.organisation() AND t.token_hash = $2)`, any(digestOf(token))
	if !strings.HasPrefix(token, "vd_") {
		said, err := s.read(ctx, token, s.audience(ForMembers))
		if errors.Is(err, authz.ErrNoActor) || err == nil && said.Tenant != p.organisation {
			return nil
		}
		if err != nil {
			return err
		}
		condition, arg = `s.id = $2`, said.SID
	}
	_, err = db.Write(asApp(ctx, p), s.DB, authz.SignIn, func(tx *db.Tx) (granted, event.Event, error) {
		c, err := consent(tx, condition, p.id, arg)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && c.EndedAt != nil {
			return granted{}, event.None, nil
		}
		if err != nil {
			return granted{}, event.Event{}, err
		}
		return s.end(tx, p.id, c.ID, "app")
	})
	return err
}
