package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/blobstore"
	"voordeur/internal/clock"
	"voordeur/internal/dbtest"
	"voordeur/internal/filecheck/samples"
	"voordeur/internal/mailbox"
	"voordeur/internal/web"
)

// promise is something that the program has acknowledged.
type promise struct {
	subject uuid.UUID // the action point, or the document
	sum     string    // SHA-256 of the file
}

// crash is one run of the test: customers and employees who work on, whatever happens to the server.
type crash struct {
	t     *testing.T
	p     *program
	scene dbtest.Scene
	stop  atomic.Bool

	mu         sync.Mutex
	uploads    map[string]string // id of a complete upload → SHA-256
	handedIn   []promise
	documents  []promise
	mailed     map[string]bool // addresses whose request for a link was acknowledged
	maybe      map[string]bool // … or may have been
	pieces     int             // acknowledged
	broken     int             // requests that died with the server
	longest    time.Duration   // from start to ready
	actionWork chan uuid.UUID
}

// TestKill ends a real server with kill -9 at fifty random moments, while customers send files and ask for links and an employee adds
// documents. What was acknowledged is there afterwards; no document lacks its bytes; no mail is lost, or sent under two names.
func TestKill(t *testing.T) {
	t.Parallel()

	kills := 50
	if testing.Short() || raceEnabled {
		kills = 5
	}
	post, err := mailbox.Open(t.TempDir(), clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer post.Close()
	smtp, err := post.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &crash{
		t: t, p: newProgram(t, "VOORDEUR_SMTP_URL="+smtp), uploads: map[string]string{}, mailed: map[string]bool{}, maybe: map[string]bool{},
		actionWork: make(chan uuid.UUID, 5000),
	}
	c.p.start(t)
	root := c.p.database(t)
	c.scene = dbtest.AddScene(t, root)
	for range 1000 {
		c.actionWork <- dbtest.AddActionPoint(t, root, c.scene.Organisation, c.scene.Dossier, "open")
	}
	var invited, forgetful []dbtest.Customer
	for i := range kills * 4 {
		customer := dbtest.AddCustomer(t, root, c.scene.Organisation, fmt.Sprintf("Klant%d", i))
		if i%8 == 0 && len(forgetful) < 25 { // more are not listened to from one address
			forgetful = append(forgetful, customer)
		} else {
			invited = append(invited, customer)
		}
	}
	evas := session(t, root, web.Portal, c.scene.Organisation, c.scene.Member)
	sanne := session(t, root, web.Office, c.scene.Organisation, c.scene.Employee)

	var work sync.WaitGroup
	for i := range 3 {
		work.Go(func() { c.handIn(uint64(i), c.p.customer(evas)) })
	}
	work.Go(func() { c.addDocuments(9, c.p.employee(sanne)) })
	work.Go(func() { c.askForLinks(c.p.customer(""), forgetful) })
	work.Go(func() { c.invite(c.p.employee(sanne), invited) })
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for range kills {
		time.Sleep(time.Duration(10+rnd.IntN(900)) * time.Millisecond)
		c.p.kill()
		c.longest = max(c.longest, c.p.start(t))
		// A customer may send so many files a day; on a quick machine this one's days are short.
		if _, err := root.Exec(`UPDATE uploads SET created_at = created_at - interval '2 days' WHERE state = 'attached'`); err != nil {
			t.Fatal(err)
		}
	}
	c.stop.Store(true)
	work.Wait()

	t.Logf("%d kills: %d pieces, %d uploads, %d submissions, %d documents, %d mails promised; %d requests died; ready again within %s",
		kills, c.pieces, len(c.uploads), len(c.handedIn), len(c.documents), len(c.mailed), c.broken, c.longest.Round(time.Millisecond))
	if c.pieces == 0 || len(c.handedIn) == 0 || len(c.documents) == 0 || len(c.mailed) == 0 {
		t.Error("too little happened to show anything")
	}
	c.verifyPromises(root)
	c.verifyBytes(root)
	c.verifyMails(root, post)
}

func (c *crash) ctx() context.Context { return c.t.Context() }

// again calls fn until it works; a server that is away is no failure, what it says is.
func (c *crash) again(what string, fn func() error) bool {
	for began := time.Now(); time.Since(began) < 2*time.Minute; {
		err := fn()
		if err == nil {
			return true
		}
		if errors.Is(err, errRefused) {
			c.t.Errorf("%s: %v", what, err)
			return false
		}
		c.mu.Lock()
		c.broken++
		c.mu.Unlock()
		time.Sleep(20 * time.Millisecond)
	}
	c.t.Errorf("%s: gave up", what)
	return false
}

// slow is a body that comes at the speed of a telephone.
type slow struct {
	data *bytes.Reader
	rnd  *rand.Rand
}

func (s *slow) Read(p []byte) (int, error) {
	time.Sleep(time.Duration(s.rnd.IntN(15)) * time.Millisecond)
	return s.data.Read(p[:min(len(p), 64<<10)])
}

// upload sends a file of its own in pieces, going on after every crash where the server says it stands.
func (c *crash) upload(rnd *rand.Rand, who *caller, label string) (string, string, bool) {
	data := samples.PDFOfSize(label, 20_000+rnd.IntN(1_500_000))
	sum := sha256.Sum256(data)
	var id string
	ok := c.again("announce", func() error {
		var err error
		id, err = who.announce(c.ctx(), label+".pdf", len(data))
		return err
	})
	if !ok {
		return "", "", false
	}
	at := 0
	for at < len(data) {
		n := min(len(data)-at, 1+rnd.IntN(800_000))
		got, err := who.patch(c.ctx(), id, at, &slow{bytes.NewReader(data[at : at+n]), rnd}, int64(n))
		if err == nil {
			c.mu.Lock()
			c.pieces++
			c.mu.Unlock()
			at = got
			continue
		}
		known := at
		ok := c.again("head", func() error {
			var err error
			at, err = who.offset(c.ctx(), id)
			return err
		})
		if !ok {
			return "", "", false
		}
		if at < known {
			c.t.Errorf("%d bytes were acknowledged, %d are there", known, at)
		}
	}
	hash := hex.EncodeToString(sum[:])
	c.mu.Lock()
	c.uploads[id] = hash
	c.mu.Unlock()
	return id, hash, true
}

func (c *crash) handIn(seed uint64, who *caller) {
	rnd := rand.New(rand.NewPCG(seed, uint64(time.Now().UnixNano())))
	for n := 0; !c.stop.Load(); n++ {
		id, sum, ok := c.upload(rnd, who, fmt.Sprintf("loonstrook %d-%d", seed, n))
		if !ok {
			return
		}
		point, key := <-c.actionWork, dbtest.ID().String()
		ok = c.again("submit", func() error {
			a, err := who.post(c.ctx(), "/action-points/"+point.String()+"/submissions", `{"uploadIds":["`+id+`"]}`, "Idempotency-Key", key)
			return expect(a, err, http.StatusCreated)
		})
		if !ok {
			return
		}
		c.mu.Lock()
		c.handedIn = append(c.handedIn, promise{point, sum})
		c.mu.Unlock()
	}
}

func (c *crash) addDocuments(seed uint64, who *caller) {
	rnd := rand.New(rand.NewPCG(seed, uint64(time.Now().UnixNano())))
	for n := 0; !c.stop.Load(); n++ {
		id, sum, ok := c.upload(rnd, who, fmt.Sprintf("offerte %d", n))
		if !ok {
			return
		}
		var d struct {
			ID uuid.UUID `json:"id"`
		}
		key := dbtest.ID().String()
		ok = c.again("document", func() error {
			a, err := who.post(c.ctx(), "/dossiers/"+c.scene.Dossier.String()+"/documents/from-upload",
				`{"uploadId":"`+id+`","visible":true}`, "Idempotency-Key", key)
			if err := expect(a, err, http.StatusCreated); err != nil {
				return err
			}
			return json.Unmarshal(a.body, &d)
		})
		if !ok {
			return
		}
		c.mu.Lock()
		c.documents = append(c.documents, promise{d.ID, sum})
		c.mu.Unlock()
	}
}

// expect turns an answer into an error; a server that is starting or stopping is merely away.
func expect(a answer, err error, want int) error {
	switch {
	case err != nil:
		return err
	case a.status == http.StatusServiceUnavailable || a.status == http.StatusBadGateway:
		return fmt.Errorf("away: %d", a.status)
	case a.status != want:
		return fmt.Errorf("%w: %d %s", errRefused, a.status, a.body)
	}
	return nil
}

// askForLinks asks for a password link once for each customer: whether that came through is known only when it was acknowledged.
func (c *crash) askForLinks(who *caller, customers []dbtest.Customer) {
	for _, m := range customers {
		if c.stop.Load() {
			return
		}
		a, err := who.post(c.ctx(), "/auth/password-reset", `{"office":"`+c.scene.Slug+`","username":"`+m.Username+`"}`)
		c.mu.Lock()
		if err == nil && a.status == http.StatusAccepted {
			c.mailed[m.Username+"@example.org"] = true
		} else {
			c.maybe[m.Username+"@example.org"] = true
		}
		c.mu.Unlock()
		time.Sleep(500 * time.Millisecond)
	}
}

// invite invites each customer once, with the same key until it is acknowledged.
func (c *crash) invite(who *caller, customers []dbtest.Customer) {
	for _, m := range customers {
		if c.stop.Load() {
			return
		}
		key := dbtest.ID().String()
		ok := c.again("invite", func() error {
			a, err := who.post(c.ctx(), "/portal-members/"+m.Member.String()+"/invitation", `{}`, "Idempotency-Key", key)
			return expect(a, err, http.StatusAccepted)
		})
		if !ok {
			return
		}
		c.mu.Lock()
		c.mailed[m.Username+"@example.org"] = true
		c.mu.Unlock()
		time.Sleep(50 * time.Millisecond)
	}
}

// verifyPromises looks for everything that was acknowledged.
func (c *crash) verifyPromises(root *sql.DB) {
	for id, sum := range c.uploads {
		var got string
		if err := root.QueryRow(`SELECT encode(sha256, 'hex') FROM uploads WHERE id = $1 AND state IN ('ready', 'attached')`, id).Scan(&got); err != nil || got != sum {
			c.t.Errorf("upload %s: %q, %v", id, got, err)
		}
	}
	for _, p := range c.handedIn {
		var n int
		if err := root.QueryRow(`SELECT count(*) FROM submissions s JOIN documents d ON d.submission_id = s.id JOIN document_versions v ON v.document_id = d.id
			JOIN action_points a ON a.id = s.action_point_id WHERE a.id = $1 AND a.state = 'submitted' AND encode(v.sha256, 'hex') = $2`, p.subject, p.sum).Scan(&n); err != nil || n != 1 {
			c.t.Errorf("action point %s: %d, %v", p.subject, n, err)
		}
	}
	for _, p := range c.documents {
		var got string
		if err := root.QueryRow(`SELECT encode(sha256, 'hex') FROM document_versions WHERE document_id = $1`, p.subject).Scan(&got); err != nil || got != p.sum {
			c.t.Errorf("document %s: %q, %v", p.subject, got, err)
		}
	}
	var doubles int
	if err := root.QueryRow(`SELECT count(*) FROM (SELECT blob_key FROM document_versions GROUP BY 1 HAVING count(*) > 1) x`).Scan(&doubles); err != nil || doubles != 0 {
		c.t.Errorf("%d uploads became a document twice, %v", doubles, err)
	}
}

// verifyBytes compares the bytes of every document with the SHA-256 in its row, and asks the program to do the same.
func (c *crash) verifyBytes(root *sql.DB) {
	folders, err := filepath.Glob(filepath.Join(c.p.dir, "*", "documents"))
	if err != nil || len(folders) != 1 {
		c.t.Fatalf("no folder with documents: %v, %v", folders, err)
	}
	blobs, err := blobstore.Open(c.ctx(), filepath.Dir(folders[0]))
	if err != nil {
		c.t.Fatal(err)
	}
	defer blobs.Close()
	rows, err := root.Query(`SELECT blob_key, size, encode(sha256, 'hex') FROM document_versions`)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var key, want string
		var size int64
		if err := rows.Scan(&key, &size, &want); err != nil {
			c.t.Fatal(err)
		}
		n++
		r, err := blobs.Read(c.ctx(), key, 0, -1)
		if err != nil {
			c.t.Errorf("%s: a document without bytes: %v", key, err)
			continue
		}
		sum := sha256.New()
		got, err := io.Copy(sum, r)
		_ = r.Close()
		if err != nil || got != size || hex.EncodeToString(sum.Sum(nil)) != want {
			c.t.Errorf("%s: %d bytes of %d, %v", key, got, size, err)
		}
	}
	if err := rows.Err(); err != nil || n == 0 {
		c.t.Errorf("%d documents, %v", n, err)
	}
	verify := exec.Command(c.p.bin, "verify", "--bytes")
	verify.Env, verify.Dir = c.p.env, filepath.Join("..", "..")
	if out, err := verify.CombinedOutput(); err != nil {
		c.t.Errorf("voordeur verify: %v\n%s", err, out)
	}
}

