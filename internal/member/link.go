package member

import (
	"context"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
)

// Link is one link that a login was ever sent, as the office sees it; never the link itself (F10).
type Link struct {
	ID         uuid.UUID
	Purpose    Purpose
	State      LinkState
	Recipient  string
	AskedBy    Asker
	AskerName  string // of the employee or the program
	CreatedAt  time.Time
	SentAt     *time.Time
	OpenedAt   *time.Time
	UsedAt     *time.Time
	ExpiresAt  *time.Time
	ReplacedAt *time.Time
}

// Asker is who had a link sent.
type Asker string

// Who can.
const (
	AskedByEmployee Asker = "employee"
	AskedByProgram  Asker = "api_client"
	AskedByCustomer Asker = "customer" // who forgot the password, or came too late
)

// LinkTimes are the moments by which the state of a link is known.
type LinkTimes struct {
	SentAt     *time.Time
	OpenedAt   *time.Time
	UsedAt     *time.Time
	ExpiresAt  *time.Time
	ReplacedAt *time.Time
}

// State is how far a link has come at a moment.
func (l LinkTimes) State(now time.Time) LinkState {
	switch {
	case l.UsedAt != nil:
		return LinkUsed
	case l.ReplacedAt != nil:
		return LinkSuperseded
	case l.ExpiresAt != nil && !now.Before(*l.ExpiresAt):
		return LinkExpired
	case l.SentAt == nil:
		return LinkQueued
	case l.OpenedAt != nil:
		return LinkOpened
	}
	return LinkSent
}

// Cursor says where l stands in the list.
func (l Link) Cursor() Cursor { return Cursor{ID: l.ID} }

// Links returns a page of the links that a login was sent, newest first, and whether there are more. db.ErrNotFound: no such login.
func (s *Service) Links(ctx context.Context, memberID uuid.UUID, after Cursor, limit int) ([]Link, bool, error) {
	list, err := db.Read(ctx, s.DB, authz.MemberRead, func(tx *db.Tx) ([]Link, error) {
		if _, err := Take(tx, memberID); err != nil {
			return nil, err
		}
		var list []Link
		query := `SELECT l.id, l.purpose, l.recipient, l.created_at, l.sent_at, l.opened_at, l.used_at, l.expires_at, l.replaced_at,
				coalesce(e.first_name || ' ' || e.last_name, p.name, '') AS asker_name,
				CASE WHEN l.asked_by IS NOT NULL THEN 'employee' WHEN l.asked_by_program IS NOT NULL THEN 'api_client' ELSE 'customer' END AS asked_by
			FROM password_links l
			LEFT JOIN employees e ON e.organisation_id = l.organisation_id AND e.id = l.asked_by
			LEFT JOIN api_clients p ON p.organisation_id = l.organisation_id AND p.id = l.asked_by_program
			WHERE l.member_id = ? AND (? OR l.id < ?) ORDER BY l.id DESC LIMIT ?`
		err := tx.Raw(query, memberID, after.ID == uuid.Nil, after.ID, limit+1).Scan(&list).Error
		now := s.Now()
		for i, l := range list {
			list[i].State = LinkTimes{l.SentAt, l.OpenedAt, l.UsedAt, l.ExpiresAt, l.ReplacedAt}.State(now)
		}
		return list, err
	})
	if err != nil || len(list) <= limit {
		return list, false, err
	}
	return list[:limit], true, nil
}
