package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"gorm.io/gorm"

	"voordeur/internal/authz"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/sealed"
)

// Tx is the capability to work on the rows the actor may see. A function that
// takes a *Tx can be reused inside any use case; it needs no check of its own.
type Tx struct {
	*gorm.DB
	Actor authz.Actor

	door     *DB
	ptx      pgx.Tx
	ctx      context.Context //nolint:containedctx // a Tx lives exactly as long as the call that made it
	events   []event.Event
	key      *authz.Key // the idempotency key that was taken
	answer   any        // what a repetition of the request gets
	readOnly bool
	queued   *pgx.Batch // what runs before anything else that is asked
	failed   error      // why that did not succeed
}

// Context is the context of the use case.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now is the door's clock.
func (tx *Tx) Now() time.Time { return tx.door.now() }

// Pgx is the same transaction for hand-written SQL.
func (tx *Tx) Pgx() *pgx.Conn { return tx.ptx.Conn() }

// Query is hand-written SQL in the same transaction.
func (tx *Tx) Query(query string, args ...any) (pgx.Rows, error) {
	if err := tx.Flush(); err != nil {
		return nil, err
	}
	return tx.ptx.Query(tx.ctx, query, args...)
}

// Batch sends queries in one round trip; their callbacks have run when it returns.
func (tx *Tx) Batch(b *pgx.Batch) error {
	if tx.queued != nil {
		b.QueuedQueries = append(tx.queued.QueuedQueries, b.QueuedQueries...)
		tx.queued = nil
	}
	return tx.ptx.SendBatch(tx.ctx, b).Close()
}

// Queue adds a statement that runs before anything else that is asked, or at
// commit: what nobody waits for costs no round trip of its own. An error, of it
// or of its callback, is the error of that later moment.
func (tx *Tx) Queue(query string, args ...any) *pgx.QueuedQuery {
	if tx.queued == nil {
		tx.queued = &pgx.Batch{}
	}
	return tx.queued.Queue(query, args...)
}

// QueueCreate is Queue for the insert of a model, or of a slice of them.
func (tx *Tx) QueueCreate(value any) error {
	made := tx.DB.Session(&gorm.Session{DryRun: true}).Create(value)
	if made.Error == nil {
		tx.Queue(made.Statement.SQL.String(), made.Statement.Vars...)
	}
	return made.Error
}

// Flush runs what was queued now, for who needs to know whether it succeeded.
func (tx *Tx) Flush() error {
	if tx.queued == nil {
		return nil
	}
	return tx.Batch(&pgx.Batch{})
}

// Stamp is what the door writes in the metadata of every task.
type Stamp struct {
	Organisation uuid.UUID `json:"organisation"`
	Actor        uuid.UUID `json:"actor"`
}

// Enqueue adds a task that exists if, and only if, the transaction commits.
// The task carries the organisation of the actor; its arguments need not.
func (tx *Tx) Enqueue(args river.JobArgs) error { return tx.EnqueueAt(args, time.Time{}) }

// EnqueueAt is Enqueue for a task that must not run before at.
func (tx *Tx) EnqueueAt(args river.JobArgs, at time.Time) error {
	if tx.Actor.Organisation == uuid.Nil {
		return errors.New("db: a task needs the organisation it works for")
	}
	stamp, err := json.Marshal(Stamp{Organisation: tx.Actor.Organisation, Actor: tx.Actor.ID})
	if err != nil {
		return err
	}
	_, err = tx.door.tasks.InsertTx(tx.ctx, tx.ptx, args, &river.InsertOpts{Metadata: stamp, ScheduledAt: at})
	return err
}

const lastChangeSQL = `SELECT coalesce(nullif(trim(concat(e.first_name, ' ', e.last_name)), ''), trim(concat(c.first_name, ' ', c.last_name))),
	t.actor_id = $2, t.at
	FROM audit_events t
	LEFT JOIN employees e ON t.actor_kind = 'employee' AND e.organisation_id = t.organisation_id AND e.id = t.actor_id
	LEFT JOIN portal_members m ON t.actor_kind = 'member' AND m.organisation_id = t.organisation_id AND m.id = t.actor_id
	LEFT JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
	WHERE t.organisation_id = app.organisation() AND t.subject = $1 ORDER BY t.seq DESC LIMIT 1`

