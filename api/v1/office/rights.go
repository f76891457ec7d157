package office

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/employee"
	"voordeur/internal/web"
)

func (h *Handler) rightsRoutes(r web.Router) {
	r.GET("/role-rights", web.Op{ID: "getRoleRights", Need: authz.EmployeeRead}, h.getRoleRights)
	r.PATCH("/role-rights", web.Op{ID: "updateRoleRights", Need: authz.EmployeeWrite, IfMatch: true, StepUp: true}, h.updateRoleRights)
}

// RoleRights is what every role may do at the office.
type RoleRights struct {
	Roles     []RoleRight `json:"roles" validate:"required"`
	Catalogue []string    `json:"catalogue" validate:"required"`
	Version   int64       `json:"version" validate:"required"`
}

// RoleRight is what one role may do.
type RoleRight struct {
	Role        employee.Role `json:"role" validate:"required"`
	Permissions []string      `json:"permissions" validate:"required"`
	// As the product has it, before the office changed anything.
	Standard []string `json:"standard" validate:"required"`
	// What cannot be taken away.
	Kept []string `json:"kept" validate:"required"`
}

// RoleRightsChange is the body of updateRoleRights; a role that is absent stays.
type RoleRightsChange struct {
	Roles []RoleRightChange `json:"roles" validate:"required,min=1,max=4,unique=Role,dive"`
}

// RoleRightChange gives one role exactly these permissions.
type RoleRightChange struct {
	Role        employee.Role `json:"role" validate:"required,oneof=admin adviser back_office viewer"`
	Permissions []string      `json:"permissions" validate:"max=200"`
}

func newRoleRights(r employee.Rights) RoleRights {
	out := RoleRights{Catalogue: r.Catalogue, Version: r.Version, Roles: make([]RoleRight, 0, len(r.Roles))}
	for _, one := range r.Roles {
		out.Roles = append(out.Roles, RoleRight(one))
	}
	return out
}

// getRoleRights returns what every role may do.
//
//	@Summary	Get the rights of the roles
//	@ID			getRoleRights
//	@Tags		employees
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	RoleRights
//	@Header		200		{string}	ETag	"Version, for If-Match"
//	@Failure	default	{object}	web.Problem
//	@Router		/role-rights [get]
func (h *Handler) getRoleRights(c echo.Context) error {
	r, err := h.Employees.Rights(c.Request().Context())
	if err != nil {
		return err
	}
	web.ETag(c, r.Version)
	return c.JSON(http.StatusOK, newRoleRights(r))
}

// updateRoleRights changes what roles may do, from the next request of everybody on.
//
//	@Summary	Change the rights of roles
//	@ID			updateRoleRights
//	@Tags		employees
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		If-Match	header		string				true	"ETag of the version that is changed"
//	@Param		body		body		RoleRightsChange	true	"What changes"
//	@Success	200			{object}	RoleRights
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/role-rights [patch]
func (h *Handler) updateRoleRights(c echo.Context) error {
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in RoleRightsChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	changes := make([]employee.RightsChange, 0, len(in.Roles))
	for _, one := range in.Roles {
		changes = append(changes, employee.RightsChange(one))
	}
	r, err := h.Employees.ChangeRights(c.Request().Context(), version, changes)
	if err != nil {
		return err
	}
	web.ETag(c, r.Version)
	return c.JSON(http.StatusOK, newRoleRights(r))
}
