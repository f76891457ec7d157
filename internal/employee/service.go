package employee

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/organisation"
)

// Service holds the use cases on employees.
type Service struct {
	DB            *db.DB
	Now           func() time.Time
	Organisations *organisation.Service
}

// Cursor says where v stands in the list.
func (v View) Cursor() Cursor { return Cursor{Name: sortName(v.Employee), ID: v.ID} }

func sortName(e Employee) string { return strings.ToLower(e.LastName + " " + e.FirstName) }

// List returns colleagues after a cursor, by last name, and whether there are more.
func (s *Service) List(ctx context.Context, f Filter) ([]View, bool, error) {
	list, err := db.Read(ctx, s.DB, authz.EmployeeRead, func(tx *db.Tx) ([]View, error) {
		return views(tx, s.Now(), `WHERE (e.archived_at IS NOT NULL) = ? AND (lower(e.last_name || ' ' || e.first_name), e.id) > (?, ?)
			ORDER BY lower(e.last_name || ' ' || e.first_name), e.id LIMIT ?`, f.Archived, f.After.Name, f.After.ID, f.Limit+1)
	})
	if err != nil || len(list) <= f.Limit {
		return list, false, err
	}
	return list[:f.Limit], true, nil
}

// Get returns one colleague.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (View, error) {
	return db.Read(ctx, s.DB, authz.EmployeeRead, func(tx *db.Tx) (View, error) { return Look(tx, s.Now(), id) })
}

// Me returns the employee who is signed in, with the office and the figures in the navigation.
func (s *Service) Me(ctx context.Context) (Me, error) {
	return db.Read(ctx, s.DB, authz.EmployeeRead, func(tx *db.Tx) (Me, error) {
		e, ends, err := findMe(tx)
		if err != nil {
			return Me{}, err
		}
		o, err := organisation.Mine(tx)
		if err != nil {
			return Me{}, err
		}
		me := Me{
			Employee: e, SessionEnds: ends, Permissions: held(tx.Actor.Grants),
			Organisation: MyOrganisation{ID: o.ID, Slug: o.Slug, Name: o.Name, PortalURL: s.Organisations.PortalURL(o.Slug)},
		}
		if tx.Actor.May(authz.ActionPointRead) {
			var n int
			// A test client is left out of every figure (D1).
			err = tx.Raw(`SELECT count(*) FROM action_points a
				JOIN dossiers d ON d.organisation_id = a.organisation_id AND d.id = a.dossier_id
				JOIN clients c ON c.organisation_id = d.organisation_id AND c.id = d.client_id
				WHERE a.state = 'submitted' AND NOT c.is_test`).Scan(&n).Error
			me.ToReview = &n
		}
		return me, err
	})
}

// Update changes a colleague. db.ErrStale: somebody else did since version. ErrLastAdmin: nobody would be left who can repair anything.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int64, ch Change) (View, error) {
	return db.Write(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) (View, event.Event, error) {
		e, err := lock(tx, id, version)
		if err != nil {
			return View{}, event.Event{}, err
		}
		now, what := s.Now(), event.Of("employee.changed", id)
		was := e
		if err := e.introduce(ch); err != nil {
			return View{}, event.Event{}, err
		}
		if ch.Role != nil && *ch.Role != e.Role {
			what = event.Of("employee.role_changed", id).With("from", string(e.Role)).With("to", string(*ch.Role))
			e.Role = *ch.Role
		}
		if ch.Blocked != nil && *ch.Blocked != (e.BlockedAt != nil) {
			if *ch.Blocked {
				e.BlockedAt, what = &now, event.Of("employee.blocked", id)
			} else {
				e.BlockedAt, what = nil, event.Of("employee.unblocked", id)
			}
		}
		err = tx.Exec(`UPDATE employees SET first_name = ?, last_name = ?, job_title = ?, phone = ?, role = ?, blocked_at = ?,
			version = version + 1, updated_at = ? WHERE id = ?`, e.FirstName, e.LastName, e.JobTitle, e.Phone, e.Role, e.BlockedAt, now, id).Error
		if err != nil {
			return View{}, event.Event{}, err
		}
		if e.Role != was.Role || e.BlockedAt != was.BlockedAt {
			if err := AdminLeft(tx, was); err != nil {
				return View{}, event.Event{}, err
			}
		}
		if e.Role != was.Role {
			all, err := rights(tx)
			if err != nil {
				return View{}, event.Event{}, err
			}
			for _, r := range all.Roles {
				if r.Role != e.Role {
					continue
				}
				if err := endViews(tx, now, r.Permissions, `v.employee_id = ?`, id); err != nil {
					return View{}, event.Event{}, err
				}
			}
		}
		if e.BlockedAt != nil {
			if err := EndSessions(tx, id, uuid.Nil, now); err != nil {
				return View{}, event.Event{}, err
			}
		}
		v, err := Look(tx, now, id)
		return v, what, err
	})
}

