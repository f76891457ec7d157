package seed

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/actionpoint"
	"voordeur/internal/authz"
	"voordeur/internal/dossier"
)

// applicant is a person of a dossier, once the rows are there.
type applicant struct {
	person
	contact, member uuid.UUID
}

// course is one dossier on its way through time: every step is a little later than the one before.
type course struct {
	*writer
	file
	id, client uuid.UUID
	at         time.Time
	step       time.Duration
	applicants []applicant
}

func (w *writer) dossier(f file) error {
	c := &course{writer: w, file: f}
	last := w.now.Add(-time.Duration(f.quietFor) * time.Minute)
	c.at = last.Add(-time.Duration(18+w.dice.IntN(12)) * 24 * time.Hour)
	c.step = last.Sub(c.at) / time.Duration(steps(f)+1)
	created := c.at
	c.id = w.uuidAt(created)

	c.people()
	adviser := w.staff["adviser"]
	var handler *uuid.UUID
	if f.handler {
		id := w.staff["back_office"]
		handler = &id
	}
	var due, closed *time.Time
	if f.dueIn != 0 {
		day := w.now.AddDate(0, 0, f.dueIn).Truncate(24 * time.Hour)
		due = &day
	}
	status := dossier.Open
	if f.closed {
		status, closed = dossier.Closed, &last
	}
	reference := fmt.Sprintf("D-%d-%04d", created.Year(), f.number)
	w.batch.Queue(`INSERT INTO dossiers (id, client_id, reference, name, subject, status, phase, owner_id, adviser_id, case_handler_id, due_on, created_at, updated_at,
		activity_at, closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $12, $13)`,
		c.id, c.client, reference, f.client, f.subject, status, f.phase, adviser, handler, due, created, last, closed)
	c.happened("dossier.created", c.id, adviser, authz.Employee, map[string]any{"name": f.client, "reference": reference})
	c.logins()
	c.papers()

	for i, p := range f.products {
		if err := c.product(i+1, p); err != nil {
			return err
		}
	}
	if f.closed {
		c.at = last
		c.happened("dossier.closed", c.id, adviser, authz.Employee, map[string]any{"name": f.client})
	}
	return nil
}

// steps counts what happens in a dossier, so that it fits between its beginning and its last moment.
func steps(f file) int {
	n := 4
	for _, p := range f.products {
		for _, letter := range p.points {
			n += map[rune]int{'o': 0, 'c': 1, 's': 1, 'a': 2, 'x': 2, 'r': 2, 't': 3}[letter]
		}
	}
	return n
}

func (c *course) pass() { c.at = c.at.Add(c.step) }

// happened notes an entry of the trail at the present moment of the course.
func (c *course) happened(name string, subject, actor uuid.UUID, kind authz.Kind, data map[string]any) {
	c.trail = append(c.trail, entry{c.uuidAt(c.at), name, kind, actor, subject, c.id, data, c.at})
}

// noMobile are those who gave none: a code to log in with goes by mail.
var noMobile = map[string]bool{"jelle.wierda@post.example": true}

// people makes the client and its contacts.
func (c *course) people() {
	c.client = c.uuidAt(c.at)
	var tester *uuid.UUID
	if c.test {
		id := c.staff["adviser"]
		tester = &id
	}
	c.batch.Queue("INSERT INTO clients (id, name, kind, is_test, test_of_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $6, $5, $5)",
		c.client, c.file.client, c.kind, c.test, c.at, tester)
	for _, p := range c.file.people {
		a := applicant{person: p, contact: c.uuidAt(c.at)}
		mobile := fmt.Sprintf("06 %02d %02d %02d %02d", 10+c.dice.IntN(50), c.dice.IntN(100), c.dice.IntN(100), c.dice.IntN(100))
		if p.email == "" || noMobile[p.email] {
			mobile = ""
		}
		c.batch.Queue(`INSERT INTO contacts (id, client_id, first_name, last_name, salutation, email, mobile, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`, a.contact, c.client, p.first, p.last, p.salutation, p.email, mobile, c.at)
		c.applicants = append(c.applicants, a)
	}
}

