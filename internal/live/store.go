package live

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
)

// within returns a context in which the hub itself looks into an office: it may read dossiers' members and sessions.
func within(ctx context.Context, office uuid.UUID) context.Context {
	return authz.With(ctx, authz.Actor{Organisation: office, Kind: authz.System, Name: "live events", Grants: authz.Granting(authz.DossierRead)})
}

// audience is who of an office's customers may hear of what.
type audience struct {
	hearers map[uuid.UUID]map[uuid.UUID]bool // by dossier
	readers map[uuid.UUID]map[uuid.UUID]bool // by document: whether it is visible to the member, or was
}

// hidden is the event that takes a document out of the customers' sight; until then they knew of it.
const hidden = "document.hidden"

// looks are the events of employees who look along: the customer reads of them under "Wie keek mee", and is not told live.
const looks = "portal_view"

// mayHear reports whether a member may hear of n. That a document exists which the member may not see is the office's own business.
func (a audience) mayHear(member uuid.UUID, n db.Notice) bool {
	if resourceOf(n.Name) != "document" {
		return a.hearers[n.Dossier][member]
	}
	shown, reads := a.readers[n.Subject][member]
	return reads && (shown || n.Name == hidden)
}

// audience returns which members may hear of each dossier, as it is now: what was revoked a moment ago is not heard.
func (h *Hub) audience(ctx context.Context, office uuid.UUID, dossiers, documents []uuid.UUID) (audience, error) {
	return db.ReadBatch(within(ctx, office), h.DB, authz.DossierRead, func(b *pgx.Batch, out *audience) {
		*out = audience{hearers: map[uuid.UUID]map[uuid.UUID]bool{}, readers: map[uuid.UUID]map[uuid.UUID]bool{}}
		b.Queue(`SELECT dm.dossier_id, dm.member_id FROM dossier_members dm
			JOIN portal_members m ON m.organisation_id = dm.organisation_id AND m.id = dm.member_id
			WHERE dm.organisation_id = app.organisation() AND dm.dossier_id = ANY ($1) AND $2 = ANY (m.permissions)
			AND m.blocked_at IS NULL AND m.archived_at IS NULL`, dossiers, string(authz.PortalDossierRead)).Query(func(rows pgx.Rows) error {
			var dossier, member uuid.UUID
			_, err := pgx.ForEachRow(rows, []any{&dossier, &member}, func() error {
				if out.hearers[dossier] == nil {
					out.hearers[dossier] = map[uuid.UUID]bool{}
				}
				out.hearers[dossier][member] = true
				return nil
			})
			return err
		})
		if len(documents) == 0 {
			return
		}
		b.Queue(`SELECT document_id, member_id, shown FROM app.document_readers($1)`, documents).Query(func(rows pgx.Rows) error {
			var document, member uuid.UUID
			var shown bool
			_, err := pgx.ForEachRow(rows, []any{&document, &member, &shown}, func() error {
				if out.readers[document] == nil {
					out.readers[document] = map[uuid.UUID]bool{}
				}
				out.readers[document][member] = shown
				return nil
			})
			return err
		})
	})
}

// living returns which of the sessions go on.
func (h *Hub) living(ctx context.Context, office uuid.UUID, sessions []uuid.UUID) (map[uuid.UUID]bool, error) {
	return db.ReadBatch(within(ctx, office), h.DB, authz.DossierRead, func(b *pgx.Batch, out *map[uuid.UUID]bool) {
		*out = map[uuid.UUID]bool{}
		b.Queue(`SELECT id FROM sessions WHERE organisation_id = app.organisation() AND id = ANY ($1) AND ended_at IS NULL AND expires_at > $2
			UNION ALL SELECT v.id FROM portal_views v JOIN sessions s ON s.organisation_id = v.organisation_id AND s.id = v.office_session
			WHERE v.organisation_id = app.organisation() AND v.id = ANY ($1) AND v.ended_at IS NULL AND v.expires_at > $2 AND s.ended_at IS NULL AND s.expires_at > $2`,
			sessions, h.Now()).Query(func(rows pgx.Rows) error {
			var id uuid.UUID
			_, err := pgx.ForEachRow(rows, []any{&id}, func() error { (*out)[id] = true; return nil })
			return err
		})
	})
}

// missed is what a returning client has not heard, or that it is too much.
type missed struct {
	last    int64
	changes []change
	resync  bool
}

const replay = 500

// since returns what the actor may hear that happened after an event; after 0 only where the trail stands now. Events have
// their numbers in the order of commit, so nothing with a lower number can appear later.
func (h *Hub) since(ctx context.Context, need authz.Permission, after int64) (missed, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return missed{}, err
	}
	return db.ReadBatch(ctx, h.DB, need, func(b *pgx.Batch, out *missed) {
		b.Queue(`SELECT coalesce(max(seq), 0) FROM audit_events WHERE organisation_id = app.organisation()`).
			QueryRow(func(row pgx.Row) error { return row.Scan(&out.last) })
		if after == 0 {
			return
		}
		condition := ""
		if who.Kind == authz.Member {
			// As in deliver and mayHear.
			condition = " AND name NOT LIKE '" + looks + ".%' AND (subject = app.member() OR dossier_id = ANY ((SELECT app.visible_dossiers())::uuid[]) AND CASE WHEN name LIKE 'document.%'" +
				" THEN EXISTS (SELECT 1 FROM app.document_readers(ARRAY[subject]) r WHERE r.shown OR name = '" + hidden + "')" +
				" ELSE (SELECT app.holds('" + string(authz.PortalDossierRead) + "')) END)"
		}
		b.Queue(`SELECT seq, name, coalesce(dossier_id, '00000000-0000-0000-0000-000000000000'), subject FROM audit_events
			WHERE organisation_id = app.organisation() AND seq > $1`+condition+` ORDER BY seq LIMIT $2`,
			after, replay+1).Query(func(rows pgx.Rows) error {
			var c change
			_, err := pgx.ForEachRow(rows, []any{&c.seq, &c.name, &c.dossier, &c.subject}, func() error {
				out.changes = append(out.changes, c)
				return nil
			})
			if len(out.changes) > replay || after > out.last {
				out.changes, out.resync = nil, true
			}
			return err
		})
	})
}
