package web

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Blob is what a download sends, besides the bytes.
type Blob struct {
	Filename   string
	MediaType  string
	Size       int64
	SHA256     []byte
	ModifiedAt time.Time
	Inline     bool // asked to be shown; only what a browser shows without running anything is
}

// inline are the types that may be shown in the page; everything else is saved.
var inline = map[string]bool{"application/pdf": true, "image/jpeg": true, "image/png": true}

// Download sends a file, or the one range of it that was asked for. open gives length bytes from offset on; it is not called for a HEAD, nor
// for what the client has already.
func Download(c echo.Context, b Blob, open func(offset, length int64) (io.ReadCloser, error)) error {
	h, etag := c.Response().Header(), `"`+hex.EncodeToString(b.SHA256)+`"`
	h.Set("ETag", etag)
	h.Set(echo.HeaderLastModified, b.ModifiedAt.UTC().Format(http.TimeFormat))
	h.Set("Accept-Ranges", "bytes")
	h.Set(echo.HeaderCacheControl, "private, no-store")
	h.Set(echo.HeaderContentSecurityPolicy, "sandbox; default-src 'none'")
	h.Set(echo.HeaderXContentTypeOptions, "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if NotModified(c, etag) {
		return c.NoContent(http.StatusNotModified)
	}
	disposition := "attachment"
	if b.Inline && inline[b.MediaType] {
		disposition = "inline"
	}
	h.Set(echo.HeaderContentDisposition, disposition+"; filename=\""+asciiName(b.Filename)+"\"; filename*=UTF-8''"+extValue(b.Filename))

	from, length, status := int64(0), b.Size, http.StatusOK
	if asked := c.Request().Header.Get("Range"); asked != "" && rangeHolds(c, etag, b.ModifiedAt) {
		var ok, satisfiable bool
		if from, length, ok, satisfiable = oneRange(asked, b.Size); !satisfiable {
			h.Set("Content-Range", "bytes */"+strconv.FormatInt(b.Size, 10))
			h.Del(echo.HeaderContentDisposition)
			return echo.NewHTTPError(http.StatusRequestedRangeNotSatisfiable)
		}
		if ok {
			status = http.StatusPartialContent
			h.Set("Content-Range", "bytes "+strconv.FormatInt(from, 10)+"-"+strconv.FormatInt(from+length-1, 10)+"/"+strconv.FormatInt(b.Size, 10))
		}
	}
	if c.Request().Method == http.MethodHead {
		h.Set(echo.HeaderContentType, b.MediaType)
		h.Set(echo.HeaderContentLength, strconv.FormatInt(length, 10))
		return c.NoContent(status)
	}
	body, err := open(from, length)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	h.Set(echo.HeaderContentType, b.MediaType)
	h.Set(echo.HeaderContentLength, strconv.FormatInt(length, 10))
	c.Response().WriteHeader(status)
	// Nothing more is read from the client, and the server's limit on reading would end the request meanwhile.
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{})
	// The status is out: an error now can only end the connection, which the length gives away.
	_, err = io.Copy(&patientWriter{c.Response(), http.NewResponseController(c.Response())}, body)
	return err
}

// SendFile sends a file whose length nobody knows yet, as it is made. produce writes to what begin returns; until it calls begin
// an error is an answer like any other. After that it breaks the connection off, so that no client takes a part for the whole.
func SendFile(c echo.Context, filename, media string, produce func(begin func() io.Writer) error) error {
	begun := false
	err := produce(func() io.Writer {
		if !begun {
			begun = true
			h := c.Response().Header()
			h.Set(echo.HeaderContentType, media)
			h.Set(echo.HeaderContentDisposition, "attachment; filename=\""+asciiName(filename)+"\"; filename*=UTF-8''"+extValue(filename))
			h.Set(echo.HeaderCacheControl, "private, no-store")
			h.Set(echo.HeaderContentSecurityPolicy, "sandbox; default-src 'none'")
			h.Set(echo.HeaderXContentTypeOptions, "nosniff")
			c.Response().WriteHeader(http.StatusOK)
			_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{})
		}
		return &patientWriter{c.Response(), http.NewResponseController(c.Response())}
	})
	if err != nil && begun {
		panic(http.ErrAbortHandler)
	}
	return err
}

// patientWriter moves the deadline of the response with every piece the client takes.
type patientWriter struct {
	w       io.Writer
	control *http.ResponseController
}

// Write implements io.Writer.
func (p *patientWriter) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(slowestPause)) //nolint:forbidigo // deadlines of a socket are in the machine's time
	return p.w.Write(b)
}

// rangeHolds reports whether a range may be answered: If-Range asks for the whole file when it has changed.
func rangeHolds(c echo.Context, etag string, modified time.Time) bool {
	cond := c.Request().Header.Get("If-Range")
	if cond == "" || cond == etag {
		return true
	}
	at, err := http.ParseTime(cond)
	return err == nil && at.Equal(modified.Truncate(time.Second))
}

// oneRange reads "bytes=0-99", "bytes=100-" or "bytes=-100". Several ranges, and what is no range, are answered with the whole file (ok is
// false), as RFC 9110 allows.
func oneRange(asked string, size int64) (int64, int64, bool, bool) {
	spec, bytes := strings.CutPrefix(strings.ToLower(strings.TrimSpace(asked)), "bytes=")
	first, last, dash := strings.Cut(textproto.TrimString(spec), "-")
	if !bytes || !dash || strings.Contains(spec, ",") {
		return 0, size, false, true
	}
	from, err1 := strconv.ParseUint(first, 10, 63)
	to, err2 := strconv.ParseUint(last, 10, 63)
	switch {
	case first == "" && err2 == nil: // the last so many
		n := min(int64(to), size)
		return size - n, n, true, n > 0
	case err1 == nil && int64(from) >= size:
		return 0, 0, false, false
	case err1 == nil && last == "":
		return int64(from), size - int64(from), true, true
	case err1 == nil && err2 == nil && from <= to:
		return int64(from), min(int64(to), size-1) - int64(from) + 1, true, true
	}
	return 0, size, false, true
}

// asciiName is the name for clients that do not know RFC 8187.
func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
}

// extValue encodes a name as RFC 8187 wants it.
func extValue(name string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "'", "%27", "(", "%28", ")", "%29", "!", "%21").Replace(url.QueryEscape(name))
}
