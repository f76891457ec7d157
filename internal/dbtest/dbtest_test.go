package dbtest_test

import (
	"testing"

	"voordeur/internal/dbtest"
)

// TestScene: the fixtures agree with the schema, and no test runs in UTC.
func TestScene(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	dbtest.AddScene(t, d.Root)
	s := dbtest.AddScene(t, d.Root)
	dbtest.AddDocument(t, d.Root, s.Organisation, s.Dossier, true)
	var zone string
	if err := d.Root.QueryRow("SHOW timezone").Scan(&zone); err != nil || zone == "UTC" {
		t.Errorf("time zone %q (%v)", zone, err)
	}
}
