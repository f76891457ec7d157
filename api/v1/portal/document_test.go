package portal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/uuid"

	"voordeur/api/apitest"
	"voordeur/api/v1/portal"
	"voordeur/internal/dbtest"
	"voordeur/internal/filecheck/samples"
	"voordeur/internal/web"
)

func tus(pairs ...string) http.Header {
	h := http.Header{"Tus-Resumable": {"1.0.0"}, "Content-Type": {""}}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func announce(name string, size int) http.Header {
	return tus("Upload-Length", strconv.Itoa(size), "Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name)))
}

func piece(offset int) http.Header {
	return tus("Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
}

func TestUploads(t *testing.T) {
	t.Parallel()

	s := apitest.New(t)
	here, there := dbtest.AddScene(t, s.Root), dbtest.AddScene(t, s.Root)
	eva := s.Session(t, web.Portal, here.Organisation, here.Member, false)
	ruben := s.Session(t, web.Portal, here.Organisation, dbtest.AddCustomer(t, s.Root, here.Organisation, "Ruben").Member, false)
	stranger := s.Session(t, web.Portal, there.Organisation, there.Member, false)
	adviser := s.Session(t, web.Office, here.Organisation, here.Employee, false)
	reader := dbtest.AddCustomer(t, s.Root, here.Organisation, "Lezer")
	if _, err := s.Root.Exec(`UPDATE portal_members SET permissions = '{portal.dossier:read,portal.document:read}' WHERE id = $1`, reader.Member); err != nil {
		t.Fatal(err)
	}
	onlyReads := s.Session(t, web.Portal, here.Organisation, reader.Member, false)
	pdf := samples.PDFOfSize("Loonstrook", 30_000)

	var id string
	s.Run(t, []apitest.Case{
		{Name: "options", As: eva, Do: "OPTIONS /portal/uploads", Want: 204, Then: nil},
		{Name: "options: nobody", Do: "OPTIONS /portal/uploads", Want: 401},
		{Name: "create: nobody", Do: "POST /portal/uploads", Header: announce("x.pdf", 10), Want: 401},
		{Name: "create: employee", As: adviser, Do: "POST /portal/uploads", Header: announce("x.pdf", 10), Want: 401},
		{Name: "create: may only read", As: onlyReads, Do: "POST /portal/uploads", Header: announce("x.pdf", 10), Want: 403},
		{Name: "create: empty", As: eva, Do: "POST /portal/uploads", Header: announce("x.pdf", 0), Want: 422, Code: "file-empty"},
		{Name: "create: 26 MB", As: eva, Do: "POST /portal/uploads", Header: announce("x.pdf", 26<<20), Want: 413, Code: "file-too-large"},
		{Name: "create: svg", As: eva, Do: "POST /portal/uploads", Header: announce("x.svg", 10), Want: 415, Code: "file-type-not-allowed"},
		{Name: "create: disguised program", As: eva, Do: "POST /portal/uploads", Header: announce("loon\u202efdp.exe", 10), Want: 415, Code: "file-type-not-allowed"},
		{Name: "create", As: eva, Do: "POST /portal/uploads", Header: announce("loonstrook mei.pdf", len(pdf)), Want: 201, Save: &id},
		{Name: "patch: partner", As: ruben, Do: "PATCH /portal/uploads/{id}", Header: piece(0), Body: bytes.NewReader(pdf), Want: 404},
		{Name: "patch: other office", As: stranger, Do: "PATCH /portal/uploads/{id}", Header: piece(0), Body: bytes.NewReader(pdf), Want: 404},
		{Name: "patch", As: eva, Do: "PATCH /portal/uploads/{id}", Header: piece(0), Body: bytes.NewReader(pdf[:12_345]), Want: 204},
		{Name: "patch: again", As: eva, Do: "PATCH /portal/uploads/{id}", Header: piece(0), Body: bytes.NewReader(pdf[:12_345]), Want: 409, Code: "upload-offset-mismatch"},
		{Name: "head: partner", As: ruben, Do: "HEAD /portal/uploads/{id}", Header: tus(), Want: 404},
		{Name: "head", As: eva, Do: "HEAD /portal/uploads/{id}", Header: tus(), Want: 200, Then: nil},
		{Name: "get", As: eva, Do: "GET /portal/uploads/{id}", Want: 200, Golden: "upload"},
		{Name: "get: partner", As: ruben, Do: "GET /portal/uploads/{id}", Want: 404, Code: "not-found"},
		{Name: "patch: the rest", As: eva, Do: "PATCH /portal/uploads/{id}", Header: piece(12_345), Body: bytes.NewReader(pdf[12_345:]), Want: 204},
		{Name: "patch: nothing more", As: eva, Do: "PATCH /portal/uploads/{id}", Header: piece(len(pdf)), Want: 204},
		{Name: "get: ready", As: eva, Do: "GET /portal/uploads/{id}", Want: 200, Check: func(t *testing.T, raw []byte) {
			t.Helper()
			var u portal.Upload
			if err := json.Unmarshal(raw, &u); err != nil || u.State != "ready" || u.Received != int64(len(pdf)) || u.MediaType != "application/pdf" {
				t.Errorf("got %s", raw)
			}
		}},
		{Name: "delete: partner", As: ruben, Do: "DELETE /portal/uploads/{id}", Header: tus(), Want: 404},
		{Name: "delete", As: eva, Do: "DELETE /portal/uploads/{id}", Header: tus(), Want: 204},
		{Name: "head: deleted", As: eva, Do: "HEAD /portal/uploads/{id}", Header: tus(), Want: 404},
		{Name: "create: for a refusal", As: eva, Do: "POST /portal/uploads", Header: announce("x.pdf", 2000), Want: 201, Save: &id},
		{Name: "patch: refused by the first bytes", As: eva, Do: "PATCH /portal/uploads/{id}", Header: piece(0), Body: bytes.NewReader(bytes.Repeat([]byte("MZ"), 1000)), Want: 422, Code: "file-not-what-it-says"},
		{Name: "get: refused", As: eva, Do: "GET /portal/uploads/{id}", Want: 200, Golden: "upload-refused"},
		{Name: "head: refused", As: eva, Do: "HEAD /portal/uploads/{id}", Header: tus(), Want: 422},
	})
	head := s.Call(t, apitest.Request{As: eva, Do: "POST /portal/uploads", Header: announce("x.pdf", 20)})
	for name, want := range map[string]string{"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Cache-Control": "no-store"} {
		if got := head.Header().Get(name); got != want {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if head.Header().Get("Location") == "" || head.Header().Get("Upload-Expires") == "" {
		t.Errorf("headers: %v", head.Header())
	}
}

// TestDocuments shows to each customer what is theirs to see, in the list and one by one.
func TestDocuments(t *testing.T) {
	t.Parallel()

	s := apitest.New(t)
	here, there := dbtest.AddScene(t, s.Root), dbtest.AddScene(t, s.Root)
	eva := s.Session(t, web.Portal, here.Organisation, here.Member, false)
	other := dbtest.AddCustomer(t, s.Root, here.Organisation, "Ruben")
	dbtest.AddDossier(t, s.Root, here.Organisation, here.Employee, other)
	ruben := s.Session(t, web.Portal, here.Organisation, other.Member, false)
	stranger := s.Session(t, web.Portal, there.Organisation, there.Member, false)
	pdf := samples.PDF("Offerte")
	add := func(visible bool) uuid.UUID {
		id := dbtest.AddDocument(t, s.Root, here.Organisation, here.Dossier, visible)
		key := "documents/" + id.String()
		b, err := s.Blobs.Create(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Write(pdf); err != nil {
			t.Fatal(err)
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Root.Exec(`UPDATE document_versions SET blob_key = $1, size = $2, sha256 = sha256($3) WHERE document_id = $4`, key, len(pdf), pdf, id); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Root.Exec(`UPDATE documents SET size = $1, sha256 = sha256($2) WHERE id = $3`, len(pdf), pdf, id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	shared, hidden := add(true), add(false)
	count := func(want int) func(*testing.T, []byte) {
		return func(t *testing.T, raw []byte) {
			t.Helper()
			var page web.Page[portal.DocumentSummary]
			if err := json.Unmarshal(raw, &page); err != nil || len(page.Items) != want {
				t.Errorf("got %s, want %d", raw, want)
			}
		}
	}
	path := func(id uuid.UUID) string { return "/portal/documents/" + id.String() + "/content" }
	s.Run(t, []apitest.Case{
		{Name: "list", As: eva, Do: "GET /portal/documents", Want: 200, Golden: "documents"},
		{Name: "list of the dossier", As: eva, Do: "GET /portal/documents?dossierId=" + here.Dossier.String(), Want: 200, Check: count(1)},
		{Name: "list: nobody", Do: "GET /portal/documents", Want: 401},
		{Name: "list: other customer", As: ruben, Do: "GET /portal/documents", Want: 200, Check: count(0)},
		{Name: "list of somebody else's dossier", As: ruben, Do: "GET /portal/documents?dossierId=" + here.Dossier.String(), Want: 404},
		{Name: "list: other office", As: stranger, Do: "GET /portal/documents", Want: 200, Check: count(0)},
		{Name: "content", As: eva, Do: "GET " + path(shared) + "?inline=1", Want: 200, Check: func(t *testing.T, raw []byte) {
			t.Helper()
			if !bytes.Equal(raw, pdf) {
				t.Error("other bytes")
			}
		}},
		{Name: "content: range", As: eva, Do: "GET " + path(shared), Header: http.Header{"Range": {"bytes=0-9"}}, Want: 206},
		{Name: "content: earlier version", As: eva, Do: "GET " + path(shared) + "?number=1", Want: 422},
		{Name: "content: nobody", Do: "GET " + path(shared), Want: 401},
		{Name: "content: other customer", As: ruben, Do: "GET " + path(shared), Want: 404, Code: "not-found"},
		{Name: "content: range, other customer", As: ruben, Do: "GET " + path(shared), Header: http.Header{"Range": {"bytes=0-9"}}, Want: 404},
		{Name: "content: other office", As: stranger, Do: "GET " + path(shared), Want: 404},
		{Name: "content: not shared", As: eva, Do: "GET " + path(hidden), Want: 404, Code: "not-found"},
		{Name: "head", As: eva, Do: "HEAD " + path(shared), Want: 200},
		{Name: "head: other customer", As: ruben, Do: "HEAD " + path(shared), Want: 404},
		{Name: "head: not shared", As: eva, Do: "HEAD " + path(hidden), Want: 404},
	})
	// What is taken back is gone at the next request.
	if _, err := s.Root.Exec(`UPDATE documents SET visible = false WHERE id = $1`, shared); err != nil {
		t.Fatal(err)
	}
	s.Run(t, []apitest.Case{
		{Name: "list: taken back", As: eva, Do: "GET /portal/documents", Want: 200, Check: count(0)},
		{Name: "content: taken back", As: eva, Do: "GET " + path(shared), Want: 404},
	})
}
