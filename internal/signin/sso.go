package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/employee"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/organisation"
	"voordeur/internal/sealed"
	"voordeur/internal/sso"
)

// The faults of signing in at the provider of an office.
var (
	ErrSSOOff     = fault.New(fault.NotFound, "sso-off", "This office does not sign in at a provider of its own.")
	ErrSSOLost    = fault.New(fault.Unauthenticated, "sso-lost", "This sign-in was not begun in this browser, or too long ago.")
	ErrSSOUnknown = fault.New(fault.Unauthenticated, "sso-unknown", "The provider vouches for somebody who is no employee of the office.")
	ErrSSOGroup   = fault.New(fault.Unauthenticated, "sso-no-group", "None of the groups of this account gives a role at the office.")
	ErrSSOOnly    = fault.New(fault.Unauthenticated, "sso-only", "This office signs in at its own provider only.")
	ErrSSOFirst   = fault.New(fault.Conflict, "sso-first", "Sign in at the provider once before it becomes the only way.")
)

// SSOLife is how long a sign-in at the provider may take.
const SSOLife = 10 * time.Minute

// SSO is what talks to the providers.
type SSO interface {
	CheckAddress(issuer string) error
	Check(ctx context.Context, c sso.Config) error
	Begin(ctx context.Context, c sso.Config, s sso.Secrets) (string, error)
	Finish(ctx context.Context, c sso.Config, s sso.Secrets, a sso.Answer) (sso.Identity, error)
}

// GroupRole gives the members of a group at the provider a role at the office.
type GroupRole struct {
	Group string        `json:"group"`
	Role  employee.Role `json:"role"`
}

// SSOSettings are how an office signs in at its provider. The secret is never read back.
type SSOSettings struct {
	Enabled     bool
	Issuer      string
	ClientID    string
	HasSecret   bool
	GroupsClaim string
	Roles       []GroupRole
	Only        bool // no passwords, but for administrators: their way back in when the provider is down
	RedirectURL string
	Version     int64
}

// SSOChange replaces the settings; a nil secret stays.
type SSOChange struct {
	Enabled      bool
	Issuer       string
	ClientID     string
	ClientSecret *string
	GroupsClaim  string
	Roles        []GroupRole
	Only         bool
}

type ssoRow struct {
	Enabled      bool
	Issuer       string
	ClientID     string
	ClientSecret []byte
	GroupsClaim  string
	Roles        []byte
	OnlySso      bool
	Version      int64
}

func ssoOf(tx *db.Tx) (ssoRow, error) {
	row := ssoRow{GroupsClaim: "groups"}
	err := tx.Raw(`SELECT enabled, issuer, client_id, client_secret, groups_claim, roles, only_sso, version FROM sso_settings`).Scan(&row).Error
	return row, err
}

func (r ssoRow) roles() ([]GroupRole, error) {
	all := []GroupRole{}
	if len(r.Roles) == 0 {
		return all, nil
	}
	err := json.Unmarshal(r.Roles, &all)
	return all, err
}

func ssoPlace(organisation uuid.UUID) string {
	return "sso_settings.client_secret:" + organisation.String()
}

func (s *Service) ssoConfig(organisation uuid.UUID, r ssoRow) (sso.Config, error) {
	c := sso.Config{Issuer: r.Issuer, ClientID: r.ClientID, RedirectURL: s.OfficeURL + "/sso", GroupsClaim: r.GroupsClaim}
	if len(r.ClientSecret) == 0 {
		return c, nil
	}
	secret, err := sealed.Open(s.Key, ssoPlace(organisation), r.ClientSecret)
	c.ClientSecret = string(secret)
	return c, err
}

func (s *Service) ssoSettings(r ssoRow) (SSOSettings, error) {
	roles, err := r.roles()
	return SSOSettings{
		Enabled: r.Enabled, Issuer: r.Issuer, ClientID: r.ClientID, HasSecret: len(r.ClientSecret) > 0, GroupsClaim: r.GroupsClaim,
		Roles: roles, Only: r.OnlySso, RedirectURL: s.OfficeURL + "/sso", Version: r.Version + 1,
	}, err
}

// SSOSettings returns how the office signs in at its provider.
func (s *Service) SSOSettings(ctx context.Context) (SSOSettings, error) {
	return db.Read(ctx, s.DB, authz.OrganisationRead, func(tx *db.Tx) (SSOSettings, error) {
		r, err := ssoOf(tx)
		if err != nil {
			return SSOSettings{}, err
		}
		return s.ssoSettings(r)
	})
}

