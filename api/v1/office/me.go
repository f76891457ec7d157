package office

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/employee"
	"voordeur/internal/web"
)

func (h *Handler) meRoutes(r web.Router) {
	r.GET("/me", web.Op{ID: "getMe", Need: authz.EmployeeRead, PersonOnly: true}, h.getMe)
	r.PATCH("/me", web.Op{ID: "updateMe", Need: authz.EmployeeRead, PersonOnly: true, IfMatch: true}, h.updateMe)
}

// Me is the employee who is signed in.
type Me struct {
	ID           uuid.UUID      `json:"id" format:"uuid" validate:"required"`
	FirstName    string         `json:"firstName" validate:"required"`
	LastName     string         `json:"lastName" validate:"required"`
	Email        string         `json:"email" validate:"required"`
	JobTitle     string         `json:"jobTitle" validate:"required"`
	Phone        string         `json:"phone" validate:"required"`
	Role         employee.Role  `json:"role" validate:"required"`
	Permissions  []string       `json:"permissions" validate:"required"`
	Organisation MyOrganisation `json:"organisation" validate:"required"`
	Counts       *MyCounts      `json:"counts,omitempty"`
	// When the session ends without another request.
	SessionExpiresAt time.Time `json:"sessionExpiresAt" format:"date-time" validate:"required"`
	Version          int64     `json:"version" validate:"required"`
}

// MeChange is the body of updateMe; what is absent stays. The address to sign in with and the role are an administrator's.
type MeChange struct {
	FirstName *string `json:"firstName,omitempty" validate:"omitempty,min=1,max=80"`
	LastName  *string `json:"lastName,omitempty" validate:"omitempty,min=1,max=120"`
	JobTitle  *string `json:"jobTitle,omitempty" validate:"omitempty,max=80"`
	Phone     *string `json:"phone,omitempty" validate:"omitempty,max=40"`
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
		ID: m.ID, FirstName: m.FirstName, LastName: m.LastName, Email: m.Email, JobTitle: m.JobTitle, Phone: m.Phone, Role: m.Role, Permissions: m.Permissions,
		SessionExpiresAt: m.SessionEnds, Version: m.Version,
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
//	@Header		200		{string}	ETag	"Version, for If-Match"
//	@Failure	default	{object}	web.Problem
//	@Router		/me [get]
func (h *Handler) getMe(c echo.Context) error {
	me, err := h.Employees.Me(c.Request().Context())
	if err != nil {
		return err
	}
	web.ETag(c, me.Version)
	return c.JSON(http.StatusOK, newMe(me))
}

// updateMe changes how I am called and reached; customers see it at their dossiers.
//
//	@Summary	Change my own details
//	@ID			updateMe
//	@Tags		me
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		If-Match	header		string		true	"ETag of the version that is changed"
//	@Param		body		body		MeChange	true	"What changes"
//	@Success	200			{object}	Me
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/me [patch]
func (h *Handler) updateMe(c echo.Context) error {
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in MeChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := h.Employees.UpdateMe(ctx, version, employee.Change{FirstName: in.FirstName, LastName: in.LastName, JobTitle: in.JobTitle, Phone: in.Phone}); err != nil {
		return err
	}
	return h.getMe(c)
}
