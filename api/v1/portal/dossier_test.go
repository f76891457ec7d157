package portal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/api/apitest"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// house is a server with one customer, a neighbour at the same office, and another office.
type house struct {
	*apitest.Server
	dbtest.Scene
	other                         dbtest.Scene
	customer, neighbour, stranger apitest.Caller
	employee, nobody              apitest.Caller
	neighbourID                   uuid.UUID
}

func newHouse(t *testing.T) house {
	t.Helper()
	s := apitest.New(t)
	h := house{Server: s, Scene: dbtest.AddScene(t, s.Root), other: dbtest.AddScene(t, s.Root)}
	bo := dbtest.AddCustomer(t, s.Root, h.Organisation, "Bo")
	dbtest.AddDossier(t, s.Root, h.Organisation, h.Employee, bo)
	h.neighbourID = bo.Member
	h.customer = s.Session(t, web.Portal, h.Organisation, h.Member, false)
	h.neighbour = s.Session(t, web.Portal, h.Organisation, bo.Member, false)
	h.stranger = s.Session(t, web.Portal, h.other.Organisation, h.other.Member, false)
	h.employee = s.Session(t, web.Office, h.Organisation, h.Employee, false)
	return h
}

func (h house) do(t *testing.T, as apitest.Caller, do string, body any, want int, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	head := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		head.Set(header[i], header[i+1])
	}
	rec := h.Call(t, apitest.Request{As: as, Do: do, Body: body, Header: head})
	if rec.Code != want {
		t.Fatalf("%s: got %d, want %d: %s", do, rec.Code, want, rec.Body)
	}
	return rec
}

// upload adds a finished upload of a member; its bytes are nowhere.
func (h house) upload(t *testing.T, member uuid.UUID, name string) uuid.UUID {
	t.Helper()
	id := dbtest.ID()
	if _, err := h.Root.Exec(`INSERT INTO uploads (organisation_id, id, member_id, filename, size, received, media_type, sha256, blob_key, state, created_at, expires_at)
		VALUES ($1, $2, $3, $4, 10, 10, 'application/pdf', sha256('x'), $5, 'ready', now(), now() + interval '1 day')`,
		h.Organisation, id, member, name, "test/"+id.String()); err != nil {
		t.Fatal(err)
	}
	return id
}

type m = map[string]any

