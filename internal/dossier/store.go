package dossier

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm/clause"

	"voordeur/internal/client"
	"voordeur/internal/db"
	"voordeur/internal/fault"
	"voordeur/internal/member"
)

const maxProducts = 20

// ErrTooManyProducts is returned where a dossier has all the tabs it can show.
var ErrTooManyProducts = fault.New(fault.Conflict, "too-many-products", "A dossier has at most 20 products.")

// Amsterdam is the time by which offices count days and years.
var Amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err) // time/tzdata is part of the program
	}
	return loc
}()

// Lock returns one dossier in which something is about to change, or db.ErrNotFound.
func Lock(tx *db.Tx, id uuid.UUID) (Dossier, error) {
	var d Dossier
	err := tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Take(&d, "id = ?", id).Error
	return d, err
}

func lockVersion(tx *db.Tx, id uuid.UUID, version int64) (Dossier, error) {
	d, err := Lock(tx, id)
	if err == nil && d.Version != version {
		err = tx.Stale(id)
	}
	return d, err
}

// Touch remembers that something happened in a dossier, for the order of the list.
func Touch(tx *db.Tx, id uuid.UUID) error {
	return tx.Exec(`UPDATE dossiers SET activity_at = ? WHERE id = ?`, tx.Now(), id).Error
}

func save(tx *db.Tx, d *Dossier, now time.Time) error {
	d.Version++
	d.UpdatedAt, d.ActivityAt = now, now
	return tx.Select("name", "subject", "status", "phase", "adviser_id", "case_handler_id", "due_on", "version", "updated_at", "activity_at", "closed_at").
		Updates(d).Error
}

// lockProduct locks the dossier before its product, as everything else does, and refuses a closed one.
func lockProduct(tx *db.Tx, id uuid.UUID) (Product, error) {
	var p Product
	if err := tx.Take(&p, "id = ?", id).Error; err != nil {
		return p, err
	}
	d, err := Lock(tx, p.DossierID)
	if err != nil {
		return p, err
	}
	if err := d.Change(); err != nil {
		return p, err
	}
	p = Product{}
	err = tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Take(&p, "id = ?", id).Error
	return p, err
}

// employed returns a fault on pointer unless id is somebody who can sign in at the office.
func employed(tx *db.Tx, id uuid.UUID, pointer string) error {
	b := &pgx.Batch{}
	queueEmployed(b, id, pointer)
	return tx.Batch(b)
}

func queueEmployed(b *pgx.Batch, id uuid.UUID, pointer string) {
	b.Queue(`SELECT EXISTS (SELECT 1 FROM employees WHERE organisation_id = app.organisation() AND id = $1 AND blocked_at IS NULL)`, id).
		QueryRow(func(row pgx.Row) error {
			var there bool
			if err := row.Scan(&there); err != nil || there {
				return err
			}
			return fault.OnField(pointer, "not-found")
		})
}

func (s *Service) create(tx *db.Tx, in Draft) (Dossier, error) {
	now := s.Now()
	reference, err := opening(tx, in, now)
	if err != nil {
		return Dossier{}, err
	}
	owner, err := clientOf(tx, in)
	if err != nil {
		return Dossier{}, err
	}
	contacts, err := contactsOf(tx, owner, in.Applicants)
	if err != nil {
		return Dossier{}, err
	}
	d := Dossier{
		ID: uuid.Must(uuid.NewV7()), ClientID: owner.ID, Reference: reference, Name: strings.TrimSpace(in.Name), Subject: strings.TrimSpace(in.Subject),
		Status: Open, Phase: in.Phase, OwnerID: in.AdviserID, AdviserID: in.AdviserID, CaseHandlerID: in.CaseHandlerID, DueOn: in.DueOn, Version: 1,
		CreatedAt: now, UpdatedAt: now, ActivityAt: now,
	}
	if d.Phase == "" {
		d.Phase = Intake
	}
	if d.Name == "" {
		d.Name = nameOf(contacts)
	}
	if err := tx.QueueCreate(&d); err != nil {
		return d, err
	}
	products := make([]uuid.UUID, 0, len(in.Products))
	for i, p := range in.Products {
		made, err := addProduct(tx, d.ID, i+1, p, "/products/"+strconv.Itoa(i), now)
		if err != nil {
			return d, err
		}
		products = append(products, made.ID)
	}
	applicants := make([]Applicant, 0, len(contacts))
	for i, c := range contacts {
		applicants = append(applicants, Applicant{ID: uuid.Must(uuid.NewV7()), DossierID: d.ID, ContactID: c.ID, Position: i + 1})
	}
	if err := tx.QueueCreate(&applicants); err != nil {
		return d, err
	}
	for i, c := range contacts {
		if err := giveLogin(tx, d, c, in.Applicants[i], "/applicants/"+strconv.Itoa(i)+"/username"); err != nil {
			return d, err
		}
	}
	asked, err := askedOf(in.Questions, products, contacts)
	if err != nil || len(asked) == 0 {
		return d, err
	}
	return d, s.Ask(tx, d.ID, asked)
}

