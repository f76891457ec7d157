// Package s3test runs an object store that speaks S3 over HTTP, for tests.
package s3test

import (
	"net/http/httptest"
	"os"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Serve starts a store with one empty bucket and returns its address for blobstore.Open. The store holds everything in memory.
func Serve(tb testing.TB) string {
	tb.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("voordeur"); err != nil {
		tb.Fatal(err)
	}
	return serve(tb, backend)
}

func serve(tb testing.TB, backend gofakes3.Backend) string {
	tb.Helper()
	// The same for every test, so that setting them twice does no harm to tests that run beside each other.
	//nolint:gosec // the credentials of a store that lives as long as the test
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "voordeur", "AWS_SECRET_ACCESS_KEY": "voordeur-secret", "AWS_EC2_METADATA_DISABLED": "true"} {
		if err := os.Setenv(name, value); err != nil { //nolint:usetesting // t.Setenv forbids parallel tests
			tb.Fatal(err)
		}
	}
	srv := httptest.NewServer(gofakes3.New(backend).Server())
	tb.Cleanup(srv.Close)
	return "s3://voordeur?region=eu-west-1&use_path_style=true&endpoint=" + srv.URL
}
