package web

import (
	"context"
	"errors"
	"strings"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
)

// Programs knows which program shows a key or a token. Its row is read on every request: what is revoked, has ended or may do less
// works from the next request on. Faults as those of Sessions.
type Programs interface {
	Program(ctx context.Context, audience Audience, credential, address string) (authz.Actor, error)
}

// bearerOf returns what the Authorization header brings (RFC 6750). A program that sends one is no browser with a cookie. It is the
// only place that is looked at: what stands in an address ends up in logs.
func bearerOf(c echo.Context) (string, bool) {
	scheme, credential, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	return strings.TrimSpace(credential), strings.EqualFold(scheme, "Bearer")
}

// admitProgram is admit for a program. What is worth nothing is charged to the address it came from.
func (g *Guard) admitProgram(ctx context.Context, c echo.Context, op Op, credential string) (context.Context, error) {
	challenge := func(more string) {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, "Bearer"+more)
	}
	address := fromAddress(c)
	if err := g.Limits.peek(c, RateToken, address); err != nil {
		return ctx, err
	}
	if g.Programs == nil || op.Audience == Public {
		return ctx, authz.ErrNoActor
	}
	who, err := g.Programs.Program(ctx, op.Audience, credential, c.RealIP())
	if errors.Is(err, authz.ErrNoActor) {
		challenge(` error="invalid_token"`)
		return ctx, errors.Join(g.Limits.take(c, RateToken, address), err)
	}
	if err != nil {
		return ctx, err
	}
	rate := op.Rate
	if rate == RateNormal {
		rate = RateClient
	}
	c.Set(actorKey, who) // the log says who it was who is refused below
	if err := g.Limits.take(c, rate, "program:"+who.Program.String()+":"+who.ID.String()); err != nil {
		return ctx, err
	}
	switch {
	case !op.Programs():
		return ctx, authz.ErrPersonOnly
	case !g.may(who, op):
		challenge(` error="insufficient_scope"`)
		return ctx, errForbidden
	}
	return authz.With(ctx, who), nil
}
