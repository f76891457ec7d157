package dossier

import (
	"context"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/client"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// ErrHasTestClient is returned to an employee who has a test client already.
var ErrHasTestClient = fault.New(fault.Conflict, "has-test-client", "You have a test client already.")

// CreateTestClient makes the employee who acts a customer (D1): a client of its own with a login and a dossier in which something is
// asked, to try the portal with. It is left out of every figure. ErrHasTestClient: there is one.
func (s *Service) CreateTestClient(ctx context.Context) (uuid.UUID, error) {
	return db.Write(ctx, s.DB, authz.DossierWrite, func(tx *db.Tx) (uuid.UUID, event.Event, error) {
		me := tx.Actor.ID
		var self struct{ FirstName, LastName, Email string }
		if err := tx.Raw(`SELECT first_name, last_name, email FROM employees WHERE id = ?`, me).Scan(&self).Error; err != nil {
			return uuid.Nil, event.Event{}, err
		}
		var have bool
		if err := tx.Raw(`SELECT EXISTS (SELECT 1 FROM clients WHERE test_of_id = ? AND archived_at IS NULL)`, me).Scan(&have).Error; err != nil || have {
			if have {
				err = ErrHasTestClient
			}
			return uuid.Nil, event.Event{}, err
		}
		// Its address is the login's name too, unless somebody has that already: then the name is.
		username := self.Email
		if free, err := usernameFree(tx, username); err != nil || !free {
			if err != nil {
				return uuid.Nil, event.Event{}, err
			}
			username = usernameOf(client.Contact{FirstName: "test", LastName: self.FirstName + self.LastName + me.String()[30:]})
		}
		d, err := s.create(tx, Draft{
			ClientName: "Testklant " + self.FirstName + " " + self.LastName, ClientKind: client.Person, TestOfID: &me, AdviserID: me,
			Products:   []ProductDraft{{Kind: Mortgage, Name: "Hypotheek"}},
			Applicants: []ApplicantDraft{{FirstName: self.FirstName, LastName: self.LastName, Email: self.Email, Username: username}},
			Questions:  s.Usual(Mortgage),
		})
		return d.ClientID, event.Of("client.created", d.ClientID).With("name", d.Name).With("test", true), err
	})
}
