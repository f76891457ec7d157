package signin

import (
	"context"
	"crypto/hmac"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/riverqueue/river"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/sealed"
	"voordeur/internal/sms"
)

// Login without a password (D3): a name, an e-mail address or a username, leads to a code by text message or mail. It takes the
// place of the password only: a second step follows as ever.

const (
	// CodeLife is how long a code works.
	CodeLife = 10 * time.Minute
	// CodeDigits is its length: it is the only thing that is asked.
	CodeDigits = 8
	codeTries  = 5
	day        = 24 * time.Hour
)

// The faults of a code. Each is the same for a name that nobody has.
var (
	ErrCodeLoginOff   = fault.New(fault.NotFound, "code-login-off", "This office does not offer logging in with a code.")
	ErrWrongLoginCode = fault.New(fault.Unauthenticated, "login-code-wrong", "The code is not right.")
	ErrCodeExpired    = fault.New(fault.Unauthenticated, "login-code-expired", "The code is older than ten minutes, was used, or was asked for in another browser.")
	ErrCodeSpent      = fault.New(fault.Unauthenticated, "login-code-spent", "The code was wrong five times and works no longer.")
	errOneOfTwo       = fault.OnField("/code", "required")
)

// MailLoginCode and TextLoginCode are the kinds of message that carry a code; package invitation writes them.
const (
	MailLoginCode = "login_code"
	TextLoginCode = "login_code"
)

// CodeMessage is the payload of a message that carries a code.
type CodeMessage struct {
	Challenge uuid.UUID `json:"challenge"`
}

// LoginCode is the code of a challenge: the key makes it from the id, so that no message holds it before it leaves.
func LoginCode(key sealed.Key, challenge uuid.UUID) string {
	t := sealed.Token(key, "login-code", challenge.String())
	return fmt.Sprintf("%0*d", CodeDigits, binary.BigEndian.Uint64(t[:8])%100_000_000)
}

func codeHash(key sealed.Key, challenge uuid.UUID, code string) []byte {
	t := sealed.Token(key, "login-code-check", challenge.String()+":"+code)
	return t[:]
}

// Challenge is what a browser holds that asked for a code.
type Challenge struct {
	Token     string
	ExpiresAt time.Time
}

// CodeRequest is who asks for a code.
type CodeRequest struct {
	Office string // slug
	Name   string // e-mail address or username
	Before string // the token of the challenge that this one takes the place of; may be empty
	Client Client
}

