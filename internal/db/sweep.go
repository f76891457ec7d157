package db

import (
	"context"
	"time"
)

// sweepLimit keeps each statement short.
const sweepLimit = 5000

// sessionsKept is how long an ended session stays, for who asks when somebody was signed in.
const sessionsKept = 30 * 24 * time.Hour

// Sweep removes what the door and the sign-in no longer need: answers to
// repeated requests after a day, counted attempts and answered challenges
// after a day, codes to sign in with when they are too old, sessions a month
// after their end, looks that nobody began after a day, callers whose allowance
// is whole again; of apps what a customer allowed and nobody came for, refresh
// tokens that are too old, each with those that it took the place of, and what
// was allowed a month after its end. It returns how many rows went.
func Sweep(ctx context.Context, d *DB) (int64, error) {
	var total int64
	for _, s := range []struct {
		query  string
		before time.Time
	}{
		{`DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_keys WHERE created_at < ? LIMIT ?))`, d.now().Add(-KeyLifetime)},
		{`DELETE FROM attempts WHERE ctid = ANY (ARRAY(SELECT ctid FROM attempts WHERE window_start < ? LIMIT ?))`, d.now().Add(-24 * time.Hour)},
		{`DELETE FROM login_challenges WHERE ctid = ANY (ARRAY(SELECT ctid FROM login_challenges WHERE expires_at < ? LIMIT ?))`, d.now()},
		{`DELETE FROM sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM sessions WHERE expires_at < ? LIMIT ?))`, d.now().Add(-sessionsKept)},
		{`DELETE FROM request_buckets WHERE ctid = ANY (ARRAY(SELECT ctid FROM request_buckets WHERE full_at < ? LIMIT ?))`, d.now()},
		{`DELETE FROM portal_views WHERE ctid = ANY (ARRAY(SELECT ctid FROM portal_views WHERE started_at IS NULL AND requested_at < ? LIMIT ?))`, d.now().Add(-24 * time.Hour)},
		{`DELETE FROM passkey_challenges WHERE ctid = ANY (ARRAY(SELECT ctid FROM passkey_challenges WHERE answered_at < ? LIMIT ?))`, d.now().Add(-24 * time.Hour)},
		{`DELETE FROM app_consents WHERE ctid = ANY (ARRAY(SELECT ctid FROM app_consents WHERE redeemed_at IS NULL AND created_at < ? LIMIT ?))`, d.now().Add(-24 * time.Hour)},
		{`DELETE FROM app_refresh_tokens WHERE ctid = ANY (ARRAY(SELECT ctid FROM app_refresh_tokens WHERE expires_at < ? ORDER BY expires_at, id LIMIT ?))`, d.now().Add(-24 * time.Hour)},
		{`DELETE FROM app_consents WHERE ctid = ANY (ARRAY(SELECT ctid FROM app_consents WHERE expires_at < ? LIMIT ?))`, d.now().Add(-sessionsKept)},
	} {
		for {
			n, err := System(ctx, d, "sweep", func(tx *Tx) (int64, error) {
				res := tx.Exec(s.query, s.before, sweepLimit)
				return res.RowsAffected, res.Error
			})
			if err != nil {
				return total, err
			}
			total += n
			if n < sweepLimit {
				break
			}
		}
	}
	return total, nil
}
