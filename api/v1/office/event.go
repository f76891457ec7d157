package office

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/audit"
	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) eventRoutes(r web.Router) {
	r.GET("/dossiers/:dossierId/events", web.Op{ID: "listDossierEvents", Need: authz.AuditRead, InBatch: true}, h.listDossierEvents)
	r.GET("/events", web.Op{ID: "streamEvents", Need: authz.DossierRead, Rate: web.RateStream, PersonOnly: true}, h.streamEvents)
}

// EventActor is who did something.
type EventActor struct {
	Kind      authz.Kind `json:"kind" validate:"required" enums:"employee,member,visitor,system,api_client"`
	ID        uuid.UUID  `json:"id" format:"uuid" validate:"required"`
	FirstName string     `json:"firstName" validate:"required"`
	LastName  string     `json:"lastName" validate:"required"`
}

// Event is one entry of a dossier's timeline.
type Event struct {
	ID        string         `json:"id" validate:"required" example:"4711"`
	Name      string         `json:"name" validate:"required" example:"action_point.approved"`
	Actor     EventActor     `json:"actor" validate:"required"`
	Subject   uuid.UUID      `json:"subject" format:"uuid" validate:"required"`
	DossierID uuid.UUID      `json:"dossierId" format:"uuid" validate:"required"`
	Data      map[string]any `json:"data" validate:"required"`
	Erased    bool           `json:"erased" validate:"required"`
	At        time.Time      `json:"at" format:"date-time" validate:"required"`
}

func newEvent(e audit.Entry) Event {
	return Event{
		ID: e.ID(), Name: e.Name, Actor: EventActor{Kind: e.ActorKind, ID: e.ActorID, FirstName: e.ActorFirstName, LastName: e.ActorLastName},
		Subject: e.Subject, DossierID: e.DossierID, Data: e.Data, Erased: e.Erased, At: e.At,
	}
}

// listDossierEvents returns what happened in a dossier, newest first.
//
//	@Summary	Timeline of a dossier
//	@ID			listDossierEvents
//	@Tags		events
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string	true	"Dossier"	format(uuid)
//	@Param		cursor		query		string	false	"nextCursor of the previous page"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200			{object}	web.Page[Event]
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers/{dossierId}/events [get]
func (h *Handler) listDossierEvents(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	in := pageQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var before int64
	if err := web.DecodeCursor(in.Cursor, &before); err != nil {
		return err
	}
	es, err := h.Trail.InDossier(c.Request().Context(), id, before, in.Limit+1)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(es, in.Limit, newEvent, func(e audit.Entry) any { return e.Seq }))
}

// streamEvents sends each change in the office as it happens: `event: change` with {id, name, dossierId, subject}. It
// resumes after Last-Event-ID; when too much was missed it sends `event: resync` and the client reads everything again.
//
//	@Summary	Live changes
//	@ID			streamEvents
//	@Tags		events
//	@Produce	text/event-stream
//	@Security	Session
//	@Param		Last-Event-ID	header		string	false	"Id of the last event received"
//	@Success	200				{string}	string	"Server-sent events"
//	@Failure	default			{object}	web.Problem
//	@Router		/events [get]
func (h *Handler) streamEvents(c echo.Context) error {
	events, err := h.Live.Open(c.Request().Context(), authz.DossierRead, c.Request().Header.Get("Last-Event-ID"))
	if err != nil {
		return err
	}
	return web.SendEvents(c, events)
}
