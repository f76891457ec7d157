package signin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/sealed"
)

// LinkLife is how long a link can be used, counted from the moment its mail left (A7).
const LinkLife = 48 * time.Hour

// unsentLife bounds a link whose mail the server took without our hearing of it.
const unsentLife = 2 * LinkLife

// The kinds of mail this package asks for; package invitation writes them.
const (
	MailReset       = "password_reset"
	MailPasswordSet = "password_set"
)

// LinkMail is the payload of a mail that carries links: ids only.
type LinkMail struct {
	Links []uuid.UUID `json:"links"`
}

// PasswordSetMail is the payload of the notice that a password was set.
type PasswordSetMail struct {
	Member uuid.UUID `json:"member"`
}

// The faults of a link.
var (
	ErrLinkUnknown  = fault.New(fault.NotFound, "link-unknown", "This link is not one of ours.")
	ErrLinkExpired  = fault.New(fault.Conflict, "link-expired", "The link is older than 48 hours.")
	ErrLinkUsed     = fault.New(fault.Conflict, "link-used", "The link was used before.")
	ErrLinkReplaced = fault.New(fault.Conflict, "link-replaced", "A newer link was sent.")
)

// token is the secret in a link: the key makes it from the id, so the mail can be rendered again and nothing is stored.
func token(key sealed.Key, link uuid.UUID) [32]byte {
	return sealed.Token(key, "password-link", link.String())
}

// LinkToken is the token as it stands in the address.
func LinkToken(key sealed.Key, link uuid.UUID) string {
	t := token(key, link)
	return base64.RawURLEncoding.EncodeToString(t[:])
}

func linkHash(raw string) ([]byte, bool) {
	t, err := base64.RawURLEncoding.Strict().DecodeString(raw)
	if err != nil || len(t) != 32 {
		return nil, false
	}
	sum := sha256.Sum256(t)
	return sum[:], true
}

// PurposeFor is what a link to this member is for.
func PurposeFor(hasPassword bool) member.Purpose {
	if hasPassword {
		return member.Reset
	}
	return member.Activation
}

