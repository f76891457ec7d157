package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/fault"
)

type order struct {
	Name  string `json:"name" validate:"required,max=10"`
	Count int    `json:"count" validate:"max=3"`
	Lines []struct {
		Text string `json:"text" validate:"required"`
	} `json:"lines" validate:"dive"`
}

func TestBody(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"name":"x"}`:                           "",
		`{"name":"x","name":"y"}`:                "",
		`{}`:                                     "invalid /name required",
		``:                                       "invalid /name required",
		`{"name":"longer than ten"}`:             "invalid /name max",
		`{"name":"x","count":"two"}`:             "invalid /count type",
		`{"name":"x","organisation_id":1}`:       "invalid /organisation_id unknown",
		`{"name":"x","lines":[{"text":"a"},{}]}`: "invalid /lines/1/text required",
		`{"name":"x"} {"name":"y"}`:              "malformed",
		`{"name":`:                               "malformed",
		`{"name":"` + strings.Repeat("x", 2<<20) + `"}`: "body-too-large",
	} {
		req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		var in order
		got := describe(Body(echo.New().NewContext(req, httptest.NewRecorder()), &in))
		if got != want {
			t.Errorf("%.60s: got %q, want %q", body, got, want)
		}
	}
}

func describe(err error) string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return ""
	}
	words := []string{f.Code}
	for _, field := range f.Fields {
		words = append(words, field.Pointer, field.Code)
	}
	return strings.Join(words, " ")
}

func TestCursor(t *testing.T) {
	t.Parallel()
	type key struct{ Name string }
	var got key
	if err := DecodeCursor(EncodeCursor(key{"é"}), &got); err != nil || got.Name != "é" {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"!", "bm90IGpzb24"} {
		if err := DecodeCursor(bad, &got); describe(err) != "cursor-invalid" {
			t.Errorf("%s: got %v", bad, err)
		}
	}
}

// TestLimiter lets a caller spend its allowance, be refused, and come back when time has passed.
func TestLimiter(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := NewLimiter(func() time.Time { return now }, 1, nil)
	take := func(caller string) error {
		c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder())
		return l.take(c, RateSignIn, caller)
	}
	for i := range 60 {
		if err := take("a"); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	f, ok := errors.AsType[*fault.Error](take("a"))
	if !ok || f.RetryAfter <= 0 || f.RetryAfter > time.Second {
		t.Fatalf("got %+v", f)
	}
	if err := take("b"); err != nil {
		t.Error("another caller is refused too")
	}
	now = now.Add(time.Second)
	if err := take("a"); err != nil {
		t.Error("still refused after a second")
	}
}

func TestProblemSpeaksTheCallersLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{"": "nl", "en-GB,nl;q=0.5": "en", "de,nl;q=0.8,en;q=0.7": "nl", "fr": "nl"} {
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.Header.Set("Accept-Language", header)
		if got := Language(echo.New().NewContext(req, httptest.NewRecorder())); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}
