package api_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/api"
	"voordeur/api/apitest"
	"voordeur/internal/authz"
	"voordeur/internal/dbtest"
	"voordeur/internal/web"
)

// The authorisation matrix: every operation of the table × everybody who might call it. What is expected follows from the
// table alone, so an operation that is added is in the matrix without anybody thinking of it.

// relation is what a caller has to do with the rows that the operation names.
type relation int

const (
	stranger relation = iota // of another office, or of another client of the same office
	own
)

// principal is one column of the matrix.
type principal struct {
	name     string
	audience web.Audience // of the session; empty: none
	half     bool
	role     string // of an employee
	relation relation
	program  bool
	view     bool     // an employee who looks along as the customer
	scopes   []string // permissions of a program
}

// every is what a program can be given.
func every(scopes []authz.Scope) []string {
	all := make([]string, len(scopes))
	for i, s := range scopes {
		all[i] = string(s.Permission)
	}
	return all
}

var principals = []principal{
	{name: "nobody"},
	{name: "half session", audience: web.Office, half: true, role: "admin", relation: own},
	{name: "customer half-way", audience: web.Portal, half: true, relation: own},
	{name: "customer of the other office", audience: web.Portal},
	{name: "customer of another client", audience: web.Portal},
	{name: "employee of the other office", audience: web.Office, role: "admin"},
	{name: "viewer", audience: web.Office, role: "viewer", relation: own},
	{name: "back office", audience: web.Office, role: "back_office", relation: own},
	{name: "adviser", audience: web.Office, role: "adviser", relation: own},
	{name: "admin", audience: web.Office, role: "admin", relation: own},
	{name: "the customer", audience: web.Portal, relation: own},
	{name: "program of the other office", audience: web.Office, program: true, scopes: every(authz.OfficeScopes)},
	{name: "program without scopes", audience: web.Office, program: true, relation: own},
	{name: "program that reads", audience: web.Office, program: true, scopes: []string{string(authz.DossierRead), string(authz.ClientRead)}, relation: own},
	{name: "app of a customer of the other office", audience: web.Portal, program: true, scopes: every(authz.PortalScopes)},
	{name: "app of a customer of another client", audience: web.Portal, program: true, scopes: every(authz.PortalScopes)},
	{name: "app without scopes", audience: web.Portal, program: true, relation: own},
	{name: "app", audience: web.Portal, program: true, scopes: every(authz.PortalScopes), relation: own},
	{name: "program", audience: web.Office, program: true, scopes: every(authz.OfficeScopes), relation: own},
	{name: "who looks along", audience: web.Portal, relation: own, view: true},
}

// world is one office with a customer, somebody else's customer, and the same again in another office.
type world struct {
	dbtest.Scene
	neighbour  dbtest.Customer // another client of the same office
	elsewhere  dbtest.Scene    // another office
	submitted  uuid.UUID       // an action point with something to decide about
	approved   uuid.UUID
	document   uuid.UUID
	closed     uuid.UUID               // a dossier
	newContact uuid.UUID               // without a login
	twin       uuid.UUID               // another login of the customer
	partner    uuid.UUID               // the second applicant, which is that contact
	session    uuid.UUID               // of the customer, on another device
	desk       uuid.UUID               // of an employee, likewise
	passkey    uuid.UUID               // of the customer
	passkeyOf  map[uuid.UUID]uuid.UUID // of each employee
	who        map[string]uuid.UUID    // by session
	guarded    uuid.UUID               // a member with a second factor
	resetting  uuid.UUID               // one that is losing it
	test       uuid.UUID               // a test client of the whole office
	employeeOf map[string]uuid.UUID
	program    uuid.UUID // that the office let in
	app        uuid.UUID // that the customer let in
	programs   map[string]apitest.Caller
	programIDs map[string]uuid.UUID
}

func newWorld(t *testing.T, s *apitest.Server) *world {
	t.Helper()
	w := furnish(t, s, dbtest.AddScene(t, s.Root))
	w.elsewhere = dbtest.AddScene(t, s.Root)
	w.neighbour = dbtest.AddCustomer(t, s.Root, w.Organisation, "Nora")
	dbtest.AddDossier(t, s.Root, w.Organisation, w.Employee, w.neighbour)
	w.programs, w.programIDs = map[string]apitest.Caller{}, map[string]uuid.UUID{}
	for _, p := range principals {
		office, by, member := w.Organisation, w.Employee, w.Member
		switch {
		case p.name == "app of a customer of another client":
			member = w.neighbour.Member
		case p.relation == stranger:
			office, by, member = w.elsewhere.Organisation, w.elsewhere.Employee, w.elsewhere.Member
		}
		switch {
		case p.program && p.audience == web.Portal:
			w.programs[p.name], _ = s.App(t, office, by, member, p.scopes...)
			w.programIDs[p.name] = member
		case p.program:
			w.programs[p.name], w.programIDs[p.name] = s.Program(t, office, by, p.scopes...)
		}
	}
	return w
}

