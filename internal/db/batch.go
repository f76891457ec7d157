package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
)

// Credential is what a request says about who acts, before anybody looked: the
// token of a session. Looking costs no round trip of its own where ReadBatch does it.
type Credential interface {
	// Kind is what the holder must be.
	Kind() authz.Kind
	// Lookup is a query of exactly one row, run as voordeur_system. Its columns
	// entry_role (the database role of a holder who may go on, or 'none'),
	// entry_organisation and entry_member tell PostgreSQL who acts.
	Lookup() (query string, args []any)
	// Hear reads that row. An error is what the caller gets in place of any answer.
	Hear(row pgx.CollectableRow) (authz.Actor, error)
	// Settle does what is left to do once the holder is known, such as remembering the visit.
	Settle(ctx context.Context) error
}

type credentialKey struct{}

// WithCredential returns a context in which the first ReadBatch finds out who
// acts. The other doors do not know anybody in it.
func WithCredential(ctx context.Context, c Credential) context.Context {
	return context.WithValue(ctx, credentialKey{}, c)
}

// Identify finds out who holds c, in one round trip.
func Identify(ctx context.Context, d *DB, c Credential) (authz.Actor, error) {
	var who authz.Actor
	b := &pgx.Batch{}
	b.Queue(`SELECT set_config('role', 'voordeur_system', true)`)
	query, args := c.Lookup()
	b.Queue(query, args...).Query(hearing(c, &who))
	if err := d.send(ctx, b); err != nil {
		return authz.Actor{}, translate(err)
	}
	return who, c.Settle(ctx)
}

func hearing(c Credential, who *authz.Actor) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		a, err := pgx.CollectExactlyOneRow(rows, c.Hear)
		*who = a
		return err
	}
}

// ReadBatch runs queries in one round trip: who acts and every query travel
// together, PostgreSQL runs them as one read-only transaction. It is for the
// few reads that a customer waits for at every visit. fill queues the queries
// with a callback each (b.Queue(sql, args…).Query(…)), which fills out.
func ReadBatch[T any](ctx context.Context, d *DB, need authz.Permission, fill func(b *pgx.Batch, out *T)) (T, error) {
	var zero T
	enter, role, settle, err := d.entry(ctx, need)
	if err != nil {
		return zero, err
	}
	for attempt := 0; ; attempt++ {
		var fresh T
		b := &pgx.Batch{}
		enter(b)
		if role == roleMember {
			b.Queue(lookAround)
		}
		own := len(b.QueuedQueries)
		fill(b, &fresh)
		// A plan belongs to a role: a text of its own for each keeps PostgreSQL from planning again whenever the role changes.
		for _, q := range b.QueuedQueries[own:] {
			q.SQL = "/* " + role + " */ " + q.SQL
		}
		err := d.send(ctx, b)
		if err == nil {
			return fresh, settle(ctx)
		}
		if !mayRetry(err) || attempt >= attempts-1 {
			return zero, translate(err)
		}
	}
}

// QueueExists makes a batch fail with ErrNotFound for a row of table that the actor does not see.
func QueueExists(b *pgx.Batch, table string, id uuid.UUID) {
	b.Queue(`SELECT true FROM `+pgx.Identifier{table}.Sanitize()+` WHERE organisation_id = app.organisation() AND id = $1`, id).QueryRow(func(row pgx.Row) error {
		var there bool
		return row.Scan(&there)
	})
}

func (d *DB) send(ctx context.Context, b *pgx.Batch) error { return d.pool.SendBatch(ctx, b).Close() }

// entry returns what queues the statements that tell PostgreSQL who acts, the role of who does, and what is to be done afterwards.
func (d *DB) entry(ctx context.Context, need authz.Permission) (func(*pgx.Batch), string, func(context.Context) error, error) {
	if c, ok := ctx.Value(credentialKey{}).(Credential); ok {
		role, err := roleOf(authz.Actor{Kind: c.Kind()})
		return d.entryOf(ctx, c, need), role, c.Settle, err
	}
	who, err := d.admit(ctx, need)
	if err != nil {
		return nil, "", nil, err
	}
	role, err := roleOf(who)
	if err != nil {
		return nil, "", nil, err
	}
	return func(b *pgx.Batch) {
		b.Queue(`SELECT set_config('transaction_read_only', 'on', true), set_config('role', $1, true),
			set_config('app.organisation', $2, true), set_config('app.member', $3, true), set_config('app.permission', $4, true)`,
			role, who.Organisation.String(), memberOf(who), string(need))
		if scopes := scopesOf(who); scopes != "" {
			b.Queue(`SELECT set_config('app.scopes', $1, true)`, scopes)
		}
	}, role, func(context.Context) error { return nil }, nil
}

// entryOf is entry for somebody who is not known yet. Whoever turns out to be
// nobody reads on as the login role, which sees nothing; whoever turns out to
// lack the permission has read in vain: the first error of a batch is its answer.
func (d *DB) entryOf(ctx context.Context, c Credential, need authz.Permission) func(*pgx.Batch) {
	query, args := c.Lookup()
	return func(b *pgx.Batch) {
		b.Queue(`SELECT set_config('transaction_read_only', 'on', true), set_config('role', 'voordeur_system', true), set_config('app.permission', $1, true)`, string(need))
		b.Queue(`SELECT l.*, num_nulls(set_config('app.organisation', l.entry_organisation, true), set_config('app.member', l.entry_member, true),
			set_config('role', l.entry_role, true)) AS entered FROM (`+query+`) l`, args...).Query(func(rows pgx.Rows) error {
			who, err := pgx.CollectExactlyOneRow(rows, c.Hear)
			if err != nil {
				return err
			}
			return d.permit(ctx, who, need)
		})
	}
}

// permit checks that who holds need.
func (d *DB) permit(ctx context.Context, who authz.Actor, need authz.Permission) error {
	if who.Organisation == uuid.Nil {
		return errNoOrganisation
	}
	if d.checkOperations {
		if err := checkOperation(ctx, who, need); err != nil {
			return err
		}
	}
	if !d.unchecked && !who.May(need) {
		return ErrForbidden
	}
	return nil
}
