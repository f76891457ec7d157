package api_test

import (
	"crypto/sha256"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"voordeur/api"
	"voordeur/api/apitest"
	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// The grid: every operation of the table × every kind of caller × whose rows the request names, three times: as it is, with
// row-level security off, and with the program's own permission checks off. Where the matrix shows that who may, can, the grid
// shows that nobody else can, in whatever way somebody is nobody else.

// fewest is how many cases the grid must have: a table that lost operations, or callers that went, would show.
const fewest = 20_000

// layers is what decides in one run of the grid.
type layers struct {
	name       string
	code, rows bool // the program's own permission checks; row-level security
}

var runs = []layers{{"both layers", true, true}, {"the program alone", true, false}, {"row-level security alone", false, true}}

// subject is a caller of the grid.
type subject struct {
	principal
	home   *world
	as     apitest.Caller
	who    uuid.UUID
	rights []authz.Permission // of a member
	header http.Header
	worth  int  // where it is not zero: the answer to whatever asks for a session
	stale  bool // the password was too long ago
	cross  bool // its browser does not say that the request is meant
	site   bool // or says that another site sent it
}

// site is where the grid plays: two clients of one office, and one of another.
type site struct {
	s        *apitest.Server
	here     *world
	beside   *world
	away     *world
	uploads  map[*world]map[web.Audience]uuid.UUID
	subjects []subject
}

func newSite(t *testing.T, l layers) *site {
	t.Helper()
	s := apitest.On(t, dbtest.Open(t), apitest.Options{WithoutPermissionChecks: !l.code})
	g := &site{s: s, here: furnish(t, s, dbtest.AddScene(t, s.Root)), away: furnish(t, s, dbtest.AddScene(t, s.Root)), uploads: map[*world]map[web.Audience]uuid.UUID{}}
	scene := dbtest.Scene{Organisation: g.here.Organisation, Slug: g.here.Slug, Employee: g.here.Employee}
	scene.Customer = dbtest.AddCustomer(t, s.Root, scene.Organisation, "Nora")
	scene.Dossier = dbtest.AddDossier(t, s.Root, scene.Organisation, scene.Employee, scene.Customer)
	scene.Product = dbtest.AddProduct(t, s.Root, scene.Organisation, scene.Dossier)
	scene.ActionPoint = dbtest.AddActionPoint(t, s.Root, scene.Organisation, scene.Dossier, "open")
	g.beside = furnish(t, s, scene)
	for _, w := range []*world{g.here, g.beside, g.away} {
		w.addPasskeys(t, s)
		g.uploads[w] = map[web.Audience]uuid.UUID{web.Office: w.upload(t, s, "employee_id", w.Employee, "ready"), web.Portal: w.upload(t, s, "member_id", w.Member, "ready")}
	}
	g.addSubjects(t)
	if !l.rows {
		exec(t, s, `DO $$ DECLARE t regclass; BEGIN
			FOR t IN SELECT oid FROM pg_class WHERE relrowsecurity AND relkind IN ('r', 'p') LOOP EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', t); END LOOP;
		END $$`)
	}
	return g
}

// addSubjects gives everybody who might call a session, a key, or what used to be one.
func (g *site) addSubjects(t *testing.T) {
	t.Helper()
	s, here, now := g.s, g.here, g.s.Clock.Now()
	add := func(x subject) { g.subjects = append(g.subjects, x) }
	end := func(name string, home *world, audience web.Audience, change string) {
		who := home.Member
		if audience == web.Office {
			who = home.employeeOf["admin"]
		}
		c := s.Session(t, audience, home.Organisation, who, false)
		hash := sha256.Sum256([]byte(c.Cookie.Value))
		exec(t, s, `UPDATE sessions SET `+change+` WHERE token_hash = $2 AND $1::timestamptz IS NOT NULL`, now, hash[:])
		add(subject{principal: principal{name: name, audience: audience}, home: home, as: c, worth: http.StatusUnauthorized})
	}
	member := func(name string, home *world, permissions []authz.Permission, change string) subject {
		_, id, _ := dbtest.AddMember(t, s.Root, home.Organisation, home.Client, "Mees")
		exec(t, s, `INSERT INTO dossier_members (organisation_id, dossier_id, member_id) VALUES ($1, $2, $3)`, home.Organisation, home.Dossier, id)
		exec(t, s, `UPDATE portal_members SET permissions = $2 WHERE id = $1`, id, permissions)
		x := subject{principal: principal{name: name, audience: web.Portal}, home: home, who: id, rights: permissions, as: s.Session(t, web.Portal, home.Organisation, id, false)}
		if change != "" {
			exec(t, s, `UPDATE portal_members SET `+change+` WHERE id = $1`, id)
			x.worth = http.StatusUnauthorized
		}
		return x
	}
	employee := func(name, role string, home *world, change string) subject {
		id := dbtest.AddEmployee(t, s.Root, home.Organisation, role)
		home.passkeyOf[id] = addPasskey(t, s, home.Organisation, "employee_id", id)
		x := subject{principal: principal{name: name, audience: web.Office, role: role}, home: home, who: id, as: s.Session(t, web.Office, home.Organisation, id, false)}
		if change != "" {
			exec(t, s, `UPDATE employees SET `+change+` WHERE id = $1`, id)
			x.worth = http.StatusUnauthorized
		}
		return x
	}
	program := func(name string, home *world, scopes []string, change string, worth int) {
		c, id := s.Program(t, home.Organisation, home.Employee, scopes...)
		if change != "" {
			exec(t, s, `UPDATE api_clients SET `+change+` WHERE id = $1`, id)
		}
		add(subject{principal: principal{name: name, audience: web.Office, program: true, scopes: scopes}, home: home, who: id, as: c, worth: worth})
	}
	app := func(name string, home *world, scopes []authz.Permission, change string) {
		all := make([]string, len(scopes))
		for i, p := range scopes {
			all[i] = string(p)
		}
		c, id := s.App(t, home.Organisation, home.Employee, home.Member, all...)
		x := subject{principal: principal{name: name, audience: web.Portal, program: true}, home: home, who: home.Member, rights: scopes, as: c}
		if change != "" {
			exec(t, s, change, id)
			x.worth = http.StatusUnauthorized
		}
		add(x)
	}
	view := func(name string, home *world, change string) {
		c := s.View(t, home.Organisation, home.Member, home.employeeOf["admin"])
		x := subject{principal: principal{name: name, audience: web.Portal, view: true}, home: home, who: home.Member, rights: authz.Portal, as: c}
		if change != "" {
			hash := sha256.Sum256([]byte(c.Cookie.Value))
			exec(t, s, `UPDATE portal_views SET `+change+` WHERE token_hash = $1`, hash[:])
			x.worth = http.StatusUnauthorized
		}
		add(x)
	}

	add(subject{principal: principal{name: "nobody"}, worth: http.StatusUnauthorized})
	for _, cookie := range []string{web.PortalCookie, web.OfficeCookie, web.ViewCookie} {
		token := strings.Repeat("x", 43)
		if cookie == web.ViewCookie {
			token = "view." + token
		}
		add(subject{principal: principal{name: "an invented " + cookie}, as: apitest.Caller{Cookie: &http.Cookie{Name: cookie, Value: token}}, worth: http.StatusUnauthorized})
	}
	for _, key := range []string{"no-such-key", strings.Repeat("e30.", 2) + "e30"} {
		add(subject{principal: principal{name: "an invented key " + key, program: true}, as: apitest.Caller{Bearer: key}, worth: http.StatusUnauthorized})
	}
	for _, audience := range []web.Audience{web.Portal, web.Office} {
		end("signed out, "+string(audience), here, audience, `ended_at = $1`)
		end("session past its time, "+string(audience), here, audience, `expires_at = $1`)
		end("session left alone, "+string(audience), here, audience, `last_seen_at = $1::timestamptz - interval '61 minutes'`)
	}
	half := func(name string, audience web.Audience, who uuid.UUID) {
		add(subject{principal: principal{name: name, audience: audience, half: true, role: "admin"}, home: here, who: who, as: s.Session(t, audience, here.Organisation, who, true)})
	}
	half("employee half-way", web.Office, here.employeeOf["admin"])
	half("customer half-way", web.Portal, here.Member)
	swap := func(from web.Audience, who uuid.UUID, cookie string) {
		c := s.Session(t, from, here.Organisation, who, false)
		c.Cookie.Name = cookie
		add(subject{principal: principal{name: "a session of the " + string(from) + " in the other cookie"}, as: c, worth: http.StatusUnauthorized})
	}
	swap(web.Office, here.employeeOf["admin"], web.PortalCookie)
	swap(web.Portal, here.Member, web.OfficeCookie)

	for _, home := range []*world{here, g.beside, g.away} {
		add(subject{principal: principal{name: "the customer of " + g.nameOf(home), audience: web.Portal}, home: home, who: home.Member, rights: authz.Portal, as: s.Session(t, web.Portal, home.Organisation, home.Member, false)})
		view("who looks along at "+g.nameOf(home), home, "")
	}
	for _, p := range authz.Presets {
		add(member("member with the preset "+string(p), here, p.Permissions(), ""))
	}
	add(member("member without rights", here, []authz.Permission{authz.PortalMe}, ""))
	add(member("member who only hands in", here, []authz.Permission{authz.PortalMe, authz.PortalSubmissionCreate}, ""))
	add(member("blocked member", here, authz.Portal, `blocked_at = now()`))
	add(member("archived member", here, authz.Portal, `archived_at = now()`))
	view("a look that was ended", here, `ended_at = now(), ended_why = 'stopped'`)
	view("a look at who was blocked since", g.beside, `member_id = '`+member("blocked, looked at", g.beside, authz.Portal, `blocked_at = now()`).who.String()+`'`)
	view("a look by who signed out since", here, `office_session = '`+signedOut(t, s, here).String()+`'`)
	view("a look past its time", here, `expires_at = now() - interval '1 minute'`)
	for _, role := range authz.Roles {
		for _, home := range []*world{here, g.away} {
			add(employee(string(role)+" of "+g.nameOf(home), string(role), home, ""))
		}
	}
	add(employee("blocked employee", "admin", here, `blocked_at = now()`))
	add(employee("employee who left", "admin", here, `archived_at = now()`))
	old := employee("admin whose password was long ago", "admin", here, "")
	exec(t, s, `UPDATE sessions SET verified_at = $1::timestamptz - interval '15 minutes' WHERE employee_id = $2`, now, old.who)
	old.stale = true
	add(old)
	for _, x := range []subject{employee("admin, without the header", "admin", here, ""), member("customer, without the header", here, authz.Portal, "")} {
		x.header, x.cross = http.Header{"X-Voordeur": {""}}, true
		add(x)
	}
	for _, x := range []subject{employee("admin, sent by another site", "admin", here, ""), member("customer, sent by another site", here, authz.Portal, "")} {
		x.header, x.site = http.Header{"Sec-Fetch-Site": {"cross-site"}}, true
		add(x)
	}
	everything := []authz.Permission{authz.PortalDossierRead, authz.PortalDocumentRead, authz.PortalSubmissionCreate}
	for _, home := range []*world{here, g.beside, g.away} {
		app("app of the customer of "+g.nameOf(home), home, everything, "")
	}
	app("app without scopes", here, nil, "")
	app("app that was withdrawn", here, everything, `UPDATE app_consents SET ended_at = now() WHERE client_id = $1`)
	app("app that was revoked", here, everything, `UPDATE api_clients SET revoked_at = now() WHERE id = $1`)
	all := every(authz.OfficeScopes)
	program("program", here, all, "", 0)
	program("program of the other office", g.away, all, "", 0)
	program("program without scopes", here, nil, "", 0)
	program("program that reads", here, []string{string(authz.DossierRead), string(authz.ClientRead)}, "", 0)
	program("revoked program", here, all, `revoked_at = now()`, http.StatusUnauthorized)
	program("program past its time", here, all, `expires_at = now() - interval '1 minute'`, http.StatusUnauthorized)
	program("program at another address", here, all, `networks = '{198.51.100.0/24}'`, http.StatusForbidden)
}

// signedOut is a session that an employee ended.
func signedOut(t *testing.T, s *apitest.Server, w *world) uuid.UUID {
	t.Helper()
	c := s.Session(t, web.Office, w.Organisation, w.employeeOf["admin"], false)
	hash := sha256.Sum256([]byte(c.Cookie.Value))
	var id uuid.UUID
	if err := s.Root.QueryRow(`UPDATE sessions SET ended_at = now() WHERE token_hash = $1 RETURNING id`, hash[:]).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func (g *site) nameOf(w *world) string {
	return map[*world]string{g.here: "this office", g.beside: "another client", g.away: "the other office"}[w]
}

// object is whose rows a request names.
type object struct {
	name  string
	owner *world
	id    func() string // what takes the place of every id in the address, where nobody's rows are named
}

func (g *site) objects() []object {
	return []object{
		{name: "of this client", owner: g.here},
		{name: "of another client", owner: g.beside},
		{name: "of another office", owner: g.away},
		{name: "that does not exist", owner: g.here, id: func() string { return dbtest.ID().String() }},
		{name: "that cannot exist", owner: g.here, id: func() string { return "no-id" }},
	}
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// request is what x sends to op about o.
func (g *site) request(t *testing.T, op web.Op, x subject, o object) apitest.Request {
	t.Helper()
	w := *o.owner
	w.who = map[string]uuid.UUID{}
	if x.as.Cookie != nil && x.role != "" && w.Organisation == x.home.Organisation {
		w.who[x.as.Cookie.Value] = x.who // of passkeys everybody has one's own
	} else if x.as.Cookie != nil {
		w.who[x.as.Cookie.Value] = w.employeeOf["back_office"]
	}
	w.passkeyOf = o.owner.passkeyOf
	r := request(t, &w, op, x.as, g.uploads[o.owner][op.Audience])
	if o.id != nil {
		address, query, asks := strings.Cut(r.Do, "?")
		r.Do = anID.ReplaceAllStringFunc(address, func(string) string { return o.id() })
		if asks {
			r.Do += "?" + query
		}
	}
	for name, v := range x.header {
		r.Header[name] = v
	}
	return r
}

// shows reports whether a customer reads there what is in the dossier.
func (w *world) shows(body string) bool {
	return slices.ContainsFunc([]uuid.UUID{w.Dossier, w.Product, w.ActionPoint, w.submitted, w.approved, w.document}, func(id uuid.UUID) bool { return strings.Contains(body, id.String()) })
}

// personal operations are about one's own rows: not even who shares everything else may name them.
func personal(op web.Op) bool {
	return strings.Contains(op.Path, ":sessionId") || strings.Contains(op.Path, ":passkeyId") || strings.Contains(op.Path, ":uploadId") || strings.Contains(op.Path, ":appId")
}

// reads: nothing is changed by it, but that somebody looked.
func reads(op web.Op) bool {
	return slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, op.Method)
}

// may reports whether x holds what op needs.
func (x subject) may(op web.Op) bool {
	return x.holds(op.Need) || op.Or != "" && x.holds(op.Or)
}

func (x subject) holds(need authz.Permission) bool {
	if x.audience == web.Portal {
		return slices.Contains(x.rights, need)
	}
	return holds(x.principal, need)
}

// door is the refusal of the program itself, 0: none, and whether a permission decides, which can be switched off.
func (x subject) door(op web.Op) (int, bool) {
	switch {
	case op.Access == web.Anyone:
		return 0, false
	case !reads(op) && (x.site || x.cross && op.Audience == x.audience):
		return http.StatusForbidden, false
	case x.worth != 0 && (x.worth == http.StatusUnauthorized || x.audience == op.Audience):
		return x.worth, false
	case x.audience != op.Audience:
		return http.StatusUnauthorized, false
	case x.program && !op.Programs():
		return http.StatusForbidden, false
	case x.view && !op.OpenToViews(), !x.view && op.View == web.ViewOnly:
		return http.StatusForbidden, true
	case op.Access == web.AnySession:
		return 0, false
	case x.half != (op.Access == web.HalfSession):
		return http.StatusUnauthorized, false
	case x.half:
		return 0, false
	case op.Access == web.FullSession && !x.may(op):
		return http.StatusForbidden, true
	case op.StepUp && x.stale:
		return http.StatusForbidden, false
	}
	return 0, false
}

// shares reports whether x may see rows of w: an office sees all of its own, a customer those of its client.
func (x subject) shares(op web.Op, w *world) bool {
	if x.home == nil || op.Access != web.FullSession {
		return true
	}
	if personal(op) && x.audience == web.Portal {
		return x.who == w.Member
	}
	if x.audience == web.Office {
		return x.home.Organisation == w.Organisation
	}
	return x.home == w
}

// unseen lists ids that x must never read.
func (g *site) unseen(x subject) []string {
	var ids []string
	for _, w := range []*world{g.here, g.beside, g.away} {
		if x.home == nil || (x.audience == web.Portal && x.home != w) || x.home.Organisation != w.Organisation {
			ids = append(ids, w.foreign()...)
		}
	}
	return ids
}

// verdict is what the layers that are on make of a case.
type verdict int

const (
	notTheirs verdict = iota // a layer that is off decides it
	refuse
	find      // nothing: 404
	stay      // refused for any reason
	blind     // refused, or it shows nothing
	works     // a read
	leftAlone // allowed, and would change something: TestMatrixAllows does it
)

func (g *site) verdict(l layers, op web.Op, x subject, o object) (verdict, int) {
	status, asks := x.door(op)
	named := names(op, apitest.Request{Do: " "}, o.owner) || op.ID == "listDocuments" && op.Audience == web.Portal
	switch {
	case status != 0 && (!asks || l.code):
		return refuse, status
	case op.Access == web.Anyone || op.Access == web.HalfSession:
		if reads(op) {
			return works, 0
		}
		return leftAlone, 0
	case x.view && !reads(op) && op.ID != "endView": // PostgreSQL opens it nothing that could be written in
		return stay, 0
	case named && o.id != nil && strings.Contains(op.Path, ":"):
		if o.name == "that cannot exist" || asks || op.Need != "" && !x.holds(op.Need) {
			return stay, 0
		}
		return find, http.StatusNotFound
	case named && !x.shares(op, o.owner):
		switch {
		case !l.rows:
			return notTheirs, 0
		case asks || op.Need != "" && !x.holds(op.Need): // comes in with less, and is told so
			return stay, 0
		}
		return find, http.StatusNotFound
	case asks && x.audience == web.Portal && !x.view && op.View != web.ViewOnly && reads(op): // what a customer may see, the database decides row by row
		return blind, 0
	case asks:
		return notTheirs, 0
	case !reads(op):
		return leftAlone, 0
	case personal(op) || !l.rows || op.Rate == web.RateStream:
		return leftAlone, 0
	}
	return works, 0
}

// TestViewsOnlyRead: the program by itself opens nothing that writes to who looks along, but the end of it, though the database would
// not either.
func TestViewsOnlyRead(t *testing.T) {
	t.Parallel()
	for _, op := range api.Operations() {
		if op.OpenToViews() && !reads(op) && op.ID != "endView" {
			t.Errorf("%s %s is open to who looks along", op.Method, op.ID)
		}
	}
}

// TestGrid runs the grid three times. What is refused has changed nothing in any office.
func TestGrid(t *testing.T) {
	t.Parallel()
	for _, l := range runs {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			g := newSite(t, l)
			ops := api.Operations()
			var turnedAway, read, apart atomic.Int64
			covered := map[string]bool{}
			var seen sync.Mutex
			cover := func(op web.Op) {
				seen.Lock()
				defer seen.Unlock()
				covered[string(op.Audience)+" "+op.ID] = true
			}
			before := fingerprint(t, g.s, g.here) + fingerprint(t, g.s, g.away)
			each := func(try func(op web.Op, x subject, o object)) {
				queue := make(chan subject)
				var crowd sync.WaitGroup
				for range 2 * runtime.GOMAXPROCS(0) {
					crowd.Go(func() {
						for x := range queue {
							for _, op := range ops {
								for _, o := range g.objects() {
									if o.owner != g.here && !names(op, apitest.Request{Do: " "}, o.owner) && op.ID != "listDocuments" || o.id != nil && !strings.Contains(op.Path, ":") {
										continue // it names nobody's rows
									}
									try(op, x, o)
								}
							}
						}
					})
				}
				for _, x := range g.subjects {
					queue <- x
				}
				close(queue)
				crowd.Wait()
			}
			each(func(op web.Op, x subject, o object) {
				v, want := g.verdict(l, op, x, o)
				if v == notTheirs || v == leftAlone || v == works {
					if v != works {
						apart.Add(1)
					}
					return
				}
				turnedAway.Add(1)
				cover(op)
				rec := g.s.Send(t, g.request(t, op, x, o))
				ok := rec.Code == want || v == stay && rec.Code >= 400 && rec.Code < 500
				switch {
				case ok:
				case v == blind:
					ok = rec.Code >= 400 || !x.home.shows(rec.Body.String())
				case v == find: // a row in the body that the caller cannot see is a bad value rather than a missing address
					ok = refused(op, want, rec.Code)
				case op.InBatch && o.name == "that cannot exist": // who asks is found out with the row, and there can be none
					ok = rec.Code == http.StatusNotFound
				}
				if !ok {
					t.Errorf("%s %s as %s, rows %s: got %d, want %d: %s", op.Audience, op.ID, x.name, o.name, rec.Code, want, rec.Body)
				}
			})
			if after := fingerprint(t, g.s, g.here) + fingerprint(t, g.s, g.away); after != before {
				t.Errorf("what was refused changed something:\n%s\nwas\n%s", after, before)
			}
			each(func(op web.Op, x subject, o object) {
				if v, _ := g.verdict(l, op, x, o); v != works {
					return
				}
				read.Add(1)
				cover(op)
				r := g.request(t, op, x, o)
				rec := g.s.Send(t, r)
				// There is none yet, or it names an app of another office.
				nothing := op.Access == web.Anyone || slices.Contains([]string{"getOrganisationLogo", "getOrganisationHeaderPhoto", "getAppRequest"}, op.ID)
				less := op.Need != "" && op.Access == web.FullSession && !x.holds(op.Need) // comes in with less, which may be too little
				if rec.Code >= 300 && !nothing && (!less || rec.Code != http.StatusForbidden) {
					t.Errorf("%s %s as %s: got %d: %s", op.Audience, op.ID, x.name, rec.Code, rec.Body)
				}
				if rec.Code < 400 {
					body := rec.Body.String()
					for _, id := range g.unseen(x) {
						if strings.Contains(body, id) {
							t.Errorf("%s %s as %s, rows %s: the answer names %s", op.Audience, op.ID, x.name, o.name, id)
						}
					}
				}
			})
			for _, op := range ops {
				if !covered[string(op.Audience)+" "+op.ID] && (op.Access != web.Anyone || reads(op)) { // what anyone may change, TestMatrixAllows tries
					t.Errorf("%s %s has no case", op.Audience, op.ID)
				}
			}
			cases := turnedAway.Load() + read.Load()
			t.Logf("%s: %d cases of %d operations × %d callers × whose rows: %d refused, %d reads; besides %d that this run does not decide",
				l.name, cases, len(ops), len(g.subjects), turnedAway.Load(), read.Load(), apart.Load())
			if cases < fewest {
				t.Errorf("%d cases, want at least %d", cases, fewest)
			}
		})
	}
}
