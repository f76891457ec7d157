package signin

import (
	"time"

	"voordeur/internal/authz"
	"voordeur/internal/db"
)

// mostSessions is how many sessions an account has at once: enough for every device of one person.
const mostSessions = 10

// begin opens a session, and ends the oldest of the account beyond the most it may have. Half sessions, which take a password only,
// do not count: they push nobody out.
func begin(tx *db.Tx, now time.Time, in newSession, actor authz.Actor) (Session, error) {
	s, err := open(tx, now, in, actor)
	if err != nil {
		return s, err
	}
	return s, tx.Exec(`UPDATE sessions SET ended_at = ? WHERE organisation_id = ? AND id IN (
			SELECT id FROM sessions WHERE organisation_id = ? AND (employee_id = ? OR member_id = ?) AND stage = 'full' AND ended_at IS NULL AND expires_at > ?
			ORDER BY created_at DESC, id DESC OFFSET ?)`,
		now, actor.Organisation, actor.Organisation, in.employee, in.member, now, mostSessions).Error
}
