package office

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/client"
	"voordeur/internal/dossier"
	"voordeur/internal/fault"
	"voordeur/internal/overview"
	"voordeur/internal/web"
)

func (h *Handler) dossierRoutes(r web.Router) {
	r.GET("/dossiers", web.Op{ID: "listDossiers", Need: authz.DossierRead, InBatch: true}, h.listDossiers)
	r.GET("/dossiers/counts", web.Op{ID: "getDossierCounts", Need: authz.DossierRead, InBatch: true}, h.getDossierCounts)
	r.POST("/dossiers", web.Op{
		ID: "createDossier", Need: authz.DossierWrite, Also: []authz.Permission{authz.DossierRead}, Idempotency: web.IdempotencyAccepted,
	}, h.createDossier)
	r.GET("/dossiers/:dossierId", web.Op{ID: "getDossier", Need: authz.DossierRead, InBatch: true}, h.getDossier)
	r.PATCH("/dossiers/:dossierId", web.Op{
		ID: "updateDossier", Need: authz.DossierWrite, Also: []authz.Permission{authz.DossierRead}, IfMatch: true,
	}, h.updateDossier)
	r.POST("/dossiers/:dossierId/closure", web.Op{
		ID: "closeDossier", Need: authz.DossierWrite, Also: []authz.Permission{authz.DossierRead}, IfMatch: true,
	}, h.closeDossier)
	r.DELETE("/dossiers/:dossierId/closure", web.Op{
		ID: "reopenDossier", Need: authz.DossierWrite, Also: []authz.Permission{authz.DossierRead}, IfMatch: true,
	}, h.reopenDossier)
}

// Progress is how much of what was asked has been handled; the percentage is rounded down.
type Progress struct {
	Percent int `json:"percent" validate:"required" minimum:"0" maximum:"100"`
	Handled int `json:"handled" validate:"required"`
	Total   int `json:"total" validate:"required"`
}

func newProgress(p dossier.Progress) Progress {
	return Progress{Percent: p.Percent, Handled: p.Handled, Total: p.Total}
}

// EmployeeName is an employee where only the name matters.
type EmployeeName struct {
	ID        uuid.UUID `json:"id" format:"uuid" validate:"required"`
	FirstName string    `json:"firstName" validate:"required"`
	LastName  string    `json:"lastName" validate:"required"`
}

func newEmployeeName(p overview.Person) EmployeeName {
	return EmployeeName{ID: p.ID, FirstName: p.FirstName, LastName: p.LastName}
}

func newEmployeeNameOrNil(p *overview.Person) *EmployeeName {
	if p == nil {
		return nil
	}
	n := newEmployeeName(*p)
	return &n
}

// DossierSummary is a dossier in a list.
type DossierSummary struct {
	ID             uuid.UUID           `json:"id" format:"uuid" validate:"required"`
	Reference      string              `json:"reference" validate:"required" example:"D-2026-0418"`
	Name           string              `json:"name" validate:"required" example:"De Wit en Timmer"`
	ClientID       uuid.UUID           `json:"clientId" format:"uuid" validate:"required"`
	ClientName     string              `json:"clientName" validate:"required"`
	IsTest         bool                `json:"isTest" validate:"required"`
	Status         dossier.Status      `json:"status" validate:"required"`
	Phase          dossier.Phase       `json:"phase" validate:"required"`
	Products       []string            `json:"products" validate:"required" example:"Hypotheek"`
	Progress       Progress            `json:"progress" validate:"required"`
	ToReview       int                 `json:"toReview" validate:"required"`
	OpenAtCustomer int                 `json:"openAtCustomer" validate:"required"`
	Adviser        EmployeeName        `json:"adviser" validate:"required"`
	CaseHandler    *EmployeeName       `json:"caseHandler,omitempty"`
	PortalState    dossier.PortalState `json:"portalState" validate:"required"`
	NextDueOn      string              `json:"nextDueOn,omitempty" format:"date" example:"2026-05-29"`
	ActivityAt     time.Time           `json:"activityAt" format:"date-time" validate:"required"`
	Turn           dossier.Turn        `json:"turn" validate:"required"`
}