// opening checks who is to work on the dossier, and numbers it.
func opening(tx *db.Tx, in Draft, now time.Time) (string, error) {
	b := &pgx.Batch{}
	queueEmployed(b, in.AdviserID, "/adviserId")
	if in.CaseHandlerID != nil {
		queueEmployed(b, *in.CaseHandlerID, "/caseHandlerId")
	}
	var n int
	// Without a gap: the office's row stays locked until the dossier exists or does not.
	b.Queue(`UPDATE organisations SET next_dossier_number = next_dossier_number + 1
		WHERE organisation_id = app.organisation() RETURNING next_dossier_number - 1`).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	err := tx.Batch(b)
	return fmt.Sprintf("D-%d-%04d", now.In(Amsterdam).Year(), n), err
}

func clientOf(tx *db.Tx, in Draft) (client.Client, error) {
	if in.ClientID != nil {
		c, err := client.Find(tx, *in.ClientID)
		if err != nil {
			return c, onField(err, "/client/id")
		}
		return c, nil
	}
	if strings.TrimSpace(in.ClientName) == "" {
		return client.Client{}, fault.OnField("/client/name", "required")
	}
	return client.Create(tx, client.Draft{Name: in.ClientName, Kind: in.ClientKind, IsTest: in.TestOfID != nil, TestOfID: in.TestOfID})
}

func contactsOf(tx *db.Tx, owner client.Client, in []ApplicantDraft) ([]client.Contact, error) {
	contacts := make([]client.Contact, 0, len(in))
	seen := map[uuid.UUID]bool{}
	for i, a := range in {
		pointer := "/applicants/" + strconv.Itoa(i)
		c, err := contactOf(tx, owner.ID, a, pointer)
		if err != nil {
			return nil, err
		}
		if seen[c.ID] {
			return nil, fault.OnField(pointer+"/contactId", "repeated")
		}
		seen[c.ID] = true
		contacts = append(contacts, c)
	}
	return contacts, nil
}

// contactOf returns the contact that a draft names, one of the client's, or makes a new one.
func contactOf(tx *db.Tx, clientID uuid.UUID, a ApplicantDraft, pointer string) (client.Contact, error) {
	if a.ContactID == nil {
		return client.AddContact(tx, clientID, client.ContactDraft{
			FirstName: a.FirstName, LastName: a.LastName, Salutation: a.Salutation, Email: a.Email, Mobile: a.Mobile,
		}, pointer)
	}
	c, err := client.FindContact(tx, *a.ContactID)
	if err != nil {
		return c, onField(err, pointer+"/contactId")
	}
	if c.ClientID != clientID {
		return c, fault.OnField(pointer+"/contactId", "not-found")
	}
	return c, nil
}

// onField points at the value that named something which is not there.
func onField(err error, pointer string) error {
	if f := db.ErrNotFound; f.Is(err) {
		return fault.OnField(pointer, "not-found").Because(err)
	}
	return err
}

