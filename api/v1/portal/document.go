package portal

import (
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/document"
	"voordeur/internal/signin"
	"voordeur/internal/web"
)

func (h *Handler) documentRoutes(r web.Router) {
	r.GET("/portal/documents", web.Op{ID: "listDocuments", Need: authz.PortalDocumentRead, InBatch: true}, h.listDocuments)
	r.GET("/portal/documents/:documentId/content", web.Op{ID: "getDocumentContent", Need: authz.PortalDocumentRead, Or: authz.PortalDossierRead, Also: []authz.Permission{authz.MemberViewAs}}, h.getDocumentContent)
	r.HEAD("/portal/documents/:documentId/content", web.Op{ID: "headDocumentContent", Need: authz.PortalDocumentRead, Or: authz.PortalDossierRead}, h.headDocumentContent)
}

// DocumentSummary is a document as the customer sees it.
type DocumentSummary struct {
	ID            uuid.UUID       `json:"id" format:"uuid" validate:"required"`
	DossierID     uuid.UUID       `json:"dossierId" format:"uuid" validate:"required"`
	ProductID     *uuid.UUID      `json:"productId,omitempty" format:"uuid"`
	ActionPointID *uuid.UUID      `json:"actionPointId,omitempty" format:"uuid"`
	Title         string          `json:"title" validate:"required"`
	Origin        document.Origin `json:"origin" validate:"required"`
	Remark        string          `json:"remark" validate:"required"`
	Filename      string          `json:"filename" validate:"required"`
	MediaType     string          `json:"mediaType" validate:"required" example:"application/pdf"`
	Size          int64           `json:"size" validate:"required"`
	CreatedAt     time.Time       `json:"createdAt" format:"date-time" validate:"required"`
}

func newDocumentSummary(d document.Document) DocumentSummary {
	return DocumentSummary{
		ID: d.ID, DossierID: d.DossierID, ProductID: d.ProductID, ActionPointID: d.ActionPointID, Title: d.Title, Origin: d.Origin,
		Remark: d.Remark, Filename: d.Filename, MediaType: d.MediaType, Size: d.Size, CreatedAt: d.CreatedAt,
	}
}

type listDocumentsQuery struct {
	DossierID *uuid.UUID `query:"dossierId"`
	Cursor    string     `query:"cursor"`
	Limit     int        `query:"limit" validate:"min=1,max=200"`
}

// listDocuments returns the documents the customer may see, newest first.
//
//	@Summary	List documents
//	@ID			listDocuments
//	@Tags		documents
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	query		string	false	"Only those of this dossier"	format(uuid)
//	@Param		cursor		query		string	false	"nextCursor of the previous page"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200			{object}	web.Page[DocumentSummary]
//	@Failure	default		{object}	web.Problem
//	@Router		/portal/documents [get]
func (h *Handler) listDocuments(c echo.Context) error {
	in := listDocumentsQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var after uuid.UUID
	if err := web.DecodeCursor(in.Cursor, &after); err != nil {
		return err
	}
	docs, err := h.Documents.ListAsMember(c.Request().Context(), in.DossierID, after, in.Limit+1)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(docs, in.Limit, newDocumentSummary, func(d document.Document) any { return d.ID }))
}

// getDocumentContent sends the bytes of a document's current version.
//
//	@Summary	Download a document
//	@ID			getDocumentContent
//	@Tags		documents
//	@Produce	octet-stream
//	@Security	Session
//	@Param		documentId	path		string	true	"Document"	format(uuid)
//	@Param		inline		query		int		false	"1: show a PDF, JPEG or PNG instead of saving it"	enums(0,1)
//	@Param		view		query		int		false	"1: in the session of the employee who looks along, where the page cannot send X-Voordeur-View"	enums(0,1)
//	@Param		Range		header		string	false	"bytes=0-1023"
//	@Success	200			{file}		file
//	@Success	206			{file}		file	"The range asked for"
//	@Success	304			"Not changed since If-None-Match"
//	@Header		200,206		{string}	ETag				"SHA-256 of the bytes"
//	@Header		200,206		{string}	Content-Disposition	"The file's name"
//	@Failure	default		{object}	web.Problem
//	@Router		/portal/documents/{documentId}/content [get]
func (h *Handler) getDocumentContent(c echo.Context) error { return h.sendDocument(c) }

// headDocumentContent tells about the bytes without sending them.
//
//	@Summary	Size and hash of a document
//	@ID			headDocumentContent
//	@Tags		documents
//	@Security	Session
//	@Param		documentId	path		string	true	"Document"	format(uuid)
//	@Param		inline		query		int		false	"1: show a PDF, JPEG or PNG instead of saving it"	enums(0,1)
//	@Param		view		query		int		false	"1: in the session of the employee who looks along, where the page cannot send X-Voordeur-View"	enums(0,1)
//	@Success	200			"Headers only"
//	@Header		200			{string}	ETag	"SHA-256 of the bytes"
//	@Failure	default		{object}	web.Problem
//	@Router		/portal/documents/{documentId}/content [head]
func (h *Handler) headDocumentContent(c echo.Context) error { return h.sendDocument(c) }

type documentContentQuery struct {
	Inline int `query:"inline" validate:"oneof=0 1"`
	View   int `query:"view" validate:"oneof=0 1"` // the guard reads it
}

func (h *Handler) sendDocument(c echo.Context) error {
	id, err := web.ID(c, "documentId")
	if err != nil {
		return err
	}
	var in documentContentQuery
	if err := web.Query(c, &in); err != nil {
		return err
	}
	v, err := h.Documents.Content(c.Request().Context(), id, 0)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodGet {
		if err := h.SignIn.RecordOpened(c.Request().Context(), signin.Opened{Document: id, Dossier: v.DossierID, Filename: v.Filename}); err != nil {
			return err
		}
	}
	return web.Download(c, web.Blob{
		Filename: v.Filename, MediaType: v.MediaType, Size: v.Size, SHA256: v.SHA256, ModifiedAt: v.CreatedAt, Inline: in.Inline == 1,
	}, func(offset, length int64) (io.ReadCloser, error) {
		return h.Documents.Open(c.Request().Context(), v, offset, length)
	})
}
