package signin_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/passkey"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
)

const (
	good   = "paarse olifant fietst zingend"
	secret = "JBSWY3DPEHPK3PXP"
)

var from = signin.Client{IP: "192.0.2.1", UserAgent: "test"}

type world struct {
	*dbtest.Database
	dbtest.Scene
	*signin.Service
	email string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Database: dbtest.Open(t)}
	w.Scene = dbtest.AddScene(t, w.Root)
	hasher, err := signin.NewHasher(signin.Cost{MemoryKiB: 8, Passes: 1})
	if err != nil {
		t.Fatal(err)
	}
	w.Service = &signin.Service{DB: w.Database.DB, Now: w.Clock.Now, Key: sealed.New(), Hasher: hasher, Limits: signin.DefaultLimits}
	if w.PortalKeys, err = passkey.New("Voordeur", portalOrigin); err != nil {
		t.Fatal(err)
	}
	if w.OfficeKeys, err = passkey.New("Voordeur", officeOrigin); err != nil {
		t.Fatal(err)
	}
	hash, err := hasher.Hash(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	w.exec(t, `UPDATE portal_members SET password_hash = $1 WHERE id = $2`, hash, w.Member)
	w.exec(t, `UPDATE employees SET password_hash = $1, totp_secret = $2 WHERE id = $3`, hash, sealed.Seal(w.Key, signin.TOTPPlace(w.Employee), []byte(secret)), w.Employee)
	if err := w.Root.QueryRow(`SELECT email FROM employees WHERE id = $1`, w.Employee).Scan(&w.email); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := w.Root.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

func (w *world) login(ctx context.Context, username, password string) (signin.Session, error) {
	return w.MemberLogin(ctx, signin.MemberLogin{Office: w.Slug, Username: username, Password: password, Client: from})
}

// code is what the authenticator app shows, steps from now.
func (w *world) code(t *testing.T, steps int) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, w.Clock.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) half(t *testing.T) signin.Session {
	t.Helper()
	s, err := w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: strings.ToUpper(w.email), Password: good, Client: from})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const crowd = 50

// race runs fn fifty times at once and returns how often it succeeded, and the other errors.
func race(fn func(i int) error) (int, []error) {
	var wg sync.WaitGroup
	errs, start := make([]error, crowd), make(chan struct{})
	for i := range crowd {
		wg.Go(func() { <-start; errs[i] = fn(i) })
	}
	close(start)
	wg.Wait()
	won, lost := 0, []error{}
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			lost = append(lost, err)
		}
	}
	return won, lost
}

// patiently tries again when all hashing slots are taken; the race is about the row, not about the queue before it.
func patiently(fn func() error) error {
	for {
		err := fn()
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Kind != fault.Unavailable {
			return err
		}
	}
}

