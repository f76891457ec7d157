package app

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"voordeur/internal/config"
	"voordeur/internal/embeddedpg"
	"voordeur/internal/schema"
	"voordeur/internal/sealed"
)

// database is where the data are, under the three names the program uses.
type database struct {
	owner, app, queue string
	passwords         map[string]string // of the login roles, for a server that asks for one

	cfg    embeddedpg.Config
	log    *slog.Logger
	mu     sync.Mutex
	server *embeddedpg.Server // nil: somebody else's PostgreSQL
}

const databaseName = "voordeur"

// openDatabase finds the PostgreSQL of the configuration, or starts the embedded one.
func openDatabase(ctx context.Context, c config.Config, key sealed.Key, log *slog.Logger) (*database, error) {
	if c.DatabaseURL != "" {
		return external(c, key)
	}
	d := &database{
		cfg: embeddedpg.Config{Dir: filepath.Join(c.DataDir, "postgres"), BinDir: c.PGBin, NodeModules: "deployments/postgres/node_modules", Log: log},
		log: log,
	}
	server, err := embeddedpg.Start(ctx, d.cfg)
	if err != nil {
		return nil, err
	}
	d.server = server
	d.owner = server.DSN("postgres", databaseName)
	d.app = server.DSN(schema.AppRole, databaseName)
	d.queue = server.DSN(schema.QueueRole, databaseName)
	if err := createDatabase(ctx, server.DSN("postgres", "postgres")); err != nil {
		_ = server.Stop()
		return nil, err
	}
	return d, nil
}

// external derives the addresses of the login roles from that of the owner. Their passwords come from the server key, so
// that nobody has to choose or keep them.
func external(c config.Config, key sealed.Key) (*database, error) {
	d := &database{owner: c.DatabaseURL, passwords: map[string]string{}}
	as := func(role string) (string, error) {
		u, err := url.Parse(c.DatabaseURL)
		if err != nil {
			return "", fmt.Errorf("VOORDEUR_DATABASE_URL: %w", err)
		}
		secret := sealed.Token(key, "database-role", role)
		d.passwords[role] = base64.RawURLEncoding.EncodeToString(secret[:])
		u.User = url.UserPassword(role, d.passwords[role])
		return u.String(), nil
	}
	var err error
	if d.app, err = as(schema.AppRole); err != nil {
		return nil, err
	}
	if d.queue, err = as(schema.QueueRole); err != nil {
		return nil, err
	}
	if c.AppDatabaseURL != "" { // the operator keeps the roles
		d.app = c.AppDatabaseURL
		delete(d.passwords, schema.AppRole)
	}
	return d, nil
}

func createDatabase(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("app: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, "CREATE DATABASE "+databaseName)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code == "42P04" || pg.Code == "23505") {
		return nil
	}
	return err
}

// migrate brings the schema up to date.
func (d *database) migrate(ctx context.Context, log *slog.Logger) error {
	return schema.Migrate(ctx, d.owner, schema.WithLogger(log), schema.WithPasswords(d.passwords))
}

// supervise starts the embedded server again whenever it ends, until ctx does. Meanwhile requests are told to come back.
func (d *database) supervise(ctx context.Context, ping func(context.Context) error) {
	if d.server == nil {
		return
	}
	check := time.NewTicker(5 * time.Second)
	defer check.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.server.Done():
		case <-check.C:
			// An attached server belongs to another process, and may have gone with it.
			if !d.server.Attached() || ping(ctx) == nil {
				continue
			}
		}
		if ctx.Err() != nil {
			return
		}
		d.log.ErrorContext(ctx, "the embedded PostgreSQL ended; starting it again", "log", d.server.LogFile())
		server, err := embeddedpg.Start(ctx, d.cfg)
		if err != nil {
			d.log.ErrorContext(ctx, "the embedded PostgreSQL does not start", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
			continue
		}
		d.mu.Lock()
		d.server = server
		d.mu.Unlock()
	}
}

// close ends the embedded server.
func (d *database) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.server == nil {
		return nil
	}
	return d.server.Stop()
}

// outage tells a database that is away from a mistake in a query.
func outage(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code[:2] {
		case "08", "57", "53": // connection, shutting down or starting up, out of room
			return true
		}
		return false
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return pgconn.SafeToRetry(err) || errors.Is(err, net.ErrClosed)
}
