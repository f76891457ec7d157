package office

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/employee"
	"voordeur/internal/web"
)

func (h *Handler) employeeRoutes(r web.Router) {
	r.GET("/employees", web.Op{ID: "listEmployees", Need: authz.EmployeeRead}, h.listEmployees)
}

// Employee is a colleague.
type Employee struct {
	ID        uuid.UUID     `json:"id" format:"uuid" validate:"required"`
	FirstName string        `json:"firstName" validate:"required"`
	LastName  string        `json:"lastName" validate:"required"`
	Email     string        `json:"email" validate:"required"`
	JobTitle  string        `json:"jobTitle" validate:"required"`
	Phone     string        `json:"phone" validate:"required"`
	Role      employee.Role `json:"role" validate:"required"`
	Blocked   bool          `json:"blocked" validate:"required"`
}

func newEmployee(e employee.Employee) Employee {
	return Employee{
		ID: e.ID, FirstName: e.FirstName, LastName: e.LastName, Email: e.Email, JobTitle: e.JobTitle,
		Phone: e.Phone, Role: e.Role, Blocked: e.BlockedAt != nil,
	}
}

type listEmployeesQuery struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" validate:"min=1,max=200"`
}

// listEmployees returns the employees of the office by name.
//
//	@Summary	List employees
//	@ID			listEmployees
//	@Tags		employees
//	@Produce	json
//	@Security	Session
//	@Param		cursor	query		string	false	"nextCursor of the page before"
//	@Param		limit	query		int		false	"Page size"	minimum(1)	maximum(200)	default(100)
//	@Success	200		{object}	web.Page[Employee]
//	@Failure	default	{object}	web.Problem
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
	list, more, err := h.Employees.List(c.Request().Context(), after, in.Limit)
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
