// Package api assembles the HTTP server: middleware, surfaces, error handling.
package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/api/v1/office"
	"voordeur/api/v1/portal"
	"voordeur/api/v1/public"
	"voordeur/internal/web"
)

// Deps is what the surfaces need.
type Deps struct {
	Log      *slog.Logger
	Now      func() time.Time
	Sessions web.Sessions
	Programs web.Programs
	Limits   *web.Limiter // nil: no limits
	Metrics  *web.Metrics // nil: not measured
	HTTPS    bool         // browsers reach us over TLS
	Proxies  []*net.IPNet // whose word about the caller's address counts
	// Outage tells an error of something we depend on from a mistake of ours.
	Outage func(error) bool
	// Ready says whether requests can be served now.
	Ready func(context.Context) error
	// Stopping is closed when the program begins to stop.
	Stopping <-chan struct{}

	Office office.Handler
	Portal portal.Handler
	Public public.Handler

	// UncheckedPermissions leaves every decision to the database. Only a test can set it.
	UncheckedPermissions bool

	// Surfaces are the ones to serve; none named: all.
	Surfaces []web.Audience
	// Pages answers what is not the API's: the app of this address. Nil: nothing.
	Pages http.Handler
}

// Base is where the API begins.
const Base = "/api/v1"

// New returns the router. It is the only place that creates an echo.Echo.
func New(d Deps) *echo.Echo {
	e, _ := build(d)
	return e
}

// Operations returns the whole operation table.
func Operations() []web.Op {
	_, table := build(Deps{Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Time{} }})
	return table.Ops()
}

func build(d Deps) (*echo.Echo, *web.Table) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = web.ErrorHandler(d.Log, d.Outage)
	e.IPExtractor = web.CallerAddress(d.Proxies)
	e.Use(web.RequestID, web.Secure(d.HTTPS), web.Observe(d.Log, d.Metrics, d.Now), web.Recover(d.Log))

	guard := &web.Guard{Sessions: d.Sessions, Programs: d.Programs, Now: d.Now, Limits: d.Limits, Stopping: d.Stopping, Unchecked: d.UncheckedPermissions}
	table := &web.Table{}
	router := func(a web.Audience) web.Router { return web.NewRouter(e.Group(Base), Base, a, table, guard.Of) }
	if d.serves(web.Office) {
		d.Office.Routes(router(web.Office))
	}
	if d.serves(web.Portal) {
		d.Portal.Routes(router(web.Portal))
	}
	if d.serves(web.Public) {
		d.Public.Routes(router(web.Public))
		d.Public.WellKnown(e)
	}
	d.describe(e)
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", d.ready)
	e.RouteNotFound("/api/*", func(echo.Context) error { return echo.ErrNotFound })
	if d.Pages != nil {
		e.GET("/*", echo.WrapHandler(d.Pages))
		e.HEAD("/*", echo.WrapHandler(d.Pages))
	}
	return e, table
}

func (d Deps) serves(a web.Audience) bool {
	return len(d.Surfaces) == 0 || slices.Contains(d.Surfaces, a)
}

func (d Deps) ready(c echo.Context) error {
	if d.Ready != nil {
		if err := d.Ready(c.Request().Context()); err != nil {
			return c.String(http.StatusServiceUnavailable, "not ready\n")
		}
	}
	return c.String(http.StatusOK, "ready\n")
}
