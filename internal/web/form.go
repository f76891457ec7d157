package web

import (
	"mime"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

// formBody is far more than a request for a token has.
const formBody = 16 << 10

// Form reads a body of application/x-www-form-urlencoded, and nothing else: what stands in the address ends up in logs. A name that
// comes twice, or is not text, makes the whole body unreadable (RFC 6749, section 3.2).
func Form(c echo.Context) (url.Values, bool) {
	req := c.Request()
	media, _, err := mime.ParseMediaType(req.Header.Get(echo.HeaderContentType))
	if err != nil || media != echo.MIMEApplicationForm || req.URL.RawQuery != "" {
		return nil, false
	}
	req.Body = http.MaxBytesReader(c.Response(), req.Body, formBody)
	if err := req.ParseForm(); err != nil {
		return nil, false
	}
	for _, v := range req.PostForm {
		if len(v) != 1 || !utf8.ValidString(v[0]) {
			return nil, false
		}
	}
	return req.PostForm, true
}
