package portal

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) factorRoutes(r web.Router) {
	also := []authz.Permission{authz.SignIn}
	r.GET("/portal/me/second-factor", web.Op{ID: "getSecondFactor", Need: authz.PortalMe}, h.getSecondFactor)
	r.POST("/portal/me/second-factor/setup", web.Op{ID: "startSecondFactor", Need: authz.SignIn, Access: web.AnySession, StepUp: true, Rate: web.RateSignIn}, h.startSecondFactor)
	r.POST("/portal/me/second-factor/confirmation", web.Op{
		ID: "confirmSecondFactor", Need: authz.SignIn, Also: []authz.Permission{authz.PortalMe}, Access: web.AnySession, Rate: web.RateSignIn,
	}, h.confirmSecondFactor)
	r.POST("/portal/me/second-factor/removal", web.Op{ID: "removeSecondFactor", Need: authz.PortalMe, Also: also, StepUp: true, Rate: web.RateSignIn}, h.removeSecondFactor)
	r.POST("/portal/me/second-factor/recovery-codes", web.Op{ID: "renewRecoveryCodes", Need: authz.PortalMe, Also: also, StepUp: true, Rate: web.RateSignIn}, h.renewRecoveryCodes)
	r.POST("/portal/me/second-factor/reset/stop", web.Op{ID: "stopMySecondFactorReset", Need: authz.PortalMe, Also: also}, h.stopMySecondFactorReset)
	r.POST("/portal/auth/second-factor-reset/stop", web.Op{ID: "stopSecondFactorReset", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.stopSecondFactorReset)
}

// SecondFactor is a code of the authenticator app, or a recovery code: one of the two.
type SecondFactor struct {
	Code         string `json:"code,omitempty" validate:"max=12" example:"123456"`
	RecoveryCode string `json:"recoveryCode,omitempty" validate:"max=64" example:"MFRG-GZDF-MZTW-Q2LK-NNWG-23TP"`
}

// AppCode is a code of the authenticator app.
type AppCode struct {
	Code string `json:"code" validate:"required,max=12" example:"123456"`
}

// FactorState is the second step of the customer's login (B3).
type FactorState struct {
	On            bool       `json:"on" validate:"required"`
	Since         *time.Time `json:"since,omitempty" format:"date-time"`
	RecoveryCodes int        `json:"recoveryCodes" validate:"required"` // how many are left
	Passkeys      int        `json:"passkeys" validate:"required"`      // how many open something: each is a second step by itself
	Mandatory     bool       `json:"mandatory" validate:"required"`     // the office asks it of everybody
	ResetDueAt    *time.Time `json:"resetDueAt,omitempty" format:"date-time"`
}

// FactorSetUp is what an authenticator app needs; it is shown once.
type FactorSetUp struct {
	Secret string `json:"secret" validate:"required" example:"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"`
	URI    string `json:"uri" validate:"required" example:"otpauth://totp/…"`
}

// RecoveryCodes are ten codes that work once each; they are shown once.
type RecoveryCodes struct {
	Codes []string `json:"codes" validate:"required"`
}

// verifySecondFactor turns the half session into a whole one, with a new token.
//
//	@Summary	Sign in, second step: a code of the app, or a recovery code
//	@ID			verifySecondFactor
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		SecondFactor	true	"The code"
//	@Success	200		{object}	Me
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/second-factor [post]
func (h *Handler) verifySecondFactor(c echo.Context) error {
	var in SecondFactor
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, err := h.SignIn.VerifyMemberFactor(c.Request().Context(), in.second(), caller(c))
	if err != nil {
		return err
	}
	h.setSession(c, s)
	me, err := h.SignIn.MemberMe(s.Context(c.Request().Context()))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newMe(me))
}

func (f SecondFactor) second() signin.Second {
	return signin.Second{Code: f.Code, Recovery: f.RecoveryCode}
}

