package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/fault"
)

// Guard is what stands before every operation. All of it is derived from the operation table.
type Guard struct {
	Sessions Sessions
	Programs Programs // nil: no program comes in
	Now      func() time.Time
	Limits   *Limiter // nil: no limits
	// Stopping is closed when the program stops: streams, which never end by themselves, end then.
	Stopping <-chan struct{}
	// Unchecked leaves the decision about permissions to the database, so that a test can show that row-level security alone
	// holds. It has no effect outside a test program.
	Unchecked bool
	origins   http.CrossOriginProtection
}

// The faults of a request that does not get past the guard.
var (
	errForbidden   = fault.New(fault.Forbidden, "forbidden", "You may not do this.")
	errCrossOrigin = fault.New(fault.Forbidden, "cross-origin", "This request comes from another site.")
	errHeader      = fault.New(fault.Forbidden, "header-missing", "Send the header X-Voordeur: 1 with a request that changes something.")
	errKeyRequired = fault.New(fault.Invalid, "idempotency-key-required", "Send an Idempotency-Key, so that a repeated request has its effect once.")
	errKeyInvalid  = fault.New(fault.Invalid, "idempotency-key-invalid", "An Idempotency-Key has 8 to 255 visible ASCII characters.")
)

const opKey = "voordeur.op"

// OpOf returns the operation that runs, if the request reached one.
func OpOf(c echo.Context) (Op, bool) {
	op, ok := c.Get(opKey).(Op)
	return op, ok
}

// Of returns the middleware for op.
func (g *Guard) Of(op Op) echo.MiddlewareFunc {
	needs := op.Also
	for _, p := range []authz.Permission{op.Or, op.Need} {
		if p != "" {
			needs = append([]authz.Permission{p}, needs...)
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(opKey, op)
			token := tokenOf(c, op.Audience)
			bearer, program := bearerOf(c)
			if program { // what a browser adds by itself does not count beside it
				token = ""
			}
			if err := g.sameSite(c, token != ""); err != nil {
				return err
			}
			ctx := authz.WithOperation(c.Request().Context(), authz.Operation{ID: op.ID, Needs: needs, MayStepUp: op.MayStepUp})
			if isView(token) && op.Access != Anyone {
				ctx = authz.Looking(ctx)
			}
			var err error
			if program && op.Access != Anyone {
				ctx, err = g.admitProgram(ctx, c, op, bearer)
			} else {
				ctx, err = g.admit(ctx, c, op, token)
			}
			if err != nil {
				return err
			}
			limitBody(c, op)
			if op.Rate == RateStream && g.Stopping != nil {
				streaming, cancel := context.WithCancel(ctx)
				defer cancel()
				go g.endStream(streaming, cancel)
				ctx = streaming
			}
			if op.IfMatch {
				if _, err := IfMatch(c); err != nil {
					return err
				}
			}
			if ctx, err = idempotent(ctx, c, op); err != nil {
				return err
			}
			c.SetRequest(c.Request().WithContext(ctx))
			if op.InBatch && !program {
				err := next(c)
				g.settle(c, op, token, err)
				return err
			}
			return next(c)
		}
	}
}

// endStream ends a stream when the program stops; it returns when the stream has ended by itself.
func (g *Guard) endStream(ctx context.Context, cancel context.CancelFunc) {
	select {
	case <-g.Stopping:
		cancel()
	case <-ctx.Done():
	}
}

// sameSite refuses what another site makes a browser send. Besides SameSite=Strict and the check of the browser's own
// headers, a request with a cookie must carry a header that no form can set: clients without those headers exist.
func (g *Guard) sameSite(c echo.Context, cookie bool) error {
	switch c.Request().Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	if err := g.origins.Check(c.Request()); err != nil {
		return errCrossOrigin.Because(err)
	}
	if cookie && c.Request().Header.Get("X-Voordeur") != "1" {
		return errHeader
	}
	return nil
}

