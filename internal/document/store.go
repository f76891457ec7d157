package document

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// Find returns one document with its history, or db.ErrNotFound. An archived one is not found.
func Find(tx *db.Tx, id uuid.UUID) (Document, error) {
	var d Document
	if err := tx.Where("id = ? AND archived_at IS NULL", id).First(&d).Error; err != nil {
		return d, err
	}
	if tx.Actor.Kind == authz.Member { // the history is told to the office only
		return d, nil
	}
	err := tx.Raw(`SELECT v.*, `+uploadedBy+` AS uploaded_by_name FROM document_versions v`+joinUploadedBy+`
		WHERE v.document_id = ? ORDER BY v.number`, id).Scan(&d.Versions).Error
	if err != nil {
		return d, err
	}
	err = tx.Raw(`SELECT member_id FROM document_members WHERE document_id = ? ORDER BY member_id`, id).Scan(&d.MemberIDs).Error
	return d, err
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

// errDossierClosed is package dossier's fault of this code, which documents stand beside and do not import.
var errDossierClosed = fault.New(fault.Conflict, "dossier-closed", "The dossier is closed.")

// isOpen is db.ErrNotFound for a dossier that the actor cannot see, and errDossierClosed for one in which nothing new may come.
func isOpen(tx *db.Tx, dossier uuid.UUID) error {
	var found struct{ Status string }
	if err := tx.Table("dossiers").Select("status").Where("id = ?", dossier).Take(&found).Error; err != nil {
		return err
	}
	if found.Status == "closed" {
		return errDossierClosed
	}
	return nil
}

// keepOpen is isOpen for a dossier that something is about to be put in: it cannot be closed meanwhile.
func keepOpen(tx *db.Tx, dossier uuid.UUID) error {
	if err := tx.Exec(`SELECT 1 FROM dossiers WHERE id = ? FOR NO KEY UPDATE`, dossier).Error; err != nil {
		return err
	}
	return isOpen(tx, dossier)
}

// touch moves a dossier up in the list of what was worked on last.
func touch(tx *db.Tx, dossier uuid.UUID) error {
	return tx.Exec(`UPDATE dossiers SET activity_at = ? WHERE organisation_id = ? AND id = ?`, tx.Now(), tx.Actor.Organisation, dossier).Error
}

const columns = `o.id, o.dossier_id, o.product_id, o.action_point_id, o.submission_id, o.title, o.origin, o.visible, o.restricted, o.remark, o.current_version,
	o.filename, o.media_type, o.size, o.sha256, o.version, o.created_at, o.updated_at, o.archived_at`

// uploadedBy is the name of who put a version there.
const (
	uploadedBy     = `coalesce(e.first_name || ' ' || e.last_name, c.first_name || ' ' || c.last_name, '')`
	joinUploadedBy = `
		LEFT JOIN employees e ON e.organisation_id = v.organisation_id AND e.id = v.uploaded_by_employee
		LEFT JOIN portal_members m ON m.organisation_id = v.organisation_id AND m.id = v.uploaded_by_member
		LEFT JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id`
)

// queueList reads a page, newest first; ids are UUIDv7, so their order is that of creation. The history is told to the office only.
func queueList(b *pgx.Batch, need authz.Permission, dossier *uuid.UUID, after uuid.UUID, limit int, out *[]Document) {
	where, args := "o.organisation_id = app.organisation() AND o.archived_at IS NULL", []any{limit}
	if after != uuid.Nil {
		args = append(args, after)
		where += " AND o.id < $2"
	}
	if dossier != nil {
		db.QueueExists(b, "dossiers", *dossier)
		args = append(args, *dossier)
		where += " AND o.dossier_id = $" + strconv.Itoa(len(args))
	}
	page := ` FROM documents o WHERE ` + where + ` ORDER BY o.id DESC LIMIT $1`
	b.Queue(`SELECT `+columns+page, args...).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[Document])
		*out = all
		return err
	})
	if need == authz.PortalDocumentRead {
		return
	}
	b.Queue(`SELECT v.document_id, v.number, v.dossier_id, v.filename, v.media_type, v.size, v.sha256, v.blob_key, v.uploaded_by_employee, v.uploaded_by_member,
			v.created_at, `+uploadedBy+` AS uploaded_by_name
		FROM (SELECT o.organisation_id, o.id`+page+`) p JOIN document_versions v ON v.organisation_id = p.organisation_id AND v.document_id = p.id`+joinUploadedBy+`
		ORDER BY v.document_id, v.number`, args...).Query(func(rows pgx.Rows) error {
		versions, err := pgx.CollectRows(rows, pgx.RowToStructByName[Version])
		assign(*out, versions)
		return err
	})
	b.Queue(`SELECT c.document_id, c.member_id FROM (SELECT o.organisation_id, o.id`+page+`) p
		JOIN document_members c ON c.organisation_id = p.organisation_id AND c.document_id = p.id ORDER BY c.document_id, c.member_id`, args...).
		Query(func(rows pgx.Rows) error {
			at := make(map[uuid.UUID]int, len(*out))
			for i, d := range *out {
				at[d.ID] = i
			}
			var document, member uuid.UUID
			_, err := pgx.ForEachRow(rows, []any{&document, &member}, func() error {
				if i, ok := at[document]; ok {
					(*out)[i].MemberIDs = append((*out)[i].MemberIDs, member)
				}
				return nil
			})
			return err
		})
}

// assign gives each document its history.
func assign(docs []Document, versions []Version) {
	at := make(map[uuid.UUID]int, len(docs))
	for i, d := range docs {
		at[d.ID] = i
	}
	for _, v := range versions {
		if i, ok := at[v.DocumentID]; ok {
			docs[i].Versions = append(docs[i].Versions, v)
		}
	}
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

// choose says who may see a document of the dossier, and writes down for whom that changes: their screens follow.
func (d *Document) choose(tx *db.Tx, members *[]uuid.UUID) error {
	before, after := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, id := range d.MemberIDs {
		before[id] = true
	}
	var everybody []uuid.UUID
	if err := tx.Raw(`SELECT member_id FROM dossier_members WHERE dossier_id = ? ORDER BY member_id`, d.DossierID).Scan(&everybody).Error; err != nil {
		return err
	}
	wasRestricted := d.Restricted
	d.Restricted, d.MemberIDs = members != nil, nil
	if members != nil {
		for i, id := range *members {
			// Who was chosen and no longer opens the dossier stays chosen: it has no effect, and comes back with the access.
			if !slices.Contains(everybody, id) && !before[id] {
				return fault.OnField("/memberIds/"+strconv.Itoa(i), "not-found")
			}
			if !after[id] {
				after[id] = true
				d.MemberIDs = append(d.MemberIDs, id)
			}
		}
	}
	if err := tx.Exec(`DELETE FROM document_members WHERE document_id = ?`, d.ID).Error; err != nil {
		return err
	}
	for _, id := range d.MemberIDs {
		if err := tx.Exec(`INSERT INTO document_members (document_id, member_id, created_at) VALUES (?, ?, ?)`, d.ID, id, tx.Now()).Error; err != nil {
			return err
		}
	}
	slices.SortFunc(d.MemberIDs, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	for _, id := range everybody {
		if (wasRestricted && !before[id]) == (d.Restricted && !after[id]) {
			continue
		}
		if err := tx.Record(event.Of("portal_member.documents_changed", id)); err != nil {
			return err
		}
	}
	return nil
}