func newDossierSummary(d overview.Summary) DossierSummary {
	return DossierSummary{
		ID: d.ID, Reference: d.Reference, Name: d.Name, ClientID: d.ClientID, ClientName: d.ClientName, IsTest: d.IsTest,
		Status: d.Status, Phase: d.Phase, Products: orEmpty(d.ProductNames), Progress: newProgress(d.Progress()),
		ToReview: d.ToReview, OpenAtCustomer: d.OpenAtCustomer, Adviser: newEmployeeName(d.Adviser()),
		CaseHandler: newEmployeeNameOrNil(d.CaseHandler()), PortalState: d.PortalState, NextDueOn: dateString(d.NextDueOn),
		ActivityAt: d.ActivityAt, Turn: d.Turn(),
	}
}

// DossierClient is the client that a dossier belongs to.
type DossierClient struct {
	ID     uuid.UUID `json:"id" format:"uuid" validate:"required"`
	Name   string    `json:"name" validate:"required"`
	IsTest bool      `json:"isTest" validate:"required"`
}

// DossierApplicant is a contact on a dossier, with the login for it.
type DossierApplicant struct {
	ID         uuid.UUID     `json:"id" format:"uuid" validate:"required"`
	ContactID  uuid.UUID     `json:"contactId" format:"uuid" validate:"required"`
	FirstName  string        `json:"firstName" validate:"required"`
	LastName   string        `json:"lastName" validate:"required"`
	Salutation string        `json:"salutation" validate:"required"`
	Email      string        `json:"email" validate:"required"`
	Mobile     string        `json:"mobile" validate:"required"`
	Member     *PortalMember `json:"member,omitempty"`
}

func newDossierApplicant(a overview.Applicant) DossierApplicant {
	out := DossierApplicant{
		ID: a.ID, ContactID: a.ContactID, FirstName: a.FirstName, LastName: a.LastName, Salutation: a.Salutation, Email: a.Email, Mobile: a.Mobile,
	}
	if a.Member != nil {
		m := newPortalMember(*a.Member)
		out.Member = &m
	}
	return out
}

// Fact is one figure of a product, as the customer reads it.
type Fact struct {
	Label string `json:"label" validate:"required,max=60" example:"Koopsom"`
	Value string `json:"value" validate:"required,max=120" example:"€ 412.500"`
}

// Told says when the office last mailed about the dossier.
type Told struct {
	LastMailAt time.Time `json:"lastMailAt" format:"date-time" validate:"required"`
}

// Dossier is a dossier as employees see it.
type Dossier struct {
	ID             uuid.UUID           `json:"id" format:"uuid" validate:"required"`
	Reference      string              `json:"reference" validate:"required" example:"D-2026-0418"`
	Name           string              `json:"name" validate:"required" example:"De Wit en Timmer"`
	Subject        string              `json:"subject" validate:"required" example:"de hypotheek voor de Kersenlaan"`
	Client         DossierClient       `json:"client" validate:"required"`
	IsTest         bool                `json:"isTest" validate:"required"`
	Status         dossier.Status      `json:"status" validate:"required"`
	Phase          dossier.Phase       `json:"phase" validate:"required"`
	Progress       Progress            `json:"progress" validate:"required"`
	ToReview       int                 `json:"toReview" validate:"required"`
	OpenAtCustomer int                 `json:"openAtCustomer" validate:"required"`
	Adviser        EmployeeName        `json:"adviser" validate:"required"`
	CaseHandler    *EmployeeName       `json:"caseHandler,omitempty"`
	PortalState    dossier.PortalState `json:"portalState" validate:"required"`
	DueOn          string              `json:"dueOn,omitempty" format:"date" example:"2026-06-12"`
	NextDueOn      string              `json:"nextDueOn,omitempty" format:"date" example:"2026-05-29"`
	ActivityAt     time.Time           `json:"activityAt" format:"date-time" validate:"required"`
	Turn           dossier.Turn        `json:"turn" validate:"required"`
	Applicants     []DossierApplicant  `json:"applicants" validate:"required"`
	Products       []Product           `json:"products" validate:"required"`
	ToldCustomer   *Told               `json:"toldCustomer,omitempty"`
	CreatedAt      time.Time           `json:"createdAt" format:"date-time" validate:"required"`
	ClosedAt       *time.Time          `json:"closedAt,omitempty" format:"date-time"`
	Version        int64               `json:"version" validate:"required"`
}

