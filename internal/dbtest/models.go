package dbtest

import (
	"database/sql"
	"database/sql/driver"
	"reflect"
	"sync"
	"testing"

	gormschema "gorm.io/gorm/schema"
)

// CheckModels compares GORM models with the catalogue: GORM says at run time
// only that a column is missing, or that a NULL does not fit.
func CheckModels(tb testing.TB, root *sql.DB, models ...any) {
	tb.Helper()
	var cache sync.Map
	for _, m := range models {
		s, err := gormschema.Parse(m, &cache, gormschema.NamingStrategy{})
		if err != nil {
			tb.Errorf("%T: %v", m, err)
			continue
		}
		columns := columnsOf(tb, root, s.Table)
		if len(columns) == 0 {
			tb.Errorf("%T: there is no table %s", m, s.Table)
			continue
		}
		for _, f := range s.Fields {
			if f.DBName == "" || !f.Creatable && !f.Updatable { // filled in by queries of its own
				continue
			}
			nullable, ok := columns[f.DBName]
			switch {
			case !ok:
				tb.Errorf("%T.%s: table %s has no column %s", m, f.Name, s.Table, f.DBName)
			case nullable && !holdsNull(f.FieldType):
				tb.Errorf("%T.%s: %s.%s may be NULL, a %s may not", m, f.Name, s.Table, f.DBName, f.FieldType)
			}
		}
	}
}

func columnsOf(tb testing.TB, root *sql.DB, table string) map[string]bool {
	tb.Helper()
	rows, err := root.Query(`SELECT column_name, is_nullable = 'YES' FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`, table)
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	columns := map[string]bool{}
	for rows.Next() {
		var name string
		var nullable bool
		if err := rows.Scan(&name, &nullable); err != nil {
			tb.Fatal(err)
		}
		columns[name] = nullable
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return columns
}

var (
	scanner = reflect.TypeFor[sql.Scanner]()
	valuer  = reflect.TypeFor[driver.Valuer]()
)

func holdsNull(t reflect.Type) bool {
	if k := t.Kind(); k == reflect.Pointer || k == reflect.Slice || k == reflect.Map {
		return true
	}
	return t.PkgPath() == "database/sql" && reflect.PointerTo(t).Implements(scanner) && t.Implements(valuer) // sql.Null[T] and the like
}
