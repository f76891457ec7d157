package portal

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) viewRoutes(r web.Router) {
	also := []authz.Permission{authz.MemberViewAs}
	r.POST("/portal/view", web.Op{ID: "beginView", Need: authz.SignIn, Also: also, Access: web.Anyone, Rate: web.RateSignIn}, h.beginView)
	r.POST("/portal/view/end", web.Op{ID: "endView", Need: authz.PortalMe, Also: also, View: web.ViewOnly, PersonOnly: true}, h.endView)
	// Who looks along sees exactly what the customer sees: that somebody did, too.
	r.GET("/portal/me/views", web.Op{ID: "listMyViews", Need: authz.PortalMe, View: web.ViewToo, PersonOnly: true, InBatch: true}, h.listMyViews)
}

// ViewTicket is the body of beginView: it stands in the fragment of the address, and so reaches no log.
type ViewTicket struct {
	Ticket string `json:"ticket" validate:"required,max=128"`
}

// BegunView says where the employee goes on.
type BegunView struct {
	Office    string     `json:"office" validate:"required" example:"brugwachter"`
	DossierID *uuid.UUID `json:"dossierId,omitempty" format:"uuid"`
	ExpiresAt time.Time  `json:"expiresAt" format:"date-time" validate:"required"`
}

// beginView uses the ticket of an employee up: from here on the browser looks along as a customer (B15), for half an hour, in a
// session beside the customer's own, and can change nothing.
//
//	@Summary	Begin to look along
//	@ID			beginView
//	@Tags		auth
//	@Accept		json
//	@Produce	json
//	@Param		body	body		ViewTicket	true	"The ticket"
//	@Success	200		{object}	BegunView
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/view [post]
func (h *Handler) beginView(c echo.Context) error {
	var in ViewTicket
	if err := web.Body(c, &in); err != nil {
		return err
	}
	v, err := h.SignIn.BeginView(c.Request().Context(), in.Ticket)
	if err != nil {
		return err
	}
	// The browser keeps it longer than it is worth anything, so that it hears why it is over.
	web.SetSession(c, web.ViewCookie, v.Token, v.ExpiresAt.Add(time.Hour))
	out := BegunView{Office: v.Slug, ExpiresAt: v.ExpiresAt}
	if v.Dossier != uuid.Nil {
		out.DossierID = &v.Dossier
	}
	return c.JSON(http.StatusOK, out)
}

// endView ends the look of the employee; the customer's own session in the same browser goes on.
//
//	@Summary	Stop looking along
//	@ID			endView
//	@Tags		auth
//	@Security	Session
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/view/end [post]
func (h *Handler) endView(c echo.Context) error {
	if err := h.SignIn.EndView(c.Request().Context()); err != nil {
		return err
	}
	// Not the storage: a customer may be signed in beside it, and the page still knows the way back to the office.
	web.SetTrip(c, web.ViewCookie, "", 0)
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	return c.NoContent(http.StatusNoContent)
}

// Watched is one time that an employee of the office looked along.
type Watched struct {
	ID        uuid.UUID  `json:"id" format:"uuid" validate:"required"`
	FirstName string     `json:"firstName" validate:"required"`
	LastName  string     `json:"lastName" validate:"required"`
	Reason    string     `json:"reason" validate:"required"`
	StartedAt time.Time  `json:"startedAt" format:"date-time" validate:"required"`
	EndedAt   *time.Time `json:"endedAt,omitempty" format:"date-time"`
	ExpiresAt time.Time  `json:"expiresAt" format:"date-time" validate:"required"` // it lasts no longer
}

func newWatched(w signin.Watched) Watched {
	return Watched{ID: w.ID, FirstName: w.FirstName, LastName: w.LastName, Reason: w.Reason, StartedAt: w.StartedAt, EndedAt: w.EndedAt, ExpiresAt: w.ExpiresAt}
}

type listMyViewsQuery struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" validate:"min=1,max=200"`
}

// listMyViews returns who of the office looked along as the customer, newest first (F4).
//
//	@Summary	Who looked along
//	@ID			listMyViews
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Param		cursor	query		string	false	"nextCursor of the previous page"
//	@Param		limit	query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200		{object}	web.Page[Watched]
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/me/views [get]
func (h *Handler) listMyViews(c echo.Context) error {
	in := listMyViewsQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var before uuid.UUID
	if err := web.DecodeCursor(in.Cursor, &before); err != nil {
		return err
	}
	vs, err := h.SignIn.MyViews(c.Request().Context(), before, in.Limit+1)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(vs, in.Limit, newWatched, func(w signin.Watched) any { return w.ID }))
}
