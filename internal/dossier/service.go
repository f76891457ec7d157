package dossier

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/client"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// Service holds the use cases on dossiers and their products. Reading them is package overview's.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	// Ask puts what a new dossier asks from the start; action points are a tier above this package.
	Ask func(tx *db.Tx, dossier uuid.UUID, asked []Asked) error
	// Usual says what is asked first for a kind of product.
	Usual func(kind ProductKind) []Question
	// Withdraw cancels what is still asked of one applicant, and returns how much that was.
	Withdraw func(tx *db.Tx, dossier, contact uuid.UUID) (int, error)
}

// Draft is what an office supplies to make a dossier, with everything in it.
type Draft struct {
	ClientID      *uuid.UUID // nil: a new client, by name and kind
	ClientName    string
	ClientKind    client.Kind
	TestOfID      *uuid.UUID // the new client is this employee's test client (D1)
	Name          string     // empty: the applicants' last names
	Subject       string
	Phase         Phase
	AdviserID     uuid.UUID
	CaseHandlerID *uuid.UUID
	DueOn         *time.Time
	Products      []ProductDraft
	Applicants    []ApplicantDraft
	Questions     []Question
}

// ProductDraft is what an office supplies to add a product.
type ProductDraft struct {
	Kind        ProductKind
	Name        string
	Information string
	Facts       []Fact
}

// ApplicantDraft is an applicant of a new dossier: a contact of the client, of which only the username is looked at, or
// a new one.
type ApplicantDraft struct {
	ContactID  *uuid.UUID
	FirstName  string
	LastName   string
	Salutation string
	Email      string
	Mobile     string
	Username   string // empty: the e-mail address, or else made from the name
}

// Question is something a new dossier asks from the start; it names product and applicant by their place in the draft.
type Question struct {
	ProductIndex   *int
	ApplicantIndex *int
	Title          string
	Explanation    string
	DueOn          *time.Time
}

// Asked is something to ask in a dossier that exists.
type Asked struct {
	ProductID    *uuid.UUID
	Title        string
	Explanation  string
	ForContactID *uuid.UUID
	DueOn        *time.Time
}

// Change is what changes about a dossier; nil stays as it is. What may be emptied has a Set beside it.
type Change struct {
	Name           *string
	Subject        *string
	Phase          *Phase
	AdviserID      *uuid.UUID
	SetCaseHandler bool
	CaseHandlerID  *uuid.UUID
	SetDueOn       bool
	DueOn          *time.Time
}

// ProductChange is what changes about a product; nil stays as it is.
type ProductChange struct {
	Name        *string
	Kind        *ProductKind
	Status      *ProductStatus
	Information *string
	Facts       *[]Fact
}

// Create makes a dossier with client, contacts, logins, products and what is asked from the start: all of it, or nothing.
// A bad value is a fault on its field; a username that somebody else has is "taken" at that applicant.
func (s *Service) Create(ctx context.Context, in Draft) (uuid.UUID, error) {
	return db.Write(ctx, s.DB, authz.DossierWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		d, err := s.create(tx, in)
		if err != nil {
			return uuid.Nil, event.Event{}, err
		}
		return d.ID, event.Of("dossier.created", d.ID).In(d.ID).With("name", d.Name).With("reference", d.Reference), nil
	})
}

// Update changes a dossier that is not closed. db.ErrStale: somebody else changed it since version.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int64, ch Change) error {
	_, err := db.Write(ctx, s.DB, authz.DossierWrite, func(tx *db.Tx) (struct{}, event.Event, error) {
		d, err := lockVersion(tx, id, version)
		if err != nil {
			return struct{}{}, event.Event{}, err
		}
		if err := d.Change(); err != nil {
			return struct{}{}, event.Event{}, err
		}
		if ch.Name != nil {
			if d.Name = strings.TrimSpace(*ch.Name); d.Name == "" {
				return struct{}{}, event.Event{}, fault.OnField("/name", "required")
			}
		}
		if ch.Subject != nil {
			d.Subject = strings.TrimSpace(*ch.Subject)
		}
		if ch.Phase != nil {
			d.Phase = *ch.Phase
		}
		if ch.AdviserID != nil {
			d.AdviserID = *ch.AdviserID
			if err := employed(tx, d.AdviserID, "/adviserId"); err != nil {
				return struct{}{}, event.Event{}, err
			}
		}
		if ch.SetCaseHandler {
			d.CaseHandlerID = ch.CaseHandlerID
			if d.CaseHandlerID != nil {
				if err := employed(tx, *d.CaseHandlerID, "/caseHandlerId"); err != nil {
					return struct{}{}, event.Event{}, err
				}
			}
		}
		if ch.SetDueOn {
			d.DueOn = ch.DueOn
		}
		return struct{}{}, event.Of("dossier.changed", id).In(id).With("name", d.Name).With("phase", d.Phase), save(tx, &d, s.Now())
	})
	return err
}

