package main

import (
	"context"
	"regexp"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"
)

// statement is one query as it reached PostgreSQL.
type statement struct {
	sql  string
	args []any
}

// recorder hears of every statement of the product. What one request asked of the database is then asked again without
// row-level security, without the door and without GORM: that is the limit the product is held against.
type recorder struct {
	mu    sync.Mutex
	on    bool
	said  []statement
	trips int
}

// bookkeeping belongs to transactions and the door; the limit does without.
var bookkeeping = regexp.MustCompile(`(?i)^\s*(begin|commit|rollback|savepoint|release|set |select set_config|select app.look_around)`)

func (r *recorder) hear(sql string, args []any) {
	if r.on && !bookkeeping.MatchString(sql) {
		r.said = append(r.said, statement{sql, slices.Clone(args)})
	}
}

// TraceQueryStart implements pgx.QueryTracer.
func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trips++
	r.hear(data.SQL, data.Args)
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (*recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart implements pgx.BatchTracer: a batch is one round trip, whatever is in it.
func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trips++
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (r *recorder) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hear(data.SQL, data.Args)
}

// TraceBatchEnd implements pgx.BatchTracer.
func (*recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// record returns what fn asked, and in how many round trips.
func (r *recorder) record(fn func() error) ([]statement, int, error) {
	r.mu.Lock()
	r.on, r.said, r.trips = true, nil, 0
	r.mu.Unlock()
	err := fn()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = false
	return r.said, r.trips, err
}
