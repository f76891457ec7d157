package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"voordeur/internal/organisation"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) siteRoutes(r web.Router) {
	r.GET("/portal/site", web.Op{ID: "getSite", Access: web.Anyone}, h.getSite)
	r.GET("/portal/site/logo", web.Op{ID: "getSiteLogo", Access: web.Anyone}, h.getSiteLogo)
	r.GET("/portal/site/header-photo", web.Op{ID: "getSiteHeaderPhoto", Access: web.Anyone}, h.getSiteHeaderPhoto)
}

// Site is the public face of an office: what its login page shows (B1).
type Site struct {
	Slug              string                     `json:"slug" validate:"required"`
	Name              string                     `json:"name" validate:"required"`
	Tagline           string                     `json:"tagline" validate:"required"`
	BrandColour       string                     `json:"brandColour" validate:"required" example:"#2b4a9b"`
	LogoURL           string                     `json:"logoUrl,omitempty"`
	HeaderImage       organisation.HeaderImage   `json:"headerImage" validate:"required"`
	HeaderPhotoURL    string                     `json:"headerPhotoUrl,omitempty"`
	WelcomeTitle      string                     `json:"welcomeTitle" validate:"required"`
	WelcomeText       string                     `json:"welcomeText" validate:"required"`
	FormOfAddress     organisation.FormOfAddress `json:"formOfAddress" validate:"required"`
	Email             string                     `json:"email" validate:"required"`
	Phone             string                     `json:"phone" validate:"required"`
	OpeningHours      string                     `json:"openingHours" validate:"required"`
	PasswordMinLength int                        `json:"passwordMinLength" validate:"required"`
	CodeLogin         bool                       `json:"codeLogin" validate:"required"` // D3
}

type siteQuery struct {
	Office string `query:"office" validate:"required,max=40"`
}

type sitePictureQuery struct {
	Office string `query:"office" validate:"required,max=40"`
	V      string `query:"v" validate:"max=20"` // only makes the address of a new picture a new one
}

// getSite returns the branding of an office; everyone may see it.
//
//	@Summary	Branding of an office
//	@ID			getSite
//	@Tags		site
//	@Produce	json
//	@Param		office	query		string	true	"Slug of the office"
//	@Success	200		{object}	Site
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/site [get]
func (h *Handler) getSite(c echo.Context) error {
	var in siteQuery
	if err := web.Query(c, &in); err != nil {
		return err
	}
	o, err := h.Organisations.Site(c.Request().Context(), in.Office)
	if err != nil {
		return err
	}
	out := Site{
		Slug: o.Slug, Name: o.Name, Tagline: o.Tagline, BrandColour: o.BrandColour, HeaderImage: o.HeaderImage,
		WelcomeTitle: o.WelcomeTitle, WelcomeText: o.WelcomeText, FormOfAddress: o.FormOfAddress,
		Email: o.Email, Phone: o.Phone, OpeningHours: o.OpeningHours, PasswordMinLength: signin.MinPasswordAlone, CodeLogin: o.CodeLogin,
	}
	q := "?office=" + url.QueryEscape(o.Slug) + "&v=" + strconv.FormatInt(o.Version, 10)
	if o.HasLogo {
		out.LogoURL = "/api/v1/portal/site/logo" + q
	}
	if o.HasHeaderPhoto {
		out.HeaderPhotoURL = "/api/v1/portal/site/header-photo" + q
	}
	return c.JSON(http.StatusOK, out)
}

// getSiteLogo returns the logo of an office.
//
//	@Summary	Logo of an office
//	@ID			getSiteLogo
//	@Tags		site
//	@Produce	png,jpeg
//	@Param		office	query		string	true	"Slug of the office"
//	@Param		v		query		string	false	"Version, so that a new logo has a new address"
//	@Success	200		{file}		binary
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/site/logo [get]
func (h *Handler) getSiteLogo(c echo.Context) error { return h.sitePicture(c, organisation.Logo) }

// getSiteHeaderPhoto returns the photograph above the portal of an office.
//
//	@Summary	Header photograph of an office
//	@ID			getSiteHeaderPhoto
//	@Tags		site
//	@Produce	png,jpeg
//	@Param		office	query		string	true	"Slug of the office"
//	@Param		v		query		string	false	"Version, so that a new photograph has a new address"
//	@Success	200		{file}		binary
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/site/header-photo [get]
func (h *Handler) getSiteHeaderPhoto(c echo.Context) error {
	return h.sitePicture(c, organisation.HeaderPhoto)
}

func (h *Handler) sitePicture(c echo.Context, which organisation.Picture) error {
	var in sitePictureQuery
	if err := web.Query(c, &in); err != nil {
		return err
	}
	img, err := h.Organisations.SiteImage(c.Request().Context(), in.Office, which)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=3600")
	return c.Blob(http.StatusOK, img.MediaType, img.Bytes)
}