// TestSession: log in, be known, log out: the next request is nobody's. Idle and absolute ends. The office's token opens no portal.
func TestSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	known := func(s signin.Session, kind authz.Kind) bool {
		h, err := w.Resolve(t.Context(), kind, s.Token)
		if err != nil && !errors.Is(err, authz.ErrNoActor) {
			t.Fatal(err)
		}
		return err == nil && !h.Half
	}
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	if !known(s, authz.Member) || known(s, authz.Employee) {
		t.Fatal("the wrong audience")
	}
	h, err := w.Resolve(t.Context(), authz.Member, s.Token)
	if err != nil || h.Actor.ID != w.Member || h.Actor.Name != "Eva de Wit" || !h.Actor.May(authz.PortalSubmissionCreate) || h.Actor.May(authz.DossierRead) {
		t.Fatalf("%+v %v", h, err)
	}
	if _, err := w.Logout(s.Context(t.Context())); err != nil {
		t.Fatal(err)
	}
	if known(s, authz.Member) {
		t.Error("known after signing out")
	}

	s, _ = w.login(t.Context(), w.Username, good)
	for range 5 { // kept alive by requests
		w.Clock.Advance(29 * time.Minute)
		if !known(s, authz.Member) {
			t.Fatal("forgotten while it was used")
		}
	}
	w.Clock.Advance(31 * time.Minute)
	if known(s, authz.Member) {
		t.Error("known after 31 idle minutes")
	}
	s, _ = w.login(t.Context(), w.Username, good)
	for range 28 {
		w.Clock.Advance(25 * time.Minute)
		_ = known(s, authz.Member)
	}
	w.Clock.Advance(25 * time.Minute)
	if known(s, authz.Member) {
		t.Error("known after twelve hours")
	}
	s, _ = w.login(t.Context(), w.Username, good)
	w.exec(t, `UPDATE portal_members SET blocked_at = now() WHERE id = $1`, w.Member)
	if known(s, authz.Member) {
		t.Error("known while blocked")
	}
	if _, err := w.login(t.Context(), w.Username, good); !errors.Is(err, signin.ErrWrongCredentials) {
		t.Errorf("blocked: %v", err)
	}
	var stored int
	if err := w.Root.QueryRow(`SELECT count(*) FROM sessions WHERE position($1 in encode(token_hash, 'escape')) > 0`, s.Token).Scan(&stored); err != nil || stored != 0 {
		t.Errorf("the token itself is stored: %v", err)
	}
}

// TestSameAnswer: nothing tells whether the name exists.
func TestSameAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, wrong := w.login(t.Context(), w.Username, "not it")
	_, unknown := w.login(t.Context(), "nobody", "not it")
	if !errors.Is(wrong, signin.ErrWrongCredentials) || body(t, wrong) != body(t, unknown) {
		t.Errorf("portal: %v, %v", wrong, unknown)
	}
	_, wrong = w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: w.email, Password: "not it", Client: from})
	_, unknown = w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: "nobody@example.org", Password: "not it", Client: from})
	if !errors.Is(wrong, signin.ErrWrongCredentials) || body(t, wrong) != body(t, unknown) {
		t.Errorf("office: %v, %v", wrong, unknown)
	}
	for _, email := range []string{w.email, "nobody@example.org"} { // and both run into the same limit
		var err error
		for range 10 {
			_, err = w.EmployeeLogin(t.Context(), signin.EmployeeLogin{Email: email, Password: "not it", Client: signin.Client{IP: email}})
		}
		if kind(err) != fault.TooMany {
			t.Errorf("%s: %v", email, err)
		}
	}
}

func body(t *testing.T, err error) string {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatal(err)
	}
	return fmt.Sprint(f.Kind, f.Code, f.Detail, f.Fields, f.RetryAfter)
}

func kind(err error) fault.Kind {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Kind
	}
	return fault.Internal
}

// TestGuessing: of fifty guesses at once at most five are looked at; after the wait the right password works, and the waits grow.
func TestGuessing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	won, lost := race(func(int) error {
		return patiently(func() error { _, err := w.login(t.Context(), w.Username, "a guess"); return err })
	})
	wrong, wait := 0, time.Duration(0)
	for _, err := range lost {
		if errors.Is(err, signin.ErrWrongCredentials) {
			wrong++
		} else if f, ok := errors.AsType[*fault.Error](err); ok && f.Code == "too-many-attempts" {
			wait = f.RetryAfter
		} else {
			t.Fatal(err)
		}
	}
	// Each try has a clock of its own, a moment before or after that of the one that closed the door.
	if won != 0 || wrong > 5 || wait <= 0 || wait > 15*time.Minute+time.Second {
		t.Errorf("%d looked at, wait %s", wrong, wait)
	}
	if _, err := w.login(t.Context(), w.Username, good); kind(err) != fault.TooMany {
		t.Errorf("at once: %v", err)
	}
	w.Clock.Advance(15*time.Minute + time.Second)
	for range 5 {
		_, _ = w.login(t.Context(), w.Username, "a guess")
	}
	_, err := w.login(t.Context(), w.Username, good)
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.RetryAfter < 20*time.Minute {
		t.Errorf("the second wait is not longer: %v", err)
	}
	w.Clock.Advance(time.Hour)
	if _, err := w.login(t.Context(), w.Username, good); err != nil {
		t.Errorf("locked for good: %v", err)
	}
	// Thirty wrong from one address, whatever the names.
	for i := range 31 {
		_, err = w.login(t.Context(), "nobody"+string(rune('a'+i)), "x")
	}
	if kind(err) != fault.TooMany {
		t.Errorf("address: %v", err)
	}
}

