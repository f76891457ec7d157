package client

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// Service holds the use cases on clients and their contacts.
type Service struct {
	DB  *db.DB
	Now func() time.Time
}

// Cursor says where c stands in the list.
func (c Client) Cursor() Cursor {
	return Cursor{IsTest: c.IsTest, Name: strings.ToLower(c.Name), ID: c.ID}
}

// spare is more than the colleagues whose test clients are left out of a page.
const spare = 300

// List returns a page of clients, the test client of who asks first (D1), and whether there are more.
func (s *Service) List(ctx context.Context, f Filter) ([]Client, bool, error) {
	who, err := authz.From(ctx)
	if err != nil {
		return nil, false, err
	}
	f.For = who.ID
	found, err := db.Search(ctx, s.DB, authz.ClientRead, "clients", f.Q, db.MostByName)
	if err != nil {
		return nil, false, err
	}
	if found != nil {
		found.From(f.After.ID, f.Limit+spare)
	}
	list, err := db.ReadBatch(ctx, s.DB, authz.ClientRead, func(b *pgx.Batch, out *[]Client) { queueList(b, f, found, out) })
	if err != nil || len(list) <= f.Limit {
		return list, false, err
	}
	return list[:f.Limit], true, nil
}

// Get returns one client with its contacts.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (Client, error) {
	return db.Read(ctx, s.DB, authz.ClientRead, func(tx *db.Tx) (Client, error) { return Find(tx, id) })
}

// Create adds a client with its contacts.
func (s *Service) Create(ctx context.Context, d Draft) (Client, error) {
	return db.Write(ctx, s.DB, authz.ClientWrite, func(tx *db.Tx) (Client, event.Event, error) {
		c, err := Create(tx, d)
		return c, event.Of("client.created", c.ID).With("name", c.Name), err
	})
}

// Update changes a client. db.ErrStale: somebody else changed it since version.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int64, ch Change) (Client, error) {
	return db.Write(ctx, s.DB, authz.ClientWrite, func(tx *db.Tx) (Client, event.Event, error) {
		if err := lock(tx, "clients", id); err != nil {
			return Client{}, event.Event{}, err
		}
		c, err := Find(tx, id)
		if err != nil {
			return c, event.Event{}, err
		}
		if c.Version != version {
			return c, event.Event{}, tx.Stale(id)
		}
		if ch.Name != nil {
			c.Name = strings.TrimSpace(*ch.Name)
		}
		if ch.Kind != nil {
			c.Kind = *ch.Kind
		}
		if c.Name == "" {
			return c, event.Event{}, fault.OnField("/name", "required")
		}
		c.Version, c.UpdatedAt = c.Version+1, s.Now()
		err = tx.Exec(`UPDATE clients SET name = ?, kind = ?, version = ?, updated_at = ? WHERE id = ?`, c.Name, c.Kind, c.Version, c.UpdatedAt, id).Error
		return c, event.Of("client.changed", id), err
	})
}

// CreateContact adds a person to a client.
func (s *Service) CreateContact(ctx context.Context, clientID uuid.UUID, d ContactDraft) (Contact, error) {
	return db.Write(ctx, s.DB, authz.ClientWrite, func(tx *db.Tx) (Contact, event.Event, error) {
		if _, err := Find(tx, clientID); err != nil {
			return Contact{}, event.Event{}, err
		}
		p, err := AddContact(tx, clientID, d, "")
		return p, event.Of("contact.created", p.ID).With("name", p.Name()), err
	})
}

// UpdateContact changes a contact. The login stays what it is, also when the e-mail address was its username.
func (s *Service) UpdateContact(ctx context.Context, id uuid.UUID, version int64, ch ContactChange) (Contact, error) {
	return db.Write(ctx, s.DB, authz.ClientWrite, func(tx *db.Tx) (Contact, event.Event, error) {
		if err := lock(tx, "contacts", id); err != nil {
			return Contact{}, event.Event{}, err
		}
		p, err := FindContact(tx, id)
		if err != nil {
			return p, event.Event{}, err
		}
		if p.Version != version {
			return p, event.Event{}, tx.Stale(id)
		}
		p, err = ChangeContact(tx, id, ch)
		return p, event.Of("contact.changed", id), err
	})
}

// ChangeContact changes a contact within another use case. The version of its logins, which show name and address, goes up with those. Codes
// and links go to the address and the number, so who changes one of them must have given a password or code a moment ago.
func ChangeContact(tx *db.Tx, id uuid.UUID, ch ContactChange) (Contact, error) {
	p, err := FindContact(tx, id)
	if err != nil {
		return p, err
	}
	old := p
	set := func(to, from *string) {
		if from != nil {
			*to = strings.TrimSpace(*from)
		}
	}
	set(&p.FirstName, ch.FirstName)
	set(&p.LastName, ch.LastName)
	set(&p.Salutation, ch.Salutation)
	set(&p.Email, ch.Email)
	set(&p.Mobile, ch.Mobile)
	if err := p.check(""); err != nil {
		return p, err
	}
	if p.Email != old.Email || p.Mobile != old.Mobile {
		if err := tx.Fresh(); err != nil {
			return p, err
		}
	}
	now := tx.Now()
	p.Version, p.UpdatedAt = p.Version+1, now
	if p.Email != old.Email {
		if err := expireLinks(tx, p, now); err != nil {
			return p, err
		}
	}
	err = tx.Exec(`UPDATE contacts SET first_name = ?, last_name = ?, salutation = ?, email = ?, mobile = ?, version = ?, updated_at = ? WHERE id = ?`,
		p.FirstName, p.LastName, p.Salutation, p.Email, p.Mobile, p.Version, p.UpdatedAt, id).Error
	if err != nil || p.FirstName == old.FirstName && p.LastName == old.LastName && p.Email == old.Email {
		return p, err
	}
	return p, tx.Exec(`UPDATE portal_members SET version = version + 1, updated_at = ? WHERE contact_id = ?`, now, id).Error
}

// Name is how a contact is called in full.
func (p Contact) Name() string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

// check says which values are wrong; prefix is where the contact stands in the request.
func (p Contact) check(prefix string) error {
	switch {
	case p.FirstName == "":
		return fault.OnField(prefix+"/firstName", "required")
	case p.LastName == "":
		return fault.OnField(prefix+"/lastName", "required")
	case p.Email != "" && !ValidEmail(p.Email):
		return fault.OnField(prefix+"/email", "email")
	}
	return nil
}

// ValidEmail reports whether s is one bare e-mail address to which mail can be sent.
func ValidEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || strings.ContainsAny(s, "\r\n\t \"<>,;") {
		return false
	}
	local, domain, _ := strings.Cut(s, "@")
	return len(local) <= 64 && domain != "" && !strings.HasPrefix(domain, "[")
}
