package office

import (
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/document"
	"voordeur/internal/web"
)

func (h *Handler) documentRoutes(r web.Router) {
	r.GET("/dossiers/:dossierId/documents", web.Op{ID: "listDossierDocuments", Need: authz.DocumentRead, InBatch: true}, h.listDossierDocuments)
	r.POST("/dossiers/:dossierId/documents", web.Op{
		ID: "createDocument", Need: authz.DocumentWrite, Idempotency: web.IdempotencyAccepted, Rate: web.RateUpload, Body: web.AnyBody, Raw: true,
	}, h.createDocument)
	r.POST("/dossiers/:dossierId/documents/from-upload", web.Op{
		ID: "createDocumentFromUpload", Need: authz.DocumentWrite, Idempotency: web.IdempotencyAccepted,
	}, h.createDocumentFromUpload)
	r.GET("/documents/:documentId", web.Op{ID: "getDocument", Need: authz.DocumentRead}, h.getDocument)
	r.PATCH("/documents/:documentId", web.Op{ID: "updateDocument", Need: authz.DocumentWrite, IfMatch: true}, h.updateDocument)
	r.DELETE("/documents/:documentId", web.Op{ID: "archiveDocument", Need: authz.DocumentWrite}, h.archiveDocument)
	r.GET("/documents/:documentId/content", web.Op{ID: "getDocumentContent", Need: authz.DocumentRead}, h.getDocumentContent)
	r.HEAD("/documents/:documentId/content", web.Op{ID: "headDocumentContent", Need: authz.DocumentRead}, h.headDocumentContent)
}

// Document is a file of a dossier with its history, as employees see it.
type Document struct {
	ID            uuid.UUID       `json:"id" format:"uuid" validate:"required"`
	DossierID     uuid.UUID       `json:"dossierId" format:"uuid" validate:"required"`
	ProductID     *uuid.UUID      `json:"productId,omitempty" format:"uuid"`
	ActionPointID *uuid.UUID      `json:"actionPointId,omitempty" format:"uuid"`
	SubmissionID  *uuid.UUID      `json:"submissionId,omitempty" format:"uuid"`
	Title         string          `json:"title" validate:"required"`
	Origin        document.Origin `json:"origin" validate:"required"`
	Visible       bool            `json:"visible" validate:"required"`
	// MemberIDs: only these portal members see it (E8); absent: everybody who opens the dossier and may see documents.
	MemberIDs      *[]uuid.UUID      `json:"memberIds,omitempty" format:"uuid"`
	Remark         string            `json:"remark" validate:"required"`
	Filename       string            `json:"filename" validate:"required"`
	MediaType      string            `json:"mediaType" validate:"required" example:"application/pdf"`
	Size           int64             `json:"size" validate:"required"`
	SHA256         string            `json:"sha256" validate:"required"`
	UploadedByName string            `json:"uploadedByName" validate:"required"`
	Versions       []DocumentVersion `json:"versions" validate:"required"`
	Version        int64             `json:"version" validate:"required"`
	CreatedAt      time.Time         `json:"createdAt" format:"date-time" validate:"required"`
	UpdatedAt      time.Time         `json:"updatedAt" format:"date-time" validate:"required"`
}

// DocumentVersion is one state of a document's bytes; they never change.
type DocumentVersion struct {
	Number         int       `json:"number" validate:"required"`
	Filename       string    `json:"filename" validate:"required"`
	MediaType      string    `json:"mediaType" validate:"required" example:"application/pdf"`
	Size           int64     `json:"size" validate:"required"`
	SHA256         string    `json:"sha256" validate:"required"`
	UploadedByName string    `json:"uploadedByName" validate:"required"`
	CreatedAt      time.Time `json:"createdAt" format:"date-time" validate:"required"`
}

func newDocument(d document.Document) Document {
	out := Document{
		ID: d.ID, DossierID: d.DossierID, ProductID: d.ProductID, ActionPointID: d.ActionPointID, SubmissionID: d.SubmissionID,
		Title: d.Title, Origin: d.Origin, Visible: d.Visible, Remark: d.Remark, Versions: []DocumentVersion{},
		Version: d.Version, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
	for _, v := range d.Versions {
		out.Versions = append(out.Versions, DocumentVersion{
			Number: v.Number, Filename: v.Filename, MediaType: v.MediaType, Size: v.Size,
			SHA256: hex.EncodeToString(v.SHA256), UploadedByName: v.UploadedByName, CreatedAt: v.CreatedAt,
		})
	}
	if d.Restricted {
		chosen := append([]uuid.UUID{}, d.MemberIDs...)
		out.MemberIDs = &chosen
	}
	out.Filename, out.MediaType, out.Size, out.SHA256 = d.Filename, d.MediaType, d.Size, hex.EncodeToString(d.SHA256)
	out.UploadedByName = d.Current().UploadedByName
	return out
}

type listDossierDocumentsQuery struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" validate:"min=1,max=200"`
}

