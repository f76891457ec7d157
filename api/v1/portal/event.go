package portal

import (
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) eventRoutes(r web.Router) {
	r.GET("/portal/events", web.Op{ID: "streamEvents", Need: authz.PortalMe, Rate: web.RateStream}, h.streamEvents)
}

// streamEvents sends each change that the customer may see, and those of the login itself, as it happens: `event: change` with {id, name, dossierId,
// subject}. It resumes after Last-Event-ID; when too much was missed it sends `event: resync` and the client reads
// everything again.
//
//	@Summary	Live changes
//	@ID			streamEvents
//	@Tags		events
//	@Produce	text/event-stream
//	@Security	Session
//	@Param		view			query		int		false	"1: in the session of the employee who looks along"	enums(0,1)
//	@Param		Last-Event-ID	header		string	false	"Id of the last event received"
//	@Success	200				{string}	string	"Server-sent events"
//	@Failure	default			{object}	web.Problem
//	@Router		/portal/events [get]
func (h *Handler) streamEvents(c echo.Context) error {
	events, err := h.Live.Open(c.Request().Context(), authz.PortalMe, c.Request().Header.Get("Last-Event-ID"))
	if err != nil {
		return err
	}
	return web.SendEvents(c, events)
}
