package office

import (
	"encoding/hex"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/actionpoint"
	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) actionPointRoutes(r web.Router) {
	r.GET("/dossiers/:dossierId/action-points", web.Op{ID: "listDossierActionPoints", Need: authz.ActionPointRead, InBatch: true}, h.listDossierActionPoints)
	r.POST("/dossiers/:dossierId/action-points", web.Op{
		ID: "createActionPoints", Need: authz.ActionPointWrite, Idempotency: web.IdempotencyAccepted,
	}, h.createActionPoints)
	r.GET("/action-points", web.Op{ID: "listActionPoints", Need: authz.ActionPointRead, InBatch: true}, h.listActionPoints)
	r.GET("/action-points/:actionPointId", web.Op{ID: "getActionPoint", Need: authz.ActionPointRead}, h.getActionPoint)
	r.PATCH("/action-points/:actionPointId", web.Op{ID: "updateActionPoint", Need: authz.ActionPointWrite, IfMatch: true}, h.updateActionPoint)
	r.POST("/action-points/:actionPointId/approval", web.Op{ID: "approveActionPoint", Need: authz.ActionPointReview, IfMatch: true}, h.approveActionPoint)
	r.POST("/action-points/:actionPointId/rejection", web.Op{ID: "rejectActionPoint", Need: authz.ActionPointReview, IfMatch: true}, h.rejectActionPoint)
	r.POST("/action-points/:actionPointId/request", web.Op{ID: "requestActionPoint", Need: authz.ActionPointWrite, IfMatch: true}, h.requestActionPoint)
	r.POST("/action-points/:actionPointId/cancellation", web.Op{ID: "cancelActionPoint", Need: authz.ActionPointWrite, IfMatch: true}, h.cancelActionPoint)
	r.GET("/action-point-templates", web.Op{ID: "listActionPointTemplates", Need: authz.ActionPointRead}, h.listActionPointTemplates)
}

// ActionPointApplicant is the applicant an action point is for.
type ActionPointApplicant struct {
	ContactID uuid.UUID `json:"contactId" format:"uuid" validate:"required"`
	FirstName string    `json:"firstName" validate:"required"`
	LastName  string    `json:"lastName" validate:"required"`
}

// Rejection says why the customer is asked again. Code is absent where the office asked again without rejecting.
type Rejection struct {
	Code        *actionpoint.ReasonCode `json:"code,omitempty"`
	Reason      string                  `json:"reason" validate:"required"`
	ByFirstName string                  `json:"byFirstName" validate:"required"` // of the employee, or the name of the office where a program decided
	ByProgram   string                  `json:"byProgram,omitempty"`             // its name, where a program decided and no employee
	At          time.Time               `json:"at" format:"date-time" validate:"required"`
}

// SubmissionFile is one file of a submission.
type SubmissionFile struct {
	DocumentID uuid.UUID `json:"documentId" format:"uuid" validate:"required"`
	Filename   string    `json:"filename" validate:"required"`
	MediaType  string    `json:"mediaType" validate:"required" example:"application/pdf"`
	Size       int64     `json:"size" validate:"required"`
	SHA256     string    `json:"sha256" validate:"required"`
}

// SubmissionVerdict is what the office decided about a submission.
type SubmissionVerdict struct {
	Verdict     actionpoint.Verdict     `json:"verdict" validate:"required"`
	Code        *actionpoint.ReasonCode `json:"code,omitempty"`
	Reason      string                  `json:"reason" validate:"required"`
	ByFirstName string                  `json:"byFirstName" validate:"required"` // of the employee, or the name of the office where a program decided
	ByProgram   string                  `json:"byProgram,omitempty"`             // its name, where a program decided and no employee
	At          time.Time               `json:"at" format:"date-time" validate:"required"`
}

// Submission is what the customer handed in for one round.
type Submission struct {
	ID          uuid.UUID          `json:"id" format:"uuid" validate:"required"`
	Round       int                `json:"round" validate:"required"`
	ByFirstName string             `json:"byFirstName" validate:"required"`
	ByLastName  string             `json:"byLastName" validate:"required"`
	At          time.Time          `json:"at" format:"date-time" validate:"required"`
	Remark      string             `json:"remark" validate:"required"`
	Files       []SubmissionFile   `json:"files" validate:"required"`
	Verdict     *SubmissionVerdict `json:"verdict,omitempty"`
}

