package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
)

// RequestID gives every response a name of our own making: what a client sends is not to be trusted in a log.
func RequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id.String())
		return next(c)
	}
}

// Observe writes one line per request and measures it. The line has the route's pattern and the caller's ids; never the
// address as it was typed, a body or a name.
func Observe(log *slog.Logger, m *Metrics, now func() time.Time) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			began := now()
			m.began()
			if err := next(c); err != nil {
				c.Error(err)
			}
			took := now().Sub(began)
			op, _ := OpOf(c)
			m.ended(op.ID, string(op.Audience), c.Response().Status, took)
			attrs := []slog.Attr{
				slog.String("request_id", c.Response().Header().Get(echo.HeaderXRequestID)),
				slog.String("method", c.Request().Method), slog.String("route", c.Path()), slog.String("operation", op.ID),
				slog.Int("status", c.Response().Status), slog.Int64("bytes", c.Response().Size),
				slog.Float64("ms", float64(took.Microseconds())/1000),
			}
			if a, ok := c.Get(actorKey).(authz.Actor); ok {
				attrs = append(attrs, slog.String("organisation", a.Organisation.String()), slog.String("actor", a.ID.String()))
			}
			log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request", attrs...)
			return nil
		}
	}
}

// Recover turns a panic into a 500 that is logged with its stack.
func Recover(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				r := recover()
				if r == nil {
					return
				}
				if r == http.ErrAbortHandler { //nolint:errorlint // the sentinel itself is thrown
					panic(r)
				}
				log.ErrorContext(c.Request().Context(), "panic", "route", c.Path(),
					"request_id", c.Response().Header().Get(echo.HeaderXRequestID), "stack", string(debug.Stack()))
				err = fmt.Errorf("panic: %v", r)
			}()
			return next(c)
		}
	}
}

// Secure sets the headers that every answer of the API has: nothing in it may be run, framed, sniffed, kept or read by
// another site. A handler that serves something a browser may keep says so itself.
func Secure(https bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
			h.Set("Cache-Control", "no-store")
			Harden(h, https)
			return next(c)
		}
	}
}

// Harden sets the headers that pages and answers have in common.
func Harden(h http.Header, https bool) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=(), usb=()")
	if https {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}