// ChangeSSO replaces the settings once the provider answers. It becomes the only way in for who has come in by it. The provider says who
// works here and in which role, so it takes the right to say that.
func (s *Service) ChangeSSO(ctx context.Context, version int64, ch SSOChange) (SSOSettings, error) {
	if ch.GroupsClaim == "" {
		ch.GroupsClaim = "groups"
	}
	if ch.Enabled {
		if err := s.SSO.CheckAddress(ch.Issuer); err != nil {
			return SSOSettings{}, err
		}
		if ch.ClientID == "" {
			return SSOSettings{}, fault.OnField("/clientId", "required")
		}
		// Outside the transaction: the provider may be slow.
		if err := s.SSO.Check(ctx, sso.Config{Issuer: ch.Issuer}); err != nil {
			return SSOSettings{}, fault.OnField("/issuer", "sso-unreachable").Because(err)
		}
	}
	roles, err := json.Marshal(slices.Concat([]GroupRole{}, ch.Roles))
	if err != nil {
		return SSOSettings{}, err
	}
	return db.Write(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) (SSOSettings, event.Event, error) {
		none := SSOSettings{}
		if err := tx.Exec(`SELECT 1 FROM organisations FOR NO KEY UPDATE`).Error; err != nil {
			return none, event.Event{}, err
		}
		was, err := ssoOf(tx)
		if err != nil {
			return none, event.Event{}, err
		}
		if was.Version+1 != version {
			return none, event.Event{}, tx.Stale(tx.Actor.Organisation)
		}
		if ch.Enabled && ch.Only {
			var linked int
			err := tx.Raw(`SELECT count(*) FROM employee_identities WHERE employee_id = ? AND issuer = ?`, tx.Actor.ID, ch.Issuer).Scan(&linked).Error
			if err != nil || linked == 0 {
				return none, event.Event{}, orElse(err, ErrSSOFirst)
			}
		}
		secret := was.ClientSecret
		if ch.ClientSecret != nil {
			secret = sealed.Seal(s.Key, ssoPlace(tx.Actor.Organisation), []byte(*ch.ClientSecret))
		}
		// A secret belongs to one provider: it is never sent to another.
		if ch.ClientSecret == nil && was.Issuer != ch.Issuer {
			secret = nil
		}
		err = tx.Exec(`INSERT INTO sso_settings (enabled, issuer, client_id, client_secret, groups_claim, roles, only_sso, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (organisation_id) DO UPDATE SET enabled = EXCLUDED.enabled, issuer = EXCLUDED.issuer, client_id = EXCLUDED.client_id, client_secret = EXCLUDED.client_secret,
			groups_claim = EXCLUDED.groups_claim, roles = EXCLUDED.roles, only_sso = EXCLUDED.only_sso, version = sso_settings.version + 1, updated_at = EXCLUDED.updated_at`,
			ch.Enabled, ch.Issuer, ch.ClientID, secret, ch.GroupsClaim, string(roles), ch.Enabled && ch.Only, s.Now()).Error
		if err != nil {
			return none, event.Event{}, err
		}
		now, err := ssoOf(tx)
		if err != nil {
			return none, event.Event{}, err
		}
		out, err := s.ssoSettings(now)
		what := event.Of("organisation.sso_changed", tx.Actor.Organisation).With("enabled", ch.Enabled).With("issuer", ch.Issuer).With("only", now.OnlySso)
		return out, what, err
	})
}

// ssoTrip is what the browser keeps while somebody is at the provider, sealed.
type ssoTrip struct {
	Organisation uuid.UUID   `json:"o"`
	Issuer       string      `json:"i"` // who was asked
	Secrets      sso.Secrets `json:"s"`
	Until        time.Time   `json:"u"`
}

const tripPlace = "sso-trip"

func secretWord() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

