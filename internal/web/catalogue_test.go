package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"voordeur/internal/fault"
)

var kinds = map[string]fault.Kind{
	"Internal": fault.Internal, "Invalid": fault.Invalid, "Unauthenticated": fault.Unauthenticated, "Forbidden": fault.Forbidden,
	"NotFound": fault.NotFound, "Conflict": fault.Conflict, "Stale": fault.Stale, "PreconditionRequired": fault.PreconditionRequired,
	"TooLarge": fault.TooLarge, "UnsupportedType": fault.UnsupportedType, "TooMany": fault.TooMany, "Unavailable": fault.Unavailable, "Locked": fault.Locked,
}

// TestEveryFaultIsExplained reads the source of the program: each code that a fault or a field can have must have its
// words in both languages, under the status that the kind of the fault leads to.
func TestEveryFaultIsExplained(t *testing.T) {
	t.Parallel()
	used := map[string]bool{"invalid": true} // declared in package fault itself
	eachCall(t, func(file string, call *ast.CallExpr) {
		switch name := selector(call.Fun); {
		case name == "fault.New" && len(call.Args) == 3:
			code := literal(call.Args[1])
			if code == "" {
				return
			}
			used[code] = true
			k, ok := catalogue[code]
			if !ok {
				t.Errorf("%s: %q is not in catalogue.go", file, code)
				return
			}
			kind := kinds[strings.TrimPrefix(selector(call.Args[0]), "fault.")]
			if want := statusOf[kind]; want != 0 && k.status != want && code != "method-not-allowed" {
				t.Errorf("%s: catalogue.go says %d for %q, its kind leads to %d", file, k.status, code, want)
			}
		case name == "fault.Invalidf" && len(call.Args) > 1:
			if code := literal(call.Args[0]); code != "" {
				used[code] = true
				if _, ok := catalogue[code]; !ok {
					t.Errorf("%s: %q is not in catalogue.go", file, code)
				}
			}
		case name == "fault.OnField" && len(call.Args) == 2:
			if code := literal(call.Args[1]); code != "" && !KnownField(code) {
				t.Errorf("%s: field code %q has no message in catalogue.go", file, code)
			}
		}
	})
	for code, k := range catalogue {
		if !used[code] {
			t.Errorf("catalogue.go explains %q, which nothing uses", code)
		}
		if k.Title.NL == "" || k.Title.EN == "" {
			t.Errorf("%q has no title in both languages", code)
		}
	}
}

// TestEveryRuleHasAMessage does the same for the rules in `validate` tags.
func TestEveryRuleHasAMessage(t *testing.T) {
	t.Parallel()
	silent := map[string]bool{"dive": true, "omitempty": true, "omitnil": true, "keys": true, "endkeys": true, "structonly": true}
	eachFile(t, func(file string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil {
				return true
			}
			tags, err := strconv.Unquote(field.Tag.Value)
			if err != nil {
				t.Fatal(err)
			}
			_, rules, found := strings.Cut(tags, `validate:"`)
			if !found {
				return true
			}
			rules, _, _ = strings.Cut(rules, `"`)
			for _, rule := range strings.FieldsFunc(rules, func(r rune) bool { return r == ',' || r == '|' }) {
				name, _, _ := strings.Cut(rule, "=")
				if !silent[name] && !KnownField(fieldCode(name)) {
					t.Errorf("%s: rule %q has no message in catalogue.go", file, name)
				}
			}
			return true
		})
	})
}

func eachCall(t *testing.T, visit func(file string, call *ast.CallExpr)) {
	t.Helper()
	eachFile(t, func(file string, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				visit(file, call)
			}
			return true
		})
	})
}

func eachFile(t *testing.T, visit func(file string, f *ast.File)) {
	t.Helper()
	for _, root := range []string{"../../internal", "../../api"} {
		if err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			visit(path, f)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func selector(e ast.Expr) string {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}
