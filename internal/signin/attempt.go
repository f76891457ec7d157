package signin

import (
	"context"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
)

// errTooMany is returned with the time to wait.
var errTooMany = fault.New(fault.TooMany, "too-many-attempts", "Too many attempts. Wait a moment.")

// Limits are how often somebody may try. They count what was wrong: who signs in well is never held up.
type Limits struct {
	Account       int           // tries per account in a window
	AccountWindow time.Duration // doubles each time it is used up, to an hour at most: never a lock for good
	Address       int           // tries per address on the internet
	AddressWindow time.Duration
	Reset         int // links asked for per account
	ResetWindow   time.Duration
	Code          int // codes asked for per account
	CodeWindow    time.Duration
	CodeDay       int // the same in a day
	Texts         int // text messages in a day: those of an office
	TextsTo       int // and those to one number
}

// DefaultLimits are those of the threat model.
var DefaultLimits = Limits{
	Account: 5, AccountWindow: 15 * time.Minute, Address: 30, AddressWindow: 10 * time.Minute, Reset: 3, ResetWindow: time.Hour,
	Code: 3, CodeWindow: 15 * time.Minute, CodeDay: 10, Texts: 300, TextsTo: 10,
}

type allowance struct {
	key    string
	limit  int
	window time.Duration
	grows  bool
}

// maxWindow bounds the growing wait.
const maxWindow = time.Hour

// count takes one try from each allowance, in a transaction of its own, before anything is checked: fifty guesses at once are fifty
// rows in a queue, not fifty looks at the same number. It returns errTooMany when one of them is used up, and then takes nothing of
// the others: an address that has no tries left cannot go on using up the tries of everybody's account.
func (s *Service) count(ctx context.Context, organisation uuid.UUID, all ...allowance) error {
	_, err := db.Write(asVisitor(ctx, organisation, uuid.Nil), s.DB, authz.SignIn, func(tx *db.Tx) (bool, event.Event, error) {
		for _, a := range all {
			wait, err := a.take(tx, s.Now())
			if err == nil && wait > 0 {
				err = errTooMany.After(wait)
			}
			if err != nil {
				return false, event.Event{}, err
			}
		}
		return true, event.None, nil
	})
	return err
}

// take counts one try, or says how long to wait. A try that is refused is not counted, so nobody is kept out for longer by others.
func (a allowance) take(tx *db.Tx, now time.Time) (time.Duration, error) {
	err := tx.Exec(`INSERT INTO attempts (key, window_start, count) VALUES (?, ?, 0) ON CONFLICT (organisation_id, key) DO NOTHING`, a.key, now).Error
	if err != nil {
		return 0, err
	}
	var row struct {
		WindowStart time.Time
		Count       int
	}
	if err := tx.Raw(`SELECT window_start, count FROM attempts WHERE key = ? FOR UPDATE`, a.key).Scan(&row).Error; err != nil {
		return 0, err
	}
	start, count, wait := a.next(row.WindowStart, row.Count, now)
	if wait > 0 {
		return wait, nil
	}
	return 0, tx.Exec(`UPDATE attempts SET window_start = ?, count = ? WHERE key = ?`, start, count, a.key).Error
}

// next is the arithmetic of take. count goes on over windows that were used up, so that the next wait is longer.
func (a allowance) next(start time.Time, count int, now time.Time) (time.Time, int, time.Duration) {
	used := count > 0 && count%a.limit == 0
	block := max(1, (count+a.limit-1)/a.limit) // how many windows in a row
	length := a.window
	if a.grows {
		for i := 1; i < block && length < maxWindow; i++ {
			length *= 2
		}
		length = min(length, max(maxWindow, a.window))
	}
	passed := now.Sub(start)
	switch {
	case used && passed < length:
		return start, count, length - passed
	case used && a.grows && passed < length+24*time.Hour:
		return now, count + 1, 0
	case used, passed >= length, count == 0:
		return now, 1, 0
	}
	return start, count + 1, 0
}

// forgive gives back what a sign-in that succeeded had taken; a known device takes nothing of its address.
func forgive(tx *db.Tx, account, address string) error {
	if err := tx.Exec(`DELETE FROM attempts WHERE key = ?`, account).Error; err != nil {
		return err
	}
	if address == "" {
		return nil
	}
	return tx.Exec(`UPDATE attempts SET count = count - 1 WHERE key = ? AND count > 0`, address).Error
}

func (s *Service) accountAllowance(key string) allowance {
	return allowance{key: key, limit: s.Limits.Account, window: s.Limits.AccountWindow, grows: true}
}

func (s *Service) addressAllowance(key string) allowance {
	return allowance{key: key, limit: s.Limits.Address, window: s.Limits.AddressWindow}
}

func asVisitor(ctx context.Context, organisation, id uuid.UUID) context.Context {
	a := authz.VisitorOf(organisation)
	a.ID = id
	return authz.With(ctx, a)
}
