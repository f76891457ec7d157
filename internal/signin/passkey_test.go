package signin_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	virtual "github.com/descope/virtualwebauthn"
	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/fault"
	"voordeur/internal/passkey"
	"voordeur/internal/signin"
)

const (
	portalOrigin = "https://portal.voordeur.test"
	officeOrigin = "https://kantoor.voordeur.test"
)

// device is a browser with an authenticator in it that we did not write.
type device struct {
	origin        string
	domain        string // empty: what is asked for
	authenticator virtual.Authenticator
	key           virtual.Credential
}

func newDevice(origin string) *device {
	key := virtual.NewCredential(virtual.KeyTypeEC2)
	for len(key.Key.AttestationData()) != 77 { // it leaves out the zero that one coordinate in 128 begins with
		key = virtual.NewCredential(virtual.KeyTypeEC2)
	}
	return &device{origin: origin, authenticator: virtual.NewAuthenticator(), key: key}
}

func (d *device) party(asked string) virtual.RelyingParty {
	if d.domain != "" {
		asked = d.domain
	}
	return virtual.RelyingParty{ID: asked, Name: "Voordeur", Origin: d.origin}
}

func raw(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// make answers a request for a new passkey.
func (d *device) make(t *testing.T, c passkey.Creation) passkey.Created {
	t.Helper()
	d.authenticator.Options.UserHandle = raw(t, c.UserHandle)
	var out struct {
		ID       string `json:"id"`
		Response struct {
			Attestation string `json:"attestationObject"`
			ClientData  string `json:"clientDataJSON"`
		} `json:"response"`
	}
	answer := virtual.CreateAttestationResponse(d.party(c.RPID), d.authenticator, d.key, virtual.AttestationOptions{Challenge: raw(t, c.Challenge)})
	if err := json.Unmarshal([]byte(answer), &out); err != nil {
		t.Fatal(err)
	}
	return passkey.Created{Credential: out.ID, ClientData: out.Response.ClientData, Attestation: out.Response.Attestation, Transports: []string{"internal"}}
}

// sign answers a request for a passkey.
func (d *device) sign(t *testing.T, r passkey.Request) passkey.Signed {
	t.Helper()
	d.key.Counter++
	var out struct {
		ID       string `json:"id"`
		Response struct {
			AuthenticatorData string `json:"authenticatorData"`
			ClientData        string `json:"clientDataJSON"`
			Signature         string `json:"signature"`
			UserHandle        string `json:"userHandle"`
		} `json:"response"`
	}
	answer := virtual.CreateAssertionResponse(d.party(r.RPID), d.authenticator, d.key, virtual.AssertionOptions{Challenge: raw(t, r.Challenge)})
	if err := json.Unmarshal([]byte(answer), &out); err != nil {
		t.Fatal(err)
	}
	in := out.Response
	return passkey.Signed{Credential: out.ID, ClientData: in.ClientData, AuthenticatorData: in.AuthenticatorData, Signature: in.Signature, UserHandle: in.UserHandle}
}

func fieldCode(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && len(f.Fields) == 1 {
		return f.Fields[0].Code
	}
	return ""
}

// add registers the device for who is signed in.
func (w *world) add(t *testing.T, s signin.Session, d *device) (signin.Added, error) {
	t.Helper()
	c, kept, err := w.StartPasskey(s.Context(t.Context()))
	if err != nil {
		return signin.Added{}, err
	}
	return w.AddPasskey(s.Context(t.Context()), signin.NewPasskey{Kept: kept, Made: d.make(t, c), Browser: from})
}

// enter logs a customer in with the device.
func (w *world) enter(t *testing.T, d *device) (signin.Session, error) {
	t.Helper()
	r, kept, err := w.StartMemberPasskey(t.Context(), w.Slug)
	if err != nil {
		t.Fatal(err)
	}
	return w.MemberPasskey(t.Context(), signin.Answer{Kept: kept, Signed: d.sign(t, r)}, from)
}

// enterOffice logs an employee in with the device.
func (w *world) enterOffice(t *testing.T, d *device) (signin.Session, error) {
	t.Helper()
	r, kept, err := w.StartEmployeePasskey()
	if err != nil {
		t.Fatal(err)
	}
	return w.EmployeePasskey(t.Context(), signin.Answer{Kept: kept, Signed: d.sign(t, r)}, from)
}

func (w *world) customer(t *testing.T) signin.Session {
	t.Helper()
	s, err := w.login(t.Context(), w.Username, good)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// staffed is an employee who is signed in.
func (w *world) staffed(t *testing.T) signin.Session {
	t.Helper()
	half := w.half(t)
	w.Clock.Advance(time.Minute) // a code works once
	s, err := w.VerifySecondFactor(half.Context(t.Context()), w.code(t, 0), from)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *world) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	var n int
	if err := w.Root.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (w *world) heard(t *testing.T, name string) int {
	t.Helper()
	return w.count(t, `SELECT count(*) FROM audit_events WHERE organisation_id = $1 AND name = $2`, w.Organisation, name)
}

func (w *world) told(t *testing.T, what string) int {
	t.Helper()
	return w.count(t, `SELECT count(*) FROM mails WHERE organisation_id = $1 AND kind = 'security_notice' AND payload->>'what' = $2`, w.Organisation, what)
}

// TestPasskeys: a customer adds one, logs in with it and types nothing, names it and takes it away again; the trail and the mailbox
// hear of it.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me, d := w.customer(t), newDevice(portalOrigin)
	c, _, err := w.StartPasskey(me.Context(t.Context()))
	if err != nil || c.RPID != "portal.voordeur.test" || c.UserName != w.Username || len(raw(t, c.UserHandle)) != 32 || len(c.Exclude) != 0 {
		t.Fatalf("%+v %v", c, err)
	}
	if strings.Contains(string(raw(t, c.UserHandle)), string(w.Member[:])) {
		t.Error("the handle tells who it is")
	}
	added, err := w.add(t, me, d)
	if err != nil || added.Session != nil || added.Passkey.Name == "" || len(added.RecoveryCodes) != 0 {
		t.Fatalf("%+v %v", added, err)
	}
	if _, err := w.add(t, me, d); !errors.Is(err, signin.ErrPasskeyKnown) {
		t.Errorf("the same one twice: %v", err)
	}
	c, _, err = w.StartPasskey(me.Context(t.Context()))
	if err != nil || len(c.Exclude) != 1 || string(raw(t, c.Exclude[0].Credential)) != string(d.key.ID) || string(raw(t, c.UserHandle)) != string(d.authenticator.Options.UserHandle) {
		t.Errorf("a second one: %+v %v", c, err)
	}
	w.Clock.Advance(time.Hour)
	in, err := w.enter(t, d)
	if err != nil || in.Actor.Half || in.Actor.ID != w.Member || in.Next != "" {
		t.Fatalf("%+v %v", in, err)
	}
	if h, err := w.Resolve(t.Context(), authz.Member, in.Token); err != nil || h.Half || !h.Actor.Verified(w.Clock.Now()) || !h.Actor.May(authz.PortalMe) {
		t.Errorf("%+v %v", h, err)
	}
	all, err := w.Passkeys(in.Context(t.Context()))
	if err != nil || len(all) != 1 || all[0].ID != added.Passkey.ID || all[0].LastUsedAt == nil || w.Clock.Now().Sub(*all[0].LastUsedAt).Abs() > time.Second {
		t.Fatalf("%+v %v", all, err)
	}
	mine := all[0]
	named, err := w.RenamePasskey(in.Context(t.Context()), mine.ID, mine.Version, "Mijn telefoon")
	if err != nil || named.Name != "Mijn telefoon" || named.Version != mine.Version+1 {
		t.Errorf("%+v %v", named, err)
	}
	if _, err := w.RenamePasskey(in.Context(t.Context()), mine.ID, mine.Version, "Iets anders"); code(err) != "stale" {
		t.Errorf("an old version: %v", err)
	}
	// Nobody else's: of a customer of the same office, and of an employee.
	other := dbtest.AddCustomer(t, w.Root, w.Organisation, "Nora")
	stranger := authz.With(t.Context(), authz.Actor{ID: other.Member, Organisation: w.Organisation, Kind: authz.Member, Grants: in.Actor.Grants})
	for who, ctx := range map[string]context.Context{"a neighbour": stranger, "an employee": w.staffed(t).Context(t.Context())} {
		if all, err := w.Passkeys(ctx); err != nil || len(all) != 0 {
			t.Errorf("%s sees %v %v", who, all, err)
		}
		if _, err := w.RenamePasskey(ctx, mine.ID, named.Version, "Van mij"); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s renames: %v", who, err)
		}
		if err := w.RemovePasskey(ctx, mine.ID, from); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("%s removes: %v", who, err)
		}
	}
	if err := w.RemovePasskey(in.Context(t.Context()), mine.ID, from); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Resolve(t.Context(), authz.Member, me.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("another session goes on: %v", err)
	}
	if _, err := w.Resolve(t.Context(), authz.Member, in.Token); err != nil {
		t.Errorf("the own session: %v", err)
	}
	if _, err := w.enter(t, d); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("after removal: %v", err)
	}
	for name, want := range map[string]int{"passkey.added": 1, "passkey.renamed": 1, "passkey.removed": 1, "passkey.refused": 1, "portal_member.signed_in": 2} {
		if n := w.heard(t, name); n != want {
			t.Errorf("%d times %s", n, name)
		}
	}
	if a, r := w.told(t, "passkey_added"), w.told(t, "passkey_removed"); a != 1 || r != 1 {
		t.Errorf("told %d and %d times", a, r)
	}
}

