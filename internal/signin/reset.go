package signin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/mailer"
	"voordeur/internal/member"
	"voordeur/internal/sealed"
)

// The faults of a reset.
var (
	ErrResetRunning    = fault.New(fault.Conflict, "reset-running", "The second factor is being taken away already.")
	ErrResetNotRunning = fault.New(fault.Conflict, "reset-not-running", "The second factor is not being taken away.")
	errNoAddress       = fault.New(fault.Conflict, "no-address", "There is no e-mail address to tell the customer.")
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
		// Passkeys live in the telephone that is gone.
		if err := tx.Exec(`DELETE FROM passkeys WHERE member_id = ?`, memberID).Error; err != nil {
			return false, event.Event{}, err
		}
		return true, event.Of("second_factor.reset", memberID), s.tell(tx, memberID, Notice{What: NoticeResetDone})
	})
	return err
}

// StartReset begins to take the second step away from a customer who can give no code any more (C7). It happens a day later, and
// the customer is told at once and can stop it: without an address to tell, nothing begins. Nobody at the office can hurry it.
func (s *Service) StartReset(ctx context.Context, memberID uuid.UUID) (member.View, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) (member.View, event.Event, error) {
		fail := func(err error) (member.View, event.Event, error) { return member.View{}, event.Event{}, err }
		if _, err := member.Lock(tx, memberID); err != nil {
			return fail(err)
		}
		v, err := member.Find(tx, s.Now(), memberID)
		switch {
		case err != nil:
			return fail(err)
		case !v.SecondFactor && v.Passkeys == 0:
			return fail(ErrFactorOff)
		case v.ResetDueAt != nil:
			return fail(ErrResetRunning)
		}
		to, err := Recipient(tx, memberID)
		if err != nil || to == "" {
			return fail(orElse(err, errNoAddress))
		}
		id, now := uuid.Must(uuid.NewV7()), s.Now()
		token := sealed.Token(s.Key, "factor-reset", id.String())
		sum := sha256.Sum256(token[:])
		err = tx.Exec(`INSERT INTO factor_resets (id, member_id, requested_by, requested_at, due_at, token_hash) VALUES (?, ?, ?, ?, ?, ?)`,
			id, memberID, tx.Actor.ID, now, now.Add(ResetDelay), sum[:]).Error
		if err != nil {
			return fail(err)
		}
		if _, err := mailer.Enqueue(tx, mailer.Mail{Kind: MailSecurity, Recipient: to, Payload: Notice{Member: memberID, What: NoticeResetBegun, At: now, Reset: id}}); err != nil {
			return fail(err)
		}
		v, err = member.Find(tx, now, memberID)
		return v, event.Of("second_factor.reset_begun", memberID), err
	})
}

// StopReset lets the office stop what it began.
func (s *Service) StopReset(ctx context.Context, memberID uuid.UUID) (member.View, error) {
	return db.Write(ctx, s.DB, authz.MemberWrite, func(tx *db.Tx) (member.View, event.Event, error) {
		if _, err := member.Lock(tx, memberID); err != nil {
			return member.View{}, event.Event{}, err
		}
		if err := s.stop(tx, memberID, "office"); err != nil {
			return member.View{}, event.Event{}, err
		}
		v, err := member.Find(tx, s.Now(), memberID)
		return v, event.Of("second_factor.reset_stopped", memberID).With("by", "office"), err
	})
}

// StopMyReset lets a customer who is signed in stop it.
func (s *Service) StopMyReset(ctx context.Context) error {
	who, err := authz.From(ctx)
	if err != nil {
		return err
	}
	return s.stopForCustomer(ctx, who.Organisation, who.ID)
}

// StopResetByLink lets whoever got the mail stop it, signed in or not.
func (s *Service) StopResetByLink(ctx context.Context, raw string) error {
	hash, ok := linkHash(raw)
	if !ok {
		return ErrLinkUnknown
	}
	type row struct{ OrganisationID, MemberID uuid.UUID }
	r, err := db.System(ctx, s.DB, "factor reset of a token", func(tx *db.Tx) (row, error) {
		var r row
		err := tx.Raw(`SELECT organisation_id, member_id FROM factor_resets WHERE token_hash = ?`, hash).Scan(&r).Error
		if err == nil && r.MemberID == uuid.Nil {
			err = ErrLinkUnknown
		}
		return r, err
	})
	if err != nil {
		return err
	}
	return s.stopForCustomer(ctx, r.OrganisationID, r.MemberID)
}

func (s *Service) stopForCustomer(ctx context.Context, organisation, memberID uuid.UUID) error {
	_, err := db.Write(asVisitor(ctx, organisation, memberID), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		if err := s.stop(tx, memberID, "customer"); err != nil {
			return false, event.Event{}, err
		}
		return true, event.Of("second_factor.reset_stopped", memberID).With("by", "customer"), nil
	})
	return err
}

func (s *Service) stop(tx *db.Tx, memberID uuid.UUID, by string) error {
	res := tx.Exec(`UPDATE factor_resets SET stopped_at = ?, stopped_by = ? WHERE member_id = ? AND stopped_at IS NULL AND done_at IS NULL`, s.Now(), by, memberID)
	if res.Error != nil || res.RowsAffected == 0 {
		return orElse(res.Error, ErrResetNotRunning)
	}
	return s.tell(tx, memberID, Notice{What: NoticeResetStopped})
}
