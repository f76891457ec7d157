package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"voordeur/internal/authz"
	"voordeur/internal/event"
	"voordeur/internal/failpoint"
)

// Read runs fn in a read-only transaction and returns what fn returns.
func Read[T any](ctx context.Context, d *DB, need authz.Permission, fn func(tx *Tx) (T, error)) (T, error) {
	var out T
	err := d.do(ctx, need, readOnly, func(tx *Tx) error {
		v, err := fn(tx)
		out = v
		return err
	})
	return out, err
}

// Write runs fn and records the event it returns in the same transaction. When
// the request carries an Idempotency-Key, its first Write happens at most once:
// a repetition gets the first one's answer, so T must survive a trip through
// JSON. fn may run again after a serialization failure or a deadlock; it must
// not touch anything outside the transaction.
func Write[T any](ctx context.Context, d *DB, need authz.Permission, fn func(tx *Tx) (T, event.Event, error)) (T, error) {
	var out T
	key, once := authz.TakeIdempotency(ctx)
	err := d.do(ctx, need, readWrite, func(tx *Tx) error {
		if once {
			stored, replay, err := tx.claim(key)
			if err != nil {
				return err
			}
			if replay {
				authz.SetReplayed(ctx)
				var earlier T
				if err := json.Unmarshal(stored, &earlier); err != nil {
					return fmt.Errorf("answer to an earlier request: %w", err)
				}
				out = earlier
				return nil
			}
		}
		v, ev, err := fn(tx)
		if err != nil {
			return err
		}
		out = v
		if ev.Name == "" {
			return errors.New("db: a write without an event")
		}
		if err := tx.Record(ev); err != nil {
			return err
		}
		if once {
			return tx.finish(&key, v)
		}
		return tx.finish(nil, nil)
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return out, nil
}

// System runs fn as voordeur_system, which sees the few tables it needs of
// every organisation: to find an office by its slug or an employee by e-mail
// address before anybody is known, and for sweeps. Its call sites are listed in
// .golangci.yml, so a new one is a visible decision.
func System[T any](ctx context.Context, d *DB, reason string, fn func(tx *Tx) (T, error)) (T, error) {
	var out T
	who := authz.Actor{Kind: authz.System, Name: reason}
	err := d.run(ctx, who, "begin; set local role voordeur_system", func(tx *Tx) error {
		v, err := fn(tx)
		if err != nil {
			return err
		}
		out = v
		return tx.finish(nil, nil)
	})
	if err != nil {
		var zero T
		return zero, fmt.Errorf("%s: %w", reason, err)
	}
	return out, nil
}

type mode string

const (
	readOnly  mode = "begin read only"
	readWrite mode = "begin"
)

func (d *DB) do(ctx context.Context, need authz.Permission, m mode, fn func(tx *Tx) error) error {
	who, err := d.admit(ctx, need)
	if err != nil {
		return err
	}
	role, err := roleOf(who)
	if err != nil {
		return err
	}
	// Only typed uuids and constants of the catalogue go into this text.
	begin := string(m) + "; set local role " + role +
		"; set local app.organisation = '" + who.Organisation.String() +
		"'; set local app.member = '" + memberOf(who) +
		"'; set local app.permission = '" + string(need) + "'"
	return d.run(ctx, who, begin, func(tx *Tx) error {
		tx.readOnly = m == readOnly
		return fn(tx)
	})
}

// admit finds the actor and checks that it holds need.
func (d *DB) admit(ctx context.Context, need authz.Permission) (authz.Actor, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return who, err
	}
	if !authz.Known(need) {
		return who, fmt.Errorf("db: %q is no permission", need)
	}
	if who.Organisation == uuid.Nil {
		return who, errors.New("db: an actor without an organisation")
	}
	if d.checkOperations {
		if err := checkOperation(ctx, who, need); err != nil {
			return who, err
		}
	}
	if !d.unchecked && !who.May(need) {
		return who, ErrForbidden
	}
	return who, nil
}

// checkOperation compares the permission at the door with the operation table,
// so that neither can drift. A visitor has one permission only: naming it says
// nothing about the operation, which may count an attempt on its way.
func checkOperation(ctx context.Context, who authz.Actor, need authz.Permission) error {
	op, ok := authz.OperationOf(ctx)
	if !ok || who.Kind == authz.Visitor {
		return nil
	}
	for _, p := range op.Needs {
		if p == need {
			return nil
		}
	}
	return fmt.Errorf("db: operation %s is listed with %v, the door was asked for %q", op.ID, op.Needs, need)
}

func roleOf(who authz.Actor) (string, error) {
	switch who.Kind {
	case authz.Employee, authz.System: // a task works as the office does, within its own permissions
		return "voordeur_employee", nil
	case authz.Member:
		return "voordeur_member", nil
	case authz.Visitor:
		return "voordeur_visitor", nil
	}
	return "", fmt.Errorf("db: actor of kind %q", who.Kind)
}

func memberOf(who authz.Actor) string {
	if who.Kind == authz.Member {
		return who.ID.String()
	}
	return ""
}

const attempts = 4

// run does the work of both doors, again when PostgreSQL says that two
// transactions stood in each other's way.
func (d *DB) run(ctx context.Context, who authz.Actor, begin string, fn func(tx *Tx) error) error {
	var err error
	for attempt := range attempts {
		if attempt > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(1+rand.IntN(10*attempt)) * time.Millisecond): //nolint:gosec // spreads retries, no secret
			}
		}
		if err = d.once(ctx, who, begin, fn); !mayRetry(err) {
			break
		}
	}
	return translate(err)
}

