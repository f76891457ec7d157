package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
)

// Audience is who a surface is made for. A session of one audience opens no operation of another.
type Audience string

// The audiences, each with wire types and a contract of its own.
const (
	Office Audience = "office"
	Portal Audience = "portal"
	Public Audience = "public"
)

// Access says how far somebody must have signed in.
type Access int

// The zero value asks for a complete session, so that a forgotten field locks a door rather than opens it.
const (
	FullSession Access = iota
	AnyRole            // a complete session, whatever it may do: who am I, sign out
	HalfSession        // between the password and the second factor
	AnySession         // a complete session or half of one
	Anyone             // no session at all
)

// Idempotency says whether an operation takes an Idempotency-Key.
type Idempotency int

// A POST that creates or sends accepts a key; where a repeat would do harm it is required.
const (
	NoIdempotency Idempotency = iota
	IdempotencyAccepted
	IdempotencyRequired
)

// Rate is the class of requests that share one allowance.
type Rate string

// The classes; their allowances stand in ratelimit.go.
const (
	RateNormal Rate = ""
	RateSignIn Rate = "sign-in"
	RateUpload Rate = "upload"
	RateStream Rate = "stream"
	RateToken  Rate = "token"   // of programs that ask for one
	RateClient Rate = "program" // of programs that have one
)

// View says whether who looks along as a customer (B15) may call an operation of the portal.
type View int

// By default who looks along may call what reads, but not the screens of the login itself: sessions, factors, what other
// software was allowed. Nothing that changes something is ever open to it but ending the look.
const (
	ViewUsual View = iota
	ViewNever      // though it is a read
	ViewToo        // though it is about the login: a read that shows no secret of it
	ViewOnly       // nobody else may
)

// DefaultBody is the largest body of an operation that does not say otherwise.
const DefaultBody int64 = 1 << 20

// AnyBody leaves the limit to the handler, which must have one of its own.
const AnyBody int64 = -1

// Op describes one operation. Middleware, contract conventions and the authorisation matrix are derived from it, so
// that none of them can disagree with the others.
type Op struct {
	ID          string             // equal to the handler's name and the operationId of the contract
	Need        authz.Permission   // the permission the use case names at the door; empty only where Access is not FullSession
	Or          authz.Permission   // who lacks Need may come in with this one instead: the use case then does less
	Also        []authz.Permission // further permissions that the use case names at the door
	Access      Access
	Idempotency Idempotency
	IfMatch     bool  // the request must name the version it changes
	Rate        Rate  // zero: RateNormal
	Body        int64 // largest body in bytes; zero: DefaultBody, AnyBody: the handler limits
	Raw         bool  // the body is not JSON (a file, a tus chunk, multipart)
	StepUp      bool  // a password or second factor must have been given in the last 15 minutes
	MayStepUp   bool  // the use case asks for that itself (db.Tx.Fresh), for some of what it changes; a program may do the rest
	PersonOnly  bool  // no program may do it, whatever its scopes are
	View        View  // whether who looks along may call it; zero: ViewUsual
	InBatch     bool  // the use case is one db.ReadBatch, which finds out who acts in its own round trip

	// Filled in at registration.
	Audience Audience
	Method   string
	Path     string // Echo's pattern with the base, "/api/v1/dossiers/:dossierId"
}

// Programs reports whether a program with the permission may do it. What is about the login, and what asks for a password
// again, is for people.
func (o Op) Programs() bool {
	return o.Audience != Public && o.Access == FullSession && !o.StepUp && !o.PersonOnly && o.Need != authz.PortalMe
}

// ownLogin are the places of the portal that are about the login itself.
var ownLogin = []string{"/portal/me/", "/portal/auth/", "/portal/oauth/"}

func (o Op) reads() bool { return o.Method == http.MethodGet || o.Method == http.MethodHead }

// OpenToViews reports whether who looks along as a customer may call the operation.
func (o Op) OpenToViews() bool {
	switch o.View {
	case ViewToo, ViewOnly:
		return true
	case ViewUsual:
		return o.Audience == Portal && o.reads() && !o.aboutLogin()
	case ViewNever:
	}
	return false
}

func (o Op) aboutLogin() bool {
	return slices.ContainsFunc(ownLogin, func(place string) bool { return strings.Contains(o.Path, place) })
}