// introduce changes how a colleague is called and reached.
func (e *Employee) introduce(ch Change) error {
	for _, f := range []struct {
		pointer string
		from    *string
		to      *string
		needed  bool
	}{
		{"/firstName", ch.FirstName, &e.FirstName, true},
		{"/lastName", ch.LastName, &e.LastName, true},
		{"/jobTitle", ch.JobTitle, &e.JobTitle, false},
		{"/phone", ch.Phone, &e.Phone, false},
	} {
		if f.from == nil {
			continue
		}
		if *f.to = strings.TrimSpace(*f.from); *f.to == "" && f.needed {
			return fault.OnField(f.pointer, "required")
		}
	}
	return nil
}

// UpdateMe changes how the one who acts is called and reached. The address to sign in with, the role and everything else are an
// administrator's. db.ErrStale: somebody else changed it since version.
func (s *Service) UpdateMe(ctx context.Context, version int64, ch Change) error {
	_, err := db.Write(ctx, s.DB, authz.EmployeeRead, func(tx *db.Tx) (bool, event.Event, error) {
		id := tx.Actor.ID
		e, err := Find(tx, id)
		if err != nil {
			return false, event.Event{}, err
		}
		if err := e.introduce(ch); err != nil {
			return false, event.Event{}, err
		}
		res := tx.Exec(`UPDATE employees SET first_name = ?, last_name = ?, job_title = ?, phone = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ?`,
			e.FirstName, e.LastName, e.JobTitle, e.Phone, s.Now(), id, version)
		if res.Error == nil && res.RowsAffected == 0 {
			return false, event.Event{}, tx.Stale(id)
		}
		return true, event.Of("employee.changed", id), res.Error
	})
	return err
}

// Archive puts a colleague away who left: the sessions end at once, links and credentials are forgotten, and what they did keeps their name.
func (s *Service) Archive(ctx context.Context, id uuid.UUID, version int64) error {
	_, err := db.Write(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) (bool, event.Event, error) {
		e, err := lock(tx, id, version)
		if err != nil {
			return false, event.Event{}, err
		}
		now := s.Now()
		if err := tx.Exec(`UPDATE employees SET archived_at = ?, version = version + 1, updated_at = ? WHERE id = ?`, now, now, id).Error; err != nil {
			return false, event.Event{}, err
		}
		if err := AdminLeft(tx, e); err != nil {
			return false, event.Event{}, err
		}
		return true, event.Of("employee.archived", id), Forget(tx, id, now)
	})
	return err
}

// lock returns a colleague who is about to change.
func lock(tx *db.Tx, id uuid.UUID, version int64) (Employee, error) {
	e, err := Lock(tx, id)
	switch {
	case err != nil:
		return e, err
	case e.Version != version:
		return e, tx.Stale(id)
	case e.ArchivedAt != nil:
		return e, ErrArchived
	}
	return e, nil
}
