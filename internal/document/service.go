package document

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/blobstore"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/text"
)

// Service holds the use cases on documents and uploads, for the office and for customers: what a customer may see the database decides.
type Service struct {
	DB    *db.DB
	Blobs *blobstore.Store
	Now   func() time.Time
	Log   *slog.Logger

	transfers transfers
}

// reading returns the permission with which the actor looks at documents.
func reading(ctx context.Context) authz.Permission {
	if who, err := authz.From(ctx); err == nil && who.Kind == authz.Member {
		return authz.PortalDocumentRead
	}
	return authz.DocumentRead
}

// sending returns the permission with which the actor hands in files.
func sending(ctx context.Context) authz.Permission {
	if who, err := authz.From(ctx); err == nil && who.Kind == authz.Member {
		return authz.PortalSubmissionCreate
	}
	return authz.DocumentWrite
}

// List returns at most limit documents that follow after, newest first, of one dossier or of all the office has. A dossier that is not there is
// db.ErrNotFound.
func (s *Service) List(ctx context.Context, dossier *uuid.UUID, after uuid.UUID, limit int) ([]Document, error) {
	return s.list(ctx, authz.DocumentRead, dossier, after, limit)
}

// ListAsMember is List for a customer, of what that customer sees.
func (s *Service) ListAsMember(ctx context.Context, dossier *uuid.UUID, after uuid.UUID, limit int) ([]Document, error) {
	return s.list(ctx, authz.PortalDocumentRead, dossier, after, limit)
}

func (s *Service) list(ctx context.Context, need authz.Permission, dossier *uuid.UUID, after uuid.UUID, limit int) ([]Document, error) {
	return db.ReadBatch(ctx, s.DB, need, func(b *pgx.Batch, out *[]Document) { queueList(b, need, dossier, after, limit, out) })
}

// Get returns one document with its history.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (Document, error) {
	return db.Read(ctx, s.DB, reading(ctx), func(tx *db.Tx) (Document, error) {
		return Find(tx, id)
	})
}

// Content returns the version whose bytes the actor asks for; number 0 is the current one. A member who may not read documents
// still finds what it handed in with its action point, and nothing else: db.ErrForbidden.
func (s *Service) Content(ctx context.Context, id uuid.UUID, number int) (Version, error) {
	need, handedInOnly := reading(ctx), false
	if who, err := authz.From(ctx); err == nil && who.Kind == authz.Member && !who.May(need) {
		need, handedInOnly = authz.PortalDossierRead, true
	}
	v, err := db.Read(ctx, s.DB, need, func(tx *db.Tx) (Version, error) {
		return version(tx, id, number)
	})
	if handedInOnly && errors.Is(err, db.ErrNotFound) {
		return v, db.ErrForbidden
	}
	return v, err
}

// CreateFromUpload turns a finished upload of the employee into a document.
func (s *Service) CreateFromUpload(ctx context.Context, dossier uuid.UUID, in Draft, upload uuid.UUID) (Document, error) {
	return db.Write(ctx, s.DB, authz.DocumentWrite, func(tx *db.Tx) (Document, event.Event, error) {
		if err := in.check(tx, dossier); err != nil {
			return Document{}, event.Event{}, err
		}
		docs, err := AttachUploads(tx, AttachTo{
			DossierID: dossier, ProductID: in.ProductID, Title: in.Title, Remark: in.Remark, Origin: FromOffice, Visible: in.Visible,
		}, []uuid.UUID{upload})
		if err != nil {
			return Document{}, event.Event{}, onUpload(err)
		}
		if err := touch(tx, dossier); err != nil {
			return Document{}, event.Event{}, err
		}
		d, err := Find(tx, docs[0].ID)
		return d, d.event("document.created"), err
	})
}

// onUpload renames the pointer of AttachUploads for a body with a single upload.
func onUpload(err error) error {
	f, ok := err.(*fault.Error) //nolint:errorlint // straight from AttachUploads
	if !ok {
		return err
	}
	out := *f
	out.Fields = nil
	for _, field := range f.Fields {
		out.Fields = append(out.Fields, fault.Field{Pointer: strings.Replace(field.Pointer, "/uploadIds/0", "/uploadId", 1), Code: field.Code})
	}
	return &out
}

// check refuses a dossier that is not there, and a product of another one.
func (in *Draft) check(tx *db.Tx, dossier uuid.UUID) error {
	in.Title = text.Line(in.Title)
	if err := keepOpen(tx, dossier); err != nil {
		return err
	}
	if in.ProductID == nil {
		return nil
	}
	var n int64
	if err := tx.Table("products").Where("id = ? AND dossier_id = ?", *in.ProductID, dossier).Count(&n).Error; err != nil {
		return err
	}
	if n == 0 {
		return fault.OnField("/productId", "not-found")
	}
	return nil
}

// Update changes what stands with a document. version is the one that the employee saw; another is db.ErrStale.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int64, in Change) (Document, error) {
	return db.Write(ctx, s.DB, authz.DocumentWrite, func(tx *db.Tx) (Document, event.Event, error) {
		d, err := lock(tx, id)
		if err != nil {
			return d, event.Event{}, err
		}
		if d.Version != version {
			return d, event.Event{}, tx.Stale(id)
		}
		hidden := !d.Visible
		name, err := d.apply(in)
		if err != nil {
			return d, event.Event{}, err
		}
		if hidden && d.Visible { // taking back what was shared stays possible
			if err := isOpen(tx, d.DossierID); err != nil {
				return d, event.Event{}, err
			}
		}
		if in.SetMembers {
			if err := d.choose(tx, in.MemberIDs); err != nil {
				return d, event.Event{}, err
			}
			if name == "document.updated" {
				name = "document.access_changed"
			}
		}
		d.Version, d.UpdatedAt = d.Version+1, s.Now()
		err = tx.Model(&d).Where("id = ?", id).Select("Title", "Visible", "Restricted", "Remark", "Version", "UpdatedAt").Updates(&d).Error
		if err != nil {
			return d, event.Event{}, err
		}
		return d, d.event(name), touch(tx, d.DossierID)
	})
}

// apply makes the changes and returns the name of what happened: sharing weighs more than the rest.
func (d *Document) apply(in Change) (string, error) {
	name := "document.updated"
	if in.Title != nil {
		if d.Title = text.Line(*in.Title); d.Title == "" {
			return "", fault.OnField("/title", "required")
		}
	}
	if in.Remark != nil {
		d.Remark = strings.TrimSpace(*in.Remark)
	}
	if in.Visible != nil && *in.Visible != d.Visible {
		d.Visible, name = *in.Visible, "document.hidden"
		if d.Visible {
			name = "document.shared"
		}
	}
	return name, nil
}

// Archive takes a document out of everybody's sight. Its bytes stay.
func (s *Service) Archive(ctx context.Context, id uuid.UUID) error {
	_, err := db.Write(ctx, s.DB, authz.DocumentWrite, func(tx *db.Tx) (struct{}, event.Event, error) {
		d, err := lock(tx, id)
		if err != nil {
			return struct{}{}, event.Event{}, err
		}
		err = tx.Model(&d).Where("id = ?", id).Updates(map[string]any{"archived_at": s.Now(), "updated_at": s.Now(), "version": d.Version + 1}).Error
		return struct{}{}, d.event("document.archived"), err
	})
	return err
}

func (d Document) event(name string) event.Event {
	ev := event.Of(name, d.ID).In(d.DossierID).With("title", d.Title).With("visible", d.Visible)
	if d.Restricted {
		ev = ev.With("members", d.MemberIDs)
	}
	return ev
}
