package db

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
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
	err := d.do(ctx, need, readOnly, nil, func(tx *Tx) error {
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
	work := func(tx *Tx) error {
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
		tx.answer = v
		return nil
	}
	key, once := authz.TakeIdempotency(ctx)
	var err error
	if once {
		err = d.writeOnce(ctx, need, key, work, func(stored []byte) error {
			var earlier T
			if err := json.Unmarshal(stored, &earlier); err != nil {
				return fmt.Errorf("answer to an earlier request: %w", err)
			}
			out = earlier
			return nil
		})
	} else {
		err = d.do(ctx, need, readWrite, nil, work)
	}
	if err != nil {
		var zero T
		return zero, err
	}
	return out, nil
}

// writeOnce does work at most once for key. The first try takes the key in the
// round trip that begins the transaction. Only a key that is there already is
// worth a second look: replay gets the answer of who had it first.
func (d *DB) writeOnce(ctx context.Context, need authz.Permission, key authz.Key, work func(tx *Tx) error, replay func(stored []byte) error) error {
	err := d.do(ctx, need, readWrite, &key, work)
	if !IsUnique(err, "idempotency_keys_pkey") {
		return err
	}
	return d.do(ctx, need, readWrite, nil, func(tx *Tx) error {
		stored, again, err := tx.claim(key)
		if err != nil {
			return err
		}
		if again {
			authz.SetReplayed(ctx)
			return replay(stored)
		}
		tx.key = &key
		return work(tx)
	})
}

// System runs fn as voordeur_system, which sees the few tables it needs of
// every organisation: to find an office by its slug or an employee by e-mail
// address before anybody is known, and for sweeps. Its call sites are listed in
// .golangci.yml, so a new one is a visible decision.
func System[T any](ctx context.Context, d *DB, reason string, fn func(tx *Tx) (T, error)) (T, error) {
	var out T
	who := authz.Actor{Kind: authz.System, Name: reason}
	m, _ := d.effective(ctx, readWrite)
	err := d.run(ctx, who, string(m)+"; set local role voordeur_system", func(tx *Tx) error {
		v, err := fn(tx)
		if err != nil {
			return err
		}
		out = v
		return nil
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

// do runs fn at the door of who acts; key, when there is one, is taken on the way in.
func (d *DB) do(ctx context.Context, need authz.Permission, m mode, key *authz.Key, fn func(tx *Tx) error) error {
	who, err := d.admit(ctx, need)
	if err != nil {
		return err
	}
	role, err := roleOf(who)
	if err != nil {
		return err
	}
	opened, looking := d.effective(ctx, m)
	// Only typed uuids and constants of the catalogue go into this text.
	begin := string(opened) + "; set local role " + role +
		"; set local app.organisation = '" + who.Organisation.String() +
		"'; set local app.member = '" + memberOf(who) +
		"'; set local app.permission = '" + string(need) + "'"
	if scopes := scopesOf(who); scopes != "" {
		begin += "; set local app.scopes = '" + scopes + "'"
	}
	if role == roleMember {
		begin += "; " + lookAround
	}
	if key != nil {
		begin += "; " + takeKey(who, *key, d.now())
	}
	err = d.run(ctx, who, begin, func(tx *Tx) error {
		tx.readOnly, tx.key = m == readOnly, key
		return fn(tx)
	})
	if looking && isReadOnly(err) {
		err = authz.ErrLooking.Because(err)
	}
	return err
}

// effective is the mode that PostgreSQL is told: whoever looks along as a customer gets no transaction that could write, whatever
// the program believes that it may do.
func (d *DB) effective(ctx context.Context, m mode) (mode, bool) {
	if authz.IsLooking(ctx) {
		return readOnly, true
	}
	return m, false
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
	return who, d.permit(ctx, who, need)
}

var errNoOrganisation = errors.New("db: an actor without an organisation")

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

// Fresh refuses who gave a password or second factor too long ago for what is about to change, and a program, which has none to give. In a test
// the operation table must say that this may happen.
func (tx *Tx) Fresh() error {
	if op, ok := authz.OperationOf(tx.ctx); tx.door.checkOperations && ok && !op.MayStepUp {
		return fmt.Errorf("db: operation %s is not listed as one that may ask for a step-up", op.ID)
	}
	switch {
	case tx.Actor.Kind == authz.APIClient || tx.Actor.Program != uuid.Nil:
		return authz.ErrPersonOnly
	case !tx.Actor.Verified(tx.Now()):
		return authz.ErrStepUp
	}
	return nil
}

const (
	roleMember = "voordeur_member"
	// lookAround finds out once per transaction what the policies ask about a member.
	lookAround = "select app.look_around()"
)

func roleOf(who authz.Actor) (string, error) {
	switch who.Kind {
	case authz.Employee, authz.System, authz.APIClient: // a task and a program work as the office does, within their own permissions
		return "voordeur_employee", nil
	case authz.Member:
		return roleMember, nil
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

// scopesOf is all that an app holds of what the member holds for whom it acts; empty for everybody else, who is not limited so.
func scopesOf(who authz.Actor) string {
	if who.Kind != authz.Member || who.Program == uuid.Nil {
		return ""
	}
	scopes := []string{"program"} // no permission, so that who holds nothing is limited to nothing
	for _, p := range authz.Portal {
		if who.Grants[p] {
			scopes = append(scopes, string(p))
		}
	}
	return strings.Join(scopes, " ")
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
	committed := false
	defer func() {
		if !committed {
			_ = sc.Raw(func(any) error { _ = ptx.Rollback(context.WithoutCancel(ctx)); return nil })
		}
	}()
	g := d.gorm.Session(&gorm.Session{Context: ctx, NewDB: true})
	tx := &Tx{DB: g, Actor: who, door: d, ptx: ptx, ctx: ctx}
	g.Statement.ConnPool = connPool{sc, tx}
	if err := cmp.Or(fn(tx), tx.failed); err != nil {
		return cmp.Or(tx.failed, err)
	}
	if err := failpoint.Hit("db.before-commit"); err != nil {
		return err
	}
	if err := sc.Raw(func(any) error { return tx.finish() }); err != nil {
		return err
	}
	committed = true
	return failpoint.Hit("db.after-commit")
}
