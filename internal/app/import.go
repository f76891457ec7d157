package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"voordeur/internal/dossier"
)

var errNotTaken = errors.New("some rows were not taken over; the report says which and why")

// ImportUsernames takes over usernames for an office, or says what would come of it, and writes one line about each row and the sums.
func (a *App) ImportUsernames(ctx context.Context, slug string, file io.ReadSeeker, apply bool, w io.Writer) error {
	office, err := a.services.Office.Organisations.Site(ctx, slug)
	if err != nil {
		return fmt.Errorf("office %q: %w", slug, err)
	}
	sums := map[dossier.ImportState]int{}
	err = a.services.Office.Dossiers.ImportUsernames(dossier.ImportActor(ctx, office.ID), file, apply, func(l dossier.ImportLine) error {
		sums[l.State]++
		_, err := fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("line %-6d %-9s %s  %s  %s  %s", l.Line, l.State, shown(l.Dossier), shown(l.Applicant), shown(l.Username), l.Reason), " "))
		return err
	})
	if err != nil {
		return err
	}
	missed := 0
	for _, s := range []dossier.ImportState{dossier.ImportOK, dossier.ImportChanged, dossier.ImportConflict, dossier.ImportUnknown, dossier.ImportInvalid} {
		_, _ = fmt.Fprintf(w, "%-9s %d\n", s, sums[s])
		if s != dossier.ImportOK && s != dossier.ImportChanged {
			missed += sums[s]
		}
	}
	if !apply {
		_, _ = fmt.Fprintln(w, "Nothing was changed. With --apply it is done.")
	}
	if missed > 0 {
		return errNotTaken
	}
	return nil
}

// shown is a value of the file as it may stand on a screen.
func shown(s string) string {
	const most = 80
	r := []rune(s)
	if len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.Quote(s)
}
