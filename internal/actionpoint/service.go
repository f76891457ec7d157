package actionpoint

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/document"
	"voordeur/internal/dossier"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// Service holds the use cases on action points.
type Service struct {
	DB  *db.DB
	Now func() time.Time
}

// Draft is what an office supplies to ask for something.
type Draft = dossier.Asked

// Change is what changes about an action point; nil stays as it is. What may be emptied has a Set beside it.
type Change struct {
	Title         *string
	Explanation   *string
	SetProduct    bool
	ProductID     *uuid.UUID
	SetForContact bool
	ForContactID  *uuid.UUID
	SetDueOn      bool
	DueOn         *time.Time
}

// Ask puts action points in a dossier that the caller has just made, about products and applicants that it made with it.
// The faults name items of /actionPoints.
func Ask(tx *db.Tx, dossierID uuid.UUID, drafts []Draft) error {
	_, err := ask(tx, dossierID, drafts, "/actionPoints")
	return err
}

// Withdraw cancels what one applicant still had to hand in, in a dossier that the caller has locked, and returns how much that
// was. What was handed in already stays to be decided about.
func Withdraw(tx *db.Tx, dossierID, contactID uuid.UUID) (int, error) {
	rows, err := tx.Query(`UPDATE action_points SET state = 'cancelled', decided_at = $3, version = version + 1, updated_at = $3
		WHERE organisation_id = app.organisation() AND dossier_id = $1 AND for_contact_id = $2 AND state = 'open' RETURNING id, title`,
		dossierID, contactID, tx.Now())
	if err != nil {
		return 0, err
	}
	type gone struct {
		ID    uuid.UUID
		Title string
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[gone])
	if err != nil {
		return 0, err
	}
	for _, a := range all {
		if err := tx.Record(event.Of("action_point.cancelled", a.ID).In(dossierID).With("title", a.Title)); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

func ask(tx *db.Tx, dossierID uuid.UUID, drafts []Draft, pointer string) ([]ActionPoint, error) {
	as, err := build(tx.Now(), dossierID, drafts, pointer)
	if err != nil || len(as) == 0 {
		return as, err
	}
	if err := tx.QueueCreate(&as); err != nil {
		return nil, err
	}
	for _, a := range as {
		if err := tx.Record(event.Of("action_point.created", a.ID).In(dossierID).With("title", a.Title)); err != nil {
			return nil, err
		}
	}
	return as, nil
}

// Create asks the customer for one or more things at once; it mails nobody.
func (s *Service) Create(ctx context.Context, dossierID uuid.UUID, drafts []Draft) ([]Detail, error) {
	return db.Write(ctx, s.DB, authz.ActionPointWrite, func(tx *db.Tx) ([]Detail, event.Event, error) {
		d, err := dossier.Lock(tx, dossierID)
		if err != nil {
			return nil, event.Event{}, err
		}
		if err := d.Change(); err != nil {
			return nil, event.Event{}, err
		}
		k, err := knownIn(tx, dossierID)
		if err != nil {
			return nil, event.Event{}, err
		}
		for i, draft := range drafts {
			if err := k.check("/items/"+strconv.Itoa(i), draft.ProductID, draft.ForContactID); err != nil {
				return nil, event.Event{}, err
			}
		}
		as, err := ask(tx, dossierID, drafts, "/items")
		if err != nil {
			return nil, event.Event{}, err
		}
		ids := make([]uuid.UUID, 0, len(as))
		for _, a := range as {
			ids = append(ids, a.ID)
		}
		if err := dossier.Touch(tx, dossierID); err != nil {
			return nil, event.Event{}, err
		}
		made, err := details(tx, `a.id = ANY ($1) ORDER BY a.id`, ids)
		return made, event.None, err // ask has recorded one event each
	})
}

// InDossier returns a page of what is asked in a dossier, in the order in which it was asked. db.ErrNotFound: the dossier
// is not there.
func (s *Service) InDossier(ctx context.Context, dossierID, after uuid.UUID, limit int) ([]Detail, error) {
	return db.ReadBatch(ctx, s.DB, authz.ActionPointRead, func(b *pgx.Batch, out *[]Detail) {
		db.QueueExists(b, "dossiers", dossierID)
		b.Queue(DetailSQL+`a.dossier_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3`, dossierID, after, limit).Query(detailsInto(out))
	})
}

// List returns a page of the action points of all open dossiers: of what waits the longest waiting first, otherwise what changed last first.
func (s *Service) List(ctx context.Context, f Filter) ([]Detail, error) {
	return db.ReadBatch(ctx, s.DB, authz.ActionPointRead, func(b *pgx.Batch, out *[]Detail) { queueList(b, f, out) })
}

// Get returns one action point to the office.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (Detail, error) {
	return db.Read(ctx, s.DB, authz.ActionPointRead, func(tx *db.Tx) (Detail, error) { return Find(tx, id) })
}

// GetAsMember returns one action point to a customer whose dossier it is in.
func (s *Service) GetAsMember(ctx context.Context, id uuid.UUID) (Detail, error) {
	return db.Read(ctx, s.DB, authz.PortalDossierRead, func(tx *db.Tx) (Detail, error) { return Find(tx, id) })
}

// Update changes what is asked, until it is approved or cancelled. db.ErrStale: somebody else changed it since version.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int64, ch Change) (Detail, error) {
	return s.decide(ctx, authz.ActionPointWrite, id, version, func(tx *db.Tx, a *ActionPoint, _ *pgx.Batch) (event.Event, error) {
		if err := a.Change(); err != nil {
			return event.Event{}, err
		}
		if ch.Title != nil {
			if a.Title = strings.TrimSpace(*ch.Title); a.Title == "" {
				return event.Event{}, fault.OnField("/title", "required")
			}
		}
		if ch.Explanation != nil {
			a.Explanation = strings.TrimSpace(*ch.Explanation)
		}
		if ch.SetProduct || ch.SetForContact {
			k, err := knownIn(tx, a.DossierID)
			if err != nil {
				return event.Event{}, err
			}
			if a.ForContactID != nil { // who applies no longer may stay the one it was asked of
				k.applicants[*a.ForContactID] = true
			}
			if err := k.check("", ch.ProductID, ch.ForContactID); err != nil {
				return event.Event{}, err
			}
		}
		if ch.SetProduct {
			a.ProductID = ch.ProductID
		}
		if ch.SetForContact {
			a.ForContactID = ch.ForContactID
		}
		if ch.SetDueOn {
			a.DueOn = ch.DueOn
		}
		return event.Of("action_point.changed", id).With("title", a.Title), nil
	})
}

