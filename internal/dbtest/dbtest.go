// Package dbtest gives each test its own real PostgreSQL database, cloned from a
// migrated template. The code under test connects as the application role, so
// row-level security holds in tests exactly as it does in production.
package dbtest

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // registers the pgx driver

	"voordeur/internal/authz"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/schema"
	"voordeur/internal/sealed"
)

// zone is that of every test connection: not UTC, so that a moment taken for a
// local time shows.
const zone = "Asia/Kathmandu"

// Database is one test's database.
type Database struct {
	*db.DB
	Root  *sql.DB // a superuser's pool for arranging rows and for assertions
	Clock *clock.Clock
	name  string
	url   string
}

// DSN names the database for a role ("postgres", "voordeur_app", "voordeur_queue").
func (d *Database) DSN(role string) string {
	return with(with(with(d.url, "dbname", d.name), "user", role), "timezone", zone)
}

// New returns an empty database. Root is a superuser's pool for arranging rows
// and for assertions; the code under test only ever gets the *db.DB.
func New(tb testing.TB) (*db.DB, *sql.DB) {
	tb.Helper()
	d := Open(tb)
	return d.DB, d.Root
}

// Open is New with everything that belongs to the database.
func Open(tb testing.TB) *Database {
	tb.Helper()
	d := Empty(tb, must(template())(tb))
	d.Clock = &clock.Clock{}
	door, err := db.Open(context.Background(), db.Config{
		URL: d.DSN(schema.AppRole), MaxConns: 8, Now: d.Clock.Now, Key: sealed.New(), CheckOperations: true,
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(door.Close)
	d.DB = door
	return d
}

// Empty returns a database without a door: a copy of the template named, or one
// without any table when the name is empty.
func Empty(tb testing.TB, copyOf string) *Database {
	tb.Helper()
	url := must(server())(tb)
	if copyOf == "" {
		copyOf = "template0"
	}
	d := &Database{url: url, name: "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")}
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, url)
	if err != nil {
		tb.Fatal(err)
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+d.name+" TEMPLATE "+copyOf+" STRATEGY FILE_COPY"); err != nil {
		tb.Fatal(err)
	}
	d.Root, err = sql.Open("pgx", d.DSN("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	d.Root.SetMaxOpenConns(8)
	tb.Cleanup(func() {
		d.Root.Close()
		admin, err := pgx.Connect(ctx, url)
		if err != nil {
			return
		}
		defer admin.Close(ctx)
		_, _ = admin.Exec(ctx, "DROP DATABASE "+d.name+" WITH (FORCE)")
	})
	return d
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Actor returns an employee of organisation with the given permissions; with
// none given, it may do everything an employee can. Whatever the clock of the
// test says, the last password was given a moment ago.
func Actor(organisation uuid.UUID, perms ...authz.Permission) authz.Actor {
	if len(perms) == 0 {
		perms = authz.Office
	}
	return authz.Actor{ID: ID(), Organisation: organisation, Kind: authz.Employee, Name: "Test", Session: ID(), VerifiedAt: forever, Grants: authz.Granting(perms...)}
}

// Employee returns a context in which an employee of organisation acts.
func Employee(organisation uuid.UUID, perms ...authz.Permission) context.Context {
	return authz.With(context.Background(), Actor(organisation, perms...))
}

// EmployeeAs is Employee for one that stands in the table.
func EmployeeAs(organisation, id uuid.UUID, perms ...authz.Permission) context.Context {
	a := Actor(organisation, perms...)
	a.ID = id
	return authz.With(context.Background(), a)
}

// Member returns a context in which portal member id of organisation acts; with
// no permission given it holds all of the portal's.
func Member(organisation, id uuid.UUID, perms ...authz.Permission) context.Context {
	if len(perms) == 0 {
		perms = authz.Portal
	}
	a := Actor(organisation, perms...)
	a.ID, a.Kind = id, authz.Member
	return authz.With(context.Background(), a)
}

// Task returns a context in which a background task works for organisation.
func Task(organisation uuid.UUID, perms ...authz.Permission) context.Context {
	a := Actor(organisation, perms...)
	a.ID, a.Kind = uuid.Nil, authz.System
	return authz.With(context.Background(), a)
}

// ID makes a UUIDv7.
func ID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
