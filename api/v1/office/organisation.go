package office

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/organisation"
	"voordeur/internal/web"
)

func (h *Handler) organisationRoutes(r web.Router) {
	r.GET("/organisation", web.Op{ID: "getOrganisation", Need: authz.OrganisationRead}, h.getOrganisation)
	r.PATCH("/organisation", web.Op{ID: "updateOrganisation", Need: authz.OrganisationWrite, IfMatch: true, MayStepUp: true}, h.updateOrganisation)
	r.GET("/organisation/logo", web.Op{ID: "getOrganisationLogo", Need: authz.OrganisationRead}, h.getOrganisationLogo)
	r.PUT("/organisation/logo", web.Op{ID: "uploadLogo", Need: authz.OrganisationWrite, Raw: true, Body: 1<<20 + 1}, h.uploadLogo)
	r.DELETE("/organisation/logo", web.Op{ID: "removeLogo", Need: authz.OrganisationWrite}, h.removeLogo)
	r.GET("/organisation/header-photo", web.Op{ID: "getOrganisationHeaderPhoto", Need: authz.OrganisationRead}, h.getOrganisationHeaderPhoto)
	r.PUT("/organisation/header-photo", web.Op{ID: "uploadHeaderPhoto", Need: authz.OrganisationWrite, Raw: true, Body: 2<<20 + 1}, h.uploadHeaderPhoto)
	r.DELETE("/organisation/header-photo", web.Op{ID: "removeHeaderPhoto", Need: authz.OrganisationWrite}, h.removeHeaderPhoto)
}

// Organisation is the office itself: what its customers see of it (B1).
type Organisation struct {
	ID                        uuid.UUID                  `json:"id" format:"uuid" validate:"required"`
	Slug                      string                     `json:"slug" validate:"required"`
	Name                      string                     `json:"name" validate:"required"`
	Tagline                   string                     `json:"tagline" validate:"required"`
	BrandColour               string                     `json:"brandColour" validate:"required" example:"#2b4a9b"`
	HeaderImage               organisation.HeaderImage   `json:"headerImage" validate:"required"`
	WelcomeTitle              string                     `json:"welcomeTitle" validate:"required"`
	WelcomeText               string                     `json:"welcomeText" validate:"required"`
	FormOfAddress             organisation.FormOfAddress `json:"formOfAddress" validate:"required"`
	Email                     string                     `json:"email" validate:"required"`
	Phone                     string                     `json:"phone" validate:"required"`
	OpeningHours              string                     `json:"openingHours" validate:"required"`
	CustomersNeedSecondFactor bool                       `json:"customersNeedSecondFactor" validate:"required"`
	LogoURL                   string                     `json:"logoUrl,omitempty" example:"/api/v1/organisation/logo?v=3"`
	HeaderPhotoURL            string                     `json:"headerPhotoUrl,omitempty"`
	// InviteMembers: a new portal member is sent the invitation at once (C1).
	InviteMembers bool `json:"inviteMembers" validate:"required"`
	// CodeLogin: customers may log in with a code by text message or mail, in place of a password (D3).
	CodeLogin bool   `json:"codeLogin" validate:"required"`
	PortalURL string `json:"portalUrl" validate:"required" example:"http://localhost:8080/brugwachter"`
	Version   int64  `json:"version" validate:"required"`
}

func (h *Handler) newOrganisation(o organisation.Organisation) Organisation {
	out := Organisation{
		ID: o.ID, Slug: o.Slug, Name: o.Name, Tagline: o.Tagline, BrandColour: o.BrandColour, HeaderImage: o.HeaderImage,
		WelcomeTitle: o.WelcomeTitle, WelcomeText: o.WelcomeText, FormOfAddress: o.FormOfAddress,
		Email: o.Email, Phone: o.Phone, OpeningHours: o.OpeningHours, InviteMembers: o.InviteMembers, CodeLogin: o.CodeLogin, CustomersNeedSecondFactor: o.CustomersNeedSecondFactor, PortalURL: h.Organisations.PortalURL(o.Slug), Version: o.Version,
	}
	v := "?v=" + strconv.FormatInt(o.Version, 10)
	if o.HasLogo {
		out.LogoURL = "/api/v1/organisation/logo" + v
	}
	if o.HasHeaderPhoto {
		out.HeaderPhotoURL = "/api/v1/organisation/header-photo" + v
	}
	return out
}

// OrganisationChange is the body of updateOrganisation; what is absent stays.
type OrganisationChange struct {
	Name                      *string                     `json:"name,omitempty" validate:"omitempty,min=1,max=120"`
	Tagline                   *string                     `json:"tagline,omitempty" validate:"omitempty,max=120"`
	BrandColour               *string                     `json:"brandColour,omitempty" validate:"omitempty,len=7" example:"#2b4a9b"`
	HeaderImage               *organisation.HeaderImage   `json:"headerImage,omitempty" validate:"omitempty,oneof=street none photo"`
	WelcomeTitle              *string                     `json:"welcomeTitle,omitempty" validate:"omitempty,max=80"`
	WelcomeText               *string                     `json:"welcomeText,omitempty" validate:"omitempty,max=140" text:"lines"`
	FormOfAddress             *organisation.FormOfAddress `json:"formOfAddress,omitempty" validate:"omitempty,oneof=formal informal"`
	Email                     *string                     `json:"email,omitempty" validate:"omitempty,max=254"`
	Phone                     *string                     `json:"phone,omitempty" validate:"omitempty,max=40"`
	OpeningHours              *string                     `json:"openingHours,omitempty" validate:"omitempty,max=120"`
	CustomersNeedSecondFactor *bool                       `json:"customersNeedSecondFactor,omitempty"`
	InviteMembers             *bool                       `json:"inviteMembers,omitempty"`
	CodeLogin                 *bool                       `json:"codeLogin,omitempty"`
}

