package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// pagePolicy is what a page of an app may do: run its own scripts and workers, talk to its own address, show what it made
// itself. Nothing may frame it. WebAssembly is for the PDF viewer's image decoders. A script that stands in the page itself runs only
// with exactly the bytes that the build put there (Content Security Policy Level 3, 6.7.3.3).
func pagePolicy(page []byte) string {
	var own strings.Builder
	for _, script := range inPage.FindAllSubmatch(page, -1) {
		sum := sha256.Sum256(script[1])
		own.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
	}
	return fmt.Sprintf(policyOfPage, own.String())
}

var inPage = regexp.MustCompile(`(?s)<script>(.*?)</script>`)

const policyOfPage = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'%s; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' blob:; " +
	"font-src 'self'; worker-src 'self' blob:; manifest-src 'self'; media-src 'self' blob:; frame-src 'self' blob:; object-src 'none'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Pages serves a single-page app: its files as they are, and index.html for every address that a person can go to.
type Pages struct {
	Files fs.FS
	HTTPS bool
}

// ServeHTTP implements http.Handler.
func (p Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	Harden(w.Header(), p.HTTPS)
	w.Header().Set("Content-Security-Policy", pagePolicy(nil))
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = "index.html"
	}
	if !nameable(name) {
		http.NotFound(w, r)
		return
	}
	err := p.serve(w, r, name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errDirectory) {
		if !navigation(r, name) {
			http.NotFound(w, r)
			return
		}
		err = p.serve(w, r, "index.html")
	}
	if errors.Is(err, fs.ErrNotExist) {
		http.Error(w, "This app has not been built yet: run make build.", http.StatusNotFound)
	} else if err != nil {
		http.Error(w, "This page cannot be read.", http.StatusInternalServerError)
	}
}

// nameable reports whether a file can have this name at all; asking a disk for one that cannot is an error of its own.
func nameable(name string) bool {
	return fs.ValidPath(name) && !strings.ContainsRune(name, 0) &&
		!slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return len(part) > 240 })
}

// navigation tells a person who goes to an address from a script that misses a file.
func navigation(r *http.Request, name string) bool {
	return path.Ext(name) == "" || strings.Contains(r.Header.Get("Accept"), "text/html")
}

var errDirectory = errors.New("a directory")

func (p Pages) serve(w http.ResponseWriter, r *http.Request, name string) error {
	h := w.Header()
	file, encoding, err := p.open(r, name)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // read only
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errDirectory
	}
	media := mime.TypeByExtension(path.Ext(name))
	switch path.Ext(name) {
	case ".webmanifest":
		media = "application/manifest+json"
	case ".woff2":
		media = "font/woff2"
	case ".js", ".mjs":
		media = "text/javascript; charset=utf-8"
	case ".wasm":
		media = "application/wasm"
	}
	if media == "" {
		media = "application/octet-stream"
	}
	if name == "index.html" {
		page, err := fs.ReadFile(p.Files, name)
		if err != nil {
			return err
		}
		h.Set("Content-Security-Policy", pagePolicy(page))
	}
	h.Set("Content-Type", media)
	h.Add("Vary", "Accept-Encoding")
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	content, ok := file.(io.ReadSeeker)
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // the name changes with the bytes
	} else {
		h.Set("Cache-Control", "no-cache")
		raw, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+encoding+`"`)
		content, ok = bytes.NewReader(raw), true
	}
	if !ok {
		return errors.New("the files of an app must be seekable")
	}
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// open prefers the compressed file that the build made, where the browser takes it.
func (p Pages) open(r *http.Request, name string) (fs.File, string, error) {
	accepts := r.Header.Get("Accept-Encoding")
	for _, c := range []struct{ suffix, encoding string }{{".br", "br"}, {".gz", "gzip"}} {
		if strings.Contains(accepts, c.encoding) {
			if f, err := p.Files.Open(name + c.suffix); err == nil {
				return f, c.encoding, nil
			}
		}
	}
	f, err := p.Files.Open(name)
	return f, "", err
}
