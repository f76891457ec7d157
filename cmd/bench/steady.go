package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/filecheck/samples"
	"voordeur/internal/signin"
)

// mixed is what people meet at a busy hour (P7).
type mixed struct {
	span           time.Duration
	requests       int
	failed         int
	first          error
	reads, writes  time.Duration // 99th percentiles, from the moment at which each was to be sent
	logins         time.Duration
	loginsHappened int
}

const (
	mixedSpan  = 60 * time.Second
	perSecond  = 300 // of which one in five writes
	loginsEach = 5   // per second
)

// measureMixed sends requests at their time, whether or not the ones before have been answered.
func measureMixed(ctx context.Context, s *scene, conn *pgx.Conn, product string) (mixed, error) {
	m := mixed{span: mixedSpan}
	if _, err := conn.Exec(ctx, `UPDATE sessions SET last_seen_at = now()`); err != nil {
		return m, err
	}
	seconds := int(mixedSpan / time.Second)
	approve, err := approvals(ctx, conn, s, perSecond/5*seconds)
	if err != nil {
		return m, err
	}
	const password = "nobody will ever guess this one"
	names, err := knownNames(ctx, conn, 100, "mixed", password)
	if err != nil {
		return m, err
	}
	var mu sync.Mutex
	var reading, writing, signing []time.Duration
	var group sync.WaitGroup
	at := func(due time.Time, into *[]time.Duration, ask func() error) {
		group.Go(func() {
			time.Sleep(time.Until(due))
			err := ask()
			took := time.Since(due)
			mu.Lock()
			defer mu.Unlock()
			*into = append(*into, took)
			if err != nil {
				m.failed++
				m.first = errors.Join(m.first, err)
			}
		})
	}
	begin := time.Now().Add(time.Second)
	for i := range perSecond * seconds {
		due := begin.Add(time.Duration(i) * time.Second / perSecond)
		if i%5 == 0 && i/5 < len(approve) {
			at(due, &writing, func() error { return approve[i/5].request(ctx, product) })
			continue
		}
		what, p := reads[i%len(reads)], s.places[i%len(s.places)]
		cookie := s.employee
		if what.portal {
			cookie = p.cookie
		}
		at(due, &reading, func() error { return get(ctx, product, what.path(p), cookie, what.portal) })
	}
	for i := range loginsEach * seconds {
		at(begin.Add(time.Duration(i)*time.Second/loginsEach), &signing, func() error {
			return post(ctx, product, "/api/v1/portal/auth/login", "", true, map[string]any{"office": "kantoor-1", "username": names[i%len(names)], "password": password}, http.StatusOK)
		})
	}
	group.Wait()
	m.requests, m.loginsHappened = len(reading)+len(writing), len(signing)
	m.reads, m.writes, m.logins = late(reading), late(writing), late(signing)
	fmt.Printf("P7  %d requests/s and %d logins/s for %s: %d failed; p99 of reads %s (must 150 ms), of writes %s, of logins %s (must 900 ms)\n", perSecond, loginsEach, m.span,
		m.failed, ms(m.reads), ms(m.writes), ms(m.logins))
	if m.first != nil {
		fmt.Fprintf(os.Stderr, "bench: mixed load: %.400s\n", m.first)
	}
	return m, ctx.Err()
}

// late is the 99th percentile.
func late(v []time.Duration) time.Duration {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[len(v)*99/100]
}

// knownNames gives customers of the largest office a password, as dear as in production, and returns their names.
func knownNames(ctx context.Context, conn *pgx.Conn, n int, salt, password string) ([]string, error) {
	hasher, err := signin.NewHasher(signin.DefaultCost)
	if err != nil {
		return nil, err
	}
	hash, err := hasher.Hash(ctx, password)
	if err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, `UPDATE portal_members SET password_hash = $2 WHERE (organisation_id, id) IN (SELECT organisation_id, id FROM portal_members
		WHERE organisation_id = pg_temp.id('organisation', 1) AND id NOT IN (SELECT member_id FROM sessions WHERE member_id IS NOT NULL) ORDER BY md5(id::text || $3) LIMIT $1)
		RETURNING username`, n, hash, salt)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// files is how fast large files go, in MB per second, against copying them with a digest (P6).
