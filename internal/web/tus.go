package web

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/fault"
)

// The tus protocol, https://tus.io/protocols/resumable-upload: a file is announced, its bytes arrive in as many requests as
// the connection allows, and a HEAD says where to go on.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,expiration,termination"
	tusMediaType  = "application/offset+octet-stream"

	headerTus       = "Tus-Resumable"
	headerOffset    = "Upload-Offset"
	headerLength    = "Upload-Length"
	headerExpires   = "Upload-Expires"
	headerMetadata  = "Upload-Metadata"
	maxMetadata     = 4096
	slowestPause    = 30 * time.Second // a client that is silent for longer has gone
	slowestRate     = 2 << 10          // bytes a second, over the whole request: less holds a connection for nothing
	headStart       = time.Minute      // before the rate counts
	longestResponse = time.Minute
)

var (
	errTusVersion = fault.New(fault.Stale, "tus-version-unsupported", "Send Tus-Resumable: 1.0.0.")
	errTusType    = fault.New(fault.UnsupportedType, "tus-content-type", "The bytes of an upload are "+tusMediaType+".")
)

// tusCreation is what a client announces.
type tusCreation struct {
	filename string
	length   int64
	hasBody  bool // the first bytes come along
}

// tusHeaders marks an answer as one of the tus protocol; it may not be kept by anybody on the way.
func tusHeaders(c echo.Context) {
	c.Response().Header().Set(headerTus, tusVersion)
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
}

// tusSpoken refuses a client that speaks another version.
func tusSpoken(c echo.Context) error {
	tusHeaders(c)
	if c.Request().Header.Get(headerTus) != tusVersion {
		c.Response().Header().Set("Tus-Version", tusVersion)
		return errTusVersion
	}
	return nil
}

// TusOptions tells what the server can do.
func TusOptions(c echo.Context, maxSize int64) error {
	tusHeaders(c)
	h := c.Response().Header()
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Max-Size", strconv.FormatInt(maxSize, 10))
	return c.NoContent(http.StatusNoContent)
}

// TusUpload is a file on its way in, as the protocol sees it.
type TusUpload interface {
	Progress() (id uuid.UUID, received, size int64, expires time.Time)
}

// TusUploads is where files arrive, whoever sends them.
type TusUploads[U TusUpload] interface {
	CreateUpload(ctx context.Context, filename string, size int64) (U, error)
	Append(ctx context.Context, id uuid.UUID, offset int64, body io.Reader) (U, error)
	ResumeUpload(ctx context.Context, id uuid.UUID) (U, error)
	CancelUpload(ctx context.Context, id uuid.UUID) error
}

// TusCreate announces a file, takes what bytes come along, and says where the others go: behind base. The handler answers with the body.
func TusCreate[U TusUpload](c echo.Context, to TusUploads[U], base string) (U, error) {
	var none U
	req, err := tusAnnounced(c)
	if err != nil {
		return none, err
	}
	u, err := to.CreateUpload(c.Request().Context(), req.filename, req.length)
	if err != nil {
		return none, err
	}
	id, _, _, _ := u.Progress()
	if req.hasBody {
		if u, err = to.Append(c.Request().Context(), id, 0, Stream(c)); err != nil {
			return none, err
		}
	}
	tusProgress(c, u)
	c.Response().Header().Set(echo.HeaderLocation, base+id.String())
	return u, nil
}

// TusHead says how far the upload in the path has come, so that it can go on from there.
func TusHead[U TusUpload](c echo.Context, to TusUploads[U]) error {
	id, err := ID(c, "uploadId")
	if err != nil {
		return err
	}
	if err := tusSpoken(c); err != nil {
		return err
	}
	u, err := to.ResumeUpload(c.Request().Context(), id)
	if err != nil {
		return err
	}
	tusProgress(c, u)
	return c.NoContent(http.StatusOK)
}

// TusPatch adds bytes to the upload in the path, at the offset where it stands.
func TusPatch[U TusUpload](c echo.Context, to TusUploads[U]) error {
	id, err := ID(c, "uploadId")
	if err != nil {
		return err
	}
	offset, err := tusOffset(c)
	if err != nil {
		return err
	}
	u, err := to.Append(c.Request().Context(), id, offset, Stream(c))
	if err != nil {
		return err
	}
	tusProgress(c, u)
	return c.NoContent(http.StatusNoContent)
}