func newDossier(d overview.Dossier) Dossier {
	out := Dossier{
		ID: d.ID, Reference: d.Reference, Name: d.Name, Subject: d.Subject,
		Client: DossierClient{ID: d.ClientID, Name: d.ClientName, IsTest: d.IsTest}, IsTest: d.IsTest,
		Status: d.Status, Phase: d.Phase, Progress: newProgress(d.Progress()), ToReview: d.ToReview, OpenAtCustomer: d.OpenAtCustomer,
		Adviser: newEmployeeName(d.Adviser()), CaseHandler: newEmployeeNameOrNil(d.CaseHandler()), PortalState: d.PortalState,
		DueOn: dateString(d.DueOn), NextDueOn: dateString(d.NextDueOn), ActivityAt: d.ActivityAt, Turn: d.Turn(),
		Applicants: []DossierApplicant{}, Products: []Product{}, CreatedAt: d.CreatedAt, ClosedAt: d.ClosedAt, Version: d.Version,
	}
	for _, a := range d.Applicants {
		out.Applicants = append(out.Applicants, newDossierApplicant(a))
	}
	for _, p := range d.Products {
		out.Products = append(out.Products, newProduct(p))
	}
	if d.LastMailAt != nil {
		out.ToldCustomer = &Told{LastMailAt: *d.LastMailAt}
	}
	return out
}

// DossierCounts is the figure on each of the list's views.
type DossierCounts struct {
	All                int `json:"all" validate:"required"`
	ToReview           int `json:"toReview" validate:"required"`
	WaitingForCustomer int `json:"waitingForCustomer" validate:"required"`
	PortalInactive     int `json:"portalInactive" validate:"required"`
	Due                int `json:"due" validate:"required"`
}

type listDossiersQuery struct {
	Q           string     `query:"q" validate:"max=100"`
	Turn        string     `query:"turn" validate:"omitempty,oneof=office customer none"`
	Status      string     `query:"status" validate:"omitempty,oneof=open closed"`
	Phase       string     `query:"phase" validate:"omitempty,oneof=intake collecting advice application notary"`
	AdviserID   *uuid.UUID `query:"adviserId"`
	ClientID    *uuid.UUID `query:"clientId"`
	PortalState string     `query:"portalState" validate:"omitempty,oneof=none invited active link_expired inactive"`
	Due         bool       `query:"due"`
	Sort        string     `query:"sort" validate:"oneof=activity name due"`
	Cursor      string     `query:"cursor" validate:"max=1000"`
	Limit       int        `query:"limit" validate:"min=1,max=200"`
}

// listDossiers returns the dossiers of the office. The dossiers of a test client come first in the order by name.
//
//	@Summary	List dossiers
//	@ID			listDossiers
//	@Tags		dossiers
//	@Produce	json
//	@Security	Session
//	@Param		q			query		string	false	"Words in the name, reference, client, or an applicant's name or e-mail address"	maxlength(100)
//	@Param		turn		query		string	false	"On whom it waits"		enums(office,customer,none)
//	@Param		status		query		string	false	"Status"				enums(open,closed)
//	@Param		phase		query		string	false	"Phase"					enums(intake,collecting,advice,application,notary)
//	@Param		adviserId	query		string	false	"Adviser"				format(uuid)
//	@Param		clientId	query		string	false	"Client"				format(uuid)
//	@Param		portalState	query		string	false	"State of the logins; inactive is all but active"	enums(none,invited,active,link_expired,inactive)
//	@Param		due			query		bool	false	"Only what is due within seven days, or late"
//	@Param		sort		query		string	false	"Order"					enums(activity,name,due)	default(activity)
//	@Param		cursor		query		string	false	"nextCursor of the previous page"
//	@Param		limit		query		int		false	"Page size"				minimum(1)	maximum(200)	default(50)
//	@Success	200			{object}	web.Page[DossierSummary]
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers [get]
func (h *Handler) listDossiers(c echo.Context) error {
	in := listDossiersQuery{Sort: "activity", Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	f := overview.Filter{
		Search: in.Q, Turn: dossier.Turn(in.Turn), Status: dossier.Status(in.Status), Phase: dossier.Phase(in.Phase), Adviser: in.AdviserID,
		Client: in.ClientID, PortalState: in.PortalState, Due: in.Due, Sort: overview.Sort(in.Sort), Limit: in.Limit + 1,
	}
	if in.Cursor != "" {
		f.After = &overview.Cursor{}
		if err := web.DecodeCursor(in.Cursor, f.After); err != nil {
			return err
		}
	}
	ds, err := h.Overviews.List(c.Request().Context(), f)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(ds, in.Limit, newDossierSummary, func(d overview.Summary) any { return d.Cursor(f.Sort) }))
}

