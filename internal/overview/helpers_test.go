package overview_test

import (
	"database/sql"
	"errors"
	"testing"

	"voordeur/internal/fault"
)

func exec(t *testing.T, root *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := root.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

// wantField wants a fault on one value; an empty code is any.
func wantField(t *testing.T, err error, pointer, code string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Pointer != pointer || code != "" && f.Fields[0].Code != code {
		t.Errorf("got %v (%+v), want %s at %s", err, f, code, pointer)
	}
}
