package dossier_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/dossier"
)

type imports struct {
	*dbtest.Database
	dbtest.Scene
	s *dossier.Service
}

func newImports(t *testing.T) *imports {
	t.Helper()
	w := &imports{Database: dbtest.Open(t)}
	w.Scene = dbtest.AddScene(t, w.Root)
	w.s = &dossier.Service{DB: w.DB, Now: w.Clock.Now}
	w.exec(t, `UPDATE dossiers SET reference = 'D-1', created_at = now() - interval '3 days' WHERE id = $1`, w.Dossier)
	return w
}

func (w *imports) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := w.Root.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

// dossier adds a dossier with one applicant, who has no login yet.
func (w *imports) dossier(t *testing.T, reference, first, email string, age time.Duration) {
	t.Helper()
	c := dbtest.AddCustomer(t, w.Root, w.Organisation, first)
	id := dbtest.AddDossier(t, w.Root, w.Organisation, w.Employee, c)
	w.exec(t, `UPDATE dossiers SET reference = $1, created_at = $2 WHERE id = $3`, reference, w.Clock.Now().Add(-age), id)
	w.exec(t, `DELETE FROM dossier_members WHERE member_id = $1`, c.Member)
	w.exec(t, `DELETE FROM portal_members WHERE id = $1`, c.Member)
	w.exec(t, `UPDATE contacts SET email = $1 WHERE id = $2`, email, c.Contact)
}

