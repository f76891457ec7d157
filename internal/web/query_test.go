package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// TestQuery: what stands in an address is read once and in one meaning; a parameter that comes twice, that nobody knows or that only the
// body or the path may say is refused, and none of them reaches another.
func TestQuery(t *testing.T) {
	t.Parallel()
	type asked struct {
		Name  string   `query:"name" validate:"max=10"`
		Limit int      `query:"limit" validate:"max=200"`
		State []string `query:"state" validate:"dive,oneof=open closed"`
	}
	for query, want := range map[string]string{
		"name=x&limit=5&state=open&state=closed": "",
		"":                                       "",
		"name=x&name=y":                          "invalid /name repeated",
		"limit=5&limit=6":                        "invalid /limit repeated",
		"organisation_id=1":                      "invalid /organisation_id unknown",
		"Name=x":                                 "invalid /Name unknown",
		"name[]=x":                               "invalid /name[] unknown",
		"limit=five":                             "invalid /limit type",
		"limit=5000":                             "invalid /limit max",
		"name=a%00b":                             "invalid /name format",
		"name=%ff":                               "invalid /name format",
		"state=open&state=deleted":               "invalid /state/1 oneof",
	} {
		req := httptest.NewRequest(http.MethodPost, "/?"+query, strings.NewReader("name=body&limit=7"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		c := echo.New().NewContext(req, httptest.NewRecorder())
		c.SetParamNames("name")
		c.SetParamValues("path")
		var in asked
		if got := describe(Query(c, &in)); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
		if in.Name == "body" || in.Name == "path" || in.Limit == 7 {
			t.Errorf("%s: %+v is not from the query", query, in)
		}
	}
}