// getDossierCounts returns how many dossiers each view of the list has. Test clients are left out.
//
//	@Summary	Count dossiers
//	@ID			getDossierCounts
//	@Tags		dossiers
//	@Produce	json
//	@Security	Session
//	@Success	200		{object}	DossierCounts
//	@Failure	default	{object}	web.Problem
//	@Router		/dossiers/counts [get]
func (h *Handler) getDossierCounts(c echo.Context) error {
	n, err := h.Overviews.Counts(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, DossierCounts(n))
}

// CreateDossierClient names the client of a new dossier: an existing one by id, or a new one by name and kind.
type CreateDossierClient struct {
	ID   *uuid.UUID  `json:"id,omitempty" format:"uuid"`
	Name string      `json:"name,omitempty" validate:"required_without=ID,max=200" example:"De Wit en Timmer"`
	Kind client.Kind `json:"kind,omitempty" validate:"omitempty,oneof=person household company"`
}

// CreateDossierProduct is a product of a new dossier.
type CreateDossierProduct struct {
	Kind dossier.ProductKind `json:"kind" validate:"required,oneof=mortgage home_insurance life_insurance pension business other"`
	Name string              `json:"name" validate:"required,max=80" example:"Hypotheek"`
}

// CreateDossierApplicant is an applicant of a new dossier: a contact of the client, or a new one. Without a username the
// e-mail address becomes it, and where there is none either one is made from the name.
type CreateDossierApplicant struct {
	ContactID  *uuid.UUID `json:"contactId,omitempty" format:"uuid"`
	FirstName  string     `json:"firstName,omitempty" validate:"required_without=ContactID,max=80"`
	LastName   string     `json:"lastName,omitempty" validate:"required_without=ContactID,max=120"`
	Salutation string     `json:"salutation,omitempty" validate:"max=120" example:"mevrouw De Wit"`
	Email      string     `json:"email,omitempty" validate:"omitempty,email,max=254"`
	Mobile     string     `json:"mobile,omitempty" validate:"max=32"`
	Username   string     `json:"username,omitempty" validate:"max=254"`
}

// CreateDossierActionPoint is something to ask from the start.
type CreateDossierActionPoint struct {
	ProductIndex   *int   `json:"productIndex,omitempty" validate:"omitempty,min=0"`
	Title          string `json:"title" validate:"required,max=120" example:"Loonstrook"`
	Explanation    string `json:"explanation,omitempty" validate:"max=2000" text:"lines"`
	ApplicantIndex *int   `json:"applicantIndex,omitempty" validate:"omitempty,min=0"`
	DueOn          string `json:"dueOn,omitempty" format:"date" validate:"omitempty,datetime=2006-01-02" example:"2026-05-29"`
}

