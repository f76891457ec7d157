package live_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
)

// TestHiddenDocumentIsNotHeardOf: a customer does not learn, now or on coming back, that the office keeps a document to itself.
func TestHiddenDocumentIsNotHeardOf(t *testing.T) {
	t.Parallel()
	s, base := open(t)
	document := func(visible bool) uuid.UUID {
		id := uuid.Must(uuid.NewV7())
		_, err := base.Root.Exec(`INSERT INTO documents (organisation_id, id, dossier_id, title, origin, visible, filename, media_type, size, sha256, created_at, updated_at)
			VALUES ($1, $2, $3, 'Advies', 'office', $4, 'advies.pdf', 'application/pdf', 10, sha256('x'), $5, $5)`, s.Organisation, id, s.Dossier, visible, clock.Now())
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

// TestChosenDocument: of a document behind the key hears only who was chosen, now and on coming back; who loses or gains it hears that
// something changed about the own login, and which document it was only who may see it.
func TestChosenDocument(t *testing.T) {
	t.Parallel()
	s, base := open(t)
	_, partner, _ := dbtest.AddMember(t, base.Root, s.Organisation, s.Client, "Ruben")
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := base.Root.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO dossier_members (organisation_id, dossier_id, member_id) VALUES ($1, $2, $3)`, s.Organisation, s.Dossier, partner)
	secret, shared := dbtest.AddDocument(t, base.Root, s.Organisation, s.Dossier, true), dbtest.AddDocument(t, base.Root, s.Organisation, s.Dossier, true)
	exec(`UPDATE documents SET restricted = true WHERE id = $1`, secret)
	exec(`INSERT INTO document_members (organisation_id, document_id, member_id) VALUES ($1, $2, $3)`, s.Organisation, secret, s.Member)
	happens := func(name string, subject uuid.UUID, dossier uuid.UUID) {
		_, err := db.Write(s.office(), s.door, authz.DocumentWrite, func(*db.Tx) (bool, event.Event, error) {
			return true, event.Of(name, subject).In(dossier), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	other := dbtest.Member(s.Organisation, partner)
	hears := func(chosen, others <-chan string) {
		t.Helper()
		wait(t, chosen, secret.String())
		late := time.After(5 * time.Second)
		for heard := false; !heard; {
			select {
			case text := <-others:
				if strings.Contains(text, secret.String()) {
					t.Fatalf("who was not chosen hears of it: %s", text)
				}
				heard = strings.Contains(text, shared.String())
			case <-late:
				t.Fatal("the other hears of nothing")
			}
		}
	}
	chosen, others := listen(s.customer(), t, s.hub, authz.PortalMe, ""), listen(other, t, s.hub, authz.PortalMe, "")
	for _, name := range []string{"document.created", "document.hidden", "document.archived"} {
		happens(name, secret, s.Dossier)
	}
	happens("document.created", shared, s.Dossier)
	hears(chosen, others)
	hears(listen(s.customer(), t, s.hub, authz.PortalMe, "1"), listen(other, t, s.hub, authz.PortalMe, "1"))
	happens("portal_member.documents_changed", partner, uuid.Nil)
	wait(t, others, partner.String())
	wait(t, listen(other, t, s.hub, authz.PortalMe, "1"), partner.String())
}
