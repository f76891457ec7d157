package member

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm/clause"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/fault"
)

const uniqueUsername = "portal_members_organisation_id_username_folded_key"

// TableName implements gorm's Tabler.
func (Member) TableName() string { return "portal_members" }

// Spec is what is needed to give a contact a login.
type Spec struct {
	ClientID     uuid.UUID
	ContactID    uuid.UUID
	ContactEmail string
	Username     string
	Function     string
	Locale       Locale // Dutch unless set
	DossierIDs   []uuid.UUID
	Rights       Rights
	Pointer      string // where the username stands in the request; "/username" unless set
}

// CreateForContact gives a contact a login that opens the dossiers. A username that is not allowed is a fault on the field the
// spec names; so is one that is taken, when the queued rows are written: of any number of claims at once one wins.
func CreateForContact(tx *db.Tx, in Spec) (Member, error) {
	if in.Pointer == "" {
		in.Pointer = "/username"
	}
	if in.Locale == "" {
		in.Locale = Dutch
	}
	if reason := Check(in.Username, in.ContactEmail); reason != "" {
		return Member{}, fault.OnField(in.Pointer, string(reason))
	}
	now := tx.Now()
	m := Member{
		ID: uuid.Must(uuid.NewV7()), ClientID: in.ClientID, ContactID: in.ContactID, Username: strings.TrimSpace(in.Username),
		UsernameFolded: Fold(in.Username), Function: strings.TrimSpace(in.Function), Preset: authz.PresetApplicant,
		Permissions: granted(authz.PresetApplicant.Permissions()), Notifications: AllNotifications, Locale: in.Locale,
		Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if err := m.give(in.Rights); err != nil {
		return Member{}, err
	}
	// The insert waits for a rival that has not committed yet, and then yields to it.
	tx.Queue(`INSERT INTO portal_members (id, client_id, contact_id, username, username_folded, function, permissions, locale, preset, notifications, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, 1, $9, $9) ON CONFLICT (organisation_id, username_folded) DO NOTHING`,
		m.ID, m.ClientID, m.ContactID, m.Username, m.UsernameFolded, m.Function, []string(m.Permissions), m.Locale, now, m.Preset, []Notification(m.Notifications)).
		Exec(func(tag pgconn.CommandTag) error {
			if tag.RowsAffected() == 0 {
				return fault.OnField(in.Pointer, string(UsernameTaken))
			}
			return nil
		})
	for _, d := range in.DossierIDs {
		QueueOpen(tx, m.ID, d)
	}
	return m, nil
}

// QueueOpen lets a member into a dossier of the same client (E2). What follows tells what is wrong: db.ErrNotFound where the
// dossier is not that client's.
func QueueOpen(tx *db.Tx, memberID, dossierID uuid.UUID) {
	tx.Queue(openSQL, tx.Now(), dossierID, memberID).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() == 0 {
			return db.ErrNotFound
		}
		return nil
	})
}

const openSQL = `INSERT INTO dossier_members (dossier_id, member_id, created_at)
	SELECT d.id, m.id, $1 FROM dossiers d JOIN portal_members m ON m.organisation_id = d.organisation_id AND m.client_id = d.client_id
	WHERE d.id = $2 AND m.id = $3 ON CONFLICT (organisation_id, member_id, dossier_id) DO UPDATE SET created_at = dossier_members.created_at`

// Close shuts a dossier for the logins of a contact, and reports whether one opened it.
func Close(tx *db.Tx, contactID, dossierID uuid.UUID) (bool, error) {
	res := tx.Exec(`DELETE FROM dossier_members WHERE dossier_id = ? AND member_id IN (SELECT id FROM portal_members WHERE contact_id = ?)`,
		dossierID, contactID)
	return res.RowsAffected > 0, res.Error
}

// Lock returns a login that is about to change, or db.ErrNotFound.
func Lock(tx *db.Tx, id uuid.UUID) (Member, error) {
	var m Member
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&m).Error
	return m, err
}