// admit finds out who calls and whether that is enough for op, within the allowance of the caller.
func (g *Guard) admit(ctx context.Context, c echo.Context, op Op, token string) (context.Context, error) {
	address := fromAddress(c)
	if op.Access == Anyone {
		return ctx, g.Limits.take(c, op.Rate, address)
	}
	if token == "" {
		return ctx, errors.Join(g.Limits.take(c, op.Rate, address), authz.ErrNoActor)
	}
	if err := g.Limits.peek(c, op.Rate, address); err != nil {
		return ctx, err
	}
	if op.InBatch && (!isView(token) || op.OpenToViews()) {
		return g.carry(ctx, c, op, token)
	}
	s, err := g.Sessions.Resolve(ctx, kindOfActor(op.Audience), token)
	if err != nil {
		return ctx, errors.Join(g.nobody(c, op, err), err)
	}
	if err := g.Limits.take(c, op.Rate, callerOf(token)); err != nil {
		return ctx, err
	}
	if s.Actor.Kind != kindOfActor(op.Audience) {
		return ctx, authz.ErrNoActor
	}
	c.Set(actorKey, s.Actor) // the log says who it was who is refused below
	if err := g.view(op, s.Actor); err != nil {
		return ctx, err
	}
	if s.Half != (op.Access == HalfSession) && op.Access != AnySession {
		if s.Half {
			return ctx, authz.ErrSecondFactor
		}
		return ctx, authz.ErrNoActor
	}
	if op.Need != "" && op.Access == FullSession && !g.may(s.Actor, op) {
		return ctx, errForbidden
	}
	if op.StepUp && !s.Actor.Verified(g.Now()) {
		return ctx, authz.ErrStepUp
	}
	return authz.With(ctx, s.Actor), nil
}

// view refuses who looks along what is not open to that, and everybody else what is open to nobody else.
func (g *Guard) view(op Op, who authz.Actor) error {
	switch {
	case g.Unchecked && inTest():
	case who.View != nil && !op.OpenToViews():
		return authz.ErrLooking
	case who.View == nil && op.View == ViewOnly:
		return errForbidden
	}
	return nil
}

// may reports whether who holds what op needs.
func (g *Guard) may(who authz.Actor, op Op) bool {
	return who.May(op.Need) || op.Or != "" && who.May(op.Or) || g.Unchecked && inTest()
}

// carry leaves it to the read to find out who acts. Until then a token is anybody's: it has no bucket before it was good once.
func (g *Guard) carry(ctx context.Context, c echo.Context, op Op, token string) (context.Context, error) {
	if err := g.Limits.peek(c, op.Rate, callerOf(token)); err != nil {
		return ctx, err
	}
	ctx, who, err := g.Sessions.Carry(ctx, kindOfActor(op.Audience), token)
	if err != nil {
		return ctx, errors.Join(g.nobody(c, op, err), err)
	}
	c.Set(carriedKey, who)
	return ctx, nil
}

// settle spends what a carried request costs, once it is known whose it was.
func (g *Guard) settle(c echo.Context, op Op, token string, err error) {
	if errors.Is(err, authz.ErrNoActor) {
		_ = g.nobody(c, op, err)
		return
	}
	_ = g.Limits.take(c, op.Rate, callerOf(token))
	if who, ok := c.Get(carriedKey).(func() authz.Actor); ok {
		c.Set(actorKey, who())
	}
}

// nobody charges a token that is worth nothing to the address it came from.
func (g *Guard) nobody(c echo.Context, op Op, err error) error {
	if !errors.Is(err, authz.ErrNoActor) {
		return nil
	}
	return g.Limits.take(c, op.Rate, fromAddress(c))
}

// callerOf names a session in the limits without keeping its token.
func callerOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "session:" + hex.EncodeToString(sum[:16])
}

func inTest() bool { return flag.Lookup("test.v") != nil }

const (
	actorKey   = "voordeur.actor"
	carriedKey = "voordeur.carried"
)

func limitBody(c echo.Context, op Op) {
	limit := op.Body
	if limit == 0 {
		limit = DefaultBody
	}
	if limit != AnyBody && c.Request().Body != nil {
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, limit)
	}
}

// idempotent hands the key to the first write of the request. The address is part of what was asked: the same body on
// another action point is another question.
func idempotent(ctx context.Context, c echo.Context, op Op) (context.Context, error) {
	if op.Idempotency == NoIdempotency {
		return ctx, nil
	}
	req := c.Request()
	key := req.Header.Get("Idempotency-Key")
	if key == "" {
		if op.Idempotency == IdempotencyRequired {
			return ctx, errKeyRequired
		}
		return ctx, nil
	}
	if len(key) < 8 || len(key) > 255 {
		return ctx, errKeyInvalid
	}
	for i := range len(key) {
		if key[i] < 0x21 || key[i] > 0x7e {
			return ctx, errKeyInvalid
		}
	}
	hash := sha256.New()
	_, _ = io.WriteString(hash, req.Method+" "+req.URL.Path+"\n")
	if !op.Raw {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return ctx, readError(err)
		}
		_, _ = hash.Write(body)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	ctx = authz.WithIdempotency(ctx, authz.Key{Operation: op.ID, Key: key, BodyHash: hash.Sum(nil)})
	c.Response().Before(func() {
		if authz.Replayed(ctx) {
			c.Response().Header().Set("Idempotent-Replayed", "true")
		}
	})
	return ctx, nil
}
