package invitation_test

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"voordeur/internal/client"
	"voordeur/internal/member"
	"voordeur/internal/signin"
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

// TestCorrectedAddress shows that a link that went to a wrong address is worth nothing once the office has put the address
// right, and that asking for another sends it to the right one.
func TestCorrectedAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.Office.Invitations.InviteMember(w.office(), w.Member); err != nil {
		t.Fatal(err)
	}
	stray := tokens(t, w.mails(t, 1)[0])[0]
	w.settled(t)
	var contact uuid.UUID
	var version int64
	err := w.Root.QueryRow(`SELECT c.id, c.version FROM contacts c JOIN portal_members m ON m.contact_id = c.id WHERE m.id = $1`, w.Member).Scan(&contact, &version)
	if err != nil {
		t.Fatal(err)
	}
	right := "right@example.test"
	if _, err := w.Office.Clients.UpdateContact(w.office(), contact, version, client.ContactChange{Email: &right}); err != nil {
		t.Fatal(err)
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), stray, good); !errors.Is(err, signin.ErrLinkExpired) {
		t.Fatalf("the stranger's link: %v", err)
	}
	if v := w.view(t, w.Member); v.Invitation == nil || v.Invitation.State != member.LinkExpired {
		t.Errorf("the office sees %+v", v.Invitation)
	}
	if err := w.Office.SignIn.RenewLink(t.Context(), stray); err != nil {
		t.Fatal(err)
	}
	renewed := w.mails(t, 2)[0]
	if renewed.To[0] != right {
		t.Fatalf("sent to %v", renewed.To)
	}
	if err := w.Office.SignIn.RedeemLink(t.Context(), tokens(t, renewed)[0], good); err != nil {
		t.Error(err)
	}
}
