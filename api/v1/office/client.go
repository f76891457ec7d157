package office

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/client"
	"voordeur/internal/web"
)

func (h *Handler) clientRoutes(r web.Router) {
	r.GET("/clients", web.Op{ID: "listClients", Need: authz.ClientRead}, h.listClients)
	r.POST("/clients", web.Op{ID: "createClient", Need: authz.ClientWrite, Idempotency: web.IdempotencyAccepted}, h.createClient)
	r.POST("/test-client", web.Op{ID: "createTestClient", Need: authz.DossierWrite, Also: []authz.Permission{authz.ClientRead}, PersonOnly: true, Idempotency: web.IdempotencyAccepted}, h.createTestClient)
	r.POST("/clients/:clientId/reset", web.Op{ID: "resetTestClient", Need: authz.ActionPointWrite, PersonOnly: true, Idempotency: web.IdempotencyAccepted}, h.resetTestClient)
	r.GET("/clients/:clientId", web.Op{ID: "getClient", Need: authz.ClientRead}, h.getClient)
	r.PATCH("/clients/:clientId", web.Op{ID: "updateClient", Need: authz.ClientWrite, IfMatch: true}, h.updateClient)
	r.POST("/clients/:clientId/contacts", web.Op{ID: "createContact", Need: authz.ClientWrite, Idempotency: web.IdempotencyAccepted}, h.createContact)
	r.PATCH("/contacts/:contactId", web.Op{ID: "updateContact", Need: authz.ClientWrite, IfMatch: true, MayStepUp: true}, h.updateContact)
}

// Client is a person, household or company that the office serves.
type Client struct {
	ID     uuid.UUID   `json:"id" format:"uuid" validate:"required"`
	Name   string      `json:"name" validate:"required"`
	Kind   client.Kind `json:"kind" validate:"required"`
	IsTest bool        `json:"isTest" validate:"required"`
	// TestOfID is the employee who tries the portal with it; a test client without is the whole office's.
	TestOfID  *uuid.UUID `json:"testOfId,omitempty" format:"uuid"`
	Contacts  []Contact  `json:"contacts" validate:"required"`
	CreatedAt time.Time  `json:"createdAt" format:"date-time" validate:"required"`
	Version   int64      `json:"version" validate:"required"`
}

// Contact is a person at a client.
type Contact struct {
	ID         uuid.UUID `json:"id" format:"uuid" validate:"required"`
	ClientID   uuid.UUID `json:"clientId" format:"uuid" validate:"required"`
	FirstName  string    `json:"firstName" validate:"required"`
	LastName   string    `json:"lastName" validate:"required"`
	Salutation string    `json:"salutation" validate:"required"`
	Email      string    `json:"email" validate:"required"`
	Mobile     string    `json:"mobile" validate:"required"`
	Version    int64     `json:"version" validate:"required"`
}

func newClient(v client.Client) Client {
	out := Client{ID: v.ID, Name: v.Name, Kind: v.Kind, IsTest: v.IsTest, TestOfID: v.TestOfID, CreatedAt: v.CreatedAt, Version: v.Version, Contacts: make([]Contact, 0, len(v.Contacts))}
	for _, p := range v.Contacts {
		out.Contacts = append(out.Contacts, newContact(p))
	}
	return out
}

func newContact(p client.Contact) Contact {
	return Contact{ID: p.ID, ClientID: p.ClientID, FirstName: p.FirstName, LastName: p.LastName, Salutation: p.Salutation, Email: p.Email, Mobile: p.Mobile, Version: p.Version}
}

// NewContact is the body of createContact.
type NewContact struct {
	FirstName  string `json:"firstName" validate:"required,max=80"`
	LastName   string `json:"lastName" validate:"required,max=120"`
	Salutation string `json:"salutation,omitempty" validate:"max=120" example:"mevrouw De Wit"`
	Email      string `json:"email,omitempty" validate:"max=254"`
	Mobile     string `json:"mobile,omitempty" validate:"max=40"`
}

