package portal

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/actionpoint"
	"voordeur/internal/authz"
	"voordeur/internal/web"
)

func (h *Handler) actionPointRoutes(r web.Router) {
	r.GET("/portal/action-points/:actionPointId", web.Op{ID: "getActionPoint", Need: authz.PortalDossierRead}, h.getActionPoint)
	r.POST("/portal/action-points/:actionPointId/submissions", web.Op{
		ID: "createSubmission", Need: authz.PortalSubmissionCreate, Idempotency: web.IdempotencyRequired,
	}, h.createSubmission)
	r.POST("/portal/action-points/:actionPointId/withdrawal", web.Op{
		ID: "withdrawSubmission", Need: authz.PortalSubmissionCreate, IfMatch: true,
	}, h.withdrawSubmission)
}

// ActionPointApplicant is the applicant an action point is for.
type ActionPointApplicant struct {
	ID        uuid.UUID `json:"id" format:"uuid" validate:"required"`
	FirstName string    `json:"firstName" validate:"required"`
}

// Rejection says why the customer is asked again. Code is absent where the office asked again without rejecting.
type Rejection struct {
	Code        *actionpoint.ReasonCode `json:"code,omitempty"`
	Reason      string                  `json:"reason" validate:"required"`
	ByFirstName string                  `json:"byFirstName" validate:"required"` // of the employee, or the name of the office where a program of its own decided
	At          time.Time               `json:"at" format:"date-time" validate:"required"`
}

// SubmissionFile is one file that was handed in.
type SubmissionFile struct {
	DocumentID uuid.UUID `json:"documentId" format:"uuid" validate:"required"`
	Filename   string    `json:"filename" validate:"required"`
	MediaType  string    `json:"mediaType" validate:"required" example:"application/pdf"`
	Size       int64     `json:"size" validate:"required"`
}

// LastSubmission is what was handed in last.
type LastSubmission struct {
	ID          uuid.UUID        `json:"id" format:"uuid" validate:"required"`
	ByFirstName string           `json:"byFirstName" validate:"required"`
	At          time.Time        `json:"at" format:"date-time" validate:"required"`
	Remark      string           `json:"remark" validate:"required"`
	Files       []SubmissionFile `json:"files" validate:"required"`
}

// SubmissionVerdict is what the office decided about what was handed in.
type SubmissionVerdict struct {
	Verdict     actionpoint.Verdict     `json:"verdict" validate:"required"`
	Code        *actionpoint.ReasonCode `json:"code,omitempty"`
	Reason      string                  `json:"reason" validate:"required"`
	ByFirstName string                  `json:"byFirstName" validate:"required"` // of the employee, or the name of the office where a program of its own decided
	At          time.Time               `json:"at" format:"date-time" validate:"required"`
}

// Submission is what was handed in for one round.
type Submission struct {
	ID          uuid.UUID        `json:"id" format:"uuid" validate:"required"`
	Round       int              `json:"round" validate:"required"`
	ByFirstName string           `json:"byFirstName" validate:"required"`
	At          time.Time        `json:"at" format:"date-time" validate:"required"`
	Remark      string           `json:"remark" validate:"required"`
	Files       []SubmissionFile `json:"files" validate:"required"`
	// Mine: handed in by who asks, who may take it back as long as there is no verdict.
	Mine    bool               `json:"mine" validate:"required"`
	Verdict *SubmissionVerdict `json:"verdict,omitempty"`
}

// ActionPointSummary is something the office asks, as the overview shows it.
type ActionPointSummary struct {
	ID             uuid.UUID             `json:"id" format:"uuid" validate:"required"`
	ProductID      *uuid.UUID            `json:"productId,omitempty" format:"uuid"`
	Title          string                `json:"title" validate:"required" example:"Loonstrook"`
	Explanation    string                `json:"explanation" validate:"required"`
	ForApplicant   *ActionPointApplicant `json:"forApplicant,omitempty"`
	DueOn          string                `json:"dueOn,omitempty" format:"date" example:"2026-05-29"`
	State          actionpoint.State     `json:"state" validate:"required"`
	Round          int                   `json:"round" validate:"required"`
	AskedAgain     bool                  `json:"askedAgain" validate:"required"`
	Rejection      *Rejection            `json:"rejection,omitempty"`
	SubmittedAt    *time.Time            `json:"submittedAt,omitempty" format:"date-time"`
	DecidedAt      *time.Time            `json:"decidedAt,omitempty" format:"date-time"`
	LastSubmission *LastSubmission       `json:"lastSubmission,omitempty"`
}

// ActionPoint is something the office asks, with all that was handed in for it, newest round first.
type ActionPoint struct {
	ActionPointSummary
	DossierID   uuid.UUID    `json:"dossierId" format:"uuid" validate:"required"`
	Version     int64        `json:"version" validate:"required"`
	Submissions []Submission `json:"submissions" validate:"required"`
}