// getSecondFactor tells whether the second step is on.
//
//	@Summary	Get my second step of login
//	@ID			getSecondFactor
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	FactorState
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/second-factor [get]
func (h *Handler) getSecondFactor(c echo.Context) error {
	f, err := h.SignIn.MyFactor(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, FactorState{On: f.Since != nil, Since: f.Since, RecoveryCodes: f.RecoveryCodes, Passkeys: f.Passkeys, Mandatory: f.Mandatory, ResetDueAt: f.ResetDueAt})
}

// startSecondFactor makes a new key for an authenticator app. It counts once a code of it came back. Where a second step is on
// already, a code of it, or a recovery code, is needed.
//
//	@Summary	Set up a second step of login: begin
//	@ID			startSecondFactor
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		SecondFactor	true	"Empty, or a code of the second step that is replaced"
//	@Success	200		{object}	FactorSetUp
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/second-factor/setup [post]
func (h *Handler) startSecondFactor(c echo.Context) error {
	var in SecondFactor
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, err := h.SignIn.StartFactor(c.Request().Context(), in.second())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, FactorSetUp(s))
}

// confirmSecondFactor switches on what was begun. Every other session of the customer ends; this one goes on under a new token.
//
//	@Summary	Set up a second step of login: a code of the app
//	@ID			confirmSecondFactor
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		AppCode	true	"A code of the app that was just set up"
//	@Success	200		{object}	RecoveryCodes
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/second-factor/confirmation [post]
func (h *Handler) confirmSecondFactor(c echo.Context) error {
	var in AppCode
	if err := web.Body(c, &in); err != nil {
		return err
	}
	out, err := h.SignIn.ConfirmFactor(c.Request().Context(), in.Code, caller(c))
	if err != nil {
		return err
	}
	h.setSession(c, out.Session)
	return c.JSON(http.StatusOK, RecoveryCodes{Codes: out.RecoveryCodes})
}

// removeSecondFactor switches the second step off. Every other session of the customer ends; this one goes on under a new token.
//
//	@Summary	Switch my second step of login off
//	@ID			removeSecondFactor
//	@Tags		me
//	@Accept		json
//	@Security	Session
//	@Param		body	body	SecondFactor	true	"A code of the app, or a recovery code"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/second-factor/removal [post]
func (h *Handler) removeSecondFactor(c echo.Context) error {
	var in SecondFactor
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, err := h.SignIn.RemoveFactor(c.Request().Context(), in.second(), caller(c))
	if err != nil {
		return err
	}
	h.setSession(c, s)
	return c.NoContent(http.StatusNoContent)
}

// renewRecoveryCodes gives ten new recovery codes; the old ones are worth nothing from then on.
//
//	@Summary	Get new recovery codes
//	@ID			renewRecoveryCodes
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		AppCode	true	"A code of the app"
//	@Success	200		{object}	RecoveryCodes
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/second-factor/recovery-codes [post]
func (h *Handler) renewRecoveryCodes(c echo.Context) error {
	var in AppCode
	if err := web.Body(c, &in); err != nil {
		return err
	}
	codes, err := h.SignIn.RenewRecoveryCodes(c.Request().Context(), in.Code, caller(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, RecoveryCodes{Codes: codes})
}

// stopMySecondFactorReset keeps the second step, which the office had begun to take away.
//
//	@Summary	Keep my second step of login
//	@ID			stopMySecondFactorReset
//	@Tags		me
//	@Security	Session
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/second-factor/reset/stop [post]
func (h *Handler) stopMySecondFactorReset(c echo.Context) error {
	if err := h.SignIn.StopMyReset(c.Request().Context()); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// stopSecondFactorReset does the same with the link of the mail, without signing in.
//
//	@Summary	Keep a second step of login: the link of the mail
//	@ID			stopSecondFactorReset
//	@Tags		auth
//	@Accept		json
//	@Param		body	body	LinkToken	true	"The token of the link"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/second-factor-reset/stop [post]
func (h *Handler) stopSecondFactorReset(c echo.Context) error {
	var in LinkToken
	if err := web.Body(c, &in); err != nil {
		return err
	}
	if err := h.SignIn.StopResetByLink(c.Request().Context(), in.Token); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
