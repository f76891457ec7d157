package document_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/blobstore"
	"voordeur/internal/blobstore/s3test"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/document"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/filecheck"
	"voordeur/internal/filecheck/samples"
)

// world is an office with a customer, a second customer, and another office.
type world struct {
	*document.Service
	dbtest.Scene
	root     *sql.DB
	clock    *clock.Clock
	employee context.Context
	customer context.Context
	partner  context.Context // somebody else's login of the same office, with a dossier of its own
	stranger context.Context // an employee of another office
}

func newWorld(t *testing.T) world {
	t.Helper()
	return newWorldOn(t, filepath.Join(t.TempDir(), "blobs"))
}

func newWorldOn(t *testing.T, location string) world {
	t.Helper()
	d, root := dbtest.New(t)
	blobs, err := blobstore.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	c := &clock.Clock{}
	w := world{
		Service: &document.Service{DB: d, Blobs: blobs, Now: c.Now, Log: slog.New(slog.DiscardHandler)},
		Scene:   dbtest.AddScene(t, root), root: root, clock: c,
	}
	other := dbtest.AddCustomer(t, root, w.Organisation, "Ruben")
	dbtest.AddDossier(t, root, w.Organisation, w.Employee, other)
	elsewhere := dbtest.AddScene(t, root)
	w.employee = dbtest.EmployeeAs(w.Organisation, w.Employee, authz.DocumentRead, authz.DocumentWrite)
	w.customer = dbtest.Member(w.Organisation, w.Member, authz.PortalDocumentRead, authz.PortalSubmissionCreate)
	w.partner = dbtest.Member(w.Organisation, other.Member, authz.PortalDocumentRead, authz.PortalSubmissionCreate)
	w.stranger = dbtest.EmployeeAs(elsewhere.Organisation, elsewhere.Employee, authz.DocumentRead, authz.DocumentWrite)
	return w
}

// send uploads data in pieces of the given size; 0 is all at once.
func (w world) send(t *testing.T, ctx context.Context, name string, data []byte, piece int) (document.Upload, error) { //nolint:revive // t first, as everywhere
	t.Helper()
	u, err := w.CreateUpload(ctx, name, int64(len(data)))
	if err != nil {
		return u, err
	}
	if piece == 0 {
		return w.Append(ctx, u.ID, 0, sized{bytes.NewReader(data)})
	}
	for at := 0; at < len(data); at += piece {
		u, err = w.Append(ctx, u.ID, int64(at), bytes.NewReader(data[at:min(at+piece, len(data))]))
		if err != nil {
			return u, err
		}
	}
	return u, err
}

type sized struct{ *bytes.Reader }

func (s sized) Len() int64 { return int64(s.Reader.Len()) }

func (w world) attach(ctx context.Context, need authz.Permission, to document.AttachTo, ids ...uuid.UUID) ([]document.Document, error) {
	return db.Write(ctx, w.DB, need, func(tx *db.Tx) ([]document.Document, event.Event, error) {
		docs, err := document.AttachUploads(tx, to, ids)
		return docs, event.None, err
	})
}