// verifyMails waits until every mail has left. A task that died with its process is taken up again after a while; that while passes here.
func (c *crash) verifyMails(root *sql.DB, post *mailbox.Mailbox) {
	for began := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		var open int
		if err := root.QueryRow(`SELECT (SELECT count(*) FROM mails WHERE state = 'queued')
			+ (SELECT count(*) FROM river_job WHERE (kind LIKE '%mail%' OR kind LIKE '%reset%') AND state NOT IN ('completed', 'cancelled', 'discarded'))`).Scan(&open); err != nil {
			c.t.Fatal(err)
		}
		if open == 0 {
			break
		}
		if time.Since(began) > 2*time.Minute {
			c.t.Errorf("%d mails or tasks are still waiting", open)
			break
		}
		if _, err := root.Exec(`UPDATE river_job SET attempted_at = now() - interval '1 day' WHERE state = 'running' AND attempted_at < now() - interval '10 seconds'`); err != nil {
			c.t.Fatal(err)
		}
		if _, err := root.Exec(`UPDATE river_job SET scheduled_at = now() WHERE state = 'retryable'`); err != nil {
			c.t.Fatal(err)
		}
	}
	names := map[string]map[string]int{}
	for _, m := range post.All() {
		to := strings.Join(m.To, ",")
		if names[to] == nil {
			names[to] = map[string]int{}
		}
		names[to][m.MessageID]++
	}
	for to := range c.mailed {
		if len(names[to]) == 0 {
			c.t.Errorf("%s: the mail was promised and never sent", to)
		}
	}
	twice := 0
	for to, ids := range names {
		if len(ids) != 1 {
			c.t.Errorf("%s: one request, mails under %d names", to, len(ids))
		}
		if !c.mailed[to] && !c.maybe[to] {
			c.t.Errorf("%s: nobody asked", to)
		}
		for _, n := range ids {
			twice += n - 1
		}
	}
	c.t.Logf("%d mails received, %d of them a second time under the same Message-ID", len(post.All()), twice)
}