// Approve accepts what the customer handed in.
func (s *Service) Approve(ctx context.Context, id uuid.UUID, version int64) (Detail, error) {
	return s.decide(ctx, authz.ActionPointReview, id, version, func(tx *db.Tx, a *ActionPoint, b *pgx.Batch) (event.Event, error) {
		now := s.Now()
		if err := a.Approve(now); err != nil {
			return event.Event{}, err
		}
		a.queueVerdict(b, a.Round, VerdictApproved, by(tx.Actor), now)
		return event.Of("action_point.approved", id).With("title", a.Title), nil
	})
}

// Reject sends back what the customer handed in, says why, and asks for it again unless told not to.
func (s *Service) Reject(ctx context.Context, id uuid.UUID, version int64, code ReasonCode, reason string, askAgain bool) (Detail, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Detail{}, fault.OnField("/reason", "required")
	}
	return s.decide(ctx, authz.ActionPointReview, id, version, func(tx *db.Tx, a *ActionPoint, b *pgx.Batch) (event.Event, error) {
		now, round := s.Now(), a.Round
		if err := a.Reject(now, by(tx.Actor), code, reason); err != nil {
			return event.Event{}, err
		}
		a.queueVerdict(b, round, VerdictRejected, by(tx.Actor), now)
		if askAgain {
			if err := a.Request(now, by(tx.Actor), ""); err != nil {
				return event.Event{}, err
			}
		}
		return event.Of("action_point.rejected", id).With("title", a.Title).With("code", code).With("reason", reason).With("askedAgain", askAgain), nil
	})
}

// Request asks again for something that was handed in, approved or rejected.
func (s *Service) Request(ctx context.Context, id uuid.UUID, version int64, reason string) (Detail, error) {
	return s.decide(ctx, authz.ActionPointWrite, id, version, func(tx *db.Tx, a *ActionPoint, _ *pgx.Batch) (event.Event, error) {
		if err := a.Request(s.Now(), by(tx.Actor), strings.TrimSpace(reason)); err != nil {
			return event.Event{}, err
		}
		return event.Of("action_point.requested", id).With("title", a.Title).With("reason", a.Reason).With("round", a.Round), nil
	})
}

// Cancel withdraws a question that was not approved yet.
func (s *Service) Cancel(ctx context.Context, id uuid.UUID, version int64) (Detail, error) {
	return s.decide(ctx, authz.ActionPointWrite, id, version, func(_ *db.Tx, a *ActionPoint, _ *pgx.Batch) (event.Event, error) {
		if err := a.Cancel(s.Now()); err != nil {
			return event.Event{}, err
		}
		return event.Of("action_point.cancelled", id).With("title", a.Title), nil
	})
}

