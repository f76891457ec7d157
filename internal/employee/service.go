package employee

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/organisation"
)

// Service holds the use cases on employees.
type Service struct {
	DB            *db.DB
	Organisations *organisation.Service
}

const fields = `id, email, first_name, last_name, job_title, phone, role, blocked_at`

// Cursor says where e stands in the list.
func (e Employee) Cursor() Cursor { return Cursor{Name: sortName(e), ID: e.ID} }

func sortName(e Employee) string { return strings.ToLower(e.LastName + " " + e.FirstName) }

// List returns at most limit colleagues after a cursor, by last name, and whether there are more.
func (s *Service) List(ctx context.Context, after Cursor, limit int) ([]Employee, bool, error) {
	list, err := db.Read(ctx, s.DB, authz.EmployeeRead, func(tx *db.Tx) ([]Employee, error) {
		var es []Employee
		err := tx.Raw(`SELECT `+fields+` FROM employees
			WHERE (lower(last_name || ' ' || first_name), id) > (?, ?) ORDER BY lower(last_name || ' ' || first_name), id LIMIT ?`,
			after.Name, after.ID, limit+1).Scan(&es).Error
		return es, err
	})
	if err != nil || len(list) <= limit {
		return list, false, err
	}
	return list[:limit], true, nil
}

// Me returns the employee who is signed in, with the office and the figures in the navigation.
func (s *Service) Me(ctx context.Context) (Me, error) {
	return db.Read(ctx, s.DB, authz.EmployeeRead, func(tx *db.Tx) (Me, error) {
		e, err := Find(tx, tx.Actor.ID)
		if err != nil {
			return Me{}, err
		}
		o, err := organisation.Mine(tx)
		if err != nil {
			return Me{}, err
		}
		me := Me{
			Employee: e, Permissions: e.Role.Permissions(),
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

// Find returns one colleague, or db.ErrNotFound.
func Find(tx *db.Tx, id uuid.UUID) (Employee, error) {
	var e Employee
	err := tx.Raw(`SELECT `+fields+` FROM employees WHERE id = ?`, id).Scan(&e).Error
	if err == nil && e.ID == uuid.Nil {
		err = db.ErrNotFound
	}
	return e, err
}
