// Package db is the only door to the database. No use case can touch a row
// without naming a permission, and every row it sees belongs to the organisation of
// the actor: the door tells PostgreSQL who acts, row-level security does the rest.
package db

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"voordeur/internal/clock"
	"voordeur/internal/sealed"
)

// Config says how to reach the database.
type Config struct {
	URL string
	// User and Password, when set, take the place of those in URL, which may name
	// the owner. The door logs in as voordeur_app, the role that may do nothing by itself.
	User, Password string
	MaxConns       int32 // 0: 20
	Now            func() time.Time
	// Key is the server's: it seals the keys of what events tell.
	Key sealed.Key
	// StatementTimeout ends a query that takes longer; 0: five seconds.
	StatementTimeout time.Duration
	// Tracer hears of every statement; nil: nobody does.
	Tracer pgx.QueryTracer
	// CheckOperations makes the door refuse a permission that differs from the
	// one in the operation table. Tests set it.
	CheckOperations bool
}

// DB hands out transactions. The pool itself is never exposed.
type DB struct {
	pool  *pgxpool.Pool
	sql   *sql.DB
	gorm  *gorm.DB
	tasks *river.Client[pgx.Tx]
	now   func() time.Time
	vault *sealed.Vault

	checkOperations bool
	unchecked       bool
}

// Open makes the pool. It does not connect: the first use does.
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.Key == (sealed.Key{}) {
		return nil, errors.New("db: no key") // everybody would know it
	}
	pc, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	if c.User != "" {
		pc.ConnConfig.User, pc.ConnConfig.Password = c.User, c.Password
	}
	pc.MaxConns = c.MaxConns
	if pc.MaxConns == 0 {
		pc.MaxConns = 20
	}
	if c.StatementTimeout == 0 {
		c.StatementTimeout = 5 * time.Second
	}
	pc.ConnConfig.RuntimeParams["application_name"] = "voordeur"
	pc.ConnConfig.RuntimeParams["statement_timeout"] = strconv.FormatInt(c.StatementTimeout.Milliseconds(), 10)
	pc.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	// Every key begins with the organisation, so one plan suits every value; planning policies anew costs more than most queries.
	pc.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	pc.ConnConfig.Tracer = c.Tracer
	// Moments are UTC wherever they are shown, whatever the machine's zone is.
	pc.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	d := &DB{pool: pool, sql: stdlib.OpenDBFromPool(pool), now: c.Now, vault: sealed.NewVault(c.Key), checkOperations: c.CheckOperations}
	if d.now == nil {
		d.now = clock.Now
	}
	// GORM must not ping: opening is not connecting. Its own default transaction would be a second one in ours.
	d.gorm, err = gorm.Open(postgres.New(postgres.Config{Conn: d.sql}), &gorm.Config{
		Logger: logger.Discard, SkipDefaultTransaction: true, DisableAutomaticPing: true, NowFunc: d.now,
		// Columns by name: a role need not read every one, and a column added by the next release disturbs no cached plan.
		QueryFields: true,
	})
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("db: %w", err)
	}
	// Without a pool the client can only insert, on the transaction it is given.
	d.tasks, err = river.NewClient(riverpgxv5.New(nil), &river.Config{})
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("db: %w", err)
	}
	return d, nil
}

// Close ends the pool; it waits for transactions under way.
func (d *DB) Close() {
	_ = d.sql.Close()
	d.pool.Close()
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.pool.Ping(ctx) }

// Stat tells how busy the pool is.
func (d *DB) Stat() *pgxpool.Stat { return d.pool.Stat() }

// Now is the door's clock.
func (d *DB) Now() time.Time { return d.now() }

// WithoutPermissionChecks returns a door that leaves every decision to the
// database, so that a test can show that row-level security alone holds.
// It panics outside a test program, and forbidigo keeps it out of our code.
func (d *DB) WithoutPermissionChecks() *DB {
	if flag.Lookup("test.v") == nil {
		panic("db: WithoutPermissionChecks outside a test")
	}
	c := *d
	c.unchecked = true
	return &c
}
