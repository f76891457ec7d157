package portal

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/authz"
	"voordeur/internal/document"
	"voordeur/internal/web"
)

func (h *Handler) uploadRoutes(r web.Router) {
	const need = authz.PortalSubmissionCreate
	r.OPTIONS("/portal/uploads", web.Op{ID: "describeUploads", Need: need}, h.describeUploads)
	r.POST("/portal/uploads", web.Op{ID: "createUpload", Need: need, Rate: web.RateUpload, Body: web.AnyBody, Raw: true}, h.createUpload)
	r.HEAD("/portal/uploads/:uploadId", web.Op{ID: "headUpload", Need: need, Rate: web.RateUpload}, h.headUpload)
	r.PATCH("/portal/uploads/:uploadId", web.Op{ID: "patchUpload", Need: need, Rate: web.RateUpload, Body: web.AnyBody, Raw: true}, h.patchUpload)
	r.GET("/portal/uploads/:uploadId", web.Op{ID: "getUpload", Need: need}, h.getUpload)
	r.DELETE("/portal/uploads/:uploadId", web.Op{ID: "deleteUpload", Need: need}, h.deleteUpload)
}

// Upload is a file on its way in. It becomes a document when createSubmission names it.
type Upload struct {
	ID        uuid.UUID            `json:"id" format:"uuid" validate:"required"`
	Filename  string               `json:"filename" validate:"required"`
	Size      int64                `json:"size" validate:"required"`
	Received  int64                `json:"received" validate:"required"`
	State     document.UploadState `json:"state" validate:"required"`
	MediaType string               `json:"mediaType,omitempty"`
	Refusal   string               `json:"refusal,omitempty" example:"file-not-what-it-says"`
	ExpiresAt time.Time            `json:"expiresAt" format:"date-time" validate:"required"`
}

func newUpload(u document.Upload) Upload {
	out := Upload{
		ID: u.ID, Filename: u.Filename, Size: u.Size, Received: u.Received,
		State: u.State, ExpiresAt: u.ExpiresAt,
	}
	if u.MediaType != nil {
		out.MediaType = *u.MediaType
	}
	if u.Refusal != nil {
		out.Refusal = *u.Refusal
	}
	return out
}

// describeUploads tells a tus client what this server can do.
//
//	@Summary	What the upload server can do (tus 1.0.0)
//	@ID			describeUploads
//	@Tags		uploads
//	@Security	Session
//	@Success	204	"The tus headers say what is supported"
//	@Header		204	{string}	Tus-Version		"Protocol version, 1.0.0"
//	@Header		204	{string}	Tus-Extension	"creation,creation-with-upload,expiration,termination"
//	@Header		204	{integer}	Tus-Max-Size	"Largest file in bytes"
//	@Failure	default	{object}	web.Problem
//	@Router		/portal/uploads [options]
func (h *Handler) describeUploads(c echo.Context) error {
	return web.TusOptions(c, document.MaxSize)
}

// createUpload announces a file (tus creation). Its bytes follow with patchUpload.
//
//	@Summary		Start a resumable upload (tus 1.0.0)
//	@Description	A file of at most 25 MiB: PDF, JPEG, PNG, HEIC, DOCX or XLSX. The answer's Location is where the bytes go. A body of
//	@Description	type application/offset+octet-stream is taken as the first bytes (creation-with-upload).
//	@ID				createUpload
//	@Tags			uploads
//	@Accept			application/offset+octet-stream
//	@Produce		json
//	@Security		Session
//	@Param			Tus-Resumable	header		string	true	"Protocol version, 1.0.0"
//	@Param			Upload-Length	header		int		true	"Size in bytes"	minimum(1)	maximum(26214400)
//	@Param			Upload-Metadata	header		string	true	"Comma-separated pairs: filename and its base64"
//	@Success		201				{object}	Upload
//	@Header			201				{string}	Location		"Where the bytes go"
//	@Header			201				{string}	Upload-Expires	"When an unfinished upload is thrown away"
//	@Failure		default			{object}	web.Problem
//	@Router			/portal/uploads [post]
func (h *Handler) createUpload(c echo.Context) error {
	u, err := web.TusCreate(c, h.Documents, "/api/v1/portal/uploads/")
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, newUpload(u))
}

// headUpload says how far an upload has come, so that it can go on from there.
//
//	@Summary	How many bytes have arrived (tus 1.0.0)
//	@ID			headUpload
//	@Tags		uploads
//	@Security	Session
//	@Param		uploadId		path	string	true	"Upload"	format(uuid)
//	@Param		Tus-Resumable	header	string	true	"Protocol version, 1.0.0"
//	@Success	200				"Upload-Offset says how far it is"
//	@Header		200				{integer}	Upload-Offset	"Bytes that have arrived"
//	@Header		200				{integer}	Upload-Length	"Bytes there will be"
//	@Failure	default			{object}	web.Problem
//	@Router		/portal/uploads/{uploadId} [head]
func (h *Handler) headUpload(c echo.Context) error {
	return web.TusHead(c, h.Documents)
}

// patchUpload adds bytes at the offset where the upload stands. With the last byte the file is checked.
//
//	@Summary	Send bytes (tus 1.0.0)
//	@ID			patchUpload
//	@Tags		uploads
//	@Accept		application/offset+octet-stream
//	@Security	Session
//	@Param		uploadId		path	string	true	"Upload"	format(uuid)
//	@Param		Tus-Resumable	header	string	true	"Protocol version, 1.0.0"
//	@Param		Upload-Offset	header	int		true	"Bytes that have arrived so far"
//	@Param		body			body	string	true	"The bytes"	format(binary)
//	@Success	204				"The bytes are stored"
//	@Header		204				{integer}	Upload-Offset	"Bytes that have arrived"
//	@Failure	default			{object}	web.Problem
//	@Router		/portal/uploads/{uploadId} [patch]
func (h *Handler) patchUpload(c echo.Context) error {
	return web.TusPatch(c, h.Documents)
}

// getUpload returns the state of an upload.
//
//	@Summary	Get an upload
//	@ID			getUpload
//	@Tags		uploads
//	@Produce	json
//	@Security	Session
//	@Param		uploadId	path		string	true	"Upload"	format(uuid)
//	@Success	200			{object}	Upload
//	@Failure	default		{object}	web.Problem
//	@Router		/portal/uploads/{uploadId} [get]
func (h *Handler) getUpload(c echo.Context) error {
	id, err := web.ID(c, "uploadId")
	if err != nil {
		return err
	}
	u, err := h.Documents.Upload(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, newUpload(u))
}

// deleteUpload takes an upload back and throws its bytes away (tus termination).
//
//	@Summary	Take an upload back (tus 1.0.0)
//	@ID			deleteUpload
//	@Tags		uploads
//	@Security	Session
//	@Param		uploadId	path	string	true	"Upload"	format(uuid)
//	@Success	204			"Gone"
//	@Failure	default		{object}	web.Problem
//	@Router		/portal/uploads/{uploadId} [delete]
func (h *Handler) deleteUpload(c echo.Context) error {
	return web.TusDelete(c, h.Documents)
}