// decide is what every change by the office has in common: the row is locked, the version is the one that was looked at,
// the dossier is open.
func (s *Service) decide(ctx context.Context, need authz.Permission, id uuid.UUID, version int64,
	rule func(tx *db.Tx, a *ActionPoint, b *pgx.Batch) (event.Event, error),
) (Detail, error) {
	return db.Write(ctx, s.DB, need, func(tx *db.Tx) (Detail, event.Event, error) {
		a, err := lockVersion(tx, id, version)
		if err != nil {
			return Detail{}, event.Event{}, err
		}
		b := &pgx.Batch{}
		ev, err := rule(tx, &a.ActionPoint, b)
		if err != nil {
			return Detail{}, event.Event{}, err
		}
		a.queueSave(b, s.Now())
		d, err := finish(tx, b, id)
		return d, ev.In(a.DossierID), err
	})
}

// Submit hands in finished uploads of the member who acts, all of them or none. ErrNotOpen, ErrCancelled,
// dossier.ErrClosed: nothing can be handed in; faults on /uploadIds say which upload cannot be used, and why.
func (s *Service) Submit(ctx context.Context, id uuid.UUID, uploads []uuid.UUID, remark string) (Detail, error) {
	return db.Write(ctx, s.DB, authz.PortalSubmissionCreate, func(tx *db.Tx) (Detail, event.Event, error) {
		a, err := lock(tx, id)
		if err != nil {
			return Detail{}, event.Event{}, err
		}
		now := s.Now()
		if err := a.Submit(now); err != nil {
			return Detail{}, event.Event{}, err
		}
		if a.MyContactID == nil {
			return Detail{}, event.Event{}, db.ErrNotFound
		}
		files, err := document.TakeUploads(tx, uploads)
		if err != nil {
			return Detail{}, event.Event{}, err
		}
		submission := uuid.Must(uuid.NewV7())
		tx.Queue(`INSERT INTO submissions (id, dossier_id, action_point_id, round, member_id, contact_id, remark, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			submission, a.DossierID, id, a.Round, tx.Actor.ID, *a.MyContactID, strings.TrimSpace(remark), now)
		tx.Queue(`UPDATE action_points SET state = $2, submitted_at = $3, version = version + 1, updated_at = $3
			WHERE organisation_id = app.organisation() AND id = $1`, id, a.State, now)
		tx.Queue(touchSQL, a.DossierID, now)
		document.Attach(tx, document.AttachTo{
			DossierID: a.DossierID, ProductID: a.ProductID, ActionPointID: &id, SubmissionID: &submission, Title: a.Title,
			Origin: document.FromCustomer, Visible: true,
		}, files)
		d, err := finish(tx, &pgx.Batch{}, id)
		return d, event.Of("action_point.submitted", id).In(a.DossierID).With("title", a.Title).With("files", len(files)).With("round", a.Round), err
	})
}

// Withdraw takes back what the member who acts handed in, until the office has decided; its files are archived. ErrReviewed:
// the office was faster; ErrNotYours: somebody else handed it in; db.ErrStale: it changed since version.
func (s *Service) Withdraw(ctx context.Context, id uuid.UUID, version int64) (Detail, error) {
	return db.Write(ctx, s.DB, authz.PortalSubmissionCreate, func(tx *db.Tx) (Detail, event.Event, error) {
		a, err := lockVersion(tx, id, version)
		if err != nil {
			return Detail{}, event.Event{}, err
		}
		if err := a.Withdraw(); err != nil {
			return Detail{}, event.Event{}, err
		}
		now := s.Now()
		submission, err := withdrawSubmission(tx, id, a.Round, now)
		if err != nil {
			return Detail{}, event.Event{}, err
		}
		files, err := document.ArchiveSubmission(tx, submission)
		if err != nil {
			return Detail{}, event.Event{}, err
		}
		b := &pgx.Batch{}
		b.Queue(`UPDATE action_points SET state = $2, submitted_at = NULL, version = version + 1, updated_at = $3
			WHERE organisation_id = app.organisation() AND id = $1`, id, a.State, now)
		b.Queue(touchSQL, a.DossierID, now)
		d, err := finish(tx, b, id)
		return d, event.Of("action_point.withdrawn", id).In(a.DossierID).With("title", a.Title).With("files", files).With("round", a.Round), err
	})
}

// Templates returns what the office usually asks for: for one kind of product, with what goes for all, or everything.
func (s *Service) Templates(ctx context.Context, productKind string) ([]Template, error) {
	return db.Read(ctx, s.DB, authz.ActionPointRead, func(tx *db.Tx) ([]Template, error) {
		q := tx.Order("position, id")
		if productKind != "" {
			q = q.Where("product_kind IS NULL OR product_kind = ?", productKind)
		}
		var ts []Template
		err := q.Find(&ts).Error
		return ts, err
	})
}