// logins ties the contacts to the dossier and brings their logins into the state that the dossier asks for.
func (c *course) logins() {
	created := c.at
	for i := range c.applicants {
		a := &c.applicants[i]
		c.batch.Queue("INSERT INTO applicants (id, dossier_id, contact_id, position) VALUES ($1, $2, $3, $4)", c.uuidAt(created), c.id, a.contact, i+1)
		a.member = c.uuidAt(created)
		username := a.username
		if username == "" {
			username = a.email
		}
		var hash *string
		var set, seen *time.Time
		if c.portal == dossier.PortalActive {
			hash = &c.customerHash
			chosen := created.Add(5 * time.Hour)
			last := c.now.Add(-time.Duration(c.quietFor+c.dice.IntN(600)) * time.Minute)
			set, seen = &chosen, &last
			c.customerLogins = append(c.customerLogins, Customer{c.slug, a.first + " " + a.last, c.file.client, username, c.password})
		}
		c.batch.Queue(`INSERT INTO portal_members (id, client_id, contact_id, username, username_folded, permissions, password_hash, password_set_at, last_login_at,
			created_at, updated_at) VALUES ($1, $2, $3, $4, lower($4), $5, $6, $7, $8, $9, $9)`,
			a.member, c.client, a.contact, username, memberPermissions(), hash, set, seen, created)
		c.batch.Queue("INSERT INTO dossier_members (dossier_id, member_id, created_at) VALUES ($1, $2, $3)", c.id, a.member, created)
		c.invitation(a, username)
	}
	if c.portal == dossier.PortalNone {
		return
	}
	sent := c.invitedAt()
	c.batch.Queue(`INSERT INTO mails (id, kind, recipient, dossier_id, payload, state, created_at, sent_at) VALUES ($1, 'invitation', $2, $3, '{}', 'sent', $4, $4)`,
		c.uuidAt(sent), c.applicants[0].email, c.id, sent)
	at := c.at
	c.at = sent
	c.happened("dossier.invited", c.id, c.staff["adviser"], authz.Employee, map[string]any{"name": c.applicants[0].first + " " + c.applicants[0].last})
	c.at = at
	c.pass()
}

// invitedAt is when the invitation left: an hour after the beginning, for an open one recently, for an expired one too long ago.
func (c *course) invitedAt() time.Time {
	switch c.portal {
	case dossier.PortalInvited:
		return c.now.Add(-time.Duration(c.quietFor) * time.Minute)
	case dossier.PortalLinkExpired:
		return c.now.Add(-time.Duration(c.quietFor)*time.Minute - 49*time.Hour)
	case dossier.PortalActive, dossier.PortalNone:
	}
	return c.at.Add(time.Hour)
}

func (c *course) invitation(a *applicant, username string) {
	if c.portal == dossier.PortalNone {
		return
	}
	sent := c.invitedAt()
	id := c.uuidAt(sent)
	address, hash := c.link(id)
	expires := sent.Add(48 * time.Hour)
	state := map[dossier.PortalState]string{dossier.PortalInvited: "usable", dossier.PortalActive: "used", dossier.PortalLinkExpired: "expired"}[c.portal]
	var opened, used *time.Time
	if c.portal == dossier.PortalActive {
		looked, chosen := sent.Add(3*time.Hour), sent.Add(4*time.Hour)
		opened, used = &looked, &chosen
	}
	c.batch.Queue(`INSERT INTO password_links (id, member_id, purpose, token_hash, created_at, sent_at, expires_at, opened_at, used_at, recipient, asked_by)
		VALUES ($1, $2, 'activation', $3, $4, $4, $5, $6, $7, $8, $9)`, id, a.member, hash, sent, expires, opened, used, cmp.Or(a.email, c.applicants[0].email), c.staff["adviser"])
	c.links = append(c.links, Link{c.slug, username, state, address})
}

