// Package passkey speaks WebAuthn for one address on the web: what a browser is asked, and whether its answer is right. Who the
// passkeys belong to, and where they are kept, is no business of this package.
package passkey

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"voordeur/internal/fault"
)

// Life is how long a browser may take to answer.
const Life = 5 * time.Minute

// The faults of passkeys. ErrRefused has the same words whatever was wrong.
var (
	ErrUnavailable = fault.New(fault.Conflict, "passkeys-unavailable", "Passkeys need an address with a name, such as portal.example.nl.")
	ErrRefused     = fault.New(fault.Unauthenticated, "passkey-refused", "This passkey opens nothing here.")
	ErrUnusable    = fault.New(fault.Conflict, "passkey-unusable", "This passkey cannot be kept.")
)

// Party is one address to which passkeys are bound. The zero value and nil have none.
type Party struct {
	w *webauthn.WebAuthn
}

// New returns the party of an origin, such as https://portal.example.nl. Where its host is no name, the party has no passkeys: a
// browser would not make one either.
func New(name, origin string) (*Party, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	if protocol.ValidateRPID(u.Hostname()) != nil {
		return &Party{}, nil
	}
	resident := true
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &resident, ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: webauthn.TimeoutConfig{Timeout: Life}, Registration: webauthn.TimeoutConfig{Timeout: Life}},
	})
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	return &Party{w: w}, nil
}

// Credential is what is kept of a passkey. Nothing of it is secret.
type Credential struct {
	ID             []byte
	PublicKey      []byte
	SignCount      uint32
	Model          uuid.UUID // AAGUID: which kind of authenticator; uuid.Nil: it does not say
	BackupEligible bool
	BackedUp       bool
	Transports     []string
}

// Owner is whose passkeys they are, as an authenticator knows it.
type Owner struct {
	Handle      []byte // random: it says nothing about who it is
	Name        string // what somebody signs in with
	DisplayName string
	Credentials []Credential
}

// NewHandle makes the handle of somebody who has no passkey yet.
func NewHandle() []byte {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return raw
}

// WebAuthnID implements webauthn.User.
func (o Owner) WebAuthnID() []byte { return o.Handle }

// WebAuthnName implements webauthn.User.
func (o Owner) WebAuthnName() string { return o.Name }

// WebAuthnDisplayName implements webauthn.User.
func (o Owner) WebAuthnDisplayName() string { return o.DisplayName }

// WebAuthnCredentials implements webauthn.User.
func (o Owner) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, len(o.Credentials))
	for i, c := range o.Credentials {
		model := c.Model
		all[i] = webauthn.Credential{
			ID: c.ID, PublicKey: c.PublicKey,
			Flags:         webauthn.CredentialFlags{UserPresent: true, UserVerified: true, BackupEligible: c.BackupEligible, BackupState: c.BackedUp},
			Authenticator: webauthn.Authenticator{AAGUID: model[:], SignCount: c.SignCount},
		}
		for _, t := range c.Transports {
			all[i].Transport = append(all[i].Transport, protocol.AuthenticatorTransport(t))
		}
	}
	return all
}

// Known is one passkey that a browser is told of.
type Known struct {
	Credential string
	Transports []string
}

// Creation is what a browser is asked to make.
type Creation struct {
	Challenge, RPID, RPName               string
	UserHandle, UserName, UserDisplayName string
	Algorithms                            []int
	Exclude                               []Known
}

// Request is what a browser is asked to sign.
type Request struct {
	Challenge, RPID string
	Allow           []Known // empty: any passkey of this address
}

// Created is what a browser made; everything is base64url.
type Created struct {
	Credential, ClientData, Attestation string
	Transports                          []string
}

// Signed is what a browser signed; everything is base64url.
type Signed struct {
	Credential, ClientData, AuthenticatorData, Signature, UserHandle string
}

