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

// TestLookIsNotHeardOf: neither the customer nor anybody else on the dossier is told live that an employee looks along; the stream of
// who does ends with the look.
func TestLookIsNotHeardOf(t *testing.T) {
	t.Parallel()
	s, base := open(t)
	session, view := dbtest.ID(), dbtest.ID()
	for _, query := range []string{
		`INSERT INTO sessions (organisation_id, id, token_hash, audience, employee_id, stage, created_at, last_seen_at, expires_at)
			VALUES ($1, $2, sha256($3::text::bytea), 'office', $4, 'full', $6::timestamptz, $6::timestamptz, $6::timestamptz + interval '1 hour') RETURNING $5::uuid`,
		`INSERT INTO portal_views (organisation_id, id, member_id, employee_id, office_session, reason, ticket_hash, token_hash, requested_at, started_at, expires_at)
			VALUES ($1, $3, $5, $4, $2, 'Mevrouw belt erover.', 'x', 'y', $6::timestamptz, $6::timestamptz, $6::timestamptz + interval '30 minutes')`,
	} {
		if _, err := base.Root.Exec(query, s.Organisation, session, view, s.Employee, s.Member, clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	looking := dbtest.Actor(s.Organisation, authz.Portal...)
	looking.ID, looking.Kind, looking.Session = s.Member, authz.Member, view
	looking.View = &authz.View{ID: view}
	office := listen(s.office(), t, s.hub, authz.DossierRead, "")
	customer := listen(s.customer(), t, s.hub, authz.PortalMe, "")
	along := listen(authz.With(t.Context(), looking), t, s.hub, authz.PortalMe, "")
	happens := func(name string, subject uuid.UUID) {
		t.Helper()
		_, err := db.Write(s.office(), s.door, authz.DossierWrite, func(*db.Tx) (bool, event.Event, error) {
			return true, event.Of(name, subject).In(s.Dossier), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	happens("portal_view.started", s.Member)
	happens("dossier.changed", s.Dossier)
	wait(t, office, "portal_view.started")
	for _, said := range []<-chan string{customer, along, listen(s.customer(), t, s.hub, authz.PortalMe, "1")} {
		for late, heard := time.After(5*time.Second), false; !heard; {
			select {
			case text := <-said:
				if strings.Contains(text, "portal_view") {
					t.Fatalf("the portal hears of it: %s", text)
				}
				heard = strings.Contains(text, "dossier.changed")
			case <-late:
				t.Fatal("the portal hears of nothing")
			}
		}
	}
	if _, err := base.Root.Exec(`UPDATE portal_views SET ended_at = now(), ended_why = 'stopped' WHERE id = $1`, view); err != nil {
		t.Fatal(err)
	}
	happens("portal_view.ended", s.Member)
	for late := time.After(5 * time.Second); ; {
		select {
		case _, more := <-along:
			if !more {
				return
			}
		case <-late:
			t.Fatal("the stream goes on after the look")
		}
	}
}
