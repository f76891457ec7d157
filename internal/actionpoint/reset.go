package actionpoint

import (
	"context"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// ErrNotTest is returned for a client whose dossiers are real, or that a colleague tries the portal with.
var ErrNotTest = fault.New(fault.Conflict, "not-your-test-client", "Only a test client of your own can be put back to the start.")

// What resetting does, in this order. Nothing is lost: what was handed in is withdrawn and its files are archived, as a customer does.
var resets = []string{
	`UPDATE submissions SET withdrawn_at = coalesce(withdrawn_at, $2), verdict = NULL, verdict_code = NULL, verdict_reason = '', verdict_by = NULL, verdict_by_program = NULL,
		verdict_at = NULL WHERE organisation_id = app.organisation() AND dossier_id IN (SELECT id FROM dossiers WHERE client_id = $1)`,
	`UPDATE documents SET archived_at = $2, updated_at = $2, version = version + 1 WHERE organisation_id = app.organisation()
		AND origin = 'customer' AND archived_at IS NULL AND dossier_id IN (SELECT id FROM dossiers WHERE client_id = $1)`,
	// The sweep throws away the bytes of uploads that are past their time.
	`UPDATE uploads SET expires_at = $2 WHERE organisation_id = app.organisation() AND state <> 'attached'
		AND member_id IN (SELECT id FROM portal_members WHERE client_id = $1) AND expires_at > $2`,
	`UPDATE action_points SET state = 'open', round = 1, reason_code = NULL, reason = '', reason_by = NULL, reason_by_program = NULL, reason_at = NULL, submitted_at = NULL,
		decided_at = NULL, version = version + 1, updated_at = $2
		WHERE organisation_id = app.organisation() AND dossier_id IN (SELECT id FROM dossiers WHERE client_id = $1)`,
	`UPDATE dossiers SET status = 'open', closed_at = NULL, activity_at = $2, version = version + 1, updated_at = $2
		WHERE organisation_id = app.organisation() AND client_id = $1`,
}

// ResetTestClient puts the dossiers of a test client back to the start: everything is asked and nothing was handed in. ErrNotTest.
func (s *Service) ResetTestClient(ctx context.Context, clientID uuid.UUID) error {
	_, err := db.Write(ctx, s.DB, authz.ActionPointWrite, func(tx *db.Tx) (struct{}, event.Event, error) {
		var mine *bool
		err := tx.Raw(`SELECT is_test AND (test_of_id IS NULL OR test_of_id = ?) FROM clients WHERE id = ? AND archived_at IS NULL FOR UPDATE`,
			tx.Actor.ID, clientID).Scan(&mine).Error
		switch {
		case err != nil:
			return struct{}{}, event.Event{}, err
		case mine == nil:
			return struct{}{}, event.Event{}, db.ErrNotFound
		case !*mine:
			return struct{}{}, event.Event{}, ErrNotTest
		}
		var dossiers []uuid.UUID
		// In this order, and locked before their action points, as everybody else does.
		if err := tx.Raw(`SELECT id FROM dossiers WHERE client_id = ? ORDER BY id FOR NO KEY UPDATE`, clientID).Scan(&dossiers).Error; err != nil {
			return struct{}{}, event.Event{}, err
		}
		for _, query := range resets {
			tx.Queue(query, clientID, s.Now())
		}
		for _, id := range dossiers {
			if err := tx.Record(event.Of("dossier.reset", id).In(id)); err != nil {
				return struct{}{}, event.Event{}, err
			}
		}
		return struct{}{}, event.Of("client.reset", clientID), nil
	})
	return err
}
