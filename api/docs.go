package api

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"

	"github.com/labstack/echo/v4"

	"voordeur/internal/web"
	"voordeur/openapi"
)

//go:embed docs/*
var docs embed.FS

// docsPolicy lets the page of the documentation run its own script and nothing else.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// describe serves the contracts of the surfaces that are served here, and a page to read them on.
func (d Deps) describe(e *echo.Echo) {
	for _, surface := range []web.Audience{web.Office, web.Portal, web.Public} {
		if d.serves(surface) {
			e.GET(Base+"/openapi/"+string(surface)+".json", file(openapi.FS.ReadFile, string(surface)+".json", ""))
		}
	}
	e.GET("/api/docs", file(docs.ReadFile, "docs/index.html", docsPolicy))
	e.GET("/api/docs/docs.js", file(docs.ReadFile, "docs/docs.js", docsPolicy))
	e.GET("/api/docs/docs.css", file(docs.ReadFile, "docs/docs.css", docsPolicy))
}

// file serves one embedded file with the digest of its bytes as ETag.
func file(read func(string) ([]byte, error), name, policy string) echo.HandlerFunc {
	raw, err := read(name)
	if err != nil {
		panic(err) // embedded at build time
	}
	sum := sha256.Sum256(raw)
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	media := mime.TypeByExtension(path.Ext(name))
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("ETag", etag)
		h.Set(echo.HeaderCacheControl, "no-cache")
		if policy != "" {
			h.Set("Content-Security-Policy", policy)
		}
		if web.NotModified(c, etag) {
			return c.NoContent(http.StatusNotModified)
		}
		return c.Blob(http.StatusOK, media, raw)
	}
}