// furnish adds to a scene what operations work on.
func furnish(t *testing.T, s *apitest.Server, scene dbtest.Scene) *world {
	t.Helper()
	w := &world{Scene: scene, employeeOf: map[string]uuid.UUID{}, passkeyOf: map[uuid.UUID]uuid.UUID{}, who: map[string]uuid.UUID{}}
	w.submitted = dbtest.AddActionPoint(t, s.Root, w.Organisation, w.Dossier, "submitted")
	exec(t, s, `INSERT INTO submissions (organisation_id, id, dossier_id, action_point_id, round, member_id, contact_id, created_at)
		VALUES ($1, $2, $3, $4, 1, $5, $6, now())`, w.Organisation, dbtest.ID(), w.Dossier, w.submitted, w.Member, w.Contact)
	w.approved = dbtest.AddActionPoint(t, s.Root, w.Organisation, w.Dossier, "approved")
	w.document = dbtest.AddDocument(t, s.Root, w.Organisation, w.Dossier, true)
	store(t, s, "test/"+w.document.String())
	w.closed = dbtest.AddDossier(t, s.Root, w.Organisation, w.Employee, w.Customer)
	exec(t, s, `UPDATE dossiers SET status = 'closed', closed_at = now() WHERE id = $1`, w.closed)
	w.newContact = dbtest.ID()
	exec(t, s, `INSERT INTO contacts (organisation_id, id, client_id, first_name, last_name, salutation, email, created_at, updated_at)
		VALUES ($1, $2, $3, 'Ruben', 'Timmer', '', 'ruben@example.org', now(), now())`, w.Organisation, w.newContact, w.Client)
	// The neighbour's login has another version: a neighbour who changes what is about oneself changes nothing here.
	exec(t, s, `UPDATE portal_members SET version = 7 WHERE id = $1`, w.Member)
	w.test = dbtest.ID()
	exec(t, s, `INSERT INTO clients (organisation_id, id, name, kind, is_test, created_at, updated_at) VALUES ($1, $2, 'Testklant', 'person', true, now(), now())`,
		w.Organisation, w.test)
	w.twin = dbtest.ID()
	exec(t, s, `INSERT INTO portal_members (organisation_id, id, client_id, contact_id, username, username_folded, permissions, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $5, '{portal.me}', now(), now())`, w.Organisation, w.twin, w.Client, w.Contact, "eva."+w.twin.String())
	w.partner = dbtest.ID()
	exec(t, s, `INSERT INTO applicants (organisation_id, id, dossier_id, contact_id, position) VALUES ($1, $2, $3, $4, 2)`, w.Organisation, w.partner, w.Dossier, w.newContact)
	w.session = dbtest.ID()
	exec(t, s, `INSERT INTO sessions (organisation_id, id, token_hash, audience, member_id, stage, created_at, last_seen_at, expires_at)
		VALUES ($1, $2, sha256($3), 'portal', $4, 'full', now(), now(), now() + interval '12 hours')`, w.Organisation, w.session, w.session[:], w.Member)
	w.desk = dbtest.ID()
	exec(t, s, `INSERT INTO sessions (organisation_id, id, token_hash, audience, employee_id, stage, created_at, last_seen_at, expires_at)
		VALUES ($1, $2, sha256($3), 'office', $4, 'full', now(), now(), now() + interval '12 hours')`, w.Organisation, w.desk, w.desk[:], w.Employee)
	for i, id := range []*uuid.UUID{&w.guarded, &w.resetting} {
		*id = dbtest.AddCustomer(t, s.Root, w.Organisation, "Tess").Member
		exec(t, s, `INSERT INTO second_factors (organisation_id, id, member_id, secret, created_at, confirmed_at) VALUES ($1, $2, $3, 'x', now(), now())`, w.Organisation, dbtest.ID(), *id)
		if i == 1 {
			exec(t, s, `INSERT INTO factor_resets (organisation_id, id, member_id, requested_by, requested_at, due_at, token_hash)
				VALUES ($1, $2, $3, $4, now(), now() + interval '1 day', sha256($5))`, w.Organisation, dbtest.ID(), *id, w.Employee, id[:])
		}
	}
	_, w.app = s.App(t, w.Organisation, w.Employee, w.Member, "portal.dossier:read")
	_, w.program = s.Program(t, w.Organisation, w.Employee, "dossier:read")
	for _, role := range []string{"admin", "adviser", "back_office", "viewer"} {
		w.employeeOf[role] = dbtest.AddEmployee(t, s.Root, w.Organisation, role)
	}
	return w
}

