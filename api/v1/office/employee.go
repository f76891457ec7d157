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

func (h *Handler) employeeRoutes(r web.Router) {
	r.GET("/employees", web.Op{ID: "listEmployees", Need: authz.EmployeeRead}, h.listEmployees)
	r.POST("/employees", web.Op{ID: "createEmployee", Need: authz.EmployeeWrite, StepUp: true, Idempotency: web.IdempotencyAccepted}, h.createEmployee)
	r.GET("/employees/:employeeId", web.Op{ID: "getEmployee", Need: authz.EmployeeRead}, h.getEmployee)
	r.PATCH("/employees/:employeeId", web.Op{ID: "updateEmployee", Need: authz.EmployeeWrite, StepUp: true, IfMatch: true}, h.updateEmployee)
	r.DELETE("/employees/:employeeId", web.Op{ID: "archiveEmployee", Need: authz.EmployeeWrite, IfMatch: true}, h.archiveEmployee)
	r.POST("/employees/:employeeId/invitation", web.Op{ID: "inviteEmployee", Need: authz.EmployeeWrite, Idempotency: web.IdempotencyAccepted}, h.inviteEmployee)
	r.GET("/employees/:employeeId/sessions", web.Op{ID: "listEmployeeSessions", Need: authz.EmployeeWrite}, h.listEmployeeSessions)
	r.DELETE("/employees/:employeeId/sessions", web.Op{ID: "endEmployeeSessions", Need: authz.EmployeeWrite, StepUp: true}, h.endEmployeeSessions)
	r.POST("/employees/:employeeId/reset", web.Op{ID: "resetEmployee", Need: authz.EmployeeWrite, StepUp: true, Idempotency: web.IdempotencyAccepted}, h.resetEmployee)
}

// Employee is a colleague. How somebody signs in is there only for who may change colleagues.
type Employee struct {
	ID           uuid.UUID      `json:"id" format:"uuid" validate:"required"`
	FirstName    string         `json:"firstName" validate:"required"`
	LastName     string         `json:"lastName" validate:"required"`
	Email        string         `json:"email" validate:"required"`
	JobTitle     string         `json:"jobTitle" validate:"required"`
	Phone        string         `json:"phone" validate:"required"`
	Role         employee.Role  `json:"role" validate:"required"`
	Blocked      bool           `json:"blocked" validate:"required"`
	State        employee.State `json:"state" validate:"required"`
	SecondFactor bool           `json:"secondFactor,omitempty"`
	Invitation   *Invitation    `json:"invitation,omitempty"`
	LastLoginAt  *time.Time     `json:"lastLoginAt,omitempty" format:"date-time"`
	Version      int64          `json:"version" validate:"required"`
}

// EmployeeSession is one place where a colleague is signed in.
type EmployeeSession struct {
	Device     string    `json:"device" validate:"required" example:"Safari, iPhone"` // empty: unknown
	CreatedAt  time.Time `json:"createdAt" format:"date-time" validate:"required"`
	LastSeenAt time.Time `json:"lastSeenAt" format:"date-time" validate:"required"`
	This       bool      `json:"this" validate:"required"` // the one that asks
}

func newEmployee(e employee.View) Employee {
	out := Employee{
		ID: e.ID, FirstName: e.FirstName, LastName: e.LastName, Email: e.Email, JobTitle: e.JobTitle, Phone: e.Phone, Role: e.Role,
		Blocked: e.BlockedAt != nil, State: e.State, SecondFactor: e.SecondFactor, LastLoginAt: e.LastLoginAt, Version: e.Version,
	}
	if i := e.Invitation; i != nil {
		out.Invitation = &Invitation{State: i.State, SentAt: i.SentAt, OpenedAt: i.OpenedAt, ExpiresAt: i.ExpiresAt}
	}
	return out
}

// NewEmployee is the body of createEmployee.
type NewEmployee struct {
	FirstName string        `json:"firstName" validate:"required,max=80"`
	LastName  string        `json:"lastName" validate:"required,max=120"`
	Email     string        `json:"email" validate:"required,max=254" example:"noor@brugwachter.example"`
	JobTitle  string        `json:"jobTitle,omitempty" validate:"max=80"`
	Phone     string        `json:"phone,omitempty" validate:"max=40"`
	Role      employee.Role `json:"role" validate:"required,oneof=admin adviser back_office viewer"`
}