type files struct{ up, down, copied, read float64 }

const (
	fileSize = 25 << 20
	atOnce   = 20
)

// streams is what open screens cost (P8).
type streams struct {
	open  int
	each  float64       // kB of the server's memory
	heard time.Duration // 99th percentile, from the request that changes something until a screen hears of it
}

const openScreens = 5000

// measureProgram measures the built program in a process of its own.
func measureProgram(ctx context.Context) (files, streams, error) {
	folder, err := os.MkdirTemp("", "voordeur-program-")
	if err != nil {
		return files{}, streams{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	p, err := launch(ctx, folder)
	if err != nil {
		return files{}, streams{}, err
	}
	defer p.end()
	conn, err := p.database(ctx)
	if err != nil {
		return files{}, streams{}, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var office, employee, dossier uuid.UUID
	err = conn.QueryRow(ctx, `SELECT d.organisation_id, e.id, d.id FROM dossiers d JOIN employees e ON e.organisation_id = d.organisation_id AND e.role = 'admin'
		WHERE d.status = 'open' ORDER BY d.id LIMIT 1`).Scan(&office, &employee, &dossier)
	if err != nil {
		return files{}, streams{}, err
	}
	session := func(n int) (string, error) {
		cookie := token("program" + strconv.Itoa(n))
		_, err := conn.Exec(ctx, insertSession, office, hash(cookie), "office", employee, nil)
		return cookie, err
	}
	open, err := measureStreams(ctx, p, session, dossier)
	if err != nil {
		return files{}, open, fmt.Errorf("streams: %w", err)
	}
	f, err := measureFiles(ctx, p, session, dossier)
	if err != nil {
		return f, open, fmt.Errorf("files: %w", err)
	}
	return f, open, nil
}

func measureStreams(ctx context.Context, p *process, session func(int) (string, error), dossier uuid.UUID) (streams, error) {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	var at atomic.Int64 // when the change was asked for, in nanoseconds
	var mu sync.Mutex
	var heard []time.Duration
	listener := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 0, DisableCompression: true}}
	before := p.resident()
	var cookie string
	for i := range openScreens {
		if i%8 == 0 { // as many as one session may have
			var err error
			if cookie, err = session(i); err != nil {
				return streams{}, err
			}
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.office+"/api/v1/events", nil)
		if err != nil {
			return streams{}, err
		}
		sign(req, cookie, false)
		standing := make(chan error)
		go listen(listener, req, standing, func() {
			took := time.Duration(time.Now().UnixNano() - at.Load())
			mu.Lock()
			heard = append(heard, took)
			mu.Unlock()
		})
		if err := <-standing; err != nil {
			return streams{}, fmt.Errorf("stream %d: %w", i, err)
		}
	}
	time.Sleep(2 * time.Second)
	out := streams{open: openScreens, each: (p.resident() - before) * 1024 / openScreens}
	const changes = 5
	for i := range changes {
		at.Store(time.Now().UnixNano())
		if err := post(ctx, p.office, "/api/v1/dossiers/"+dossier.String()+"/action-points", cookie, false,
			map[string]any{"items": []any{map[string]any{"title": "Loonstrook " + strconv.Itoa(i)}}}, http.StatusCreated); err != nil {
			return out, err
		}
		time.Sleep(2 * time.Second)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(heard) < openScreens*changes {
		return out, fmt.Errorf("%d screens heard of %d changes, %d expected", len(heard), changes, openScreens*changes)
	}
	out.heard = late(heard)
	fmt.Printf("P8  %d open streams: %.1f kB each (must 30), a change is heard within %s (p99, must 250 ms)\n", out.open, out.each, ms(out.heard))
	return out, nil
}

// listen calls change for each change that a stream tells; standing hears first whether it opened.
func listen(listener *http.Client, req *http.Request, standing chan<- error, change func()) {
	res, err := listener.Do(req)
	if err != nil {
		standing <- err
		return
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		standing <- errors.New(res.Status)
		return
	}
	standing <- nil
	lines := bufio.NewReaderSize(res.Body, 512)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		if strings.HasPrefix(line, "event: change") {
			change()
		}
	}
}

func measureFiles(ctx context.Context, p *process, session func(int) (string, error), dossier uuid.UUID) (files, error) {
	cookie, err := session(-1)
	if err != nil {
		return files{}, err
	}
	pdf := samples.PDFOfSize("Loonstrook", fileSize)
	// rate runs one for each of so many at once, and returns MB per second together.
	rate := func(one func(n int) error) (float64, error) {
		var mu sync.Mutex
		var failed error
		var group sync.WaitGroup
		from := time.Now()
		for n := range atOnce {
			group.Go(func() {
				if err := one(n); err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
				}
			})
		}
		group.Wait()
		return atOnce * fileSize / 1e6 / time.Since(from).Seconds(), failed
	}
	request := func(method, path string, body io.Reader, length int64, header ...string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, method, p.office+path, body)
		if err != nil {
			return nil, err
		}
		req.ContentLength = length
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		sign(req, cookie, false)
		res, err := client.Do(req)
		if err == nil && res.StatusCode >= 300 {
			raw, _ := io.ReadAll(io.LimitReader(res.Body, 300))
			_ = res.Body.Close()
			return nil, fmt.Errorf("%s %s: %s: %s", method, path, res.Status, raw)
		}
		return res, err
	}
	up := func(int) error {
		res, err := request(http.MethodPost, "/api/v1/uploads", nil, 0, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(pdf)),
			"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("loonstrook.pdf")))
		if err != nil {
			return err
		}
		_ = res.Body.Close()
		location := res.Header.Get("Location")
		if res, err = request(http.MethodPatch, "/api/v1/uploads"+location[strings.LastIndexByte(location, '/'):], bytes.NewReader(pdf), int64(len(pdf)),
			"Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream"); err != nil {
			return err
		}
		return res.Body.Close()
	}
	copied := func(n int) error {
		f, err := os.Create(filepath.Join(p.folder, "copy-"+strconv.Itoa(n)))
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.MultiWriter(f, sha256.New()), bytes.NewReader(pdf)); err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	}
	document, err := addDocument(request, dossier, pdf)
	if err != nil {
		return files{}, err
	}
	down := func(int) error {
		res, err := request(http.MethodGet, "/api/v1/documents/"+document+"/content", nil, 0)
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, res.Body)
		if err == nil && n != int64(len(pdf)) {
			err = fmt.Errorf("%d bytes came", n)
		}
		return errors.Join(err, res.Body.Close())
	}
	read := func(n int) error {
		f, err := os.Open(filepath.Join(p.folder, "copy-"+strconv.Itoa(n)))
		if err != nil {
			return err
		}
		_, err = io.Copy(sha256.New(), f)
		return errors.Join(err, f.Close())
	}
	var rates [4][]float64
	for round := range 4 {
		for i, one := range []func(int) error{up, copied, down, read} {
			r, err := rate(one)
			if err != nil {
				return files{}, err
			}
			if round > 0 {
				rates[i] = append(rates[i], r)
			}
		}
	}
	f := files{up: median(rates[0]), copied: median(rates[1]), down: median(rates[2]), read: median(rates[3])}
	fmt.Printf("P6  25 MB, %d at a time: up %.0f of %.0f MB/s = %.2f, down %.0f of %.0f MB/s = %.2f (must 0.50)\n", atOnce, f.up, f.copied, f.up/f.copied, f.down, f.read, f.down/f.read)
	return f, nil
}

func addDocument(request func(method, path string, body io.Reader, length int64, header ...string) (*http.Response, error), dossier uuid.UUID, pdf []byte) (string, error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "loonstrook.pdf")
	if err != nil {
		return "", err
	}
	if _, err := part.Write(pdf); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	res, err := request(http.MethodPost, "/api/v1/dossiers/"+dossier.String()+"/documents", &form, int64(form.Len()), "Content-Type", w.FormDataContentType())
	if err != nil {
		return "", err
	}
	location := res.Header.Get("Location")
	return location[strings.LastIndexByte(location, '/')+1:], res.Body.Close()
}