// CreateDossier is the body of createDossier.
type CreateDossier struct {
	Client        CreateDossierClient        `json:"client" validate:"required"`
	Name          string                     `json:"name,omitempty" validate:"max=200"`
	Subject       string                     `json:"subject,omitempty" validate:"max=200"`
	Phase         dossier.Phase              `json:"phase,omitempty" validate:"omitempty,oneof=intake collecting advice application notary"`
	AdviserID     uuid.UUID                  `json:"adviserId" format:"uuid" validate:"required"`
	CaseHandlerID *uuid.UUID                 `json:"caseHandlerId,omitempty" format:"uuid"`
	DueOn         string                     `json:"dueOn,omitempty" format:"date" validate:"omitempty,datetime=2006-01-02"`
	Products      []CreateDossierProduct     `json:"products" validate:"required,min=1,max=20,dive"`
	Applicants    []CreateDossierApplicant   `json:"applicants" validate:"required,min=1,max=10,dive"`
	ActionPoints  []CreateDossierActionPoint `json:"actionPoints,omitempty" validate:"max=100,dive"`
}

// createDossier makes a dossier with everything in it, at once or not at all: client, contacts, logins, products and what
// is asked from the start. It mails nobody.
//
//	@Summary	Create a dossier
//	@ID			createDossier
//	@Tags		dossiers
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		Idempotency-Key	header		string			false	"The same key and body give the same answer for 24 hours"
//	@Param		body			body		CreateDossier	true	"The new dossier"
//	@Success	201				{object}	Dossier
//	@Header		201				{string}	Location	"The dossier"
//	@Header		201				{string}	ETag		"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/dossiers [post]
func (h *Handler) createDossier(c echo.Context) error {
	var in CreateDossier
	if err := web.Body(c, &in); err != nil {
		return err
	}
	ctx := c.Request().Context()
	id, err := h.Dossiers.Create(ctx, in.draft())
	if err != nil {
		return err
	}
	d, err := h.Overviews.Dossier(ctx, id)
	if err != nil {
		return err
	}
	web.ETag(c, d.Version)
	return web.Created(c, web.Location("/dossiers", d.ID), newDossier(d))
}

func (in CreateDossier) draft() dossier.Draft {
	d := dossier.Draft{
		ClientID: in.Client.ID, ClientName: in.Client.Name, ClientKind: in.Client.Kind, Name: in.Name, Subject: in.Subject, Phase: in.Phase,
		AdviserID: in.AdviserID, CaseHandlerID: in.CaseHandlerID, DueOn: dateOf(in.DueOn),
	}
	for _, p := range in.Products {
		d.Products = append(d.Products, dossier.ProductDraft{Kind: p.Kind, Name: p.Name})
	}
	for _, a := range in.Applicants {
		d.Applicants = append(d.Applicants, dossier.ApplicantDraft(a))
	}
	for _, a := range in.ActionPoints {
		d.Questions = append(d.Questions, dossier.Question{
			ProductIndex: a.ProductIndex, ApplicantIndex: a.ApplicantIndex, Title: a.Title, Explanation: a.Explanation, DueOn: dateOf(a.DueOn),
		})
	}
	return d
}

// getDossier returns one dossier with its applicants, their logins, and its products.
//
//	@Summary	Get a dossier
//	@ID			getDossier
//	@Tags		dossiers
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string	true	"Dossier"	format(uuid)
//	@Success	200			{object}	Dossier
//	@Header		200			{string}	ETag	"Its version"
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers/{dossierId} [get]
func (h *Handler) getDossier(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	return h.showDossier(c, id)
}

// showDossier never answers 304: what a dossier's page shows changes without its version, when a customer hands in.
func (h *Handler) showDossier(c echo.Context, id uuid.UUID) error {
	d, err := h.Overviews.Dossier(c.Request().Context(), id)
	if err != nil {
		return err
	}
	web.ETag(c, d.Version)
	return c.JSON(http.StatusOK, newDossier(d))
}

// UpdateDossier is the body of updateDossier; absent fields stay as they are, null empties what may be empty.
type UpdateDossier struct {
	Name          *string                 `json:"name,omitempty" validate:"omitempty,min=1,max=200"`
	Subject       *string                 `json:"subject,omitempty" validate:"omitempty,max=200"`
	Phase         *dossier.Phase          `json:"phase,omitempty" validate:"omitempty,oneof=intake collecting advice application notary"`
	AdviserID     *uuid.UUID              `json:"adviserId,omitempty" format:"uuid"`
	CaseHandlerID web.Optional[uuid.UUID] `json:"caseHandlerId,omitzero" swaggertype:"string" format:"uuid" extensions:"x-nullable"`
	DueOn         web.Optional[string]    `json:"dueOn,omitzero" swaggertype:"string" format:"date" extensions:"x-nullable"`
}

