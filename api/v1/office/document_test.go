package office_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"voordeur/api/apitest"
	"voordeur/api/v1/office"
	"voordeur/internal/dbtest"
	"voordeur/internal/filecheck/samples"
	"voordeur/internal/web"
)

// form is a multipart body: fields come in the order given, the file where its name is "file".
func form(t *testing.T, filename string, data []byte, fields ...string) (*bytes.Buffer, http.Header) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if fields[i] != "file" {
			if err := w.WriteField(fields[i], fields[i+1]); err != nil {
				t.Fatal(err)
			}
			continue
		}
		f, err := w.CreateFormFile("file", filename)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, http.Header{"Content-Type": {w.FormDataContentType()}}
}

func tus(pairs ...string) http.Header {
	h := http.Header{"Tus-Resumable": {"1.0.0"}, "Content-Type": {""}}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func announce(name string, size int) http.Header {
	return tus("Upload-Length", strconv.Itoa(size), "Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name))+",filetype YQ==")
}

func piece(offset int) http.Header {
	return tus("Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
}

func TestDocuments(t *testing.T) {
	t.Parallel()

	s := apitest.New(t)
	here, there := dbtest.AddScene(t, s.Root), dbtest.AddScene(t, s.Root)
	adviser := s.Session(t, web.Office, here.Organisation, here.Employee, false)
	viewer := s.Session(t, web.Office, here.Organisation, dbtest.AddEmployee(t, s.Root, here.Organisation, "viewer"), false)
	stranger := s.Session(t, web.Office, there.Organisation, there.Employee, false)
	customer := s.Session(t, web.Portal, here.Organisation, here.Member, false)
	pdf := samples.PDFOfSize("Offerte", 50_000)
	list := "/dossiers/" + here.Dossier.String() + "/documents"
	post := func(name string, data []byte, fields ...string) (any, http.Header) {
		return form(t, name, data, fields...)
	}

	var id string
	body, header := post("offerte \"juni\" é.pdf", pdf, "title", "Offerte", "file", "", "visible", "true", "productId", here.Product.String())
	cases := []apitest.Case{
		{Name: "create", As: adviser, Do: "POST " + list, Body: body, Header: header, Want: 201, Save: &id, Check: func(t *testing.T, raw []byte) {
			t.Helper()
			var d office.Document
			sum := sha256.Sum256(pdf)
			if err := json.Unmarshal(raw, &d); err != nil || d.SHA256 != hex.EncodeToString(sum[:]) || !d.Visible || d.ProductID == nil || d.Filename != "offerte juni é.pdf" {
				t.Errorf("got %s", raw)
			}
		}},
	}
	bad := func(name string, as apitest.Caller, path string, want int, code, file string, data []byte, fields ...string) {
		body, header := post(file, data, fields...)
		cases = append(cases, apitest.Case{Name: "create: " + name, As: as, Do: "POST " + path, Body: body, Header: header, Want: want, Code: code})
	}
	bad("nobody", apitest.Caller{}, list, 401, "unauthenticated", "x.pdf", pdf, "file", "")
	bad("customer", customer, list, 401, "", "x.pdf", pdf, "file", "")
	bad("viewer", viewer, list, 403, "forbidden", "x.pdf", pdf, "file", "")
	bad("other office", stranger, list, 404, "not-found", "x.pdf", pdf, "file", "")
	bad("other office's dossier", adviser, "/dossiers/"+there.Dossier.String()+"/documents", 404, "not-found", "x.pdf", pdf, "file", "")
	bad("other office's product", adviser, list, 422, "invalid", "x.pdf", pdf, "productId", there.Product.String(), "file", "")
	bad("svg", adviser, list, 415, "file-type-not-allowed", "x.svg", []byte("<svg/>"), "file", "")
	bad("renamed", adviser, list, 422, "file-not-what-it-says", "x.pdf", samples.PNG(3, 3), "file", "")
	bad("empty", adviser, list, 422, "file-empty", "x.pdf", nil, "file", "")
	bad("26 MB", adviser, list, 413, "file-too-large", "x.pdf", samples.PDFOfSize("x", 26<<20), "file", "")
	bad("no file", adviser, list, 422, "invalid", "x.pdf", nil, "title", "x")
	bad("two files", adviser, list, 422, "invalid", "x.pdf", pdf, "file", "", "file", "")
	bad("unknown field", adviser, list, 422, "invalid", "x.pdf", pdf, "file", "", "origin", "customer")
	bad("not a truth", adviser, list, 422, "invalid", "x.pdf", pdf, "file", "", "visible", "misschien")
	bad("not an id", adviser, list, 422, "", "x.pdf", pdf, "file", "", "productId", "x")
	cases = append(
		cases,
		apitest.Case{Name: "create: JSON", As: adviser, Do: "POST " + list, Body: `{}`, Want: 415, Code: "not-multipart"},

		apitest.Case{Name: "list", As: viewer, Do: "GET " + list, Want: 200, Golden: "documents"},
		apitest.Case{Name: "list: other office", As: stranger, Do: "GET " + list, Want: 404},
		apitest.Case{Name: "get", As: viewer, Do: "GET /documents/{id}", Want: 200, Golden: "document"},
		apitest.Case{Name: "get: same version", As: viewer, Do: "GET /documents/{id}", Header: http.Header{"If-None-Match": {`"1"`}}, Want: 304},
		apitest.Case{Name: "get: other office", As: stranger, Do: "GET /documents/{id}", Want: 404, Code: "not-found"},
		apitest.Case{Name: "update: no version", As: adviser, Do: "PATCH /documents/{id}", Body: `{"visible":false}`, Want: 428},
		apitest.Case{Name: "update: stale", As: adviser, Do: "PATCH /documents/{id}", Header: http.Header{"If-Match": {`"9"`}}, Body: `{"visible":false}`, Want: 412, Code: "stale"},
		apitest.Case{Name: "update: viewer", As: viewer, Do: "PATCH /documents/{id}", Header: http.Header{"If-Match": {`"1"`}}, Body: `{"visible":false}`, Want: 403},
		apitest.Case{Name: "update: other office", As: stranger, Do: "PATCH /documents/{id}", Header: http.Header{"If-Match": {`"1"`}}, Body: `{"visible":false}`, Want: 404},
		apitest.Case{Name: "update: origin", As: adviser, Do: "PATCH /documents/{id}", Header: http.Header{"If-Match": {`"1"`}}, Body: `{"origin":"customer"}`, Want: 422},
		apitest.Case{Name: "update: empty title", As: adviser, Do: "PATCH /documents/{id}", Header: http.Header{"If-Match": {`"1"`}}, Body: `{"title":" \u202e "}`, Want: 422},
		apitest.Case{Name: "update", As: adviser, Do: "PATCH /documents/{id}", Header: http.Header{"If-Match": {`"1"`}}, Body: `{"visible":false,"remark":"Lees bladzijde 3."}`, Want: 200},

		apitest.Case{Name: "content", As: viewer, Do: "GET /documents/{id}/content", Want: 200, Check: func(t *testing.T, raw []byte) {
			t.Helper()
			if !bytes.Equal(raw, pdf) {
				t.Error("other bytes")
			}
		}},
		apitest.Case{Name: "content: version", As: viewer, Do: "GET /documents/{id}/content?number=1", Want: 200},
		apitest.Case{Name: "content: no such version", As: viewer, Do: "GET /documents/{id}/content?number=2", Want: 404},
		apitest.Case{Name: "content: other office", As: stranger, Do: "GET /documents/{id}/content", Want: 404},
		apitest.Case{Name: "content: range of another office", As: stranger, Do: "GET /documents/{id}/content", Header: http.Header{"Range": {"bytes=0-9"}}, Want: 404},
		apitest.Case{Name: "head", As: viewer, Do: "HEAD /documents/{id}/content", Want: 200},
		apitest.Case{Name: "head: other office", As: stranger, Do: "HEAD /documents/{id}/content", Want: 404},
		apitest.Case{Name: "archive: viewer", As: viewer, Do: "DELETE /documents/{id}", Want: 403},
		apitest.Case{Name: "archive: other office", As: stranger, Do: "DELETE /documents/{id}", Want: 404},
		apitest.Case{Name: "archive", As: adviser, Do: "DELETE /documents/{id}", Want: 204},
		apitest.Case{Name: "archive: twice", As: adviser, Do: "DELETE /documents/{id}", Want: 404},
		apitest.Case{Name: "content: archived", As: adviser, Do: "GET /documents/{id}/content", Want: 404},
	)
	s.Run(t, cases)
}

// TestDownload asks for the bytes in every way that RFC 9110 knows, and looks at what comes with them.
func TestDownload(t *testing.T) {
	t.Parallel()

	s := apitest.New(t)
	here := dbtest.AddScene(t, s.Root)
	adviser := s.Session(t, web.Office, here.Organisation, here.Employee, false)
	create := func(name string, data []byte) string {
		body, header := form(t, name, data, "file", "")
		rec := s.Call(t, apitest.Request{As: adviser, Do: "POST /dossiers/" + here.Dossier.String() + "/documents", Body: body, Header: header})
		var d office.Document
		if err := json.Unmarshal(rec.Body.Bytes(), &d); rec.Code != 201 || err != nil {
			t.Fatalf("%s: %d %s", name, rec.Code, rec.Body)
		}
		return "/documents/" + d.ID.String() + "/content"
	}
	const size = 20_000
	pdf := samples.PDFOfSize("Offerte", size)
	path := create("offerte.pdf", pdf)
	sum := sha256.Sum256(pdf)
	etag := `"` + hex.EncodeToString(sum[:]) + `"`
	first := s.Call(t, apitest.Request{As: adviser, Do: "GET " + path})
	modified := first.Header().Get("Last-Modified")
	for name, want := range map[string]string{
		"ETag": etag, "Content-Type": "application/pdf", "Content-Length": "20000", "Accept-Ranges": "bytes", "Cache-Control": "private, no-store",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin",
		"Content-Disposition": `attachment; filename="offerte.pdf"; filename*=UTF-8''offerte.pdf`,
	} {
		if got := first.Header().Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	type h = http.Header
	for _, c := range []struct {
		name   string
		header h
		want   int
		from   int
		to     int // behind the last byte
	}{
		{"all", nil, 200, 0, size},
		{"first hundred", h{"Range": {"bytes=0-99"}}, 206, 0, 100},
		{"one byte", h{"Range": {"bytes=7-7"}}, 206, 7, 8},
		{"to the end", h{"Range": {"bytes=19000-"}}, 206, 19_000, size},
		{"the last hundred", h{"Range": {"bytes=-100"}}, 206, size - 100, size},
		{"more than the last", h{"Range": {"bytes=-99999"}}, 206, 0, size},
		{"past the end", h{"Range": {"bytes=19000-99999"}}, 206, 19_000, size},
		{"behind the end", h{"Range": {"bytes=20000-"}}, 416, 0, 0},
		{"the last none", h{"Range": {"bytes=-0"}}, 416, 0, 0},
		{"backwards", h{"Range": {"bytes=9-3"}}, 200, 0, size},
		{"several", h{"Range": {"bytes=0-1,5-6"}}, 200, 0, size},
		{"other unit", h{"Range": {"lines=0-1"}}, 200, 0, size},
		{"nonsense", h{"Range": {"bytes=a-b"}}, 200, 0, size},
		{"huge", h{"Range": {"bytes=99999999999999999999-"}}, 200, 0, size},
		{"if range, same", h{"Range": {"bytes=0-9"}, "If-Range": {etag}}, 206, 0, 10},
		{"if range, other", h{"Range": {"bytes=0-9"}, "If-Range": {`"x"`}}, 200, 0, size},
		{"if range, weak", h{"Range": {"bytes=0-9"}, "If-Range": {"W/" + etag}}, 200, 0, size},
		{"if range, date", h{"Range": {"bytes=0-9"}, "If-Range": {modified}}, 206, 0, 10},
		{"if range, old date", h{"Range": {"bytes=0-9"}, "If-Range": {"Mon, 01 Jan 2024 00:00:00 GMT"}}, 200, 0, size},
		{"known", h{"If-None-Match": {etag}}, 304, 0, 0},
		{"known among others", h{"If-None-Match": {`"a", ` + etag}}, 304, 0, 0},
		{"known, with a range", h{"If-None-Match": {etag}, "Range": {"bytes=0-9"}}, 304, 0, 0},
		{"unknown", h{"If-None-Match": {`"x"`}}, 200, 0, size},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			rec := s.Call(t, apitest.Request{As: adviser, Do: method + " " + path, Header: c.header})
			if rec.Code != c.want {
				t.Errorf("%s %s: got %d, want %d", method, c.name, rec.Code, c.want)
				continue
			}
			if c.want == 416 {
				if got := rec.Header().Get("Content-Range"); got != "bytes */20000" {
					t.Errorf("%s %s: Content-Range %q", method, c.name, got)
				}
				continue
			}
			if got := rec.Header().Get("Content-Range"); c.want == 206 && got != fmt.Sprintf("bytes %d-%d/%d", c.from, c.to-1, size) || c.want != 206 && got != "" {
				t.Errorf("%s %s: Content-Range %q", method, c.name, got)
			}
			if c.want != 304 && rec.Header().Get("Content-Length") != strconv.Itoa(c.to-c.from) {
				t.Errorf("%s %s: Content-Length %q", method, c.name, rec.Header().Get("Content-Length"))
			}
			want := pdf[c.from:c.to]
			if method == "HEAD" {
				want = nil
			}
			if !bytes.Equal(rec.Body.Bytes(), want) {
				t.Errorf("%s %s: %d bytes, not those asked for", method, c.name, rec.Body.Len())
			}
		}
	}

	for name, want := range map[string]struct{ plain, inline string }{
		"foto.jpg":           {`attachment; filename="foto.jpg"; filename*=UTF-8''foto.jpg`, `inline; filename="foto.jpg"; filename*=UTF-8''foto.jpg`},
		"brief.docx":         {`attachment; filename="brief.docx"; filename*=UTF-8''brief.docx`, `attachment; filename="brief.docx"; filename*=UTF-8''brief.docx`},
		"café 50% (2)'s.png": {`attachment; filename="caf_ 50_ (2)'s.png"; filename*=UTF-8''caf%C3%A9%2050%25%20%282%29%27s.png`, ""},
		"😀;x=y.heic":         {`attachment; filename="_;x=y.heic"; filename*=UTF-8''%F0%9F%98%80%3Bx%3Dy.heic`, `attachment; filename="_;x=y.heic"; filename*=UTF-8''%F0%9F%98%80%3Bx%3Dy.heic`},
		"a\"b\r\nX: y.pdf":   {`attachment; filename="a___X_ y.pdf"; filename*=UTF-8''`, ""},
	} {
		data := map[string][]byte{
			".jpg": samples.JPEG(5, 5), ".docx": samples.DOCX("x"), ".png": samples.PNG(5, 5), ".heic": samples.HEIC(5, 5), ".pdf": samples.PDF("x"),
		}[filepath.Ext(name)]
		path := create(name, data)
		got := s.Call(t, apitest.Request{As: adviser, Do: "GET " + path}).Header().Get("Content-Disposition")
		if name == "a\"b\r\nX: y.pdf" {
			if bytes.ContainsAny([]byte(got), "\r\n") {
				t.Errorf("%q: %s", name, got)
			}
			continue
		}
		if got != want.plain {
			t.Errorf("%q: got %s, want %s", name, got, want.plain)
		}
		if got := s.Call(t, apitest.Request{As: adviser, Do: "GET " + path + "?inline=1"}).Header().Get("Content-Disposition"); want.inline != "" && got != want.inline {
			t.Errorf("%q inline: got %s, want %s", name, got, want.inline)
		}
	}
}

func TestUploads(t *testing.T) {
	t.Parallel()

	s := apitest.New(t)
	here, there := dbtest.AddScene(t, s.Root), dbtest.AddScene(t, s.Root)
	adviser := s.Session(t, web.Office, here.Organisation, here.Employee, false)
	viewer := s.Session(t, web.Office, here.Organisation, dbtest.AddEmployee(t, s.Root, here.Organisation, "viewer"), false)
	stranger := s.Session(t, web.Office, there.Organisation, there.Employee, false)
	pdf := samples.PDFOfSize("Offerte", 30_000)
	from := "/dossiers/" + here.Dossier.String() + "/documents/from-upload"

	var id string
	s.Run(t, []apitest.Case{
		{Name: "options", As: adviser, Do: "OPTIONS /uploads", Want: 204},
		{Name: "options: viewer", As: viewer, Do: "OPTIONS /uploads", Want: 403},
		{Name: "create: nobody", Do: "POST /uploads", Header: announce("x.pdf", 10), Want: 401},
		{Name: "create: viewer", As: viewer, Do: "POST /uploads", Header: announce("x.pdf", 10), Want: 403},
		{Name: "create: no version", As: adviser, Do: "POST /uploads", Header: http.Header{"Upload-Length": {"10"}}, Want: 412, Code: "tus-version-unsupported"},
		{Name: "create: no length", As: adviser, Do: "POST /uploads", Header: tus("Upload-Metadata", "filename eC5wZGY="), Want: 422},
		{Name: "create: no name", As: adviser, Do: "POST /uploads", Header: tus("Upload-Length", "10"), Want: 422},
		{Name: "create: empty", As: adviser, Do: "POST /uploads", Header: announce("x.pdf", 0), Want: 422, Code: "file-empty"},
		{Name: "create: 26 MB", As: adviser, Do: "POST /uploads", Header: announce("x.pdf", 26<<20), Want: 413, Code: "file-too-large"},
		{Name: "create: svg", As: adviser, Do: "POST /uploads", Header: announce("x.svg", 10), Want: 415, Code: "file-type-not-allowed"},
		{Name: "create", As: adviser, Do: "POST /uploads", Header: announce("offerte.pdf", len(pdf)), Want: 201, Save: &id},
		{Name: "patch: wrong offset", As: adviser, Do: "PATCH /uploads/{id}", Header: piece(5), Body: bytes.NewReader(pdf[5:]), Want: 409, Code: "upload-offset-mismatch"},
		{Name: "patch: wrong type", As: adviser, Do: "PATCH /uploads/{id}", Header: tus("Upload-Offset", "0", "Content-Type", "application/pdf"), Body: bytes.NewReader(pdf), Want: 415},
		{Name: "patch: no offset", As: adviser, Do: "PATCH /uploads/{id}", Header: tus("Content-Type", "application/offset+octet-stream"), Body: bytes.NewReader(pdf), Want: 422},
		{Name: "patch: other office", As: stranger, Do: "PATCH /uploads/{id}", Header: piece(0), Body: bytes.NewReader(pdf), Want: 404},
		{Name: "patch: first piece", As: adviser, Do: "PATCH /uploads/{id}", Header: piece(0), Body: bytes.NewReader(pdf[:10_000]), Want: 204},
		{Name: "from upload: unfinished", As: adviser, Do: "POST " + from, Body: `{"uploadId":"{id}"}`, Want: 422},
		{Name: "head", As: adviser, Do: "HEAD /uploads/{id}", Header: tus(), Want: 200},
		{Name: "head: other office", As: stranger, Do: "HEAD /uploads/{id}", Header: tus(), Want: 404},
		{Name: "get", As: adviser, Do: "GET /uploads/{id}", Want: 200, Golden: "upload"},
		{Name: "get: other office", As: stranger, Do: "GET /uploads/{id}", Want: 404},
		{Name: "patch: the rest", As: adviser, Do: "PATCH /uploads/{id}", Header: piece(10_000), Body: bytes.NewReader(pdf[10_000:]), Want: 204},
		{Name: "get: ready", As: adviser, Do: "GET /uploads/{id}", Want: 200, Golden: "upload-ready"},
		{Name: "delete: other office", As: stranger, Do: "DELETE /uploads/{id}", Header: tus(), Want: 404},
	})
	body := func(extra string) string { return `{"uploadId":"` + id + `"` + extra + `}` }
	key := http.Header{"Idempotency-Key": {"0123456789"}}
	s.Run(t, []apitest.Case{
		{Name: "from upload: viewer", As: viewer, Do: "POST " + from, Body: body(""), Want: 403},
		{Name: "from upload: other office", As: stranger, Do: "POST " + from, Body: body(""), Want: 404},
		{Name: "from upload: no such", As: adviser, Do: "POST " + from, Body: `{"uploadId":"` + dbtest.ID().String() + `"}`, Want: 422, Code: "invalid"},
		{Name: "from upload: none", As: adviser, Do: "POST " + from, Body: `{}`, Want: 422},
		{Name: "from upload", As: adviser, Do: "POST " + from, Header: key, Body: body(`,"title":"Offerte","visible":true`), Want: 201},
		{Name: "from upload: again with the key", As: adviser, Do: "POST " + from, Header: key, Body: body(`,"title":"Offerte","visible":true`), Want: 201},
		{Name: "from upload: again", As: adviser, Do: "POST " + from, Body: body(""), Want: 422, Code: "invalid"},
		{Name: "delete: used", As: adviser, Do: "DELETE /uploads/" + id, Header: tus(), Want: 409, Code: "upload-used"},
		{Name: "list", As: adviser, Do: "GET /dossiers/" + here.Dossier.String() + "/documents", Want: 200, Check: func(t *testing.T, raw []byte) {
			t.Helper()
			var page web.Page[office.Document]
			if err := json.Unmarshal(raw, &page); err != nil || len(page.Items) != 1 || page.Items[0].UploadedByName != "Sanne Brugman" {
				t.Errorf("got %s", raw)
			}
		}},
		{Name: "with upload: refused at once", As: adviser, Do: "POST /uploads", Body: bytes.NewReader(pdf), Want: 422, Code: "file-not-what-it-says", Header: func() http.Header {
			h := announce("x.png", len(pdf))
			h.Set("Content-Type", "application/offset+octet-stream")
			return h
		}()},
		{Name: "with upload", As: adviser, Do: "POST /uploads", Body: bytes.NewReader(pdf), Want: 201, Save: &id, Header: func() http.Header {
			h := announce("x.pdf", len(pdf))
			h.Set("Content-Type", "application/offset+octet-stream")
			return h
		}(), Check: func(t *testing.T, raw []byte) {
			t.Helper()
			var u office.Upload
			if err := json.Unmarshal(raw, &u); err != nil || u.State != "ready" || u.MediaType != "application/pdf" {
				t.Errorf("got %s", raw)
			}
		}},
		{Name: "delete", As: adviser, Do: "DELETE /uploads/{id}", Header: tus(), Want: 204},
		{Name: "get: deleted", As: adviser, Do: "GET /uploads/{id}", Want: 404},
	})
}

// TestCreateDocumentTwice: who heard no answer sends the same again, and there is one document; another file under the same key is a mistake.
func TestCreateDocumentTwice(t *testing.T) {
	t.Parallel()

	s := apitest.New(t)
	here := dbtest.AddScene(t, s.Root)
	adviser := s.Session(t, web.Office, here.Organisation, here.Employee, false)
	send := func(key, filename string, data []byte, fields ...string) *httptest.ResponseRecorder {
		body, header := form(t, filename, data, append(fields, "file", "")...)
		header.Set("Idempotency-Key", key)
		return s.Call(t, apitest.Request{As: adviser, Do: "POST /dossiers/" + here.Dossier.String() + "/documents", Body: body, Header: header})
	}
	pdf := samples.PDF("Offerte")
	answers := make([]*httptest.ResponseRecorder, 8)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = send("de-sleutel", "offerte.pdf", pdf, "title", "Offerte") })
	}
	wg.Wait()
	first := 0
	for _, a := range answers {
		if a.Code != http.StatusCreated || a.Body.String() != answers[0].Body.String() {
			t.Errorf("got %d %s, and %s", a.Code, a.Body, answers[0].Body)
		}
		if a.Header().Get("Idempotent-Replayed") == "" {
			first++
		}
	}
	var documents int
	if err := s.Root.QueryRow(`SELECT count(*) FROM documents WHERE dossier_id = $1`, here.Dossier).Scan(&documents); err != nil || documents != 1 || first != 1 {
		t.Errorf("%d documents, %d answers of the first time, %v", documents, first, err)
	}
	for what, a := range map[string]*httptest.ResponseRecorder{
		"another file":  send("de-sleutel", "offerte.pdf", samples.PDF("Polis"), "title", "Offerte"),
		"another name":  send("de-sleutel", "polis.pdf", pdf, "title", "Offerte"),
		"another title": send("de-sleutel", "offerte.pdf", pdf, "title", "Polis"),
	} {
		if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "idempotency-key-reused") {
			t.Errorf("%s: got %d %s", what, a.Code, a.Body)
		}
	}
	if a := send("andere-sleutel", "offerte.pdf", pdf, "title", "Offerte"); a.Code != http.StatusCreated || a.Body.String() == answers[0].Body.String() {
		t.Errorf("another key: got %d %s", a.Code, a.Body)
	}
	blobs := 0
	if err := s.Blobs.Each(t.Context(), "", func(string, time.Time) error { blobs++; return nil }); err != nil || blobs != 2 {
		t.Errorf("%d blobs of two documents, %v", blobs, err)
	}
}
