package office

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/apiclient"
	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) apiClientRoutes(r web.Router) {
	r.GET("/api-clients", web.Op{ID: "listApiClients", Need: authz.OrganisationRead, InBatch: true, PersonOnly: true}, h.listApiClients)
	r.POST("/api-clients", web.Op{ID: "createApiClient", Need: authz.OrganisationWrite, StepUp: true, Idempotency: web.IdempotencyAccepted}, h.createApiClient)
	r.GET("/api-clients/:apiClientId", web.Op{ID: "getApiClient", Need: authz.OrganisationRead, PersonOnly: true}, h.getApiClient)
	r.PATCH("/api-clients/:apiClientId", web.Op{ID: "updateApiClient", Need: authz.OrganisationWrite, StepUp: true, IfMatch: true}, h.updateApiClient)
	r.DELETE("/api-clients/:apiClientId", web.Op{ID: "revokeApiClient", Need: authz.OrganisationWrite, StepUp: true}, h.revokeApiClient)
	r.POST("/api-clients/:apiClientId/rotation", web.Op{
		ID: "rotateApiClient", Need: authz.OrganisationWrite, StepUp: true, Idempotency: web.IdempotencyAccepted,
	}, h.rotateApiClient)
}

// ApiClient is a program that the office let in.
type ApiClient struct {
	ID           uuid.UUID      `json:"id" format:"uuid" validate:"required"`
	Kind         apiclient.Kind `json:"kind" validate:"required"`
	Name         string         `json:"name" validate:"required"`
	Scopes       []string       `json:"scopes" validate:"required" example:"dossiers:read"`
	Networks     []string       `json:"networks" validate:"required" example:"203.0.113.0/24"`
	RedirectURIs []string       `json:"redirectUris" validate:"required"`
	Confidential bool           `json:"confidential" validate:"required"`
	Secrets      []ApiSecret    `json:"secrets" validate:"required"`
	ExpiresAt    *time.Time     `json:"expiresAt,omitempty" format:"date-time"`
	RevokedAt    *time.Time     `json:"revokedAt,omitempty" format:"date-time"`
	LastUsedAt   *time.Time     `json:"lastUsedAt,omitempty" format:"date-time"`
	CreatedAt    time.Time      `json:"createdAt" format:"date-time" validate:"required"`
	CreatedBy    string         `json:"createdBy" validate:"required"`
	State        ApiClientState `json:"state" validate:"required"`
	Version      int64          `json:"version" validate:"required"`
}

// ApiClientState says whether a program comes in.
type ApiClientState string

// The states.
const (
	ApiClientActive  ApiClientState = "active"
	ApiClientExpired ApiClientState = "expired"
	ApiClientRevoked ApiClientState = "revoked"
)

// ApiSecret is what is known of a key or a secret after it was shown. Two work while one takes the place of the other.
type ApiSecret struct {
	// The last four characters.
	Hint      string     `json:"hint" validate:"required" example:"x7Qa"`
	CreatedAt time.Time  `json:"createdAt" format:"date-time" validate:"required"`
	ExpiresAt *time.Time `json:"expiresAt,omitempty" format:"date-time"`
}

// ApiClientSecret is a program with the key or secret that it shows from now on. It is in this answer and in no other.
type ApiClientSecret struct {
	Client ApiClient `json:"client" validate:"required"`
	Secret string    `json:"secret,omitempty" example:"vd_live_03kzTsN1KkY2eMSLmbnGrJ_9Zr0..."`
}

// NewApiClient is the body of createApiClient.
type NewApiClient struct {
	Kind         apiclient.Kind `json:"kind" validate:"required,oneof=key service app"`
	Name         string         `json:"name" validate:"required,max=80" example:"Boekhouding"`
	Scopes       []string       `json:"scopes" validate:"required,min=1,max=50,dive,max=60"`
	Networks     []string       `json:"networks,omitempty" validate:"max=50,dive,max=50"`
	RedirectURIs []string       `json:"redirectUris,omitempty" validate:"max=10,dive,max=300"`
	// Of an app: false where it cannot keep a secret, such as on a telephone.
	Confidential bool       `json:"confidential,omitempty"`
	ExpiresAt    *time.Time `json:"expiresAt,omitempty" format:"date-time"`
}

