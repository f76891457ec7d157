package signin

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/passkey"
)

// The faults of passkeys, besides passkey.ErrRefused.
var (
	ErrPasskeyLost  = fault.New(fault.Conflict, "passkey-lost", "This was not begun in this browser, too long ago, or answered before.")
	ErrPasskeyKnown = fault.New(fault.Conflict, "passkey-known", "This passkey is kept already.")
	ErrPasskeysMost = fault.New(fault.Conflict, "too-many-passkeys", "An account has at most 20 passkeys.")
	ErrLastFactor   = fault.New(fault.Conflict, "last-factor", "Signing in takes a second factor here, and this is the last one.")
)

const (
	mostPasskeys = 20
	longestName  = 60
)

// Passkey is one as its owner sees it.
type Passkey struct {
	ID         uuid.UUID
	Name       string
	Model      uuid.UUID
	BackedUp   bool // it is on every device of its owner
	CreatedAt  time.Time
	LastUsedAt *time.Time
	SuspectAt  *time.Time // there may be a copy: it opens nothing any more
	Version    int64
}

const ownFields = `id, name, model, backed_up, created_at, last_used_at, suspect_at, version`

type passkeyRow struct {
	ID             uuid.UUID
	EmployeeID     *uuid.UUID
	MemberID       *uuid.UUID
	UserHandle     []byte
	CredentialID   []byte
	PublicKey      []byte
	SignCount      int64
	Model          uuid.UUID
	BackupEligible bool
	BackedUp       bool
	Transports     string
	SuspectAt      *time.Time
}

func (r passkeyRow) owner() uuid.UUID {
	if r.MemberID != nil {
		return *r.MemberID
	}
	return *r.EmployeeID
}

func (r passkeyRow) credential() passkey.Credential {
	c := passkey.Credential{
		ID: r.CredentialID, PublicKey: r.PublicKey, SignCount: uint32(r.SignCount), //nolint:gosec // it came out of one
		Model: r.Model, BackupEligible: r.BackupEligible, BackedUp: r.BackedUp, Transports: []string{},
	}
	if r.Transports != "" {
		c.Transports = strings.Split(r.Transports, ",")
	}
	return c
}

// passkeyCount is how many passkeys somebody has.
type passkeyCount struct {
	Any  int
	Good int // that open something
}

// ways is how half a session becomes whole for who has these, and a code or not.
func (n passkeyCount) ways(code bool) []Way {
	all := []Way{}
	if code {
		all = append(all, ByCode)
	}
	if n.Any > 0 {
		all = append(all, ByPasskey)
	}
	return all
}

// column is where the owner of a passkey stands.
func column(kind authz.Kind) string {
	if kind == authz.Member {
		return "member_id"
	}
	return "employee_id"
}

func passkeysOf(tx *db.Tx, kind authz.Kind, owner uuid.UUID) (passkeyCount, error) {
	var n passkeyCount
	err := tx.Raw(`SELECT count(*) AS any, count(*) FILTER (WHERE suspect_at IS NULL) AS good FROM passkeys WHERE `+column(kind)+` = ?`, owner).Scan(&n).Error
	return n, err
}

func (s *Service) party(kind authz.Kind) *passkey.Party {
	if kind == authz.Member {
		return s.PortalKeys
	}
	return s.OfficeKeys
}