// NewClient is the body of createClient.
type NewClient struct {
	Name     string       `json:"name" validate:"required,max=200"`
	Kind     client.Kind  `json:"kind" validate:"required,oneof=person household company"`
	IsTest   bool         `json:"isTest,omitempty"`
	Contacts []NewContact `json:"contacts,omitempty" validate:"max=20,dive"`
}

// ClientChange is the body of updateClient; what is absent stays.
type ClientChange struct {
	Name *string      `json:"name,omitempty" validate:"omitempty,min=1,max=200"`
	Kind *client.Kind `json:"kind,omitempty" validate:"omitempty,oneof=person household company"`
}

// ContactChange is the body of updateContact; what is absent stays.
type ContactChange struct {
	FirstName  *string `json:"firstName,omitempty" validate:"omitempty,min=1,max=80"`
	LastName   *string `json:"lastName,omitempty" validate:"omitempty,min=1,max=120"`
	Salutation *string `json:"salutation,omitempty" validate:"omitempty,max=120"`
	Email      *string `json:"email,omitempty" validate:"omitempty,max=254"`
	Mobile     *string `json:"mobile,omitempty" validate:"omitempty,max=40"`
}

type listClientsQuery struct {
	Q      string `query:"q" validate:"max=100"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" validate:"min=1,max=200"`
}

// listClients returns the clients by name, the test client first (D1).
//
//	@Summary	List clients
//	@ID			listClients
//	@Tags		clients
//	@Produce	json
//	@Security	Session
//	@Param		q		query		string	false	"Part of a client's or contact's name, or of an e-mail address"
//	@Param		cursor	query		string	false	"nextCursor of the page before"
//	@Param		limit	query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200		{object}	web.Page[Client]
//	@Failure	default	{object}	web.Problem
//	@Router		/clients [get]
func (h *Handler) listClients(c echo.Context) error {
	in := listClientsQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var after client.Cursor
	if err := web.DecodeCursor(in.Cursor, &after); err != nil {
		return err
	}
	list, more, err := h.Clients.List(c.Request().Context(), client.Filter{Q: in.Q, After: after, Limit: in.Limit})
	if err != nil {
		return err
	}
	page := web.Page[Client]{Items: make([]Client, 0, len(list))}
	for _, v := range list {
		page.Items = append(page.Items, newClient(v))
	}
	if more {
		page.NextCursor = web.EncodeCursor(list[len(list)-1].Cursor())
	}
	return c.JSON(http.StatusOK, page)
}

// createClient adds a client, with its contacts if they are known.
//
//	@Summary	Create a client
//	@ID			createClient
//	@Tags		clients
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		Idempotency-Key	header		string		false	"Makes a retry safe"
//	@Param		body			body		NewClient	true	"The client"
//	@Success	201				{object}	Client
//	@Header		201				{string}	Location	"The client"
//	@Failure	default			{object}	web.Problem
//	@Router		/clients [post]
func (h *Handler) createClient(c echo.Context) error {
	var in NewClient
	if err := web.Body(c, &in); err != nil {
		return err
	}
	draft := client.Draft{Name: in.Name, Kind: in.Kind, IsTest: in.IsTest}
	for _, p := range in.Contacts {
		draft.Contacts = append(draft.Contacts, client.ContactDraft(p))
	}
	v, err := h.Clients.Create(c.Request().Context(), draft)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/clients/"+v.ID.String())
	web.ETag(c, v.Version)
	return c.JSON(http.StatusCreated, newClient(v))
}

// createTestClient makes the employee a customer: a client with a login and a dossier to try the portal with (D1).
//
//	@Summary	Create my test client
//	@ID			createTestClient
//	@Tags		clients
//	@Produce	json
//	@Security	Session
//	@Param		Idempotency-Key	header		string	false	"Makes a retry safe"
//	@Success	201				{object}	Client
//	@Header		201				{string}	Location	"The client"
//	@Failure	default			{object}	web.Problem
//	@Router		/test-client [post]
func (h *Handler) createTestClient(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := h.Dossiers.CreateTestClient(ctx)
	if err != nil {
		return err
	}
	v, err := h.Clients.Get(ctx, id)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/clients/"+v.ID.String())
	web.ETag(c, v.Version)
	return c.JSON(http.StatusCreated, newClient(v))
}

