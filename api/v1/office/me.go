package office

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/employee"
	"voordeur/internal/web"
)

func (h *Handler) meRoutes(r web.Router) {
	r.GET("/me", web.Op{ID: "getMe", Need: authz.EmployeeRead, PersonOnly: true}, h.getMe)
}

// Me is the employee who is signed in.
type Me struct {
	ID           uuid.UUID      `json:"id" format:"uuid" validate:"required"`
	FirstName    string         `json:"firstName" validate:"required"`
	LastName     string         `json:"lastName" validate:"required"`
	Email        string         `json:"email" validate:"required"`
	Role         employee.Role  `json:"role" validate:"required"`
	Permissions  []string       `json:"permissions" validate:"required"`
	Organisation MyOrganisation `json:"organisation" validate:"required"`
	Counts       *MyCounts      `json:"counts,omitempty"`
}

// MyOrganisation is the office of the employee.
type MyOrganisation struct {
	ID        uuid.UUID `json:"id" format:"uuid" validate:"required"`
	Slug      string    `json:"slug" validate:"required"`
	Name      string    `json:"name" validate:"required"`
	PortalURL string    `json:"portalUrl" validate:"required"`
}

// MyCounts are the figures in the navigation.
type MyCounts struct {
	ToReview int `json:"toReview" validate:"required"`
}

func newMe(m employee.Me) Me {
	out := Me{
		ID: m.ID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email, Role: m.Role, Permissions: m.Permissions,
		Organisation: MyOrganisation{ID: m.Organisation.ID, Slug: m.Organisation.Slug, Name: m.Organisation.Name, PortalURL: m.Organisation.PortalURL},
	}
	if m.ToReview != nil {
		out.Counts = &MyCounts{ToReview: *m.ToReview}
	}
	return out
}

// getMe returns the employee who is signed in.
//
//	@Summary	Who am I
//	@ID			getMe
//	@Tags		me
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	Me
//	@Failure	default	{object}	web.Problem
//	@Router		/me [get]
func (h *Handler) getMe(c echo.Context) error {
	me, err := h.Employees.Me(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newMe(me))
}
