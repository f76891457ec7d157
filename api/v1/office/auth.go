package office

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/passkey"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) authRoutes(r web.Router) {
	r.POST("/auth/login", web.Op{ID: "login", Need: authz.SignIn, Access: web.Anyone, Rate: web.RateSignIn}, h.login)
	r.POST("/auth/second-factor", web.Op{ID: "verifySecondFactor", Need: authz.SignIn, Also: []authz.Permission{authz.EmployeeRead}, Access: web.HalfSession, Rate: web.RateSignIn}, h.verifySecondFactor)
	r.POST("/auth/step-up", web.Op{ID: "stepUp", Need: authz.SignIn, Access: web.AnyRole, Rate: web.RateSignIn}, h.stepUp)
	r.POST("/auth/logout", web.Op{ID: "logout", Need: authz.SignIn, Access: web.AnySession}, h.logout)
}

// Login is the body of login.
type Login struct {
	Email    string `json:"email" validate:"required,max=254" example:"sanne@brugwachter.example"`
	Password string `json:"password" validate:"required,max=256" text:"exact"`
}

// LoginStatus says what an employee must do next.
type LoginStatus string

// The password was right; it alone never opens the office. Who has no second factor yet enrols one before anything else.
const (
	LoginSecondFactor LoginStatus = "second_factor"
	LoginEnrolment    LoginStatus = "enrolment"
)

// LoginResult answers login.
type LoginResult struct {
	Status LoginStatus `json:"status" validate:"required"`
	// How the second step can be given, which may be a passkey: finishPasskeyLogin needs nothing before it.
	Ways []signin.Way `json:"ways,omitempty"`
}

// SecondFactor is the body of verifySecondFactor.
type SecondFactor struct {
	// Six digits of the app, or a recovery code.
	Code string `json:"code" validate:"required,max=64" example:"123456"`
}

// login checks the password of an employee and opens a half session, good for the second factor only.
//
//	@Summary	Sign in, first step: the password
//	@ID			login
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		Login	true	"Who signs in"
//	@Success	200		{object}	LoginResult
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/login [post]
func (h *Handler) login(c echo.Context) error {
	var in Login
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, err := h.SignIn.EmployeeLogin(c.Request().Context(), signin.EmployeeLogin{
		Email: in.Email, Password: in.Password, Client: caller(c),
	})
	if err != nil {
		return err
	}
	web.SetSession(c, web.OfficeCookie, s.Token, s.ExpiresAt)
	if s.Enrol {
		return c.JSON(http.StatusOK, LoginResult{Status: LoginEnrolment})
	}
	return c.JSON(http.StatusOK, LoginResult{Status: LoginSecondFactor, Ways: s.Ways})
}

// verifySecondFactor turns the half session into a whole one, with a new token.
//
//	@Summary	Sign in, second step: the code of the authenticator app
//	@ID			verifySecondFactor
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		SecondFactor	true	"The code"
//	@Success	200		{object}	Me
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/second-factor [post]
func (h *Handler) verifySecondFactor(c echo.Context) error {
	var in SecondFactor
	if err := web.Body(c, &in); err != nil {
		return err
	}
	s, err := h.SignIn.VerifySecondFactor(c.Request().Context(), in.Code, caller(c))
	if err != nil {
		return err
	}
	h.enter(c, s)
	me, err := h.Employees.Me(s.Context(c.Request().Context()))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newMe(me))
}

// SignedOut answers logout.
type SignedOut struct {
	// Where the browser goes to sign out at the provider of the office too; absent without single sign-on.
	ProviderURL string `json:"providerUrl,omitempty"`
}

// logout ends the session; the token is worthless from the next request on. Of one that came by single sign-on the session at the provider
// is still there: the answer says where it is ended.
//
//	@Summary	Sign out
//	@ID			logout
//	@Tags		auth
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	SignedOut
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/logout [post]
func (h *Handler) logout(c echo.Context) error {
	to, err := h.SignIn.Logout(c.Request().Context())
	if err != nil {
		return err
	}
	web.ClearSession(c, web.OfficeCookie)
	return c.JSON(http.StatusOK, SignedOut{ProviderURL: to})
}

// StepUp is the body of stepUp: one of the three.
type StepUp struct {
	Password string             `json:"password,omitempty" validate:"max=256" text:"exact"`
	Code     string             `json:"code,omitempty" validate:"max=12" example:"123456"`
	Passkey  *web.PasskeyAnswer `json:"passkey,omitempty"`
}

// stepUp takes the password, a code or a passkey again, for what asks for it (step-up-required). It opens that for 15 minutes.
//
//	@Summary	Give the password, a code or a passkey again
//	@ID			stepUp
//	@Tags		auth
//	@Accept		json
//	@Security	Session
//	@Param		body	body	StepUp	true	"The password, a code of the authenticator app, or what startPasskeyStepUp asked for"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/auth/step-up [post]
func (h *Handler) stepUp(c echo.Context) error {
	var in StepUp
	if err := web.Body(c, &in); err != nil {
		return err
	}
	proof := signin.Proof{Password: in.Password, Code: in.Code}
	if in.Passkey != nil {
		proof.Passkey = &signin.Answer{Kept: web.Trip(c, web.OfficeChallengeCookie), Signed: passkey.Signed(*in.Passkey)}
	}
	s, err := h.SignIn.StepUp(c.Request().Context(), proof)
	if err != nil {
		return err
	}
	web.SetSession(c, web.OfficeCookie, s.Token, s.ExpiresAt)
	return c.NoContent(http.StatusNoContent)
}

func caller(c echo.Context) signin.Client {
	return signin.Client{IP: c.RealIP(), UserAgent: c.Request().UserAgent(), Known: web.Device(c, web.OfficeDeviceCookie)}
}
