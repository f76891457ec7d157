package member

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/client"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// ErrNotShared is returned for a login that opens one dossier only: there is nothing to split off.
var ErrNotShared = fault.New(fault.Conflict, "member-not-shared", "The portal member opens no other dossier.")

// Split gives one dossier of a login that opens several a login of its own: the same person, with the same rights, the same documents
// behind the key and what was handed in, under another username and without a password. The old login no longer opens the dossier.
// db.ErrStale, ErrArchived, ErrBlocked, ErrNotShared; a username that cannot be had is a fault on its field.
func Split(tx *db.Tx, id uuid.UUID, version int64, dossierID uuid.UUID, username string) (Member, error) {
	m, err := lockVersion(tx, id, version)
	if err != nil {
		return m, err
	}
	if m.BlockedAt != nil { // a second way in would take the block away
		return m, ErrBlocked
	}
	opens, err := opened(tx, id)
	if err != nil {
		return m, err
	}
	switch {
	case !slices.Contains(opens, dossierID):
		return m, fault.OnField("/dossierId", "not-found")
	case len(opens) == 1:
		return m, ErrNotShared
	}
	p, err := client.FindContact(tx, m.ContactID)
	if err != nil {
		return m, err
	}
	permissions, notifications := []string(m.Permissions), []Notification(m.Notifications)
	own, err := CreateForContact(tx, Spec{
		ClientID: m.ClientID, ContactID: m.ContactID, ContactEmail: p.Email, Username: username, Function: m.Function, Locale: m.Locale,
		DossierIDs: []uuid.UUID{dossierID}, Rights: Rights{Preset: &m.Preset, Permissions: &permissions, Notifications: &notifications},
	})
	if err != nil {
		return m, err
	}
	if err := tx.Flush(); err != nil {
		return m, err
	}
	if err := handOver(tx, id, own.ID, []uuid.UUID{dossierID}); err != nil {
		return m, err
	}
	if err := touch(tx, id); err != nil {
		return m, err
	}
	return own, tx.Record(event.Of("portal_member.created", own.ID).With("username", own.Username))
}

// Join lets another login of the same person open what this one opens, with the documents behind the key, and puts this one away: its
// sessions end. The other login keeps its own rights. db.ErrStale, ErrArchived, ErrBlocked; a login that cannot take it over is a
// fault on its field.
func (s *Service) Join(ctx context.Context, id uuid.UUID, version int64, into uuid.UUID) (View, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) (View, event.Event, error) {
		if err := lockBoth(tx, id, into); err != nil {
			return View{}, event.Event{}, err
		}
		m, err := lockVersion(tx, id, version)
		if err != nil {
			return View{}, event.Event{}, err
		}
		other, err := Lock(tx, into)
		switch {
		case err != nil || into == id || other.ContactID != m.ContactID || other.ArchivedAt != nil:
			return View{}, event.Event{}, fault.OnField("/intoId", "not-found").Because(err)
		case other.BlockedAt != nil || m.BlockedAt != nil: // what was shut opens by no other way
			return View{}, event.Event{}, ErrBlocked
		}
		opens, err := opened(tx, id)
		if err != nil {
			return View{}, event.Event{}, err
		}
		for _, d := range opens {
			QueueOpen(tx, into, d)
		}
		if err := tx.Flush(); err != nil {
			return View{}, event.Event{}, err
		}
		if err := handOver(tx, id, into, opens); err != nil {
			return View{}, event.Event{}, err
		}
		now := s.Now()
		if err := tx.Exec(`UPDATE portal_members SET archived_at = ? WHERE id = ?`, now, id).Error; err != nil {
			return View{}, event.Event{}, err
		}
		if err := touch(tx, id, into); err != nil {
			return View{}, event.Event{}, err
		}
		if err := EndSessions(tx, id, uuid.Nil, now); err != nil {
			return View{}, event.Event{}, err
		}
		if err := EndViews(tx, ViewMemberBlocked, now, `v.member_id = ?`, id); err != nil {
			return View{}, event.Event{}, err
		}
		if err := tx.Record(event.Of("portal_member.archived", id)); err != nil {
			return View{}, event.Event{}, err
		}
		v, err := Find(tx, now, into)
		return v, event.Of("portal_member.joined", into).With("username", m.Username), err
	})
}

// opened returns the dossiers that a login opens.
func opened(tx *db.Tx, id uuid.UUID) ([]uuid.UUID, error) {
	var ids []uuid.UUID
	err := tx.Raw(`SELECT dossier_id FROM dossier_members WHERE member_id = ?`, id).Scan(&ids).Error
	return ids, err
}

// handOver takes dossiers from one login of a person, for another that opens them already: with the documents behind the key, and with
// what was handed in, so that the person still sees it and can take it back. Who uploaded the bytes stays as it was.
func handOver(tx *db.Tx, from, to uuid.UUID, dossiers []uuid.UUID) error {
	if len(dossiers) == 0 {
		return nil
	}
	for _, do := range []string{
		`INSERT INTO document_members (document_id, member_id) SELECT c.document_id, @to FROM document_members c
			JOIN documents d ON d.organisation_id = c.organisation_id AND d.id = c.document_id WHERE c.member_id = @from AND d.dossier_id IN @dossiers
			ON CONFLICT DO NOTHING`,
		`DELETE FROM document_members WHERE member_id = @from AND document_id IN (SELECT id FROM documents WHERE dossier_id IN @dossiers)`,
		`UPDATE submissions SET member_id = @to WHERE member_id = @from AND dossier_id IN @dossiers`,
		`UPDATE documents SET handed_in_by = @to WHERE handed_in_by = @from AND dossier_id IN @dossiers`,
		`DELETE FROM dossier_members WHERE member_id = @from AND dossier_id IN @dossiers`,
	} {
		if err := tx.Exec(do, map[string]any{"from": from, "to": to, "dossiers": dossiers}).Error; err != nil {
			return err
		}
	}
	return nil
}

// lockBoth locks two logins in an order that is always the same, so that two who join them at once wait for each other.
func lockBoth(tx *db.Tx, a, b uuid.UUID) error {
	return tx.Exec(`SELECT 1 FROM portal_members WHERE id IN (?, ?) ORDER BY id FOR UPDATE`, a, b).Error
}

// lockVersion is Lock for a login that changes as somebody saw it.
func lockVersion(tx *db.Tx, id uuid.UUID, version int64) (Member, error) {
	m, err := Lock(tx, id)
	switch {
	case err != nil:
		return m, err
	case m.Version != version:
		return m, tx.Stale(id)
	case m.ArchivedAt != nil:
		return m, ErrArchived
	}
	return m, nil
}

// touch says that logins changed.
func touch(tx *db.Tx, ids ...uuid.UUID) error {
	return tx.Exec(`UPDATE portal_members SET version = version + 1, updated_at = ? WHERE id IN ?`, tx.Now(), ids).Error
}