// TestSecondFactor: the password alone opens nothing; a code of a neighbouring step works, one further away does not; a code works
// once, of fifty at once one wins; the token changes.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	half := w.half(t)
	h, err := w.Resolve(t.Context(), authz.Employee, half.Token)
	if err != nil || !h.Half || len(h.Actor.Grants) != 0 {
		t.Fatalf("%+v %v", h, err)
	}
	verify := func(s signin.Session, code string) (signin.Session, error) {
		return w.VerifySecondFactor(s.Context(t.Context()), code, from)
	}
	for _, steps := range []int{-3, 3} {
		if _, err := verify(half, w.code(t, steps)); !errors.Is(err, signin.ErrWrongCode) {
			t.Errorf("%d steps away: %v", steps, err)
		}
	}
	code := w.code(t, -1)
	full, err := verify(half, code[:3]+" "+code[3:])
	if err != nil {
		t.Fatal(err)
	}
	if full.Token == half.Token {
		t.Error("the same token")
	}
	if _, err := w.Resolve(t.Context(), authz.Employee, half.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("the half session lives: %v", err)
	}
	if h, err := w.Resolve(t.Context(), authz.Employee, full.Token); err != nil || h.Half || !h.Actor.May(authz.OrganisationWrite) {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := verify(w.half(t), code); !errors.Is(err, signin.ErrWrongCode) {
		t.Errorf("the same code again: %v", err)
	}

	w.Clock.Advance(5 * time.Minute)
	w.Limits.Account = 1000
	halves := make([]signin.Session, 50)
	for i := range halves {
		halves[i] = w.half(t)
	}
	now := w.code(t, 0)
	won, lost := race(func(i int) error { _, err := verify(halves[i], now); return err })
	for _, err := range lost {
		if !errors.Is(err, signin.ErrWrongCode) {
			t.Fatal(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 50 at once", won)
	}
	half = w.half(t)
	w.Clock.Advance(11 * time.Minute)
	if _, err := w.Resolve(t.Context(), authz.Employee, half.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("a half session after eleven minutes: %v", err)
	}
}

func (w *world) link(t *testing.T) string {
	t.Helper()
	id, err := db.Write(dbtest.EmployeeAs(w.Organisation, w.Employee), w.Database.DB, authz.MemberWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		id, err := signin.IssueLink(tx, w.Key, w.Member, member.Reset, "eva@example.org")
		return id, event.Of("test", id), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return signin.LinkToken(w.Key, id)
}

// TestRedeemAtOnce: of fifty at once one sets the password. Every session ends.
func TestRedeemAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	older, token := w.link(t), w.link(t)
	if err := w.RedeemLink(t.Context(), older, good); !errors.Is(err, signin.ErrLinkReplaced) {
		t.Errorf("older: %v", err)
	}
	won, lost := race(func(i int) error {
		return patiently(func() error { return w.RedeemLink(t.Context(), token, good+" "+string(rune('a'+i%26))) })
	})
	for _, err := range lost {
		if !errors.Is(err, signin.ErrLinkUsed) {
			t.Fatal(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 50", won)
	}
	if _, err := w.Resolve(t.Context(), authz.Member, s.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("an old session lives: %v", err)
	}
	if _, err := w.login(t.Context(), w.Username, good); !errors.Is(err, signin.ErrWrongCredentials) {
		t.Errorf("the old password: %v", err)
	}
	rows, err := w.Root.Query(`SELECT e.organisation_id, e.id, e.data, k.key FROM audit_events e LEFT JOIN audit_keys k USING (organisation_id, seq)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var office, id uuid.UUID
		var box, key []byte
		if err := rows.Scan(&office, &id, &box, &key); err != nil {
			t.Fatal(err)
		}
		if data, ok := w.EventData(office, id, box, key); !ok || strings.Contains(fmt.Sprint(data), token) {
			t.Errorf("the token stands in the trail: %v", data)
		}
	}
	if rows.Err() != nil {
		t.Error(rows.Err())
	}
	if _, err := w.InspectLink(t.Context(), strings.Repeat("A", 43)); !errors.Is(err, signin.ErrLinkUnknown) {
		t.Errorf("unknown: %v", err)
	}
}

// TestUsernameAtOnce: of fifty claims one wins; the others hear that it is taken.
func TestUsernameAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := dbtest.EmployeeAs(w.Organisation, w.Employee)
	won, lost := race(func(i int) error {
		_, err := db.Write(ctx, w.Database.DB, authz.MemberWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
			m, err := member.CreateForContact(tx, member.Spec{
				ClientID: w.Client, ContactID: w.Contact, Username: []string{"de.wit", " DE.WIT", "De.Wit ", "ｄe.wit"}[i%4], DossierIDs: []uuid.UUID{w.Dossier}, Pointer: "/applicants/1/username",
			})
			return m.ID, event.Of("test", m.ID), err
		})
		return err
	})
	for _, err := range lost {
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || len(f.Fields) != 1 || f.Fields[0] != (fault.Field{Pointer: "/applicants/1/username", Code: "taken"}) {
			t.Fatal(err)
		}
	}
	if won != 1 {
		t.Errorf("%d of 50", won)
	}
}

// TestExhaustedAddress: an address that has no tries left uses up nobody else's: neither an account's, nor the codes of a name.
func TestExhaustedAddress(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	elsewhere := signin.Client{IP: "203.0.113.9", UserAgent: "test"}
	for i := range w.Limits.Address {
		if _, err := w.login(t.Context(), fmt.Sprint("nobody", i), "x"); !errors.Is(err, signin.ErrWrongCredentials) {
			t.Fatal(err)
		}
		if _, err := w.ask(t.Context(), fmt.Sprint("nobody", i)); err != nil {
			t.Fatal(err)
		}
	}
	for range w.Limits.CodeDay {
		if _, err := w.login(t.Context(), w.Username, "x"); kind(err) != fault.TooMany {
			t.Fatal(err)
		}
		if _, err := w.ask(t.Context(), w.Username); kind(err) != fault.TooMany {
			t.Fatal(err)
		}
	}
	if _, err := w.RequestCode(t.Context(), signin.CodeRequest{Office: w.Slug, Name: w.Username, Client: elsewhere}); err != nil {
		t.Errorf("a code: %v", err)
	}
	if _, err := w.MemberLogin(t.Context(), signin.MemberLogin{Office: w.Slug, Username: w.Username, Password: good, Client: elsewhere}); err != nil {
		t.Errorf("the password: %v", err)
	}
}

// TestTriesOfALine: all addresses of one line together have the tries of one; and no name that a customer types is counted as an employee's.
func TestTriesOfALine(t *testing.T) {
	t.Parallel()
	w := newCodes(t)
	wrong := func(i int, net string) error {
		_, err := w.MemberLogin(t.Context(), signin.MemberLogin{Office: w.Slug, Username: fmt.Sprint("nobody", i), Password: "x", Client: signin.Client{IP: fmt.Sprintf("%s::%x", net, i+1)}})
		return err
	}
	for i := range w.Limits.Address {
		if err := wrong(i, "2001:db8:0:1"); !errors.Is(err, signin.ErrWrongCredentials) {
			t.Fatal(err)
		}
	}
	if err := wrong(99, "2001:db8:0:1"); kind(err) != fault.TooMany {
		t.Errorf("from the same line: %v", err)
	}
	if err := wrong(99, "2001:db8:0:2"); !errors.Is(err, signin.ErrWrongCredentials) {
		t.Errorf("from next door: %v", err)
	}
	for range w.Limits.Account {
		if _, err := w.login(t.Context(), "employee:"+w.email, "x"); !errors.Is(err, signin.ErrWrongCredentials) {
			t.Fatal(err)
		}
	}
	w.half(t)
}

// TestChangePassword: the current one is asked for; the other sessions end, this one goes on under a new token.
func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here, _ := w.login(t.Context(), w.Username, good)
	elsewhere, _ := w.login(t.Context(), w.Username, good)
	if _, err := w.ChangePassword(here.Context(t.Context()), "no", "een heel ander lang wachtwoord", from); field(err) != "/currentPassword wrong-password" {
		t.Error(err)
	}
	if _, err := w.ChangePassword(here.Context(t.Context()), good, "kort", from); field(err) != "/newPassword password-too-short" {
		t.Error(err)
	}
	next, err := w.ChangePassword(here.Context(t.Context()), good, "een heel ander lang geheimpje", from)
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]bool{here.Token: false, elsewhere.Token: false, next.Token: true} {
		if _, err := w.Resolve(t.Context(), authz.Member, s); (err == nil) != want {
			t.Errorf("want %t: %v", want, err)
		}
	}
}

func field(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && len(f.Fields) > 0 {
		return f.Fields[0].Pointer + " " + f.Fields[0].Code
	}
	return ""
}

// TestPasswords: length is all that is asked, but what everybody tries first is refused.
func TestPasswords(t *testing.T) {
	t.Parallel()
	context := []string{"Brugwachter Advies", "brugwachter", "eva.dewit@example.org", "Eva", "de Wit"}
	for password, want := range map[string]error{
		"correct paard batterij":          nil,
		"paarse olifant fietst":           nil,
		"ik eet elke dag drie appels":     nil,
		"zZ9$kq!mW2vX7pLr":                nil,
		"                    ééé dag zon": nil,
		"密码很长的一个句子用来登录系统吗":                nil,
		strings.Repeat("x7Gk", 64):        signin.ErrPasswordTooCommon,
		strings.Repeat("a", 257):          signin.ErrPasswordTooLong,
		"kort":                            signin.ErrPasswordTooShort,
		"veertientekens":                  signin.ErrPasswordTooShort,
		"passwordpassword":                signin.ErrPasswordTooCommon,
		"123456789012345678":              signin.ErrPasswordTooCommon,
		"aaaaaaaaaaaaaaaa":                signin.ErrPasswordTooCommon,
		"qwertyuiopasdfghjkl":             signin.ErrPasswordTooCommon,
		"Welkom012345678!":                signin.ErrPasswordTooCommon,
		"brugwachter2026!!":               signin.ErrPasswordTooCommon,
		"Brugwachter-Advies-1":            signin.ErrPasswordTooCommon,
		"wachtwoord wachtwoord":           signin.ErrPasswordTooCommon,
		"correct horse battery staple":    signin.ErrPasswordTooCommon,
		"Hypotheek2026 hypotheek":         signin.ErrPasswordTooCommon,
	} {
		if got := signin.CheckPassword(password, signin.MinPasswordAlone, context...); !errors.Is(got, want) {
			t.Errorf("%q: got %v, want %v", password, got, want)
		}
	}
}

// TestModels: the GORM models fit the tables.
func TestModels(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	dbtest.CheckModels(t, d.Root, &member.Member{})
}
