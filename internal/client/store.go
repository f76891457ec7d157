package client

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/db"
	"voordeur/internal/fault"
)

const (
	fields        = `id, name, kind, is_test, version, created_at, updated_at, archived_at`
	contactFields = `id, client_id, first_name, last_name, salutation, email, mobile, version, created_at, updated_at`
)

// Find returns one client with its contacts, or db.ErrNotFound.
func Find(tx *db.Tx, id uuid.UUID) (Client, error) {
	cs := make([]Client, 0, 1)
	if err := tx.Raw(`SELECT `+fields+` FROM clients WHERE id = ? AND archived_at IS NULL`, id).Scan(&cs).Error; err != nil {
		return Client{}, err
	}
	if len(cs) == 0 {
		return Client{}, db.ErrNotFound
	}
	err := withContacts(tx, cs)
	return cs[0], err
}

// FindContact returns one contact, or db.ErrNotFound.
func FindContact(tx *db.Tx, id uuid.UUID) (Contact, error) {
	var p Contact
	err := tx.Raw(`SELECT `+contactFields+` FROM contacts WHERE id = ?`, id).Scan(&p).Error
	if err == nil && p.ID == uuid.Nil {
		err = db.ErrNotFound
	}
	return p, err
}

// Create adds a client with its contacts.
func Create(tx *db.Tx, d Draft) (Client, error) {
	now := tx.Now()
	c := Client{ID: uuid.Must(uuid.NewV7()), Name: strings.TrimSpace(d.Name), Kind: d.Kind, IsTest: d.IsTest, Version: 1, CreatedAt: now, UpdatedAt: now, Contacts: []Contact{}}
	if c.Name == "" {
		return c, fault.OnField("/name", "required")
	}
	if c.Kind == "" {
		c.Kind = Household
	}
	tx.Queue(`INSERT INTO clients (id, name, kind, is_test, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)`, c.ID, c.Name, c.Kind, c.IsTest, now)
	for i, pd := range d.Contacts {
		p, err := AddContact(tx, c.ID, pd, "/contacts/"+strconv.Itoa(i))
		if err != nil {
			return c, err
		}
		c.Contacts = append(c.Contacts, p)
	}
	return c, nil
}

// AddContact adds a person to a client. pointer is where the person stands in the request, for the error.
func AddContact(tx *db.Tx, clientID uuid.UUID, d ContactDraft, pointer string) (Contact, error) {
	now := tx.Now()
	p := Contact{
		ID: uuid.Must(uuid.NewV7()), ClientID: clientID, FirstName: strings.TrimSpace(d.FirstName), LastName: strings.TrimSpace(d.LastName),
		Salutation: strings.TrimSpace(d.Salutation), Email: strings.TrimSpace(d.Email), Mobile: strings.TrimSpace(d.Mobile), Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if err := p.check(pointer); err != nil {
		return p, err
	}
	tx.Queue(`INSERT INTO contacts (id, client_id, first_name, last_name, salutation, email, mobile, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`, p.ID, p.ClientID, p.FirstName, p.LastName, p.Salutation, p.Email, p.Mobile, now)
	return p, nil
}

// list returns a page and one row more, so that the caller knows whether there is a next page.
func list(tx *db.Tx, f Filter) ([]Client, error) {
	q := tx.Table("clients").Select(fields).Where("archived_at IS NULL")
	if f.After.ID != uuid.Nil {
		if f.After.IsTest {
			q = q.Where("(NOT is_test OR (lower(name), id) > (?, ?))", f.After.Name, f.After.ID)
		} else {
			q = q.Where("NOT is_test AND (lower(name), id) > (?, ?)", f.After.Name, f.After.ID)
		}
	}
	if word := strings.TrimSpace(f.Q); word != "" {
		like := "%" + escapeLike.Replace(word) + "%"
		q = q.Where(`(name ILIKE ? OR EXISTS (SELECT 1 FROM contacts p WHERE p.organisation_id = clients.organisation_id AND p.client_id = clients.id
			AND (p.first_name || ' ' || p.last_name ILIKE ? OR p.email ILIKE ?)))`, like, like, like)
	}
	var cs []Client
	err := q.Order("is_test DESC, lower(name), id").Limit(f.Limit + 1).Scan(&cs).Error
	return cs, err
}

// escapeLike takes the meaning from the signs that ILIKE reads as wildcards.
var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func withContacts(tx *db.Tx, cs []Client) error {
	if len(cs) == 0 {
		return nil
	}
	at := make(map[uuid.UUID]int, len(cs))
	ids := make([]uuid.UUID, len(cs))
	for i := range cs {
		cs[i].Contacts = []Contact{}
		at[cs[i].ID], ids[i] = i, cs[i].ID
	}
	var ps []Contact
	if err := tx.Raw(`SELECT `+contactFields+` FROM contacts WHERE client_id IN ? ORDER BY client_id, id`, ids).Scan(&ps).Error; err != nil {
		return err
	}
	for _, p := range ps {
		i := at[p.ClientID]
		cs[i].Contacts = append(cs[i].Contacts, p)
	}
	return nil
}

// expireLinks ends the links that were sent to an address that is no longer the contact's: whoever reads mail there may be
// somebody else. They can be renewed, to the new address. Who has no address at the client got theirs with the others'.
func expireLinks(tx *db.Tx, p Contact, now time.Time) error {
	return tx.Exec(`UPDATE password_links SET expires_at = ? WHERE used_at IS NULL AND replaced_at IS NULL AND coalesce(expires_at > ?, true)
		AND member_id IN (SELECT m.id FROM portal_members m JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
			WHERE c.id = ? OR c.client_id = ? AND c.email = '')`, now, now, p.ID, p.ClientID).Error
}

// lock keeps a row from changing until the transaction ends.
func lock(tx *db.Tx, table string, id uuid.UUID) error {
	return tx.Exec(map[string]string{
		"clients":  `SELECT 1 FROM clients WHERE id = ? FOR UPDATE`,
		"contacts": `SELECT 1 FROM contacts WHERE id = ? FOR UPDATE`,
	}[table], id).Error
}
