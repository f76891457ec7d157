package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// TestForgedCursor shows that a cursor of somebody's own making is refused before the database sees what it cannot store.
func TestForgedCursor(t *testing.T) {
	t.Parallel()
	type key struct{ Name string }
	for _, name := range []string{"\x00", "a\x00b"} {
		var got key
		if err := DecodeCursor(EncodeCursor(key{name}), &got); describe(err) != "cursor-invalid" {
			t.Errorf("%q: got %v", name, err)
		}
	}
	var got key
	if err := DecodeCursor(EncodeCursor(key{`\u0000`}), &got); err != nil || got.Name != `\u0000` {
		t.Errorf("a backslash is an ordinary character: got %q, %v", got.Name, err)
	}
}

// TestPagesOfImpossibleNames shows that an address no file can have is not found, on a disk too, and no fault of ours.
func TestPagesOfImpossibleNames(t *testing.T) {
	t.Parallel()
	pages := Pages{Files: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}}
	for address, want := range map[string]int{
		"/%00": 404, "/%ff%fe": 404, "/a%00/b": 404, "/" + strings.Repeat("a", 300): 404, "/office/login": 200, "/": 200,
		"/..%2f..%2fetc/passwd": 200, // cleaned to an address of the app
	} {
		out := httptest.NewRecorder()
		pages.ServeHTTP(out, httptest.NewRequest(http.MethodGet, address, nil))
		if out.Code != want {
			t.Errorf("%.20s: got %d, want %d", address, out.Code, want)
		}
	}
}
