package office

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
	// No idempotency key: the answer holds a secret, and is kept nowhere.
	r.POST("/portal-members/:memberId/impersonation", web.Op{ID: "viewAsMember", Need: authz.MemberViewAs, StepUp: true}, h.viewAsMember)
}

// ViewRequest is the body of viewAsMember. The customer reads the reason.
type ViewRequest struct {
	Reason    string     `json:"reason" validate:"required,min=10,max=300" example:"Mevrouw belt: ze vindt haar offerte niet."`
	DossierID *uuid.UUID `json:"dossierId,omitempty" format:"uuid"` // to begin with
}

// ViewDoor is the way into the portal. It works once, within a minute.
type ViewDoor struct {
	URL       string    `json:"url" validate:"required" example:"https://portal.example/brugwachter/view#…"`
	ExpiresAt time.Time `json:"expiresAt" format:"date-time" validate:"required"`
}

// viewAsMember lets an employee look into the portal as one of its members (B15): half an hour, in a session that changes nothing,
// which the trail and the customer can see.
//
//	@Summary	Look into the portal as a member
//	@ID			viewAsMember
//	@Tags		portal-members
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		memberId	path		string		true	"Portal member"	format(uuid)
//	@Param		body		body		ViewRequest	true	"Why"
//	@Success	201			{object}	ViewDoor
//	@Failure	default		{object}	web.Problem
//	@Router		/portal-members/{memberId}/impersonation [post]
func (h *Handler) viewAsMember(c echo.Context) error {
	id, err := web.ID(c, "memberId")
	if err != nil {
		return err
	}
	var in ViewRequest
	if err := web.Body(c, &in); err != nil {
		return err
	}
	ask := signin.ViewRequest{Member: id, Reason: in.Reason}
	if in.DossierID != nil {
		ask.Dossier = *in.DossierID
	}
	t, err := h.SignIn.RequestView(c.Request().Context(), ask)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, ViewDoor{URL: h.Organisations.PortalURL(t.Slug) + "/view#" + t.Token, ExpiresAt: t.ExpiresAt})
}
