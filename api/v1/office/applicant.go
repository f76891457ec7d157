package office

import (
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/dossier"
	"voordeur/internal/web"
)

func (h *Handler) applicantRoutes(r web.Router) {
	r.POST("/dossiers/:dossierId/applicants", web.Op{
		ID: "addApplicant", Need: authz.DossierWrite, Also: []authz.Permission{authz.DossierRead}, Idempotency: web.IdempotencyAccepted,
	}, h.addApplicant)
	r.DELETE("/dossiers/:dossierId/applicants/:applicantId", web.Op{
		ID: "removeApplicant", Need: authz.DossierWrite, Also: []authz.Permission{authz.DossierRead}, IfMatch: true,
	}, h.removeApplicant)
}

// addApplicant puts one more applicant on a dossier, with a login that opens it. It mails nobody.
//
//	@Summary	Add an applicant
//	@ID			addApplicant
//	@Tags		dossiers
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		dossierId		path		string					true	"Dossier"	format(uuid)
//	@Param		Idempotency-Key	header		string					false	"The same key and body give the same answer for 24 hours"
//	@Param		body			body		CreateDossierApplicant	true	"A contact of the client, or a new one"
//	@Success	201				{object}	Dossier
//	@Header		201				{string}	Location	"The dossier"
//	@Header		201				{string}	ETag		"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/dossiers/{dossierId}/applicants [post]
func (h *Handler) addApplicant(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	var in CreateDossierApplicant
	if err := web.Body(c, &in); err != nil {
		return err
	}
	ctx := c.Request().Context()
	if _, err := h.Dossiers.AddApplicant(ctx, id, dossier.ApplicantDraft(in)); err != nil {
		return err
	}
	d, err := h.Overviews.Dossier(ctx, id)
	if err != nil {
		return err
	}
	web.ETag(c, d.Version)
	return web.Created(c, web.Location("/dossiers", id), newDossier(d))
}

type removeApplicantQuery struct {
	EndAccess bool `query:"endAccess"`
}

// removeApplicant takes an applicant off a dossier. The login no longer opens it, which endAccess confirms, and what was
// still asked of this person alone is withdrawn. What was handed in stays, and so does the contact at the client.
//
//	@Summary	Remove an applicant
//	@ID			removeApplicant
//	@Tags		dossiers
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string	true	"Dossier"	format(uuid)
//	@Param		applicantId	path		string	true	"Applicant"	format(uuid)
//	@Param		endAccess	query		bool	false	"That the applicant's login no longer opens the dossier; required where it does now"
//	@Param		If-Match	header		string	true	"ETag of the version of the dossier that changes"
//	@Success	200			{object}	Dossier
//	@Header		200			{string}	ETag	"Its version"
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers/{dossierId}/applicants/{applicantId} [delete]
func (h *Handler) removeApplicant(c echo.Context) error {
	id, version, err := target(c, "dossierId")
	if err != nil {
		return err
	}
	applicant, err := web.ID(c, "applicantId")
	if err != nil {
		return err
	}
	var in removeApplicantQuery
	if err := web.Query(c, &in); err != nil {
		return err
	}
	if err := h.Dossiers.RemoveApplicant(c.Request().Context(), id, applicant, version, in.EndAccess); err != nil {
		return err
	}
	return h.showDossier(c, id)
}