func into[T any](t *testing.T, rec *httptest.ResponseRecorder) T {
	t.Helper()
	var out T
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func wantProblem(t *testing.T, rec *httptest.ResponseRecorder, code, pointer string) {
	t.Helper()
	p := into[web.Problem](t, rec)
	if p.Code != code {
		t.Errorf("problem %q, want %q: %s", p.Code, code, rec.Body)
	}
	if pointer == "" {
		return
	}
	for _, e := range p.Errors {
		if e.Pointer == pointer && e.Message != "" {
			return
		}
	}
	t.Errorf("no word about %s: %s", pointer, rec.Body)
}

// TestOverview: 0 %, three asked; one handed in with two files, 33 %; rejected, 0 % with the reason; handed in again and
// approved. The story of the front door, from the customer's side (B5-B7, B10-B12).
func TestOverview(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	dbtest.AddActionPoint(t, h.Root, h.Organisation, h.Dossier, "open")
	dbtest.AddActionPoint(t, h.Root, h.Organisation, h.Dossier, "open")
	dbtest.AddActionPoint(t, h.Root, h.Organisation, h.Dossier, "cancelled")
	shared := dbtest.AddDocument(t, h.Root, h.Organisation, h.Dossier, true)
	dbtest.AddDocument(t, h.Root, h.Organisation, h.Dossier, false)
	wantPercent := func(percent, open float64) m {
		t.Helper()
		page := into[m](t, h.do(t, h.customer, "GET /portal/dossiers/"+h.Dossier.String(), nil, 200))
		if page["progress"].(m)["percent"] != percent || page["openCount"] != open {
			t.Errorf("%v %%, %v open; want %v, %v", page["progress"], page["openCount"], percent, open)
		}
		return page
	}
	page := wantPercent(0, 3)
	if docs := page["documents"].([]any); len(docs) != 1 || docs[0].(m)["id"] != shared.String() {
		t.Errorf("documents: %v", docs)
	}
	if page["adviser"].(m)["firstName"] != "Sanne" || page["applicants"].([]any)[0].(m)["isMe"] != true || len(page["actionPoints"].([]any)) != 3 {
		t.Errorf("page: %v", page)
	}
	list := into[web.Page[m]](t, h.do(t, h.customer, "GET /portal/dossiers", nil, 200))
	if len(list.Items) != 1 || list.Items[0]["openCount"] != 3.0 || list.Items[0]["id"] != h.Dossier.String() {
		t.Errorf("list: %v", list)
	}

	point := "/portal/action-points/" + h.ActionPoint.String()
	body := m{"uploadIds": []uuid.UUID{h.upload(t, h.Member, "voor.pdf"), h.upload(t, h.Member, "achter.pdf")}, "remark": "Voor- en achterkant."}
	wantProblem(t, h.do(t, h.customer, "POST "+point+"/submissions", body, 422), "idempotency-key-required", "")
	rec := h.do(t, h.customer, "POST "+point+"/submissions", body, 201, "Idempotency-Key", "aanleveren-1")
	sent := into[m](t, rec)
	if sent["state"] != "submitted" || len(sent["lastSubmission"].(m)["files"].([]any)) != 2 || rec.Header().Get("Location") != "/api/v1"+point {
		t.Errorf("sent: %v", sent)
	}
	if again := h.do(t, h.customer, "POST "+point+"/submissions", body, 201, "Idempotency-Key", "aanleveren-1"); again.Body.String() != rec.Body.String() {
		t.Errorf("the same key answers %s, first %s", again.Body, rec.Body)
	}
	wantProblem(t, h.do(t, h.customer, "POST "+point+"/submissions", m{"uploadIds": []uuid.UUID{h.upload(t, h.Member, "x.pdf")}}, 409, "Idempotency-Key", "aanleveren-2"), "action-point-not-open", "")
	wantPercent(33, 2)

	office := "/action-points/" + h.ActionPoint.String()
	h.do(t, h.employee, "POST "+office+"/rejection", m{"code": "unreadable", "reason": "De achterkant is niet te lezen."}, 200, "If-Match", `"2"`)
	wantPercent(0, 3)
	asked := into[m](t, h.do(t, h.customer, "GET "+point, nil, 200))
	if asked["askedAgain"] != true || asked["rejection"].(m)["reason"] != "De achterkant is niet te lezen." || asked["rejection"].(m)["byFirstName"] != "Sanne" ||
		asked["submissions"].([]any)[0].(m)["verdict"].(m)["verdict"] != "rejected" {
		t.Errorf("asked again: %v", asked)
	}
	h.do(t, h.customer, "POST "+point+"/submissions", m{"uploadIds": []uuid.UUID{h.upload(t, h.Member, "beter.pdf")}}, 201, "Idempotency-Key", "aanleveren-3")
	h.do(t, h.employee, "POST "+office+"/approval", nil, 200, "If-Match", `"4"`)
	wantPercent(33, 2)
	h.do(t, h.customer, "GET "+point, nil, 304, "If-None-Match", `"5"`)
}

// TestWithdraw: what was handed in is taken back by who may hand in, until the office has decided.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	point := "/portal/action-points/" + h.ActionPoint.String()
	hand := func(key string) {
		t.Helper()
		h.do(t, h.customer, "POST "+point+"/submissions", m{"uploadIds": []uuid.UUID{h.upload(t, h.Member, "fout.pdf")}}, 201, "Idempotency-Key", key)
	}
	hand("aanleveren-1")
	take := "POST " + point + "/withdrawal"
	h.do(t, h.neighbour, take, nil, 404, "If-Match", `"2"`)
	h.do(t, h.stranger, take, nil, 404, "If-Match", `"2"`)
	h.do(t, h.nobody, take, nil, 401, "If-Match", `"2"`)
	h.do(t, h.customer, take, nil, 412, "If-Match", `"1"`)
	if got := into[m](t, h.do(t, h.customer, take, nil, 200, "If-Match", `"2"`)); got["state"] != "open" {
		t.Errorf("%v", got)
	}
	hand("aanleveren-2")
	h.do(t, h.employee, "POST /action-points/"+h.ActionPoint.String()+"/approval", nil, 200, "If-Match", `"4"`)
	wantProblem(t, h.do(t, h.customer, take, nil, 409, "If-Match", `"5"`), "submission-reviewed", "")
}