func newActionPointSummary(a actionpoint.Detail) ActionPointSummary {
	out := ActionPointSummary{
		ID: a.ID, ProductID: a.ProductID, Title: a.Title, Explanation: a.Explanation, DueOn: dateString(a.DueOn), State: a.State, Round: a.Round,
		AskedAgain: a.AskedAgain(), SubmittedAt: a.SubmittedAt, DecidedAt: a.DecidedAt,
	}
	if a.ForContactID != nil {
		out.ForApplicant = &ActionPointApplicant{ID: *a.ForContactID, FirstName: a.ForFirstName}
	}
	if a.ReasonAt != nil {
		out.Rejection = &Rejection{Code: a.ReasonCode, Reason: a.Reason, ByFirstName: a.ReasonByFirstName, At: *a.ReasonAt}
	}
	if len(a.Submissions) > 0 {
		s := a.Submissions[0]
		out.LastSubmission = &LastSubmission{ID: s.ID, ByFirstName: s.ByFirstName, At: s.CreatedAt, Remark: s.Remark, Files: files(s)}
	}
	return out
}

func newActionPoint(ctx context.Context, a actionpoint.Detail) ActionPoint {
	out := ActionPoint{ActionPointSummary: newActionPointSummary(a), DossierID: a.DossierID, Version: a.Version, Submissions: []Submission{}}
	me, _ := authz.From(ctx) // without an actor nobody came this far
	for _, s := range a.Submissions {
		wire := Submission{ID: s.ID, Round: s.Round, ByFirstName: s.ByFirstName, At: s.CreatedAt, Remark: s.Remark, Files: files(s), Mine: s.MemberID == me.ID}
		if s.Verdict != nil && s.VerdictAt != nil {
			wire.Verdict = &SubmissionVerdict{
				Verdict: *s.Verdict, Code: s.VerdictCode, Reason: s.VerdictReason, ByFirstName: s.VerdictByFirstName, At: *s.VerdictAt,
			}
		}
		out.Submissions = append(out.Submissions, wire)
	}
	return out
}

func files(s actionpoint.SubmissionDetail) []SubmissionFile {
	out := make([]SubmissionFile, 0, len(s.Files))
	for _, f := range s.Files {
		out = append(out, SubmissionFile{DocumentID: f.DocumentID, Filename: f.Filename, MediaType: f.MediaType, Size: f.Size})
	}
	return out
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
//	@Router		/portal/action-points/{actionPointId} [get]
func (h *Handler) getActionPoint(c echo.Context) error {
	id, err := web.ID(c, "actionPointId")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	a, err := h.ActionPoints.GetAsMember(ctx, id)
	if err != nil {
		return err
	}
	return web.OK(c, a.Version, newActionPoint(ctx, a))
}

// CreateSubmission is the body of createSubmission.
type CreateSubmission struct {
	UploadIDs []uuid.UUID `json:"uploadIds" format:"uuid" validate:"required,min=1,max=20,unique"`
	Remark    string      `json:"remark,omitempty" validate:"max=2000" text:"lines"`
}

// createSubmission hands in finished uploads for an open action point, all of them or none.
//
//	@Summary	Hand in
//	@ID			createSubmission
//	@Tags		action-points
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		actionPointId	path		string				true	"Action point"	format(uuid)
//	@Param		Idempotency-Key	header		string				true	"The same key and body give the same answer for 24 hours"
//	@Param		body			body		CreateSubmission	true	"What is handed in"
//	@Success	201				{object}	ActionPoint
//	@Header		201				{string}	Location	"The action point"
//	@Header		201				{string}	ETag		"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/portal/action-points/{actionPointId}/submissions [post]
func (h *Handler) createSubmission(c echo.Context) error {
	id, err := web.ID(c, "actionPointId")
	if err != nil {
		return err
	}
	var in CreateSubmission
	if err := web.Body(c, &in); err != nil {
		return err
	}
	ctx := c.Request().Context()
	a, err := h.ActionPoints.Submit(ctx, id, in.UploadIDs, in.Remark)
	if err != nil {
		return err
	}
	web.ETag(c, a.Version)
	return web.Created(c, web.Location("/portal/action-points", a.ID), newActionPoint(ctx, a))
}

// withdrawSubmission takes back what the caller handed in, until the office has decided about it. Its files are put away.
//
//	@Summary	Take back
//	@ID			withdrawSubmission
//	@Tags		action-points
//	@Produce	json
//	@Security	Session
//	@Param		actionPointId	path		string	true	"Action point"	format(uuid)
//	@Param		If-Match		header		string	true	"ETag of the version that was looked at"
//	@Success	200				{object}	ActionPoint
//	@Header		200				{string}	ETag	"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/portal/action-points/{actionPointId}/withdrawal [post]
func (h *Handler) withdrawSubmission(c echo.Context) error {
	id, err := web.ID(c, "actionPointId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	a, err := h.ActionPoints.Withdraw(ctx, id, version)
	if err != nil {
		return err
	}
	return web.OK(c, a.Version, newActionPoint(ctx, a))
}
