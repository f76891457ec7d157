// Package sso signs people in at the identity provider of their office: OpenID Connect, authorization code with PKCE.
package sso

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"voordeur/internal/fault"
)

// The faults of a provider. What it said is logged, never shown.
var (
	ErrAddress     = fault.OnField("/issuer", "sso-address")
	ErrUnreachable = fault.New(fault.Unavailable, "sso-unreachable", "The identity provider does not answer as OpenID Connect wants.")
	ErrRefused     = fault.New(fault.Unauthenticated, "sso-refused", "The identity provider did not vouch for this sign-in.")
)

// Config is how an office is known at its provider.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	RedirectURL  string
	GroupsClaim  string
}

// Secrets bind one sign-in to the browser that began it.
type Secrets struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"` // of PKCE
}

// Answer is what the browser comes back with.
type Answer struct {
	State  string
	Code   string
	Issuer string // who answers (RFC 9207); empty where the provider does not say
}

// Identity is who the provider vouches for.
type Identity struct {
	Issuer        string
	Subject       string
	Email         string
	EmailVerified bool
	Groups        []string
	Logout        Logout
}

// Logout is what it takes to end the session at the provider too (RP-initiated logout); without an address it cannot be done.
type Logout struct {
	Address string `json:"a"`
	Token   string `json:"t"` // id_token_hint
	Client  string `json:"c"`
}

// URL is where the browser goes, and from where it comes back to here.
func (l Logout) URL(back string) string {
	u, err := url.Parse(l.Address)
	if err != nil || l.Address == "" {
		return ""
	}
	q := u.Query()
	q.Set("id_token_hint", l.Token)
	q.Set("client_id", l.Client)
	q.Set("post_logout_redirect_uri", back)
	u.RawQuery = q.Encode()
	return u.String()
}

// Provider talks to identity providers.
type Provider struct {
	Client *http.Client
	Now    func() time.Time
	// Plain lets a test use http on this machine.
	Plain bool
}

// New returns a provider whose connections go to the public internet only. Plain lifts that, for tests.
func New(now func() time.Time, plain bool) *Provider {
	return &Provider{Client: client(plain), Now: now, Plain: plain}
}

// CheckAddress refuses what cannot be the address of a provider.
func (p *Provider) CheckAddress(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(issuer) > 300 {
		return ErrAddress
	}
	if u.Scheme != "https" && (!p.Plain || u.Scheme != "http") {
		return ErrAddress
	}
	return nil
}

func (p *Provider) discover(ctx context.Context, c Config) (*oidc.Provider, context.Context, error) {
	if err := p.CheckAddress(c.Issuer); err != nil {
		return nil, ctx, err
	}
	ctx = oidc.ClientContext(ctx, p.Client)
	found, err := oidc.NewProvider(ctx, c.Issuer)
	if err != nil {
		return nil, ctx, ErrUnreachable.Because(err)
	}
	for _, address := range []string{found.Endpoint().AuthURL, found.Endpoint().TokenURL} {
		if p.CheckAddress(strings.SplitN(address, "?", 2)[0]) != nil {
			return nil, ctx, ErrUnreachable
		}
	}
	return found, ctx, nil
}

func (c Config) at(p *oidc.Provider) oauth2.Config {
	return oauth2.Config{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: c.RedirectURL,
		Scopes: c.scopes(),
	}
}

// scopes asks for groups only where they are wanted: a provider may refuse a scope that it does not know.
func (c Config) scopes() []string {
	all := []string{oidc.ScopeOpenID, "profile", "email"}
	if c.GroupsClaim == "groups" {
		all = append(all, "groups")
	}
	return all
}

// Check finds out whether the provider is there.
func (p *Provider) Check(ctx context.Context, c Config) error {
	_, _, err := p.discover(ctx, c)
	return err
}

// Begin returns where the browser goes to sign in.
func (p *Provider) Begin(ctx context.Context, c Config, s Secrets) (string, error) {
	found, _, err := p.discover(ctx, c)
	if err != nil {
		return "", err
	}
	at := c.at(found)
	return at.AuthCodeURL(s.State, oidc.Nonce(s.Nonce), oauth2.S256ChallengeOption(s.Verifier)), nil
}

// fromHere refuses the answer of another provider than the one that was asked, before its code goes anywhere (RFC 9207): the code of an honest provider
// would end up at a false one.
func (c Config) fromHere(found *oidc.Provider, a Answer) error {
	var says struct {
		Issuer bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := found.Claims(&says); err != nil {
		return ErrUnreachable.Because(err)
	}
	if a.Issuer != c.Issuer && (a.Issuer != "" || says.Issuer) {
		return ErrRefused.Because(errors.New("the answer of another provider"))
	}
	return nil
}

// Finish trades the code for an ID token, and returns who it is about once signature, issuer, audience, times and nonce hold.
func (p *Provider) Finish(ctx context.Context, c Config, s Secrets, a Answer) (Identity, error) {
	found, ctx, err := p.discover(ctx, c)
	if err != nil {
		return Identity{}, err
	}
	if err := c.fromHere(found, a); err != nil {
		return Identity{}, err
	}
	at := c.at(found)
	tokens, err := at.Exchange(ctx, a.Code, oauth2.VerifierOption(s.Verifier))
	if err != nil {
		return Identity{}, ErrRefused.Because(err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return Identity{}, ErrRefused.Because(errors.New("no id_token"))
	}
	token, err := found.Verifier(&oidc.Config{ClientID: c.ClientID, Now: p.Now}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, ErrRefused.Because(err)
	}
	if token.Nonce == "" || token.Nonce != s.Nonce {
		return Identity{}, ErrRefused.Because(errors.New("another nonce"))
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return Identity{}, ErrRefused.Because(err)
	}
	out := Identity{Issuer: token.Issuer, Subject: token.Subject, Groups: words(claims[c.GroupsClaim])}
	out.Email, _ = claims["email"].(string)
	out.EmailVerified = truth(claims["email_verified"])
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	// A provider that knows no such thing is fine, and so is one that names an address where nobody may be sent.
	if found.Claims(&more) == nil && p.CheckAddress(strings.SplitN(more.EndSession, "?", 2)[0]) == nil {
		out.Logout = Logout{Address: more.EndSession, Token: raw, Client: c.ClientID}
	}
	return out, nil
}

// truth reads a boolean that some providers send as a word.
func truth(v any) bool { return v == true || v == "true" }

// words reads a claim that is one name or a list of them.
func words(v any) []string {
	var out []string
	switch v := v.(type) {
	case string:
		out = append(out, v)
	case []any:
		for _, one := range v {
			if s, ok := one.(string); ok {
				out = append(out, s)
			}
		}
	case json.RawMessage, nil:
	}
	slices.Sort(out)
	return slices.Compact(out)
}