func (w world) bytesOf(t *testing.T, ctx context.Context, id uuid.UUID) []byte { //nolint:revive // t first, as everywhere
	t.Helper()
	v, err := w.Content(ctx, id, 0)
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.Open(ctx, v, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(data); !bytes.Equal(sum[:], v.SHA256) || int64(len(data)) != v.Size {
		t.Errorf("%s: the bytes are not those of the row", id)
	}
	return data
}

func (w world) blobs(t *testing.T) []string {
	t.Helper()
	var keys []string
	if err := w.Blobs.Each(t.Context(), "", func(key string, _ time.Time) error { keys = append(keys, key); return nil }); err != nil {
		t.Fatal(err)
	}
	return keys
}

func code(err error) string {
	f, ok := errors.AsType[*fault.Error](err)
	switch {
	case err == nil:
		return ""
	case !ok:
		return err.Error()
	case len(f.Fields) > 0:
		return f.Fields[0].Pointer + " " + f.Fields[0].Code
	}
	return f.Code
}

func TestUploadBecomesDocument(t *testing.T) {
	t.Parallel()

	for name, location := range map[string]func(*testing.T) string{
		"folder": func(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "blobs") },
		"s3":     func(t *testing.T) string { t.Helper(); return s3test.Serve(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorldOn(t, location(t))
			pdf := samples.PDFOfSize("Loonstrook", 300_000)
			for _, piece := range []int{0, 300_000, 299_999, 100_000, 65_537, 999} {
				u, err := w.send(t, w.customer, "loonstrook mei.pdf", pdf, piece)
				if err != nil || u.State != document.Ready {
					t.Fatalf("pieces of %d: %v, %v", piece, u.State, err)
				}
				docs, err := w.attach(w.customer, authz.PortalSubmissionCreate,
					document.AttachTo{DossierID: w.Dossier, ActionPointID: &w.ActionPoint, Origin: document.FromCustomer, Visible: true}, u.ID)
				if err != nil {
					t.Fatal(err)
				}
				if got := w.bytesOf(t, w.employee, docs[0].ID); !bytes.Equal(got, pdf) {
					t.Errorf("pieces of %d: other bytes", piece)
				}
				if docs[0].Title != "loonstrook mei" || docs[0].Current().MediaType != "application/pdf" {
					t.Errorf("got %+v", docs[0])
				}
			}
			if left := w.blobs(t); len(left) != 6 {
				t.Errorf("parts stayed behind: %v", left)
			}
			docs, err := w.List(w.employee, &w.Dossier, uuid.Nil, 50)
			if err != nil || len(docs) != 6 || docs[0].Current().UploadedByName != "Eva de Wit" {
				t.Errorf("list: %+v, %v", docs, err)
			}
		})
	}
}