// IssueLink makes a link for a member, whose mail goes to recipient. One lives per member and purpose: an older one is replaced.
func IssueLink(tx *db.Tx, key sealed.Key, memberID uuid.UUID, purpose member.Purpose, recipient string) (uuid.UUID, error) {
	now, id := tx.Now(), uuid.Must(uuid.NewV7())
	// The row of the member keeps two that are made at once apart.
	if err := tx.Exec(`SELECT 1 FROM portal_members WHERE id = ? FOR UPDATE`, memberID).Error; err != nil {
		return id, err
	}
	err := tx.Exec(`UPDATE password_links SET replaced_at = ? WHERE member_id = ? AND purpose = ? AND used_at IS NULL AND replaced_at IS NULL`, now, memberID, purpose).Error
	if err != nil {
		return id, err
	}
	t := token(key, id)
	sum := sha256.Sum256(t[:])
	err = tx.Exec(`INSERT INTO password_links (id, member_id, purpose, token_hash, recipient, asked_by, asked_by_program, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, memberID, purpose, sum[:], recipient, orNull(tx.Actor.Colleague()), orNull(tx.Actor.Software()), now).Error
	return id, err
}

func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// MarkSent starts the 48 hours of the links in a mail. It is a mailer.Sent.
func MarkSent(tx *db.Tx, m mailer.Queued, at time.Time) error {
	var p LinkMail
	if err := json.Unmarshal(m.Payload, &p); err != nil || len(p.Links) == 0 {
		return err
	}
	// One that has an end already was ended early: its address turned out to be wrong.
	return tx.Exec(`UPDATE password_links SET sent_at = ?, expires_at = coalesce(expires_at, ?) WHERE id IN ?`, at, at.Add(LinkLife), p.Links).Error
}

// linkRow is a link with the one it is for.
type linkRow struct {
	ID             uuid.UUID
	OrganisationID uuid.UUID
	MemberID       uuid.UUID
	Purpose        member.Purpose
	CreatedAt      time.Time
	ExpiresAt      *time.Time
	UsedAt         *time.Time
	ReplacedAt     *time.Time
	Username       string
	PasswordHash   *string
	Closed         bool // the member is blocked or archived
	SecondFactor   bool // so the password need not stand alone
	FirstName      string
	LastName       string
	Email          string
	OfficeSlug     string
	OfficeName     string
}

func (l linkRow) minimum() int { return minimum(l.SecondFactor) }

// context are the words that make a password of this person easy to guess.
func (l linkRow) context() []string {
	return []string{l.OfficeName, l.OfficeSlug, l.Username, l.FirstName, l.LastName, l.Email}
}

func (l linkRow) validity(now time.Time) member.LinkValidity {
	end := l.CreatedAt.Add(unsentLife)
	if l.ExpiresAt != nil {
		end = *l.ExpiresAt
	}
	switch {
	case l.UsedAt != nil:
		return member.LinkSpent
	case l.ReplacedAt != nil:
		return member.LinkReplaced
	case !now.Before(end):
		return member.LinkTooOld
	}
	return member.LinkUsable
}

func (l linkRow) fault(now time.Time) error {
	switch l.validity(now) {
	case member.LinkSpent:
		return ErrLinkUsed
	case member.LinkReplaced:
		return ErrLinkReplaced
	case member.LinkTooOld:
		return ErrLinkExpired
	case member.LinkUsable:
	}
	return nil
}

const personSQL = `m.organisation_id, m.id AS member_id, m.username, m.password_hash, coalesce(m.blocked_at, m.archived_at) IS NOT NULL AS closed,
	EXISTS (SELECT 1 FROM second_factors f WHERE f.organisation_id = m.organisation_id AND f.member_id = m.id AND f.confirmed_at IS NOT NULL) AS second_factor,
	c.first_name, c.last_name, c.email, o.slug AS office_slug, o.name AS office_name
	FROM portal_members m
	JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
	JOIN organisations o ON o.organisation_id = m.organisation_id `

func person(tx *db.Tx, id uuid.UUID) (linkRow, error) {
	var l linkRow
	err := tx.Raw(`SELECT `+personSQL+`WHERE m.id = ?`, id).Scan(&l).Error
	if err == nil && l.MemberID == uuid.Nil {
		err = db.ErrNotFound
	}
	return l, err
}

// linkKind is in what the links of customers and those of colleagues differ. Its texts are of this package only.
type linkKind struct {
	table  string
	of     string // who a link is for, joined to the link as l
	opened string // the event
}

var customerLinks = linkKind{
	table: "password_links", opened: "password_link.opened",
	of: personSQL + `JOIN password_links l ON l.organisation_id = m.organisation_id AND l.member_id = m.id`,
}

// find returns the link that a token belongs to. The office is not known before.
func (k linkKind) find(ctx context.Context, s *Service, raw string) (linkRow, error) {
	hash, ok := linkHash(raw)
	if !ok {
		return linkRow{}, ErrLinkUnknown
	}
	return db.System(ctx, s.DB, "link of a token", func(tx *db.Tx) (linkRow, error) {
		var l linkRow
		err := tx.Raw(`SELECT l.id, l.purpose, l.created_at, l.expires_at, l.used_at, l.replaced_at, `+k.of+` WHERE l.token_hash = ?`, hash).Scan(&l).Error
		if err == nil && (l.ID == uuid.Nil || l.Closed) {
			err = ErrLinkUnknown
		}
		return l, err
	})
}

// inspect tells what a link is good for, and lets the office see that it was opened. It never uses it up, however often a
// mail scanner looks (F10).
func (k linkKind) inspect(ctx context.Context, s *Service, raw string) (Link, error) {
	l, err := k.find(ctx, s, raw)
	if err != nil {
		return Link{}, err
	}
	state := l.validity(s.Now())
	if state == member.LinkUsable {
		_, err := db.Write(asVisitor(ctx, l.OrganisationID, l.MemberID), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
			res := tx.Exec(`UPDATE `+k.table+` SET opened_at = ? WHERE id = ? AND opened_at IS NULL`, s.Now(), l.ID)
			if res.Error != nil || res.RowsAffected == 0 {
				return false, event.None, res.Error
			}
			return true, event.Of(k.opened, l.MemberID), nil
		})
		if err != nil {
			return Link{}, err
		}
	}
	return Link{State: state, OfficeSlug: l.OfficeSlug, OfficeName: l.OfficeName, FirstName: l.FirstName, Username: l.Username, Purpose: l.Purpose, ExpiresAt: l.ExpiresAt, MinLength: l.minimum()}, nil
}

// redeem uses a link up and has set write the hash of the password that was chosen. Of any number at once one succeeds.
func (k linkKind) redeem(ctx context.Context, s *Service, raw, password string, set func(tx *db.Tx, l linkRow, hash string, now time.Time) (event.Event, error)) error {
	l, err := k.find(ctx, s, raw)
	if err != nil {
		return err
	}
	if err := l.fault(s.Now()); err != nil {
		return err
	}
	if err := CheckPassword(password, l.minimum(), l.context()...); err != nil {
		return err
	}
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = db.Write(asVisitor(ctx, l.OrganisationID, l.MemberID), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		now := s.Now()
		res := tx.Exec(`UPDATE `+k.table+` SET used_at = ?, opened_at = coalesce(opened_at, ?)
			WHERE id = ? AND used_at IS NULL AND replaced_at IS NULL AND coalesce(expires_at, created_at + interval '96 hours') > ?`, now, now, l.ID, now)
		if res.Error != nil {
			return false, event.Event{}, res.Error
		}
		if res.RowsAffected == 0 {
			return false, event.Event{}, k.lost(tx, l, now)
		}
		ev, err := set(tx, l, hash, now)
		return true, ev, err
	})
	return err
}

// lost says why a link that was good a moment ago no longer is.
func (k linkKind) lost(tx *db.Tx, l linkRow, now time.Time) error {
	if err := tx.Raw(`SELECT created_at, expires_at, used_at, replaced_at FROM `+k.table+` WHERE id = ?`, l.ID).Scan(&l).Error; err != nil {
		return err
	}
	return orElse(l.fault(now), ErrLinkUsed)
}

// replaceable is the office whose link may be replaced by a new one, by the token of the old one; none, without an error, where
// the answer must tell nothing.
func (k linkKind) replaceable(ctx context.Context, s *Service, raw string) (linkRow, bool, error) {
	l, err := k.find(ctx, s, raw)
	if errors.Is(err, ErrLinkUnknown) {
		return l, false, nil
	}
	return l, err == nil && l.validity(s.Now()) != member.LinkSpent, err
}

// Link is what the holder of a link learns of it.
type Link struct {
	State      member.LinkValidity
	OfficeSlug string
	OfficeName string
	FirstName  string
	Username   string
	Purpose    member.Purpose
	ExpiresAt  *time.Time
	MinLength  int
}

// InspectLink tells a customer what a link is good for.
func (s *Service) InspectLink(ctx context.Context, raw string) (Link, error) {
	return customerLinks.inspect(ctx, s, raw)
}

// RedeemLink sets the password that the customer chose and ends every session.
func (s *Service) RedeemLink(ctx context.Context, raw, password string) error {
	return customerLinks.redeem(ctx, s, raw, password, func(tx *db.Tx, l linkRow, hash string, now time.Time) (event.Event, error) {
		if ok, err := s.setPassword(tx, l, hash, password, nil); err != nil || !ok {
			return event.Event{}, orElse(err, ErrLinkUnknown)
		}
		return event.Of("portal_member.password_set", l.MemberID), s.passwordWasSet(tx, l, l.ID, now)
	})
}

// passwordWasSet does what follows a new password: other links and every session end, tries are forgiven, and the customer is told.
func (s *Service) passwordWasSet(tx *db.Tx, l linkRow, link uuid.UUID, now time.Time) error {
	err := tx.Exec(`UPDATE password_links SET replaced_at = ? WHERE member_id = ? AND id <> ? AND used_at IS NULL AND replaced_at IS NULL`, now, l.MemberID, link).Error
	if err != nil {
		return err
	}
	if err := member.EndSessions(tx, l.MemberID, uuid.Nil, now); err != nil {
		return err
	}
	if err := tx.Exec(`DELETE FROM attempts WHERE key = ?`, memberAccount(l.Username)).Error; err != nil {
		return err
	}
	to := l.Email
	if to == "" && link != uuid.Nil { // no address of one's own: tell where the link went
		err := tx.Raw(`SELECT recipient FROM password_links WHERE id = ?`, link).Scan(&to).Error
		if err != nil {
			return err
		}
	}
	if to == "" {
		return nil
	}
	_, err = mailer.Enqueue(tx, mailer.Mail{Kind: MailPasswordSet, Recipient: to, Payload: PasswordSetMail{Member: l.MemberID}})
	return err
}

// RenewLink sends a new link in place of one that expired, to where the old one went. Its answer tells nothing.
func (s *Service) RenewLink(ctx context.Context, raw string) error {
	l, ok, err := customerLinks.replaceable(ctx, s, raw)
	if err != nil || !ok {
		return err
	}
	return s.askForLink(ctx, l.OrganisationID, l.Username, "")
}

// RequestReset sends a link to choose a new password, if the username exists. Whether it does cannot be told from the answer, nor
// from the time it takes: looking it up is left to a task.
func (s *Service) RequestReset(ctx context.Context, office, username string, client Client) error {
	o, err := s.office(ctx, office)
	if errors.Is(err, organisation.ErrNoOffice) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.askForLink(ctx, o.ID, username, client.key("reset"))
}

func (s *Service) askForLink(ctx context.Context, office uuid.UUID, username, from string) error {
	folded := member.Fold(username)
	return s.ask(ctx, office, "member:"+folded, from, SendReset{Mail: uuid.Must(uuid.NewV7()), Username: folded})
}

// ask leaves it to a task to look up whose account it is and to send a link, and does nothing for who asked often enough.
func (s *Service) ask(ctx context.Context, office uuid.UUID, account, from string, task river.JobArgs) error {
	all := []allowance{{key: "reset:" + account, limit: s.Limits.Reset, window: s.Limits.ResetWindow}}
	if from != "" {
		all = append(all, s.addressAllowance(from))
	}
	if err := s.count(ctx, office, all...); err != nil {
		if errors.Is(err, errTooMany) {
			return nil // the mail is on its way
		}
		return err
	}
	_, err := db.Write(asVisitor(ctx, office, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		return true, event.None, tx.Enqueue(task)
	})
	return err
}

// SendReset is the task that looks up a username and sends its link.
type SendReset struct {
	Mail     uuid.UUID `json:"mail"`     // the mail it leads to: a task that runs again after a crash makes no second one
	Username string    `json:"username"` // folded
}

// SendResetKind is the kind of the task; package app gives it its permission.
const SendResetKind = "password-link.send"

// Kind implements river.JobArgs.
func (SendReset) Kind() string { return SendResetKind }

// SendResetWorker works SendReset.
type SendResetWorker struct {
	river.WorkerDefaults[SendReset]
	SignIn *Service
}

// Work implements river.Worker.
func (w *SendResetWorker) Work(ctx context.Context, job *river.Job[SendReset]) error {
	s := w.SignIn
	_, err := db.Write(ctx, s.DB, authz.MailSend, func(tx *db.Tx) (bool, event.Event, error) {
		var done int64
		if err := tx.Table("mails").Where("id = ?", job.Args.Mail).Count(&done).Error; err != nil || done > 0 {
			return false, event.None, err
		}
		m, err := memberByUsername(tx, job.Args.Username)
		if err != nil || m.ID == uuid.Nil || m.BlockedAt != nil || m.ArchivedAt != nil {
			return false, event.None, err
		}
		to, err := Recipient(tx, m.ID)
		if err != nil || to == "" {
			return false, event.None, err
		}
		link, err := IssueLink(tx, s.Key, m.ID, PurposeFor(m.PasswordHash != nil), to)
		if err != nil {
			return false, event.Event{}, err
		}
		_, err = mailer.Enqueue(tx, mailer.Mail{ID: job.Args.Mail, Kind: MailReset, Recipient: to, Payload: LinkMail{Links: []uuid.UUID{link}}})
		return true, event.Of("portal_member.password_link_requested", m.ID), err
	})
	return err
}

// Recipient is where mail for a member goes: the contact's own address, or that of the first applicant with one on the newest
// dossier the member opens (A5). It may be empty.
func Recipient(tx *db.Tx, memberID uuid.UUID) (string, error) {
	var to string
	err := tx.Raw(`SELECT coalesce(nullif(c.email, ''), (
			SELECT p.email FROM dossier_members d
			JOIN applicants a ON a.organisation_id = d.organisation_id AND a.dossier_id = d.dossier_id AND a.archived_at IS NULL
			JOIN contacts p ON p.organisation_id = a.organisation_id AND p.id = a.contact_id AND p.email <> ''
			WHERE d.organisation_id = m.organisation_id AND d.member_id = m.id ORDER BY d.dossier_id DESC, a.position LIMIT 1), '')
		FROM portal_members m JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id WHERE m.id = ?`, memberID).Scan(&to).Error
	return to, err
}
