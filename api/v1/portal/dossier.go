package portal

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/document"
	"voordeur/internal/dossier"
	"voordeur/internal/overview"
	"voordeur/internal/web"
)

func (h *Handler) dossierRoutes(r web.Router) {
	r.GET("/portal/dossiers", web.Op{ID: "listDossiers", Need: authz.PortalDossierRead, InBatch: true}, h.listDossiers)
	r.GET("/portal/dossiers/:dossierId", web.Op{ID: "getDossier", Need: authz.PortalDossierRead, InBatch: true}, h.getDossier)
}

// DossierSummary is a dossier the customer can choose.
type DossierSummary struct {
	ID        uuid.UUID      `json:"id" format:"uuid" validate:"required"`
	Name      string         `json:"name" validate:"required"`
	Subject   string         `json:"subject" validate:"required" example:"de hypotheek voor de Kersenlaan"`
	Percent   int            `json:"percent" validate:"required" minimum:"0" maximum:"100"`
	OpenCount int            `json:"openCount" validate:"required"`
	Phase     dossier.Phase  `json:"phase" validate:"required"`
	Status    dossier.Status `json:"status" validate:"required"`
}

func newDossierSummary(d overview.Choice) DossierSummary {
	return DossierSummary{
		ID: d.ID, Name: d.Name, Subject: d.Subject, Percent: d.Progress().Percent, OpenCount: d.OpenCount, Phase: d.Phase, Status: d.Status,
	}
}

// Progress is how much of what was asked the customer has handed in; the percentage is rounded down.
type Progress struct {
	Percent int `json:"percent" validate:"required" minimum:"0" maximum:"100"`
	Handled int `json:"handled" validate:"required"`
	Total   int `json:"total" validate:"required"`
}

// Person is somebody of the office whom the customer can turn to.
type Person struct {
	ID        uuid.UUID `json:"id" format:"uuid" validate:"required"`
	FirstName string    `json:"firstName" validate:"required"`
	LastName  string    `json:"lastName" validate:"required"`
	JobTitle  string    `json:"jobTitle" validate:"required"`
	Email     string    `json:"email" validate:"required"`
	Phone     string    `json:"phone" validate:"required"`
}

// Applicant is somebody the dossier is for.
type Applicant struct {
	ID        uuid.UUID `json:"id" format:"uuid" validate:"required"`
	FirstName string    `json:"firstName" validate:"required"`
	LastName  string    `json:"lastName" validate:"required"`
	IsMe      bool      `json:"isMe" validate:"required"`
}

// Fact is one figure of a product.
type Fact struct {
	Label string `json:"label" validate:"required" example:"Koopsom"`
	Value string `json:"value" validate:"required" example:"€ 412.500"`
}

// Product is what the dossier is about: a tab.
type Product struct {
	ID          uuid.UUID             `json:"id" format:"uuid" validate:"required"`
	Kind        dossier.ProductKind   `json:"kind" validate:"required"`
	Name        string                `json:"name" validate:"required" example:"Hypotheek"`
	Status      dossier.ProductStatus `json:"status" validate:"required"`
	Information string                `json:"information" validate:"required"`
	Facts       []Fact                `json:"facts" validate:"required"`
	OpenCount   int                   `json:"openCount" validate:"required"`
}

// DossierOverview is everything the customer sees of a dossier at a visit.
type DossierOverview struct {
	ID           uuid.UUID            `json:"id" format:"uuid" validate:"required"`
	Name         string               `json:"name" validate:"required" example:"De Wit en Timmer"`
	Subject      string               `json:"subject" validate:"required" example:"de hypotheek voor de Kersenlaan"`
	Reference    string               `json:"reference" validate:"required" example:"D-2026-0418"`
	Status       dossier.Status       `json:"status" validate:"required"`
	Phase        dossier.Phase        `json:"phase" validate:"required"`
	Progress     Progress             `json:"progress" validate:"required"`
	OpenCount    int                  `json:"openCount" validate:"required"`
	Adviser      Person               `json:"adviser" validate:"required"`
	CaseHandler  *Person              `json:"caseHandler,omitempty"`
	Applicants   []Applicant          `json:"applicants" validate:"required"`
	Products     []Product            `json:"products" validate:"required"`
	ActionPoints []ActionPointSummary `json:"actionPoints" validate:"required"`
	Documents    []DocumentSummary    `json:"documents" validate:"required"`
}

func newDossierOverview(d overview.Portal) DossierOverview {
	out := DossierOverview{
		ID: d.ID, Name: d.Name, Subject: d.Subject, Reference: d.Reference, Status: d.Status, Phase: d.Phase,
		Progress: Progress(d.Progress()), OpenCount: d.OpenCount, Adviser: Person(d.Adviser()), Applicants: []Applicant{}, Products: []Product{},
		ActionPoints: []ActionPointSummary{}, Documents: []DocumentSummary{},
	}
	if p := d.CaseHandler(); p != nil {
		wire := Person(*p)
		out.CaseHandler = &wire
	}
	for _, a := range d.Applicants {
		out.Applicants = append(out.Applicants, Applicant{ID: a.ContactID, FirstName: a.FirstName, LastName: a.LastName, IsMe: a.IsMe})
	}
	for _, p := range d.Products {
		wire := Product{ID: p.ID, Kind: p.Kind, Name: p.Name, Status: p.Status, Information: p.Information, Facts: []Fact{}, OpenCount: p.OpenAtCustomer}
		for _, f := range p.Facts {
			wire.Facts = append(wire.Facts, Fact(f))
		}
		out.Products = append(out.Products, wire)
	}
	for _, a := range d.ActionPoints {
		out.ActionPoints = append(out.ActionPoints, newActionPointSummary(a))
	}
	for _, f := range d.Documents {
		out.Documents = append(out.Documents, DocumentSummary{
			ID: f.ID, DossierID: d.ID, ProductID: f.ProductID, ActionPointID: f.ActionPointID, Title: f.Title, Origin: document.Origin(f.Origin),
			Remark: f.Remark, Filename: f.Filename, MediaType: f.MediaType, Size: f.Size, CreatedAt: f.CreatedAt,
		})
	}
	return out
}

type listDossiersQuery struct {
	Cursor string `query:"cursor" validate:"max=1000"`
	Limit  int    `query:"limit" validate:"min=1,max=200"`
}

// listDossiers returns the dossiers that the customer's login opens, the newest first.
//
//	@Summary	List dossiers
//	@ID			listDossiers
//	@Tags		dossiers
//	@Produce	json
//	@Security	Session
//	@Param		cursor	query		string	false	"nextCursor of the previous page"
//	@Param		limit	query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200		{object}	web.Page[DossierSummary]
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/dossiers [get]
func (h *Handler) listDossiers(c echo.Context) error {
	in := listDossiersQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var after uuid.UUID
	if err := web.DecodeCursor(in.Cursor, &after); err != nil {
		return err
	}
	ds, err := h.Overviews.Choices(c.Request().Context(), after, in.Limit+1)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(ds, in.Limit, newDossierSummary, func(d overview.Choice) any { return d.ID }))
}

// getDossier returns everything the customer sees of a dossier at a visit, in one call.
//
//	@Summary	Overview of a dossier
//	@ID			getDossier
//	@Tags		dossiers
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string	true	"Dossier"	format(uuid)
//	@Success	200			{object}	DossierOverview
//	@Failure	default		{object}	web.Problem
//	@Router		/portal/dossiers/{dossierId} [get]
func (h *Handler) getDossier(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	d, err := h.Overviews.Portal(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newDossierOverview(d))
}

// dateString writes a day, or nothing.
func dateString(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}