// Stale is ErrStale about one row. An employee also learns who changed it last, and when; a customer never does.
func (tx *Tx) Stale(subject uuid.UUID) error {
	if tx.Actor.Kind != authz.Employee {
		return ErrStale
	}
	var c fault.Changed
	err := tx.ptx.QueryRow(tx.ctx, lastChangeSQL, subject, tx.Actor.ID).Scan(&c.By, &c.You, &c.At)
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && c.By == "":
		return ErrStale
	case err != nil:
		return err
	}
	c.At = c.At.UTC()
	return ErrStale.By(c)
}

// Record adds an event besides the one that Write returns.
func (tx *Tx) Record(ev event.Event) error {
	if ev.Name == event.None.Name {
		return nil
	}
	if tx.readOnly || ev.Name == "" || tx.Actor.Organisation == uuid.Nil {
		return errors.New("db: an event needs a name, an organisation and a transaction that writes")
	}
	tx.events = append(tx.events, ev)
	return nil
}

// Notice is what listeners hear of an event: ids only. NOTIFY is not under
// row-level security, so a listener must look at Organisation.
type Notice struct {
	Organisation uuid.UUID `json:"organisation"`
	Seq          int64     `json:"seq"`
	Name         string    `json:"name"`
	Subject      uuid.UUID `json:"subject"`
	Dossier      uuid.UUID `json:"dossier,omitzero"`
}

// Channel is where notices are sent.
const Channel = "voordeur_events"

// recordSQL writes the event, with the key of its data, and tells the listeners; all of it happens at commit or not at all.
const recordSQL = `WITH e AS (
  INSERT INTO audit_events (organisation_id, id, name, actor_kind, actor_id, subject, dossier_id, data, at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING seq),
k AS (INSERT INTO audit_keys (organisation_id, seq, key) SELECT $1, e.seq, $10::bytea FROM e WHERE $10::bytea IS NOT NULL)
SELECT pg_notify('voordeur_events', json_build_object('organisation', $1::uuid, 'seq', e.seq, 'name', $3::text,
  'subject', $6::uuid, 'dossier', coalesce($7::uuid, '00000000-0000-0000-0000-000000000000'))::text) FROM e`

// finish writes what the transaction has to say about itself and commits, in one round trip. The events come last: the first
// of them locks the end of the office's chain until the commit, and whoever holds that lock must wait for no other.
func (tx *Tx) finish() error {
	// A callback may still refuse, which it cannot once COMMIT has travelled with its statement.
	if tx.queued != nil && slices.ContainsFunc(tx.queued.QueuedQueries, func(q *pgx.QueuedQuery) bool { return q.Fn != nil }) {
		if err := tx.Flush(); err != nil {
			return err
		}
	}
	b := &pgx.Batch{}
	if tx.key != nil {
		result, err := json.Marshal(tx.answer)
		if err != nil {
			return err
		}
		b.Queue(`UPDATE idempotency_keys SET result = $5 WHERE organisation_id = $1 AND principal = $2 AND operation = $3 AND key = $4`,
			tx.Actor.Organisation, tx.Actor.ID, tx.key.Operation, tx.key.Key, result)
	}
	for _, ev := range tx.events {
		if tx.Actor.Kind == authz.Member && tx.Actor.Program != uuid.Nil { // the member did it, with this
			ev = ev.With("program", tx.Actor.Program)
		}
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		data, key, err := LockEvent(tx.door.vault, tx.Actor.Organisation, id, ev.Data)
		if err != nil {
			return err
		}
		var dossier *uuid.UUID
		if ev.Dossier != uuid.Nil {
			dossier = &ev.Dossier
		}
		b.Queue(recordSQL, tx.Actor.Organisation, id, ev.Name, string(tx.Actor.Kind), tx.Actor.ID, ev.Subject, dossier, data, tx.Now(), key)
	}
	b.Queue("commit").Exec(func(tag pgconn.CommandTag) error {
		if tag.String() == "ROLLBACK" { // an error before it was swallowed
			return pgx.ErrTxCommitRollback
		}
		return nil
	})
	return tx.Batch(b)
}

// eventPlace binds the data of an event to its row.
func eventPlace(organisation, id uuid.UUID) string {
	return "audit_events.data:" + organisation.String() + ":" + id.String()
}