// TestPasskeyRefusals: whatever is wrong with a passkey, its owner or the answer, the words are the same and nobody is in.
func TestPasskeyRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := dbtest.AddScene(t, w.Root)
	me, d := w.customer(t), newDevice(portalOrigin)
	if _, err := w.add(t, me, d); err != nil {
		t.Fatal(err)
	}
	another := newDevice(portalOrigin)
	another.authenticator.Options.UserHandle = passkey.NewHandle()
	for name, change := range map[string]func(d *device){
		"another origin":          func(d *device) { d.origin = "https://portal.voordeur.example" },
		"another port":            func(d *device) { d.origin = portalOrigin + ":8443" },
		"not over TLS":            func(d *device) { d.origin = strings.Replace(portalOrigin, "https", "http", 1) },
		"a host below":            func(d *device) { d.origin = "https://x.portal.voordeur.test" },
		"the office app":          func(d *device) { d.origin = officeOrigin },
		"another domain":          func(d *device) { d.domain = "voordeur.test" },
		"the domain of the app":   func(d *device) { d.domain = "kantoor.voordeur.test" },
		"nobody looked":           func(d *device) { d.authenticator.Options.UserNotVerified = true },
		"nobody was there":        func(d *device) { d.authenticator.Options.UserNotPresent = true },
		"a foreign handle":        func(d *device) { d.authenticator.Options.UserHandle = another.authenticator.Options.UserHandle },
		"no handle":               func(d *device) { d.authenticator.Options.UserHandle = nil },
		"an unknown passkey":      func(d *device) { d.key.ID = another.key.ID },
		"another key":             func(d *device) { d.key.Key = another.key.Key },
		"everything of a foreign": func(d *device) { d.authenticator, d.key = another.authenticator, another.key },
	} {
		changed := *d
		change(&changed)
		if _, err := w.enter(t, &changed); !errors.Is(err, passkey.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
		d.key.Counter = max(d.key.Counter, changed.key.Counter)
	}
	// The portal of another office has the same address on the web, and knows nobody here.
	r, kept, err := w.StartMemberPasskey(t.Context(), elsewhere.Slug)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.MemberPasskey(t.Context(), signin.Answer{Kept: kept, Signed: d.sign(t, r)}, from); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("at another office: %v", err)
	}
	if _, _, err := w.StartMemberPasskey(t.Context(), "nergens"); err == nil {
		t.Error("an office that is not there")
	}
	for name, query := range map[string]string{"blocked": "blocked_at", "archived": "archived_at"} {
		w.exec(t, `UPDATE portal_members SET `+query+` = now() WHERE id = $1`, w.Member)
		if _, err := w.enter(t, d); !errors.Is(err, passkey.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
		w.exec(t, `UPDATE portal_members SET `+query+` = NULL WHERE id = $1`, w.Member)
	}
	if n := w.count(t, `SELECT count(*) FROM sessions WHERE organisation_id <> $1 OR id <> $2`, w.Organisation, me.Actor.Session); n != 0 {
		t.Errorf("%d sessions", n)
	}
	if n := w.heard(t, "passkey.refused"); n != 16 {
		t.Errorf("%d refusals in the trail", n)
	}
	if _, err := w.enter(t, d); err != nil {
		t.Errorf("after all that, the right one: %v", err)
	}
}