// once runs fn in one transaction that GORM, pgx and River share.
func (d *DB) once(ctx context.Context, who authz.Actor, begin string, fn func(tx *Tx) error) error {
	sc, err := d.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer sc.Close()
	var conn *pgx.Conn
	if err := sc.Raw(func(c any) error { conn = c.(*stdlib.Conn).Conn(); return nil }); err != nil {
		return err
	}
	ptx, err := conn.BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
	if err != nil {
		if !conn.IsClosed() && conn.PgConn().TxStatus() != 'I' { // BEGIN worked, what followed did not
			_, _ = conn.Exec(context.WithoutCancel(ctx), "rollback")
		}
		return err
	}
	// A cancelled request still has to give its connection back clean. When its connection broke, database/sql
	// has given it up already and Raw keeps us from touching it: the pool takes it apart.
	defer func() {
		_ = sc.Raw(func(any) error { _ = ptx.Rollback(context.WithoutCancel(ctx)); return nil })
	}()
	g := d.gorm.Session(&gorm.Session{Context: ctx, NewDB: true})
	g.Statement.ConnPool = connPool{sc}
	tx := &Tx{DB: g, Actor: who, door: d, ptx: ptx, ctx: ctx}
	if err := fn(tx); err != nil {
		return err
	}
	if err := failpoint.Hit("db.before-commit"); err != nil {
		return err
	}
	if err := sc.Raw(func(any) error { return ptx.Commit(ctx) }); err != nil {
		return err
	}
	return failpoint.Hit("db.after-commit")
}

// ReadBatch runs queries in one round trip: who acts and every query travel
// together, PostgreSQL runs them as one read-only transaction. It is for the
// few reads that a customer waits for at every visit. fill queues the queries
// with a callback each (b.Queue(sql, args…).Query(…)), which fills out.
func ReadBatch[T any](ctx context.Context, d *DB, need authz.Permission, fill func(b *pgx.Batch, who authz.Actor, out *T)) (T, error) {
	var out T
	who, err := d.admit(ctx, need)
	if err != nil {
		return out, err
	}
	role, err := roleOf(who)
	if err != nil {
		return out, err
	}
	for attempt := 0; ; attempt++ {
		var fresh T
		b := &pgx.Batch{}
		b.Queue(`SELECT set_config('transaction_read_only', 'on', true), set_config('role', $1, true),
			set_config('app.organisation', $2, true), set_config('app.member', $3, true), set_config('app.permission', $4, true)`,
			role, who.Organisation.String(), memberOf(who), string(need))
		fill(b, who, &fresh)
		err := d.pool.SendBatch(ctx, b).Close()
		if err == nil {
			return fresh, nil
		}
		if !mayRetry(err) || attempt >= attempts-1 {
			return out, translate(err)
		}
	}
}
