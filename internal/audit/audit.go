// Package audit reads the trail that every write leaves: the timeline of a dossier, the log of the office, and whether
// anything in it was changed.
package audit

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
)

// Entry is one fact of the trail, with the name of who did it.
type Entry struct {
	Seq            int64 // its number in the office's chain
	Name           string
	ActorKind      authz.Kind
	ActorID        uuid.UUID
	ActorFirstName string
	ActorLastName  string
	Subject        uuid.UUID
	DossierID      uuid.UUID
	Data           map[string]any
	Erased         bool // what it told was erased: Data is empty
	At             time.Time
}

// ID is how clients name the entry; live events carry the same.
func (e Entry) ID() string { return strconv.FormatInt(e.Seq, 10) }

// Line is an entry as the log of the office shows it: with the names of what it is about, as they are now.
type Line struct {
	Entry
	Hash             []byte
	DossierName      string
	DossierReference string
	ClientID         uuid.UUID // of the client, contact or login it is about
	SubjectName      string    // of that client, contact or login, or of an employee
}

// Service reads the trail.
type Service struct{ DB *db.DB }

// Filter says which entries are asked for; zero values ask for all.
type Filter struct {
	Actor     uuid.UUID
	ActorKind authz.Kind
	Resource  string // the first part of names: "dossier"
	Dossier   uuid.UUID
	Client    uuid.UUID // what happened to the client, its people and dossiers, and what its logins did
	From, To  time.Time // from the one up to, not including, the other
	Before    int64     // newest first, below this number; 0: from the newest on
	Limit     int
}

// row is what the database gives.
type row struct {
	OrganisationID   uuid.UUID
	ID               uuid.UUID
	Seq              int64
	Name             string
	ActorKind        authz.Kind
	ActorID          uuid.UUID
	ActorFirstName   string
	ActorLastName    string
	Subject          uuid.UUID
	DossierID        uuid.UUID
	Data, Key        []byte
	At               time.Time
	Hash             []byte
	DossierName      string
	DossierReference string
	ClientID         uuid.UUID
	SubjectName      string
}

// The names of who acts are those of now. A visitor has one as soon as it is known whose login was opened.
const (
	columns = `SELECT t.organisation_id, t.id, t.seq, t.name, t.actor_kind, t.actor_id, coalesce(e.first_name, c.first_name, a.name, '') AS actor_first_name,
	coalesce(e.last_name, c.last_name, '') AS actor_last_name, t.subject, coalesce(t.dossier_id, '00000000-0000-0000-0000-000000000000') AS dossier_id,
	t.data, k.key, t.at`
	joins = `
	LEFT JOIN audit_keys k ON k.organisation_id = t.organisation_id AND k.seq = t.seq
	LEFT JOIN employees e ON t.actor_kind <> 'member' AND e.organisation_id = t.organisation_id AND e.id = t.actor_id
	LEFT JOIN portal_members m ON t.actor_kind <> 'employee' AND m.organisation_id = t.organisation_id AND m.id = t.actor_id
	LEFT JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
	LEFT JOIN api_clients a ON t.actor_kind IN ('api_client', 'visitor') AND a.organisation_id = t.organisation_id AND a.id = t.actor_id`
	inDossier = columns + ` FROM audit_events t` + joins + `
	WHERE t.organisation_id = app.organisation() AND t.dossier_id = $1 AND t.seq < $2 ORDER BY t.seq DESC LIMIT $3`
	lineColumns = columns + `, t.hash, coalesce(d.name, '') AS dossier_name, coalesce(d.reference, '') AS dossier_reference,
	coalesce(sc.id, sp.client_id, sm.client_id, '00000000-0000-0000-0000-000000000000') AS client_id,
	coalesce(sc.name, trim(concat(sp.first_name, ' ', sp.last_name)), '') AS subject_name`
	lineJoins = joins + `
	LEFT JOIN dossiers d ON d.organisation_id = t.organisation_id AND d.id = t.dossier_id
	LEFT JOIN clients sc ON sc.organisation_id = t.organisation_id AND sc.id = t.subject
	LEFT JOIN portal_members sm ON sm.organisation_id = t.organisation_id AND sm.id = t.subject
	LEFT JOIN LATERAL (SELECT p.client_id, p.first_name, p.last_name FROM contacts p
		WHERE p.organisation_id = t.organisation_id AND p.id IN (t.subject, sm.contact_id)
		UNION ALL SELECT NULL, y.first_name, y.last_name FROM employees y WHERE y.organisation_id = t.organisation_id AND y.id = t.subject
		UNION ALL SELECT NULL, z.name, NULL FROM api_clients z WHERE z.organisation_id = t.organisation_id AND z.id = t.subject LIMIT 1) sp ON true`
)

// InDossier returns what happened in a dossier before an entry, newest first; before 0 is from the newest on.
// db.ErrNotFound: the dossier is not there.
func (s *Service) InDossier(ctx context.Context, dossierID uuid.UUID, before int64, limit int) ([]Entry, error) {
	return db.ReadBatch(ctx, s.DB, authz.AuditRead, func(b *pgx.Batch, out *[]Entry) {
		db.QueueExists(b, "dossiers", dossierID)
		b.Queue(inDossier, dossierID, from(before), limit).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, s.line)
			*out = make([]Entry, len(all))
			for i, l := range all {
				(*out)[i] = l.Entry
			}
			return err
		})
	})
}

