package office

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/member"
	"voordeur/internal/web"
)

func (h *Handler) factorRoutes(r web.Router) {
	r.POST("/portal-members/:memberId/second-factor-reset", web.Op{ID: "startSecondFactorReset", Need: authz.MemberWrite, StepUp: true}, h.startSecondFactorReset)
	r.DELETE("/portal-members/:memberId/second-factor-reset", web.Op{ID: "stopSecondFactorReset", Need: authz.MemberWrite}, h.stopSecondFactorReset)
}

// startSecondFactorReset begins to take the second step of login away from a customer who can give no code any more. It happens
// 24 hours later; the customer is told at once and can stop it.
//
//	@Summary	Begin to take the second step of login away
//	@ID			startSecondFactorReset
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		memberId	path		string	true	"Portal member"	format(uuid)
//	@Success	200			{object}	PortalMember
//	@Failure	default		{object}	web.Problem
//	@Router		/portal-members/{memberId}/second-factor-reset [post]
func (h *Handler) startSecondFactorReset(c echo.Context) error {
	return h.reset(c, h.SignIn.StartReset)
}

// stopSecondFactorReset stops it before the 24 hours are over.
//
//	@Summary	Stop taking the second step of login away
//	@ID			stopSecondFactorReset
//	@Tags		portal-members
//	@Produce	json
//	@Security	Session
//	@Param		memberId	path		string	true	"Portal member"	format(uuid)
//	@Success	200			{object}	PortalMember
//	@Failure	default		{object}	web.Problem
//	@Router		/portal-members/{memberId}/second-factor-reset [delete]
func (h *Handler) stopSecondFactorReset(c echo.Context) error {
	return h.reset(c, h.SignIn.StopReset)
}

func (h *Handler) reset(c echo.Context, do func(context.Context, uuid.UUID) (member.View, error)) error {
	id, err := web.ID(c, "memberId")
	if err != nil {
		return err
	}
	m, err := do(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newPortalMember(m))
}
