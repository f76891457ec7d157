package live_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/event"
)

// TestHiddenDocumentIsNotHeardOf: a customer does not learn, now or on coming back, that the office keeps a document to itself.
func TestHiddenDocumentIsNotHeardOf(t *testing.T) {
	t.Parallel()
	s, base := open(t)
	document := func(visible bool) uuid.UUID {
		id := uuid.Must(uuid.NewV7())
		_, err := base.Root.Exec(`INSERT INTO documents (organisation_id, id, dossier_id, title, origin, visible, created_at, updated_at)
			VALUES ($1, $2, $3, 'Advies', 'office', $4, $5, $5)`, s.Organisation, id, s.Dossier, visible, clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	secret, shared := document(false), document(true)
	happens := func(name string, subject uuid.UUID) {
		_, err := db.Write(s.office(), s.door, authz.DocumentWrite, func(*db.Tx) (bool, event.Event, error) {
			return true, event.Of(name, subject).In(s.Dossier), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	hears := func(customer, office <-chan string) {
		t.Helper()
		wait(t, office, secret.String())
		late := time.After(5 * time.Second)
		for heard := false; !heard; {
			select {
			case text := <-customer:
				if strings.Contains(text, secret.String()) {
					t.Fatalf("the customer hears of a hidden document: %s", text)
				}
				heard = strings.Contains(text, shared.String())
			case <-late:
				t.Fatal("the customer hears of nothing")
			}
		}
	}
	office := listen(s.office(), t, s.hub, authz.DossierRead, "")
	customer := listen(s.customer(), t, s.hub, authz.PortalDossierRead, "")
	for _, name := range []string{"document.created", "document.updated"} {
		happens(name, secret)
	}
	happens("document.created", shared)
	hears(customer, office)
	hears(listen(s.customer(), t, s.hub, authz.PortalDossierRead, "1"), listen(s.office(), t, s.hub, authz.DossierRead, "1"))
	happens("document.hidden", secret) // who saw it must learn that it has gone
	wait(t, customer, secret.String())
}
