package public

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"voordeur/internal/apiclient"
	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) oauthRoutes(r web.Router) {
	r.GET("/oauth/authorize", web.Op{ID: "authorize", Access: web.Anyone, Rate: web.RateToken}, h.authorize)
	r.POST("/oauth/revoke", web.Op{ID: "revokeToken", Access: web.Anyone, Rate: web.RateToken, Raw: true, Body: 16 << 10}, h.revokeToken)
	r.POST("/oauth/token", web.Op{ID: "createToken", Access: web.Anyone, Rate: web.RateToken, Raw: true, Body: 16 << 10}, h.createToken)
}

// OAuthToken is what a program gets for what it showed (RFC 6749, section 5.1). The names are those of the standard.
type OAuthToken struct {
	AccessToken  string `json:"access_token" validate:"required"`
	TokenType    string `json:"token_type" validate:"required" example:"Bearer"`
	ExpiresIn    int    `json:"expires_in" validate:"required" example:"600"`
	Scope        string `json:"scope" validate:"required" example:"dossiers:read documents:read"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

// OAuthError says what a program did wrong (RFC 6749, section 5.2). Only the endpoints of that standard answer so, because the
// libraries of programs read nothing else; whatever is not about the standard (too many requests, a body that is too large) is a
// problem document here too.
type OAuthError struct {
	Error       string `json:"error" validate:"required" example:"invalid_client"`
	Description string `json:"error_description,omitempty"`
}

// createToken gives a program an access token of ten minutes. The program says who it is with HTTP Basic, or with client_id and
// client_secret in the body.
//
//	@Summary	Get an access token (OAuth 2)
//	@ID			createToken
//	@Tags		oauth
//	@Accept		x-www-form-urlencoded
//	@Produce	json
//	@Param		grant_type		formData	string	true	"What is shown"	Enums(client_credentials, authorization_code, refresh_token)
//	@Param		client_id		formData	string	false	"Where not sent with HTTP Basic"
//	@Param		client_secret	formData	string	false	"Where not sent with HTTP Basic"
//	@Param		scope			formData	string	false	"Fewer than the client has, with spaces between them"
//	@Param		resource		formData	string	false	"What the token is for (RFC 8707)"
//	@Param		code			formData	string	false	"With authorization_code"
//	@Param		redirect_uri	formData	string	false	"With authorization_code: the one that the code came by"
//	@Param		code_verifier	formData	string	false	"With authorization_code (PKCE)"
//	@Param		refresh_token	formData	string	false	"With refresh_token; the answer has the next one"
//	@Success	200				{object}	OAuthToken
//	@Failure	400				{object}	OAuthError
//	@Failure	401				{object}	OAuthError
//	@Failure	default			{object}	web.Problem
//	@Router		/oauth/token [post]
func (h *Handler) createToken(c echo.Context) error {
	form, id, secret, err := credentials(c)
	if err != nil {
		return refusal(c, err)
	}
	t, err := h.ApiClients.Token(c.Request().Context(), apiclient.Ask{
		Client: id, Secret: secret, Grant: form.Get("grant_type"), Scope: form.Get("scope"), Resource: form.Get("resource"), Address: c.RealIP(),
		Code: form.Get("code"), RedirectURI: form.Get("redirect_uri"), Verifier: form.Get("code_verifier"), Refresh: form.Get("refresh_token"),
	})
	if err != nil {
		return refusal(c, err)
	}
	c.Response().Header().Set("Pragma", "no-cache")
	return c.JSON(http.StatusOK, OAuthToken{
		AccessToken: t.Access, TokenType: "Bearer", ExpiresIn: int(t.Expires.Seconds()), Scope: t.Scope, RefreshToken: t.Refresh,
	})
}

// revokeToken ends what a customer allowed an app, by its refresh token or its access token. A token that is not known is no mistake.
//
//	@Summary	Revoke a token (OAuth 2)
//	@ID			revokeToken
//	@Tags		oauth
//	@Accept		x-www-form-urlencoded
//	@Produce	json
//	@Param		token			formData	string	true	"Refresh token or access token"
//	@Param		token_type_hint	formData	string	false	"Not needed"
//	@Param		client_id		formData	string	false	"Where not sent with HTTP Basic"
//	@Param		client_secret	formData	string	false	"Where not sent with HTTP Basic"
//	@Success	200
//	@Failure	400		{object}	OAuthError
//	@Failure	401		{object}	OAuthError
//	@Failure	default	{object}	web.Problem
//	@Router		/oauth/revoke [post]
func (h *Handler) revokeToken(c echo.Context) error {
	form, id, secret, err := credentials(c)
	if err == nil && form.Get("token") == "" {
		err = &apiclient.RefusalError{Code: "invalid_request", Description: "There is no token."}
	}
	if err == nil {
		err = h.ApiClients.RevokeToken(c.Request().Context(), apiclient.Ask{Client: id, Secret: secret, Address: c.RealIP()}, form.Get("token"))
	}
	if err != nil {
		return refusal(c, err)
	}
	return c.NoContent(http.StatusOK)
}

// longestRequest is more than any request of an app has.
const longestRequest = 4096

// authorize sends a customer on to the portal of the office that knows the app, where the question is asked.
//
//	@Summary	Ask a customer for access (OAuth 2)
//	@ID			authorize
//	@Tags		oauth
//	@Param		client_id				query	string	true	"The app"
//	@Param		response_type			query	string	true	"code"
//	@Param		redirect_uri			query	string	true	"Where the customer goes back to, as the office registered it"
//	@Param		code_challenge			query	string	true	"PKCE"
//	@Param		code_challenge_method	query	string	true	"S256"
//	@Param		scope					query	string	false	"Fewer than the app has, with spaces between them"
//	@Param		state					query	string	false	"Comes back as it is"
//	@Param		resource				query	string	false	"What the token is for (RFC 8707)"
//	@Success	302
//	@Failure	default	{object}	web.Problem
//	@Router		/oauth/authorize [get]
func (h *Handler) authorize(c echo.Context) error {
	query := c.QueryParams()
	if len(c.Request().URL.RawQuery) > longestRequest {
		return apiclient.ErrAppUnknown
	}
	slug, err := h.ApiClients.PortalOf(c.Request().Context(), query.Get("client_id"))
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, h.ApiClients.Issuer+"/"+slug+"/authorize#"+query.Encode()) // a fragment: what an app asks stays out of logs, and no router rewrites it
}

// credentials returns the body, and who sends it. A program says that in one way only.
func credentials(c echo.Context) (url.Values, string, string, error) {
	form, ok := web.Form(c)
	if !ok {
		return nil, "", "", &apiclient.RefusalError{Code: "invalid_request", Description: "The body must be application/x-www-form-urlencoded, with each parameter once and none in the address."}
	}
	id, secret := form.Get("client_id"), form.Get("client_secret")
	name, password, basic := c.Request().BasicAuth()
	if !basic {
		return form, id, secret, nil
	}
	// RFC 6749, section 2.3.1: both are form-encoded before they are put together.
	name, err1 := url.QueryUnescape(name)
	password, err2 := url.QueryUnescape(password)
	if errors.Join(err1, err2) != nil || secret != "" || id != "" && id != name {
		return nil, "", "", &apiclient.RefusalError{Code: "invalid_request", Description: "Say who you are in one way."}
	}
	return form, name, password, nil
}

// refusal answers in the words of RFC 6749 where the program did something wrong.
func refusal(c echo.Context, err error) error {
	var r *apiclient.RefusalError
	if !errors.As(err, &r) {
		return err
	}
	status := http.StatusBadRequest
	if r.Code == "invalid_client" {
		status = http.StatusUnauthorized
		if strings.HasPrefix(c.Request().Header.Get(echo.HeaderAuthorization), "Basic ") {
			c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Basic realm="voordeur"`)
		}
	}
	return c.JSON(status, OAuthError{Error: r.Code, Description: r.Description})
}

