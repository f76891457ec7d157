package office

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) accountRoutes(r web.Router) {
	also := []authz.Permission{authz.SignIn}
	r.GET("/me/account", web.Op{ID: "getMyAccount", Need: authz.EmployeeRead, PersonOnly: true}, h.getMyAccount)
	r.GET("/me/sessions", web.Op{ID: "listMySessions", Need: authz.EmployeeRead, PersonOnly: true}, h.listMySessions)
	r.DELETE("/me/sessions", web.Op{ID: "endOtherSessions", Need: authz.EmployeeRead, PersonOnly: true}, h.endOtherSessions)
	r.DELETE("/me/sessions/:sessionId", web.Op{ID: "endMySession", Need: authz.EmployeeRead, PersonOnly: true}, h.endMySession)
	r.POST("/me/password", web.Op{
		ID: "changeMyPassword", Need: authz.EmployeeRead, Also: also, PersonOnly: true, Rate: web.RateSignIn,
	}, h.changeMyPassword)
	r.POST("/me/second-factor/setup", web.Op{
		ID: "startMySecondFactor", Need: authz.EmployeeRead, Also: also, PersonOnly: true, StepUp: true, Rate: web.RateSignIn,
	}, h.startMySecondFactor)
	r.POST("/me/second-factor/confirmation", web.Op{
		ID: "confirmMySecondFactor", Need: authz.EmployeeRead, Also: also, PersonOnly: true, StepUp: true, Rate: web.RateSignIn,
	}, h.confirmMySecondFactor)
	r.POST("/me/second-factor/recovery-codes", web.Op{
		ID: "renewMyRecoveryCodes", Need: authz.EmployeeRead, Also: also, PersonOnly: true, StepUp: true, Rate: web.RateSignIn,
	}, h.renewMyRecoveryCodes)
}

// MyAccount is how I sign in.
type MyAccount struct {
	HasPassword   bool       `json:"hasPassword" validate:"required"`
	PasswordSetAt *time.Time `json:"passwordSetAt,omitempty" format:"date-time"`
	MinLength     int        `json:"minLength" validate:"required"`     // of a password
	SecondFactor  bool       `json:"secondFactor" validate:"required"`  // an authenticator app
	RecoveryCodes int        `json:"recoveryCodes" validate:"required"` // how many are left
	Linked        bool       `json:"linked" validate:"required"`        // linked to the account of the office
}

// OpenSession is one place where I am signed in.
type OpenSession struct {
	ID         uuid.UUID `json:"id" format:"uuid" validate:"required"`
	Device     string    `json:"device" validate:"required" example:"Safari, iPhone"` // empty: unknown
	CreatedAt  time.Time `json:"createdAt" format:"date-time" validate:"required"`
	LastSeenAt time.Time `json:"lastSeenAt" format:"date-time" validate:"required"`
	This       bool      `json:"this" validate:"required"`
}

// PasswordChange is the body of changeMyPassword.
type PasswordChange struct {
	CurrentPassword string `json:"currentPassword" validate:"required,max=256" text:"exact"`
	NewPassword     string `json:"newPassword" validate:"required,max=256" text:"exact"`
}

// FactorStart is the body of startMySecondFactor: six digits of the app that is coupled now, or a recovery code.
type FactorStart struct {
	Code string `json:"code,omitempty" validate:"max=64" example:"123456"`
}

// getMyAccount tells how I sign in.
//
//	@Summary	How do I sign in
//	@ID			getMyAccount
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	MyAccount
//	@Failure	default	{object}	web.Problem
//	@Router		/me/account [get]
func (h *Handler) getMyAccount(c echo.Context) error {
	a, err := h.SignIn.MyAccount(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, MyAccount{
		HasPassword: a.HasPassword, PasswordSetAt: a.PasswordSetAt, MinLength: signin.MinPasswordSecondFactor,
		SecondFactor: a.SecondFactor, RecoveryCodes: a.RecoveryCodes, Linked: a.Linked,
	})
}