// ActionPoint is something asked of the customer, with all that was handed in for it, newest round first.
type ActionPoint struct {
	ID               uuid.UUID             `json:"id" format:"uuid" validate:"required"`
	DossierID        uuid.UUID             `json:"dossierId" format:"uuid" validate:"required"`
	DossierName      string                `json:"dossierName" validate:"required"`
	DossierReference string                `json:"dossierReference" validate:"required"`
	ProductID        *uuid.UUID            `json:"productId,omitempty" format:"uuid"`
	ProductName      string                `json:"productName,omitempty"`
	Kind             actionpoint.Kind      `json:"kind" validate:"required"`
	Title            string                `json:"title" validate:"required" example:"Loonstrook"`
	Explanation      string                `json:"explanation" validate:"required"`
	ForApplicant     *ActionPointApplicant `json:"forApplicant,omitempty"`
	DueOn            string                `json:"dueOn,omitempty" format:"date" example:"2026-05-29"`
	State            actionpoint.State     `json:"state" validate:"required"`
	Round            int                   `json:"round" validate:"required"`
	AskedAgain       bool                  `json:"askedAgain" validate:"required"`
	Rejection        *Rejection            `json:"rejection,omitempty"`
	SubmittedAt      *time.Time            `json:"submittedAt,omitempty" format:"date-time"`
	DecidedAt        *time.Time            `json:"decidedAt,omitempty" format:"date-time"`
	CreatedAt        time.Time             `json:"createdAt" format:"date-time" validate:"required"`
	UpdatedAt        time.Time             `json:"updatedAt" format:"date-time" validate:"required"`
	Submissions      []Submission          `json:"submissions" validate:"required"`
	Version          int64                 `json:"version" validate:"required"`
}

func newActionPoint(a actionpoint.Detail) ActionPoint {
	out := ActionPoint{
		ID: a.ID, DossierID: a.DossierID, DossierName: a.DossierName, DossierReference: a.DossierReference, ProductID: a.ProductID,
		ProductName: a.ProductName, Kind: a.Kind, Title: a.Title, Explanation: a.Explanation, DueOn: dateString(a.DueOn), State: a.State,
		Round: a.Round, AskedAgain: a.AskedAgain(), SubmittedAt: a.SubmittedAt, DecidedAt: a.DecidedAt, CreatedAt: a.CreatedAt,
		UpdatedAt: a.UpdatedAt, Submissions: []Submission{}, Version: a.Version,
	}
	if a.ForContactID != nil {
		out.ForApplicant = &ActionPointApplicant{ContactID: *a.ForContactID, FirstName: a.ForFirstName, LastName: a.ForLastName}
	}
	if a.ReasonAt != nil {
		out.Rejection = &Rejection{Code: a.ReasonCode, Reason: a.Reason, ByFirstName: a.ReasonByFirstName, ByProgram: a.ReasonProgram, At: *a.ReasonAt}
	}
	for _, s := range a.Submissions {
		out.Submissions = append(out.Submissions, newSubmission(s))
	}
	return out
}

func newSubmission(s actionpoint.SubmissionDetail) Submission {
	out := Submission{
		ID: s.ID, Round: s.Round, ByFirstName: s.ByFirstName, ByLastName: s.ByLastName, At: s.CreatedAt, Remark: s.Remark, Files: []SubmissionFile{},
	}
	for _, f := range s.Files {
		out.Files = append(out.Files, SubmissionFile{
			DocumentID: f.DocumentID, Filename: f.Filename, MediaType: f.MediaType, Size: f.Size, SHA256: hex.EncodeToString(f.SHA256),
		})
	}
	if s.Verdict != nil && s.VerdictAt != nil {
		out.Verdict = &SubmissionVerdict{
			Verdict: *s.Verdict, Code: s.VerdictCode, Reason: s.VerdictReason, ByFirstName: s.VerdictByFirstName, ByProgram: s.VerdictProgram, At: *s.VerdictAt,
		}
	}
	return out
}

// listDossierActionPoints returns everything asked in a dossier, in the order in which it was asked.
//
//	@Summary	List the action points of a dossier
//	@ID			listDossierActionPoints
//	@Tags		action-points
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string	true	"Dossier"	format(uuid)
//	@Param		cursor		query		string	false	"nextCursor of the previous page"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(200)
//	@Success	200			{object}	web.Page[ActionPoint]
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers/{dossierId}/action-points [get]
func (h *Handler) listDossierActionPoints(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	in := pageQuery{Limit: 200}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var after uuid.UUID
	if err := web.DecodeCursor(in.Cursor, &after); err != nil {
		return err
	}
	as, err := h.ActionPoints.InDossier(c.Request().Context(), id, after, in.Limit+1)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(as, in.Limit, newActionPoint, func(a actionpoint.Detail) any { return a.ID }))
}

