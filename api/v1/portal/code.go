package portal

import (
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/signin"
	"voordeur/internal/web"
)

// LoginCodeRequest is the body of requestLoginCode.
type LoginCodeRequest struct {
	Office   string `json:"office" validate:"required,max=40" example:"brugwachter"`
	Username string `json:"username" validate:"required,max=254"` // or an e-mail address
}

// LoginCodeSent answers requestLoginCode, with the same words whether anybody has the name.
type LoginCodeSent struct {
	Digits           int `json:"digits" validate:"required" example:"8"`
	ExpiresInSeconds int `json:"expiresInSeconds" validate:"required" example:"600"`
}

var codeSent = LoginCodeSent{Digits: signin.CodeDigits, ExpiresInSeconds: int(signin.CodeLife.Seconds())}

// LoginCode is the body of verifyLoginCode: the code or, where the answer to it was account_choice, the login that was chosen.
type LoginCode struct {
	Office    string     `json:"office" validate:"required,max=40" example:"brugwachter"`
	Code      string     `json:"code,omitempty" validate:"max=20" example:"12345678"`
	AccountID *uuid.UUID `json:"accountId,omitempty" format:"uuid"`
}

// LoginAccount is one of several logins that share an e-mail address.
type LoginAccount struct {
	ID         uuid.UUID `json:"id" format:"uuid" validate:"required"`
	Name       string    `json:"name" validate:"required"`
	Username   string    `json:"username" validate:"required"`
	ClientName string    `json:"clientName" validate:"required"`
}

// requestLoginCode sends a code by text message or mail if anybody has the name; the answer is the same if nobody has (D3). The
// code works in the browser that asked for it.
//
//	@Summary	Ask for a code to sign in with
//	@ID			requestLoginCode
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		LoginCodeRequest	true	"Who signs in, and where"
//	@Success	202		{object}	LoginCodeSent
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/codes [post]
func (h *Handler) requestLoginCode(c echo.Context) error {
	var in LoginCodeRequest
	if err := web.Body(c, &in); err != nil {
		return err
	}
	ch, err := h.SignIn.RequestCode(c.Request().Context(), signin.CodeRequest{
		Office: in.Office, Name: in.Username, Before: web.Trip(c, web.PortalCodeCookie), Client: caller(c),
	})
	if err != nil {
		return err
	}
	web.SetTrip(c, web.PortalCodeCookie, ch.Token, signin.CodeLife)
	return c.JSON(http.StatusAccepted, codeSent)
}

// verifyLoginCode opens a session for who gives the code, half of one where a second step follows (B3).
//
//	@Summary	Sign in with a code
//	@ID			verifyLoginCode
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		LoginCode	true	"The code, or the login that was chosen after it"
//	@Success	200		{object}	LoginResult
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/auth/codes/verification [post]
func (h *Handler) verifyLoginCode(c echo.Context) error {
	var in LoginCode
	if err := web.Body(c, &in); err != nil {
		return err
	}
	proof := signin.CodeProof{Office: in.Office, Token: web.Trip(c, web.PortalCodeCookie), Code: strings.ReplaceAll(in.Code, " ", ""), Client: caller(c)}
	if in.AccountID != nil {
		proof.Account = *in.AccountID
	}
	e, err := h.SignIn.VerifyCode(c.Request().Context(), proof)
	if err != nil {
		return err
	}
	if e.Session.Token == "" {
		out := LoginResult{Status: LoginChoice, Accounts: []LoginAccount{}}
		for _, a := range e.Accounts {
			out.Accounts = append(out.Accounts, LoginAccount(a))
		}
		return c.JSON(http.StatusOK, out)
	}
	web.SetTrip(c, web.PortalCodeCookie, "", 0)
	return h.entered(c, e.Session)
}