// StartSSO returns where an employee of an office signs in, and what the browser must show when it comes back.
func (s *Service) StartSSO(ctx context.Context, slug string) (string, string, error) {
	office, err := s.office(ctx, slug)
	if errors.Is(err, organisation.ErrNoOffice) {
		err = ErrSSOOff
	}
	if err != nil {
		return "", "", err
	}
	r, err := db.Read(asVisitor(ctx, office.ID, uuid.Nil), s.DB, authz.SignIn, ssoOf)
	if err != nil {
		return "", "", err
	}
	if !r.Enabled {
		return "", "", ErrSSOOff
	}
	c, err := s.ssoConfig(office.ID, r)
	if err != nil {
		return "", "", err
	}
	trip := ssoTrip{Organisation: office.ID, Issuer: r.Issuer, Secrets: sso.Secrets{State: secretWord(), Nonce: secretWord(), Verifier: secretWord()}, Until: s.Now().Add(SSOLife)}
	to, err := s.SSO.Begin(ctx, c, trip.Secrets)
	if err != nil {
		return "", "", err
	}
	raw, err := json.Marshal(trip)
	return to, base64.RawURLEncoding.EncodeToString(sealed.Seal(s.Key, tripPlace, raw)), err
}

func (s *Service) trip(kept, state string) (ssoTrip, error) {
	var trip ssoTrip
	box, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil {
		return trip, ErrSSOLost
	}
	raw, err := sealed.Open(s.Key, tripPlace, box)
	if err != nil || json.Unmarshal(raw, &trip) != nil || !s.Now().Before(trip.Until) ||
		subtle.ConstantTimeCompare([]byte(trip.Secrets.State), []byte(state)) != 1 {
		return ssoTrip{}, ErrSSOLost
	}
	return trip, nil
}

// FinishSSO opens a whole session for whom the provider vouches for: the second factor is the provider's. kept is what StartSSO
// gave this browser, a is what the provider sent along.
func (s *Service) FinishSSO(ctx context.Context, kept string, a sso.Answer, client Client) (Session, error) {
	trip, err := s.trip(kept, a.State)
	if err != nil {
		return Session{}, err
	}
	visitor := asVisitor(ctx, trip.Organisation, uuid.Nil)
	if err := s.count(ctx, trip.Organisation, s.addressAllowance(client.key("sso"))); err != nil {
		return Session{}, err
	}
	r, err := db.Read(visitor, s.DB, authz.SignIn, ssoOf)
	if err != nil {
		return Session{}, err
	}
	if !r.Enabled {
		return Session{}, ErrSSOOff
	}
	if r.Issuer != trip.Issuer { // the office changed its provider meanwhile: this answer is of the old one
		return Session{}, ErrSSOLost
	}
	c, err := s.ssoConfig(trip.Organisation, r)
	if err != nil {
		return Session{}, err
	}
	sess, err := s.vouch(ctx, trip, r, c, a, client)
	for _, no := range []*fault.Error{sso.ErrRefused, ErrSSOGroup, ErrSSOUnknown} {
		if errors.Is(err, no) {
			return Session{}, onlyOther(s.refused(ctx, trip.Organisation, uuid.Nil, "office"), no)
		}
	}
	return sess, err
}