// ApiClientChange is the body of updateApiClient; what is absent stays.
type ApiClientChange struct {
	Name         *string                 `json:"name,omitempty" validate:"omitempty,min=1,max=80"`
	Scopes       []string                `json:"scopes,omitempty" validate:"omitempty,min=1,max=50,dive,max=60"`
	Networks     []string                `json:"networks,omitempty" validate:"max=50,dive,max=50"`
	RedirectURIs []string                `json:"redirectUris,omitempty" validate:"max=10,dive,max=300"`
	ExpiresAt    web.Optional[time.Time] `json:"expiresAt,omitzero" swaggertype:"string" format:"date-time" extensions:"x-nullable"`
}

// ApiRotation is the body of rotateApiClient.
type ApiRotation struct {
	// How long the secret that there is goes on working; 0: not at all.
	OverlapHours int `json:"overlapHours" validate:"min=0,max=168"`
}

func (h *Handler) newApiClient(c apiclient.Client) ApiClient {
	out := ApiClient{
		ID: c.ID, Kind: c.Kind, Name: c.Name, Scopes: authz.ScopeNames(apiclient.ScopesOf(c.Kind), c.Scopes), Networks: []string{}, RedirectURIs: c.RedirectURIs,
		Confidential: c.Confidential, Secrets: []ApiSecret{}, ExpiresAt: c.ExpiresAt, RevokedAt: c.RevokedAt, LastUsedAt: c.LastUsedAt, CreatedAt: c.CreatedAt,
		CreatedBy: c.CreatedBy, State: ApiClientActive, Version: c.Version,
	}
	for _, n := range c.Networks {
		out.Networks = append(out.Networks, n.String())
	}
	for _, s := range c.Secrets {
		out.Secrets = append(out.Secrets, ApiSecret{Hint: s.Hint, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt})
	}
	switch {
	case c.RevokedAt != nil:
		out.State = ApiClientRevoked
	case c.ExpiresAt != nil && !h.ApiClients.Now().Before(*c.ExpiresAt):
		out.State = ApiClientExpired
	}
	return out
}

type listApiClientsQuery struct {
	Revoked bool   `query:"revoked"`
	Cursor  string `query:"cursor"`
	Limit   int    `query:"limit" validate:"min=1,max=200"`
}

// listApiClients returns the programs that the office let in, the newest first. Their secrets are in no answer.
//
//	@Summary	List API clients
//	@ID			listApiClients
//	@Tags		api-clients
//	@Produce	json
//	@Security	Session
//	@Param		revoked	query		bool	false	"Those that were shut out, instead of those that may come in"
//	@Param		cursor	query		string	false	"nextCursor of the page before"
//	@Param		limit	query		int		false	"Page size"	minimum(1)	maximum(200)	default(100)
//	@Success	200		{object}	web.Page[ApiClient]
//	@Failure	default	{object}	web.Problem
//	@Router		/api-clients [get]
func (h *Handler) listApiClients(c echo.Context) error {
	in := listApiClientsQuery{Limit: 100}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var before uuid.UUID
	if err := web.DecodeCursor(in.Cursor, &before); err != nil {
		return err
	}
	all, err := h.ApiClients.List(c.Request().Context(), in.Revoked, before, in.Limit+1)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(all, in.Limit, h.newApiClient, func(a apiclient.Client) any { return a.ID }))
}

