package portal

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/member"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) meRoutes(r web.Router) {
	r.GET("/portal/me", web.Op{ID: "getMe", Need: authz.PortalMe}, h.getMe)
	r.PATCH("/portal/me/preferences", web.Op{ID: "updateMyPreferences", Need: authz.PortalMe, IfMatch: true}, h.updateMyPreferences)
	r.POST("/portal/me/password", web.Op{ID: "changeMyPassword", Need: authz.PortalMe, Also: []authz.Permission{authz.SignIn}, Rate: web.RateSignIn}, h.changeMyPassword)
}

// Me is the customer who is signed in.
type Me struct {
	ID          uuid.UUID     `json:"id" format:"uuid" validate:"required"`
	FirstName   string        `json:"firstName" validate:"required"`
	LastName    string        `json:"lastName" validate:"required"`
	Salutation  string        `json:"salutation,omitempty" example:"mevrouw Van Heemstra"`
	Username    string        `json:"username" validate:"required"`
	ClientName  string        `json:"clientName" validate:"required"`
	Permissions []string      `json:"permissions" validate:"required"`
	Office      MyOffice      `json:"office" validate:"required"`
	Locale      member.Locale `json:"locale" validate:"required"`
	// Notifications are the mails that I chose to get (E10).
	Notifications     []member.Notification `json:"notifications" validate:"required"`
	Version           int64                 `json:"version" validate:"required"`
	SecondFactor      bool                  `json:"secondFactor" validate:"required"`      // logging in takes a second step
	PasswordMinLength int                   `json:"passwordMinLength" validate:"required"` // shorter where there is a second step
	View              *MyView               `json:"view,omitempty"`                        // set where an employee looks along as this customer: nothing can be changed
	SessionExpiresAt  time.Time             `json:"sessionExpiresAt" format:"date-time" validate:"required"`
}

// MyOffice is the office of the customer.
type MyOffice struct {
	Slug string `json:"slug" validate:"required"`
	Name string `json:"name" validate:"required"`
}

// MyView is the employee who looks along, and until when.
type MyView struct {
	By        string    `json:"by" validate:"required" example:"Sanne Verhulst"`
	StartedAt time.Time `json:"startedAt" format:"date-time" validate:"required"`
	ExpiresAt time.Time `json:"expiresAt" format:"date-time" validate:"required"`
	BackURL   string    `json:"backUrl" validate:"required" example:"https://office.example/dossiers/0199…"` // of the office
}

func newMe(m signin.MemberMe) Me {
	out := Me{
		ID: m.ID, FirstName: m.FirstName, LastName: m.LastName, Salutation: m.Salutation, Username: m.Username, ClientName: m.ClientName, Permissions: m.Permissions,
		Office: MyOffice{Slug: m.OfficeSlug, Name: m.OfficeName}, Locale: m.Locale, Notifications: m.Notifications, Version: m.Version, SecondFactor: m.SecondFactor, PasswordMinLength: m.MinPassword, SessionExpiresAt: m.SessionExpiresAt,
	}
	if m.View != nil {
		out.View = &MyView{By: m.View.By.Name, StartedAt: m.View.StartedAt, ExpiresAt: m.View.ExpiresAt, BackURL: m.BackURL}
	}
	return out
}

// PasswordChange is the body of changeMyPassword.
type PasswordChange struct {
	CurrentPassword string `json:"currentPassword" validate:"required,max=256" text:"exact"`
	NewPassword     string `json:"newPassword" validate:"required,max=256" text:"exact"`
}

// getMe returns the customer who is signed in.
//
//	@Summary	Who am I
//	@ID			getMe
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	Me
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me [get]
func (h *Handler) getMe(c echo.Context) error {
	me, err := h.SignIn.MemberMe(c.Request().Context())
	if err != nil {
		return err
	}
	web.ETag(c, me.Version)
	return c.JSON(http.StatusOK, newMe(me))
}

// PreferencesChange is the body of updateMyPreferences.
type PreferencesChange struct {
	Notifications []member.Notification `json:"notifications" validate:"required,max=10,dive,oneof=new_quotes new_invoices completed_jobs"`
}

// Preferences is what the customer chose.
type Preferences struct {
	Notifications []member.Notification `json:"notifications" validate:"required"`
	Version       int64                 `json:"version" validate:"required"`
}

// updateMyPreferences chooses which mails the customer gets (E10).
//
//	@Summary	Change my preferences
//	@ID			updateMyPreferences
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		If-Match	header		string				true	"ETag of the version that is changed"
//	@Param		body		body		PreferencesChange	true	"What changes"
//	@Success	200			{object}	Preferences
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/portal/me/preferences [patch]
func (h *Handler) updateMyPreferences(c echo.Context) error {
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in PreferencesChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	chosen, version, err := h.Members.Prefer(c.Request().Context(), version, in.Notifications)
	if err != nil {
		return err
	}
	return web.OK(c, version, Preferences{Notifications: chosen, Version: version})
}

// changeMyPassword replaces the password; every other session of the customer ends.
//
//	@Summary	Change my password
//	@ID			changeMyPassword
//	@Tags		me
//	@Accept		json
//	@Security	Session
//	@Param		body	body	PasswordChange	true	"The password now, and the new one"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/password [post]
func (h *Handler) changeMyPassword(c echo.Context) error {
	var in PasswordChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, err := h.SignIn.ChangePassword(c.Request().Context(), in.CurrentPassword, in.NewPassword, caller(c))
	if err != nil {
		return err
	}
	web.SetSession(c, web.PortalCookie, s.Token, s.ExpiresAt)
	return c.NoContent(http.StatusNoContent)
}
