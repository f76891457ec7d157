// Package authz says who acts and what they may do.
package authz

import (
	"context"
	"crypto/sha256"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/fault"
)

// Permission names one thing an actor may do. The same string is stored in
// roles and portal members, and handed to the database as row filter.
type Permission string

// The catalogue. A permission that is not listed here does not exist.
const (
	ClientRead        Permission = "client:read"
	ClientWrite       Permission = "client:write"
	DossierRead       Permission = "dossier:read"
	DossierWrite      Permission = "dossier:write"
	ActionPointRead   Permission = "action_point:read"
	ActionPointWrite  Permission = "action_point:write"
	ActionPointReview Permission = "action_point:review"
	DocumentRead      Permission = "document:read"
	DocumentWrite     Permission = "document:write"
	MemberRead        Permission = "member:read"
	MemberWrite       Permission = "member:write"
	OrganisationRead  Permission = "organisation:read"
	OrganisationWrite Permission = "organisation:write"
	EmployeeRead      Permission = "employee:read"
	EmployeeWrite     Permission = "employee:write"
	AuditRead         Permission = "audit:read"
	// MemberViewAs is looking into the portal as one of its members (B15).
	MemberViewAs Permission = "member:view_as"

	PortalDossierRead      Permission = "portal.dossier:read"
	PortalDocumentRead     Permission = "portal.document:read"
	PortalSubmissionCreate Permission = "portal.submission:create"
	PortalMe               Permission = "portal.me"

	// SignIn is what a visitor of a known office may do: try to sign in.
	SignIn Permission = "signin"

	// MailSend, UploadSweep and ViewClose are held by background tasks only.
	MailSend    Permission = "mail:send"
	UploadSweep Permission = "upload:sweep"
	ViewClose   Permission = "view:close"
)

// Office lists the permissions an employee can hold, Portal those of a portal
// member, and Task those of background tasks.
var (
	Office = []Permission{
		ClientRead, ClientWrite, DossierRead, DossierWrite, ActionPointRead, ActionPointWrite, ActionPointReview,
		DocumentRead, DocumentWrite, MemberRead, MemberWrite, OrganisationRead, OrganisationWrite,
		EmployeeRead, EmployeeWrite, AuditRead,
		MemberViewAs,
	}
	Portal = []Permission{PortalDossierRead, PortalDocumentRead, PortalSubmissionCreate, PortalMe}
	Task   = []Permission{MailSend, UploadSweep, ViewClose}
)

// Known reports whether p is in the catalogue.
func Known(p Permission) bool {
	return p == SignIn || slices.Contains(Office, p) || slices.Contains(Portal, p) || slices.Contains(Task, p)
}

// Kind is what sort of principal acts. It decides the database role.
type Kind string

// The kinds of actor.
const (
	Employee Kind = "employee"
	Member   Kind = "member"
	Visitor  Kind = "visitor" // somebody at the door of a known office, not signed in
	System   Kind = "system"  // a background task
	// APIClient is a program that an office let in. It acts at the office's own operations, within its scopes.
	APIClient Kind = "api_client"
)

// Actor is the authenticated principal of one request or task.
type Actor struct {
	ID           uuid.UUID
	Organisation uuid.UUID
	Kind         Kind
	Name         string
	Session      uuid.UUID
	// VerifiedAt is when a password or second factor was given last in this session.
	VerifiedAt time.Time
	// Half says that the second factor is still to come. Such an actor holds nothing.
	Half bool
	// Program is the API client that acts: on its own, or for the member who allowed it. Nobody's session opens for it.
	Program uuid.UUID
	// Grants are held office-wide by an employee. A portal member holds them
	// per dossier too: the database decides row by row.
	Grants map[Permission]bool
	// View is set where an employee looks along as this member: then nothing can be changed.
	View *View
}

// StepUpLife is how long somebody who gave a password or second factor is not asked for it again (security decision 3).
const StepUpLife = 15 * time.Minute

// Verified reports whether the actor gave a password or second factor recently enough for what asks for it.
func (a Actor) Verified(now time.Time) bool { return now.Sub(a.VerifiedAt) < StepUpLife }

// Colleague is the id of the employee who acts; uuid.Nil where nobody of the office does, but a program or a task.
func (a Actor) Colleague() uuid.UUID {
	if a.Kind == Employee {
		return a.ID
	}
	return uuid.Nil
}