// EmployeeChange is the body of updateEmployee; what is absent stays.
type EmployeeChange struct {
	FirstName *string        `json:"firstName,omitempty" validate:"omitempty,min=1,max=80"`
	LastName  *string        `json:"lastName,omitempty" validate:"omitempty,min=1,max=120"`
	JobTitle  *string        `json:"jobTitle,omitempty" validate:"omitempty,max=80"`
	Phone     *string        `json:"phone,omitempty" validate:"omitempty,max=40"`
	Role      *employee.Role `json:"role,omitempty" validate:"omitempty,oneof=admin adviser back_office viewer"`
	Blocked   *bool          `json:"blocked,omitempty"`
}

type listEmployeesQuery struct {
	Archived bool   `query:"archived"`
	Cursor   string `query:"cursor"`
	Limit    int    `query:"limit" validate:"min=1,max=200"`
}

// listEmployees returns the employees of the office by name.
//
//	@Summary	List employees
//	@ID			listEmployees
//	@Tags		employees
//	@Produce	json
//	@Security	Session
//	@Param		archived	query		bool	false	"Those who left, instead of those who work here"
//	@Param		cursor		query		string	false	"nextCursor of the page before"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(100)
//	@Success	200			{object}	web.Page[Employee]
//	@Failure	default		{object}	web.Problem
//	@Router		/employees [get]
func (h *Handler) listEmployees(c echo.Context) error {
	in := listEmployeesQuery{Limit: 100}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var after employee.Cursor
	if err := web.DecodeCursor(in.Cursor, &after); err != nil {
		return err
	}
	list, more, err := h.Employees.List(c.Request().Context(), employee.Filter{Archived: in.Archived, After: after, Limit: in.Limit})
	if err != nil {
		return err
	}
	page := web.Page[Employee]{Items: make([]Employee, 0, len(list))}
	for _, e := range list {
		page.Items = append(page.Items, newEmployee(e))
	}
	if more {
		page.NextCursor = web.EncodeCursor(list[len(list)-1].Cursor())
	}
	return c.JSON(http.StatusOK, page)
}