// CreateActionPoint is one thing to ask.
type CreateActionPoint struct {
	ProductID    *uuid.UUID `json:"productId,omitempty" format:"uuid"`
	Title        string     `json:"title" validate:"required,max=120" example:"Loonstrook"`
	Explanation  string     `json:"explanation,omitempty" validate:"max=2000" text:"lines"`
	ForContactID *uuid.UUID `json:"forContactId,omitempty" format:"uuid"`
	DueOn        string     `json:"dueOn,omitempty" format:"date" validate:"omitempty,datetime=2006-01-02" example:"2026-05-29"`
}

// CreateActionPoints is the body of createActionPoints.
type CreateActionPoints struct {
	Items []CreateActionPoint `json:"items" validate:"required,min=1,max=50,dive"`
}

// ActionPointList is what createActionPoints made.
type ActionPointList struct {
	Items []ActionPoint `json:"items" validate:"required"`
}

// createActionPoints asks the customer for one or more things at once. It mails nobody.
//
//	@Summary	Ask for something
//	@ID			createActionPoints
//	@Tags		action-points
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		dossierId		path		string				true	"Dossier"	format(uuid)
//	@Param		Idempotency-Key	header		string				false	"The same key and body give the same answer for 24 hours"
//	@Param		body			body		CreateActionPoints	true	"What is asked"
//	@Success	201				{object}	ActionPointList
//	@Header		201				{string}	Location	"The action points of the dossier"
//	@Failure	default			{object}	web.Problem
//	@Router		/dossiers/{dossierId}/action-points [post]
func (h *Handler) createActionPoints(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	var in CreateActionPoints
	if err := web.Body(c, &in); err != nil {
		return err
	}
	drafts := make([]actionpoint.Draft, 0, len(in.Items))
	for _, i := range in.Items {
		drafts = append(drafts, actionpoint.Draft{
			ProductID: i.ProductID, Title: i.Title, Explanation: i.Explanation, ForContactID: i.ForContactID, DueOn: dateOf(i.DueOn),
		})
	}
	made, err := h.ActionPoints.Create(c.Request().Context(), id, drafts)
	if err != nil {
		return err
	}
	out := ActionPointList{Items: make([]ActionPoint, 0, len(made))}
	for _, a := range made {
		out.Items = append(out.Items, newActionPoint(a))
	}
	return web.Created(c, web.Location("/dossiers", id)+"/action-points", out)
}

type listActionPointsQuery struct {
	State      string `query:"state" validate:"omitempty,oneof=open submitted approved rejected cancelled"`
	AskedAgain *bool  `query:"askedAgain"`
	DecidedOn  string `query:"decidedOn" validate:"omitempty,datetime=2006-01-02"`
	Cursor     string `query:"cursor" validate:"max=1000"`
	Limit      int    `query:"limit" validate:"min=1,max=200"`
}

// listActionPoints returns the action points of all open dossiers: of what waits the longest waiting first (the office's queue), otherwise
// what changed last first.
//
//	@Summary	List action points
//	@ID			listActionPoints
//	@Tags		action-points
//	@Produce	json
//	@Security	Session
//	@Param		state		query		string	false	"State"	enums(open,submitted,approved,rejected,cancelled)
//	@Param		askedAgain	query		bool	false	"Only those that are, or are not, asked for again"
//	@Param		decidedOn	query		string	false	"Only what was decided or withdrawn on this day, by the office's calendar"	format(date)
//	@Param		cursor		query		string	false	"nextCursor of the previous page"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200			{object}	web.Page[ActionPoint]
//	@Failure	default		{object}	web.Problem
//	@Router		/action-points [get]
func (h *Handler) listActionPoints(c echo.Context) error {
	in := listActionPointsQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	f := actionpoint.Filter{State: actionpoint.State(in.State), AskedAgain: in.AskedAgain, DecidedOn: dateOf(in.DecidedOn), Limit: in.Limit + 1}
	if in.Cursor != "" {
		f.After = &actionpoint.Cursor{}
		if err := web.DecodeCursor(in.Cursor, f.After); err != nil {
			return err
		}
	}
	as, err := h.ActionPoints.List(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(as, in.Limit, newActionPoint, func(a actionpoint.Detail) any { return f.CursorOf(a) }))
}