// viewMistake says what about View cannot be meant.
func (o Op) viewMistake() string {
	switch {
	case o.View == ViewUsual:
	case o.Audience != Portal || o.Access == Anyone || o.Access == HalfSession:
		return " says something about who looks along, who never comes there"
	case o.View == ViewNever && (!o.reads() || o.aboutLogin()):
		return " shuts out who looks along, to whom it is not open anyway"
	case o.View == ViewToo && (!o.reads() || !o.aboutLogin()):
		return " lets in who looks along where that is usual, or where it must not be"
	case o.View == ViewOnly && o.StepUp:
		return " asks for a password of who looks along, who has none"
	}
	return ""
}

// Table is the list of all operations that were registered.
type Table struct{ ops []Op }

// Ops returns the operations in order of registration.
func (t *Table) Ops() []Op { return slices.Clone(t.ops) }

// Router registers operations of one audience. It is the only way to add a route to a surface.
type Router struct {
	group    *echo.Group
	base     string
	audience Audience
	table    *Table
	guard    func(Op) echo.MiddlewareFunc
}

// NewRouter returns a router that adds to group, which begins at base, and guards each operation with what guard returns.
func NewRouter(group *echo.Group, base string, audience Audience, table *Table, guard func(Op) echo.MiddlewareFunc) Router {
	return Router{group: group, base: base, audience: audience, table: table, guard: guard}
}

// GET registers a read.
func (r Router) GET(path string, op Op, h echo.HandlerFunc) { r.add(http.MethodGet, path, op, h) }

// HEAD registers a read without a body.
func (r Router) HEAD(path string, op Op, h echo.HandlerFunc) { r.add(http.MethodHead, path, op, h) }

// POST registers a creation or an action.
func (r Router) POST(path string, op Op, h echo.HandlerFunc) { r.add(http.MethodPost, path, op, h) }

// PUT registers a replacement.
func (r Router) PUT(path string, op Op, h echo.HandlerFunc) { r.add(http.MethodPut, path, op, h) }

// PATCH registers a change of fields.
func (r Router) PATCH(path string, op Op, h echo.HandlerFunc) { r.add(http.MethodPatch, path, op, h) }

// DELETE registers a removal, which archives.
func (r Router) DELETE(path string, op Op, h echo.HandlerFunc) { r.add(http.MethodDelete, path, op, h) }

// OPTIONS registers a question about what an address can do.
func (r Router) OPTIONS(path string, op Op, h echo.HandlerFunc) {
	r.add(http.MethodOptions, path, op, h)
}

// add panics on a contradiction: it is a mistake in the program, found by every test that starts it.
func (r Router) add(method, path string, op Op, h echo.HandlerFunc) {
	op.Audience, op.Method, op.Path = r.audience, method, r.base+path
	switch {
	case op.ID == "":
		panic(fmt.Sprintf("%s %s has no operation id", method, op.Path))
	case op.Need == "" && op.Access == FullSession:
		panic(op.ID + " names no permission and is not open to anyone")
	case op.Need != "" && op.Need != authz.SignIn && (op.Access == HalfSession || op.Access == AnySession || op.Access == Anyone):
		panic(op.ID + " names a permission that nobody holds before signing in")
	case op.InBatch && (op.Access != FullSession || method != http.MethodGet):
		panic(op.ID + " is no read that could find out who acts")
	case op.StepUp && (op.InBatch || op.Access == HalfSession || op.Access == Anyone):
		panic(op.ID + " asks for the password again of somebody who is not known yet")
	case op.MayStepUp && (op.StepUp || op.InBatch || op.Access != FullSession):
		panic(op.ID + " leaves it to the use case to ask for the password again, and does not")
	case op.viewMistake() != "":
		panic(op.ID + op.viewMistake())
	case op.Idempotency != NoIdempotency && method != http.MethodPost:
		panic(op.ID + " takes an idempotency key, but only a POST can")
	case slices.ContainsFunc(r.table.ops, func(o Op) bool { return o.Audience == op.Audience && o.ID == op.ID }):
		panic(op.ID + " is registered twice")
	case !strings.HasPrefix(path, "/"):
		panic(op.ID + " has a path that does not begin with /")
	}
	r.table.ops = append(r.table.ops, op)
	r.group.Add(method, path, h, r.guard(op))
}
