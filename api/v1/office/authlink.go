package office

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/member"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) authLinkRoutes(r web.Router) {
	r.POST("/auth/enrolment", web.Op{ID: "startEnrolment", Need: authz.SignIn, Access: web.HalfSession, Rate: web.RateSignIn}, h.startEnrolment)
	r.POST("/auth/enrolment/confirmation", web.Op{ID: "confirmEnrolment", Need: authz.SignIn, Access: web.HalfSession, Rate: web.RateSignIn}, h.confirmEnrolment)
	r.POST("/auth/password-reset", web.Op{ID: "requestPasswordReset", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.requestPasswordReset)
	r.POST("/auth/password-links/inspection", web.Op{ID: "inspectPasswordLink", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.inspectPasswordLink)
	r.POST("/auth/password-links/redemption", web.Op{ID: "redeemPasswordLink", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.redeemPasswordLink)
	r.POST("/auth/password-links/renewal", web.Op{ID: "renewPasswordLink", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.renewPasswordLink)
}

// Enrolment is what an authenticator app needs to know. The browser draws the QR code itself.
type Enrolment struct {
	Secret string `json:"secret" validate:"required"`
	URI    string `json:"uri" validate:"required"`
}

// Enrolled answers confirmEnrolment: the recovery codes, which are never shown again.
type Enrolled struct {
	RecoveryCodes []string `json:"recoveryCodes" validate:"required"`
}

// PasswordReset is the body of requestPasswordReset.
type PasswordReset struct {
	Email string `json:"email" validate:"required,max=254"`
}

// LinkToken is the secret part of a link, which stands in the URL fragment and so reaches no log.
type LinkToken struct {
	Token string `json:"token" validate:"required,max=128"`
}

// PasswordLink is what a link to set a password is good for.
type PasswordLink struct {
	State     member.LinkValidity `json:"state" validate:"required"`
	Office    string              `json:"office" validate:"required"`
	FirstName string              `json:"firstName" validate:"required"`
	Email     string              `json:"email" validate:"required"`
	Purpose   member.Purpose      `json:"purpose" validate:"required"`
	ExpiresAt *time.Time          `json:"expiresAt,omitempty" format:"date-time"`
	MinLength int                 `json:"minLength" validate:"required"`
}

// Redemption is the body of redeemPasswordLink.
type Redemption struct {
	Token    string `json:"token" validate:"required,max=128"`
	Password string `json:"password" validate:"required,max=256" text:"exact"`
}

// startEnrolment makes a new key for the authenticator app of an employee who has none.
//
//	@Summary	Begin to enrol the second factor
//	@ID			startEnrolment
//	@Tags		auth
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	Enrolment
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/enrolment [post]
func (h *Handler) startEnrolment(c echo.Context) error {
	e, err := h.SignIn.StartEnrolment(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, Enrolment(e))
}

// confirmEnrolment makes the key count and turns the half session into a whole one, with a new token.
//
//	@Summary	Enrol the second factor with a code of the app
//	@ID			confirmEnrolment
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		SecondFactor	true	"The code"
//	@Success	200		{object}	Enrolled
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/enrolment/confirmation [post]
func (h *Handler) confirmEnrolment(c echo.Context) error {
	var in SecondFactor
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, codes, err := h.SignIn.ConfirmEnrolment(c.Request().Context(), in.Code, caller(c))
	if err != nil {
		return err
	}
	h.enter(c, s)
	return c.JSON(http.StatusOK, Enrolled{RecoveryCodes: codes})
}

// requestPasswordReset sends a link if the address is that of an employee; the answer is the same if it is not.
//
//	@Summary	Ask for a link to choose a new password
//	@ID			requestPasswordReset
//	@Tags		auth
//	@Accept		json
//	@Param		body	body	PasswordReset	true	"Whose password"
//	@Success	202
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/password-reset [post]
func (h *Handler) requestPasswordReset(c echo.Context) error {
	var in PasswordReset
	if err := web.Body(c, &in); err != nil {
		return err
	}
	if err := h.SignIn.RequestEmployeeReset(c.Request().Context(), in.Email, caller(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusAccepted)
}

// inspectPasswordLink tells what a link is good for. It never uses it up (F10).
//
//	@Summary	Look at a link to set a password
//	@ID			inspectPasswordLink
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		LinkToken	true	"The token of the link"
//	@Success	200		{object}	PasswordLink
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/password-links/inspection [post]
func (h *Handler) inspectPasswordLink(c echo.Context) error {
	var in LinkToken
	if err := web.Body(c, &in); err != nil {
		return err
	}
	l, err := h.SignIn.InspectEmployeeLink(c.Request().Context(), in.Token)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, PasswordLink{
		State: l.State, Office: l.OfficeName, FirstName: l.FirstName, Email: l.Username, Purpose: l.Purpose, ExpiresAt: l.ExpiresAt,
		MinLength: signin.MinPasswordSecondFactor,
	})
}

// redeemPasswordLink sets the password that the employee chose, once, and ends every session. It opens none.
//
//	@Summary	Use a link: set the password
//	@ID			redeemPasswordLink
//	@Tags		auth
//	@Accept		json
//	@Param		body	body	Redemption	true	"The token and the password"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/password-links/redemption [post]
func (h *Handler) redeemPasswordLink(c echo.Context) error {
	var in Redemption
	if err := web.Body(c, &in); err != nil {
		return err
	}
	if err := h.SignIn.RedeemEmployeeLink(c.Request().Context(), in.Token, in.Password); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// renewPasswordLink sends a new link to the address the old one went to; the answer is always the same.
//
//	@Summary	Ask for a new link in place of an expired one
//	@ID			renewPasswordLink
//	@Tags		auth
//	@Accept		json
//	@Param		body	body	LinkToken	true	"The token of the old link"
//	@Success	202
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/password-links/renewal [post]
func (h *Handler) renewPasswordLink(c echo.Context) error {
	var in LinkToken
	if err := web.Body(c, &in); err != nil {
		return err
	}
	if err := h.SignIn.RenewEmployeeLink(c.Request().Context(), in.Token); err != nil {
		return err
	}
	return c.NoContent(http.StatusAccepted)
}

// enter gives the browser a whole session, and remembers the browser.
func (h *Handler) enter(c echo.Context, s signin.Session) {
	web.SetSession(c, web.OfficeCookie, s.Token, s.ExpiresAt)
	web.SetDevice(c, web.OfficeDeviceCookie, s.Device, h.SignIn.Now())
}