func exec(t *testing.T, s *apitest.Server, query string, args ...any) {
	t.Helper()
	if _, err := s.Root.Exec(query, args...); err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
}

// addPasskeys gives the customer and every employee one, and the employees an app besides: it is not the last that they have. Who is
// half-way may set nothing up then.
func (w *world) addPasskeys(t *testing.T, s *apitest.Server) {
	t.Helper()
	w.passkey = addPasskey(t, s, w.Organisation, "member_id", w.Member)
	give := func(organisation, who uuid.UUID) {
		w.passkeyOf[who] = addPasskey(t, s, organisation, "employee_id", who)
		exec(t, s, `UPDATE employees SET totp_secret = 'x' WHERE id = $1`, who)
	}
	if w.elsewhere.Employee != uuid.Nil {
		give(w.elsewhere.Organisation, w.elsewhere.Employee)
	}
	for _, who := range w.employeeOf {
		give(w.Organisation, who)
	}
}

// addPasskey adds a passkey that no authenticator has.
func addPasskey(t *testing.T, s *apitest.Server, organisation uuid.UUID, column string, owner uuid.UUID) uuid.UUID {
	t.Helper()
	id := dbtest.ID()
	exec(t, s, `INSERT INTO passkeys (organisation_id, id, `+column+`, user_handle, credential_id, public_key, sign_count, model, backup_eligible, backed_up, name, created_at)
		VALUES ($1, $2, $3, sha256($4), $4, 'x', 0, '00000000-0000-0000-0000-000000000000', false, false, 'Telefoon', now())`, organisation, id, owner, id[:])
	return id
}

