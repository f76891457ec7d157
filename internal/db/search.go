package db

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/authz"
)

// Found says which rows of a table match what somebody looks for.
type Found struct {
	// Many: so many that going through the list from the top soon fills a page.
	Many     bool
	IDs      []uuid.UUID // when not Many
	Patterns []string    // every one of which words must match
}

// mostFound is from how many rows on a search is not worth an index.
const mostFound = 10_000

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Containing is the pattern of what contains text; no sign in it is a wildcard.
func Containing(text string) string { return "%" + escapeLike.Replace(text) + "%" }

// Search finds the rows of table ("clients" or "dossiers") whose words contain
// each word of text, in any order and any case: three letters anywhere in a
// name, fewer at the beginning of one. Nothing to look for finds nil.
func Search(ctx context.Context, d *DB, need authz.Permission, table, text string) (*Found, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, nil //nolint:nilnil // nothing was asked
	}
	f := &Found{}
	for _, w := range words {
		before := "%"
		if utf8.RuneCountInString(w) < 3 { // an index of trigrams knows nothing shorter, but for the space before a word
			before = "% "
		}
		f.Patterns = append(f.Patterns, before+escapeLike.Replace(w)+"%")
	}
	ids, err := ReadBatch(ctx, d, need, func(b *pgx.Batch, out *[]uuid.UUID) {
		b.Queue(`SELECT app.found($1, $2, $3)`, table, f.Patterns, mostFound).QueryRow(func(row pgx.Row) error { return row.Scan(out) })
	})
	f.IDs, f.Many = ids, ids == nil
	return f, err
}

// Condition narrows a query to what was found; alias is the table in it. The
// argument goes with the ? in the text.
func (f *Found) Condition(alias string) (string, any) {
	if f.Many {
		return alias + ".words ILIKE ALL (?::text[])", f.Patterns
	}
	return alias + ".id = ANY (?::uuid[])", f.IDs
}