// updateDossier changes the dossier itself.
//
//	@Summary	Change a dossier
//	@ID			updateDossier
//	@Tags		dossiers
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string			true	"Dossier"	format(uuid)
//	@Param		If-Match	header		string			true	"ETag of the version that changes"
//	@Param		body		body		UpdateDossier	true	"What changes"
//	@Success	200			{object}	Dossier
//	@Header		200			{string}	ETag	"Its version"
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers/{dossierId} [patch]
func (h *Handler) updateDossier(c echo.Context) error {
	id, version, err := target(c, "dossierId")
	if err != nil {
		return err
	}
	var in UpdateDossier
	if err := web.Body(c, &in); err != nil {
		return err
	}
	due, err := optionalDate("/dueOn", in.DueOn)
	if err != nil {
		return err
	}
	if err := h.Dossiers.Update(c.Request().Context(), id, version, dossier.Change{
		Name: in.Name, Subject: in.Subject, Phase: in.Phase, AdviserID: in.AdviserID,
		SetCaseHandler: in.CaseHandlerID.Present, CaseHandlerID: in.CaseHandlerID.Value, SetDueOn: in.DueOn.Present, DueOn: due,
	}); err != nil {
		return err
	}
	return h.showDossier(c, id)
}

// closeDossier ends the work on a dossier. The customer keeps reading it; nothing can be asked or handed in any more.
//
//	@Summary	Close a dossier
//	@ID			closeDossier
//	@Tags		dossiers
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string	true	"Dossier"	format(uuid)
//	@Param		If-Match	header		string	true	"ETag of the version that changes"
//	@Success	200			{object}	Dossier
//	@Header		200			{string}	ETag	"Its version"
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers/{dossierId}/closure [post]
func (h *Handler) closeDossier(c echo.Context) error {
	id, version, err := target(c, "dossierId")
	if err != nil {
		return err
	}
	if err := h.Dossiers.Close(c.Request().Context(), id, version); err != nil {
		return err
	}
	return h.showDossier(c, id)
}

// reopenDossier takes the work on a closed dossier up again.
//
//	@Summary	Reopen a dossier
//	@ID			reopenDossier
//	@Tags		dossiers
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string	true	"Dossier"	format(uuid)
//	@Param		If-Match	header		string	true	"ETag of the version that changes"
//	@Success	200			{object}	Dossier
//	@Header		200			{string}	ETag	"Its version"
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers/{dossierId}/closure [delete]
func (h *Handler) reopenDossier(c echo.Context) error {
	id, version, err := target(c, "dossierId")
	if err != nil {
		return err
	}
	if err := h.Dossiers.Reopen(c.Request().Context(), id, version); err != nil {
		return err
	}
	return h.showDossier(c, id)
}

// pageQuery is the query of a list that is only turned over.
type pageQuery struct {
	Cursor string `query:"cursor" validate:"max=1000"`
	Limit  int    `query:"limit" validate:"min=1,max=200"`
}

// target returns which resource a request changes, and from which version.
func target(c echo.Context, param string) (uuid.UUID, int64, error) {
	id, err := web.ID(c, param)
	if err != nil {
		return id, 0, err
	}
	version, err := web.IfMatch(c)
	return id, version, err
}

// dateString writes a day, or nothing.
func dateString(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

// dateOf reads a day that validation has let through; empty is none.
func dateOf(s string) *time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return nil
	}
	return &t
}

// optionalDate reads a day from a merge patch, where tags cannot check it.
func optionalDate(pointer string, o web.Optional[string]) (*time.Time, error) {
	if o.Value == nil {
		return nil, nil
	}
	t, err := time.Parse(time.DateOnly, *o.Value)
	if err != nil {
		return nil, fault.OnField(pointer, "format").Because(err)
	}
	return &t, nil
}

// orEmpty keeps a list a list: absent rows are [], never null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
