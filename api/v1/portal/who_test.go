package portal_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"voordeur/api/apitest"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
	"voordeur/internal/member"
	"voordeur/internal/signin"
	"voordeur/internal/web"

	"voordeur/internal/authz"
)

const sentence = "paarse olifant fietst zingend"

// link makes a link as an invitation would, and returns its token.
func (h house) link(t *testing.T, scene dbtest.Scene) string {
	t.Helper()
	id, err := db.Write(dbtest.EmployeeAs(scene.Organisation, scene.Employee), h.DB, authz.MemberWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		id, err := signin.IssueLink(tx, h.Key, scene.Member, member.Activation, "eva@example.org")
		return id, event.Of("test.issued", id), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return signin.LinkToken(h.Key, id)
}

// TestSite: what everybody may see of an office, and no more (B1).
func TestSite(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := dbtest.AddScene(t, h.Root)
	nobody := apitest.Caller{}
	site := into[m](t, h.do(t, nobody, "GET /portal/site?office="+strings.ToUpper(s.Slug), nil, 200))
	if site["slug"] != s.Slug || site["passwordMinLength"] != 15.0 || site["logoUrl"] != nil || site["id"] != nil {
		t.Errorf("%v", site)
	}
	wantProblem(t, h.do(t, nobody, "GET /portal/site?office=nergens", nil, 404), "office-unknown", "")
	h.do(t, nobody, "GET /portal/site", nil, 422)
	for _, which := range []string{"logo", "header-photo"} {
		h.do(t, nobody, "GET /portal/site/"+which+"?office="+s.Slug, nil, 404)
		h.do(t, nobody, "GET /portal/site/"+which+"?office=nergens", nil, 404)
	}
	png := []byte("\x89PNG")
	if _, err := h.Root.Exec(`UPDATE organisations SET logo = $1, logo_media_type = 'image/png', header_photo = $1, header_photo_media_type = 'image/jpeg' WHERE organisation_id = $2`, png, s.Organisation); err != nil {
		t.Fatal(err)
	}
	site = into[m](t, h.do(t, nobody, "GET /portal/site?office="+s.Slug, nil, 200))
	for key, media := range map[string]string{"logoUrl": "image/png", "headerPhotoUrl": "image/jpeg"} {
		path, _ := strings.CutPrefix(site[key].(string), "/api/v1")
		rec := h.do(t, nobody, "GET "+path, nil, 200)
		if rec.Header().Get("Content-Type") != media || !bytes.Equal(rec.Body.Bytes(), png) {
			t.Errorf("%s: %s", key, rec.Header())
		}
	}
}

// TestActivateAndSignIn: the link is looked at, used once, and then the customer signs in and out (A7, B2).
func TestActivateAndSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := dbtest.AddScene(t, h.Root)
	nobody, token := apitest.Caller{}, h.link(t, s)
	at := "POST /portal/auth/password-links/"
	for range 3 {
		l := into[m](t, h.do(t, nobody, at+"inspection", m{"token": token}, 200))
		if l["state"] != "usable" || l["username"] != s.Username || l["firstName"] != "Eva" || l["purpose"] != "activation" || l["organisation"].(m)["slug"] != s.Slug {
			t.Fatalf("%v", l)
		}
	}
	wantProblem(t, h.do(t, nobody, at+"inspection", m{"token": "onzin"}, 404), "link-unknown", "")
	wantProblem(t, h.do(t, nobody, at+"redemption", m{"token": "onzin", "password": sentence}, 404), "link-unknown", "")
	wantProblem(t, h.do(t, nobody, at+"redemption", m{"token": token, "password": "kort"}, 422), "password-too-short", "/password")
	wantProblem(t, h.do(t, nobody, at+"redemption", m{"token": token, "password": "wachtwoord wachtwoord"}, 422), "password-too-common", "/password")
	wantProblem(t, h.do(t, nobody, at+"redemption", m{"token": token, "password": strings.Repeat("é", 257)}, 422), "invalid", "/password")
	h.do(t, nobody, at+"redemption", m{"token": token, "password": sentence}, 204)
	wantProblem(t, h.do(t, nobody, at+"redemption", m{"token": token, "password": sentence}, 409), "link-used", "")
	if l := into[m](t, h.do(t, nobody, at+"inspection", m{"token": token}, 200)); l["state"] != "used" {
		t.Errorf("%v", l)
	}

	wrong := h.do(t, nobody, "POST /portal/auth/login", m{"office": s.Slug, "username": s.Username, "password": "niet goed"}, 401)
	unknown := h.do(t, nobody, "POST /portal/auth/login", m{"office": s.Slug, "username": "niemand", "password": "niet goed"}, 401)
	wantProblem(t, wrong, "wrong-credentials", "")
	if scrub(wrong.Body.String(), wrong.Header()) != scrub(unknown.Body.String(), unknown.Header()) {
		t.Errorf("%s\n%s", wrong.Body, unknown.Body)
	}
	wantProblem(t, h.do(t, nobody, "POST /portal/auth/login", m{"office": "nergens", "username": "x", "password": "x"}, 404), "office-unknown", "")
	rec := h.do(t, nobody, "POST /portal/auth/login", m{"office": s.Slug, "username": s.Username, "password": sentence}, 200)
	in := into[m](t, rec)
	if in["status"] != "authenticated" || in["me"].(m)["firstName"] != "Eva" || in["me"].(m)["clientName"] != "Eva de Wit" {
		t.Errorf("%v", in)
	}
	var me apitest.Caller
	for _, c := range rec.Result().Cookies() {
		if c.Name == web.PortalCookie {
			if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
				t.Errorf("cookie %+v", c)
			}
			me = apitest.Caller{Cookie: c}
		}
	}
	if got := into[m](t, h.do(t, me, "GET /portal/me", nil, 200)); got["username"] != s.Username || got["office"].(m)["slug"] != s.Slug {
		t.Errorf("%v", got)
	}
	h.do(t, nobody, "GET /portal/me", nil, 401)
	wantProblem(t, h.do(t, me, "POST /portal/me/password", m{"currentPassword": "niet goed", "newPassword": sentence + "!"}, 422), "invalid", "/currentPassword")
	h.do(t, nobody, "POST /portal/me/password", m{"currentPassword": sentence, "newPassword": sentence + "!"}, 401)
	rec = h.do(t, me, "POST /portal/me/password", m{"currentPassword": sentence, "newPassword": "groene " + sentence}, 204)
	h.do(t, me, "GET /portal/me", nil, 401)
	me = apitest.Caller{Cookie: rec.Result().Cookies()[0]}
	wantProblem(t, h.do(t, me, "POST /portal/auth/step-up", m{"password": "niet goed"}, 422), "invalid", "/password")
	wantProblem(t, h.do(t, me, "POST /portal/auth/step-up", m{}, 422), "invalid", "/password")
	h.do(t, nobody, "POST /portal/auth/step-up", m{"password": sentence}, 401)
	rec = h.do(t, me, "POST /portal/auth/step-up", m{"password": "groene " + sentence}, 204)
	h.do(t, me, "GET /portal/me", nil, 401)
	me = apitest.Caller{Cookie: rec.Result().Cookies()[0]}
	if rec = h.do(t, me, "POST /portal/auth/logout", nil, 204); rec.Header().Get("Clear-Site-Data") == "" {
		t.Error("no Clear-Site-Data")
	}
	h.do(t, me, "GET /portal/me", nil, 401)
	h.do(t, nobody, "POST /portal/auth/logout", nil, 401)
}

