package office

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/employee"
	"voordeur/internal/signin"
	"voordeur/internal/sso"
	"voordeur/internal/web"
)

func (h *Handler) ssoRoutes(r web.Router) {
	r.POST("/auth/sso", web.Op{ID: "startSso", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.startSso)
	r.POST("/auth/sso/return", web.Op{ID: "finishSso", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.finishSso)
	r.GET("/organisation/sso", web.Op{ID: "getSso", Need: authz.OrganisationRead}, h.getSso)
	r.PATCH("/organisation/sso", web.Op{ID: "updateSso", Need: authz.EmployeeWrite, IfMatch: true, StepUp: true}, h.updateSso)
}

// SsoStart is the body of startSso.
type SsoStart struct {
	Office string `json:"office" validate:"required,max=40" example:"brugwachter"`
}

// SsoStarted says where the browser goes.
type SsoStarted struct {
	URL string `json:"url" validate:"required"`
}

// SsoReturn is the body of finishSso: what the provider sent along.
type SsoReturn struct {
	State string `json:"state" validate:"required,max=256"`
	Code  string `json:"code" validate:"required,max=4096"`
	// The provider that answers, where it says so (iss, RFC 9207).
	Issuer string `json:"issuer,omitempty" validate:"max=300"`
}

// Sso is how the office signs in at its own provider. The secret is never read back.
type Sso struct {
	Enabled     bool           `json:"enabled" validate:"required"`
	Issuer      string         `json:"issuer" validate:"required"`
	ClientID    string         `json:"clientIdentifier" validate:"required"`
	HasSecret   bool           `json:"hasSecret" validate:"required"`
	GroupsClaim string         `json:"groupsClaim" validate:"required"`
	Roles       []SsoGroupRole `json:"roles" validate:"required"`
	// Nobody but administrators signs in with a password.
	Only bool `json:"only" validate:"required"`
	// To be filled in at the provider.
	RedirectURL string `json:"redirectUrl" validate:"required"`
	Version     int64  `json:"version" validate:"required"`
}

// SsoGroupRole gives the members of a group at the provider a role.
type SsoGroupRole struct {
	Group string        `json:"group" validate:"required,max=200"`
	Role  employee.Role `json:"role" validate:"required,oneof=admin adviser back_office viewer"`
}

// SsoChange is the body of updateSso: the settings as they will be. A secret that is absent stays, unless the issuer changes.
type SsoChange struct {
	Enabled      bool           `json:"enabled"`
	Issuer       string         `json:"issuer" validate:"max=300"`
	ClientID     string         `json:"clientIdentifier" validate:"max=200"`
	ClientSecret *string        `json:"clientSecret,omitempty" validate:"omitempty,max=1000" text:"exact"`
	GroupsClaim  string         `json:"groupsClaim,omitempty" validate:"max=80"`
	Roles        []SsoGroupRole `json:"roles,omitempty" validate:"max=50,dive"`
	Only         bool           `json:"only"`
}

func newSso(s signin.SSOSettings) Sso {
	out := Sso{
		Enabled: s.Enabled, Issuer: s.Issuer, ClientID: s.ClientID, HasSecret: s.HasSecret, GroupsClaim: s.GroupsClaim,
		Roles: make([]SsoGroupRole, 0, len(s.Roles)), Only: s.Only, RedirectURL: s.RedirectURL, Version: s.Version,
	}
	for _, r := range s.Roles {
		out.Roles = append(out.Roles, SsoGroupRole(r))
	}
	return out
}

// startSso says where an employee of an office signs in. The browser keeps what binds the answer to it.
//
//	@Summary	Sign in at the provider of an office, first step
//	@ID			startSso
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		SsoStart	true	"Which office"
//	@Success	200		{object}	SsoStarted
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/sso [post]
func (h *Handler) startSso(c echo.Context) error {
	var in SsoStart
	if err := web.Body(c, &in); err != nil {
		return err
	}
	to, kept, err := h.SignIn.StartSSO(c.Request().Context(), in.Office)
	if err != nil {
		return err
	}
	web.SetTrip(c, web.OfficeSSOCookie, kept, signin.SSOLife)
	return c.JSON(http.StatusOK, SsoStarted{URL: to})
}

// finishSso opens a session for whom the provider vouches for. It works once, in the browser that began.
//
//	@Summary	Sign in at the provider of an office, second step
//	@ID			finishSso
//	@Tags		auth
//	@Accept		json
//	@Param		body	body	SsoReturn	true	"What the provider sent along"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/sso/return [post]
func (h *Handler) finishSso(c echo.Context) error {
	var in SsoReturn
	if err := web.Body(c, &in); err != nil {
		return err
	}
	kept := web.Trip(c, web.OfficeSSOCookie)
	s, err := h.SignIn.FinishSSO(c.Request().Context(), kept, sso.Answer(in), caller(c))
	if err != nil {
		return err
	}
	h.enter(c, s)
	web.SetTrip(c, web.OfficeSSOCookie, "", 0)
	return c.NoContent(http.StatusNoContent)
}

// getSso returns how the office signs in at its own provider.
//
//	@Summary	Get the settings of single sign-on
//	@ID			getSso
//	@Tags		organisation
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	Sso
//	@Header		200		{string}	ETag	"Version, for If-Match"
//	@Failure	default	{object}	web.Problem
//	@Router		/organisation/sso [get]
func (h *Handler) getSso(c echo.Context) error {
	s, err := h.SignIn.SSOSettings(c.Request().Context())
	if err != nil {
		return err
	}
	web.ETag(c, s.Version)
	return c.JSON(http.StatusOK, newSso(s))
}

// updateSso replaces the settings once the provider answers.
//
//	@Summary	Change the settings of single sign-on
//	@ID			updateSso
//	@Tags		organisation
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		If-Match	header		string		true	"ETag of the version that is changed"
//	@Param		body		body		SsoChange	true	"The settings as they will be"
//	@Success	200			{object}	Sso
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/organisation/sso [patch]
func (h *Handler) updateSso(c echo.Context) error {
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in SsoChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	ch := signin.SSOChange{
		Enabled: in.Enabled, Issuer: in.Issuer, ClientID: in.ClientID, ClientSecret: in.ClientSecret, GroupsClaim: in.GroupsClaim, Only: in.Only,
	}
	for _, r := range in.Roles {
		ch.Roles = append(ch.Roles, signin.GroupRole(r))
	}
	s, err := h.SignIn.ChangeSSO(c.Request().Context(), version, ch)
	if err != nil {
		return err
	}
	web.ETag(c, s.Version)
	return c.JSON(http.StatusOK, newSso(s))
}