// TestPasskeyChallenge: five minutes, for what it was given, in the browser and the session it was given to, and once.
func TestPasskeyChallenge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me, d := w.customer(t), newDevice(portalOrigin)
	if _, err := w.add(t, me, d); err != nil {
		t.Fatal(err)
	}
	ask := func() (passkey.Request, string) {
		t.Helper()
		r, kept, err := w.StartMemberPasskey(t.Context(), w.Slug)
		if err != nil {
			t.Fatal(err)
		}
		return r, kept
	}
	lost := func(name string, err error) {
		t.Helper()
		if !errors.Is(err, signin.ErrPasskeyLost) && fieldCode(err) != "passkey-lost" {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, kept := ask()
	w.Clock.Advance(passkey.Life)
	_, err := w.MemberPasskey(t.Context(), signin.Answer{Kept: kept, Signed: d.sign(t, r)}, from)
	lost("after five minutes", err)
	r, kept = ask()
	w.Clock.Advance(passkey.Life - time.Second)
	if _, err := w.MemberPasskey(t.Context(), signin.Answer{Kept: kept, Signed: d.sign(t, r)}, from); err != nil {
		t.Errorf("a second before: %v", err)
	}
	r, _ = ask()
	_, mine := ask()
	if _, err := w.MemberPasskey(t.Context(), signin.Answer{Kept: mine, Signed: d.sign(t, r)}, from); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("the challenge of another browser: %v", err)
	}
	for name, kept := range map[string]string{"nothing kept": "", "nonsense": "bm9uc2Vuc2U", "cut short": mine[:40]} {
		_, err := w.MemberPasskey(t.Context(), signin.Answer{Kept: kept, Signed: d.sign(t, r)}, from)
		lost(name, err)
	}
	step, stepKept, err := w.StartPasskeyStepUp(me.Context(t.Context()))
	if err != nil || len(step.Allow) != 1 {
		t.Fatalf("%+v %v", step, err)
	}
	_, err = w.MemberPasskey(t.Context(), signin.Answer{Kept: stepKept, Signed: d.sign(t, step)}, from)
	lost("one of a step-up logs in", err)
	r, kept = ask()
	_, err = w.StepUp(me.Context(t.Context()), signin.Proof{Passkey: &signin.Answer{Kept: kept, Signed: d.sign(t, r)}})
	lost("one of a login steps up", err)
	r, kept = ask()
	_, err = w.EmployeePasskey(t.Context(), signin.Answer{Kept: kept, Signed: d.sign(t, r)}, from)
	lost("one of the portal opens the office", err)
	other := w.customer(t)
	_, err = w.StepUp(other.Context(t.Context()), signin.Proof{Passkey: &signin.Answer{Kept: stepKept, Signed: d.sign(t, step)}})
	lost("one of another session", err)
	made, addKept, err := w.StartPasskey(me.Context(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	fresh := newDevice(portalOrigin)
	_, err = w.AddPasskey(other.Context(t.Context()), signin.NewPasskey{Kept: addKept, Made: fresh.make(t, made), Browser: from})
	lost("adding in another session", err)
	for name, wrong := range map[string]func(d *device){
		"another origin": func(d *device) { d.origin = "https://elders.example" },
		"another domain": func(d *device) { d.domain = "elders.example" },
		"nobody looked":  func(d *device) { d.authenticator.Options.UserNotVerified = true },
	} {
		changed := *newDevice(portalOrigin)
		wrong(&changed)
		if _, err := w.add(t, me, &changed); !errors.Is(err, passkey.ErrUnusable) {
			t.Errorf("adding from %s: %v", name, err)
		}
	}

	r, kept = ask()
	signed := d.sign(t, r)
	won, all := race(func(int) error {
		_, err := w.MemberPasskey(context.Background(), signin.Answer{Kept: kept, Signed: signed}, signin.Client{IP: uuid.NewString(), UserAgent: "test"})
		return err
	})
	if won != 1 {
		t.Errorf("one answer opened %d sessions", won)
	}
	for _, err := range all {
		lost("again", err)
	}
	made, addKept, err = w.StartPasskey(me.Context(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	answer := fresh.make(t, made)
	won, all = race(func(int) error {
		_, err := w.AddPasskey(me.Context(context.Background()), signin.NewPasskey{Kept: addKept, Made: answer, Browser: from})
		return err
	})
	if n := w.count(t, `SELECT count(*) FROM passkeys`); won != 1 || n != 2 {
		t.Errorf("one answer added %d passkeys, there are %d", won, n)
	}
	for _, err := range all {
		lost("added again", err)
	}
	w.Clock.Advance(25 * time.Hour)
	if n, err := db.Sweep(t.Context(), w.Database.DB); err != nil || n == 0 || w.count(t, `SELECT count(*) FROM passkey_challenges`) != 0 {
		t.Errorf("%d swept, %v", n, err)
	}
}

// TestPasskeyCounter: a counter that goes back means that there may be a copy. Nobody is let in, the passkey opens nothing any more,
// and its owner hears of it. An authenticator that does not count is fine.
func TestPasskeyCounter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me, d, still := w.customer(t), newDevice(portalOrigin), newDevice(portalOrigin)
	for _, one := range []*device{d, still} {
		if _, err := w.add(t, me, one); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		still.key.Counter = ^uint32(0) // sign adds one
		if _, err := w.enter(t, still); err != nil {
			t.Fatalf("one that does not count: %v", err)
		}
	}
	d.key.Counter = 40
	if _, err := w.enter(t, d); err != nil {
		t.Fatal(err)
	}
	d.key.Counter = 39 // 40 again
	if _, err := w.enter(t, d); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("a copy: %v", err)
	}
	d.key.Counter = 50
	if _, err := w.enter(t, d); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("after a copy was seen: %v", err)
	}
	all, err := w.Passkeys(me.Context(t.Context()))
	if err != nil || len(all) != 2 || all[0].SuspectAt == nil || all[1].SuspectAt != nil {
		t.Errorf("%+v %v", all, err)
	}
	if w.heard(t, "passkey.suspected") != 1 || w.told(t, "passkey_copied") != 1 {
		t.Error("nobody heard of it")
	}
}

// TestPasskeyStepUp: a passkey of one's own confirms that it is still the same person, in both apps; somebody else's does not.
func TestPasskeyStepUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := dbtest.AddCustomer(t, w.Root, w.Organisation, "Nora")
	for name, c := range map[string]struct {
		me     signin.Session
		kind   authz.Kind
		origin string
		other  uuid.UUID
	}{
		"a customer":  {w.customer(t), authz.Member, portalOrigin, other.Member},
		"an employee": {w.staffed(t), authz.Employee, officeOrigin, dbtest.AddEmployee(t, w.Root, w.Organisation, "viewer")},
	} {
		mine, theirs := newDevice(c.origin), newDevice(c.origin)
		if _, err := w.add(t, c.me, mine); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s := c.me
		s.Actor.ID = c.other
		if _, err := w.add(t, s, theirs); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w.Clock.Advance(16 * time.Minute)
		for _, wrong := range []*device{theirs, newDevice(c.origin)} {
			r, kept, err := w.StartPasskeyStepUp(c.me.Context(t.Context()))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.StepUp(c.me.Context(t.Context()), signin.Proof{Passkey: &signin.Answer{Kept: kept, Signed: wrong.sign(t, r)}}); fieldCode(err) != "passkey-refused" {
				t.Errorf("%s with a foreign passkey: %v", name, err)
			}
		}
		// What was asked for another purpose in the same session confirms nothing: not the question for one more passkey.
		again, kept, err := w.StartPasskey(c.me.Context(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		signed := mine.sign(t, passkey.Request{Challenge: again.Challenge, RPID: again.RPID})
		_, err = w.StepUp(c.me.Context(t.Context()), signin.Proof{Passkey: &signin.Answer{Kept: kept, Signed: signed}})
		if !errors.Is(err, signin.ErrPasskeyLost) && fieldCode(err) != "passkey-lost" {
			t.Errorf("%s, asked for something else: %v", name, err)
		}
		r, kept, err := w.StartPasskeyStepUp(c.me.Context(t.Context()))
		if err != nil || len(r.Allow) != 1 {
			t.Fatalf("%+v %v", r, err)
		}
		up, err := w.StepUp(c.me.Context(t.Context()), signin.Proof{Passkey: &signin.Answer{Kept: kept, Signed: mine.sign(t, r)}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if h, err := w.Resolve(t.Context(), c.kind, up.Token); err != nil || !h.Actor.Verified(w.Clock.Now()) {
			t.Errorf("%s: %+v %v", name, h, err)
		}
		if _, err := w.Resolve(t.Context(), c.kind, c.me.Token); !errors.Is(err, authz.ErrNoActor) {
			t.Errorf("%s: the old token still works: %v", name, err)
		}
		if _, err := w.StepUp(up.Context(t.Context()), signin.Proof{Password: good, Passkey: &signin.Answer{}}); fieldCode(err) != "required" {
			t.Errorf("%s: two at once: %v", name, err)
		}
	}
}

// TestPasskeyOfTheOffice: an employee has a passkey in place of the app, from the first day on; it is never the last to go, and
// who knows the password only gets past it no more than past the app.
func TestPasskeyOfTheOffice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `UPDATE employees SET totp_secret = NULL WHERE id = $1`, w.Employee)
	half := w.half(t)
	if !half.Enrol || len(half.Ways) != 0 {
		t.Fatalf("%+v", half)
	}
	d := newDevice(officeOrigin)
	added, err := w.add(t, half, d)
	if err != nil || added.Session == nil || len(added.RecoveryCodes) != 10 || added.Session.Device == "" {
		t.Fatalf("%+v %v", added, err)
	}
	me := *added.Session
	if h, err := w.Resolve(t.Context(), authz.Employee, me.Token); err != nil || h.Half || !h.Actor.May(authz.EmployeeWrite) {
		t.Errorf("%+v %v", h, err)
	}
	if _, err := w.Resolve(t.Context(), authz.Employee, half.Token); !errors.Is(err, authz.ErrNoActor) {
		t.Errorf("the half session goes on: %v", err)
	}
	if n := w.heard(t, "employee.second_factor_enrolled"); n != 1 || w.heard(t, "passkey.added") != 1 || w.told(t, "passkey_added") != 1 {
		t.Errorf("%d in the trail", n)
	}
	half = w.half(t)
	if half.Enrol || !slices.Equal(half.Ways, []signin.Way{signin.ByPasskey}) {
		t.Errorf("the password alone: %+v", half)
	}
	if _, err := w.StartEnrolment(half.Context(t.Context())); !errors.Is(err, signin.ErrFactorSet) {
		t.Errorf("an app beside it: %v", err)
	}
	if _, err := w.add(t, half, newDevice(officeOrigin)); !errors.Is(err, signin.ErrFactorSet) {
		t.Errorf("another passkey beside it: %v", err)
	}
	in, err := w.VerifySecondFactor(half.Context(t.Context()), added.RecoveryCodes[0], from)
	if err != nil || in.Actor.Half {
		t.Errorf("a recovery code: %v", err)
	}
	if err := w.RemovePasskey(me.Context(t.Context()), added.Passkey.ID, from); !errors.Is(err, signin.ErrLastFactor) {
		t.Errorf("the last one goes: %v", err)
	}
	in, err = w.enterOffice(t, d)
	if err != nil || in.Actor.ID != w.Employee || in.Actor.Half || in.Device == "" {
		t.Fatalf("%+v %v", in, err)
	}
	if _, err := w.enter(t, d); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("the passkey of an employee in the portal: %v", err)
	}
	// Of two that are removed at once, one stays.
	second := newDevice(officeOrigin)
	two, err := w.add(t, in, second)
	if err != nil {
		t.Fatal(err)
	}
	won, _ := race(func(i int) error {
		return w.RemovePasskey(in.Context(context.Background()), []uuid.UUID{added.Passkey.ID, two.Passkey.ID}[i%2], from)
	})
	if n := w.count(t, `SELECT count(*) FROM passkeys`); won != 1 || n != 1 {
		t.Errorf("%d removed, %d left", won, n)
	}
	left := d
	if w.count(t, `SELECT count(*) FROM passkeys WHERE id = $1`, two.Passkey.ID) == 1 {
		left = second
	}
	for _, column := range []string{"blocked_at", "archived_at"} {
		w.exec(t, `UPDATE employees SET `+column+` = now() WHERE id = $1`, w.Employee)
		if _, err := w.enterOffice(t, left); !errors.Is(err, passkey.ErrRefused) {
			t.Errorf("%s: %v", column, err)
		}
		w.exec(t, `UPDATE employees SET `+column+` = NULL WHERE id = $1`, w.Employee)
	}
	w.exec(t, `UPDATE employees SET role = 'adviser' WHERE id = $1`, w.Employee)
	w.exec(t, `INSERT INTO sso_settings (organisation_id, enabled, only_sso, updated_at) VALUES ($1, true, true, now())`, w.Organisation)
	if _, err := w.enterOffice(t, left); !errors.Is(err, signin.ErrSSOOnly) {
		t.Errorf("where only the provider lets in: %v", err)
	}
}

// TestPasskeyForEverybody: where the office asks every customer for a second step, a passkey is one; and a day after the office was
// asked to take that step away, passkeys are gone with it.
func TestPasskeyForEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(t, `UPDATE organisations SET customers_need_second_factor = true WHERE organisation_id = $1`, w.Organisation)
	half, d := w.customer(t), newDevice(portalOrigin)
	if half.Next != signin.NextSetUp {
		t.Fatalf("%+v", half)
	}
	added, err := w.add(t, half, d)
	if err != nil || added.Session == nil || added.Session.Actor.Half {
		t.Fatalf("%+v %v", added, err)
	}
	me := *added.Session
	half = w.customer(t)
	if half.Next != signin.NextSecondFactor || !slices.Equal(half.Ways, []signin.Way{signin.ByPasskey}) {
		t.Errorf("the password alone: %+v", half)
	}
	if _, err := w.StartFactor(half.Context(t.Context()), signin.Second{}); !errors.Is(err, signin.ErrFactorOn) {
		t.Errorf("an app beside it: %v", err)
	}
	if _, err := w.add(t, half, newDevice(portalOrigin)); !errors.Is(err, signin.ErrFactorOn) {
		t.Errorf("another passkey beside it: %v", err)
	}
	if err := w.RemovePasskey(me.Context(t.Context()), added.Passkey.ID, from); !errors.Is(err, signin.ErrLastFactor) {
		t.Errorf("the last one goes: %v", err)
	}
	if f, err := w.MyFactor(me.Context(t.Context())); err != nil || f.Passkeys != 1 || f.Since != nil {
		t.Errorf("%+v %v", f, err)
	}
	if _, err := w.enter(t, d); err != nil {
		t.Error(err)
	}

	office := dbtest.EmployeeAs(w.Organisation, w.Employee)
	if v, err := w.StartReset(office, w.Member); err != nil || v.Passkeys != 1 || v.ResetDueAt == nil {
		t.Fatalf("%+v %v", v, err)
	}
	w.Clock.Advance(signin.ResetDelay - time.Minute)
	if _, err := w.enter(t, d); err != nil {
		t.Errorf("before the day is over: %v", err)
	}
	w.Clock.Advance(2 * time.Minute)
	if _, err := w.enter(t, d); !errors.Is(err, passkey.ErrRefused) {
		t.Errorf("after it: %v", err)
	}
	if s := w.customer(t); s.Next != signin.NextSetUp {
		t.Errorf("%+v", s)
	}

	// An employee who begins again has none either.
	staff := w.staffed(t)
	key := newDevice(officeOrigin)
	if _, err := w.add(t, staff, key); err != nil {
		t.Fatal(err)
	}
	w.exec(t, `UPDATE organisations SET customers_need_second_factor = false WHERE organisation_id = $1`, w.Organisation)
	if all := w.count(t, `SELECT count(*) FROM passkeys WHERE member_id IS NOT NULL`); all != 0 {
		t.Errorf("%d passkeys of customers", all)
	}
}

