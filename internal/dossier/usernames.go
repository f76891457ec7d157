package dossier

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/member"
	"voordeur/internal/text"
)

// ImportState is what came of one row of an import.
type ImportState string

// The states of a row.
const (
	ImportOK       ImportState = "ok"       // it was so already
	ImportChanged  ImportState = "changed"  // or would be, in a dry run
	ImportConflict ImportState = "conflict" // the name is somebody else's
	ImportUnknown  ImportState = "unknown"  // no such dossier or applicant
	ImportInvalid  ImportState = "invalid"  // the row cannot be read, or no such name is allowed
)

// ImportLine is the report about one row.
type ImportLine struct {
	Line      int
	State     ImportState
	Dossier   string
	Applicant string
	Username  string
	Reason    string
}

// ImportActor returns a context in which an operator of the server takes over usernames for an office.
func ImportActor(ctx context.Context, organisation uuid.UUID) context.Context {
	return authz.With(ctx, authz.Actor{Organisation: organisation, Kind: authz.System, Name: "import", Grants: authz.Granting(authz.MemberWrite, authz.MemberRead)})
}

// ImportUsernames takes over the usernames that another system knew (A8): row by row, each in a transaction of its own, so that a row that
// cannot be taken over holds up no other. It mails nobody. Without apply nothing changes and the report says what would. A username that
// stands in the file for different people goes to the most recent dossier; the older ones get none. Running it again changes nothing.
func (s *Service) ImportUsernames(ctx context.Context, file io.ReadSeeker, apply bool, report func(ImportLine) error) error {
	run := &importRun{s: s, apply: apply, winners: map[string]winner{}, seen: map[uuid.UUID]string{}}
	if err := run.settle(ctx, file); err != nil {
		return err
	}
	return eachImportRow(file, func(r importRow) error {
		line := ImportLine{Line: r.line, Dossier: r.dossier, Applicant: r.applicant, Username: r.username}
		if r.bad != "" {
			line.State, line.Reason = ImportInvalid, r.bad
			return report(line)
		}
		o, err := run.row(ctx, r)
		if err != nil {
			return fmt.Errorf("line %d: %w", r.line, err)
		}
		line.State, line.Reason = o.state, o.reason
		if o.applicant != "" {
			line.Applicant = o.applicant
		}
		return report(line)
	})
}

type importRun struct {
	s       *Service
	apply   bool
	winners map[string]winner    // of names that stand in the file more than once
	seen    map[uuid.UUID]string // logins that a row has spoken of, with the name it gave
}

// winner is who gets a name that several rows want.
type winner struct {
	contact uuid.UUID
	dossier string
	line    int
	at      time.Time
}

type outcome struct {
	state     ImportState
	reason    string
	applicant string
}

// person is an applicant that a row means.
type importPerson struct {
	DossierID uuid.UUID
	ClientID  uuid.UUID
	ContactID uuid.UUID
	CreatedAt time.Time
	FirstName string
	LastName  string
	Email     string
}

func (p importPerson) name() string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

// settle reads the file once, and decides who gets each name that stands in it more than once.
func (run *importRun) settle(ctx context.Context, file io.ReadSeeker) error {
	count := map[string]int{}
	if err := eachImportRow(file, func(r importRow) error {
		if r.bad == "" {
			count[member.Fold(r.username)]++
		}
		return nil
	}); err != nil {
		return err
	}
	return eachImportRow(file, func(r importRow) error {
		key := member.Fold(r.username)
		if r.bad != "" || count[key] < 2 {
			return nil
		}
		_, err := db.Read(ctx, run.s.DB, authz.MemberRead, func(tx *db.Tx) (bool, error) {
			p, why, err := findImported(tx, r)
			if err != nil || why != "" {
				return false, err
			}
			if w, ok := run.winners[key]; !ok || p.CreatedAt.After(w.at) {
				run.winners[key] = winner{p.ContactID, r.dossier, r.line, p.CreatedAt}
			}
			return true, nil
		})
		return err
	})
}

// row decides about one row, and does what it says where it may.
func (run *importRun) row(ctx context.Context, r importRow) (outcome, error) {
	if !run.apply {
		return db.Read(ctx, run.s.DB, authz.MemberRead, func(tx *db.Tx) (outcome, error) {
			o, _, err := run.plan(tx, r)
			return o, err
		})
	}
	var o outcome
	_, err := db.Write(ctx, run.s.DB, authz.MemberWrite, func(tx *db.Tx) (bool, event.Event, error) {
		var do func() (event.Event, error)
		var err error
		o, do, err = run.plan(tx, r)
		if err != nil || do == nil {
			return false, event.None, err
		}
		what, err := do()
		return true, what, err
	})
	if f, ok := errors.AsType[*fault.Error](err); ok && len(f.Fields) == 1 { // somebody took the name meanwhile
		return outcome{ImportConflict, importReason(member.UsernameReason(f.Fields[0].Code)), o.applicant}, nil
	}
	return o, err
}