func text(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func known(all []Credential) []Known {
	out := make([]Known, len(all))
	for i, c := range all {
		out[i] = Known{Credential: text(c.ID), Transports: c.Transports}
	}
	return out
}

// BeginCreation asks for a new passkey: one that signs in without a name, and that asks its owner to show who it is.
func (p *Party) BeginCreation(o Owner) (Creation, error) {
	if p == nil || p.w == nil {
		return Creation{}, ErrUnavailable
	}
	made, session, err := p.w.BeginRegistration(o)
	if err != nil {
		return Creation{}, fmt.Errorf("passkey: %w", err)
	}
	c := Creation{
		Challenge: session.Challenge, RPID: p.w.Config.RPID, RPName: p.w.Config.RPDisplayName,
		UserHandle: text(o.Handle), UserName: o.Name, UserDisplayName: o.DisplayName, Exclude: known(o.Credentials),
	}
	for _, a := range made.Response.Parameters {
		c.Algorithms = append(c.Algorithms, int(a.Algorithm))
	}
	return c, nil
}

// FinishCreation checks what a browser made for a challenge.
func (p *Party) FinishCreation(o Owner, challenge string, in Created) (Credential, error) {
	if p == nil || p.w == nil {
		return Credential{}, ErrUnavailable
	}
	id, clientData, attestation, err := three(in.Credential, in.ClientData, in.Attestation)
	if err != nil {
		return Credential{}, ErrUnusable.Because(err)
	}
	raw := protocol.CredentialCreationResponse{
		PublicKeyCredential: credential(in.Credential, id),
		AttestationResponse: protocol.AuthenticatorAttestationResponse{
			AuthenticatorResponse: protocol.AuthenticatorResponse{ClientDataJSON: clientData}, AttestationObject: attestation, Transports: in.Transports,
		},
	}
	parsed, err := raw.Parse()
	if err != nil {
		return Credential{}, ErrUnusable.Because(err)
	}
	session := p.session(o, challenge)
	session.CredParams = webauthn.CredentialParametersDefault()
	made, err := p.w.CreateCredential(o, session, parsed)
	if err != nil {
		return Credential{}, ErrUnusable.Because(err)
	}
	c := Credential{
		ID: made.ID, PublicKey: made.PublicKey, SignCount: made.Authenticator.SignCount,
		BackupEligible: made.Flags.BackupEligible, BackedUp: made.Flags.BackupState, Transports: []string{},
	}
	for _, t := range made.Transport {
		c.Transports = append(c.Transports, string(t))
	}
	if len(c.ID) > 1023 {
		return Credential{}, ErrUnusable
	}
	c.Model, err = uuid.FromBytes(made.Authenticator.AAGUID)
	if err != nil {
		return Credential{}, ErrUnusable.Because(err)
	}
	return c, nil
}

// BeginRequest asks for a passkey of owner, or of anybody.
func (p *Party) BeginRequest(owner *Owner) (Request, error) {
	if p == nil || p.w == nil {
		return Request{}, ErrUnavailable
	}
	_, session, err := p.w.BeginDiscoverableLogin()
	if err != nil {
		return Request{}, fmt.Errorf("passkey: %w", err)
	}
	r := Request{Challenge: session.Challenge, RPID: p.w.Config.RPID}
	if owner != nil {
		r.Allow = known(owner.Credentials)
	}
	return r, nil
}

// Claimed is whose passkey was used, says the browser: the handle and the passkey, both unproved.
func (s Signed) Claimed() ([]byte, []byte, error) {
	handle, err := base64.RawURLEncoding.DecodeString(s.UserHandle)
	if err == nil && len(handle) == 0 {
		err = errors.New("no user handle")
	}
	if err != nil {
		return nil, nil, ErrRefused.Because(err)
	}
	id, err := base64.RawURLEncoding.DecodeString(s.Credential)
	if err != nil {
		return nil, nil, ErrRefused.Because(err)
	}
	return handle, id, nil
}

// Finish checks what a browser signed for a challenge with a passkey of owner, and returns the passkey as it is now. cloned: the
// signature is right, but the counter went back, so that somebody else may hold a copy.
func (p *Party) Finish(owner Owner, challenge string, in Signed) (c Credential, cloned bool, err error) { //nolint:nonamedreturns // two of three would say nothing without a name
	if p == nil || p.w == nil {
		return Credential{}, false, ErrUnavailable
	}
	id, clientData, authenticator, err := three(in.Credential, in.ClientData, in.AuthenticatorData)
	if err != nil {
		return Credential{}, false, ErrRefused.Because(err)
	}
	signature, handle, _, err := three(in.Signature, in.UserHandle, "")
	if err != nil {
		return Credential{}, false, ErrRefused.Because(err)
	}
	raw := protocol.CredentialAssertionResponse{
		PublicKeyCredential: credential(in.Credential, id),
		AssertionResponse: protocol.AuthenticatorAssertionResponse{
			AuthenticatorResponse: protocol.AuthenticatorResponse{ClientDataJSON: clientData},
			AuthenticatorData:     authenticator, Signature: signature, UserHandle: handle,
		},
	}
	parsed, err := raw.Parse()
	if err != nil {
		return Credential{}, false, ErrRefused.Because(err)
	}
	used, err := p.w.ValidateLogin(owner, p.session(owner, challenge), parsed)
	if err != nil {
		return Credential{}, false, ErrRefused.Because(err)
	}
	for _, known := range owner.Credentials {
		if text(known.ID) == text(used.ID) {
			c = known
		}
	}
	c.SignCount, c.BackedUp = used.Authenticator.SignCount, used.Flags.BackupState
	return c, used.Authenticator.CloneWarning, nil
}

// session is what the library keeps between asking and checking. It asks for no extensions, so nothing more is needed.
func (p *Party) session(o Owner, challenge string) webauthn.SessionData {
	return webauthn.SessionData{Challenge: challenge, RelyingPartyID: p.w.Config.RPID, UserID: o.Handle, UserVerification: protocol.VerificationRequired}
}

func credential(id string, raw []byte) protocol.PublicKeyCredential {
	return protocol.PublicKeyCredential{Credential: protocol.Credential{ID: id, Type: string(protocol.PublicKeyCredentialType)}, RawID: raw}
}

func three(a, b, c string) ([]byte, []byte, []byte, error) {
	var out [3][]byte
	for i, s := range []string{a, b, c} {
		raw, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			return nil, nil, nil, err
		}
		out[i] = raw
	}
	return out[0], out[1], out[2], nil
}