// keyring is somebody with every passkey they have; without one the handle is empty.
func keyring(tx *db.Tx, kind authz.Kind, who uuid.UUID) (passkey.Owner, error) {
	query := `SELECT e.email AS name, e.first_name || ' ' || e.last_name AS display_name FROM employees e WHERE e.id = ?`
	if kind == authz.Member {
		query = `SELECT m.username AS name, c.first_name || ' ' || c.last_name AS display_name FROM portal_members m
			JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id WHERE m.id = ?`
	}
	var person struct{ Name, DisplayName string }
	if err := tx.Raw(query, who).Scan(&person).Error; err != nil {
		return passkey.Owner{}, err
	}
	o := passkey.Owner{Name: person.Name, DisplayName: person.DisplayName}
	var rows []passkeyRow
	err := tx.Raw(`SELECT id, user_handle, credential_id, public_key, sign_count, model, backup_eligible, backed_up, transports FROM passkeys WHERE `+column(kind)+` = ?
		ORDER BY id`, who).Scan(&rows).Error
	for _, r := range rows {
		o.Handle = r.UserHandle
		o.Credentials = append(o.Credentials, r.credential())
	}
	return o, err
}

// mayAdd refuses half a session that has a second factor already: who knows the password only adds none beside it.
func mayAdd(tx *db.Tx, who authz.Actor, passkeys int) error {
	if passkeys >= mostPasskeys {
		return ErrPasskeysMost
	}
	if !who.Half {
		return nil
	}
	if who.Kind == authz.Member {
		f, err := factor(tx, who.ID, true)
		if err != nil || f.ID != uuid.Nil || passkeys > 0 {
			return orElse(err, ErrFactorOn)
		}
		return nil
	}
	e, err := employeeByID(tx, who.ID)
	if err != nil || len(e.TotpSecret) > 0 || passkeys > 0 {
		return orElse(err, ErrFactorSet)
	}
	return nil
}

// StartPasskey asks the browser of who is signed in, or half-way and without any second factor, for a new passkey.
func (s *Service) StartPasskey(ctx context.Context) (passkey.Creation, string, error) {
	who, err := signedIn(ctx)
	if err != nil {
		return passkey.Creation{}, "", err
	}
	o, err := db.Read(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (passkey.Owner, error) {
		o, err := keyring(tx, who.Kind, who.ID)
		if err != nil {
			return o, err
		}
		return o, mayAdd(tx, who, len(o.Credentials))
	})
	if err != nil {
		return passkey.Creation{}, "", err
	}
	if len(o.Handle) == 0 {
		o.Handle = passkey.NewHandle()
	}
	made, err := s.party(who.Kind).BeginCreation(o)
	if err != nil {
		return made, "", err
	}
	kept, err := s.seal(challenge{For: forAdding, Kind: who.Kind, Organisation: who.Organisation, Session: who.Session, Handle: o.Handle, Challenge: made.Challenge})
	return made, kept, err
}

// NewPasskey is what a browser made.
type NewPasskey struct {
	Kept    string
	Made    passkey.Created
	Name    string // empty: what the authenticator or the browser is called
	Browser Client
}

// Added is a new passkey. Who was half-way is in from then on.
type Added struct {
	Passkey       Passkey
	Session       *Session
	RecoveryCodes []string // of an employee who had no second factor
}