// nameOf makes a dossier's name of the applicants' last names: "De Wit en Timmer".
func nameOf(contacts []client.Contact) string {
	var names []string
	for _, c := range contacts {
		first, size := utf8.DecodeRuneInString(c.LastName)
		name := string(unicode.ToUpper(first)) + c.LastName[size:]
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	name := strings.Join(names, " en ")
	for utf8.RuneCountInString(name) > 200 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

func addProduct(tx *db.Tx, dossierID uuid.UUID, position int, in ProductDraft, pointer string, now time.Time) (Product, error) {
	p := Product{
		ID: uuid.Must(uuid.NewV7()), DossierID: dossierID, Kind: in.Kind, Name: strings.TrimSpace(in.Name), Status: Preparing,
		Information: strings.TrimSpace(in.Information), Facts: in.Facts, Position: position, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if p.Facts == nil {
		p.Facts = []Fact{}
	}
	if p.Name == "" {
		return p, fault.OnField(pointer+"/name", "required")
	}
	return p, tx.QueueCreate(&p)
}

// giveLogin lets an applicant into the dossier: with the login the contact has, unless another username is wanted, or
// with a new one (A1, A3).
func giveLogin(tx *db.Tx, d Dossier, c client.Contact, in ApplicantDraft, pointer string) error {
	wanted := strings.TrimSpace(in.Username)
	if in.ContactID != nil {
		have, ok, err := member.OfContact(tx, c.ID)
		if err != nil {
			return err
		}
		if ok && (wanted == "" || member.Fold(wanted) == have.UsernameFolded) {
			member.QueueOpen(tx, have.ID, d.ID)
			return nil
		}
	}
	spec := member.Spec{
		ClientID: d.ClientID, ContactID: c.ID, ContactEmail: c.Email, Username: wanted, DossierIDs: []uuid.UUID{d.ID}, Pointer: pointer,
	}
	if spec.Username == "" {
		spec.Username = c.Email
	}
	if spec.Username != "" {
		_, err := member.CreateForContact(tx, spec)
		return err
	}
	base := usernameOf(c)
	for n := 1; ; n++ {
		spec.Username = base
		if n > 1 {
			spec.Username += strconv.Itoa(n)
		}
		free, err := usernameFree(tx, spec.Username)
		if err != nil {
			return err
		}
		if !free && n < 10_000 {
			continue
		}
		if _, err = member.CreateForContact(tx, spec); err == nil {
			err = tx.Flush()
		}
		if taken(err) && n < 10_000 {
			continue // somebody else was faster
		}
		return err
	}
}

func usernameFree(tx *db.Tx, username string) (bool, error) {
	var n int64
	err := tx.Raw(`SELECT count(*) FROM portal_members WHERE username_folded = ?`, member.Fold(username)).Scan(&n).Error
	return n == 0, err
}

func taken(err error) bool {
	f, ok := err.(*fault.Error) //nolint:errorlint // CreateForContact returns the fault itself
	return ok && len(f.Fields) == 1 && f.Fields[0].Code == string(member.UsernameTaken)
}

// usernameOf makes a username of a name that has no e-mail address: "ruben.timmer". What cannot stand in a username is
// left out; accents go, the letter stays.
func usernameOf(c client.Contact) string {
	var b strings.Builder
	for _, part := range []string{c.FirstName, c.LastName} {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		for _, r := range norm.NFKD.String(strings.ToLower(part)) {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				b.WriteRune(r)
			}
		}
	}
	name := strings.Trim(b.String(), ".")
	if len(name) > 80 {
		name = name[:80]
	}
	if len(name) < 3 {
		name = "klant" + name
	}
	return name
}

// askedOf turns places in the draft into ids.
func askedOf(questions []Question, products []uuid.UUID, contacts []client.Contact) ([]Asked, error) {
	asked := make([]Asked, 0, len(questions))
	for i, q := range questions {
		pointer := "/actionPoints/" + strconv.Itoa(i)
		a := Asked{Title: q.Title, Explanation: q.Explanation, DueOn: q.DueOn}
		if q.ProductIndex != nil {
			if *q.ProductIndex < 0 || *q.ProductIndex >= len(products) {
				return nil, fault.OnField(pointer+"/productIndex", "max")
			}
			a.ProductID = &products[*q.ProductIndex]
		}
		if q.ApplicantIndex != nil {
			if *q.ApplicantIndex < 0 || *q.ApplicantIndex >= len(contacts) {
				return nil, fault.OnField(pointer+"/applicantIndex", "max")
			}
			a.ForContactID = &contacts[*q.ApplicantIndex].ID
		}
		if strings.TrimSpace(a.Title) == "" {
			return nil, fault.OnField(pointer+"/title", "required")
		}
		asked = append(asked, a)
	}
	return asked, nil
}
