package portal

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) sessionRoutes(r web.Router) {
	r.GET("/portal/me/sessions", web.Op{ID: "listMySessions", Need: authz.PortalMe}, h.listMySessions)
	r.DELETE("/portal/me/sessions", web.Op{ID: "endOtherSessions", Need: authz.PortalMe}, h.endOtherSessions)
	r.DELETE("/portal/me/sessions/:sessionId", web.Op{ID: "endMySession", Need: authz.PortalMe}, h.endMySession)
}

// OpenSession is one place where the customer is signed in.
type OpenSession struct {
	ID         uuid.UUID `json:"id" format:"uuid" validate:"required"`
	Device     string    `json:"device" validate:"required" example:"Safari, iPhone"` // empty: unknown
	CreatedAt  time.Time `json:"createdAt" format:"date-time" validate:"required"`
	LastSeenAt time.Time `json:"lastSeenAt" format:"date-time" validate:"required"`
	This       bool      `json:"this" validate:"required"`
}

// listMySessions tells where the customer is signed in, the newest visit first.
//
//	@Summary	Where am I signed in
//	@ID			listMySessions
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	web.Page[OpenSession]
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/sessions [get]
func (h *Handler) listMySessions(c echo.Context) error {
	all, err := h.SignIn.MySessions(c.Request().Context())
	if err != nil {
		return err
	}
	out := make([]OpenSession, len(all))
	for i, s := range all {
		out[i] = OpenSession(s)
	}
	return c.JSON(http.StatusOK, web.Page[OpenSession]{Items: out})
}

// endOtherSessions ends every session of the customer but this one; the next request of each is refused.
//
//	@Summary	Sign out everywhere else
//	@ID			endOtherSessions
//	@Tags		me
//	@Security	Session
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/sessions [delete]
func (h *Handler) endOtherSessions(c echo.Context) error {
	if err := h.SignIn.EndOtherSessions(c.Request().Context()); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// endMySession ends one session of the customer.
//
//	@Summary	Sign out somewhere
//	@ID			endMySession
//	@Tags		me
//	@Security	Session
//	@Param		sessionId	path	string	true	"Session"	format(uuid)
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/sessions/{sessionId} [delete]
func (h *Handler) endMySession(c echo.Context) error {
	id, err := web.ID(c, "sessionId")
	if err != nil {
		return err
	}
	if err := h.SignIn.EndMySession(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