// getActionPoint returns one action point with everything that was handed in for it.
//
//	@Summary	Get an action point
//	@ID			getActionPoint
//	@Tags		action-points
//	@Produce	json
//	@Security	Session
//	@Param		actionPointId	path		string	true	"Action point"	format(uuid)
//	@Success	200				{object}	ActionPoint
//	@Header		200				{string}	ETag	"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/action-points/{actionPointId} [get]
func (h *Handler) getActionPoint(c echo.Context) error {
	id, err := web.ID(c, "actionPointId")
	if err != nil {
		return err
	}
	return showActionPoint(c)(h.ActionPoints.Get(c.Request().Context(), id))
}

// showActionPoint answers with what a use case returned.
func showActionPoint(c echo.Context) func(actionpoint.Detail, error) error {
	return func(a actionpoint.Detail, err error) error {
		if err != nil {
			return err
		}
		return web.OK(c, a.Version, newActionPoint(a))
	}
}

// UpdateActionPoint is the body of updateActionPoint; absent fields stay as they are, null empties what may be empty.
type UpdateActionPoint struct {
	Title        *string                 `json:"title,omitempty" validate:"omitempty,min=1,max=120"`
	Explanation  *string                 `json:"explanation,omitempty" validate:"omitempty,max=2000" text:"lines"`
	ProductID    web.Optional[uuid.UUID] `json:"productId,omitzero" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	ForContactID web.Optional[uuid.UUID] `json:"forContactId,omitzero" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DueOn        web.Optional[string]    `json:"dueOn,omitzero" swaggertype:"string" format:"date" extensions:"x-nullable"`
}

// updateActionPoint changes what is asked, until it is approved or cancelled.
//
//	@Summary	Change an action point
//	@ID			updateActionPoint
//	@Tags		action-points
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		actionPointId	path		string				true	"Action point"	format(uuid)
//	@Param		If-Match		header		string				true	"ETag of the version that changes"
//	@Param		body			body		UpdateActionPoint	true	"What changes"
//	@Success	200				{object}	ActionPoint
//	@Header		200				{string}	ETag	"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/action-points/{actionPointId} [patch]
func (h *Handler) updateActionPoint(c echo.Context) error {
	id, version, err := target(c, "actionPointId")
	if err != nil {
		return err
	}
	var in UpdateActionPoint
	if err := web.Body(c, &in); err != nil {
		return err
	}
	due, err := optionalDate("/dueOn", in.DueOn)
	if err != nil {
		return err
	}
	return showActionPoint(c)(h.ActionPoints.Update(c.Request().Context(), id, version, actionpoint.Change{
		Title: in.Title, Explanation: in.Explanation, SetProduct: in.ProductID.Present, ProductID: in.ProductID.Value,
		SetForContact: in.ForContactID.Present, ForContactID: in.ForContactID.Value, SetDueOn: in.DueOn.Present, DueOn: due,
	}))
}

// approveActionPoint accepts what the customer handed in.
//
//	@Summary	Approve what was handed in
//	@ID			approveActionPoint
//	@Tags		action-points
//	@Produce	json
//	@Security	Session
//	@Param		actionPointId	path		string	true	"Action point"	format(uuid)
//	@Param		If-Match		header		string	true	"ETag of the version that was looked at"
//	@Success	200				{object}	ActionPoint
//	@Header		200				{string}	ETag	"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/action-points/{actionPointId}/approval [post]
func (h *Handler) approveActionPoint(c echo.Context) error {
	id, version, err := target(c, "actionPointId")
	if err != nil {
		return err
	}
	return showActionPoint(c)(h.ActionPoints.Approve(c.Request().Context(), id, version))
}

// RejectActionPoint is the body of rejectActionPoint. The customer reads the reason.
type RejectActionPoint struct {
	Code     actionpoint.ReasonCode `json:"code" validate:"required,oneof=unreadable too_old page_missing signature_missing wrong_document other"`
	Reason   string                 `json:"reason" validate:"required,max=2000" text:"lines" example:"De datum ontbreekt."`
	AskAgain *bool                  `json:"askAgain,omitempty" default:"true"`
}