// listDossierDocuments returns the documents of a dossier, newest first.
//
//	@Summary	List the documents of a dossier
//	@ID			listDossierDocuments
//	@Tags		documents
//	@Produce	json
//	@Security	Session
//	@Param		dossierId	path		string	true	"Dossier"	format(uuid)
//	@Param		cursor		query		string	false	"nextCursor of the previous page"
//	@Param		limit		query		int		false	"Page size"	minimum(1)	maximum(200)	default(50)
//	@Success	200			{object}	web.Page[Document]
//	@Failure	default		{object}	web.Problem
//	@Router		/dossiers/{dossierId}/documents [get]
func (h *Handler) listDossierDocuments(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	in := listDossierDocumentsQuery{Limit: 50}
	if err := web.Query(c, &in); err != nil {
		return err
	}
	var after uuid.UUID
	if err := web.DecodeCursor(in.Cursor, &after); err != nil {
		return err
	}
	docs, err := h.Documents.List(c.Request().Context(), &id, after, in.Limit+1)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, web.NewPage(docs, in.Limit, newDocument, func(d document.Document) any { return d.ID }))
}

// createDocument stores a file with a dossier in one multipart request. The apps use uploads; this is for integrators.
//
//	@Summary		Add a document
//	@Description	A file of at most 25 MiB: PDF, JPEG, PNG, HEIC, DOCX or XLSX. Shared with the customer only when visible is true.
//	@ID				createDocument
//	@Tags			documents
//	@Accept			mpfd
//	@Produce		json
//	@Security		Session
//	@Param			dossierId		path		string	true	"Dossier"	format(uuid)
//	@Param			Idempotency-Key	header		string	false	"The same key, file and fields give the same answer for 24 hours"
//	@Param			file			formData	file	true	"The file"
//	@Param			title			formData	string	false	"Title; the file's name when absent"	maxlength(200)
//	@Param			productId		formData	string	false	"Product it is about"					format(uuid)
//	@Param			visible			formData	boolean	false	"Visible in the portal"					default(false)
//	@Param			remark			formData	string	false	"The adviser's remark with it"			maxlength(2000)
//	@Success		201				{object}	Document
//	@Header			201				{string}	Location	"The document"
//	@Header			201				{string}	ETag		"Its version"
//	@Failure		default			{object}	web.Problem
//	@Router			/dossiers/{dossierId}/documents [post]
func (h *Handler) createDocument(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	form, err := web.MultipartStream(c, "file", document.MaxSize)
	if err != nil {
		return err
	}
	d, err := h.Documents.Create(c.Request().Context(), id, form.Filename(), form, func() (document.Draft, error) {
		var in createDocumentForm
		if err := form.Fields(&in); err != nil {
			return document.Draft{}, err
		}
		return document.Draft{ProductID: in.ProductID, Title: in.Title, Visible: in.Visible, Remark: in.Remark}, nil
	})
	if err != nil {
		return err
	}
	return h.createdDocument(c, d)
}

type createDocumentForm struct {
	Title     string     `json:"title" validate:"max=200"`
	ProductID *uuid.UUID `json:"productId"`
	Visible   bool       `json:"visible"`
	Remark    string     `json:"remark" validate:"max=2000" text:"lines"`
}

// CreateDocumentFromUpload is the body of createDocumentFromUpload.
type CreateDocumentFromUpload struct {
	UploadID  uuid.UUID  `json:"uploadId" format:"uuid" validate:"required"`
	Title     string     `json:"title" validate:"max=200"`
	ProductID *uuid.UUID `json:"productId" format:"uuid"`
	Visible   bool       `json:"visible"`
	Remark    string     `json:"remark" validate:"max=2000" text:"lines"`
}

// createDocumentFromUpload turns a finished upload into a document.
//
//	@Summary	Add a document from an upload
//	@ID			createDocumentFromUpload
//	@Tags		documents
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		dossierId		path		string						true	"Dossier"	format(uuid)
//	@Param		Idempotency-Key	header		string						false	"The same key and body give the same answer for 24 hours"
//	@Param		body			body		CreateDocumentFromUpload	true	"Which upload, and how it is shown"
//	@Success	201				{object}	Document
//	@Header		201				{string}	Location	"The document"
//	@Header		201				{string}	ETag		"Its version"
//	@Failure	default			{object}	web.Problem
//	@Router		/dossiers/{dossierId}/documents/from-upload [post]
func (h *Handler) createDocumentFromUpload(c echo.Context) error {
	id, err := web.ID(c, "dossierId")
	if err != nil {
		return err
	}
	var in CreateDocumentFromUpload
	if err := web.Body(c, &in); err != nil {
		return err
	}
	d, err := h.Documents.CreateFromUpload(c.Request().Context(), id, document.Draft{
		ProductID: in.ProductID, Title: in.Title, Visible: in.Visible, Remark: in.Remark,
	}, in.UploadID)
	if err != nil {
		return err
	}
	return h.createdDocument(c, d)
}

func (h *Handler) createdDocument(c echo.Context, d document.Document) error {
	web.ETag(c, d.Version)
	return web.Created(c, web.Location("/documents", d.ID), newDocument(d))
}

