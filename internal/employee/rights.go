package employee

import (
	"context"
	"fmt"
	"slices"
	"time"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
)

// RoleRights is what one role may do at an office.
type RoleRights struct {
	Role        Role
	Permissions []string
	Standard    []string // as the product has it
	Kept        []string // never taken away: it is what a mistake is repaired with
}

// Rights is what every role may do at an office.
type Rights struct {
	Roles     []RoleRights
	Catalogue []string
	Version   int64
}

// RightsChange gives a role exactly these permissions.
type RightsChange struct {
	Role        Role
	Permissions []string
}

// Rights returns what every role may do at the office.
func (s *Service) Rights(ctx context.Context) (Rights, error) {
	return db.Read(ctx, s.DB, authz.EmployeeRead, rights)
}

// ChangeRights changes what roles may do, from the next request of everybody on. Administrators always keep what is needed to repair it.
func (s *Service) ChangeRights(ctx context.Context, version int64, changes []RightsChange) (Rights, error) {
	return db.Write(ctx, s.DB, authz.EmployeeWrite, func(tx *db.Tx) (Rights, event.Event, error) {
		if err := tx.Exec(`SELECT 1 FROM organisations FOR NO KEY UPDATE`).Error; err != nil {
			return Rights{}, event.Event{}, err
		}
		now, err := rights(tx)
		if err != nil {
			return Rights{}, event.Event{}, err
		}
		if now.Version != version {
			return Rights{}, event.Event{}, tx.Stale(tx.Actor.Organisation)
		}
		what := event.Of("role.rights_changed", tx.Actor.Organisation)
		for i, ch := range changes {
			granted, withdrawn, err := differences(ch, fmt.Sprintf("/roles/%d/permissions", i))
			if err != nil {
				return Rights{}, event.Event{}, err
			}
			err = tx.Exec(`INSERT INTO role_rights (role, granted, withdrawn, updated_at) VALUES (?, ?, ?, ?)
				ON CONFLICT (organisation_id, role) DO UPDATE SET granted = EXCLUDED.granted, withdrawn = EXCLUDED.withdrawn,
				version = role_rights.version + 1, updated_at = EXCLUDED.updated_at`, ch.Role, granted, withdrawn, s.Now()).Error
			if err != nil {
				return Rights{}, event.Event{}, err
			}
			if err := endViews(tx, s.Now(), ch.Permissions, `v.employee_id IN (SELECT e.id FROM employees e WHERE e.role = ?)`, ch.Role); err != nil {
				return Rights{}, event.Event{}, err
			}
			what = what.With(string(ch.Role), map[string]any{"granted": granted, "withdrawn": withdrawn})
		}
		after, err := rights(tx)
		return after, what, err
	})
}

// endViews ends the looks of those that condition picks, unless their rights still let them look along.
func endViews(tx *db.Tx, now time.Time, held []string, condition string, args ...any) error {
	if slices.Contains(held, string(authz.MemberViewAs)) {
		return nil
	}
	return member.EndViews(tx, member.ViewRightWithdrawn, now, condition, args...)
}

// differences says how what is asked differs from what the product gives the role.
func differences(ch RightsChange, pointer string) (member.Permissions, member.Permissions, error) {
	role := authz.Role(ch.Role)
	granted, withdrawn := member.Permissions{}, member.Permissions{}
	for i, p := range ch.Permissions {
		if !slices.Contains(authz.Office, authz.Permission(p)) {
			return nil, nil, fault.OnField(fmt.Sprintf("%s/%d", pointer, i), "unknown-right")
		}
	}
	for _, p := range authz.Office {
		asked, standard := slices.Contains(ch.Permissions, string(p)), role.Grants()[p]
		switch {
		case !asked && role.Keeps(p):
			return nil, nil, fault.OnField(pointer, "right-kept")
		case asked && !standard:
			granted = append(granted, string(p))
		case !asked && standard:
			withdrawn = append(withdrawn, string(p))
		}
	}
	return granted, withdrawn, nil
}

func rights(tx *db.Tx) (Rights, error) {
	var rows []struct {
		Role               Role
		Granted, Withdrawn member.Permissions
		Version            int64
	}
	if err := tx.Raw(`SELECT role, granted, withdrawn, version FROM role_rights`).Scan(&rows).Error; err != nil {
		return Rights{}, err
	}
	out := Rights{Catalogue: words(authz.Office), Version: 1}
	for _, role := range authz.Roles {
		r := RoleRights{Role: Role(role), Standard: words(role.Permissions()), Permissions: held(role.Grants()), Kept: []string{}}
		for _, row := range rows {
			if row.Role == r.Role {
				r.Permissions = held(role.GrantsWith(row.Granted, row.Withdrawn))
				out.Version += row.Version
			}
		}
		for _, p := range authz.Office {
			if role.Keeps(p) {
				r.Kept = append(r.Kept, string(p))
			}
		}
		out.Roles = append(out.Roles, r)
	}
	return out, nil
}

func words(ps []authz.Permission) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = string(p)
	}
	return out
}
