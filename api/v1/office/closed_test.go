package office_test

import (
	"net/http"
	"strings"
	"testing"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
)

// TestClosedDossierTakesNoDocuments: nothing new comes into a closed dossier, neither by upload nor by sharing; what was
// shared by mistake can still be taken back.
func TestClosedDossierTakesNoDocuments(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	hidden := dbtest.AddDocument(t, d.Root, d.Organisation, d.Dossier, false)
	shared := dbtest.AddDocument(t, d.Root, d.Organisation, d.Dossier, true)
	upload := dbtest.ID()
	if _, err := d.Root.Exec(`INSERT INTO uploads (organisation_id, id, employee_id, filename, size, received, media_type, sha256, blob_key, state, created_at, expires_at)
		VALUES ($1, $2, $3, 'x.pdf', 10, 10, 'application/pdf', sha256('x'), 'test/x', 'ready', now(), now() + interval '1 day')`, d.Organisation, upload, d.Employee); err != nil {
		t.Fatal(err)
	}
	at := "/dossiers/" + d.Dossier.String()
	d.do(t, d.admin, "POST "+at+"/closure", nil, 200, "If-Match", `"1"`)
	wantProblem(t, d.do(t, d.admin, "POST "+at+"/documents/from-upload", m{"uploadId": upload, "title": "Offerte"}, 409), "dossier-closed", "")
	form := "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.pdf\"\r\n\r\n%PDF-1.4\n\r\n--edge--\r\n"
	rec := d.Call(t, apitest.Request{
		As: d.admin, Do: "POST " + at + "/documents", Body: form, Header: http.Header{"Content-Type": {"multipart/form-data; boundary=edge"}},
	})
	if rec.Code != 409 || !strings.Contains(rec.Body.String(), "dossier-closed") {
		t.Errorf("multipart: %d %s", rec.Code, rec.Body)
	}
	wantProblem(t, d.do(t, d.admin, "PATCH /documents/"+hidden.String(), m{"visible": true}, 409, "If-Match", `"1"`), "dossier-closed", "")
	d.do(t, d.admin, "PATCH /documents/"+shared.String(), m{"visible": false}, 200, "If-Match", `"1"`)
	d.do(t, d.admin, "DELETE "+at+"/closure", nil, 200, "If-Match", `"2"`)
	d.do(t, d.admin, "PATCH /documents/"+hidden.String(), m{"visible": true}, 200, "If-Match", `"1"`)
}