// getDocument returns one document.
//
//	@Summary	Get a document
//	@ID			getDocument
//	@Tags		documents
//	@Produce	json
//	@Security	Session
//	@Param		documentId	path		string	true	"Document"	format(uuid)
//	@Success	200			{object}	Document
//	@Header		200			{string}	ETag	"Its version"
//	@Failure	default		{object}	web.Problem
//	@Router		/documents/{documentId} [get]
func (h *Handler) getDocument(c echo.Context) error {
	id, err := web.ID(c, "documentId")
	if err != nil {
		return err
	}
	d, err := h.Documents.Get(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return web.OK(c, d.Version, newDocument(d))
}

// UpdateDocument is the body of updateDocument; absent fields stay as they are.
type UpdateDocument struct {
	Title   *string `json:"title,omitempty" validate:"omitempty,min=1,max=200"`
	Visible *bool   `json:"visible,omitempty"`
	Remark  *string `json:"remark,omitempty" validate:"omitempty,max=2000" text:"lines"`
	// MemberIDs: only these portal members see it, and who handed it in; null: everybody who opens the dossier and may see documents.
	MemberIDs web.Optional[[]uuid.UUID] `json:"memberIds,omitzero" swaggertype:"array,string" format:"uuid" extensions:"x-nullable"`
}

// updateDocument changes what stands with a document; never its bytes.
//
//	@Summary	Change a document
//	@ID			updateDocument
//	@Tags		documents
//	@Accept		json
//	@Produce	json
//	@Security	Session
//	@Param		documentId	path		string			true	"Document"	format(uuid)
//	@Param		If-Match	header		string			true	"ETag of the version that changes"
//	@Param		body		body		UpdateDocument	true	"What changes"
//	@Success	200			{object}	Document
//	@Header		200			{string}	ETag	"Its version"
//	@Failure	default		{object}	web.Problem
//	@Router		/documents/{documentId} [patch]
func (h *Handler) updateDocument(c echo.Context) error {
	id, err := web.ID(c, "documentId")
	if err != nil {
		return err
	}
	version, err := web.IfMatch(c)
	if err != nil {
		return err
	}
	var in UpdateDocument
	if err := web.Body(c, &in); err != nil {
		return err
	}
	d, err := h.Documents.Update(c.Request().Context(), id, version, document.Change{
		Title: in.Title, Visible: in.Visible, Remark: in.Remark, SetMembers: in.MemberIDs.Present, MemberIDs: in.MemberIDs.Value,
	})
	if err != nil {
		return err
	}
	return web.OK(c, d.Version, newDocument(d))
}

// archiveDocument takes a document out of sight of everybody; nothing is lost.
//
//	@Summary	Archive a document
//	@ID			archiveDocument
//	@Tags		documents
//	@Security	Session
//	@Param		documentId	path	string	true	"Document"	format(uuid)
//	@Success	204			"Archived"
//	@Failure	default		{object}	web.Problem
//	@Router		/documents/{documentId} [delete]
func (h *Handler) archiveDocument(c echo.Context) error {
	id, err := web.ID(c, "documentId")
	if err != nil {
		return err
	}
	if err := h.Documents.Archive(c.Request().Context(), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
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
//	@Param		number		query		int		false	"An earlier version"								minimum(1)
//	@Param		Range		header		string	false	"bytes=0-1023"
//	@Success	200			{file}		file
//	@Success	206			{file}		file	"The range asked for"
//	@Success	304			"Not changed since If-None-Match"
//	@Header		200,206		{string}	ETag				"SHA-256 of the bytes"
//	@Header		200,206		{string}	Content-Disposition	"The file's name"
//	@Failure	default		{object}	web.Problem
//	@Router		/documents/{documentId}/content [get]
func (h *Handler) getDocumentContent(c echo.Context) error { return h.sendDocument(c) }

// headDocumentContent tells about the bytes without sending them.
//
//	@Summary	Size and hash of a document
//	@ID			headDocumentContent
//	@Tags		documents
//	@Security	Session
//	@Param		documentId	path		string	true	"Document"	format(uuid)
//	@Param		inline		query		int		false	"1: show a PDF, JPEG or PNG instead of saving it"	enums(0,1)
//	@Param		number		query		int		false	"An earlier version"								minimum(1)
//	@Success	200			"Headers only"
//	@Header		200			{string}	ETag	"SHA-256 of the bytes"
//	@Failure	default		{object}	web.Problem
//	@Router		/documents/{documentId}/content [head]
func (h *Handler) headDocumentContent(c echo.Context) error { return h.sendDocument(c) }

type documentContentQuery struct {
	Inline int `query:"inline" validate:"oneof=0 1"`
	Number int `query:"number" validate:"min=0"`
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
	v, err := h.Documents.Content(c.Request().Context(), id, in.Number)
	if err != nil {
		return err
	}
	return web.Download(c, web.Blob{
		Filename: v.Filename, MediaType: v.MediaType, Size: v.Size, SHA256: v.SHA256, ModifiedAt: v.CreatedAt, Inline: in.Inline == 1,
	}, func(offset, length int64) (io.ReadCloser, error) {
		return h.Documents.Open(c.Request().Context(), v, offset, length)
	})
}
