package office

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/dossier"
	"voordeur/internal/overview"
	"voordeur/internal/web"
)

func (h *Handler) productRoutes(r web.Router) {
	r.POST("/dossiers/:dossierId/products", web.Op{
		ID: "createProduct", Need: authz.DossierWrite, Also: []authz.Permission{authz.DossierRead}, Idempotency: web.IdempotencyAccepted,
	}, h.createProduct)
	r.PATCH("/products/:productId", web.Op{
		ID: "updateProduct", Need: authz.DossierWrite, Also: []authz.Permission{authz.DossierRead}, IfMatch: true,
	}, h.updateProduct)
}

// Product is what a dossier is about; the customer sees it as a tab.
type Product struct {
	ID             uuid.UUID             `json:"id" format:"uuid" validate:"required"`
	Kind           dossier.ProductKind   `json:"kind" validate:"required"`
	Name           string                `json:"name" validate:"required" example:"Hypotheek"`
	Status         dossier.ProductStatus `json:"status" validate:"required"`
	Information    string                `json:"information" validate:"required"`
	Facts          []Fact                `json:"facts" validate:"required"`
	Progress       Progress              `json:"progress" validate:"required"`
	ToReview       int                   `json:"toReview" validate:"required"`
	OpenAtCustomer int                   `json:"openAtCustomer" validate:"required"`
	AskedAgain     int                   `json:"askedAgain" validate:"required"`
	Version        int64                 `json:"version" validate:"required"`
}

func newProduct(p overview.Product) Product {
	out := Product{
		ID: p.ID, Kind: p.Kind, Name: p.Name, Status: p.Status, Information: p.Information, Facts: []Fact{}, Progress: newProgress(p.Progress()),
		ToReview: p.ToReview, OpenAtCustomer: p.OpenAtCustomer, AskedAgain: p.AskedAgain, Version: p.Version,
	}
	for _, f := range p.Facts {
		out.Facts = append(out.Facts, Fact(f))
	}
	return out
}

// CreateProduct is the body of createProduct.
type CreateProduct struct {
	Kind        dossier.ProductKind `json:"kind" validate:"required,oneof=mortgage home_insurance life_insurance pension business other"`
	Name        string              `json:"name" validate:"required,max=80" example:"Woonverzekering"`
	Information string              `json:"information,omitempty" validate:"max=2000" text:"lines"`
	Facts       []Fact              `json:"facts,omitempty" validate:"max=20,dive"`
}

// createProduct adds a product to a dossier; the customer gets a tab for it.
//
//	@Summary	Add a product
//	@ID			createProduct
//	@Tags		dossiers
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		dossierId		path		string			true	"Dossier"	format(uuid)
//	@Param		Idempotency-Key	header		string			false	"The same key and body give the same answer for 24 hours"
//	@Param		body			body		CreateProduct	true	"The new product"
//	@Success	201				{object}	Product
//	@Header		201				{string}	Location	"The product"
//	@Header		201				{string}	ETag		"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/dossiers/{dossierId}/products [post]
func (h *Handler) createProduct(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	var in CreateProduct
	if err := web.Body(c, &in); err != nil {
		return err
	}
	ctx := c.Request().Context()
	product, err := h.Dossiers.AddProduct(ctx, id, dossier.ProductDraft{Kind: in.Kind, Name: in.Name, Information: in.Information, Facts: facts(in.Facts)})
	if err != nil {
		return err
	}
	p, err := h.Overviews.Product(ctx, product)
	if err != nil {
		return err
	}
	web.ETag(c, p.Version)
	return web.Created(c, web.Location("/products", p.ID), newProduct(p))
}

// UpdateProduct is the body of updateProduct; absent fields stay as they are.
type UpdateProduct struct {
	Name        *string                `json:"name,omitempty" validate:"omitempty,min=1,max=80"`
	Kind        *dossier.ProductKind   `json:"kind,omitempty" validate:"omitempty,oneof=mortgage home_insurance life_insurance pension business other"`
	Status      *dossier.ProductStatus `json:"status,omitempty" validate:"omitempty,oneof=preparing requested offered accepted final"`
	Information *string                `json:"information,omitempty" validate:"omitempty,max=2000" text:"lines"`
	Facts       *[]Fact                `json:"facts,omitempty" validate:"omitempty,max=20,dive"`
}

// updateProduct changes what the customer reads about a product.
//
//	@Summary	Change a product
//	@ID			updateProduct
//	@Tags		dossiers
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		productId	path		string			true	"Product"	format(uuid)
//	@Param		If-Match	header		string			true	"ETag of the version that changes"
//	@Param		body		body		UpdateProduct	true	"What changes"
//	@Success	200			{object}	Product
//	@Header		200			{string}	ETag	"Its version"
//	@Failure	default		{object}	web.Problem
//	@Router		/products/{productId} [patch]
func (h *Handler) updateProduct(c echo.Context) error {
	id, version, err := target(c, "productId")
	if err != nil {
		return err
	}
	var in UpdateProduct
	if err := web.Body(c, &in); err != nil {
		return err
	}
	change := dossier.ProductChange{Name: in.Name, Kind: in.Kind, Status: in.Status, Information: in.Information}
	if in.Facts != nil {
		f := facts(*in.Facts)
		change.Facts = &f
	}
	ctx := c.Request().Context()
	if err := h.Dossiers.UpdateProduct(ctx, id, version, change); err != nil {
		return err
	}
	p, err := h.Overviews.Product(ctx, id)
	if err != nil {
		return err
	}
	web.ETag(c, p.Version)
	return c.JSON(http.StatusOK, newProduct(p))
}

func facts(in []Fact) []dossier.Fact {
	out := make([]dossier.Fact, 0, len(in))
	for _, f := range in {
		out = append(out, dossier.Fact(f))
	}
	return out
}
