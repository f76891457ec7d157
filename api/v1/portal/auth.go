package portal

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/member"
	"voordeur/internal/passkey"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) authRoutes(r web.Router) {
	r.POST("/portal/auth/login", web.Op{ID: "login", Need: authz.SignIn, Also: []authz.Permission{authz.PortalMe}, Access: web.Anyone, Rate: web.RateSignIn}, h.login)
	r.POST("/portal/auth/second-factor", web.Op{ID: "verifySecondFactor", Need: authz.SignIn, Also: []authz.Permission{authz.PortalMe}, Access: web.HalfSession, Rate: web.RateSignIn}, h.verifySecondFactor)
	r.POST("/portal/auth/codes", web.Op{ID: "requestLoginCode", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.requestLoginCode)
	r.POST("/portal/auth/codes/verification", web.Op{ID: "verifyLoginCode", Need: authz.SignIn, Also: []authz.Permission{authz.PortalMe}, Access: web.Anyone, Rate: web.RateSignIn}, h.verifyLoginCode)
	r.GET("/portal/auth/step-up", web.Op{ID: "getStepUp", Need: authz.SignIn, Access: web.AnyRole}, h.getStepUp)
	r.POST("/portal/auth/step-up/codes", web.Op{ID: "requestStepUpCode", Need: authz.SignIn, Access: web.AnyRole, Rate: web.RateSignIn}, h.requestStepUpCode)
	r.POST("/portal/auth/step-up", web.Op{ID: "stepUp", Need: authz.SignIn, Access: web.AnyRole, Rate: web.RateSignIn}, h.stepUp)
	r.POST("/portal/auth/logout", web.Op{ID: "logout", Need: authz.SignIn, Access: web.AnySession}, h.logout)
	r.POST("/portal/auth/password-reset", web.Op{ID: "requestPasswordReset", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.requestPasswordReset)
	r.POST("/portal/auth/password-links/inspection", web.Op{ID: "inspectPasswordLink", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.inspectPasswordLink)
	r.POST("/portal/auth/password-links/redemption", web.Op{ID: "redeemPasswordLink", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.redeemPasswordLink)
	r.POST("/portal/auth/password-links/renewal", web.Op{ID: "renewPasswordLink", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.renewPasswordLink)
}

// Login is the body of login.
type Login struct {
	Office   string `json:"office" validate:"required,max=40" example:"brugwachter"`
	Username string `json:"username" validate:"required,max=254"`
	Password string `json:"password" validate:"required,max=256" text:"exact"`
}

// LoginStatus says what the customer must do next.
type LoginStatus string

// The password was right; then nothing more is needed, or a code of the app, or a second step is set up first because the office
// wants one of everybody. After a code that went to an address of several people, one of their logins is chosen.
const (
	LoginAuthenticated LoginStatus = "authenticated"
	LoginSecondFactor  LoginStatus = "second_factor"
	LoginSetUp         LoginStatus = "second_factor_setup"
	LoginChoice        LoginStatus = "account_choice"
)

// LoginResult answers login.
type LoginResult struct {
	Status LoginStatus `json:"status" validate:"required"`
	// How the second step can be given, which may be a passkey: finishPasskeyLogin needs nothing before it.
	Ways []signin.Way `json:"ways,omitempty"`
	Me   *Me          `json:"me,omitempty"`
	// Accounts are the logins to choose from, with account_choice.
	Accounts []LoginAccount `json:"accounts,omitempty"`
}

// PasswordReset is the body of requestPasswordReset.
type PasswordReset struct {
	Office   string `json:"office" validate:"required,max=40"`
	Username string `json:"username" validate:"required,max=254"`
}

// LinkToken is the secret part of a link, which stands in the URL fragment and so reaches no log.
type LinkToken struct {
	Token string `json:"token" validate:"required,max=128"`
}

// PasswordLink is what a link to set a password is good for.
type PasswordLink struct {
	State        member.LinkValidity `json:"state" validate:"required"`
	Organisation LinkOrganisation    `json:"organisation" validate:"required"`
	FirstName    string              `json:"firstName" validate:"required"`
	Username     string              `json:"username" validate:"required"`
	Purpose      member.Purpose      `json:"purpose" validate:"required"`
	ExpiresAt    *time.Time          `json:"expiresAt,omitempty" format:"date-time"`
	MinLength    int                 `json:"minLength" validate:"required"` // of the password
}

// LinkOrganisation is the office that sent the link.
type LinkOrganisation struct {
	Slug string `json:"slug" validate:"required"`
	Name string `json:"name" validate:"required"`
}

// Redemption is the body of redeemPasswordLink.
type Redemption struct {
	Token    string `json:"token" validate:"required,max=128"`
	Password string `json:"password" validate:"required,max=256" text:"exact"`
}

// login opens a session for a customer (A1, A3): half of one, where a second step follows (B3).
//
//	@Summary	Sign in with username and password
//	@ID			login
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		Login	true	"Who signs in, and where"
//	@Success	200		{object}	LoginResult
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/login [post]
func (h *Handler) login(c echo.Context) error {
	var in Login
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, err := h.SignIn.MemberLogin(c.Request().Context(), signin.MemberLogin{Office: in.Office, Username: in.Username, Password: in.Password, Client: caller(c)})
	if err != nil {
		return err
	}
	return h.entered(c, s)
}

// entered gives the browser its session, and says what comes next.
func (h *Handler) entered(c echo.Context, s signin.Session) error {
	h.setSession(c, s)
	if s.Next != "" {
		return c.JSON(http.StatusOK, LoginResult{Status: LoginStatus(s.Next), Ways: s.Ways})
	}
	me, err := h.SignIn.MemberMe(s.Context(c.Request().Context()))
	if err != nil {
		return err
	}
	out := newMe(me)
	return c.JSON(http.StatusOK, LoginResult{Status: LoginAuthenticated, Me: &out})
}

// logout ends the session; the token is worthless from the next request on.
//
//	@Summary	Sign out
//	@ID			logout
//	@Tags		auth
//	@Security	Session
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/logout [post]
func (h *Handler) logout(c echo.Context) error {
	if _, err := h.SignIn.Logout(c.Request().Context()); err != nil {
		return err
	}
	web.ClearSession(c, web.PortalCookie)
	return c.NoContent(http.StatusNoContent)
}

// requestPasswordReset sends a link if the username exists; the answer is the same if it does not (A7).
//
//	@Summary	Ask for a link to choose a new password
//	@ID			requestPasswordReset
//	@Tags		auth
//	@Accept		json
//	@Param		body	body	PasswordReset	true	"Whose password"
//	@Success	202
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/password-reset [post]
func (h *Handler) requestPasswordReset(c echo.Context) error {
	var in PasswordReset
	if err := web.Body(c, &in); err != nil {
		return err
	}
	if err := h.SignIn.RequestReset(c.Request().Context(), in.Office, in.Username, caller(c)); err != nil {
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
//	@Router		/portal/auth/password-links/inspection [post]
func (h *Handler) inspectPasswordLink(c echo.Context) error {
	var in LinkToken
	if err := web.Body(c, &in); err != nil {
		return err
	}
	l, err := h.SignIn.InspectLink(c.Request().Context(), in.Token)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, PasswordLink{
		State: l.State, Organisation: LinkOrganisation{Slug: l.OfficeSlug, Name: l.OfficeName},
		FirstName: l.FirstName, Username: l.Username, Purpose: l.Purpose, ExpiresAt: l.ExpiresAt, MinLength: l.MinLength,
	})
}

// redeemPasswordLink sets the password that the customer chose, once, and ends every session (B2).
//
//	@Summary	Use a link: set the password
//	@ID			redeemPasswordLink
//	@Tags		auth
//	@Accept		json
//	@Param		body	body	Redemption	true	"The token and the password"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/password-links/redemption [post]
func (h *Handler) redeemPasswordLink(c echo.Context) error {
	var in Redemption
	if err := web.Body(c, &in); err != nil {
		return err
	}
	if err := h.SignIn.RedeemLink(c.Request().Context(), in.Token, in.Password); err != nil {
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
//	@Router		/portal/auth/password-links/renewal [post]
func (h *Handler) renewPasswordLink(c echo.Context) error {
	var in LinkToken
	if err := web.Body(c, &in); err != nil {
		return err
	}
	if err := h.SignIn.RenewLink(c.Request().Context(), in.Token); err != nil {
		return err
	}
	return c.NoContent(http.StatusAccepted)
}

// StepUpWays are what the customer has to prove it with, the best first: it may be none.
type StepUpWays struct {
	Ways []signin.Proving `json:"ways" validate:"required"`
}

// StepUp is the body of stepUp: one of these.
type StepUp struct {
	Password  string             `json:"password,omitempty" validate:"max=256" text:"exact"`
	Code      string             `json:"code,omitempty" validate:"max=12" example:"123456"`
	LoginCode string             `json:"loginCode,omitempty" validate:"max=20" example:"12345678"`
	Passkey   *web.PasskeyAnswer `json:"passkey,omitempty"`
}

// getStepUp tells what stepUp can be given by this customer: who logs in with a code that is sent has no password.
//
//	@Summary	What I can prove with who I am
//	@ID			getStepUp
//	@Tags		auth
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	StepUpWays
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/step-up [get]
func (h *Handler) getStepUp(c echo.Context) error {
	ways, err := h.SignIn.StepUpWays(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, StepUpWays{Ways: ways})
}

// requestStepUpCode sends a code for stepUp, as requestLoginCode does. It works in this session only.
//
//	@Summary	Ask for a code to prove with who I am
//	@ID			requestStepUpCode
//	@Tags		auth
//	@Produce	json
//	@Security	Session
//	@Success	202		{object}	LoginCodeSent
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/step-up/codes [post]
func (h *Handler) requestStepUpCode(c echo.Context) error {
	if err := h.SignIn.SendStepUpCode(c.Request().Context()); err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, codeSent)
}

// stepUp takes the password, a code or a passkey again, for what asks for it (step-up-required). It opens that for 15 minutes.
//
//	@Summary	Give the password, a code or a passkey again
//	@ID			stepUp
//	@Tags		auth
//	@Accept		json
//	@Security	Session
//	@Param		body	body	StepUp	true	"The password, a code of the authenticator app or of requestStepUpCode, or what startPasskeyStepUp asked for"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/step-up [post]
func (h *Handler) stepUp(c echo.Context) error {
	var in StepUp
	if err := web.Body(c, &in); err != nil {
		return err
	}
	proof := signin.Proof{Password: in.Password, Code: in.Code, LoginCode: strings.ReplaceAll(in.LoginCode, " ", "")}
	if in.Passkey != nil {
		proof.Passkey = &signin.Answer{Kept: web.Trip(c, web.PortalChallengeCookie), Signed: passkey.Signed(*in.Passkey)}
	}
	s, err := h.SignIn.StepUp(c.Request().Context(), proof)
	if err != nil {
		return err
	}
	web.SetSession(c, web.PortalCookie, s.Token, s.ExpiresAt)
	return c.NoContent(http.StatusNoContent)
}

// setSession gives the browser a session, and remembers the browser once that is a whole one.
func (h *Handler) setSession(c echo.Context, s signin.Session) {
	web.SetSession(c, web.PortalCookie, s.Token, s.ExpiresAt)
	if s.Device != "" {
		web.SetDevice(c, web.PortalDeviceCookie, s.Device, h.SignIn.Now())
	}
}

func caller(c echo.Context) signin.Client {
	return signin.Client{IP: c.RealIP(), UserAgent: c.Request().UserAgent(), Known: web.Device(c, web.PortalDeviceCookie)}
}