// TestRefuse: a neighbour, another office and an employee find nothing of this dossier; nobody gets in.
func TestRefuse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, do := range []string{
		"GET /portal/dossiers/" + h.Dossier.String(), "GET /portal/action-points/" + h.ActionPoint.String(),
		"POST /portal/action-points/" + h.ActionPoint.String() + "/submissions",
	} {
		var body any
		if strings.HasPrefix(do, "POST") {
			body = m{"uploadIds": []uuid.UUID{h.upload(t, h.neighbourID, "x.pdf")}}
		}
		h.do(t, h.neighbour, do, body, 404, "Idempotency-Key", "sleutel-1")
		h.do(t, h.stranger, do, body, 404, "Idempotency-Key", "sleutel-1")
		h.do(t, h.employee, do, body, 401, "Idempotency-Key", "sleutel-1")
		h.do(t, h.nobody, do, body, 401, "Idempotency-Key", "sleutel-1")
	}
	for _, do := range []string{"GET /portal/dossiers", "GET /portal/events"} {
		h.do(t, h.nobody, do, nil, 401)
		h.do(t, h.employee, do, nil, 401)
	}
	for _, as := range []apitest.Caller{h.neighbour, h.stranger} {
		for _, d := range into[web.Page[m]](t, h.do(t, as, "GET /portal/dossiers", nil, 200)).Items {
			if d["id"] == h.Dossier.String() {
				t.Error("somebody else may choose the dossier")
			}
		}
	}
	// A right taken away counts at once.
	if _, err := h.Root.Exec(`UPDATE portal_members SET permissions = '{portal.dossier:read,portal.me}' WHERE id = $1`, h.Member); err != nil {
		t.Fatal(err)
	}
	dbtest.AddDocument(t, h.Root, h.Organisation, h.Dossier, true)
	page := into[m](t, h.do(t, h.customer, "GET /portal/dossiers/"+h.Dossier.String(), nil, 200))
	if len(page["documents"].([]any)) != 0 {
		t.Error("documents without the right to documents")
	}
	h.do(t, h.customer, "POST /portal/action-points/"+h.ActionPoint.String()+"/submissions", m{"uploadIds": []uuid.UUID{h.upload(t, h.Member, "x.pdf")}}, 403, "Idempotency-Key", "sleutel-1")
	if _, err := h.Root.Exec(`DELETE FROM dossier_members WHERE member_id = $1`, h.Member); err != nil {
		t.Fatal(err)
	}
	h.do(t, h.customer, "GET /portal/dossiers/"+h.Dossier.String(), nil, 404)
}

// TestBadSubmission names what is wrong with what was handed in, and keeps none of it.
func TestBadSubmission(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mine := h.upload(t, h.Member, "mijn.pdf")
	receiving := h.upload(t, h.Member, "half.pdf")
	if _, err := h.Root.Exec(`UPDATE uploads SET state = 'receiving', received = 3 WHERE id = $1`, receiving); err != nil {
		t.Fatal(err)
	}
	many := make([]uuid.UUID, 21)
	for i := range many {
		many[i] = dbtest.ID()
	}
	path := "POST /portal/action-points/" + h.ActionPoint.String() + "/submissions"
	n := 0
	bad := func(pointer string, body any) {
		t.Helper()
		n++
		wantProblem(t, h.do(t, h.customer, path, body, 422, "Idempotency-Key", fmt.Sprint("sleutel-nr-", n)), "invalid", pointer)
	}
	bad("/uploadIds", m{})
	bad("/uploadIds", m{"uploadIds": []uuid.UUID{}})
	bad("/uploadIds", m{"uploadIds": many})
	bad("/uploadIds", m{"uploadIds": []uuid.UUID{mine, mine}})
	bad("/uploadIds", m{"uploadIds": "x"})
	bad("/remark", m{"uploadIds": []uuid.UUID{mine}, "remark": strings.Repeat("a", 2001)})
	bad("/uploadIds/1", m{"uploadIds": []uuid.UUID{mine, h.upload(t, h.neighbourID, "van de buren.pdf")}})
	bad("/uploadIds/0", m{"uploadIds": []uuid.UUID{receiving}})
	bad("/state", m{"uploadIds": []uuid.UUID{mine}, "state": "approved"})
	page := into[m](t, h.do(t, h.customer, "GET /portal/action-points/"+h.ActionPoint.String(), nil, 200))
	if page["state"] != "open" || len(page["submissions"].([]any)) != 0 {
		t.Errorf("a refused submission left %v", page)
	}
	h.do(t, h.employee, "POST /action-points/"+h.ActionPoint.String()+"/cancellation", nil, 200, "If-Match", `"1"`)
	wantProblem(t, h.do(t, h.customer, path, m{"uploadIds": []uuid.UUID{mine}}, 409, "Idempotency-Key", "na-annuleren"), "action-point-cancelled", "")
}

// TestStreamEvents: the stream is one of server-sent events, and says where it stands.
func TestStreamEvents(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		as apitest.Caller
		do string
	}{{h.customer, "GET /portal/events"}, {h.employee, "GET /events"}} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		rec := h.Call(t, apitest.Request{As: c.as, Do: c.do, Context: ctx})
		cancel()
		if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != "text/event-stream" || !strings.Contains(rec.Body.String(), "id: ") {
			t.Errorf("%s: %d %v %q", c.do, rec.Code, rec.Header(), rec.Body)
		}
	}
}
