package web

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/fault"
)

var statusOf = map[fault.Kind]int{
	fault.Invalid:              http.StatusUnprocessableEntity,
	fault.Unauthenticated:      http.StatusUnauthorized,
	fault.Forbidden:            http.StatusForbidden,
	fault.NotFound:             http.StatusNotFound,
	fault.Conflict:             http.StatusConflict,
	fault.Stale:                http.StatusPreconditionFailed,
	fault.PreconditionRequired: http.StatusPreconditionRequired,
	fault.TooLarge:             http.StatusRequestEntityTooLarge,
	fault.UnsupportedType:      http.StatusUnsupportedMediaType,
	fault.Locked:               http.StatusLocked,
	fault.TooMany:              http.StatusTooManyRequests,
	fault.Unavailable:          http.StatusServiceUnavailable,
}

var (
	errInternal    = fault.New(fault.Internal, "internal", "")
	errMethod      = fault.New(fault.Invalid, "method-not-allowed", "This address does not know that method.")
	errUnavailable = fault.New(fault.Unavailable, "unavailable", "The service is not available for a moment. Try again.").After(2 * time.Second)
)

// ErrorHandler renders err as a problem document. What is not a fault is logged, once, and shown as a bare 500.
// outage says whether an error means that something we depend on is away; then the answer is 503 and may be tried again.
func ErrorHandler(log *slog.Logger, outage func(error) bool) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed {
			return
		}
		f, status := faultOf(err, outage)
		if status >= http.StatusInternalServerError {
			log.ErrorContext(c.Request().Context(), "request failed", "route", c.Path(), "status", status,
				"request_id", c.Response().Header().Get(echo.HeaderXRequestID), "err", err)
		}
		write(c, f, status)
	}
}

func faultOf(err error, outage func(error) bool) (*fault.Error, int) {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		if status, ok := statusOf[f.Kind]; ok {
			return f, status
		}
		return errInternal, http.StatusInternalServerError
	}
	if he, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch he.Code {
		case http.StatusNotFound:
			return errNotFound, http.StatusNotFound
		case http.StatusMethodNotAllowed:
			return errMethod, http.StatusMethodNotAllowed
		case http.StatusRequestEntityTooLarge:
			return errBodyTooLarge, http.StatusRequestEntityTooLarge
		}
		if he.Code < http.StatusInternalServerError {
			return errMalformed, he.Code
		}
	}
	if outage != nil && outage(err) {
		return errUnavailable, http.StatusServiceUnavailable
	}
	return errInternal, http.StatusInternalServerError
}

// write sends f as a problem document in the language the caller asks for.
func write(c echo.Context, f *fault.Error, status int) {
	lang := Language(c)
	kind := kindOf(f.Code)
	p := Problem{
		Type: problemBase + f.Code, Title: kind.Title.in(lang), Status: status, Code: f.Code,
		Detail: kind.Detail.in(lang), Instance: c.Request().URL.Path, RequestID: c.Response().Header().Get(echo.HeaderXRequestID),
	}
	for _, fe := range f.Fields {
		p.Errors = append(p.Errors, FieldError{Pointer: fe.Pointer, Code: fe.Code, Message: fieldMessage(fe.Code, lang)})
	}
	if f.Changed != nil {
		change := LastChange(*f.Changed)
		p.LastChange = &change
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "application/problem+json")
	h.Set("Content-Language", lang)
	h.Add(echo.HeaderVary, "Accept-Language")
	h.Del("ETag")
	h.Set(echo.HeaderCacheControl, "no-store")
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	if c.Request().Method == http.MethodHead {
		_ = c.NoContent(status)
		return
	}
	_ = c.JSON(status, p)
}
