package portal_test

import (
	"net/http"
	"testing"
	"time"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// TestKnownBrowser: logging in marks the browser; the mark alone opens nothing, and what strangers try does not hold it up.
func TestKnownBrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := dbtest.AddScene(t, h.Root)
	nobody := apitest.Caller{}
	h.do(t, nobody, "POST /portal/auth/password-links/redemption", m{"token": h.link(t, s), "password": sentence}, 204)
	login := func(as apitest.Caller, password string, want int) *http.Cookie {
		rec := h.do(t, as, "POST /portal/auth/login", m{"office": s.Slug, "username": s.Username, "password": password}, want)
		if want != 200 {
			return nil
		}
		return cookie(t, rec, web.PortalDeviceCookie)
	}
	mark := login(nobody, sentence, 200)
	if !mark.HttpOnly || !mark.Secure || mark.SameSite != http.SameSiteStrictMode || mark.Path != "/" || mark.Expires.Before(h.Clock.Now().Add(300*24*time.Hour)) {
		t.Errorf("%+v", mark)
	}
	known := apitest.Caller{Cookie: mark}
	h.do(t, known, "GET /portal/me", nil, 401)
	for range 5 {
		login(nobody, "niet goed", 401)
	}
	login(nobody, sentence, 429)
	if again := login(known, sentence, 200); again.Value != mark.Value {
		t.Error("the browser got another mark")
	}
}