// AddPasskey keeps a passkey that StartPasskey asked for.
func (s *Service) AddPasskey(ctx context.Context, in NewPasskey) (Added, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return Added{}, err
	}
	c, err := s.unseal(in.Kept, forAdding, who.Kind, who.Session)
	if err != nil {
		return Added{}, err
	}
	if err := s.spend(ctx, who.Organisation, c); err != nil {
		return Added{}, err
	}
	made, err := s.party(who.Kind).FinishCreation(passkey.Owner{Handle: c.Handle}, c.Challenge, in.Made)
	if err != nil {
		return Added{}, err
	}
	name := strings.TrimSpace(in.Name)
	for _, n := range []string{passkey.ModelName(made.Model), in.Browser.Device(), "Passkey"} {
		if name == "" {
			name = n
		}
	}
	return db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (Added, event.Event, error) {
		fail := func(err error) (Added, event.Event, error) { return Added{}, event.Event{}, err }
		if err := lockOwner(tx, who); err != nil {
			return fail(err)
		}
		keys, err := passkeysOf(tx, who.Kind, who.ID)
		if err != nil {
			return fail(err)
		}
		if err := mayAdd(tx, who, keys.Any); err != nil {
			return fail(err)
		}
		now, p := s.Now(), Passkey{ID: uuid.Must(uuid.NewV7()), Name: clip(name, longestName), Model: made.Model, BackedUp: made.BackedUp, Version: 1}
		p.CreatedAt = now
		err = tx.Exec(`INSERT INTO passkeys (id, `+column(who.Kind)+`, user_handle, credential_id, public_key, sign_count, model, backup_eligible, backed_up, transports, name, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.ID, who.ID, c.Handle, made.ID, made.PublicKey, made.SignCount, made.Model, made.BackupEligible, made.BackedUp,
			strings.Join(made.Transports, ","), p.Name, now).Error
		if db.IsUnique(err, "passkeys_credential") {
			err = ErrPasskeyKnown.Because(err)
		}
		if err != nil {
			return fail(err)
		}
		if err := s.tellOwner(tx, who.Kind == authz.Member, who.ID, Notice{What: NoticePasskeyAdded, Device: in.Browser.Device()}); err != nil {
			return fail(err)
		}
		added := event.Of("passkey.added", who.ID).With("passkey", p.ID)
		if !who.Half {
			return Added{Passkey: p}, added, nil
		}
		if err := tx.Record(added); err != nil {
			return fail(err)
		}
		out, ev, err := s.wholeWith(tx, who, in)
		out.Passkey = p
		return out, ev, err
	})
}

// wholeWith lets somebody in who had to make a passkey, or something like it, first.
func (s *Service) wholeWith(tx *db.Tx, who authz.Actor, in NewPasskey) (Added, event.Event, error) {
	fail := func(err error) (Added, event.Event, error) { return Added{}, event.Event{}, err }
	if who.Kind == authz.Member {
		if err := s.endHalf(tx, who); err != nil {
			return fail(err)
		}
		m, err := member.Take(tx, who.ID)
		if err != nil {
			return fail(err)
		}
		sess, ev, err := s.enter(tx, m, in.Browser)
		return Added{Session: &sess}, ev.With("by", "passkey"), err
	}
	e, err := employeeByID(tx, who.ID)
	if err != nil {
		return fail(err)
	}
	if err := tx.Exec(`UPDATE employees SET last_login_at = ?, totp_pending = NULL, version = version + 1 WHERE id = ?`, s.Now(), who.ID).Error; err != nil {
		return fail(err)
	}
	codes, err := employeeRecoveryCodes(tx, who.ID)
	if err != nil {
		return fail(err)
	}
	sess, err := s.whole(tx, who, e, "totp:"+who.ID.String(), in.Browser)
	return Added{Session: &sess, RecoveryCodes: codes}, event.Of("employee.second_factor_enrolled", who.ID).With("by", "passkey"), err
}

// lockOwner keeps changes of one person's factors behind each other, and who was blocked meanwhile out.
func lockOwner(tx *db.Tx, who authz.Actor) error {
	query := `SELECT 1 FROM employees WHERE id = ? AND blocked_at IS NULL AND archived_at IS NULL FOR UPDATE`
	if who.Kind == authz.Member {
		query = `SELECT 1 FROM portal_members WHERE id = ? AND blocked_at IS NULL AND archived_at IS NULL FOR UPDATE`
	}
	var found []int
	err := tx.Raw(query, who.ID).Scan(&found).Error
	if err == nil && len(found) == 0 {
		err = authz.ErrNoActor
	}
	return err
}

// own is the door for what somebody does with the own passkeys: a customer's rows are guarded by the database besides.
func own(ctx context.Context) (context.Context, authz.Permission, authz.Actor, error) {
	who, err := authz.From(ctx)
	if err == nil && who.Kind == authz.Member {
		return ctx, authz.PortalMe, who, nil
	}
	return asVisitor(ctx, who.Organisation, who.ID), authz.SignIn, who, err
}

// Passkeys returns the passkeys of who is signed in, the oldest first.
func (s *Service) Passkeys(ctx context.Context) ([]Passkey, error) {
	ctx, need, who, err := own(ctx)
	if err != nil {
		return nil, err
	}
	return db.Read(ctx, s.DB, need, func(tx *db.Tx) ([]Passkey, error) {
		all := []Passkey{}
		err := tx.Raw(`SELECT `+ownFields+` FROM passkeys WHERE `+column(who.Kind)+` = ? ORDER BY id`, who.ID).Scan(&all).Error
		return all, err
	})
}

// RenamePasskey gives a passkey of who is signed in another name, or returns db.ErrNotFound or db.ErrStale.
func (s *Service) RenamePasskey(ctx context.Context, id uuid.UUID, version int64, name string) (Passkey, error) {
	ctx, need, who, err := own(ctx)
	if err != nil {
		return Passkey{}, err
	}
	return db.Write(ctx, s.DB, need, func(tx *db.Tx) (Passkey, event.Event, error) {
		var p Passkey
		where := ` WHERE id = ? AND ` + column(who.Kind) + ` = ?`
		err := tx.Raw(`UPDATE passkeys SET name = ?, version = version + 1`+where+` AND version = ? RETURNING `+ownFields, name, id, who.ID, version).Scan(&p).Error
		if err == nil && p.ID == uuid.Nil {
			var there []int
			if err = tx.Raw(`SELECT 1 FROM passkeys`+where, id, who.ID).Scan(&there).Error; err == nil {
				err = db.ErrNotFound
				if len(there) > 0 {
					err = tx.Stale(id)
				}
			}
		}
		return p, event.Of("passkey.renamed", who.ID).With("passkey", id), err
	})
}

// RemovePasskey takes a passkey of who is signed in away, with every other session: one of them may be in the device that is gone.
// ErrLastFactor: without it nothing would be left where something must be.
func (s *Service) RemovePasskey(ctx context.Context, id uuid.UUID, client Client) error {
	who, err := authz.From(ctx)
	if err != nil {
		return err
	}
	_, err = db.Write(asVisitor(ctx, who.Organisation, who.ID), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		fail := func(err error) (bool, event.Event, error) { return false, event.Event{}, err }
		if err := lockOwner(tx, who); err != nil {
			return fail(err)
		}
		res := tx.Exec(`DELETE FROM passkeys WHERE id = ? AND `+column(who.Kind)+` = ?`, id, who.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return fail(orElse(res.Error, db.ErrNotFound))
		}
		left, err := s.factorLeft(tx, who)
		if err != nil || !left {
			return fail(orElse(err, ErrLastFactor))
		}
		err = tx.Exec(`UPDATE sessions SET ended_at = ? WHERE `+column(who.Kind)+` = ? AND id <> ? AND ended_at IS NULL`, s.Now(), who.ID, who.Session).Error
		if err != nil {
			return fail(err)
		}
		return true, event.Of("passkey.removed", who.ID).With("passkey", id), s.tellOwner(tx, who.Kind == authz.Member, who.ID, Notice{What: NoticePasskeyRemoved, Device: client.Device()})
	})
	return err
}

// factorLeft reports whether who still has the second factor that signing in takes here.
func (s *Service) factorLeft(tx *db.Tx, who authz.Actor) (bool, error) {
	keys, err := passkeysOf(tx, who.Kind, who.ID)
	if err != nil || keys.Good > 0 {
		return true, err
	}
	if who.Kind == authz.Employee {
		e, err := employeeByID(tx, who.ID)
		return len(e.TotpSecret) > 0, err
	}
	var left bool
	err = tx.Raw(`SELECT NOT customers_need_second_factor OR EXISTS (SELECT 1 FROM second_factors WHERE member_id = ? AND confirmed_at IS NOT NULL) FROM organisations`, who.ID).Scan(&left).Error
	return left, err
}
