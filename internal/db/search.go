package db

import (
	"context"
	"slices"
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
	IDs      []uuid.UUID // when not Many, in the order of the list
	Patterns []string    // every one of which words must match
}

// From how many rows on a search is not worth an index: going through a list
// from the top finds a page of them soon. Sooner in a list whose order has
// nothing to do with what is looked for; by name, the same names stand together.
const (
	MostByTime = 2_000
	MostByName = 10_000
)

var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Containing is the pattern of what contains text; no sign in it is a wildcard.
func Containing(text string) string { return "%" + escapeLike.Replace(text) + "%" }

// Search finds the rows of table ("clients" or "dossiers") whose words contain
// each word of text, in any order and any case: three letters anywhere in a
// name, fewer at the beginning of one. Nothing to look for finds nil.
func Search(ctx context.Context, d *DB, need authz.Permission, table, text string, most int) (*Found, error) {
	words := strings.Fields(strings.ToLower(text))
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
		b.Queue(`SELECT app.found($1, $2, $3)`, table, f.Patterns, most).QueryRow(func(row pgx.Row) error { return row.Scan(out) })
	})
	f.IDs, f.Many = ids, ids == nil
	return f, err
}

// From leaves out all but a page or so: what comes after the row where the last
// page ended, and no more than n. A row that is not there any more leaves all.
func (f *Found) From(after uuid.UUID, n int) {
	from := slices.Index(f.IDs, after) + 1
	if from > 0 || after == uuid.Nil {
		f.IDs = f.IDs[from:min(from+n, len(f.IDs))]
	}
}

// Prepare queues what must come before a query with Condition in a batch.
func (f *Found) Prepare(b *pgx.Batch) {
	if f.Many { // PostgreSQL expects few rows of so many words, and would sort what it need not go through
		b.Queue(`SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_sort', 'off', true)`)
	}
}

// Condition narrows a query to what was found; alias is the table in it. The
// argument goes with the ? in the text.
func (f *Found) Condition(alias string) (string, any) {
	if f.Many {
		return alias + ".words LIKE ALL (?::text[])", f.Patterns
	}
	return alias + ".id = ANY (?::uuid[])", f.IDs
}