// Software is the id of the API client that acts on its own; uuid.Nil where it is anybody else.
func (a Actor) Software() uuid.UUID {
	if a.Kind == APIClient {
		return a.ID
	}
	return uuid.Nil
}

// May reports whether the actor holds p somewhere in its office.
func (a Actor) May(p Permission) bool { return a.Grants[p] }

// Granting makes a set of ps, for Actor.Grants.
func Granting(ps ...Permission) map[Permission]bool {
	set := make(map[Permission]bool, len(ps))
	for _, p := range ps {
		set[p] = true
	}
	return set
}

// VisitorOf returns the actor that tries to sign in at an office.
func VisitorOf(organisation uuid.UUID) Actor {
	return Actor{Organisation: organisation, Kind: Visitor, Grants: Granting(SignIn)}
}

type (
	actorKey     struct{}
	idempotency  struct{}
	operationKey struct{}
)

// With returns a context that carries a.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ErrNoActor is returned when nobody is signed in.
var ErrNoActor = fault.New(fault.Unauthenticated, "unauthenticated", "Sign in first.")

// ErrSecondFactor is returned to a session that is half-way.
var ErrSecondFactor = fault.New(fault.Unauthenticated, "second-factor-required", "Finish signing in with the second factor.")

// ErrStepUp is returned to somebody whose last password or second factor was too long ago for what is asked.
var ErrStepUp = fault.New(fault.Forbidden, "step-up-required", "Give the password or a code again (POST …/auth/step-up), then repeat this request.")

// ErrPersonOnly is returned to a program for what asks for a password or second factor: it has none.
var ErrPersonOnly = fault.New(fault.Forbidden, "person-only", "This is done by a person who is signed in, not by a program.")

// From returns the actor in ctx, or ErrNoActor.
func From(ctx context.Context) (Actor, error) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	if !ok {
		return Actor{}, ErrNoActor
	}
	return a, nil
}

// Key is the Idempotency-Key of a request, with the operation it is for and
// the hash of the body it came with.
type Key struct {
	Operation string
	Key       string
	BodyHash  []byte
}

type keyState struct {
	Key
	taken, replayed atomic.Bool
}

// WithIdempotency returns a context whose first write happens at most once for k.
func WithIdempotency(ctx context.Context, k Key) context.Context {
	return context.WithValue(ctx, idempotency{}, &keyState{Key: k})
}

// SameBody completes the hash of a key whose request is read as it arrives, so that its body could not be hashed before.
// It comes before the first write.
func SameBody(ctx context.Context, body ...[]byte) {
	s, ok := ctx.Value(idempotency{}).(*keyState)
	if !ok {
		return
	}
	sum := sha256.New()
	_, _ = sum.Write(s.BodyHash)
	for _, part := range body {
		one := sha256.Sum256(part) // where one part ends must count
		_, _ = sum.Write(one[:])
	}
	s.BodyHash = sum.Sum(nil)
}

// TakeIdempotency hands out the key to the first write of the request, and to no other.
func TakeIdempotency(ctx context.Context) (Key, bool) {
	s, ok := ctx.Value(idempotency{}).(*keyState)
	if !ok || s.taken.Swap(true) {
		return Key{}, false
	}
	return s.Key, true
}

// SetReplayed remembers that the answer is that of an earlier request.
func SetReplayed(ctx context.Context) {
	if s, ok := ctx.Value(idempotency{}).(*keyState); ok {
		s.replayed.Store(true)
	}
}

// Replayed reports whether the answer is that of an earlier request.
func Replayed(ctx context.Context) bool {
	s, ok := ctx.Value(idempotency{}).(*keyState)
	return ok && s.replayed.Load()
}

// Operation is the line of the operation table that a request came in by.
type Operation struct {
	ID    string
	Needs []Permission // what the table says; the door must name one of them
	// MayStepUp says that the use case may call db.Tx.Fresh.
	MayStepUp bool
}

// WithOperation returns a context that says which operation runs.
func WithOperation(ctx context.Context, op Operation) context.Context {
	return context.WithValue(ctx, operationKey{}, op)
}

// OperationOf returns the operation in ctx.
func OperationOf(ctx context.Context) (Operation, bool) {
	op, ok := ctx.Value(operationKey{}).(Operation)
	return op, ok
}
