package client

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/db"
	"voordeur/internal/fault"
)

const (
	fields        = `id, name, kind, is_test, test_of_id, version, created_at, updated_at, archived_at`
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
	var people []Contact
	err := tx.Raw(`SELECT `+contactFields+` FROM contacts WHERE client_id = ? ORDER BY id`, id).Scan(&people).Error
	assign(cs, people)
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
	c := Client{ID: uuid.Must(uuid.NewV7()), Name: strings.TrimSpace(d.Name), Kind: d.Kind, IsTest: d.IsTest, TestOfID: d.TestOfID, Version: 1, CreatedAt: now, UpdatedAt: now, Contacts: []Contact{}}
	if c.Name == "" {
		return c, fault.OnField("/name", "required")
	}
	if c.Kind == "" {
		c.Kind = Household
	}
	tx.Queue(`INSERT INTO clients (id, name, kind, is_test, test_of_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $6, $5, $5)`, c.ID, c.Name, c.Kind, c.IsTest, now, c.TestOfID)
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

// queueList reads a page and one row more, so that the caller knows whether there is a next page.
func queueList(b *pgx.Batch, f Filter, found *db.Found, out *[]Client) {
	where, args := []string{"organisation_id = app.organisation()", "archived_at IS NULL"}, []any{f.Limit + 1}
	and := func(condition string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		where = append(where, condition)
	}
	and("(test_of_id IS NULL OR test_of_id = ?)", f.For)
	switch {
	case f.After.ID == uuid.Nil:
	case f.After.IsTest:
		and("(NOT is_test OR (lower(name), id) > (?, ?))", f.After.Name, f.After.ID)
	default:
		and("NOT is_test AND (lower(name), id) > (?, ?)", f.After.Name, f.After.ID)
	}
	if found != nil {
		found.Prepare(b)
		and(found.Condition("clients"))
	}
	page := ` FROM clients WHERE ` + strings.Join(where, " AND ") + ` ORDER BY is_test DESC, lower(name), id LIMIT $1`
	b.Queue(`SELECT `+fields+page, args...).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[Client])
		*out = all
		return err
	})
	b.Queue(`SELECT `+contactFields+` FROM contacts WHERE organisation_id = app.organisation() AND client_id IN (SELECT id`+page+`) ORDER BY client_id, id`,
		args...).Query(func(rows pgx.Rows) error {
		people, err := pgx.CollectRows(rows, pgx.RowToStructByName[Contact])
		assign(*out, people)
		return err
	})
}

// assign gives each client its contacts.
func assign(cs []Client, people []Contact) {
	at := make(map[uuid.UUID]int, len(cs))
	for i := range cs {
		cs[i].Contacts, at[cs[i].ID] = []Contact{}, i
	}
	for _, p := range people {
		if i, ok := at[p.ClientID]; ok {
			cs[i].Contacts = append(cs[i].Contacts, p)
		}
	}
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
