package public

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"voordeur/internal/web"
)

// listProblems returns every kind of problem this API can answer with.
//
//	@Summary	List the problems the API can answer with
//	@ID			listProblems
//	@Tags		problems
//	@Produce	json
//	@Success	200		{object}	web.Page[web.ProblemKind]
//	@Failure	default	{object}	web.Problem
//	@Router		/public/problems [get]
func (h *Handler) listProblems(c echo.Context) error {
	return c.JSON(http.StatusOK, web.Page[web.ProblemKind]{Items: web.Problems()})
}

// getProblem explains one kind of problem: it is what the type of a problem document leads to.
//
//	@Summary	Explain one problem
//	@ID			getProblem
//	@Tags		problems
//	@Produce	json
//	@Param		code	path		string	true	"The code of the problem"	maxlength(80)
//	@Success	200		{object}	web.ProblemKind
//	@Failure	default	{object}	web.Problem
//	@Router		/public/problems/{code} [get]
func (h *Handler) getProblem(c echo.Context) error {
	kind, err := web.ProblemOf(c.Param("code"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, kind)
}

// getVersion says what is running.
//
//	@Summary	Tell which version is running
//	@ID			getVersion
//	@Tags		version
//	@Produce	json
//	@Success	200		{object}	web.Version
//	@Failure	default	{object}	web.Problem
//	@Router		/public/version [get]
func (h *Handler) getVersion(c echo.Context) error {
	return c.JSON(http.StatusOK, h.Version)
}