// Metadata is RFC 8414: what a program has to know to ask for tokens. It stands at /.well-known/oauth-authorization-server.
type Metadata struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
	NamesIssuer           bool     `json:"authorization_response_iss_parameter_supported"`
	TokenEndpoint         string   `json:"token_endpoint"`
	Keys                  string   `json:"jwks_uri"`
	Scopes                []string `json:"scopes_supported"`
	ResponseTypes         []string `json:"response_types_supported"`
	GrantTypes            []string `json:"grant_types_supported"`
	TokenEndpointMethods  []string `json:"token_endpoint_auth_methods_supported"`
	ServiceDocumentation  string   `json:"service_documentation,omitempty"`
}

// WellKnown registers what has a place of its own, outside /api/v1. Both may be kept for some minutes by whoever reads them.
func (h *Handler) WellKnown(e *echo.Echo) {
	e.GET("/.well-known/oauth-authorization-server", func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=300")
		return c.JSON(http.StatusOK, h.metadata())
	})
	e.GET("/.well-known/jwks.json", func(c echo.Context) error {
		keys, err := h.ApiClients.PublicKeys(c.Request().Context())
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=300")
		return c.JSON(http.StatusOK, map[string]any{"keys": keys})
	})
}

func (h *Handler) metadata() Metadata {
	issuer := h.ApiClients.Issuer
	m := Metadata{
		Issuer: issuer, TokenEndpoint: issuer + "/api/v1/oauth/token", Keys: issuer + "/.well-known/jwks.json",
		ResponseTypes: []string{"code"}, AuthorizationEndpoint: issuer + "/api/v1/oauth/authorize", RevocationEndpoint: issuer + "/api/v1/oauth/revoke",
		ChallengeMethods: []string{"S256"}, NamesIssuer: true, GrantTypes: apiclient.Grants, TokenEndpointMethods: []string{"client_secret_basic", "client_secret_post", "none"},
	}
	for _, of := range [][]authz.Scope{authz.OfficeScopes, authz.PortalScopes} {
		for _, s := range of {
			m.Scopes = append(m.Scopes, s.Name)
		}
	}
	return m
}
