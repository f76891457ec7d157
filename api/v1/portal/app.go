package portal

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/apiclient"
	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) appRoutes(r web.Router) {
	r.GET("/portal/me/apps", web.Op{ID: "listMyApps", Need: authz.PortalMe}, h.listMyApps)
	r.DELETE("/portal/me/apps/:appId", web.Op{ID: "withdrawMyApp", Need: authz.PortalMe}, h.withdrawMyApp)
	r.GET("/portal/me/app-request", web.Op{ID: "getAppRequest", Need: authz.PortalMe}, h.getAppRequest)
	r.POST("/portal/me/app-request/decision", web.Op{ID: "decideAppRequest", Need: authz.PortalMe, MayStepUp: true}, h.decideAppRequest)
}

// MyApp is an app that the customer let in.
type MyApp struct {
	ID         uuid.UUID  `json:"id" format:"uuid" validate:"required"`
	Name       string     `json:"name" validate:"required"`
	Scopes     []string   `json:"scopes" validate:"required" example:"portal.dossiers:read"`
	Since      time.Time  `json:"since" format:"date-time" validate:"required"`
	LastUsedAt *time.Time `json:"lastUsedAt,omitempty" format:"date-time"`
}

// AppRequest is what an app asks: the parameters with which it sent the customer here.
type AppRequest struct {
	ClientID     string `json:"clientIdentifier" query:"client_id" validate:"max=100"`
	ResponseType string `json:"responseType" query:"response_type" validate:"max=100"`
	RedirectURI  string `json:"redirectUri" query:"redirect_uri" validate:"max=1500" text:"exact"`
	Scope        string `json:"scope" query:"scope" validate:"max=1000"`
	State        string `json:"state" query:"state" validate:"max=1500" text:"exact"`
	Challenge    string `json:"codeChallenge" query:"code_challenge" validate:"max=200"`
	Method       string `json:"codeChallengeMethod" query:"code_challenge_method" validate:"max=20"`
	Resource     string `json:"resource" query:"resource" validate:"max=300"`
}

// AppQuestion is what the customer is asked. Where there is a redirectUrl there is nothing to ask: the app made a mistake, and hears of it there.
type AppQuestion struct {
	Name        string   `json:"name" validate:"required" example:"Huishoudboekje"`
	Scopes      []string `json:"scopes" validate:"required" example:"portal.dossiers:read"`
	RedirectURL string   `json:"redirectUrl,omitempty"`
}

// AppDecision is the body of decideAppRequest.
type AppDecision struct {
	Request AppRequest `json:"request" validate:"required"`
	Allow   bool       `json:"allow"`
}

// AppAnswer says where the customer goes now.
type AppAnswer struct {
	RedirectURL string `json:"redirectUrl" validate:"required"`
}

func (r AppRequest) request() apiclient.Request {
	return apiclient.Request{
		Client: r.ClientID, ResponseType: r.ResponseType, RedirectURI: r.RedirectURI, Scope: r.Scope, State: r.State, Challenge: r.Challenge, Method: r.Method, Resource: r.Resource,
	}
}

// listMyApps returns the apps that the customer let in, the newest first.
//
//	@Summary	Apps that I let in
//	@ID			listMyApps
//	@Tags		apps
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	web.Page[MyApp]
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/apps [get]
func (h *Handler) listMyApps(c echo.Context) error {
	all, err := h.ApiClients.MyApps(c.Request().Context())
	if err != nil {
		return err
	}
	page := web.Page[MyApp]{Items: make([]MyApp, len(all))}
	for i, a := range all {
		page.Items[i] = MyApp{ID: a.Client, Name: a.Name, Scopes: a.Scopes, Since: a.Since, LastUsedAt: a.LastUsedAt}
	}
	return c.JSON(http.StatusOK, page)
}

// withdrawMyApp takes back what the customer allowed an app. It is out at its next request.
//
//	@Summary	Shut an app out
//	@ID			withdrawMyApp
//	@Tags		apps
//	@Security	Session
//	@Param		appId	path	string	true	"App"	format(uuid)
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/apps/{appId} [delete]
func (h *Handler) withdrawMyApp(c echo.Context) error {
	id, err := web.ID(c, "appId")
	if err != nil {
		return err
	}
	if err := h.ApiClients.Withdraw(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// getAppRequest says what an app asks of the customer who is signed in.
//
//	@Summary	What an app asks of me
//	@ID			getAppRequest
//	@Tags		apps
//	@Produce	json
//	@Security	Session
//	@Param		client_id				query		string	true	"The app"
//	@Param		response_type			query		string	false	"code"
//	@Param		redirect_uri			query		string	false	"Where the customer goes back to"
//	@Param		scope					query		string	false	"What it asks for"
//	@Param		state					query		string	false	"Comes back as it is"
//	@Param		code_challenge			query		string	false	"PKCE"
//	@Param		code_challenge_method	query		string	false	"S256"
//	@Param		resource				query		string	false	"What the token is for"
//	@Success	200						{object}	AppQuestion
//	@Failure	default					{object}	web.Problem
//	@Router		/portal/me/app-request [get]
func (h *Handler) getAppRequest(c echo.Context) error {
	var in AppRequest
	if err := web.Query(c, &in); err != nil {
		return err
	}
	asked, err := h.ApiClients.Inspect(c.Request().Context(), in.request())
	if err != nil {
		return err
	}
	out := AppQuestion{Name: asked.Name, Scopes: asked.Scopes, RedirectURL: asked.Redirect}
	if out.Scopes == nil {
		out.Scopes = []string{}
	}
	return c.JSON(http.StatusOK, out)
}

// decideAppRequest takes the customer's answer to an app. Allowing takes a password or code of a moment ago (step-up-required); refusing does not.
//
//	@Summary	Let an app in, or refuse it
//	@ID			decideAppRequest
//	@Tags		apps
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body	body		AppDecision	true	"What was asked, and the answer"
//	@Success	200		{object}	AppAnswer
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/app-request/decision [post]
func (h *Handler) decideAppRequest(c echo.Context) error {
	var in AppDecision
	if err := web.Body(c, &in); err != nil {
		return err
	}
	to, err := h.ApiClients.Decide(c.Request().Context(), in.Request.request(), in.Allow)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, AppAnswer{RedirectURL: to})
}