// resetTestClient puts the dossiers of a test client back to the start: everything is asked and nothing was handed in.
//
//	@Summary	Reset a test client
//	@ID			resetTestClient
//	@Tags		clients
//	@Security	Session
//	@Param		clientId		path	string	true	"Client"	format(uuid)
//	@Param		Idempotency-Key	header	string	false	"Makes a retry safe"
//	@Success	204				"Back at the start"
//	@Failure	default			{object}	web.Problem
//	@Router		/clients/{clientId}/reset [post]
func (h *Handler) resetTestClient(c echo.Context) error {
	id, err := web.ID(c, "clientId")
	if err != nil {
		return err
	}
	if err := h.ActionPoints.ResetTestClient(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// getClient returns one client with its contacts.
//
//	@Summary	Get a client
//	@ID			getClient
//	@Tags		clients
//	@Produce	json
//	@Security	Session
//	@Param		clientId	path		string	true	"Client"	format(uuid)
//	@Success	200			{object}	Client
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/clients/{clientId} [get]
func (h *Handler) getClient(c echo.Context) error {
	id, err := web.ID(c, "clientId")
	if err != nil {
		return err
	}
	v, err := h.Clients.Get(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.ETag(c, v.Version)
	return c.JSON(http.StatusOK, newClient(v))
}

// updateClient changes the name or kind of a client.
//
//	@Summary	Change a client
//	@ID			updateClient
//	@Tags		clients
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		clientId	path		string			true	"Client"	format(uuid)
//	@Param		If-Match	header		string			true	"ETag of the version that is changed"
//	@Param		body		body		ClientChange	true	"What changes"
//	@Success	200			{object}	Client
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/clients/{clientId} [patch]
func (h *Handler) updateClient(c echo.Context) error {
	id, err := web.ID(c, "clientId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in ClientChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	v, err := h.Clients.Update(c.Request().Context(), id, version, client.Change(in))
	if err != nil {
		return err
	}
	web.ETag(c, v.Version)
	return c.JSON(http.StatusOK, newClient(v))
}

// createContact adds a person to a client.
//
//	@Summary	Create a contact
//	@ID			createContact
//	@Tags		clients
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		clientId		path		string		true	"Client"	format(uuid)
//	@Param		Idempotency-Key	header		string		false	"Makes a retry safe"
//	@Param		body			body		NewContact	true	"The contact"
//	@Success	201				{object}	Contact
//	@Failure	default			{object}	web.Problem
//	@Router		/clients/{clientId}/contacts [post]
func (h *Handler) createContact(c echo.Context) error {
	id, err := web.ID(c, "clientId")
	if err != nil {
		return err
	}
	var in NewContact
	if err := web.Body(c, &in); err != nil {
		return err
	}
	p, err := h.Clients.CreateContact(c.Request().Context(), id, client.ContactDraft(in))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/contacts/"+p.ID.String())
	web.ETag(c, p.Version)
	return c.JSON(http.StatusCreated, newContact(p))
}

// updateContact changes a contact. A changed e-mail address does not move the login. Codes and links go to the address and the number: changing one
// of them takes a password or code of a moment ago (step-up-required), and is not for programs (person-only).
//
//	@Summary	Change a contact
//	@ID			updateContact
//	@Tags		clients
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		contactId	path		string			true	"Contact"	format(uuid)
//	@Param		If-Match	header		string			true	"ETag of the version that is changed"
//	@Param		body		body		ContactChange	true	"What changes"
//	@Success	200			{object}	Contact
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/contacts/{contactId} [patch]
func (h *Handler) updateContact(c echo.Context) error {
	id, err := web.ID(c, "contactId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in ContactChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	p, err := h.Clients.UpdateContact(c.Request().Context(), id, version, client.ContactChange(in))
	if err != nil {
		return err
	}
	web.ETag(c, p.Version)
	return c.JSON(http.StatusOK, newContact(p))
}