// createEmployee adds a colleague and sends a personal link of 48 hours. The colleague chooses the password and enrols the second factor.
//
//	@Summary	Invite an employee
//	@ID			createEmployee
//	@Tags		employees
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		body			body		NewEmployee	true	"Who joins"
//	@Param		Idempotency-Key	header		string		false	"Makes a retry safe"
//	@Success	201				{object}	Employee
//	@Header		201				{string}	ETag		"Version, for If-Match"
//	@Header		201				{string}	Location	"Address of the employee"
//	@Failure	default			{object}	web.Problem
//	@Router		/employees [post]
func (h *Handler) createEmployee(c echo.Context) error {
	var in NewEmployee
	if err := web.Body(c, &in); err != nil {
		return err
	}
	e, err := h.Invitations.CreateEmployee(c.Request().Context(), employee.Draft{
		Email: in.Email, FirstName: in.FirstName, LastName: in.LastName, JobTitle: in.JobTitle, Phone: in.Phone, Role: in.Role,
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/employees/"+e.ID.String())
	web.ETag(c, e.Version)
	return c.JSON(http.StatusCreated, newEmployee(e))
}

// getEmployee returns one colleague.
//
//	@Summary	Get an employee
//	@ID			getEmployee
//	@Tags		employees
//	@Produce	json
//	@Security	Session
//	@Param		employeeId	path		string	true	"Employee"	format(uuid)
//	@Success	200			{object}	Employee
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/employees/{employeeId} [get]
func (h *Handler) getEmployee(c echo.Context) error {
	id, err := web.ID(c, "employeeId")
	if err != nil {
		return err
	}
	e, err := h.Employees.Get(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.ETag(c, e.Version)
	return c.JSON(http.StatusOK, newEmployee(e))
}

// updateEmployee changes names, function or role, or blocks and unblocks. Blocking ends every session at once.
//
//	@Summary	Change an employee
//	@ID			updateEmployee
//	@Tags		employees
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		employeeId	path		string			true	"Employee"	format(uuid)
//	@Param		If-Match	header		string			true	"ETag of the version that is changed"
//	@Param		body		body		EmployeeChange	true	"What changes"
//	@Success	200			{object}	Employee
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/employees/{employeeId} [patch]
func (h *Handler) updateEmployee(c echo.Context) error {
	id, err := web.ID(c, "employeeId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in EmployeeChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	e, err := h.Employees.Update(c.Request().Context(), id, version, employee.Change(in))
	if err != nil {
		return err
	}
	web.ETag(c, e.Version)
	return c.JSON(http.StatusOK, newEmployee(e))
}

// archiveEmployee puts a colleague away who left. What they did keeps their name.
//
//	@Summary	Archive an employee
//	@ID			archiveEmployee
//	@Tags		employees
//	@Security	Session
//	@Param		employeeId	path	string	true	"Employee"	format(uuid)
//	@Param		If-Match	header	string	true	"ETag of the version that is archived"
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/employees/{employeeId} [delete]
func (h *Handler) archiveEmployee(c echo.Context) error {
	id, err := web.ID(c, "employeeId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	if err := h.Employees.Archive(c.Request().Context(), id, version); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// inviteEmployee sends a new link in place of every earlier one.
//
//	@Summary	Send an employee a link to set a password
//	@ID			inviteEmployee
//	@Tags		employees
//	@Produce	json
//	@Security	Session
//	@Param		employeeId		path		string	true	"Employee"	format(uuid)
//	@Param		Idempotency-Key	header		string	false	"Makes a retry safe"
//	@Success	202				{object}	Employee
//	@Failure	default			{object}	web.Problem
//	@Router		/employees/{employeeId}/invitation [post]
func (h *Handler) inviteEmployee(c echo.Context) error {
	id, err := web.ID(c, "employeeId")
	if err != nil {
		return err
	}
	e, err := h.Invitations.InviteEmployee(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, newEmployee(e))
}

// resetEmployee is for who lost the telephone: password and second factor are forgotten, sessions end, and a link goes to the mailbox.
//
//	@Summary	Let an employee begin again
//	@ID			resetEmployee
//	@Tags		employees
//	@Produce	json
//	@Security	Session
//	@Param		employeeId		path		string	true	"Employee"	format(uuid)
//	@Param		Idempotency-Key	header		string	false	"Makes a retry safe"
//	@Success	202				{object}	Employee
//	@Failure	default			{object}	web.Problem
//	@Router		/employees/{employeeId}/reset [post]
func (h *Handler) resetEmployee(c echo.Context) error {
	id, err := web.ID(c, "employeeId")
	if err != nil {
		return err
	}
	e, err := h.Invitations.ResetEmployee(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, newEmployee(e))
}

// listEmployeeSessions tells where a colleague is signed in, the newest visit first.
//
//	@Summary	Where is an employee signed in
//	@ID			listEmployeeSessions
//	@Tags		employees
//	@Produce	json
//	@Security	Session
//	@Param		employeeId	path		string	true	"Employee"	format(uuid)
//	@Success	200			{object}	web.Page[EmployeeSession]
//	@Failure	default		{object}	web.Problem
//	@Router		/employees/{employeeId}/sessions [get]
func (h *Handler) listEmployeeSessions(c echo.Context) error {
	id, err := web.ID(c, "employeeId")
	if err != nil {
		return err
	}
	all, err := h.SignIn.SessionsOf(c.Request().Context(), id)
	if err != nil {
		return err
	}
	out := make([]EmployeeSession, len(all))
	for i, s := range all {
		out[i] = EmployeeSession{Device: s.Device, CreatedAt: s.CreatedAt, LastSeenAt: s.LastSeenAt, This: s.This}
	}
	return c.JSON(http.StatusOK, web.Page[EmployeeSession]{Items: out})
}

// endEmployeeSessions signs a colleague out everywhere; the next request of each session is refused. Of one's own the session that
// asks goes on.
//
//	@Summary	Sign an employee out everywhere
//	@ID			endEmployeeSessions
//	@Tags		employees
//	@Security	Session
//	@Param		employeeId	path	string	true	"Employee"	format(uuid)
//	@Success	204
//	@Failure	default	{object}	web.Problem
//	@Router		/employees/{employeeId}/sessions [delete]
func (h *Handler) endEmployeeSessions(c echo.Context) error {
	id, err := web.ID(c, "employeeId")
	if err != nil {
		return err
	}
	if err := h.SignIn.EndSessionsOf(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