// Close ends the work on a dossier. The customer keeps reading it.
func (s *Service) Close(ctx context.Context, id uuid.UUID, version int64) error {
	return s.move(ctx, id, version, "dossier.closed", func(d *Dossier) error { return d.Close(s.Now()) })
}

// Reopen takes the work up again.
func (s *Service) Reopen(ctx context.Context, id uuid.UUID, version int64) error {
	return s.move(ctx, id, version, "dossier.reopened", (*Dossier).Reopen)
}

func (s *Service) move(ctx context.Context, id uuid.UUID, version int64, name string, rule func(*Dossier) error) error {
	_, err := db.Write(ctx, s.DB, authz.DossierWrite, func(tx *db.Tx) (struct{}, event.Event, error) {
		d, err := lockVersion(tx, id, version)
		if err != nil {
			return struct{}{}, event.Event{}, err
		}
		if err := rule(&d); err != nil {
			return struct{}{}, event.Event{}, err
		}
		return struct{}{}, event.Of(name, id).In(id).With("name", d.Name), save(tx, &d, s.Now())
	})
	return err
}

// AddProduct gives a dossier one more product.
func (s *Service) AddProduct(ctx context.Context, dossierID uuid.UUID, in ProductDraft) (uuid.UUID, error) {
	return db.Write(ctx, s.DB, authz.DossierWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		d, err := Lock(tx, dossierID)
		if err != nil {
			return uuid.Nil, event.Event{}, err
		}
		if err := d.Change(); err != nil {
			return uuid.Nil, event.Event{}, err
		}
		var last int
		if err := tx.Raw(`SELECT coalesce(max(position), 0) FROM products WHERE dossier_id = ?`, dossierID).Scan(&last).Error; err != nil {
			return uuid.Nil, event.Event{}, err
		}
		if last >= maxProducts {
			return uuid.Nil, event.Event{}, ErrTooManyProducts
		}
		p, err := addProduct(tx, dossierID, last+1, in, "", s.Now())
		if err != nil {
			return uuid.Nil, event.Event{}, err
		}
		return p.ID, event.Of("product.created", p.ID).In(dossierID).With("name", p.Name), Touch(tx, dossierID)
	})
}

// UpdateProduct changes what the customer reads about a product. db.ErrStale: somebody else changed it since version.
func (s *Service) UpdateProduct(ctx context.Context, id uuid.UUID, version int64, ch ProductChange) error {
	_, err := db.Write(ctx, s.DB, authz.DossierWrite, func(tx *db.Tx) (struct{}, event.Event, error) {
		p, err := lockProduct(tx, id)
		if err != nil {
			return struct{}{}, event.Event{}, err
		}
		if p.Version != version {
			return struct{}{}, event.Event{}, tx.Stale(id)
		}
		ev := event.Of("product.changed", id).In(p.DossierID)
		if ch.Name != nil {
			if p.Name = strings.TrimSpace(*ch.Name); p.Name == "" {
				return struct{}{}, event.Event{}, fault.OnField("/name", "required")
			}
		}
		if ch.Kind != nil {
			p.Kind = *ch.Kind
		}
		if ch.Status != nil && *ch.Status != p.Status {
			p.Status = *ch.Status
			ev = ev.With("status", p.Status)
		}
		if ch.Information != nil {
			p.Information = strings.TrimSpace(*ch.Information)
		}
		if ch.Facts != nil {
			p.Facts = *ch.Facts
		}
		p.Version++
		p.UpdatedAt = s.Now()
		if err := tx.Select("name", "kind", "status", "information", "facts", "version", "updated_at").Updates(&p).Error; err != nil {
			return struct{}{}, event.Event{}, err
		}
		return struct{}{}, ev.With("name", p.Name), Touch(tx, p.DossierID)
	})
	return err
}