func from(before int64) int64 {
	if before == 0 {
		return 1<<63 - 1
	}
	return before
}

// line opens what the entry tells.
func (s *Service) line(rows pgx.CollectableRow) (Line, error) {
	r, err := pgx.RowToStructByNameLax[row](rows)
	if err != nil {
		return Line{}, err
	}
	data, whole := s.DB.EventData(r.OrganisationID, r.ID, r.Data, r.Key)
	return Line{
		Entry: Entry{
			Seq: r.Seq, Name: r.Name, ActorKind: r.ActorKind, ActorID: r.ActorID, ActorFirstName: r.ActorFirstName, ActorLastName: r.ActorLastName,
			Subject: r.Subject, DossierID: r.DossierID, Data: data, Erased: !whole, At: r.At,
		},
		Hash: r.Hash, DossierName: r.DossierName, DossierReference: r.DossierReference, ClientID: r.ClientID, SubjectName: r.SubjectName,
	}, nil
}

// List returns the entries that f asks for, newest first.
func (s *Service) List(ctx context.Context, f Filter) ([]Line, error) {
	return db.ReadBatch(ctx, s.DB, authz.AuditRead, func(b *pgx.Batch, out *[]Line) {
		query, args := f.query()
		b.Queue(query, args...).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, s.line)
			*out = all
			return err
		})
	})
}

// query picks the entries first, from one index, and then looks up the names of those few.
func (f Filter) query() (string, []any) {
	args := []any{from(f.Before), f.Limit}
	var where strings.Builder
	and := func(condition string, value any) {
		args = append(args, value)
		where.WriteString(" AND " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))))
	}
	if f.Actor != uuid.Nil {
		and("t.actor_id = ?", f.Actor)
	}
	if f.ActorKind != "" {
		and("t.actor_kind = ?", string(f.ActorKind))
	}
	if f.Resource != "" {
		and("split_part(t.name, '.', 1) = ?", f.Resource)
	}
	if f.Dossier != uuid.Nil {
		and("t.dossier_id = ?", f.Dossier)
	}
	if f.Client != uuid.Nil {
		and(`(t.dossier_id = ANY (array(SELECT d.id FROM dossiers d WHERE d.organisation_id = app.organisation() AND d.client_id = ?))
			OR t.subject = ? OR t.subject = ANY (array(SELECT p.id FROM contacts p WHERE p.organisation_id = app.organisation() AND p.client_id = ?
				UNION ALL SELECT m.id FROM portal_members m WHERE m.organisation_id = app.organisation() AND m.client_id = ?))
			OR t.actor_id = ANY (array(SELECT m.id FROM portal_members m WHERE m.organisation_id = app.organisation() AND m.client_id = ?)))`, f.Client)
	}
	if !f.From.IsZero() {
		and("t.at >= ?", f.From)
	}
	if !f.To.IsZero() {
		and("t.at < ?", f.To)
	}
	return lineColumns + ` FROM (SELECT * FROM audit_events t WHERE t.organisation_id = app.organisation() AND t.seq < $1` + where.String() +
		` ORDER BY t.seq DESC LIMIT $2) t` + lineJoins + ` ORDER BY t.seq DESC`, args
}

// exportPage is how many entries an export holds in memory.
const exportPage = 500

// Export hands every entry that f asks for to each, newest first, a page at a time, so that neither memory nor the database
// waits for a slow reader. That it was asked for is an entry of the trail itself, written before the first one leaves.
func (s *Service) Export(ctx context.Context, f Filter, format string, each func([]Line) error) error {
	_, err := db.Write(ctx, s.DB, authz.AuditRead, func(tx *db.Tx) (struct{}, event.Event, error) {
		return struct{}{}, f.told(event.Of("audit.exported", tx.Actor.Organisation)).With("format", format), nil
	})
	for err == nil {
		f.Limit = exportPage
		var page []Line
		if page, err = s.List(ctx, f); err != nil {
			return err
		}
		if err = each(page); err != nil || len(page) < exportPage {
			return err
		}
		f.Before = page[len(page)-1].Seq
	}
	return err
}

// told adds what was asked for to the event of an export.
func (f Filter) told(ev event.Event) event.Event {
	ev = ev.In(f.Dossier)
	for key, id := range map[string]uuid.UUID{"actor": f.Actor, "client": f.Client} {
		if id != uuid.Nil {
			ev = ev.With(key, id)
		}
	}
	for key, word := range map[string]string{"actorKind": string(f.ActorKind), "resource": f.Resource} {
		if word != "" {
			ev = ev.With(key, word)
		}
	}
	for key, at := range map[string]time.Time{"from": f.From, "to": f.To} {
		if !at.IsZero() {
			ev = ev.With(key, at)
		}
	}
	return ev
}
