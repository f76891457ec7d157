package document

import (
	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"voordeur/internal/authz"
	"voordeur/internal/db"
)

// Find returns one document with its history, or db.ErrNotFound. An archived one is not found.
func Find(tx *db.Tx, id uuid.UUID) (Document, error) {
	var d Document
	if err := tx.Where("id = ? AND archived_at IS NULL", id).First(&d).Error; err != nil {
		return d, err
	}
	docs := []Document{d}
	err := loadVersions(tx, docs)
	return docs[0], err
}

// lock is Find for a document that is about to change.
func lock(tx *db.Tx, id uuid.UUID) (Document, error) {
	var held struct{ ID uuid.UUID }
	err := tx.Model(&Document{}).Clauses(clause.Locking{Strength: "UPDATE"}).Select("id").
		Where("id = ? AND archived_at IS NULL", id).Take(&held).Error
	if err != nil {
		return Document{}, err
	}
	return Find(tx, id)
}

// exists is db.ErrNotFound for a dossier that the actor cannot see.
func exists(tx *db.Tx, dossier uuid.UUID) error {
	var found struct{ ID uuid.UUID }
	return tx.Table("dossiers").Select("id").Where("id = ?", dossier).Take(&found).Error
}

// touch moves a dossier up in the list of what was worked on last.
func touch(tx *db.Tx, dossier uuid.UUID) error {
	return tx.Exec(`UPDATE dossiers SET activity_at = ? WHERE organisation_id = ? AND id = ?`, tx.Now(), tx.Actor.Organisation, dossier).Error
}

// list returns a page, newest first; ids are UUIDv7, so their order is that of creation.
func list(tx *db.Tx, dossier *uuid.UUID, after uuid.UUID, limit int) ([]Document, error) {
	q := tx.Where("organisation_id = ? AND archived_at IS NULL", tx.Actor.Organisation)
	if dossier != nil {
		q = q.Where("dossier_id = ?", *dossier)
	}
	if after != uuid.Nil {
		q = q.Where("id < ?", after)
	}
	var docs []Document
	if err := q.Order("id DESC").Limit(limit).Find(&docs).Error; err != nil {
		return nil, err
	}
	if len(docs) == 0 && dossier != nil {
		return nil, exists(tx, *dossier)
	}
	return docs, loadVersions(tx, docs)
}

// loadVersions fills in the history of docs. Who put a version there is told to the office only.
func loadVersions(tx *db.Tx, docs []Document) error {
	if len(docs) == 0 {
		return nil
	}
	ids, at := make([]uuid.UUID, len(docs)), make(map[uuid.UUID]int, len(docs))
	for i, d := range docs {
		ids[i], at[d.ID] = d.ID, i
	}
	q := tx.Table("document_versions AS v").Where("v.document_id IN ?", ids).Order("v.document_id, v.number")
	if tx.Actor.Kind == authz.Member {
		q = q.Select("v.*")
	} else {
		q = q.Select(`v.*, coalesce(e.first_name || ' ' || e.last_name, c.first_name || ' ' || c.last_name, '') AS uploaded_by_name`).
			Joins(`LEFT JOIN employees e ON e.organisation_id = v.organisation_id AND e.id = v.uploaded_by_employee`).
			Joins(`LEFT JOIN portal_members m ON m.organisation_id = v.organisation_id AND m.id = v.uploaded_by_member`).
			Joins(`LEFT JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id`)
	}
	var versions []Version
	if err := q.Scan(&versions).Error; err != nil {
		return err
	}
	for _, v := range versions {
		d := &docs[at[v.DocumentID]]
		d.Versions = append(d.Versions, v)
	}
	return nil
}

// version returns one version of a document that the actor sees; number 0 is the current one.
func version(tx *db.Tx, document uuid.UUID, number int) (Version, error) {
	var v Version
	err := tx.Table("document_versions AS v").Select("v.*").
		Joins("JOIN documents d ON d.organisation_id = v.organisation_id AND d.id = v.document_id").
		Where("d.id = ? AND d.archived_at IS NULL AND v.number = CASE WHEN ? > 0 THEN ? ELSE d.current_version END", document, number, number).
		Take(&v).Error
	return v, err
}