// Take returns a login as a row, or db.ErrNotFound.
func Take(tx *db.Tx, id uuid.UUID) (Member, error) {
	var m Member
	err := tx.Where("id = ?", id).Take(&m).Error
	return m, err
}

// OfContact returns the login of a contact, if there is one. The contact stays locked: of two who find none and make one, the
// second waits and then finds the first's.
func OfContact(tx *db.Tx, contactID uuid.UUID) (Member, bool, error) {
	if err := tx.Exec(`SELECT 1 FROM contacts WHERE id = ? FOR NO KEY UPDATE`, contactID).Error; err != nil {
		return Member{}, false, err
	}
	var ms []Member
	err := tx.Where("contact_id = ? AND archived_at IS NULL", contactID).Order("id").Limit(1).Find(&ms).Error
	if err != nil || len(ms) == 0 {
		return Member{}, false, err
	}
	return ms[0], true, nil
}

// Find returns one login as the office sees it, or db.ErrNotFound.
func Find(tx *db.Tx, now time.Time, id uuid.UUID) (View, error) {
	vs, err := views(tx, now, `WHERE m.id = ?`, id)
	if err != nil || len(vs) == 1 {
		return first(vs), err
	}
	return View{}, db.ErrNotFound
}

func first(vs []View) View {
	if len(vs) == 0 {
		return View{}
	}
	return vs[0]
}

// list returns a page and one row more, so that the caller knows whether there is a next page.
func list(tx *db.Tx, now time.Time, f Filter) ([]View, error) {
	where, args := []string{"true"}, []any{}
	if !f.Archived {
		where[0] = "m.archived_at IS NULL"
	}
	and := func(cond string, vs ...any) { where, args = append(where, cond), append(args, vs...) }
	if f.ClientID != uuid.Nil {
		and("m.client_id = ?", f.ClientID)
	}
	if f.DossierID != uuid.Nil {
		and("m.id IN (SELECT member_id FROM dossier_members WHERE dossier_id = ?)", f.DossierID)
	}
	if q := strings.TrimSpace(f.Q); q != "" {
		like := db.Containing(q)
		and("(m.username ILIKE ? OR c.first_name || ' ' || c.last_name ILIKE ? OR c.email ILIKE ?)", like, like, like)
	}
	if f.After.ID != uuid.Nil {
		and("m.id < ?", f.After.ID)
	}
	return views(tx, now, "WHERE "+strings.Join(where, " AND ")+" ORDER BY m.id DESC LIMIT ?", append(args, f.Limit+1)...)
}

type row struct {
	ID             uuid.UUID
	ClientID       uuid.UUID
	ContactID      uuid.UUID
	FirstName      string
	LastName       string
	Email          string
	Function       string
	Username       string
	Permissions    Permissions
	Preset         authz.Preset
	Notifications  Notifications
	HasPassword    bool
	BlockedAt      *time.Time
	ArchivedAt     *time.Time
	LastLoginAt    *time.Time
	Version        int64
	Dossiers       string
	LinkID         *uuid.UUID
	LinkSentAt     *time.Time
	LinkOpenedAt   *time.Time
	LinkUsedAt     *time.Time
	LinkExpiresAt  *time.Time
	LinkReplacedAt *time.Time
	SecondFactor   bool
	Passkeys       int
	ResetDueAt     *time.Time
}

