package apiclient

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/db"
	"voordeur/internal/sealed"
)

// The life of a key: it is known to everybody for two days before the first token is signed with it, signs for a month, and
// stays known until the last of those tokens has ended.
const (
	signs      = 30 * 24 * time.Hour
	ahead      = 2 * 24 * time.Hour
	afterwards = time.Hour
	// ringAge is how long a process goes on with the keys it read.
	ringAge = time.Minute
)

type signingKey struct {
	ID         uuid.UUID
	PublicKey  []byte
	PrivateKey []byte
	CreatedAt  time.Time
	SignsFrom  time.Time
	SignsUntil time.Time
}

type keyring struct {
	readAt time.Time
	keys   []signingKey
}

func keyPlace(id uuid.UUID) string { return "signing_keys.private_key:" + id.String() }

// keys returns the keys that count now. fresh: those that were read before are not enough.
func (s *Service) keys(ctx context.Context, fresh bool) (*keyring, error) {
	now := s.Now()
	s.mu.Lock()
	ring := s.ring
	s.mu.Unlock()
	if ring != nil && !fresh && now.Sub(ring.readAt) < ringAge && now.Sub(ring.readAt) >= 0 {
		return ring, nil
	}
	all, err := db.System(ctx, s.DB, "what tokens are signed with", func(tx *db.Tx) ([]signingKey, error) {
		all, err := readKeys(tx, now)
		if err != nil || provided(all, now) {
			return all, err
		}
		// One process makes the next key, whoever comes first.
		if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended('signing keys', 0))`).Error; err != nil {
			return nil, err
		}
		if all, err = readKeys(tx, now); err != nil || provided(all, now) {
			return all, err
		}
		if err := s.makeKey(tx, all, now); err != nil {
			return nil, err
		}
		return readKeys(tx, now)
	})
	if err != nil {
		return nil, err
	}
	ring = &keyring{readAt: now, keys: all}
	s.mu.Lock()
	s.ring = ring
	s.mu.Unlock()
	return ring, nil
}

func readKeys(tx *db.Tx, now time.Time) ([]signingKey, error) {
	var all []signingKey
	err := tx.Raw(`SELECT id, public_key, private_key, created_at, signs_from, signs_until FROM signing_keys WHERE signs_until > ? ORDER BY signs_from`,
		now.Add(-afterwards)).Scan(&all).Error
	return all, err
}

// provided reports whether there is a key for now and for the days to come.
func provided(all []signingKey, now time.Time) bool {
	return len(all) > 0 && all[len(all)-1].SignsUntil.After(now.Add(ahead))
}

// makeKey adds the key that comes after those there are. Without any it signs at once.
func (s *Service) makeKey(tx *db.Tx, all []signingKey, now time.Time) error {
	from := now
	if n := len(all); n > 0 && all[n-1].SignsUntil.After(now) {
		from = all[n-1].SignsUntil
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	id := uuid.Must(uuid.NewV7())
	if err := tx.Exec(`DELETE FROM signing_keys WHERE signs_until < ?`, now.Add(-24*time.Hour)).Error; err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO signing_keys (id, public_key, private_key, created_at, signs_from, signs_until) VALUES (?, ?, ?, ?, ?, ?)`,
		id, []byte(public), sealed.Seal(s.Key, keyPlace(id), private.Seed()), now, from, from.Add(signs)).Error
}

// signer returns what to sign with now.
func (s *Service) signer(ctx context.Context) (uuid.UUID, ed25519.PrivateKey, error) {
	ring, err := s.keys(ctx, false)
	if err != nil {
		return uuid.Nil, nil, err
	}
	now := s.Now()
	for _, k := range ring.keys {
		if !now.Before(k.SignsFrom) && now.Before(k.SignsUntil) {
			seed, err := sealed.Open(s.Key, keyPlace(k.ID), k.PrivateKey)
			if err != nil {
				return uuid.Nil, nil, err
			}
			return k.ID, ed25519.NewKeyFromSeed(seed), nil
		}
	}
	return uuid.Nil, nil, errNoKey
}

// verifier returns what a token of key kid is checked with. Another process may have made the key a moment ago.
func (s *Service) verifier(ctx context.Context, kid string) (ed25519.PublicKey, error) {
	id, err := uuid.Parse(kid)
	if err != nil {
		return nil, errNoKey
	}
	for _, fresh := range []bool{false, true} {
		ring, err := s.keys(ctx, fresh && s.mayLookAgain())
		if err != nil {
			return nil, err
		}
		for _, k := range ring.keys {
			if k.ID == id {
				return k.PublicKey, nil
			}
		}
	}
	return nil, errNoKey
}

// mayLookAgain keeps tokens of invented keys from becoming queries, but for one a second.
func (s *Service) mayLookAgain() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ring == nil || s.Now().Sub(s.ring.readAt) >= time.Second
}

// PublicKey is one key as RFC 7517 and RFC 8037 write it.
type PublicKey struct {
	Type      string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	ID        string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
}

// PublicKeys returns what tokens can be checked with.
func (s *Service) PublicKeys(ctx context.Context) ([]PublicKey, error) {
	ring, err := s.keys(ctx, false)
	if err != nil {
		return nil, err
	}
	all := make([]PublicKey, 0, len(ring.keys))
	for _, k := range ring.keys {
		all = append(all, PublicKey{
			Type: "OKP", Curve: "Ed25519", X: base64.RawURLEncoding.EncodeToString(k.PublicKey), ID: k.ID.String(), Use: "sig", Algorithm: "EdDSA",
		})
	}
	return all, nil
}