func memberPermissions() []string {
	var out []string
	for _, p := range authz.Portal {
		out = append(out, string(p))
	}
	return out
}

func (c *course) product(position int, p item) error {
	id := c.uuidAt(c.at)
	facts := p.facts
	if facts == nil {
		facts = []dossier.Fact{}
	}
	raw, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	c.batch.Queue(`INSERT INTO products (id, dossier_id, kind, name, status, information, facts, position, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
		id, c.id, p.kind, p.name, p.status, information[p.status], raw, position, c.at)
	for i, letter := range p.points {
		if err := c.actionPoint(id, p, i, letter); err != nil {
			return fmt.Errorf("%s, action point %d: %w", p.name, i+1, err)
		}
	}
	return nil
}

// information is what the customer reads about a product, by how far it has come.
var information = map[dossier.ProductStatus]string{
	dossier.Preparing: "We verzamelen wat er nodig is voor een goed advies.",
	dossier.Requested: "De aanvraag ligt bij de aanbieder. Zodra er antwoord is, staat het hier.",
	dossier.Offered:   "Er ligt een aanbod. We nemen het samen door voordat er iets wordt getekend.",
	dossier.Accepted:  "Het aanbod is aanvaard. De stukken gaan naar de notaris.",
	dossier.Final:     "Alles is rond.",
}

// actionPoint makes one action point and leads it, by the domain's own rules, to where its letter says.
func (c *course) actionPoint(product uuid.UUID, p item, i int, letter rune) error {
	list := actionpoint.UsualFor(p.kind)
	text := list[i%len(list)]
	a := &actionpoint.ActionPoint{
		ID: c.uuidAt(c.at), DossierID: c.id, ProductID: &product, Kind: actionpoint.Document, Title: text.Title, Explanation: text.Explanation,
		State: actionpoint.Open, Round: 1, Version: 1, CreatedAt: c.at,
	}
	who := c.applicants[i%len(c.applicants)]
	if personal[a.Title] {
		a.ForContactID = &who.contact
		if len(c.applicants) > 1 {
			a.Title += " van " + who.first
		}
	}
	if i%3 != 2 {
		due := c.now.AddDate(0, 0, 2+c.dice.IntN(12)).Truncate(24 * time.Hour)
		a.DueOn = &due
	}
	adviser := c.staff["adviser"]
	c.happened("action_point.created", a.ID, adviser, authz.Employee, map[string]any{"title": a.Title})

	// The rows of what was handed in refer to the action point, so they wait until it stands.
	var later []func()
	var current *actionpoint.Submission
	submit := func() error {
		c.pass()
		if err := a.Submit(c.at); err != nil {
			return err
		}
		a.Version++
		s := &actionpoint.Submission{
			ID: c.uuidAt(c.at), DossierID: c.id, ActionPointID: a.ID, Round: a.Round, MemberID: who.member, ContactID: who.contact, CreatedAt: c.at,
		}
		if c.dice.IntN(3) == 0 {
			s.Remark = remarks[c.dice.IntN(len(remarks))]
		}
		docs, err := c.delivered(a, s, who)
		if err != nil {
			return err
		}
		later = append(append(later, func() { c.submission(s) }), docs...)
		c.happened("action_point.submitted", a.ID, who.member, authz.Member, map[string]any{"title": a.Title, "files": len(docs), "round": a.Round})
		current = s
		return nil
	}
	decide := func(approve bool) error {
		c.pass()
		at, verdict := c.at, actionpoint.VerdictApproved
		s := current
		s.VerdictBy, s.VerdictAt = &adviser, &at
		a.Version++
		if approve {
			s.Verdict = &verdict
			c.happened("action_point.approved", a.ID, adviser, authz.Employee, map[string]any{"title": a.Title})
			return a.Approve(at)
		}
		verdict = actionpoint.VerdictRejected
		r := reasons[c.dice.IntN(len(reasons))]
		s.Verdict, s.VerdictCode, s.VerdictReason = &verdict, &r.code, r.text
		c.happened("action_point.rejected", a.ID, adviser, authz.Employee, map[string]any{"title": a.Title, "code": string(r.code), "reason": r.text, "askedAgain": letter == 'r' || letter == 't'})
		return a.Reject(at, actionpoint.By{Employee: adviser}, r.code, r.text)
	}
	for _, stage := range map[rune]string{'o': "", 's': "s", 'a': "sa", 'x': "sx", 'r': "sxr", 't': "sxrs", 'c': "c"}[letter] {
		var err error
		switch stage {
		case 's':
			err = submit()
		case 'a':
			err = decide(true)
		case 'x':
			err = decide(false)
		case 'r':
			err = a.Request(c.at, actionpoint.By{Employee: adviser}, "")
			a.Version++
		case 'c':
			c.pass()
			err = a.Cancel(c.at)
			a.Version++
			c.happened("action_point.cancelled", a.ID, adviser, authz.Employee, map[string]any{"title": a.Title})
		}
		if err != nil {
			return err
		}
	}
	c.batch.Queue(`INSERT INTO action_points (id, dossier_id, product_id, kind, title, explanation, for_contact_id, due_on, state, round, reason_code, reason, reason_by,
		reason_at, submitted_at, decided_at, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		a.ID, a.DossierID, a.ProductID, a.Kind, a.Title, a.Explanation, a.ForContactID, a.DueOn, a.State, a.Round, a.ReasonCode, a.Reason, a.ReasonBy,
		a.ReasonAt, a.SubmittedAt, a.DecidedAt, a.Version, a.CreatedAt, c.at)
	for _, insert := range later {
		insert()
	}
	return nil
}

func (c *course) submission(s *actionpoint.Submission) {
	c.batch.Queue(`INSERT INTO submissions (id, dossier_id, action_point_id, round, member_id, contact_id, remark, verdict, verdict_code, verdict_reason, verdict_by,
		verdict_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		s.ID, s.DossierID, s.ActionPointID, s.Round, s.MemberID, s.ContactID, s.Remark, s.Verdict, s.VerdictCode, s.VerdictReason, s.VerdictBy, s.VerdictAt, s.CreatedAt)
}

// personal is what each applicant hands in for oneself.
var personal = map[string]bool{
	"Loonstrook": true, "Werkgeversverklaring": true, "Jaaropgaaf": true, "Overzicht studieschuld": true, "Verzekeringsbericht UWV": true, "Gezondheidsverklaring": true,
	"Uniform pensioenoverzicht": true,
}

// photographed is what people hold in front of their phone rather than download.
var photographed = map[string]bool{"Foto's van de woning": true, "Huidige polis": true, "Werkgeversverklaring": true, "Bestaande polis": true}

var remarks = []string{
	"Dit is de nieuwste die ik heb.",
	"De tweede bladzijde was leeg, die heb ik weggelaten.",
	"Zo goed? Anders hoor ik het graag.",
	"Het origineel ligt thuis, als dat nodig is.",
}

var reasons = []struct {
	code actionpoint.ReasonCode
	text string
}{
	{actionpoint.TooOld, "Dit stuk is van vóór de zomer. Graag dat van de laatste maand."},
	{actionpoint.PageMissing, "Bladzijde 2 ontbreekt. Daar staat het bedrag op dat we nodig hebben."},
	{actionpoint.Unreadable, "De foto is te donker om de bedragen te lezen. Bij daglicht lukt het vast."},
	{actionpoint.SignatureMissing, "De handtekening onderaan ontbreekt nog."},
}

// delivered makes the files of a submission; what it returns queues the rows of each.
func (c *course) delivered(a *actionpoint.ActionPoint, s *actionpoint.Submission, who applicant) ([]func(), error) {
	title, _, _ := strings.Cut(a.Title, " van ")
	name := strings.ToLower(strings.NewReplacer(" ", "-", "'", "").Replace(title))
	var rows []func()
	if photographed[title] {
		for page := 1; page <= 2; page++ {
			raw, err := photo(c.dice.IntN(200))
			if err != nil {
				return nil, err
			}
			rows = append(rows, c.document(doc{
				title: a.Title, origin: "customer", visible: true, product: a.ProductID, point: &a.ID, submission: &s.ID, member: &who.member,
				filename: fmt.Sprintf("%s-%d.jpg", name, page), media: "image/jpeg", bytes: raw,
			}))
		}
	} else {
		raw := paper(title, []string{
			"Naam: " + who.first + " " + who.last, "Datum: " + c.at.Format("02-01-2006"), "", "Dit stuk hoort bij het voorbeeld en gaat over niemand die bestaat.",
			fmt.Sprintf("Bedrag: € %d,%02d", 1800+c.dice.IntN(2400), c.dice.IntN(100)), fmt.Sprintf("Kenmerk: %06d", c.dice.IntN(1_000_000)),
		})
		rows = append(rows, c.document(doc{
			title: a.Title, origin: "customer", visible: true, product: a.ProductID, point: &a.ID, submission: &s.ID, member: &who.member,
			filename: fmt.Sprintf("%s-ronde-%d.pdf", name, a.Round), media: "application/pdf", bytes: raw,
		}))
	}
	return rows, nil
}

// papers are the documents the office itself put into the dossier: two that the customer sees, one that stays inside.
func (c *course) papers() {
	adviser := c.staff["adviser"]
	add := func(title, filename, remark string, visible bool, lines ...string) {
		c.pass()
		c.document(doc{
			title: title, origin: "office", visible: visible, remark: remark, employee: &adviser, filename: filename, media: "application/pdf", bytes: paper(title, lines),
		})()
	}
	if c.portal != dossier.PortalNone {
		add("Dienstenwijzer "+c.name, "dienstenwijzer.pdf", "", true, c.name, c.tagline, "", "Wat wij doen, wat het kost en wie ervoor zorgt.", c.email, c.phone)
	}
	switch c.phase {
	case dossier.Intake, dossier.Collecting:
		return
	case dossier.Advice, dossier.Application, dossier.Notary:
	}
	add("Adviesrapport "+strings.ToLower(c.products[0].name), "adviesrapport.pdf", "Op bladzijde één staat het in het kort.", true,
		"Voor: "+c.file.client, "Over: "+c.subject, "", "In het kort: de maandlasten passen bij het inkomen, nu en later.")
	add("Notitie van het intakegesprek", "notitie-intake.pdf", "", false, "Alleen voor het kantoor.", "Besproken: wensen, inkomen, risico's, planning.")
}

// doc is one document with its only version.
type doc struct {
	title, origin, remark      string
	visible                    bool
	product, point, submission *uuid.UUID
	employee, member           *uuid.UUID
	filename, media            string
	bytes                      []byte
}

// document keeps the bytes and returns what queues the rows.
func (c *course) document(d doc) func() {
	at := c.at
	id := c.uuidAt(at)
	sum := sha256.Sum256(d.bytes)
	key := "documents/" + c.writer.id.String() + "/" + id.String()
	c.files = append(c.files, blob{key, d.bytes})
	return func() {
		c.batch.Queue(`INSERT INTO documents (id, dossier_id, product_id, action_point_id, submission_id, handed_in_by, title, origin, visible, remark, filename, media_type, size, sha256,
				created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)`, id, c.id, d.product, d.point, d.submission, d.member, d.title, d.origin,
			d.visible, d.remark, d.filename, d.media, len(d.bytes), sum[:], at)
		c.batch.Queue(`INSERT INTO document_versions (document_id, number, dossier_id, filename, media_type, size, sha256, blob_key, uploaded_by_employee, uploaded_by_member,
			created_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, id, c.id, d.filename, d.media, len(d.bytes), sum[:], key, d.employee, d.member, at)
		if d.origin == "office" && d.visible {
			was := c.at
			c.at = at
			c.happened("document.created", id, *d.employee, authz.Employee, map[string]any{"title": d.title, "visible": true})
			c.at = was
		}
	}
}