// TusDelete takes the upload in the path back.
func TusDelete[U TusUpload](c echo.Context, to TusUploads[U]) error {
	id, err := ID(c, "uploadId")
	if err != nil {
		return err
	}
	if err := to.CancelUpload(c.Request().Context(), id); err != nil {
		return err
	}
	tusHeaders(c)
	return c.NoContent(http.StatusNoContent)
}

func tusProgress(c echo.Context, u TusUpload) {
	_, received, length, expires := u.Progress()
	tusHeaders(c)
	h := c.Response().Header()
	h.Set(headerOffset, strconv.FormatInt(received, 10))
	h.Set(headerLength, strconv.FormatInt(length, 10))
	h.Set(headerExpires, expires.UTC().Format(http.TimeFormat))
}

// tusAnnounced reads the headers of a creation. A length that cannot be read is an error; whether it is allowed is for the use case.
func tusAnnounced(c echo.Context) (tusCreation, error) {
	if err := tusSpoken(c); err != nil {
		return tusCreation{}, err
	}
	h := c.Request().Header
	length, err := strconv.ParseInt(h.Get(headerLength), 10, 64)
	if err != nil || length < 0 {
		return tusCreation{}, fault.OnField("/Upload-Length", "required")
	}
	name, err := tusFilename(h.Get(headerMetadata))
	if err != nil {
		return tusCreation{}, err
	}
	in := tusCreation{filename: name, length: length, hasBody: c.Request().ContentLength != 0 && h.Get(echo.HeaderContentType) != ""}
	if in.hasBody && h.Get(echo.HeaderContentType) != tusMediaType {
		return tusCreation{}, errTusType
	}
	return in, nil
}

// tusFilename finds the file's name in "filename d29yZA==,filetype …". Both words are in use for it.
func tusFilename(metadata string) (string, error) {
	if len(metadata) > maxMetadata {
		return "", fault.OnField("/Upload-Metadata", "max")
	}
	for pair := range strings.SplitSeq(metadata, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if key != "filename" && key != "name" {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		if err != nil || !utf8.Valid(raw) {
			return "", fault.OnField("/Upload-Metadata/filename", "format")
		}
		if len(raw) > 0 {
			return string(raw), nil
		}
	}
	return "", fault.OnField("/Upload-Metadata/filename", "required")
}

// tusOffset reads where the bytes of a PATCH belong.
func tusOffset(c echo.Context) (int64, error) {
	if err := tusSpoken(c); err != nil {
		return 0, err
	}
	h := c.Request().Header
	if h.Get(echo.HeaderContentType) != tusMediaType {
		return 0, errTusType
	}
	offset, err := strconv.ParseInt(h.Get(headerOffset), 10, 64)
	if err != nil || offset < 0 {
		return 0, fault.OnField("/Upload-Offset", "required")
	}
	return offset, nil
}

// Stream returns the body of a request whose length only the client knows. The server's limit on the duration of a request
// gives way to one on silence: a slow phone may take its time, a dead one may not.
func Stream(c echo.Context) *Streamed {
	return &Streamed{
		body: c.Request().Body, length: c.Request().ContentLength, control: http.NewResponseController(c.Response()),
		began: time.Now(), //nolint:forbidigo // deadlines of a socket are in the machine's time
	}
}

// Streamed is a body that is read as it arrives.
type Streamed struct {
	body    io.Reader
	length  int64
	control *http.ResponseController
	began   time.Time
	read    int64

	mu          sync.Mutex
	interrupted bool
}

var errInterrupted = errors.New("web: another request asks about this upload")

// Read implements io.Reader.
func (s *Streamed) Read(p []byte) (int, error) {
	if !s.wait() {
		return 0, errInterrupted
	}
	n, err := s.body.Read(p)
	s.read += int64(n)
	return n, err
}

// wait moves the deadlines of the connection. They fail only where a connection has none, as in a recorder of a test.
func (s *Streamed) wait() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.interrupted {
		return false
	}
	until := time.Now().Add(slowestPause) //nolint:forbidigo // as above
	if last := s.began.Add(headStart + time.Duration(s.read/slowestRate)*time.Second); last.Before(until) {
		until = last
	}
	_ = s.control.SetReadDeadline(until)
	_ = s.control.SetWriteDeadline(until.Add(longestResponse))
	return true
}

// Len returns what the client says the body's length is, or -1.
func (s *Streamed) Len() int64 { return s.length }

// Interrupt makes a Read that waits for the client return at once.
func (s *Streamed) Interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interrupted = true
	_ = s.control.SetReadDeadline(time.Now()) //nolint:forbidigo // as above
}
