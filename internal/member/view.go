package member

import (
	"time"

	"github.com/google/uuid"

	"voordeur/internal/db"
	"voordeur/internal/event"
)

// ViewEnd is why an employee looks along no longer (B15).
type ViewEnd string

// The reasons.
const (
	ViewStopped        ViewEnd = "stopped"         // by the employee
	ViewExpired        ViewEnd = "expired"         // half an hour has passed
	ViewSignedOut      ViewEnd = "signed_out"      // the session of the employee is over
	ViewRightWithdrawn ViewEnd = "right_withdrawn" // from the role of the employee
	ViewMemberBlocked  ViewEnd = "member_blocked"  // or archived
	ViewReplaced       ViewEnd = "replaced"        // by a newer look of the same employee
)

// EndViews ends the looks that condition picks (v is the look), and writes down why.
func EndViews(tx *db.Tx, why ViewEnd, at time.Time, condition string, args ...any) error {
	var ended []struct {
		MemberID  uuid.UUID
		DossierID uuid.UUID
		StartedAt *time.Time
		Name      string
	}
	err := tx.Raw(`UPDATE portal_views v SET ended_at = ?, ended_why = ? FROM portal_members m JOIN contacts c ON c.organisation_id = m.organisation_id AND c.id = m.contact_id
		WHERE m.organisation_id = v.organisation_id AND m.id = v.member_id AND v.ended_at IS NULL AND `+condition+`
		RETURNING v.member_id, coalesce(v.dossier_id, '00000000-0000-0000-0000-000000000000') AS dossier_id, v.started_at, c.first_name || ' ' || c.last_name AS name`,
		append([]any{at, why}, args...)...).Scan(&ended).Error
	if err != nil {
		return err
	}
	for _, v := range ended {
		if v.StartedAt == nil { // a ticket that nobody used
			continue
		}
		if err := tx.Record(event.Of("portal_view.ended", v.MemberID).In(v.DossierID).With("member", v.Name).With("why", why)); err != nil {
			return err
		}
	}
	return nil
}
