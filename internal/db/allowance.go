package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Ledger keeps what callers spent of their allowances, for all processes on one database. It holds a moment per caller, the one at which
// the bucket is full again, by the clock of PostgreSQL: those of the processes may differ. The table is not logged: a crash forgives everybody.
type Ledger struct{ DB *DB }

// A bucket that would not be full again within $3 seconds stays as it is.
const takeSQL = `INSERT INTO request_buckets AS b (key, full_at, refused) VALUES ($1, clock_timestamp() + $2 * interval '1 second', false)
	ON CONFLICT (key) DO UPDATE SET
	refused = greatest(b.full_at, clock_timestamp()) + $2 * interval '1 second' > clock_timestamp() + $3 * interval '1 second',
	full_at = CASE WHEN greatest(b.full_at, clock_timestamp()) + $2 * interval '1 second' > clock_timestamp() + $3 * interval '1 second'
		THEN b.full_at ELSE greatest(b.full_at, clock_timestamp()) + $2 * interval '1 second' END
	RETURNING extract(epoch FROM full_at - clock_timestamp())::float8, refused`

// In one order, so that two processes never wait for each other.
const addSQL = `INSERT INTO request_buckets AS b (key, full_at, refused)
	SELECT k, now() + least(s, 2 * $3) * interval '1 second', false FROM unnest($1::text[], $2::float8[]) AS t(k, s) ORDER BY k
	ON CONFLICT (key) DO UPDATE SET full_at = least(greatest(b.full_at, now()) + (EXCLUDED.full_at - now()), now() + 2 * $3 * interval '1 second')
	RETURNING key, extract(epoch FROM full_at - now())::float8`

// Take implements web.Ledger, in one round trip.
func (l Ledger) Take(ctx context.Context, key string, step, most time.Duration) (time.Duration, bool, error) {
	var fullIn float64
	var refused bool
	b := &pgx.Batch{}
	b.Queue(`SELECT set_config('role', 'voordeur_system', true)`)
	b.Queue(takeSQL, key, step.Seconds(), most.Seconds()).QueryRow(func(row pgx.Row) error { return row.Scan(&fullIn, &refused) })
	if err := l.DB.send(ctx, b); err != nil {
		return 0, false, translate(fmt.Errorf("allowance of a caller: %w", err))
	}
	return max(0, duration(fullIn)), !refused, nil
}

// Add implements web.Ledger, in one round trip.
func (l Ledger) Add(ctx context.Context, keys []string, spent []time.Duration, most time.Duration) (map[string]time.Duration, error) {
	costs := make([]float64, len(spent))
	for i, s := range spent {
		costs[i] = s.Seconds()
	}
	out := make(map[string]time.Duration, len(keys))
	b := &pgx.Batch{}
	b.Queue(`SELECT set_config('role', 'voordeur_system', true)`)
	b.Queue(addSQL, keys, costs, most.Seconds()).Query(func(rows pgx.Rows) error {
		var key string
		var fullIn float64
		_, err := pgx.ForEachRow(rows, []any{&key, &fullIn}, func() error {
			out[key] = max(0, duration(fullIn))
			return nil
		})
		return err
	})
	if err := l.DB.send(ctx, b); err != nil {
		return nil, translate(fmt.Errorf("allowances of busy callers: %w", err))
	}
	return out, nil
}

func duration(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
