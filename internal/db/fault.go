package db

import (
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"voordeur/internal/fault"
)

// The faults every store can produce.
var (
	// ErrNotFound: it does not exist, or the actor may not see it; the two look the same.
	ErrNotFound = fault.New(fault.NotFound, "not-found", "It does not exist, or you may not see it.")
	// ErrForbidden: the actor does not hold the permission at all.
	ErrForbidden = fault.New(fault.Forbidden, "forbidden", "You may not do this.")
	// ErrConflict: something with this unique value exists.
	ErrConflict = fault.New(fault.Conflict, "conflict", "It already exists.")
	// ErrStale: the change names a version that is no longer the newest.
	ErrStale = fault.New(fault.Stale, "stale", "Somebody changed it in the meantime.")
	// ErrBusy: the database did not answer in time.
	ErrBusy = fault.New(fault.Unavailable, "busy", "It is busy just now; try again in a moment.")
)

// IsUnique reports whether err is a violation of the named unique constraint or index.
func IsUnique(err error, constraint string) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "23505" && pg.ConstraintName == constraint
}

// translate turns driver errors into faults; anything else passes unchanged.
// 42501 (row-level security or a missing GRANT) is not mapped: it is a bug or
// an attack, so it ends as an alarm.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound.Because(err)
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case "23505":
			return ErrConflict.Because(err)
		case "40001", "40P01", "57014", "53300": // still in each other's way, statement timeout, too many connections
			return ErrBusy.Because(err)
		}
	}
	return err
}

// mayRetry: nothing happened, and a second try may well succeed.
func mayRetry(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}

// isReadOnly: a transaction that may not write tried to.
func isReadOnly(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "25006"
}