// rejectActionPoint sends back what the customer handed in, and by default asks for it again at once.
//
//	@Summary	Reject what was handed in
//	@ID			rejectActionPoint
//	@Tags		action-points
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		actionPointId	path		string				true	"Action point"	format(uuid)
//	@Param		If-Match		header		string				true	"ETag of the version that was looked at"
//	@Param		body			body		RejectActionPoint	true	"Why"
//	@Success	200				{object}	ActionPoint
//	@Header		200				{string}	ETag	"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/action-points/{actionPointId}/rejection [post]
func (h *Handler) rejectActionPoint(c echo.Context) error {
	id, version, err := target(c, "actionPointId")
	if err != nil {
		return err
	}
	var in RejectActionPoint
	if err := web.Body(c, &in); err != nil {
		return err
	}
	again := in.AskAgain == nil || *in.AskAgain
	return showActionPoint(c)(h.ActionPoints.Reject(c.Request().Context(), id, version, in.Code, in.Reason, again))
}

// RequestActionPoint is the body of requestActionPoint.
type RequestActionPoint struct {
	Reason string `json:"reason,omitempty" validate:"max=2000" text:"lines"`
}

// requestActionPoint asks again for something that was handed in, approved or rejected.
//
//	@Summary	Ask again
//	@ID			requestActionPoint
//	@Tags		action-points
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		actionPointId	path		string				true	"Action point"	format(uuid)
//	@Param		If-Match		header		string				true	"ETag of the version that was looked at"
//	@Param		body			body		RequestActionPoint	true	"Why; may be empty"
//	@Success	200				{object}	ActionPoint
//	@Header		200				{string}	ETag	"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/action-points/{actionPointId}/request [post]
func (h *Handler) requestActionPoint(c echo.Context) error {
	id, version, err := target(c, "actionPointId")
	if err != nil {
		return err
	}
	var in RequestActionPoint
	if err := web.Body(c, &in); err != nil {
		return err
	}
	return showActionPoint(c)(h.ActionPoints.Request(c.Request().Context(), id, version, in.Reason))
}

// cancelActionPoint withdraws a question that was not approved yet.
//
//	@Summary	Withdraw an action point
//	@ID			cancelActionPoint
//	@Tags		action-points
//	@Produce	json
//	@Security	Session
//	@Param		actionPointId	path		string	true	"Action point"	format(uuid)
//	@Param		If-Match		header		string	true	"ETag of the version that was looked at"
//	@Success	200				{object}	ActionPoint
//	@Header		200				{string}	ETag	"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/action-points/{actionPointId}/cancellation [post]
func (h *Handler) cancelActionPoint(c echo.Context) error {
	id, version, err := target(c, "actionPointId")
	if err != nil {
		return err
	}
	return showActionPoint(c)(h.ActionPoints.Cancel(c.Request().Context(), id, version))
}

// ActionPointTemplate is something the office usually asks for.
type ActionPointTemplate struct {
	ID          uuid.UUID `json:"id" format:"uuid" validate:"required"`
	ProductKind string    `json:"productKind,omitempty" enums:"mortgage,home_insurance,life_insurance,pension,business,other"`
	Title       string    `json:"title" validate:"required" example:"Loonstrook"`
	Explanation string    `json:"explanation" validate:"required"`
}

type listActionPointTemplatesQuery struct {
	ProductKind string `query:"productKind" validate:"omitempty,oneof=mortgage home_insurance life_insurance pension business other"`
}

// listActionPointTemplates returns what the office usually asks for: for one kind of product (with what goes for every
// product), or everything.
//
//	@Summary	List usual action points
//	@ID			listActionPointTemplates
//	@Tags		action-points
//	@Produce	json
//	@Security	Session
//	@Param		productKind	query		string	false	"Kind of product"	enums(mortgage,home_insurance,life_insurance,pension,business,other)
//	@Success	200			{object}	web.Page[ActionPointTemplate]
//	@Failure	default		{object}	web.Problem
//	@Router		/action-point-templates [get]
func (h *Handler) listActionPointTemplates(c echo.Context) error {
	var in listActionPointTemplatesQuery
	if err := web.Query(c, &in); err != nil {
		return err
	}
	ts, err := h.ActionPoints.Templates(c.Request().Context(), in.ProductKind)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(ts, len(ts), newActionPointTemplate, func(t actionpoint.Template) any { return t.ID }))
}

func newActionPointTemplate(t actionpoint.Template) ActionPointTemplate {
	out := ActionPointTemplate{ID: t.ID, Title: t.Title, Explanation: t.Explanation}
	if t.ProductKind != nil {
		out.ProductKind = *t.ProductKind
	}
	return out
}
