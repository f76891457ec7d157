package member

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/client"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// Service holds the use cases on logins that send nothing; package invitation has those that do.
type Service struct {
	DB  *db.DB
	Now func() time.Time
}

// Cursor says where v stands in the list.
func (v View) Cursor() Cursor { return Cursor{ID: v.ID} }

// List returns a page of logins, newest first, and whether there are more.
func (s *Service) List(ctx context.Context, f Filter) ([]View, bool, error) {
	list, err := db.Read(ctx, s.DB, authz.MemberRead, func(tx *db.Tx) ([]View, error) { return list(tx, s.Now(), f) })
	if err != nil || len(list) <= f.Limit {
		return list, false, err
	}
	return list[:f.Limit], true, nil
}

// Get returns one login.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (View, error) {
	return db.Read(ctx, s.DB, authz.MemberRead, func(tx *db.Tx) (View, error) { return Find(tx, s.Now(), id) })
}

// CheckUsername says why a username cannot be had, or nothing. memberID is who has it now, if anybody.
func (s *Service) CheckUsername(ctx context.Context, username, contactEmail string, memberID uuid.UUID) (UsernameReason, error) {
	if reason := Check(username, contactEmail); reason != "" {
		return reason, nil
	}
	return db.Read(ctx, s.DB, authz.MemberRead, func(tx *db.Tx) (UsernameReason, error) {
		var taken bool
		err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM portal_members WHERE username_folded = ? AND id <> ?)`, Fold(username), memberID).Scan(&taken).Error
		if taken {
			return UsernameTaken, err
		}
		return "", err
	})
}

// Update changes a login and the contact behind it. db.ErrStale: somebody else changed it since version. A new username, blocking and
// archiving end every session: what the customer knew no longer holds. Rights are looked at with every request. ErrArchived: it can only
// be restored.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int64, ch Change) (View, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) (View, event.Event, error) {
		m, err := Lock(tx, id)
		if err != nil {
			return View{}, event.Event{}, err
		}
		if m.Version != version {
			return View{}, event.Event{}, tx.Stale(id)
		}
		now, what := s.Now(), event.Of("portal_member.changed", id)
		endSessions := false
		switch {
		case ch.Archived != nil && *ch.Archived && m.ArchivedAt == nil:
			m.ArchivedAt, endSessions = &now, true
			what = event.Of("portal_member.archived", id)
		case ch.Archived != nil && !*ch.Archived && m.ArchivedAt != nil:
			if _, another, err := OfContact(tx, m.ContactID); err != nil || another {
				return View{}, event.Event{}, orElse(err, fault.OnField("/archived", "has-login"))
			}
			m.ArchivedAt = nil
			what = event.Of("portal_member.restored", id)
		case m.ArchivedAt != nil:
			return View{}, event.Event{}, ErrArchived
		}
		if err := s.changePerson(tx, m, ch); err != nil {
			return View{}, event.Event{}, err
		}
		rights, heard := m.Permissions, m.Notifications
		if err := m.give(Rights{ch.Preset, ch.Permissions, ch.Notifications}); err != nil {
			return View{}, event.Event{}, err
		}
		if !slices.Equal(rights, m.Permissions) {
			what = event.Of("portal_member.permissions_changed", id).With("from", rights).With("to", m.Permissions)
		} else if !slices.Equal(heard, m.Notifications) {
			what = event.Of("portal_member.notifications_changed", id).With("notifications", m.Notifications)
		}
		if ch.Function != nil {
			m.Function = strings.TrimSpace(*ch.Function)
		}
		if ch.Username != nil && strings.TrimSpace(*ch.Username) != m.Username {
			if err := rename(tx, &m, *ch.Username); err != nil {
				return View{}, event.Event{}, err
			}
			what, endSessions = event.Of("portal_member.renamed", id).With("username", m.Username), true
		}
		if ch.Blocked != nil && *ch.Blocked != (m.BlockedAt != nil) {
			if *ch.Blocked {
				m.BlockedAt, endSessions = &now, true
				what = event.Of("portal_member.blocked", id)
			} else {
				m.BlockedAt = nil
				what = event.Of("portal_member.unblocked", id)
			}
		}
		err = tx.Exec(`UPDATE portal_members SET function = ?, blocked_at = ?, archived_at = ?, preset = ?, permissions = ?, notifications = ?,
			version = ?, updated_at = ? WHERE id = ?`,
			m.Function, m.BlockedAt, m.ArchivedAt, m.Preset, m.Permissions, m.Notifications, m.Version+1, now, id).Error
		if err != nil {
			return View{}, event.Event{}, err
		}
		if endSessions {
			if err := EndSessions(tx, id, uuid.Nil, now); err != nil {
				return View{}, event.Event{}, err
			}
		}
		if m.BlockedAt != nil || m.ArchivedAt != nil {
			if err := EndViews(tx, ViewMemberBlocked, now, `v.member_id = ?`, id); err != nil {
				return View{}, event.Event{}, err
			}
		}
		v, err := Find(tx, now, id)
		return v, what, err
	})
}

// changePerson changes the contact behind the login.
func (s *Service) changePerson(tx *db.Tx, m Member, ch Change) error {
	if ch.FirstName == nil && ch.LastName == nil && ch.Email == nil {
		return nil
	}
	p, err := client.ChangeContact(tx, m.ContactID, client.ContactChange{FirstName: ch.FirstName, LastName: ch.LastName, Email: ch.Email})
	if err != nil {
		return err
	}
	return tx.Record(event.Of("contact.changed", p.ID))
}

// Prefer stores which mails the member who acts wants (E10). db.ErrStale: the login changed since version.
func (s *Service) Prefer(ctx context.Context, version int64, notifications []Notification) ([]Notification, int64, error) {
	type chosen struct {
		Notifications []Notification
		Version       int64
	}
	out, err := db.Write(ctx, s.DB, authz.PortalMe, func(tx *db.Tx) (chosen, event.Event, error) {
		m := Member{ID: tx.Actor.ID}
		if err := m.give(Rights{Notifications: &notifications}); err != nil {
			return chosen{}, event.Event{}, err
		}
		res := tx.Exec(`UPDATE portal_members SET notifications = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?`,
			m.Notifications, s.Now(), m.ID, version)
		if res.Error != nil || res.RowsAffected == 0 {
			return chosen{}, event.Event{}, orElse(res.Error, db.ErrStale)
		}
		return chosen{m.Notifications, version + 1}, event.Of("portal_member.notifications_changed", m.ID).With("notifications", m.Notifications), nil
	})
	return out.Notifications, out.Version, err
}

// orElse returns the technical error, if there is one, and otherwise what was found.
func orElse(err, meaning error) error {
	if err != nil {
		return err
	}
	return meaning
}

// The faults of a login that nobody can come in by.
var (
	// ErrArchived is returned for a change to a login that was put away.
	ErrArchived = fault.New(fault.Conflict, "member-archived", "The portal member is archived.")
	// ErrBlocked is returned for what a blocked login cannot have.
	ErrBlocked = fault.New(fault.Conflict, "member-blocked", "The portal member is blocked.")
)

func rename(tx *db.Tx, m *Member, username string) error {
	var email string
	if err := tx.Raw(`SELECT email FROM contacts WHERE id = ?`, m.ContactID).Scan(&email).Error; err != nil {
		return err
	}
	if reason := Check(username, email); reason != "" {
		return fault.OnField("/username", string(reason))
	}
	m.Username, m.UsernameFolded = strings.TrimSpace(username), Fold(username)
	err := tx.Exec(`UPDATE portal_members SET username = ?, username_folded = ? WHERE id = ?`, m.Username, m.UsernameFolded, m.ID).Error
	if db.IsUnique(err, uniqueUsername) {
		return fault.OnField("/username", string(UsernameTaken)).Because(err)
	}
	return err
}

// Rename gives a login another username and ends its sessions: what the customer knew no longer holds.
func Rename(tx *db.Tx, id uuid.UUID, username string) (Member, error) {
	m, err := Lock(tx, id)
	if err != nil {
		return m, err
	}
	if err := rename(tx, &m, username); err != nil {
		return m, err
	}
	if err := tx.Exec(`UPDATE portal_members SET version = version + 1, updated_at = ? WHERE id = ?`, tx.Now(), id).Error; err != nil {
		return m, err
	}
	return m, EndSessions(tx, id, uuid.Nil, tx.Now())
}

// EndSessions ends the sessions of a member, but for one that may go on.
func EndSessions(tx *db.Tx, id, except uuid.UUID, now time.Time) error {
	return tx.Exec(`UPDATE sessions SET ended_at = ? WHERE member_id = ? AND id <> ? AND ended_at IS NULL`, now, id, except).Error
}
