package invitation_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"voordeur/internal/client"
	"voordeur/internal/member"
)

// TestOneLoginPerContact shows that of many employees who give a contact a login at once, each under another name, one does.
func TestOneLoginPerContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, err := w.Office.Clients.Create(w.office(), client.Draft{Name: "Race", Kind: client.Household, Contacts: []client.ContactDraft{{FirstName: "Noor", LastName: "Smit"}}})
	if err != nil {
		t.Fatal(err)
	}
	var made atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			_, err := w.Office.Invitations.CreateMember(w.office(), member.Draft{
				ClientID: c.ID, ContactID: &c.Contacts[0].ID, Username: "noor." + strconv.Itoa(i), DossierIDs: []uuid.UUID{},
			})
			if err == nil {
				made.Add(1)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("%d logins for one contact", made.Load())
	}
}