// TestPasskeyLimit: twenty, also of fifty at once; and an address without a name has none.
func TestPasskeyLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me := w.customer(t)
	for range 19 {
		if _, err := w.add(t, me, newDevice(portalOrigin)); err != nil {
			t.Fatal(err)
		}
	}
	type begun struct {
		kept string
		made passkey.Created
	}
	all := make([]begun, crowd)
	for i := range all {
		c, kept, err := w.StartPasskey(me.Context(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		all[i] = begun{kept, newDevice(portalOrigin).make(t, c)}
	}
	won, lost := race(func(i int) error {
		_, err := w.AddPasskey(me.Context(context.Background()), signin.NewPasskey{Kept: all[i].kept, Made: all[i].made, Browser: from})
		return err
	})
	if n := w.count(t, `SELECT count(*) FROM passkeys`); won != 1 || n != 20 {
		t.Errorf("%d added, there are %d", won, n)
	}
	for _, err := range lost {
		if !errors.Is(err, signin.ErrPasskeysMost) {
			t.Errorf("%v", err)
		}
	}
	if _, _, err := w.StartPasskey(me.Context(t.Context())); !errors.Is(err, signin.ErrPasskeysMost) {
		t.Errorf("one more: %v", err)
	}
	none, err := passkey.New("Voordeur", "http://127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	w.PortalKeys = none
	if _, _, err := w.StartMemberPasskey(t.Context(), w.Slug); !errors.Is(err, passkey.ErrUnavailable) {
		t.Errorf("at an address without a name: %v", err)
	}
	if f, ok := errors.AsType[*fault.Error](error(passkey.ErrUnavailable)); !ok || f.Kind != fault.Conflict {
		t.Error("it is no answer")
	}
}
