package web

import (
	"go/ast"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// TestWhatCannotBeSeenIsLeftOut: in a line, in a text of more lines, wherever it stands; never in a secret. What is empty then is
// refused as a field that is empty.
func TestWhatCannotBeSeenIsLeftOut(t *testing.T) {
	t.Parallel()
	type item struct {
		Title string `json:"title" validate:"required"`
	}
	type embedded struct {
		Username *string `json:"username"`
	}
	type body struct {
		embedded
		Name     string           `json:"name" validate:"required,max=8"`
		Remark   *string          `json:"remark" text:"lines"`
		Password string           `json:"password" text:"exact"`
		Tags     []string         `json:"tags"`
		Items    []item           `json:"items" validate:"dive"`
		Function Optional[string] `json:"function"`
	}
	var got body
	err := decode([]byte(`{"name":" Jan\u202E\n de  Wit","username":"sa\u200bnne","remark":"a\nb\u2066","password":" p\u200b ",
		"tags":["x\u0007y"],"items":[{"title":"Loon\u00adstrook"}],"function":"advi\ufeffseur"}`), &got)
	want := body{
		embedded: embedded{new("sanne")}, Name: "Jan de Wit", Remark: new("a\nb"), Password: " p\u200b ", Tags: []string{"xy"},
		Items: []item{{"Loonstrook"}}, Function: Optional[string]{true, new("adviseur")},
	}
	if describe(err) == "" || !strings.Contains(describe(err), "/name max") {
		t.Errorf("the length is not that of what is kept: %v", err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	err = decode([]byte(`{"name":"Jan","items":[{"title":"\u202e \u200b"}]}`), &got)
	if !strings.Contains(describe(err), "/items/0/title required") {
		t.Errorf("a title of nothing: %v", err)
	}
}

// TestTextsSayWhatTheyAre: a password that is changed on its way never fits again, and a long text without its lines is unreadable.
func TestTextsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	fields := 0
	eachFile(t, func(file string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil {
				return true
			}
			raw, err := strconv.Unquote(field.Tag.Value)
			if err != nil {
				t.Fatal(err)
			}
			tag := reflect.StructTag(raw)
			name, _, _ := strings.Cut(tag.Get("json"), ",")
			var want string
			switch rules := tag.Get("validate"); {
			case strings.Contains(rules, "max") && strings.HasSuffix(strings.ToLower(name), "password"):
				want = "exact"
			case strings.Contains(rules, "max=2000"):
				want = "lines"
			default:
				return true
			}
			if fields++; tag.Get("text") != want {
				t.Errorf("%s: %s needs the tag text:%q", file, name, want)
			}
			return true
		})
	})
	if fields < 10 {
		t.Errorf("%d fields looked at", fields)
	}
}