// LockEvent returns the data of an event as its row holds it, and the key for the row beside it; neither where there is no data.
func LockEvent(v *sealed.Vault, organisation, id uuid.UUID, data map[string]any) ([]byte, []byte, error) {
	if len(data) == 0 {
		return []byte{}, nil, nil
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, nil, err
	}
	box, key := v.Lock(eventPlace(organisation, id), raw)
	return box, key, nil
}

// EventData returns the data of an event. False: its key was deleted, or does not open it.
func (d *DB) EventData(organisation, id uuid.UUID, box, key []byte) (map[string]any, bool) {
	data := map[string]any{}
	if len(box) == 0 {
		return data, true
	}
	raw, err := d.vault.Unlock(eventPlace(organisation, id), box, key)
	if err != nil || json.Unmarshal(raw, &data) != nil {
		return map[string]any{}, false
	}
	return data, true
}

// KeyLifetime is how long a repetition gets the first answer.
const KeyLifetime = 24 * time.Hour

// ErrKeyReused is returned when an Idempotency-Key comes with another body.
var ErrKeyReused = fault.New(fault.Invalid, "idempotency-key-reused", "This Idempotency-Key was used with another body.")

// takeKey is the text that takes a key. It travels with BEGIN, where no
// parameters can: what the caller chose is written in hexadecimal digits.
func takeKey(who authz.Actor, k authz.Key, now time.Time) string {
	return fmt.Sprintf(`insert into idempotency_keys (organisation_id, principal, operation, key, body_hash, created_at) values ('%s', '%s',
		convert_from('\x%x', 'UTF8'), convert_from('\x%x', 'UTF8'), '\x%x', '%s')`,
		who.Organisation, who.ID, k.Operation, k.Key, k.BodyHash, now.UTC().Format(time.RFC3339Nano))
}

// claim takes the key, or finds the answer of who had it first. While that one
// is still at work the insert waits for its row, so two requests at once become
// one effect and two equal answers.
func (tx *Tx) claim(k authz.Key) ([]byte, bool, error) {
	var mine bool
	err := tx.ptx.QueryRow(tx.ctx, `
		INSERT INTO idempotency_keys AS k (organisation_id, principal, operation, key, body_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (organisation_id, principal, operation, key) DO UPDATE
		SET body_hash = EXCLUDED.body_hash, result = NULL, created_at = EXCLUDED.created_at WHERE k.created_at < $7
		RETURNING true`,
		tx.Actor.Organisation, tx.Actor.ID, k.Operation, k.Key, k.BodyHash, tx.Now(), tx.Now().Add(-KeyLifetime)).Scan(&mine)
	if err == nil {
		return nil, false, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return nil, false, err
	}
	var same bool
	var result []byte
	err = tx.ptx.QueryRow(tx.ctx, `SELECT body_hash = $5, result FROM idempotency_keys
		WHERE organisation_id = $1 AND principal = $2 AND operation = $3 AND key = $4`,
		tx.Actor.Organisation, tx.Actor.ID, k.Operation, k.Key, k.BodyHash).Scan(&same, &result)
	if err != nil {
		return nil, false, err
	}
	if !same {
		return nil, false, ErrKeyReused
	}
	return result, true, nil
}

// connPool shows GORM a connection that is already inside a transaction: it
// then nests with savepoints in place of a second BEGIN, which would end ours.
type connPool struct {
	*sql.Conn

	tx *Tx
}

// ExecContext implements gorm.ConnPool.
func (c connPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := c.tx.Flush(); err != nil {
		return nil, err
	}
	return c.Conn.ExecContext(ctx, query, args...)
}

// QueryContext implements gorm.ConnPool.
func (c connPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.tx.Flush(); err != nil {
		return nil, err
	}
	return c.Conn.QueryContext(ctx, query, args...)
}

// QueryRowContext implements gorm.ConnPool.
func (c connPool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := c.tx.Flush(); err != nil {
		c.tx.failed = err // a row carries no error of ours: the door returns it
	}
	return c.Conn.QueryRowContext(ctx, query, args...)
}

var errDoorDecides = errors.New("db: the door commits and rolls back")

// Commit keeps GORM from ending the door's transaction.
func (connPool) Commit() error { return errDoorDecides }

// Rollback keeps GORM from ending the door's transaction.
func (connPool) Rollback() error { return errDoorDecides }