// RequestCode begins logging in with a code. Neither the answer nor the time it takes tells whether anybody has the name: looking
// it up is left to a task, and asking too often is counted by what was typed.
func (s *Service) RequestCode(ctx context.Context, in CodeRequest) (Challenge, error) {
	o, err := s.codeOffice(ctx, in.Office)
	if err != nil {
		return Challenge{}, err
	}
	name := member.Fold(in.Name)
	tries, knownFor, err := s.codeTries(ctx, o.ID, name, in.Client)
	if err != nil {
		return Challenge{}, err
	}
	if err := s.count(ctx, o.ID, tries...); err != nil {
		return Challenge{}, err
	}
	return db.Write(asVisitor(ctx, o.ID, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (Challenge, event.Event, error) {
		now, id := s.Now(), uuid.Must(uuid.NewV7())
		c := Challenge{Token: newToken(), ExpiresAt: now.Add(CodeLife)}
		if err := tx.Exec(`UPDATE login_challenges SET ended_at = ? WHERE token_hash = ? AND ended_at IS NULL`, now, hashToken(in.Before)).Error; err != nil {
			return Challenge{}, event.Event{}, err
		}
		err := tx.Exec(`INSERT INTO login_challenges (id, token_hash, name, known_for, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
			id, hashToken(c.Token), name, knownFor, now, c.ExpiresAt).Error
		if err != nil {
			return Challenge{}, event.Event{}, err
		}
		return c, event.None, tx.Enqueue(SendCode{Challenge: id})
	})
}

func (s *Service) codeOffice(ctx context.Context, slug string) (organisation.Organisation, error) {
	o, err := s.office(ctx, slug)
	if err == nil && !o.CodeLogin {
		err = ErrCodeLoginOff
	}
	return o, err
}

// codeAllowances are how often a code may be asked for, by the name that was typed or by the account that has it.
func (s *Service) codeAllowances(who string) []allowance {
	return []allowance{
		{key: "code:window:" + who, limit: s.Limits.Code, window: s.Limits.CodeWindow},
		{key: "code:day:" + who, limit: s.Limits.CodeDay, window: day},
	}
}

// codeTries are what asking for a code takes, and for whom of the name the browser is a known one: what others ask elsewhere never keeps that
// from its code.
func (s *Service) codeTries(ctx context.Context, office uuid.UUID, name string, client Client) ([]allowance, *uuid.UUID, error) {
	if client.Known != "" {
		all, err := db.Read(asVisitor(ctx, office, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) ([]addressee, error) { return named(tx, name, "") })
		if err != nil {
			return nil, nil, err
		}
		for _, a := range all {
			if nonce, known := s.knownDevice(a.MemberID, client.Known); known {
				return s.codeAllowances("device:" + nonce), &a.MemberID, nil
			}
		}
	}
	return append(s.codeAllowances("name:"+name), s.addressAllowance(client.key("code"))), nil, nil
}

// forgiveCodes gives back what asking for a code had taken, now that somebody came in by one.
func (s *Service) forgiveCodes(tx *db.Tx, name string, memberID uuid.UUID, client Client) error {
	asked, addresses := []string{"name:" + name, "member:" + memberID.String()}, []string{client.key("login"), client.key("code")}
	if nonce, known := s.knownDevice(memberID, client.Known); known {
		asked, addresses = []string{"device:" + nonce}, nil
	}
	if err := forgetAsked(tx, asked...); err != nil || len(addresses) == 0 {
		return err
	}
	return tx.Exec(`UPDATE attempts SET count = count - 1 WHERE key IN ? AND count > 0`, addresses).Error
}

func forgetAsked(tx *db.Tx, asked ...string) error {
	var keys []string
	for _, who := range asked {
		keys = append(keys, "code:window:"+who, "code:day:"+who)
	}
	return tx.Exec(`DELETE FROM attempts WHERE key IN ?`, keys).Error
}

// within takes one from each allowance, and reports whether all of them had one left.
func within(tx *db.Tx, now time.Time, all ...allowance) (bool, error) {
	for _, a := range all {
		if wait, err := a.take(tx, now); err != nil || wait > 0 {
			return false, err
		}
	}
	return true, nil
}

// ids is a uuid[].
type ids []uuid.UUID

// Scan implements sql.Scanner.
func (l *ids) Scan(src any) error {
	var all []string
	if err := pgtype.NewMap().SQLScanner(&all).Scan(src); err != nil {
		return err
	}
	*l = make(ids, len(all))
	for i, s := range all {
		id, err := uuid.Parse(s)
		if err != nil {
			return err
		}
		(*l)[i] = id
	}
	return nil
}

// Value implements driver.Valuer.
func (l ids) Value() (driver.Value, error) {
	all := make([]string, len(l))
	for i, id := range l {
		all[i] = id.String()
	}
	return "{" + strings.Join(all, ",") + "}", nil
}

type challengeRow struct {
	ID         uuid.UUID
	Name       string
	ForSession *uuid.UUID
	KnownFor   *uuid.UUID
	CodeHash   []byte
	MemberIDs  ids `gorm:"column:member_ids"`
	Tries      int
	ExpiresAt  time.Time
	ProvenAt   *time.Time
	EndedAt    *time.Time
}

const challengeFields = `id, name, for_session, known_for, code_hash, member_ids, tries, expires_at, proven_at, ended_at`

// Live is a challenge whose code works.
type Live struct {
	Members []uuid.UUID // whom it is for; nobody, when it no longer works
	Until   time.Time
	StepUp  bool // for somebody who is signed in
}

// LiveChallenge returns a challenge while its code works.
func LiveChallenge(tx *db.Tx, id uuid.UUID) (Live, error) {
	var c challengeRow
	err := tx.Raw(`SELECT `+challengeFields+` FROM login_challenges WHERE id = ? AND code_hash IS NOT NULL AND proven_at IS NULL AND ended_at IS NULL AND tries < ? AND expires_at > ?`,
		id, codeTries, tx.Now()).Scan(&c).Error
	return Live{c.MemberIDs, c.ExpiresAt, c.ForSession != nil}, err
}

// SendCode is the task that looks up a name and sends the code.
type SendCode struct {
	Challenge uuid.UUID `json:"challenge"`
}

// SendCodeKind is the kind of the task; package app gives it its permission.
const SendCodeKind = "login-code.send"

// Kind implements river.JobArgs.
func (SendCode) Kind() string { return SendCodeKind }

// SendCodeWorker works SendCode.
type SendCodeWorker struct {
	river.WorkerDefaults[SendCode]
	SignIn *Service
}

// Work implements river.Worker.
func (w *SendCodeWorker) Work(ctx context.Context, job *river.Job[SendCode]) error {
	s := w.SignIn
	_, err := db.Write(ctx, s.DB, authz.MailSend, func(tx *db.Tx) (bool, event.Event, error) {
		var c challengeRow
		err := tx.Raw(`SELECT `+challengeFields+` FROM login_challenges WHERE id = ? AND code_hash IS NULL AND ended_at IS NULL AND expires_at > ? FOR UPDATE`,
			job.Args.Challenge, s.Now()).Scan(&c).Error
		if err != nil || c.ID == uuid.Nil {
			return false, event.None, err
		}
		o, err := organisation.Mine(tx)
		if err != nil || !o.CodeLogin {
			return false, event.None, err
		}
		all, err := s.addressees(tx, c)
		if err != nil || len(all) == 0 {
			return false, event.None, err
		}
		by, err := s.sendCode(tx, c, all)
		if err != nil || by == "" {
			return false, event.None, err
		}
		for _, a := range all {
			if err := tx.Record(event.Of("portal_member.login_code_sent", a.MemberID).With("by", by)); err != nil {
				return false, event.Event{}, err
			}
		}
		return true, event.None, tx.Exec(`UPDATE login_challenges SET code_hash = ?, member_ids = ? WHERE id = ?`,
			codeHash(s.Key, c.ID, LoginCode(s.Key, c.ID)), ids(memberIDs(all)), c.ID).Error
	})
	return err
}

// addressee is somebody whom a name belongs to.
type addressee struct {
	MemberID uuid.UUID
	Email    string
	Mobile   string
}

func memberIDs(all []addressee) []uuid.UUID {
	out := make([]uuid.UUID, len(all))
	for i, a := range all {
		out[i] = a.MemberID
	}
	return out
}

// mostAccounts bounds how many logins of one address are told apart.
const mostAccounts = 20

// named are the logins that a name belongs to: all that share an e-mail address or, where it is nobody's, one by its username. Never both at
// once: who once took an address as username may have another one by now, and the code goes to one place only. lock keeps two codes that are made
// at once apart.
func named(tx *db.Tx, name, lock string) ([]addressee, error) {
	var found []addressee
	condition, args := `m.username_folded = ?`, []any{name}
	if strings.Contains(name, "@") {
		condition, args = `(m.username_folded = ? OR lower(trim(c.email)) = ?)`, []any{name, name}
	}
	err := tx.Raw(addresseesSQL+condition+` ORDER BY m.id LIMIT ?`+lock, append(args, mostAccounts)...).Scan(&found).Error
	if err != nil {
		return nil, err
	}
	theirs := func(a addressee) bool { return member.Fold(a.Email) == name }
	if slices.ContainsFunc(found, theirs) {
		found = slices.DeleteFunc(found, func(a addressee) bool { return !theirs(a) })
	}
	return found, nil
}

const (
	addresseesSQL = `SELECT m.id AS member_id, c.email, c.mobile FROM portal_members m
		JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
		WHERE m.blocked_at IS NULL AND m.archived_at IS NULL AND `
	forUpdate = ` FOR UPDATE OF m`
)

// addressees are whom the code of a challenge goes to, of those that may have another one. Who asked in a known browser was counted there.
func (s *Service) addressees(tx *db.Tx, c challengeRow) ([]addressee, error) {
	if c.ForSession != nil {
		var one []addressee
		err := tx.Raw(addresseesSQL+`m.id = ?`, *c.KnownFor).Scan(&one).Error
		return one, err
	}
	found, err := named(tx, c.Name, forUpdate)
	if err != nil {
		return nil, err
	}
	var out []addressee
	for _, a := range found {
		ok := c.KnownFor != nil && *c.KnownFor == a.MemberID
		if !ok {
			if ok, err = within(tx, s.Now(), s.codeAllowances("member:"+a.MemberID.String())...); err != nil {
				return nil, err
			}
		}
		if ok {
			out = append(out, a)
		}
	}
	return out, nil
}

// sendCode puts the message in an outbox and returns what it goes by: a text message where everybody the code is for has the same
// mobile number and there is money for it, else mail; empty where there is no way to reach anybody. What strangers had sent to a number does not
// keep a known browser from it.
func (s *Service) sendCode(tx *db.Tx, c challengeRow, all []addressee) (string, error) {
	payload := CodeMessage{Challenge: c.ID}
	if number, ok := commonNumber(all); ok && s.Texts {
		budgets := []allowance{{key: "sms:to:" + number, limit: s.Limits.TextsTo, window: day}, {key: "sms:office", limit: s.Limits.Texts, window: day}}
		if c.KnownFor != nil { // as many again: who comes in well again and again does not spend what the office has for all
			budgets[0].key = "sms:known:" + number
		}
		ok, err := within(tx, s.Now(), budgets...)
		if err != nil {
			return "", err
		}
		if ok {
			return "sms", sms.Enqueue(tx, sms.Message{Kind: TextLoginCode, Recipient: number, Payload: payload})
		}
	}
	to, err := codeAddress(tx, memberIDs(all))
	if err != nil || to == "" {
		return "", err
	}
	_, err = mailer.Enqueue(tx, mailer.Mail{Kind: MailLoginCode, Recipient: to, Payload: payload})
	return "mail", err
}

func commonNumber(all []addressee) (string, bool) {
	number, ok := sms.Mobile(all[0].Mobile)
	same := func(a addressee) bool { n, _ := sms.Mobile(a.Mobile); return n == number }
	return number, ok && !slices.ContainsFunc(all, func(a addressee) bool { return !same(a) })
}

// codeAddress is where a code goes by mail: several share the address that was typed; one may have none (A5).
func codeAddress(tx *db.Tx, members []uuid.UUID) (string, error) {
	if len(members) == 0 {
		return "", nil
	}
	return Recipient(tx, members[0])
}

// MailInstead sends a code by mail when the text message could not be sent. It is an sms.Instead.
func MailInstead(tx *db.Tx, challenge uuid.UUID) (bool, error) {
	c, err := LiveChallenge(tx, challenge)
	if err != nil {
		return false, err
	}
	to, err := codeAddress(tx, c.Members)
	if err != nil || to == "" {
		return false, err
	}
	_, err = mailer.Enqueue(tx, mailer.Mail{Kind: MailLoginCode, Recipient: to, Payload: CodeMessage{Challenge: challenge}})
	return err == nil, err
}

// CodeProof is one of two: the code, or the account that was chosen after it where several share an address.
type CodeProof struct {
	Office  string // slug
	Token   string // of the challenge
	Code    string
	Account uuid.UUID
	Client  Client
}

// CodeEntry is what a code opens: a session, or a choice between accounts.
type CodeEntry struct {
	Session  Session
	Accounts []Account // more than one: the customer chooses
}

// Account is one of several logins that share an e-mail address.
type Account struct {
	ID         uuid.UUID
	Name       string
	Username   string
	ClientName string
}

// VerifyCode opens a session for the customer who gives the code, in the browser that asked for it. A code works once, and of any
// number of guesses five are looked at.
func (s *Service) VerifyCode(ctx context.Context, in CodeProof) (CodeEntry, error) {
	o, err := s.codeOffice(ctx, in.Office)
	if err != nil {
		return CodeEntry{}, err
	}
	if (in.Code == "") == (in.Account == uuid.Nil) {
		return CodeEntry{}, errOneOfTwo
	}
	if err := s.countProof(ctx, o.ID, in); err != nil {
		return CodeEntry{}, err
	}
	if in.Account != uuid.Nil {
		return s.chooseAccount(ctx, o.ID, in)
	}
	c, err := s.tryCode(ctx, o.ID, ofBrowser, hashToken(in.Token))
	if err != nil {
		return CodeEntry{}, err
	}
	if why := s.wrong(c, in.Code); why != nil {
		subject := uuid.Nil
		if len(c.MemberIDs) > 0 {
			subject = c.MemberIDs[0]
		}
		return CodeEntry{}, onlyOther(s.refused(ctx, o.ID, subject, "portal"), why)
	}
	if len(c.MemberIDs) == 1 {
		return s.enterByCode(ctx, o.ID, c, c.MemberIDs[0], in.Client)
	}
	return db.Write(asVisitor(ctx, o.ID, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (CodeEntry, event.Event, error) {
		res := tx.Exec(`UPDATE login_challenges SET proven_at = ? WHERE id = ? AND proven_at IS NULL AND ended_at IS NULL`, s.Now(), c.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return CodeEntry{}, event.Event{}, orElse(res.Error, ErrCodeExpired)
		}
		var e CodeEntry
		err := tx.Raw(`SELECT m.id, m.username, trim(c.first_name || ' ' || c.last_name) AS name, k.name AS client_name FROM portal_members m
			JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
			JOIN clients k ON k.organisation_id = m.organisation_id AND k.id = m.client_id
			WHERE m.id IN ? AND m.blocked_at IS NULL AND m.archived_at IS NULL ORDER BY m.id`, []uuid.UUID(c.MemberIDs)).Scan(&e.Accounts).Error
		return e, event.None, err
	})
}

// countProof counts a try of the address, which a known browser is spared: it can have ten codes a day, of five tries each.
func (s *Service) countProof(ctx context.Context, office uuid.UUID, in CodeProof) error {
	if in.Client.Known != "" {
		c, err := db.Read(asVisitor(ctx, office, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (challengeRow, error) {
			var c challengeRow
			err := tx.Raw(`SELECT `+challengeFields+` FROM login_challenges WHERE `+ofBrowser, hashToken(in.Token)).Scan(&c).Error
			return c, err
		})
		if err != nil {
			return err
		}
		if c.KnownFor != nil {
			return nil
		}
	}
	return s.count(ctx, office, s.addressAllowance(in.Client.key("login")))
}

// onlyOther replaces the fault of a refusal by one that says more; another error stays.
func onlyOther(err error, why *fault.Error) error {
	if errors.Is(err, ErrWrongCredentials) {
		return why
	}
	return err
}

// wrong says why code is not that of a challenge of which a try was taken, with the same work whether a code was ever sent.
func (s *Service) wrong(c challengeRow, code string) *fault.Error {
	switch {
	case hmac.Equal(c.CodeHash, codeHash(s.Key, c.ID, code)):
		return nil
	case c.Tries >= codeTries:
		return ErrCodeSpent
	}
	return ErrWrongLoginCode
}

// What a challenge is bound to: a browser that asked before signing in, or a session.
const (
	ofBrowser = `for_session IS NULL AND token_hash = ?`
	ofSession = `for_session = ?`
)

// tryCode takes one of the five tries of a challenge, in a transaction of its own, before anything is compared.
func (s *Service) tryCode(ctx context.Context, office uuid.UUID, bound string, to any) (challengeRow, error) {
	return db.Write(asVisitor(ctx, office, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (challengeRow, event.Event, error) {
		var c challengeRow
		err := tx.Raw(`UPDATE login_challenges SET tries = tries + 1 WHERE `+bound+` AND tries < ? AND proven_at IS NULL AND ended_at IS NULL AND expires_at > ? RETURNING `+challengeFields,
			to, codeTries, s.Now()).Scan(&c).Error
		if err != nil || c.ID != uuid.Nil {
			return c, event.None, err
		}
		if err := tx.Raw(`SELECT `+challengeFields+` FROM login_challenges WHERE `+bound+` ORDER BY created_at DESC LIMIT 1`, to).Scan(&c).Error; err != nil {
			return c, event.Event{}, err
		}
		if c.Tries >= codeTries && c.ProvenAt == nil && s.Now().Before(c.ExpiresAt) {
			return c, event.Event{}, ErrCodeSpent
		}
		return c, event.Event{}, ErrCodeExpired
	})
}

// chooseAccount opens the session of one of the accounts whose common address was proven in this browser.
func (s *Service) chooseAccount(ctx context.Context, office uuid.UUID, in CodeProof) (CodeEntry, error) {
	c, err := db.Read(asVisitor(ctx, office, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (challengeRow, error) {
		var c challengeRow
		err := tx.Raw(`SELECT `+challengeFields+` FROM login_challenges WHERE `+ofBrowser+` AND proven_at IS NOT NULL AND ended_at IS NULL AND expires_at > ?`,
			hashToken(in.Token), s.Now()).Scan(&c).Error
		return c, err
	})
	if err != nil {
		return CodeEntry{}, err
	}
	if !slices.Contains(c.MemberIDs, in.Account) {
		return CodeEntry{}, ErrCodeExpired
	}
	return s.enterByCode(ctx, office, c, in.Account, in.Client)
}

// enterByCode ends the challenge, so that of any number at once one succeeds, and opens what the code leads to.
func (s *Service) enterByCode(ctx context.Context, office uuid.UUID, c challengeRow, who uuid.UUID, client Client) (CodeEntry, error) {
	if err := s.finishReset(ctx, office, who); err != nil {
		return CodeEntry{}, err
	}
	return db.Write(asVisitor(ctx, office, who), s.DB, authz.SignIn, func(tx *db.Tx) (CodeEntry, event.Event, error) {
		now := s.Now()
		res := tx.Exec(`UPDATE login_challenges SET proven_at = coalesce(proven_at, ?), ended_at = ? WHERE id = ? AND ended_at IS NULL`, now, now, c.ID)
		if res.Error != nil || res.RowsAffected == 0 {
			return CodeEntry{}, event.Event{}, orElse(res.Error, ErrCodeExpired)
		}
		m, err := member.Take(tx, who)
		if err != nil {
			return CodeEntry{}, event.Event{}, err
		}
		if m.BlockedAt != nil || m.ArchivedAt != nil {
			return CodeEntry{}, event.Event{}, ErrCodeExpired
		}
		if err := s.forgiveCodes(tx, c.Name, who, client); err != nil {
			return CodeEntry{}, event.Event{}, err
		}
		sess, ev, err := s.welcome(tx, m, client)
		if ev.Name != event.None.Name {
			ev = ev.With("by", "code")
		}
		return CodeEntry{Session: sess}, ev, err
	})
}