// store puts the ten bytes that fixtures speak of under key.
func store(t *testing.T, s *apitest.Server, key string) {
	t.Helper()
	out, err := s.Blobs.Create(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write([]byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	if err := out.Commit(); err != nil {
		t.Fatal(err)
	}
}

// asked is what an app asks.
type asked struct{ url.Values }

func (w *world) asking() asked {
	return asked{url.Values{
		"client_id": {w.app.String()}, "response_type": {"code"}, "redirect_uri": {"https://app.example/back"}, "code_challenge": {strings.Repeat("x", 42) + "A"},
		"code_challenge_method": {"S256"}, "scope": {"portal.dossiers:read"}, "state": {"x"},
	}}
}

func (a asked) body(responseType string) map[string]string {
	return map[string]string{
		"clientIdentifier": a.Get("client_id"), "responseType": responseType, "redirectUri": a.Get("redirect_uri"), "codeChallenge": a.Get("code_challenge"),
		"codeChallengeMethod": "S256", "scope": a.Get("scope"), "state": "x", "resource": "",
	}
}

// upload adds a complete upload of who calls, which nobody else may use.
func (w *world) upload(t *testing.T, s *apitest.Server, column string, owner uuid.UUID, state string) uuid.UUID {
	t.Helper()
	id := dbtest.ID()
	exec(t, s, `INSERT INTO uploads (organisation_id, id, `+column+`, filename, size, received, media_type, sha256, blob_key, state, created_at, expires_at)
		VALUES ($1, $2, $3, 'loonstrook.pdf', 10, CASE WHEN $5 = 'ready' THEN 10 ELSE 0 END, 'application/pdf', sha256('x'), $4, $5, now(), now() + interval '1 day')`,
		w.Organisation, id, owner, "test/"+id.String(), state)
	return id
}

// caller opens a session for a principal.
func (w *world) caller(t *testing.T, s *apitest.Server, p principal) (apitest.Caller, uuid.UUID) {
	t.Helper()
	c, who := w.open(t, s, p)
	if c.Cookie != nil {
		w.who[c.Cookie.Value] = who
	}
	return c, who
}

func (w *world) open(t *testing.T, s *apitest.Server, p principal) (apitest.Caller, uuid.UUID) {
	t.Helper()
	switch {
	case p.audience == "":
		return apitest.Caller{}, uuid.Nil
	case p.program:
		return w.programs[p.name], w.programIDs[p.name]
	case p.name == "customer of the other office":
		return s.Session(t, web.Portal, w.elsewhere.Organisation, w.elsewhere.Member, false), w.elsewhere.Member
	case p.name == "customer of another client":
		return s.Session(t, web.Portal, w.Organisation, w.neighbour.Member, false), w.neighbour.Member
	case p.name == "employee of the other office":
		return s.Session(t, web.Office, w.elsewhere.Organisation, w.elsewhere.Employee, false), w.elsewhere.Employee
	case p.view:
		return s.View(t, w.Organisation, w.Member, w.employeeOf["admin"]), w.Member
	case p.audience == web.Portal:
		return s.Session(t, web.Portal, w.Organisation, w.Member, p.half), w.Member
	default:
		who := w.employeeOf[p.role]
		return s.Session(t, web.Office, w.Organisation, who, p.half), who
	}
}

// sample is what an operation is called with.
type sample struct {
	path   map[string]uuid.UUID // instead of the usual row
	query  string
	body   any
	worth  any // of an operation that may ask for a step-up: the body for which it does
	header http.Header
}

// samples returns the requests for the operations that need more than a path. Everything in them belongs to w.
func samples(t *testing.T, w *world, upload uuid.UUID) map[string]sample {
	t.Helper()
	type m = map[string]any
	raw := http.Header{"Tus-Resumable": {"1.0.0"}}
	with := func(h http.Header, pairs ...string) http.Header {
		h = h.Clone()
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	form := "--edge\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nOfferte\r\n--edge\r\nContent-Disposition: form-data; name=\"visible\"\r\n\r\ntrue\r\n" +
		"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"offerte.pdf\"\r\nContent-Type: application/pdf\r\n\r\n" + pdf + "\r\n--edge--\r\n"
	tus := with(raw, "Upload-Length", "10", "Upload-Metadata", "filename bG9vbnN0cm9vay5wZGY=", "Content-Type", "")
	chunk := with(raw, "Upload-Offset", "0", "Content-Type", "application/offset+octet-stream")
	answer := m{"credential": "eA", "clientData": "eA", "authenticatorData": "eA", "signature": "eA", "userHandle": "eA"}
	return map[string]sample{
		"office updateActionPoint":        {body: m{"title": "Loonstrook"}},
		"office approveActionPoint":       {path: map[string]uuid.UUID{"actionPointId": w.submitted}},
		"office rejectActionPoint":        {path: map[string]uuid.UUID{"actionPointId": w.submitted}, body: m{"code": "unreadable", "reason": "Niet leesbaar."}},
		"office requestActionPoint":       {path: map[string]uuid.UUID{"actionPointId": w.approved}, body: m{"reason": "Graag een nieuwe."}},
		"office login":                    {body: m{"email": "nobody@example.org", "password": "wrong-password-entirely"}},
		"office stepUp":                   {body: m{"password": "wrong-password-entirely"}},
		"office startSecondFactorReset":   {path: map[string]uuid.UUID{"memberId": w.guarded}},
		"office stopSecondFactorReset":    {path: map[string]uuid.UUID{"memberId": w.resetting}},
		"portal stopSecondFactorReset":    {body: m{"token": strings.Repeat("x", 43)}},
		"portal verifySecondFactor":       {body: m{"code": "000000"}},
		"portal startSecondFactor":        {body: m{}},
		"portal confirmSecondFactor":      {body: m{"code": "000000"}},
		"portal removeSecondFactor":       {body: m{"code": "000000"}},
		"portal renewRecoveryCodes":       {body: m{"code": "000000"}},
		"portal stepUp":                   {body: m{"password": "wrong-password-entirely"}},
		"office verifySecondFactor":       {body: m{"code": "000000"}},
		"office confirmEnrolment":         {body: m{"code": "000000"}},
		"office requestPasswordReset":     {body: m{"email": "nobody@example.org"}},
		"office inspectPasswordLink":      {body: m{"token": strings.Repeat("x", 43)}},
		"office redeemPasswordLink":       {body: m{"token": strings.Repeat("x", 43), "password": "een lang en goed wachtwoord"}},
		"office renewPasswordLink":        {body: m{"token": strings.Repeat("x", 43)}},
		"office createEmployee":           {body: m{"firstName": "Noor", "lastName": "Blom", "email": "noor-" + dbtest.ID().String() + "@example.org", "role": "adviser"}},
		"office updateEmployee":           {body: m{"jobTitle": "Trainee"}},
		"office finishPasskeyLogin":       {body: answer},
		"office addPasskey":               {body: m{"credential": "eA", "clientData": "eA", "attestation": "eA"}},
		"office renamePasskey":            {body: m{"name": "Mijn telefoon"}},
		"portal startPasskeyLogin":        {body: m{"office": w.Slug}},
		"portal finishPasskeyLogin":       {body: answer},
		"portal addPasskey":               {body: m{"credential": "eA", "clientData": "eA", "attestation": "eA"}},
		"portal renamePasskey":            {body: m{"name": "Mijn telefoon"}},
		"office startSso":                 {body: m{"office": "no-such-office"}},
		"office finishSso":                {body: m{"state": "x", "code": "x"}},
		"office updateSso":                {body: m{"enabled": false, "issuer": "", "clientIdentifier": "", "only": false}},
		"office updateRoleRights":         {body: m{"roles": []m{{"role": "viewer", "permissions": []string{"employee:read", "client:read"}}}}},
		"office createClient":             {body: m{"name": "De Vries", "kind": "household"}},
		"office updateClient":             {body: m{"name": "De Vries-Bakker"}},
		"office createContact":            {body: m{"firstName": "Iris", "lastName": "Bakker"}},
		"office updateContact":            {body: m{"salutation": "mevrouw De Wit"}, worth: m{"mobile": "06 12345678"}},
		"office updateDocument":           {body: m{"title": "Offerte 2"}},
		"office createDossier":            {body: m{"client": m{"id": w.Client}, "adviserId": w.Employee, "products": []m{{"kind": "mortgage", "name": "Hypotheek"}}, "applicants": []m{{"contactId": w.Contact}}}},
		"office addApplicant":             {body: m{"firstName": "Iris", "lastName": "Bakker"}},
		"office updateDossier":            {body: m{"subject": "de hypotheek"}},
		"office reopenDossier":            {path: map[string]uuid.UUID{"dossierId": w.closed}},
		"office createActionPoints":       {body: m{"items": []m{{"title": "Loonstrook"}}}},
		"office createDocument":           {body: form, header: http.Header{"Content-Type": {"multipart/form-data; boundary=edge"}}},
		"office createDocumentFromUpload": {body: m{"uploadId": upload, "title": "Loonstrook"}},
		"office createProduct":            {body: m{"kind": "pension", "name": "Oudedag"}},
		"office updateProduct":            {body: m{"information": "Bij de notaris."}},
		"office updateOrganisation":       {body: m{"tagline": "Hypotheken en pensioenen"}, worth: m{"customersNeedSecondFactor": true}},
		"office uploadLogo":               {body: png(), header: http.Header{"Content-Type": {"image/png"}}},
		"office uploadHeaderPhoto":        {body: png(), header: http.Header{"Content-Type": {"image/png"}}},
		"office createPortalMember":       {body: m{"clientId": w.Client, "contactId": w.newContact, "username": "ruben.timmer", "dossierIds": []uuid.UUID{w.Dossier}}},
		"office updatePortalMember":       {body: m{"function": "partner"}, worth: m{"email": "eva@elders.example"}, header: http.Header{"If-Match": {`"7"`}}},
		"office splitPortalMember":        {body: m{"dossierId": w.closed, "username": "eva.splitst"}, header: http.Header{"If-Match": {`"7"`}}},
		"office joinPortalMember":         {path: map[string]uuid.UUID{"memberId": w.twin}, body: m{"intoId": w.Member}},
		"office viewAsMember":             {body: m{"reason": "Mevrouw belt: ze vindt haar offerte niet."}},
		"portal beginView":                {body: m{"ticket": strings.Repeat("x", 43)}},
		"office checkUsername":            {query: "?username=eva.dewit"},
		"office createApiClient":          {body: m{"kind": "key", "name": "Boekhouding", "scopes": []string{"dossiers:read"}}},
		"office updateApiClient":          {body: m{"name": "Administratie"}},
		"office rotateApiClient":          {body: m{"overlapHours": 24}},
		"portal getAppRequest":            {query: "?" + w.asking().Encode()},
		"portal decideAppRequest":         {body: m{"allow": true, "request": w.asking().body("token")}, worth: m{"allow": true, "request": w.asking().body("code")}}, // a mistake of the app: nobody lets it in
		"public authorize":                {query: "?" + w.asking().Encode()},
		"public revokeToken":              {body: "token=x", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}},
		"public createToken":              {body: "grant_type=client_credentials", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}},
		"office exportAuditEvents":        {body: m{"format": "csv"}},
		"office createUpload":             {header: tus},
		"office headUpload":               {header: raw},
		"office patchUpload":              {body: "%PDF-1.4\n", header: chunk},
		"office deleteUpload":             {header: raw},
		"office resetTestClient":          {path: map[string]uuid.UUID{"clientId": w.test}},
		"portal updateMyPreferences":      {body: m{"notifications": []string{"new_quotes"}}, header: http.Header{"If-Match": {`"7"`}}},
		"portal createUpload":             {header: tus},
		"portal headUpload":               {header: raw},
		"portal patchUpload":              {body: "%PDF-1.4\n", header: chunk},
		"portal deleteUpload":             {header: raw},
		"portal createSubmission":         {body: m{"uploadIds": []uuid.UUID{upload}}},
		"portal withdrawSubmission":       {path: map[string]uuid.UUID{"actionPointId": w.submitted}},
		"portal listDocuments":            {query: "?dossierId=" + w.Dossier.String()},
		"portal login":                    {body: m{"office": w.Slug, "username": "nobody", "password": "wrong-password-entirely"}},
		"portal requestLoginCode":         {body: m{"office": w.Slug, "username": "nobody"}},
		"portal verifyLoginCode":          {body: m{"office": w.Slug, "code": "00000000"}},
		"portal inspectPasswordLink":      {body: m{"token": strings.Repeat("x", 43)}},
		"portal redeemPasswordLink":       {body: m{"token": strings.Repeat("x", 43), "password": "een lang en goed wachtwoord"}},
		"portal renewPasswordLink":        {body: m{"token": strings.Repeat("x", 43)}},
		"portal requestPasswordReset":     {body: m{"office": w.Slug, "username": "nobody"}},
		"portal changeMyPassword":         {body: m{"currentPassword": "wrong-password-entirely", "newPassword": "een lang en goed wachtwoord"}},
		"portal getSite":                  {query: "?office=" + w.Slug},
		"portal getSiteLogo":              {query: "?office=" + w.Slug},
		"portal getSiteHeaderPhoto":       {query: "?office=" + w.Slug},
	}
}

const pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

func png() string {
	raw, _ := hex.DecodeString("89504e470d0a1a0a0000000d494844520000000100000001080600000" + "01f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082")
	return string(raw)
}

// atAnotherDesk gives an employee the session that its operations end.
func (w *world) atAnotherDesk(t *testing.T, s *apitest.Server, op web.Op, who uuid.UUID) {
	t.Helper()
	if op.Audience == web.Office && strings.HasSuffix(op.Path, "/:sessionId") || op.ID == "endOtherSessions" {
		exec(t, s, `UPDATE sessions SET employee_id = e.id FROM employees e WHERE sessions.id = $1 AND e.id = $2`, w.desk, who)
	}
}

// request makes the call of op on the rows of w.
func request(t *testing.T, w *world, op web.Op, as apitest.Caller, upload uuid.UUID) apitest.Request {
	t.Helper()
	in := samples(t, w, upload)[string(op.Audience)+" "+op.ID]
	session := w.session
	if op.Audience == web.Office {
		session = w.desk
	}
	usual := map[string]uuid.UUID{
		"dossierId": w.Dossier, "applicantId": w.partner, "productId": w.Product, "actionPointId": w.ActionPoint, "documentId": w.document,
		"clientId": w.Client, "contactId": w.Contact, "memberId": w.Member, "uploadId": upload, "sessionId": session,
		"employeeId": w.employeeOf["back_office"], "apiClientId": w.program, "appId": w.app, "passkeyId": w.passkey,
	}
	if op.Audience == web.Office && as.Cookie != nil { // a customer's is nothing to the office: everybody has one of their own there
		usual["passkeyId"] = w.passkeyOf[w.who[as.Cookie.Value]]
	}
	path := strings.TrimPrefix(op.Path, api.Base)
	for _, part := range strings.Split(path, "/") {
		name, ok := strings.CutPrefix(part, ":")
		if !ok || name == "code" {
			continue
		}
		id, ok := in.path[name]
		if !ok {
			id, ok = usual[name]
		}
		if !ok {
			t.Fatalf("%s: the matrix knows no row for :%s; add one", op.ID, name)
		}
		path = strings.Replace(path, part, id.String(), 1)
	}
	path = strings.Replace(path, ":code", "not-found", 1)
	h := http.Header{}
	if op.IfMatch {
		h.Set("If-Match", `"1"`)
	}
	if op.Idempotency != web.NoIdempotency {
		h.Set("Idempotency-Key", dbtest.ID().String())
	}
	for name, v := range in.header {
		h[name] = v
	}
	r := apitest.Request{As: as, Do: op.Method + " " + path + in.query, Body: in.body, Header: h}
	if op.Rate == web.RateStream { // it never ends by itself
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		t.Cleanup(cancel)
		r.Context = ctx
	}
	return r
}

// names reports whether the request names a row of w: such a request of a stranger must find nothing.
func names(op web.Op, r apitest.Request, w *world) bool {
	if strings.Contains(op.Path, ":") && !strings.Contains(op.Path, ":code") {
		return true
	}
	_, query, _ := strings.Cut(r.Do, "?")
	return strings.Contains(query, w.Dossier.String()) || op.ID == "createDossier" || op.ID == "createPortalMember"
}

// foreign lists the ids that nobody else may ever read.
func (w *world) foreign() []string {
	var ids []string
	for _, id := range []uuid.UUID{w.Dossier, w.Product, w.ActionPoint, w.submitted, w.approved, w.document, w.closed, w.Client, w.Contact, w.Member, w.newContact, w.partner, w.twin, w.guarded, w.resetting, w.session, w.program, w.passkey, w.app} {
		ids = append(ids, id.String())
	}
	return ids
}

func leaks(w *world, r apitest.Request, rec *httptest.ResponseRecorder) string {
	body := rec.Body.String()
	if rec.Code >= 400 {
		return "" // a problem names the address that was asked for, which the caller knew
	}
	for _, id := range w.foreign() {
		if strings.Contains(body, id) && !strings.Contains(r.Do, id) {
			return id
		}
	}
	return ""
}

// fingerprint is a digest of everything an office has, but for who looked when (along, too) and tried to sign in.
func fingerprint(t *testing.T, s *apitest.Server, w *world) string {
	t.Helper()
	rows, err := s.Root.Query(`SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = 'public' AND c.column_name = 'organisation_id' AND t.table_type = 'BASE TABLE'
		AND c.table_name NOT IN ('sessions', 'portal_views', 'attempts', 'idempotency_keys') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	for _, name := range tables {
		var digest string
		// A neighbour may start uploads of its own, and stands in the trail when it gives a wrong password.
		not := ""
		switch name {
		case "uploads":
			not = "AND member_id IS DISTINCT FROM '" + w.neighbour.Member.String() + "'"
		case "audit_events":
			not = "AND (name, subject) IS DISTINCT FROM ('step_up.refused', '" + w.neighbour.Member.String() + "'::uuid)"
		case "audit_heads": // follow from the events
			continue
		}
		err := s.Root.QueryRow(fmt.Sprintf(`SELECT coalesce(md5(string_agg(x::text, '|' ORDER BY x::text)), '') FROM %q x WHERE organisation_id = $1 %s`, name, not), w.Organisation).Scan(&digest)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\n", name, digest)
	}
	return b.String()
}

// TestMatrixRefuses calls every operation as everybody who may not: each gets the refusal that the table leads to, reads
// nothing of somebody else's and changes nothing.
func TestMatrixRefuses(t *testing.T) {
	t.Parallel()
	s := apitest.New(t)
	w := newWorld(t, s)
	w.addPasskeys(t, s)
	upload := map[web.Audience]uuid.UUID{web.Office: w.upload(t, s, "employee_id", w.Employee, "ready"), web.Portal: w.upload(t, s, "member_id", w.Member, "ready")}
	before := fingerprint(t, s, w)
	for _, p := range principals {
		caller, _ := w.caller(t, s, p)
		for _, op := range api.Operations() {
			want := refusal(op, p)
			if want == 0 {
				continue
			}
			r := request(t, w, op, caller, upload[op.Audience])
			rec := s.Call(t, r)
			if want == http.StatusNotFound && !names(op, r, w) {
				// It names no row of somebody else's, so it may work; it must not tell anything, and has changed the caller's office only.
				if id := leaks(w, r, rec); id != "" {
					t.Errorf("%s as %s: the answer names %s", op.ID, p.name, id)
				}
				continue
			}
			if !refused(op, want, rec.Code) {
				t.Errorf("%s %s as %s: got %d, want %d: %s", op.Audience, op.ID, p.name, rec.Code, want, rec.Body)
			}
		}
	}
	if after := fingerprint(t, s, w); after != before {
		t.Errorf("something changed:\n%s\nwas\n%s", after, before)
	}
}

// refusal is the status the table leads to, 0 where p may call op; 404 stands for "may call it, but not for these rows".
func refusal(op web.Op, p principal) int {
	switch {
	case op.Access == web.Anyone:
		return 0
	case p.audience != op.Audience:
		return http.StatusUnauthorized
	case p.program && !op.Programs(), p.view && !op.OpenToViews(), !p.view && op.View == web.ViewOnly:
		return http.StatusForbidden
	case op.Access == web.AnySession:
		return 0
	case p.half != (op.Access == web.HalfSession):
		return http.StatusUnauthorized
	case p.half:
		return 0
	case op.Access == web.FullSession && !holds(p, op.Need):
		return http.StatusForbidden
	case p.relation == stranger && op.Access == web.FullSession:
		return http.StatusNotFound
	}
	return 0
}

// refused: a row in the body that the caller cannot see is a bad value rather than a missing address.
func refused(op web.Op, want, got int) bool {
	if got == want {
		return true
	}
	inBody := op.ID == "createDossier" || op.ID == "createPortalMember"
	return want == http.StatusNotFound && inBody && got == http.StatusUnprocessableEntity
}

func holds(p principal, need authz.Permission) bool {
	if p.program {
		return slices.Contains(p.scopes, string(need))
	}
	if p.audience == web.Portal {
		return slices.Contains(authz.Portal, need)
	}
	return authz.Role(p.role).Grants()[need]
}

// TestMatrixAllows calls every operation as everybody who may, each on an office of its own.
func TestMatrixAllows(t *testing.T) {
	t.Parallel()
	s := apitest.New(t)
	for _, p := range principals {
		for _, op := range api.Operations() {
			if refusal(op, p) != 0 || (op.Access == web.Anyone && p.audience != "") || op.ID == "login" {
				continue
			}
			w := newWorld(t, s)
			if strings.Contains(op.Path, ":passkeyId") {
				w.addPasskeys(t, s)
			}
			caller, who := w.caller(t, s, p)
			column, state := "employee_id", "ready"
			if op.Audience == web.Portal {
				column = "member_id"
			} else if p.program {
				column = "api_client_id"
			}
			if op.ID == "patchUpload" || op.ID == "headUpload" {
				state = "receiving"
			}
			upload := uuid.Nil
			if p.relation == own {
				upload = w.upload(t, s, column, who, state)
			}
			w.atAnotherDesk(t, s, op, who)
			r := request(t, w, op, caller, upload)
			rec := s.Call(t, r)
			if op.Access == web.HalfSession || op.Access == web.Anyone || slices.Contains([]string{"changeMyPassword", "stepUp", "confirmSecondFactor", "removeSecondFactor", "renewRecoveryCodes", "stopMySecondFactorReset", "startPasskey", "addPasskey", "confirmMySecondFactor", "renewMyRecoveryCodes", "decideAppRequest"}, op.ID) {
				continue // it works without a session, or refuses what was typed: its own tests say which
			}
			nothingYet := rec.Code == http.StatusNotFound && slices.Contains([]string{"getOrganisationLogo", "getOrganisationHeaderPhoto"}, op.ID)
			if rec.Code >= 300 && !nothingYet {
				t.Errorf("%s %s as %s: got %d: %s", op.Audience, op.ID, p.name, rec.Code, rec.Body)
			}
		}
	}
}

// TestStepUp: who gave a password too long ago is asked again wherever the table says so, and changes nothing until then. Where only some changes
// deserve it no program makes those.
func TestStepUp(t *testing.T) {
	t.Parallel()
	s := apitest.New(t)
	w := newWorld(t, s)
	w.addPasskeys(t, s)
	before := fingerprint(t, s, w)
	for _, p := range principals {
		if p.audience == "" || p.half || p.view || p.relation == stranger {
			continue
		}
		caller, who := w.caller(t, s, p)
		want := `"step-up-required"`
		if p.program {
			want = `"person-only"`
		}
		exec(t, s, `UPDATE sessions SET verified_at = $1::timestamptz - interval '15 minutes' WHERE employee_id = $2 OR member_id = $2`, s.Clock.Now(), who)
		for _, op := range api.Operations() {
			if !op.StepUp && !op.MayStepUp || op.Audience != p.audience || (op.Access == web.FullSession && !holds(p, op.Need)) {
				continue
			}
			r := request(t, w, op, caller, uuid.New())
			if op.MayStepUp {
				if r.Body = samples(t, w, uuid.Nil)[string(op.Audience)+" "+op.ID].worth; r.Body == nil {
					t.Fatalf("%s: the matrix knows no change that deserves a step-up; add one", op.ID)
				}
			}
			rec := s.Call(t, r)
			if rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), want) {
				t.Errorf("%s %s as %s: got %d: %s", op.Audience, op.ID, p.name, rec.Code, rec.Body)
			}
		}
	}
	if after := fingerprint(t, s, w); after != before {
		t.Errorf("something changed:\n%s\nwas\n%s", after, before)
	}
}

// TestRowLevelSecurityAlone switches the program's own permission checks off. The database alone must still show nothing of
// another office or another client, and let nothing of theirs be changed.
func TestRowLevelSecurityAlone(t *testing.T) {
	t.Parallel()
	s := apitest.On(t, dbtest.Open(t), apitest.Options{WithoutPermissionChecks: true})
	w := newWorld(t, s)
	w.addPasskeys(t, s)
	upload := map[web.Audience]uuid.UUID{web.Office: w.upload(t, s, "employee_id", w.Employee, "ready"), web.Portal: w.upload(t, s, "member_id", w.Member, "ready")}
	before := fingerprint(t, s, w)
	for _, p := range principals {
		if p.audience == "" || p.relation == own {
			continue
		}
		caller, _ := w.caller(t, s, p)
		for _, op := range api.Operations() {
			if op.Audience != p.audience || op.Access != web.FullSession || p.program && !op.Programs() {
				continue
			}
			r := request(t, w, op, caller, upload[op.Audience])
			rec := s.Call(t, r)
			if id := leaks(w, r, rec); id != "" {
				t.Errorf("%s as %s: the answer names %s", op.ID, p.name, id)
			}
			if names(op, r, w) && !refused(op, http.StatusNotFound, rec.Code) {
				t.Errorf("%s %s as %s: got %d, want 404: %s", op.Audience, op.ID, p.name, rec.Code, rec.Body)
			}
		}
	}
	if after := fingerprint(t, s, w); after != before {
		t.Errorf("something changed:\n%s\nwas\n%s", after, before)
	}
}