// getOrganisation returns the office of the employee.
//
//	@Summary	Get the office and its branding
//	@ID			getOrganisation
//	@Tags		organisation
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	Organisation
//	@Header		200		{string}	ETag	"Version, for If-Match"
//	@Failure	default	{object}	web.Problem
//	@Router		/organisation [get]
func (h *Handler) getOrganisation(c echo.Context) error {
	o, err := h.Organisations.Get(c.Request().Context())
	if err != nil {
		return err
	}
	return h.sendOrganisation(c, o)
}

// updateOrganisation changes the branding; customers see it at their next page.
//
//	@Summary	Change the branding of the office
//	@ID			updateOrganisation
//	@Tags		organisation
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		If-Match	header		string				true	"ETag of the version that is changed"
//	@Param		body		body		OrganisationChange	true	"What changes"
//	@Success	200			{object}	Organisation
//	@Header		200			{string}	ETag	"Version, for If-Match"
//	@Failure	default		{object}	web.Problem
//	@Router		/organisation [patch]
func (h *Handler) updateOrganisation(c echo.Context) error {
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in OrganisationChange
	if err := web.Body(c, &in); err != nil {
		return err
	}
	o, err := h.Organisations.Update(c.Request().Context(), version, organisation.Change(in))
	if err != nil {
		return err
	}
	return h.sendOrganisation(c, o)
}

// getOrganisationLogo returns the logo.
//
//	@Summary	Get the logo
//	@ID			getOrganisationLogo
//	@Tags		organisation
//	@Produce	png,jpeg
//	@Security	Session
//	@Success	200		{file}		binary
//	@Failure	default	{object}	web.Problem
//	@Router		/organisation/logo [get]
func (h *Handler) getOrganisationLogo(c echo.Context) error {
	return h.sendPicture(c, organisation.Logo)
}

// uploadLogo replaces the logo: PNG or JPEG, at most 1 MiB and 4000 by 4000 pixels.
//
//	@Summary	Upload a logo
//	@ID			uploadLogo
//	@Tags		organisation
//	@Accept		png,jpeg
//	@Produce	json
//	@Security	Session
//	@Param		body	body		string	true	"The picture, PNG or JPEG"	format(binary)
//	@Success	200		{object}	Organisation
//	@Failure	default	{object}	web.Problem
//	@Router		/organisation/logo [put]
func (h *Handler) uploadLogo(c echo.Context) error { return h.putPicture(c, organisation.Logo) }

// removeLogo takes the logo away; the name stands in its place.
//
//	@Summary	Remove the logo
//	@ID			removeLogo
//	@Tags		organisation
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	Organisation
//	@Failure	default	{object}	web.Problem
//	@Router		/organisation/logo [delete]
func (h *Handler) removeLogo(c echo.Context) error { return h.deletePicture(c, organisation.Logo) }

// getOrganisationHeaderPhoto returns the photograph above the portal.
//
//	@Summary	Get the header photograph
//	@ID			getOrganisationHeaderPhoto
//	@Tags		organisation
//	@Produce	png,jpeg
//	@Security	Session
//	@Success	200		{file}		binary
//	@Failure	default	{object}	web.Problem
//	@Router		/organisation/header-photo [get]
func (h *Handler) getOrganisationHeaderPhoto(c echo.Context) error {
	return h.sendPicture(c, organisation.HeaderPhoto)
}

// uploadHeaderPhoto replaces the photograph: PNG or JPEG, at most 2 MiB and 4000 by 4000 pixels.
//
//	@Summary	Upload a header photograph
//	@ID			uploadHeaderPhoto
//	@Tags		organisation
//	@Accept		png,jpeg
//	@Produce	json
//	@Security	Session
//	@Param		body	body		string	true	"The picture, PNG or JPEG"	format(binary)
//	@Success	200		{object}	Organisation
//	@Failure	default	{object}	web.Problem
//	@Router		/organisation/header-photo [put]
func (h *Handler) uploadHeaderPhoto(c echo.Context) error {
	return h.putPicture(c, organisation.HeaderPhoto)
}

// removeHeaderPhoto takes the photograph away; the drawn street stands in its place.
//
//	@Summary	Remove the header photograph
//	@ID			removeHeaderPhoto
//	@Tags		organisation
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	Organisation
//	@Failure	default	{object}	web.Problem
//	@Router		/organisation/header-photo [delete]
func (h *Handler) removeHeaderPhoto(c echo.Context) error {
	return h.deletePicture(c, organisation.HeaderPhoto)
}

func (h *Handler) sendOrganisation(c echo.Context, o organisation.Organisation) error {
	web.ETag(c, o.Version)
	return c.JSON(http.StatusOK, h.newOrganisation(o))
}

func (h *Handler) sendPicture(c echo.Context, which organisation.Picture) error {
	img, err := h.Organisations.Image(c.Request().Context(), which)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=3600")
	return c.Blob(http.StatusOK, img.MediaType, img.Bytes)
}

func (h *Handler) putPicture(c echo.Context, which organisation.Picture) error {
	o, err := h.Organisations.SetImage(c.Request().Context(), which, c.Request().Body)
	if err != nil {
		return err
	}
	return h.sendOrganisation(c, o)
}

func (h *Handler) deletePicture(c echo.Context, which organisation.Picture) error {
	o, err := h.Organisations.RemoveImage(c.Request().Context(), which)
	if err != nil {
		return err
	}
	return h.sendOrganisation(c, o)
}