// vouch asks the provider who came back, and lets that employee in.
func (s *Service) vouch(ctx context.Context, trip ssoTrip, r ssoRow, c sso.Config, a sso.Answer, client Client) (Session, error) {
	who, err := s.SSO.Finish(ctx, c, trip.Secrets, a)
	if err != nil {
		return Session{}, err
	}
	mapping, err := r.roles()
	if err != nil {
		return Session{}, err
	}
	role, ok := roleFor(mapping, who.Groups)
	if !ok {
		return Session{}, ErrSSOGroup
	}
	return db.Write(asVisitor(ctx, trip.Organisation, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (Session, event.Event, error) {
		e, err := s.vouched(tx, who)
		if err != nil {
			return Session{}, event.Event{}, err
		}
		if role != "" && role != e.Role {
			if err := s.takeRole(tx, &e, role); err != nil {
				return Session{}, event.Event{}, err
			}
		}
		now := s.Now()
		if err := tx.Exec(`UPDATE employees SET last_login_at = ? WHERE id = ?`, now, e.ID).Error; err != nil {
			return Session{}, event.Event{}, err
		}
		if err := forgive(tx, "", client.key("sso")); err != nil {
			return Session{}, event.Event{}, err
		}
		sess, err := s.arrive(tx, e, trip.Organisation, client)
		if err == nil && who.Logout.Address != "" {
			err = s.keepSSOLogout(tx, sess.Actor.Session, who.Logout)
		}
		return sess, event.Of("employee.signed_in", e.ID).With("by", "sso"), err
	})
}

// ssoSessionPlace binds what ends a session at the provider to the row of ours.
func ssoSessionPlace(session uuid.UUID) string { return "sessions.sso_logout:" + session.String() }

// keepSSOLogout keeps what ends the session at the provider beside the session.
func (s *Service) keepSSOLogout(tx *db.Tx, session uuid.UUID, l sso.Logout) error {
	raw, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return tx.Exec(`UPDATE sessions SET sso_logout = ? WHERE id = ?`, sealed.Seal(s.Key, ssoSessionPlace(session), raw), session).Error
}

// ssoLogout is where the browser goes to sign out at the provider too, or nothing.
func (s *Service) ssoLogout(session uuid.UUID, box []byte) string {
	if len(box) == 0 {
		return ""
	}
	raw, err := sealed.Open(s.Key, ssoSessionPlace(session), box)
	var l sso.Logout
	if err != nil || json.Unmarshal(raw, &l) != nil {
		return "" // our own session ended all the same
	}
	return l.URL(s.OfficeURL + "/login")
}

// vouched finds the employee whom the provider means: the one it meant before; the first time by an address that the provider has
// verified, and that no other account of the provider goes by.
func (s *Service) vouched(tx *db.Tx, who sso.Identity) (employeeRow, error) {
	var found struct{ ID uuid.UUID }
	err := tx.Raw(`SELECT employee_id AS id FROM employee_identities WHERE issuer = ? AND subject = ?`, who.Issuer, who.Subject).Scan(&found).Error
	if err != nil {
		return employeeRow{}, err
	}
	if found.ID == uuid.Nil {
		if !who.EmailVerified || who.Email == "" {
			return employeeRow{}, ErrSSOUnknown
		}
		err := tx.Raw(`SELECT e.id FROM employees e WHERE e.email_folded = ? AND e.archived_at IS NULL AND e.blocked_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM employee_identities i WHERE i.organisation_id = e.organisation_id AND i.employee_id = e.id AND i.issuer = ?) FOR UPDATE`,
			member.Fold(who.Email), who.Issuer).Scan(&found).Error
		if err != nil || found.ID == uuid.Nil {
			return employeeRow{}, orElse(err, ErrSSOUnknown)
		}
		err = tx.Exec(`INSERT INTO employee_identities (employee_id, issuer, subject, created_at) VALUES (?, ?, ?, ?)`, found.ID, who.Issuer, who.Subject, s.Now()).Error
		if err != nil {
			return employeeRow{}, err
		}
		if err := tx.Record(event.Of("employee.identity_linked", found.ID).With("issuer", who.Issuer)); err != nil {
			return employeeRow{}, err
		}
	}
	e, err := employeeByID(tx, found.ID)
	if err == nil && e.ID == uuid.Nil { // blocked or archived
		err = ErrSSOUnknown
	}
	return e, err
}

// roleFor is the widest role that the groups give; none at all is fine only where the office maps no groups.
func roleFor(mapping []GroupRole, groups []string) (authz.Role, bool) {
	for _, role := range authz.Roles {
		for _, m := range mapping {
			if authz.Role(m.Role) == role && slices.Contains(groups, m.Group) {
				return role, true
			}
		}
	}
	return "", len(mapping) == 0
}

// takeRole gives an employee the role of its groups. The last administrator keeps the role, whatever the provider says.
func (s *Service) takeRole(tx *db.Tx, e *employeeRow, role authz.Role) error {
	before, err := employee.Lock(tx, e.ID)
	if err != nil {
		return err
	}
	if err := tx.Exec(`UPDATE employees SET role = ?, version = version + 1, updated_at = ? WHERE id = ?`, role, s.Now(), e.ID).Error; err != nil {
		return err
	}
	err = employee.AdminLeft(tx, before)
	if errors.Is(err, employee.ErrLastAdmin) {
		return tx.Exec(`UPDATE employees SET role = ?, version = version - 1 WHERE id = ?`, e.Role, e.ID).Error
	}
	if err != nil {
		return err
	}
	if err := tx.Record(event.Of("employee.role_changed", e.ID).With("from", string(e.Role)).With("to", string(role)).With("by", "sso")); err != nil {
		return err
	}
	*e, err = employeeByID(tx, e.ID)
	return err
}
