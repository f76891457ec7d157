package audit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Chain is what was found of the trail of one office.
type Chain struct {
	Organisation uuid.UUID
	Slug         string
	Events       int64
	Hash         []byte // of the last event, as computed here
	// Broken is the number of the first event that is not as it was written; 0: all are.
	Broken int64
	What   string
}

// querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
}

// Verify computes the chain of every office anew, compares it with what was signed earlier, and returns what it found, in the order of
// their slugs. It needs a connection that sees all offices, in one transaction or with nobody writing.
func Verify(ctx context.Context, conn querier, signed ...Checkpoint) ([]Chain, error) {
	ends := map[uuid.UUID]map[int64]Checkpoint{}
	for _, s := range signed {
		if ends[s.Organisation] == nil {
			ends[s.Organisation] = map[int64]Checkpoint{}
		}
		ends[s.Organisation][s.Seq] = s
	}
	// Every office, and whatever stands in the trail under an office that does not exist.
	rows, err := conn.Query(ctx, `SELECT x.id, coalesce(o.slug, ''), coalesce(h.seq, -1), coalesce(h.hash, '')
		FROM (SELECT organisation_id AS id FROM organisations UNION SELECT organisation_id FROM audit_heads UNION SELECT DISTINCT organisation_id FROM audit_events) x
		LEFT JOIN organisations o ON o.organisation_id = x.id LEFT JOIN audit_heads h ON h.organisation_id = x.id ORDER BY 2, 1`)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	type head struct {
		Organisation uuid.UUID
		Slug         string
		Seq          int64
		Hash         []byte
	}
	heads, err := pgx.CollectRows(rows, pgx.RowToStructByPos[head])
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	chains := make([]Chain, 0, len(heads))
	for _, h := range heads {
		c := Chain{Organisation: h.Organisation, Slug: h.Slug, Hash: make([]byte, sha256.Size)}
		if err := c.follow(ctx, conn, ends[c.Organisation]); err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
		switch {
		case c.Broken != 0:
		case h.Seq < 0:
			c.Broken, c.What = 1, "the record of where the chain ends is gone"
		case c.Events < h.Seq:
			c.Broken, c.What = c.Events+1, fmt.Sprintf("taken off the end: %d to %d are gone", c.Events+1, h.Seq)
		case c.Events > h.Seq:
			c.Broken, c.What = h.Seq+1, fmt.Sprintf("added behind the end of the chain, which is %d", h.Seq)
		case string(c.Hash) != string(h.Hash):
			c.Broken, c.What = max(c.Events, 1), "its hash is not the one the chain ended with"
		}
		c.reaches(ends[c.Organisation])
		delete(ends, c.Organisation)
		chains = append(chains, c)
	}
	for office, s := range ends { // nothing at all is left of it
		c := Chain{Organisation: office}
		c.reaches(s)
		chains = append(chains, c)
	}
	return chains, nil
}

// reaches finds out whether a chain in which nothing is wrong is as long as it was when it was signed.
func (c *Chain) reaches(signed map[int64]Checkpoint) {
	if c.Broken != 0 {
		return
	}
	for seq, s := range signed {
		if seq > c.Events {
			c.Broken, c.What = c.Events+1, fmt.Sprintf("taken off the end, or the database is older: at %s there were at least %d, as was signed", s.At.Format(time.RFC3339), seq)
		}
	}
}

// follow goes through the events of one office until the first one that is wrong.
func (c *Chain) follow(ctx context.Context, conn querier, signed map[int64]Checkpoint) error {
	rows, err := conn.Query(ctx, `SELECT seq, id, name, actor_kind, actor_id, subject, coalesce(dossier_id, '00000000-0000-0000-0000-000000000000'), at, data, hash
		FROM audit_events WHERE organisation_id = $1 ORDER BY seq`, c.Organisation)
	if err != nil {
		return err
	}
	defer rows.Close()
	var l link
	held := int64(0) // what was signed holds up to here
	for rows.Next() {
		if err := rows.Scan(&l.seq, &l.id, &l.name, &l.kind, &l.actor, &l.subject, &l.dossier, &l.at, &l.data, &l.hash); err != nil {
			return err
		}
		want := c.Events + 1
		switch sum := l.sum(c.Hash, c.Organisation); {
		case l.seq > want:
			c.Broken, c.What = want, fmt.Sprintf("taken out: the next one there is %d", l.seq)
		case l.seq < want:
			c.Broken, c.What = want, fmt.Sprintf("there is a number %d, which no chain has", l.seq)
		case string(sum) != string(l.hash):
			c.Broken, c.What = want, "changed after it was written, or put in the place of another"
		default:
			s, was := signed[want]
			if was && s.Hash != hex.EncodeToString(sum) {
				c.Broken, c.What = want, fmt.Sprintf("written anew: this, or one after %d, is not what was signed at %s", held, s.At.Format(time.RFC3339))
				return nil
			}
			if was {
				held = want
			}
			c.Events, c.Hash = want, sum
			continue
		}
		return nil
	}
	return rows.Err()
}

// link is one event as the chain sees it.
type link struct {
	seq                         int64
	id, actor, subject, dossier uuid.UUID
	name, kind                  string
	at                          time.Time
	data, hash                  []byte
}

// millennium is where PostgreSQL counts microseconds from: the first of January 2000.
const millennium = 946_684_800_000_000

// sum is the hash that the function app.chain gave the event: of the hash before it and of everything the event says. Only
// the last part has no fixed length and no length before it, so no two events have the same bytes.
func (l *link) sum(previous []byte, organisation uuid.UUID) []byte {
	b := append([]byte(nil), previous...)
	text := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s))) //nolint:gosec // a name of some letters
		b = append(b, s...)
	}
	b = append(b, organisation[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(l.seq)) //nolint:gosec // the same 64 bits
	b = append(b, l.id[:]...)
	text(l.name)
	text(l.kind)
	b = append(b, l.actor[:]...)
	b = append(b, l.subject[:]...)
	b = append(b, l.dossier[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(l.at.UnixMicro()-millennium)) //nolint:gosec // the same 64 bits
	b = append(b, l.data...)
	sum := sha256.Sum256(b)
	return sum[:]
}
