package signin

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/sealed"
)

// ResetDelay is how long a customer can stop the office from taking the second step away.
const ResetDelay = 24 * time.Hour

// ResetToken is what stands in the address that stops a reset. The key makes it from the id, so nothing is stored.
func ResetToken(key sealed.Key, reset uuid.UUID) string {
	t := sealed.Token(key, "factor-reset", reset.String())
	return base64.RawURLEncoding.EncodeToString(t[:])
}

// finishReset takes the second step away from a customer whose reset was not stopped in time (C7). It runs when the customer
// gives the first factor: nothing needs to happen before.
func (s *Service) finishReset(ctx context.Context, organisation, memberID uuid.UUID) error {
	visitor := asVisitor(ctx, organisation, memberID)
	due, err := db.Read(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (bool, error) {
		var n int64
		err := tx.Raw(`SELECT count(*) FROM factor_resets WHERE member_id = ? AND stopped_at IS NULL AND done_at IS NULL AND due_at <= ?`, memberID, s.Now()).Scan(&n).Error
		return n > 0, err
	})
	if err != nil || !due {
		return err
	}
	_, err = db.Write(visitor, s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		res := tx.Exec(`UPDATE factor_resets SET done_at = ? WHERE member_id = ? AND stopped_at IS NULL AND done_at IS NULL AND due_at <= ?`, s.Now(), memberID, s.Now())
		if res.Error != nil || res.RowsAffected == 0 {
			return false, event.None, res.Error
		}
		if err := dropFactor(tx, memberID); err != nil {
			return false, event.Event{}, err
		}
		return true, event.Of("second_factor.reset", memberID), s.tell(tx, memberID, Notice{What: NoticeResetDone})
	})
	return err
}