// listMySessions tells where I am signed in, the newest visit first.
//
//	@Summary	Where am I signed in
//	@ID			listMySessions
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	web.Page[OpenSession]
//	@Failure	default	{object}	web.Problem
//	@Router		/me/sessions [get]
func (h *Handler) listMySessions(c echo.Context) error {
	all, err := h.SignIn.MySessions(c.Request().Context())
	if err != nil {
		return err
	}
	out := make([]OpenSession, len(all))
	for i, s := range all {
		out[i] = OpenSession(s)
	}
	return c.JSON(http.StatusOK, web.Page[OpenSession]{Items: out})
}

// endOtherSessions ends every session of mine but this one; the next request of each is refused.
//
//	@Summary	Sign out everywhere else
//	@ID			endOtherSessions
//	@Tags		me
//	@Security	Session
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/me/sessions [delete]
func (h *Handler) endOtherSessions(c echo.Context) error {
	if err := h.SignIn.EndOtherSessions(c.Request().Context()); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// endMySession ends one session of mine.
//
//	@Summary	Sign out in one place
//	@ID			endMySession
//	@Tags		me
//	@Security	Session
//	@Param		sessionId	path	string	true	"Session"	format(uuid)
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/me/sessions/{sessionId} [delete]
func (h *Handler) endMySession(c echo.Context) error {
	id, err := web.ID(c, "sessionId")
	if err != nil {
		return err
	}
	if err := h.SignIn.EndMySession(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// changeMyPassword replaces the password; every other session of mine ends.
//
//	@Summary	Change my password
//	@ID			changeMyPassword
//	@Tags		me
//	@Accept		json
//	@Security	Session
//	@Param		body	body	PasswordChange	true	"The password now, and the new one"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/me/password [post]
func (h *Handler) changeMyPassword(c echo.Context) error {
	var in PasswordChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, err := h.SignIn.ChangePassword(c.Request().Context(), in.CurrentPassword, in.NewPassword, caller(c))
	if err != nil {
		return err
	}
	web.SetSession(c, web.OfficeCookie, s.Token, s.ExpiresAt)
	return c.NoContent(http.StatusNoContent)
}

// startMySecondFactor makes a new key for my authenticator app. It counts once confirmMySecondFactor has seen a code of it.
//
//	@Summary	Begin to replace the second factor
//	@ID			startMySecondFactor
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		FactorStart	true	"A code of the app now"
//	@Success	200		{object}	Enrolment
//	@Failure	default	{object}	web.Problem
//	@Router		/me/second-factor/setup [post]
func (h *Handler) startMySecondFactor(c echo.Context) error {
	var in FactorStart
	if err := web.Body(c, &in); err != nil {
		return err
	}
	e, err := h.SignIn.StartMyFactor(c.Request().Context(), in.Code)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, Enrolment(e))
}

// confirmMySecondFactor makes the new key count; every other session of mine ends, and there are new recovery codes.
//
//	@Summary	Replace the second factor with a code of the new app
//	@ID			confirmMySecondFactor
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		SecondFactor	true	"The code"
//	@Success	200		{object}	Enrolled
//	@Failure	default	{object}	web.Problem
//	@Router		/me/second-factor/confirmation [post]
func (h *Handler) confirmMySecondFactor(c echo.Context) error {
	var in SecondFactor
	if err := web.Body(c, &in); err != nil {
		return err
	}
	out, err := h.SignIn.ConfirmMyFactor(c.Request().Context(), in.Code, caller(c))
	if err != nil {
		return err
	}
	web.SetSession(c, web.OfficeCookie, out.Session.Token, out.Session.ExpiresAt)
	return c.JSON(http.StatusOK, Enrolled{RecoveryCodes: out.RecoveryCodes})
}

// renewMyRecoveryCodes replaces my recovery codes.
//
//	@Summary	Make new recovery codes
//	@ID			renewMyRecoveryCodes
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		SecondFactor	true	"A code of the app"
//	@Success	200		{object}	Enrolled
//	@Failure	default	{object}	web.Problem
//	@Router		/me/second-factor/recovery-codes [post]
func (h *Handler) renewMyRecoveryCodes(c echo.Context) error {
	var in SecondFactor
	if err := web.Body(c, &in); err != nil {
		return err
	}
	codes, err := h.SignIn.RenewMyCodes(c.Request().Context(), in.Code, caller(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, Enrolled{RecoveryCodes: codes})
}
