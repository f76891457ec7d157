package document

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/fault"
)

// AttachTo says what uploads become part of.
type AttachTo struct {
	DossierID     uuid.UUID
	ProductID     *uuid.UUID
	ActionPointID *uuid.UUID
	SubmissionID  *uuid.UUID
	Title         string // empty: each file's own name
	Remark        string
	Origin        Origin
	Visible       bool
}

// AttachUploads turns finished uploads into documents, in the order of ids and within the caller's transaction.
func AttachUploads(tx *db.Tx, to AttachTo, ids []uuid.UUID) ([]Document, error) {
	uploads, err := TakeUploads(tx, ids)
	if err != nil {
		return nil, err
	}
	return Attach(tx, to, uploads), nil
}

// TakeUploads locks finished uploads, in the order of ids, for Attach. Only who sent an upload can use it, once. What is wrong is said per
// upload: a fault with the pointer /uploadIds/0 and one of the codes not-found, repeated, incomplete, refused, used, expired.
func TakeUploads(tx *db.Tx, ids []uuid.UUID) ([]Upload, error) {
	var rows []Upload
	// In the order of their ids, so that two requests with the same uploads wait for each other instead of both failing.
	err := own(tx).Clauses(clause.Locking{Strength: "UPDATE"}).Where("id IN ?", ids).Order("id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	found := make(map[uuid.UUID]*Upload, len(rows))
	for i := range rows {
		found[rows[i].ID] = &rows[i]
	}
	now := tx.Now()
	var bad []fault.Field
	seen := make(map[uuid.UUID]bool, len(ids))
	for i, id := range ids {
		code := usable(found[id], now)
		if seen[id] {
			code = "repeated"
		}
		seen[id] = true
		if code != "" {
			bad = append(bad, fault.Field{Pointer: fmt.Sprintf("/uploadIds/%d", i), Code: code})
		}
	}
	if len(bad) > 0 {
		return nil, fault.ErrInvalid.With(bad...)
	}

	taken := make([]Upload, 0, len(ids))
	for _, id := range ids {
		taken = append(taken, *found[id])
	}
	return taken, nil
}

// Attach queues what makes documents of uploads that were taken.
func Attach(tx *db.Tx, to AttachTo, uploads []Upload) []Document {
	now := tx.Now()
	docs, ids := make([]Document, 0, len(uploads)), make([]uuid.UUID, 0, len(uploads))
	for _, u := range uploads {
		d := Document{
			ID: uuid.Must(uuid.NewV7()), DossierID: to.DossierID, ProductID: to.ProductID, ActionPointID: to.ActionPointID, SubmissionID: to.SubmissionID,
			Title: to.Title, Origin: to.Origin, Visible: to.Visible, Remark: to.Remark, CurrentVersion: 1, Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		d.insert(tx, Version{Filename: u.Filename, MediaType: *u.MediaType, Size: u.Size, SHA256: u.SHA256, BlobKey: *u.BlobKey})
		docs, ids = append(docs, d), append(ids, u.ID)
	}
	tx.Queue(`UPDATE uploads SET state = 'attached' WHERE organisation_id = $1 AND id = ANY ($2)`, tx.Actor.Organisation, ids)
	return docs
}

// ArchiveSubmission puts away the files of a submission that the caller has just withdrawn, and returns how many there were.
func ArchiveSubmission(tx *db.Tx, submission uuid.UUID) (int64, error) {
	r := tx.Exec(`UPDATE documents SET archived_at = ?, updated_at = ?, version = version + 1
		WHERE organisation_id = ? AND submission_id = ? AND archived_at IS NULL`, tx.Now(), tx.Now(), tx.Actor.Organisation, submission)
	return r.RowsAffected, r.Error
}

// usable returns why an upload cannot become a document, or nothing.
func usable(u *Upload, now time.Time) string {
	switch {
	case u == nil:
		return "not-found"
	case u.State == Attached:
		return "used"
	case u.State == Refused:
		return "refused"
	case now.After(u.ExpiresAt):
		return "expired"
	case u.State != Ready:
		return "incomplete"
	}
	return ""
}

// insert queues the rows of d and its first version. The bytes must be there already.
func (d *Document) insert(tx *db.Tx, v Version) {
	who := tx.Actor
	if d.Title == "" {
		d.Title = strings.TrimSuffix(v.Filename, filepath.Ext(v.Filename))
	}
	v.DocumentID, v.Number, v.DossierID, v.CreatedAt = d.ID, 1, d.DossierID, d.CreatedAt
	switch who.Kind {
	case authz.Member:
		v.UploadedByMember = &who.ID
	case authz.Employee:
		v.UploadedByEmployee = &who.ID
	case authz.APIClient, authz.System, authz.Visitor: // nobody: the trail says which program
	}
	v.UploadedByName = who.Name
	tx.Queue(`INSERT INTO documents (organisation_id, id, dossier_id, product_id, action_point_id, submission_id, handed_in_by, title, origin, visible, remark,
			current_version, filename, media_type, size, sha256, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $14, $15, 1, $16, $16)`,
		who.Organisation, d.ID, d.DossierID, d.ProductID, d.ActionPointID, d.SubmissionID, v.UploadedByMember, d.Title, string(d.Origin), d.Visible, d.Remark,
		v.Filename, v.MediaType, v.Size, v.SHA256, d.CreatedAt)
	tx.Queue(`INSERT INTO document_versions (organisation_id, document_id, number, dossier_id, filename, media_type, size, sha256, blob_key,
			uploaded_by_employee, uploaded_by_member, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		who.Organisation, v.DocumentID, v.Number, v.DossierID, v.Filename, v.MediaType, v.Size, v.SHA256, v.BlobKey,
		v.UploadedByEmployee, v.UploadedByMember, v.CreatedAt)
	d.Filename, d.MediaType, d.Size, d.SHA256, d.Versions = v.Filename, v.MediaType, v.Size, v.SHA256, []Version{v}
}
