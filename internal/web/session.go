package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
)

// The session cookies. The prefix makes a browser refuse them without Secure, with a Domain or with another Path, so that
// nothing on a neighbouring host can plant one.
const (
	OfficeCookie = "__Host-voordeur-office"
	PortalCookie = "__Host-voordeur-portal"
)

// ViewCookie is of an employee who looks along as a customer (B15). It stands beside the cookie of a customer, which it leaves alone:
// a page that looks along says so with viewHeader, or where it cannot, in the address; a page that says nothing is the customer's, if
// there is one in this browser.
const (
	ViewCookie = "__Host-voordeur-view"
	viewHeader = "X-Voordeur-View"
	viewMark   = "view." // how every such token begins, and no other
)

func isView(token string) bool { return strings.HasPrefix(token, viewMark) }

// Sessions knows who holds a token. Resolve reads the session and the rights on every request: signing out, blocking and a
// changed right work from the next request on. It returns a fault.Unauthenticated for a token that is worth nothing.
type Sessions interface {
	Resolve(ctx context.Context, kind authz.Kind, token string) (Session, error)
	// Carry is Resolve for an operation that reads in one round trip: the context it returns makes that read find out who
	// holds the token, and the function tells it afterwards.
	Carry(ctx context.Context, kind authz.Kind, token string) (context.Context, func() authz.Actor, error)
}

// Session is what a token stands for.
type Session struct {
	Actor authz.Actor
	Half  bool // the password was right, the second factor is still to come
}

// SetSession gives the browser a session token. The server alone decides when the session ends before expires.
func SetSession(c echo.Context, name, token string, expires time.Time) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: token, Path: "/", Expires: expires.UTC(),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}

// ClearSession takes the token from the browser, with everything it keeps of the answers and of the work so far. Other cookies stay: clearing
// them would reach the neighbouring hosts too, and make a known browser an unknown one, which others could then lock out.
func ClearSession(c echo.Context, name string) {
	c.SetCookie(&http.Cookie{
		Name: name, Path: "/", MaxAge: -1,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
}

// What marks a browser in which somebody finished signing in: wrong passwords elsewhere do not keep it out.
const (
	OfficeDeviceCookie = "__Host-voordeur-office-device"
	PortalDeviceCookie = "__Host-voordeur-portal-device"
)

// OfficeSSOCookie is what the browser keeps while an employee is at the provider of the office.
const OfficeSSOCookie = "__Host-voordeur-office-sso"

// PortalCodeCookie binds a code that was asked for to the browser that asked.
const PortalCodeCookie = "__Host-voordeur-portal-code"

// What the browser keeps while it asks for a passkey, which may take five minutes.
const (
	OfficeChallengeCookie = "__Host-voordeur-office-passkey"
	PortalChallengeCookie = "__Host-voordeur-portal-passkey"
)

// SetTrip gives the browser what it must show when it comes back from elsewhere; empty takes it away.
func SetTrip(c echo.Context, name, value string, life time.Duration) {
	age := int(life.Seconds())
	if value == "" {
		age = -1
	}
	c.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// Trip returns what SetTrip gave.
func Trip(c echo.Context, name string) string {
	cookie, err := c.Request().Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// deviceLife is how long a browser keeps the mark.
const deviceLife = 365 * 24 * time.Hour

// SetDevice marks the browser as a known one. It opens nothing by itself.
func SetDevice(c echo.Context, name, value string, now time.Time) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: "/", Expires: now.Add(deviceLife).UTC(),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}

// Device returns the mark of a known browser, if there is one.
func Device(c echo.Context, name string) string {
	cookie, err := c.Request().Cookie(name)
	if err != nil || len(cookie.Value) > 300 {
		return ""
	}
	return cookie.Value
}

func cookieOf(a Audience) string {
	if a == Portal {
		return PortalCookie
	}
	return OfficeCookie
}

func kindOfActor(a Audience) authz.Kind {
	if a == Portal {
		return authz.Member
	}
	return authz.Employee
}

func tokenOf(c echo.Context, a Audience) string {
	if a == Public {
		return ""
	}
	own := cookieValue(c, cookieOf(a))
	if isView(own) {
		return "" // not its place
	}
	if a != Portal {
		return own
	}
	asked := c.Request().Header.Get(viewHeader) == "1" || c.QueryParam("view") == "1"
	if !asked && own != "" {
		return own
	}
	if view := cookieValue(c, ViewCookie); isView(view) {
		return view
	}
	if asked {
		return "" // the look is over: it does not go on as somebody else
	}
	return own
}

func cookieValue(c echo.Context, name string) string {
	cookie, err := c.Request().Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}
