package overview

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/actionpoint"
	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dossier"
	"voordeur/internal/member"
)

// Service holds the reads.
type Service struct {
	DB  *db.DB
	Now func() time.Time
}

// List returns a page of the office's dossiers.
func (s *Service) List(ctx context.Context, f Filter) ([]Summary, error) {
	most := db.MostByName
	if f.Sort == ByActivity {
		most = db.MostByTime
	}
	found, err := db.Search(ctx, s.DB, authz.DossierRead, "dossiers", f.Search, most)
	if err != nil {
		return nil, err
	}
	return db.ReadBatch(ctx, s.DB, authz.DossierRead, func(b *pgx.Batch, out *[]Summary) { queueList(b, f, found, s.Now(), out) })
}

// Counts returns the figure on each view of the list.
func (s *Service) Counts(ctx context.Context) (Counts, error) {
	return db.ReadBatch(ctx, s.DB, authz.DossierRead, func(b *pgx.Batch, out *Counts) {
		b.Queue(counts, dueBefore(s.Now())).Query(rowInto(out))
	})
}

// Dossier returns a dossier's page, or db.ErrNotFound.
func (s *Service) Dossier(ctx context.Context, id uuid.UUID) (Dossier, error) {
	type page struct {
		Dossier
		members []member.View
	}
	now := s.Now()
	p, err := db.ReadBatch(ctx, s.DB, authz.DossierRead, func(b *pgx.Batch, out *page) {
		b.Queue(summaryOf("dossiers")+` WHERE d.organisation_id = app.organisation() AND d.id = $2`, now, id).Query(rowInto(&out.Summary))
		b.Queue(applicants, id).Query(func(rows pgx.Rows) error {
			var err error
			out.Applicants, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[Applicant])
			return err
		})
		member.QueueForDossier(b, now, id, &out.members)
		b.Queue(products+`p.dossier_id = $1 ORDER BY p.position`, id).Query(rowsInto(&out.Products))
		b.Queue(lastMail, id).QueryRow(func(row pgx.Row) error { return row.Scan(&out.LastMailAt) })
	})
	if err != nil {
		return Dossier{}, err
	}
	for i, a := range p.Applicants {
		for j, m := range p.members {
			if m.ContactID == a.ContactID {
				p.Applicants[i].Member = &p.members[j]
			}
		}
	}
	return p.Dossier, nil
}

// Product returns one product, or db.ErrNotFound.
func (s *Service) Product(ctx context.Context, id uuid.UUID) (Product, error) {
	return db.ReadBatch(ctx, s.DB, authz.DossierRead, func(b *pgx.Batch, out *Product) {
		b.Queue(products+`p.id = $1`, id).Query(rowInto(out))
	})
}

// Choices returns a page of the dossiers that the member's login opens, the newest first.
func (s *Service) Choices(ctx context.Context, after uuid.UUID, limit int) ([]Choice, error) {
	return db.ReadBatch(ctx, s.DB, authz.PortalDossierRead, func(b *pgx.Batch, out *[]Choice) {
		b.Queue(choices, after, limit).Query(rowsInto(out))
	})
}

// Portal returns what the customer sees of a dossier, or db.ErrNotFound; which documents the database decides.
func (s *Service) Portal(ctx context.Context, id uuid.UUID) (Portal, error) {
	p, err := db.ReadBatch(ctx, s.DB, authz.PortalDossierRead, func(b *pgx.Batch, out *Portal) {
		b.Queue(portalDossier, id).Query(func(rows pgx.Rows) error {
			one, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByNameLax[Portal])
			*out = one
			return err
		})
		b.Queue(portalApplicants, id).Query(rowsInto(&out.Applicants))
		b.Queue(products+`p.dossier_id = $1 ORDER BY p.position`, id).Query(rowsInto(&out.Products))
		b.Queue(actionpoint.WithinDossierSQL+`a.dossier_id = $1 AND a.state <> 'cancelled' ORDER BY a.id`, id).Query(func(rows pgx.Rows) error {
			var err error
			out.ActionPoints, err = actionpoint.Collect(rows)
			return err
		})
		b.Queue(portalDocuments, id).Query(rowsInto(&out.Documents))
	})
	if err != nil {
		return Portal{}, err
	}
	productNames := make(map[uuid.UUID]string, len(p.Products))
	for _, product := range p.Products {
		productNames[product.ID] = product.Name
	}
	handled, total := 0, 0
	for i := range p.ActionPoints {
		a := &p.ActionPoints[i]
		a.DossierName, a.DossierReference = p.Name, p.Reference
		if a.ProductID != nil {
			a.ProductName = productNames[*a.ProductID]
		}
		if a.State.Counts() {
			total++
		}
		if a.State.Handled() {
			handled++
		}
		if a.State == actionpoint.Open {
			p.OpenCount++
		}
	}
	p.progress = dossier.NewProgress(handled, total, p.Status == dossier.Closed)
	return p, nil
}