func scrub(body string, h http.Header) string {
	return strings.ReplaceAll(body, h.Get("X-Request-Id"), "") + h.Get("Content-Type") + h.Get("Set-Cookie") + h.Get("Cache-Control")
}

// TestForgottenPassword: known and unknown get the same bytes; a link that is renewed tells nothing either.
func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := dbtest.AddScene(t, h.Root)
	nobody := apitest.Caller{}
	for range 5 { // the limit does not show
		for _, body := range []m{{"office": s.Slug, "username": s.Username}, {"office": s.Slug, "username": "niemand"}, {"office": "nergens", "username": "x"}} {
			if rec := h.do(t, nobody, "POST /portal/auth/password-reset", body, 202); rec.Body.Len() != 0 {
				t.Error(rec.Body)
			}
		}
	}
	wantProblem(t, h.do(t, nobody, "POST /portal/auth/password-reset", m{"office": s.Slug}, 422), "invalid", "/username")
	var tasks int
	if err := h.Root.QueryRow(`SELECT count(*) FROM river_job WHERE kind = 'password-link.send'`).Scan(&tasks); err != nil || tasks != 6 {
		t.Errorf("%d tasks, want three for each name of the office: %v", tasks, err)
	}
	for _, token := range []string{h.link(t, s), "onzin"} {
		if rec := h.do(t, nobody, "POST /portal/auth/password-links/renewal", m{"token": token}, 202); rec.Body.Len() != 0 {
			t.Error(rec.Body)
		}
	}
	h.do(t, nobody, "POST /portal/auth/password-links/renewal", m{}, 422)
}
