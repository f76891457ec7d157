// Package audit reads the trail that every write leaves: the timeline of a dossier.
package audit

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
)

// Entry is one fact of the trail, with the name of who did it.
type Entry struct {
	Seq            int64
	Name           string
	ActorKind      authz.Kind
	ActorID        uuid.UUID
	ActorFirstName string
	ActorLastName  string
	Subject        uuid.UUID
	DossierID      uuid.UUID
	Data           map[string]any
	At             time.Time
}

// ID is how clients name the entry; live events carry the same.
func (e Entry) ID() string { return strconv.FormatInt(e.Seq, 10) }

// Service reads the trail.
type Service struct{ DB *db.DB }

const inDossier = `SELECT t.seq, t.name, t.actor_kind, t.actor_id, coalesce(e.first_name, c.first_name, '') AS actor_first_name,
	coalesce(e.last_name, c.last_name, '') AS actor_last_name, t.subject, t.dossier_id, t.data, t.at
	FROM audit_events t
	LEFT JOIN employees e ON t.actor_kind = 'employee' AND e.organisation_id = t.organisation_id AND e.id = t.actor_id
	LEFT JOIN portal_members m ON t.actor_kind = 'member' AND m.organisation_id = t.organisation_id AND m.id = t.actor_id
	LEFT JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
	WHERE t.organisation_id = app.organisation() AND t.dossier_id = $1 AND t.seq < $2 ORDER BY t.seq DESC LIMIT $3`

// InDossier returns what happened in a dossier before an entry, newest first; before 0 is from the newest on.
// db.ErrNotFound: the dossier is not there.
func (s *Service) InDossier(ctx context.Context, dossierID uuid.UUID, before int64, limit int) ([]Entry, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return db.ReadBatch(ctx, s.DB, authz.AuditRead, func(b *pgx.Batch, out *[]Entry) {
		db.QueueExists(b, "dossiers", dossierID)
		b.Queue(inDossier, dossierID, before, limit).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Entry])
			*out = all
			return err
		})
	})
}