// viewSQL reads logins as the office sees them; a condition follows it.
const viewSQL = `SELECT m.id, m.client_id, m.contact_id, c.first_name, c.last_name, c.email, m.function, m.username, m.permissions, m.preset, m.notifications,
			m.password_hash IS NOT NULL AS has_password, m.blocked_at, m.archived_at, m.last_login_at, m.version,
			coalesce((SELECT string_agg(d.dossier_id::text, ',' ORDER BY d.dossier_id) FROM dossier_members d
				WHERE d.organisation_id = m.organisation_id AND d.member_id = m.id), '') AS dossiers,
			l.id AS link_id, l.sent_at AS link_sent_at, l.opened_at AS link_opened_at, l.used_at AS link_used_at, l.expires_at AS link_expires_at, l.replaced_at AS link_replaced_at,
			EXISTS (SELECT 1 FROM second_factors f WHERE f.organisation_id = m.organisation_id AND f.member_id = m.id AND f.confirmed_at IS NOT NULL) AS second_factor,
			(SELECT count(*) FROM passkeys p WHERE p.organisation_id = m.organisation_id AND p.member_id = m.id) AS passkeys,
			(SELECT r.due_at FROM factor_resets r WHERE r.organisation_id = m.organisation_id AND r.member_id = m.id AND r.stopped_at IS NULL AND r.done_at IS NULL) AS reset_due_at
		FROM portal_members m
		JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
		LEFT JOIN LATERAL (SELECT id, sent_at, opened_at, used_at, expires_at, replaced_at FROM password_links
			WHERE organisation_id = m.organisation_id AND member_id = m.id ORDER BY id DESC LIMIT 1) l ON true `

// views is the one query for logins as the office sees them. cond is text of this file only.
func views(tx *db.Tx, now time.Time, cond string, args ...any) ([]View, error) {
	var rows []row
	err := tx.Raw(viewSQL+cond, args...).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	out := make([]View, len(rows))
	for i, r := range rows {
		out[i] = r.view(now)
	}
	return out, nil
}

func (r row) view(now time.Time) View {
	v := View{
		ID: r.ID, ClientID: r.ClientID, ContactID: r.ContactID, FirstName: r.FirstName, LastName: r.LastName, Email: r.Email,
		Function: r.Function, Username: r.Username, Permissions: r.Permissions, Preset: r.Preset, Notifications: r.Notifications, State: r.state(), DossierIDs: []uuid.UUID{}, LastLoginAt: r.LastLoginAt, Version: r.Version,
		SecondFactor: r.SecondFactor, Passkeys: r.Passkeys, ResetDueAt: r.ResetDueAt,
	}
	if r.Dossiers != "" {
		for s := range strings.SplitSeq(r.Dossiers, ",") {
			v.DossierIDs = append(v.DossierIDs, uuid.MustParse(s))
		}
	}
	if r.LinkID != nil {
		v.Invitation = &Invitation{State: LinkTimes{r.LinkSentAt, r.LinkOpenedAt, r.LinkUsedAt, r.LinkExpiresAt, r.LinkReplacedAt}.State(now), SentAt: r.LinkSentAt, OpenedAt: r.LinkOpenedAt, ExpiresAt: r.LinkExpiresAt}
	}
	return v
}

func (r row) state() State {
	switch {
	case r.ArchivedAt != nil:
		return Archived
	case r.BlockedAt != nil:
		return Blocked
	case r.HasPassword || r.LastLoginAt != nil: // who only ever logs in with codes has no password
		return Active
	case r.LinkID != nil:
		return Invited
	}
	return New
}

// QueueForDossier adds to a batch the query for who opens a dossier, for the page that shows it.
func QueueForDossier(b *pgx.Batch, now time.Time, dossierID uuid.UUID, out *[]View) {
	b.Queue(viewSQL+`WHERE m.id IN (SELECT member_id FROM dossier_members WHERE dossier_id = $1) AND m.archived_at IS NULL ORDER BY m.id`, dossierID).
		Query(func(rows pgx.Rows) error {
			var r row
			_, err := pgx.ForEachRow(rows, []any{
				&r.ID, &r.ClientID, &r.ContactID, &r.FirstName, &r.LastName, &r.Email, &r.Function, &r.Username, (*[]string)(&r.Permissions),
				&r.Preset, (*[]Notification)(&r.Notifications), &r.HasPassword, &r.BlockedAt, &r.ArchivedAt, &r.LastLoginAt, &r.Version, &r.Dossiers, &r.LinkID, &r.LinkSentAt, &r.LinkOpenedAt,
				&r.LinkUsedAt, &r.LinkExpiresAt, &r.LinkReplacedAt, &r.SecondFactor, &r.Passkeys, &r.ResetDueAt,
			}, func() error {
				*out = append(*out, r.view(now))
				return nil
			})
			return err
		})
}