func (w *imports) run(t *testing.T, file string, apply bool) []string {
	t.Helper()
	var out []string
	err := w.s.ImportUsernames(dossier.ImportActor(t.Context(), w.Organisation), strings.NewReader(file), apply, func(l dossier.ImportLine) error {
		out = append(out, fmt.Sprintf("%d %s %s", l.Line, l.State, l.Reason))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// logins is what the office has: who opens which dossier by which name.
func (w *imports) logins(t *testing.T) string {
	t.Helper()
	var all string
	err := w.Root.QueryRow(`SELECT coalesce(string_agg(d.reference || ' ' || m.username, ', ' ORDER BY d.reference, m.username), '') FROM portal_members m
		JOIN dossier_members o ON o.member_id = m.id JOIN dossiers d ON d.id = o.dossier_id WHERE m.organisation_id = $1`, w.Organisation).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestImportUsernames: the report of the dry run is what comes true, once; nobody is mailed, everything is in the trail.
func TestImportUsernames(t *testing.T) {
	t.Parallel()
	w := newImports(t)
	w.dossier(t, "D-2", "Ruben", "", time.Hour)
	w.dossier(t, "D-3", "Noor", "samen@example.org", 48*time.Hour)
	w.dossier(t, "D-4", "Piet", "samen@example.org", time.Hour)
	w.dossier(t, "D-5", "Anna", "anna@example.org", time.Hour)
	other := dbtest.AddScene(t, w.Root)
	w.exec(t, `UPDATE dossiers SET reference = 'D-9' WHERE id = $1`, other.Dossier)
	file := "dossier;applicant;username\n" +
		"D-1;;eva.nieuw\n" + // 2
		"D-2;Ruben de Wit;ruben.dewit\n" +
		"D-3;samen@example.org;samen@example.org\n" + // 4: the older of two
		"D-4;samen@example.org;Samen@Example.org\n" +
		"D-5;anna@example.org;EVA.nieuw\n" + // 6: the name of line 2, which is the older dossier
		"D-5;anna@example.org;iemand@example.org\n" +
		"D-5;Niemand;niemand\n" +
		"D-9;;geheim\n" + // of another office
		"D-5;anna@example.org;\n" +
		"D-5;x\n" +
		";;weg\n" +
		"D-5;anna@example.org;a\u0430anna\n"
	want := []string{
		"2 conflict the name goes to the more recent dossier D-5 on line 6; this one has none until the office gives one",
		"3 changed a new login",
		"4 conflict the name goes to the more recent dossier D-4 on line 5; this one has none until the office gives one",
		"5 changed a new login",
		"6 changed a new login",
		"7 invalid a name with @ must be the applicant's own e-mail address",
		"8 unknown nobody by that name or address applies on this dossier",
		"9 unknown there is no such dossier",
		"10 invalid it has no username",
		"11 invalid it has 2 columns, and the first line has 3",
		"12 invalid it names no dossier",
		"13 invalid only letters, digits and . _ - + are allowed",
	}
	before := w.logins(t)
	if got := w.run(t, file, false); !slices.Equal(got, want) {
		t.Errorf("the dry run says\n%s", strings.Join(got, "\n"))
	}
	if now := w.logins(t); now != before {
		t.Errorf("the dry run made %s of %s", now, before)
	}
	if got := w.run(t, file, true); !slices.Equal(got, want) {
		t.Errorf("it did\n%s", strings.Join(got, "\n"))
	}
	after := "D-1 " + w.Username + ", D-2 ruben.dewit, D-4 Samen@Example.org, D-5 EVA.nieuw"
	if now := w.logins(t); now != after {
		t.Errorf("got %s", now)
	}
	for i, line := range want {
		want[i] = strings.Replace(line, "changed a new login", "ok ", 1)
	}
	if got := w.run(t, file, true); !slices.Equal(got, want) {
		t.Errorf("the second time it did\n%s", strings.Join(got, "\n"))
	}
	var events, mails int
	if err := w.Root.QueryRow(`SELECT (SELECT count(*) FROM audit_events WHERE organisation_id = $1 AND name LIKE 'portal_member.%'), (SELECT count(*) FROM mails)`, w.Organisation).Scan(&events, &mails); err != nil || events != 3 || mails != 0 {
		t.Errorf("%d events, %d mails, %v", events, mails, err)
	}
}

// TestImportOneLoginPerDossier: one person has one name for both dossiers, or a name for each (A3); a changed name signs out.
func TestImportOneLoginPerDossier(t *testing.T) {
	t.Parallel()
	w := newImports(t)
	second := dbtest.AddDossier(t, w.Root, w.Organisation, w.Employee, w.Customer)
	w.exec(t, `UPDATE dossiers SET reference = 'D-2' WHERE id = $1`, second)
	w.exec(t, `INSERT INTO sessions (organisation_id, id, token_hash, audience, member_id, stage, created_at, last_seen_at, expires_at)
		VALUES ($1, $2, '\x01', 'portal', $3, 'full', now(), now(), now() + interval '1 hour')`, w.Organisation, dbtest.ID(), w.Member)
	both := "gebruikersnaam,dossiernummer\neva,D-1\neva,D-2\n"
	if got := w.run(t, both, true); !slices.Equal(got, []string{"2 changed was " + w.Username, "3 ok "}) {
		t.Errorf("got %q", got)
	}
	var open int
	if err := w.Root.QueryRow(`SELECT count(*) FROM sessions WHERE ended_at IS NULL`).Scan(&open); err != nil || open != 0 {
		t.Errorf("%d sessions, %v", open, err)
	}
	each := "username,dossier\neva,D-1\neva.twee,D-2\n"
	for _, want := range [][]string{{"2 ok ", "3 changed a login of its own, beside eva"}, {"2 ok ", "3 ok "}} {
		if got := w.run(t, each, true); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		if now := w.logins(t); now != "D-1 eva, D-2 eva.twee" {
			t.Errorf("got %s", now)
		}
	}
}

// TestImportHostileFiles: what spreadsheets and people make of a CSV file.
func TestImportHostileFiles(t *testing.T) {
	t.Parallel()
	w := newImports(t)
	w.exec(t, `UPDATE contacts SET first_name = 'Zoë', last_name = 'Ĳzer' WHERE id = $1`, w.Contact)
	ok := "2 changed was " + w.Username
	for name, c := range map[string]struct {
		file string
		want string
	}{
		"excel":            {"\xef\xbb\xbfdossier;aanvrager;gebruikersnaam\r\nD-1;;eva\r\n", ok},
		"sep":              {"sep=|\r\ndossier|username\r\nD-1|eva\r\n", strings.Replace(ok, "2", "3", 1)},
		"tabs":             {"dossier\tusername\nD-1\teva\n", ok},
		"quotes":           {"\"dossier\",\"username\"\n\"D-1\",\" eva \"\n", ok},
		"windows-1252":     {"dossier;aanvrager;username\nD-1;Zo\xeb IJzer;eva\n", ok},
		"other columns":    {"id;dossier;opmerking;username\n1;D-1;\"twee\nregels\";eva\n", ok},
		"empty lines":      {"dossier;username\n;\n\n \nD-1;eva\n", strings.Replace(ok, "2", "5", 1)},
		"open quote":       {"dossier;username\nD-1;\"eva\n", "2 invalid it cannot be read: extraneous or missing \" in quoted-field"},
		"quote inside":     {"dossier;username\nD-1;e\"va\n", "2 invalid it cannot be read: bare \" in non-quoted-field"},
		"too long":         {"dossier;username\nD-1;" + strings.Repeat("e", 2000) + "\n", "2 invalid a value is longer than 1000 characters"},
		"hidden signs":     {"dossier;username\nD-\u200b1;e\u202ev\x00a\n", ok},
		"formula":          {"dossier;username\nD-1;=cmd|'/c calc'!A1\n", "2 invalid only letters, digits and . _ - + are allowed"},
		"injected":         {"dossier;username\nD-1' OR '1'='1;eva\n", "2 unknown there is no such dossier"},
		"no columns":       {"eva;D-1\n", "error"},
		"a column twice":   {"dossier;dossier;username\nD-1;D-1;eva\n", "error"},
		"unicode text":     {"\xff\xfed\x00o\x00", "error"},
		"nothing":          {"", "error"},
		"no rows":          {"dossier;username\n", ""},
		"row without end":  {"dossier;username\nD-1;eva", ok},
		"carriage returns": {"dossier;username\nD-1;\"eva\r\"\n", ok},
	} {
		var got []string
		err := w.s.ImportUsernames(dossier.ImportActor(t.Context(), w.Organisation), strings.NewReader(c.file), false, func(l dossier.ImportLine) error {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%d %s %s", l.Line, l.State, l.Reason)))
			return nil
		})
		if err != nil {
			got = []string{"error"}
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	err := w.s.ImportUsernames(dbtest.Employee(w.Organisation, "dossier:read"), strings.NewReader("dossier;username\nD-1;eva\n"), true, func(dossier.ImportLine) error { return nil })
	if !errors.Is(err, db.ErrForbidden) {
		t.Errorf("without the right: %v", err)
	}
}