// TestDroppedConnection loses the connection at every awkward place; what arrived counts, and the rest completes it byte for byte.
func TestDroppedConnection(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	pdf := samples.PDFOfSize("Loonstrook", 200_000)
	lost := errors.New("connection reset")
	for _, at := range []int{0, 1, 500, 1023, 1024, 1025, 65_536, 199_999} {
		u, err := w.CreateUpload(w.customer, "x.pdf", int64(len(pdf)))
		if err != nil {
			t.Fatal(err)
		}
		dropped := io.MultiReader(bytes.NewReader(pdf[:at]), broken{lost})
		if _, err := w.Append(w.customer, u.ID, 0, dropped); !errors.Is(err, document.ErrCut) {
			t.Errorf("at %d: got %v", at, err)
		}
		u, err = w.ResumeUpload(w.customer, u.ID)
		if err != nil || u.Received > int64(at) || at >= filecheck.HeadLength && u.Received != int64(at) {
			t.Errorf("at %d: %d received, %v", at, u.Received, err)
		}
		u, err = w.Append(w.customer, u.ID, u.Received, bytes.NewReader(pdf[u.Received:]))
		if err != nil || u.State != document.Ready {
			t.Errorf("at %d: %s, %v", at, u.State, err)
		}
		if sum := sha256.Sum256(pdf); !bytes.Equal(sum[:], u.SHA256) {
			t.Errorf("at %d: other bytes", at)
		}
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// hanging waits for bytes that do not come until it is interrupted.
type hanging struct {
	data    *bytes.Reader
	waiting chan struct{}
	stop    chan struct{}
	once    sync.Once
}

func (h *hanging) Read(p []byte) (int, error) {
	if h.data.Len() > 0 {
		return h.data.Read(p)
	}
	h.once.Do(func() { close(h.waiting) })
	<-h.stop
	return 0, errors.New("interrupted")
}

func (h *hanging) Interrupt() { close(h.stop) }

// TestReturningPhone is back on a new connection while the server still waits on the old one.
func TestReturningPhone(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	pdf := samples.PDFOfSize("Loonstrook", 200_000)
	u, err := w.CreateUpload(w.customer, "x.pdf", int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	dead := &hanging{data: bytes.NewReader(pdf[:150_000]), waiting: make(chan struct{}), stop: make(chan struct{})}
	ended := make(chan error, 1)
	go func() { _, err := w.Append(w.customer, u.ID, 0, dead); ended <- err }()
	<-dead.waiting
	if _, err := w.Append(w.customer, u.ID, 0, bytes.NewReader(pdf)); !errors.Is(err, document.ErrBusy) {
		t.Errorf("beside it: got %v", err)
	}
	if _, err := w.ResumeUpload(w.partner, u.ID); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("somebody else: got %v", err)
	}
	u, err = w.ResumeUpload(w.customer, u.ID)
	if err != nil || u.Received != 150_000 {
		t.Fatalf("got %d, %v", u.Received, err)
	}
	if err := <-ended; !errors.Is(err, document.ErrCut) {
		t.Errorf("the old request: %v", err)
	}
	if u, err = w.Append(w.customer, u.ID, 150_000, bytes.NewReader(pdf[150_000:])); err != nil || u.State != document.Ready {
		t.Errorf("%s, %v", u.State, err)
	}
}

// TestTwoAtOnce sends the same bytes fifty times beside each other, as if on different servers: exactly one is taken.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	pdf := samples.PDFOfSize("Loonstrook", 100_000)
	u, err := w.CreateUpload(w.customer, "x.pdf", int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		replica := &document.Service{DB: w.DB, Blobs: w.Blobs, Now: w.Now, Log: w.Log}
		wg.Go(func() {
			got, err := replica.Append(w.customer, u.ID, 0, sized{bytes.NewReader(pdf)})
			switch {
			case err == nil && got.State == document.Ready:
				won.Add(1)
			case !errors.Is(err, document.ErrOffset):
				t.Errorf("got %s, %v", got.State, err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d winners", won.Load())
	}
	if left := w.blobs(t); len(left) != 1 {
		t.Errorf("the losers' bytes stayed: %v", left)
	}
}

// TestUseOnce attaches the same upload fifty times at once: one document.
func TestUseOnce(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	u, err := w.send(t, w.employee, "x.pdf", samples.PDF("x"), 0)
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			_, err := w.CreateFromUpload(w.employee, w.Dossier, document.Draft{Title: "X"}, u.ID)
			if err == nil {
				won.Add(1)
			} else if code(err) != "/uploadId used" {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d documents", won.Load())
	}
	if err := w.CancelUpload(w.employee, u.ID); !errors.Is(err, document.ErrUsed) {
		t.Errorf("cancel: %v", err)
	}
}

func TestAttachRefuses(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	ready := func(ctx context.Context) uuid.UUID {
		u, err := w.send(t, ctx, "x.pdf", samples.PDF("x"), 0)
		if err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	mine, colleague := ready(w.customer), ready(w.employee)
	begun, err := w.CreateUpload(w.customer, "x.pdf", 1000)
	if err != nil {
		t.Fatal(err)
	}
	refused, err := w.send(t, w.customer, "x.pdf", []byte("<html>"), 0)
	if !errors.Is(err, filecheck.ErrOther) {
		t.Fatal(err)
	}
	to := document.AttachTo{DossierID: w.Dossier, Origin: document.FromCustomer, Visible: true}
	for _, c := range []struct {
		name string
		ctx  context.Context
		ids  []uuid.UUID
		want string
	}{
		{"somebody else's", w.partner, []uuid.UUID{mine}, "/uploadIds/0 not-found"},
		{"the office's", w.customer, []uuid.UUID{mine, colleague}, "/uploadIds/1 not-found"},
		{"none such", w.customer, []uuid.UUID{mine, dbtest.ID()}, "/uploadIds/1 not-found"},
		{"twice", w.customer, []uuid.UUID{mine, mine}, "/uploadIds/1 repeated"},
		{"unfinished", w.customer, []uuid.UUID{begun.ID}, "/uploadIds/0 incomplete"},
		{"refused", w.customer, []uuid.UUID{mine, refused.ID}, "/uploadIds/1 refused"},
	} {
		if _, err := w.attach(c.ctx, authz.PortalSubmissionCreate, to, c.ids...); code(err) != c.want {
			t.Errorf("%s: got %q, want %q", c.name, code(err), c.want)
		}
	}
	w.clock.Advance(25 * time.Hour)
	if _, err := w.ResumeUpload(w.customer, mine); !errors.Is(err, document.ErrExpired) {
		t.Errorf("expired: %v", err)
	}
	var n int
	if err := w.root.QueryRow(`SELECT count(*) FROM documents WHERE organisation_id = $1`, w.Organisation).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d documents, %v", n, err)
	}
}

// TestOnlyOwnUploads lets everybody else try everything with an upload.
func TestOnlyOwnUploads(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	u, err := w.CreateUpload(w.customer, "x.pdf", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for name, ctx := range map[string]context.Context{"colleague": w.employee, "other customer": w.partner, "other office": w.stranger} {
		for what, do := range map[string]func() error{
			"get":    func() error { _, err := w.Upload(ctx, u.ID); return err },
			"head":   func() error { _, err := w.ResumeUpload(ctx, u.ID); return err },
			"patch":  func() error { _, err := w.Append(ctx, u.ID, 0, bytes.NewReader(samples.PDF("x"))); return err },
			"delete": func() error { return w.CancelUpload(ctx, u.ID) },
		} {
			if err := do(); !errors.Is(err, db.ErrNotFound) {
				t.Errorf("%s: %s: got %v", name, what, err)
			}
		}
	}
	if err := w.CancelUpload(w.customer, u.ID); err != nil {
		t.Error(err)
	}
	if _, err := w.Upload(w.customer, u.ID); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("after delete: %v", err)
	}
}

// TestRefusedBytesGo shows that nothing of a refused file stays, wherever the refusal comes.
func TestRefusedBytesGo(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	pdf := samples.PDFOfSize("x", 100_000)
	active := bytes.Replace(pdf, []byte("/Type /Catalog"), []byte("/S /Launch    "), 1)
	for name, c := range map[string]struct {
		data  []byte
		piece int
		want  error
	}{
		"first bytes":       {[]byte(strings.Repeat("<html>", 1000)), 0, filecheck.ErrOther},
		"at the end":        {pdf[:90_000], 0, filecheck.ErrDamaged},
		"at the end, parts": {pdf[:90_000], 40_000, filecheck.ErrDamaged},
		"what runs":         {active, 40_000, filecheck.ErrActive},
	} {
		u, err := w.send(t, w.customer, "x.pdf", c.data, c.piece)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
		if got, err := w.Upload(w.customer, u.ID); err != nil || got.State != document.Refused || *got.Refusal != code(c.want) {
			t.Errorf("%s: remembered as %+v, %v", name, got, err)
		}
		if _, err := w.ResumeUpload(w.customer, u.ID); !errors.Is(err, c.want) {
			t.Errorf("%s: asked again: %v", name, err)
		}
	}
	if left := w.blobs(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	for name, c := range map[string]struct {
		filename string
		size     int64
		want     error
	}{
		"empty": {"x.pdf", 0, filecheck.ErrEmpty}, "26 MB": {"x.pdf", 26 << 20, filecheck.ErrTooLarge}, "svg": {"x.svg", 10, filecheck.ErrType},
	} {
		if _, err := w.CreateUpload(w.customer, c.filename, c.size); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	u, err := w.CreateUpload(w.customer, "x.pdf", 2000)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Append(w.customer, u.ID, 0, sized{bytes.NewReader(pdf)}); !errors.Is(err, document.ErrTooLong) {
		t.Errorf("more than announced: %v", err)
	}
	if _, err := w.Append(w.customer, u.ID, 0, bytes.NewReader(pdf)); !errors.Is(err, document.ErrTooLong) {
		t.Errorf("more than announced, length unknown: %v", err)
	}
	if left := w.blobs(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestCheckAfterCrash finds an upload whose bytes are all there, but whose check never ran.
func TestCheckAfterCrash(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	for name, data := range map[string][]byte{"ready": samples.PDFOfSize("x", 50_000), "refused": samples.PDFOfSize("x", 50_000)[:40_000]} {
		u, err := w.CreateUpload(w.customer, "x.pdf", int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Append(w.customer, u.ID, 0, bytes.NewReader(data[:30_000])); err != nil {
			t.Fatal(err)
		}
		// The last part arrived, was recorded, and then the power went.
		key := "uploads/" + w.Organisation.String() + "/" + dbtest.ID().String()
		b, err := w.Blobs.Create(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Write(data[30_000:]); err != nil {
			t.Fatal(err)
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
		part := fmt.Sprintf(`[{"key":%q,"size":%d}]`, key, len(data)-30_000)
		if _, err := w.root.Exec(`UPDATE uploads SET received = size, parts = parts || $1::jsonb WHERE id = $2`, part, u.ID); err != nil {
			t.Fatal(err)
		}
		got, err := w.ResumeUpload(w.customer, u.ID)
		if name == "ready" && (err != nil || got.State != document.Ready) || name == "refused" && !errors.Is(err, filecheck.ErrDamaged) {
			t.Errorf("%s: got %s, %v", name, got.State, err)
		}
	}
}

// TestPieces: an upload of crumbs costs more with each one, so there is an end to them.
func TestPieces(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	pdf := samples.PDFOfSize("Loonstrook", 5_000)
	u, err := w.CreateUpload(w.customer, "x.pdf", int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.root.Exec(`UPDATE uploads SET received = 2000,
		parts = (SELECT jsonb_agg(jsonb_build_object('key', 'k', 'size', 1)) FROM generate_series(1, 2000)) WHERE id = $1`, u.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Append(w.customer, u.ID, 2000, bytes.NewReader(pdf[2000:])); !errors.Is(err, document.ErrPieces) {
		t.Errorf("got %v", err)
	}
}

func TestDailyLimit(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	if _, err := w.root.Exec(`INSERT INTO uploads (organisation_id, id, member_id, filename, size, created_at, expires_at)
		SELECT $1, gen_random_uuid(), $2, 'x.pdf', 1, $3, $3 FROM generate_series(1, 200)`, w.Organisation, w.Member, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CreateUpload(w.customer, "x.pdf", 10); !errors.Is(err, document.ErrTooMany) {
		t.Errorf("got %v", err)
	}
	w.clock.Advance(25 * time.Hour)
	if _, err := w.CreateUpload(w.customer, "x.pdf", 10); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// TestDailyLimitAtOnce: fifty at the same moment, and room for one.
func TestDailyLimitAtOnce(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	if _, err := w.root.Exec(`INSERT INTO uploads (organisation_id, id, member_id, filename, size, created_at, expires_at)
		SELECT $1, gen_random_uuid(), $2, 'x.pdf', 1, $3, $3 FROM generate_series(1, 199)`, w.Organisation, w.Member, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	errs, start := make([]error, 50), make(chan struct{})
	for i := range errs {
		wg.Go(func() { <-start; _, errs[i] = w.CreateUpload(w.customer, "x.pdf", 10) })
	}
	close(start)
	wg.Wait()
	made := 0
	for _, err := range errs {
		switch {
		case err == nil:
			made++
		case !errors.Is(err, document.ErrTooMany):
			t.Error(err)
		}
	}
	if made != 1 {
		t.Errorf("%d of fifty found room for one", made)
	}
}

func TestWhoSeesADocument(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	d, err := w.Create(w.employee, w.Dossier, "offerte.pdf", bytes.NewReader(samples.PDF("Offerte")), func() (document.Draft, error) {
		return document.Draft{ProductID: &w.Product, Title: "Offerte", Remark: "Lees bladzijde 3."}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sees := func(ctx context.Context) bool {
		t.Helper()
		_, err := w.Content(ctx, d.ID, 0)
		listed := w.List
		if a, _ := authz.From(ctx); a.Kind == authz.Member {
			listed = w.ListAsMember
		}
		list, lerr := listed(ctx, nil, uuid.Nil, 50)
		if lerr != nil || (len(list) == 1) != (err == nil) {
			t.Errorf("list and content differ: %d, %v, %v", len(list), lerr, err)
		}
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			t.Error(err)
		}
		return err == nil
	}
	if sees(w.customer) || !sees(w.employee) || sees(w.stranger) {
		t.Error("a document that is not shared is the office's only")
	}
	yes, no, title := true, false, " Nieuwe\u202e  offerte "
	if _, err := w.Update(w.employee, d.ID, d.Version+1, document.Change{Visible: &yes}); !errors.Is(err, db.ErrStale) {
		t.Errorf("stale: %v", err)
	}
	if _, err := w.Update(w.stranger, d.ID, d.Version, document.Change{Visible: &yes}); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("other office: %v", err)
	}
	if d, err = w.Update(w.employee, d.ID, d.Version, document.Change{Visible: &yes, Title: &title}); err != nil || d.Title != "Nieuwe offerte" || d.Version != 2 {
		t.Fatalf("%+v, %v", d, err)
	}
	if !sees(w.customer) || sees(w.partner) || sees(w.stranger) {
		t.Error("a shared document is for those of the dossier")
	}
	if d, err = w.Update(w.employee, d.ID, d.Version, document.Change{Visible: &no}); err != nil || sees(w.customer) {
		t.Errorf("taken back: %v", err)
	}
	if d, err = w.Update(w.employee, d.ID, d.Version, document.Change{Visible: &yes}); err != nil || !sees(w.customer) {
		t.Errorf("shared again: %v", err)
	}
	if err := w.Archive(w.stranger, d.ID); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("other office archives: %v", err)
	}
	if err := w.Archive(w.employee, d.ID); err != nil || sees(w.customer) || sees(w.employee) {
		t.Errorf("archived: %v", err)
	}
	if err := w.Archive(w.employee, d.ID); !errors.Is(err, db.ErrNotFound) {
		t.Errorf("archived twice: %v", err)
	}
	if left := w.blobs(t); len(left) != 1 {
		t.Errorf("archiving loses nothing: %v", left)
	}
	var names string
	if err := w.root.QueryRow(`SELECT string_agg(name, ' ' ORDER BY seq) FROM audit_events WHERE dossier_id = $1`, w.Dossier).Scan(&names); err != nil {
		t.Fatal(err)
	}
	if want := "document.created document.shared document.hidden document.shared document.archived"; names != want {
		t.Errorf("events: %s", names)
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	other := dbtest.AddScene(t, w.root)
	draft := func(d document.Draft) func() (document.Draft, error) {
		return func() (document.Draft, error) { return d, nil }
	}
	for name, c := range map[string]struct {
		ctx     context.Context
		dossier uuid.UUID
		file    string
		data    []byte
		draft   document.Draft
		want    string
	}{
		"other office's dossier": {w.employee, other.Dossier, "x.pdf", samples.PDF("x"), document.Draft{}, "not-found"},
		"other office":           {w.stranger, w.Dossier, "x.pdf", samples.PDF("x"), document.Draft{}, "not-found"},
		"customer":               {w.customer, w.Dossier, "x.pdf", samples.PDF("x"), document.Draft{}, "forbidden"},
		"foreign product":        {w.employee, w.Dossier, "x.pdf", samples.PDF("x"), document.Draft{ProductID: &other.Product}, "/productId not-found"},
		"26 MB":                  {w.employee, w.Dossier, "x.pdf", samples.PDFOfSize("x", 26<<20), document.Draft{}, "file-too-large"},
		"empty":                  {w.employee, w.Dossier, "x.pdf", nil, document.Draft{}, "file-empty"},
		"svg":                    {w.employee, w.Dossier, "x.svg", []byte("<svg/>"), document.Draft{}, "file-type-not-allowed"},
		"renamed":                {w.employee, w.Dossier, "x.pdf", []byte("MZ"), document.Draft{}, "file-not-what-it-says"},
		"damaged":                {w.employee, w.Dossier, "x.pdf", samples.PDF("x")[:200], document.Draft{}, "file-damaged"},
	} {
		if _, err := w.Create(c.ctx, c.dossier, c.file, bytes.NewReader(c.data), draft(c.draft)); code(err) != c.want {
			t.Errorf("%s: got %q, want %q", name, code(err), c.want)
		}
	}
	if left := w.blobs(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	pdf := samples.PDFOfSize("x", 50_000)
	begun, err := w.CreateUpload(w.customer, "x.pdf", int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Append(w.customer, begun.ID, 0, bytes.NewReader(pdf[:20_000])); err != nil {
		t.Fatal(err)
	}
	if _, err := w.send(t, w.customer, "ongebruikt.pdf", pdf, 0); err != nil {
		t.Fatal(err)
	}
	used, err := w.send(t, w.customer, "gebruikt.pdf", pdf, 0)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := w.attach(w.customer, authz.PortalSubmissionCreate, document.AttachTo{DossierID: w.Dossier, Origin: document.FromCustomer, Visible: true}, used.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, prefix := range []string{"uploads/", "documents/"} { // a crash between bytes and row
		b, err := w.Blobs.Create(t.Context(), prefix+w.Organisation.String()+"/"+dbtest.ID().String())
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		pass time.Duration
		want int
	}{{0, 5}, {23 * time.Hour, 5}, {3 * time.Hour, 2}, {8 * 24 * time.Hour, 1}} {
		w.clock.Advance(step.pass)
		for range 2 { // repeatable
			if err := w.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if left := w.blobs(t); len(left) != step.want {
			t.Errorf("after %s: %v", step.pass, left)
		}
	}
	if got := w.bytesOf(t, w.customer, docs[0].ID); !bytes.Equal(got, pdf) {
		t.Error("the document lost its bytes")
	}
}