// findImported returns the applicant that a row means, or why there is none.
func findImported(tx *db.Tx, r importRow) (importPerson, string, error) {
	var all []importPerson
	err := tx.Raw(`SELECT d.id AS dossier_id, d.client_id, d.created_at, c.id AS contact_id, c.first_name, c.last_name, c.email
		FROM dossiers d JOIN applicants a ON a.organisation_id = d.organisation_id AND a.dossier_id = d.id AND a.archived_at IS NULL
		JOIN contacts c ON c.organisation_id = a.organisation_id AND c.id = a.contact_id WHERE d.reference = ? ORDER BY a.position`, r.dossier).Scan(&all).Error
	if err != nil || len(all) == 0 {
		return importPerson{}, "there is no such dossier", err
	}
	if r.applicant == "" {
		if len(all) > 1 {
			return importPerson{}, "the dossier has several applicants, and the row names none", nil
		}
		return all[0], "", nil
	}
	var found []importPerson
	for _, p := range all {
		if want := member.Fold(r.applicant); want == member.Fold(p.Email) || want == member.Fold(p.name()) {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return importPerson{}, "nobody by that name or address applies on this dossier", nil
	case 1:
		return found[0], "", nil
	}
	return importPerson{}, "several applicants of this dossier go by that name or address", nil
}

type importLogin struct {
	ID             uuid.UUID
	Username       string
	UsernameFolded string
	Opens          bool
	Dossiers       int
}

// plan says what comes of a row, and returns what does it.
func (run *importRun) plan(tx *db.Tx, r importRow) (outcome, func() (event.Event, error), error) {
	none := func(state ImportState, reason, who string) (outcome, func() (event.Event, error), error) {
		return outcome{state, reason, who}, nil, nil
	}
	p, why, err := findImported(tx, r)
	if err != nil {
		return outcome{}, nil, err
	}
	if why != "" {
		return none(ImportUnknown, why, "")
	}
	if reason := member.Check(r.username, p.Email); reason != "" {
		return none(ImportInvalid, importReason(reason), p.name())
	}
	folded := member.Fold(r.username)
	if w, several := run.winners[folded]; several && w.contact != p.ContactID {
		return none(ImportConflict, fmt.Sprintf("the name goes to the more recent dossier %s on line %d; this one has none until the office gives one", w.dossier, w.line), p.name())
	}
	var taken bool
	err = tx.Raw(`SELECT EXISTS (SELECT 1 FROM portal_members WHERE username_folded = ? AND (contact_id <> ? OR archived_at IS NOT NULL))`, folded, p.ContactID).Scan(&taken).Error
	if err != nil {
		return outcome{}, nil, err
	}
	if taken {
		return none(ImportConflict, importReason(member.UsernameTaken), p.name())
	}
	var logins []importLogin
	err = tx.Raw(`SELECT m.id, m.username, m.username_folded, count(d.dossier_id) AS dossiers, coalesce(bool_or(d.dossier_id = ?), false) AS opens FROM portal_members m
		LEFT JOIN dossier_members d ON d.organisation_id = m.organisation_id AND d.member_id = m.id
		WHERE m.contact_id = ? AND m.archived_at IS NULL GROUP BY m.organisation_id, m.id ORDER BY m.id`, p.DossierID, p.ContactID).Scan(&logins).Error
	if err != nil {
		return outcome{}, nil, err
	}
	name := strings.TrimSpace(r.username)
	var shared *importLogin
	for i, l := range logins {
		if l.UsernameFolded == folded {
			run.seen[l.ID] = folded
			switch {
			case l.Opens && l.Username == name:
				return none(ImportOK, "", p.name())
			case l.Opens:
				return run.rename(tx, p, l, name)
			}
			return outcome{ImportChanged, l.Username + " opens this dossier too", p.name()}, func() (event.Event, error) {
				member.QueueOpen(tx, l.ID, p.DossierID)
				return event.Of("portal_member.changed", l.ID).In(p.DossierID).With("by", "import"), tx.Flush()
			}, nil
		}
		if l.Opens && shared == nil {
			shared = &logins[i]
		}
	}
	if shared != nil && run.seen[shared.ID] == "" {
		run.seen[shared.ID] = folded
		return run.rename(tx, p, *shared, name)
	}
	reason := "a new login"
	if shared != nil { // another row names the login for another dossier
		reason = "a login of its own, beside " + shared.Username
	}
	return outcome{ImportChanged, reason, p.name()}, func() (event.Event, error) {
		if _, err := member.Close(tx, p.ContactID, p.DossierID); err != nil {
			return event.Event{}, err
		}
		m, err := member.CreateForContact(tx, member.Spec{
			ClientID: p.ClientID, ContactID: p.ContactID, ContactEmail: p.Email, Username: name, DossierIDs: []uuid.UUID{p.DossierID},
		})
		if err != nil {
			return event.Event{}, err
		}
		run.seen[m.ID] = folded
		return event.Of("portal_member.created", m.ID).In(p.DossierID).With("username", m.Username).With("by", "import"), tx.Flush()
	}, nil
}

func (run *importRun) rename(tx *db.Tx, p importPerson, l importLogin, name string) (outcome, func() (event.Event, error), error) {
	return outcome{ImportChanged, "was " + l.Username, p.name()}, func() (event.Event, error) {
		m, err := member.Rename(tx, l.ID, name)
		return event.Of("portal_member.renamed", l.ID).In(p.DossierID).With("username", m.Username).With("by", "import"), err
	}, nil
}

func importReason(r member.UsernameReason) string {
	switch r {
	case member.UsernameTaken:
		return "the name is taken"
	case member.UsernameNotYours:
		return "a name with @ must be the applicant's own e-mail address"
	case member.UsernameCharacters:
		return "only letters, digits and . _ - + are allowed"
	case member.UsernameLength:
		return "a name has 3 to 100 characters"
	}
	return text.Line(string(r))
}