// createApiClient lets a program in. Its key or secret is in this answer and in no other: only a digest is kept.
//
//	@Summary	Make an API client
//	@ID			createApiClient
//	@Tags		api-clients
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body			body		NewApiClient	true	"What it may do"
//	@Param		Idempotency-Key	header		string			false	"Makes a retry safe"
//	@Success	201				{object}	ApiClientSecret
//	@Header		201				{string}	ETag		"Version, for If-Match"
//	@Header		201				{string}	Location	"Address of the API client"
//	@Failure	default			{object}	web.Problem
//	@Router		/api-clients [post]
func (h *Handler) createApiClient(c echo.Context) error {
	var in NewApiClient
	if err := web.Body(c, &in); err != nil {
		return err
	}
	made, err := h.ApiClients.Create(c.Request().Context(), apiclient.Draft{
		Kind: in.Kind, Name: in.Name, Scopes: in.Scopes, Networks: in.Networks, RedirectURIs: in.RedirectURIs, Confidential: in.Confidential, ExpiresAt: in.ExpiresAt,
	})
	if err != nil {
		return err
	}
	web.ETag(c, made.Version)
	return web.Created(c, web.Location("/api-clients", made.ID), ApiClientSecret{Client: h.newApiClient(made), Secret: h.ApiClients.Secret(made)})
}

// getApiClient returns one program.
//
//	@Summary	Get an API client
//	@ID			getApiClient
//	@Tags		api-clients
//	@Produce	json
//	@Security	Session
//	@Param		apiClientId	path		string	true	"API client"	format(uuid)
//	@Success	200			{object}	ApiClient
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/api-clients/{apiClientId} [get]
func (h *Handler) getApiClient(c echo.Context) error {
	id, err := web.ID(c, "apiClientId")
	if err != nil {
		return err
	}
	a, err := h.ApiClients.Find(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.ETag(c, a.Version)
	return c.JSON(http.StatusOK, h.newApiClient(a))
}

// updateApiClient changes what a program may do, and from where. It counts from its next request on.
//
//	@Summary	Change an API client
//	@ID			updateApiClient
//	@Tags		api-clients
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		apiClientId	path		string			true	"API client"	format(uuid)
//	@Param		If-Match	header		string			true	"ETag of the version that is changed"
//	@Param		body		body		ApiClientChange	true	"What changes"
//	@Success	200			{object}	ApiClient
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/api-clients/{apiClientId} [patch]
func (h *Handler) updateApiClient(c echo.Context) error {
	id, err := web.ID(c, "apiClientId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in ApiClientChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	a, err := h.ApiClients.Change(c.Request().Context(), id, version, apiclient.Change{
		Name: in.Name, Scopes: in.Scopes, Networks: in.Networks, RedirectURIs: in.RedirectURIs, Expires: in.ExpiresAt.Present, ExpiresAt: in.ExpiresAt.Value,
	})
	if err != nil {
		return err
	}
	web.ETag(c, a.Version)
	return c.JSON(http.StatusOK, h.newApiClient(a))
}

// revokeApiClient shuts a program out, with every token it has. It cannot be taken back.
//
//	@Summary	Revoke an API client
//	@ID			revokeApiClient
//	@Tags		api-clients
//	@Security	Session
//	@Param		apiClientId	path	string	true	"API client"	format(uuid)
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/api-clients/{apiClientId} [delete]
func (h *Handler) revokeApiClient(c echo.Context) error {
	id, err := web.ID(c, "apiClientId")
	if err != nil {
		return err
	}
	if err := h.ApiClients.Revoke(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// rotateApiClient gives a program another key or secret, which is in this answer and in no other. The one it has goes on working for
// as long as is asked, at most seven days.
//
//	@Summary	Replace the secret of an API client
//	@ID			rotateApiClient
//	@Tags		api-clients
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		apiClientId		path		string		true	"API client"	format(uuid)
//	@Param		body			body		ApiRotation	true	"How long both work"
//	@Param		Idempotency-Key	header		string		false	"Makes a retry safe"
//	@Success	200				{object}	ApiClientSecret
//	@Failure	default			{object}	web.Problem
//	@Router		/api-clients/{apiClientId}/rotation [post]
func (h *Handler) rotateApiClient(c echo.Context) error {
	id, err := web.ID(c, "apiClientId")
	if err != nil {
		return err
	}
	var in ApiRotation
	if err := web.Body(c, &in); err != nil {
		return err
	}
	a, err := h.ApiClients.Rotate(c.Request().Context(), id, time.Duration(in.OverlapHours)*time.Hour)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ApiClientSecret{Client: h.newApiClient(a), Secret: h.ApiClients.Secret(a)})
}
