// Command openapi writes openapi/<surface>.json from the swag annotations and the operation table. It reads the source
// only, so that it works while a package does not compile; the tests compare the result with the routes that exist.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/swaggo/swag"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// run writes every surface it can, and reports the ones that it cannot.
func run() error {
	var failed error
	for _, surface := range []string{"office", "portal", "public"} {
		if err := generate(surface); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", surface, err))
		}
	}
	return failed
}

func generate(surface string) error {
	doc, err := build(surface)
	if err != nil {
		return err
	}
	out, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	out = append(out, '\n')
	file := filepath.Join("openapi", surface+".json")
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, out) {
		return nil // unchanged: watchers need not wake up
	}
	return os.WriteFile(file, out, 0o644) //nolint:gosec // the contract is public and committed
}

// build parses the annotations of one surface with swag (Swagger 2.0), gives
// the schemas plain names and lifts the result to OpenAPI 3.0.
func build(surface string) (*openapi3.T, error) {
	dir := filepath.Join("api", "v1", surface)
	ops, err := readTable(dir)
	if err != nil {
		return nil, err
	}
	p := swag.New(swag.SetDebugger(log.New(io.Discard, "", 0)))
	p.ParseInternal, p.Strict = true, true
	if err := p.ParseAPIMultiSearchDir([]string{dir, "internal"}, surface+".go", 0); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(p.GetSwagger())
	if err != nil {
		return nil, err
	}
	var v2 openapi2.T
	if err := json.Unmarshal(rename(raw, surface), &v2); err != nil {
		return nil, err
	}
	v3, err := openapi2conv.ToV3(&v2)
	if err != nil {
		return nil, err
	}
	finish(v3, surface, ops)
	return v3, v3.Validate(context.Background())
}

var definition = regexp.MustCompile(`"((?:#/definitions/)?)([a-z0-9]+\.[A-Za-z0-9_.-]+)"`)

// rename turns Go names into schema names: office.Dossier becomes Dossier,
// dossier.Status becomes DossierStatus, web.Page-office_Dossier DossierPage.
func rename(raw []byte, surface string) []byte {
	plain := func(name string) string {
		pkg, typ, _ := strings.Cut(name, ".")
		typ = string(unicode.ToUpper(rune(typ[0]))) + typ[1:]
		if pkg == surface || pkg == "web" {
			return typ
		}
		first := string(unicode.ToUpper(rune(pkg[0]))) + pkg[1:]
		if strings.HasPrefix(typ, first) {
			return typ
		}
		return first + typ
	}
	return definition.ReplaceAllFunc(raw, func(m []byte) []byte {
		g := definition.FindSubmatch(m)
		base, arg, generic := strings.Cut(string(g[2]), "-")
		name := plain(base)
		if generic {
			name = plain(strings.Replace(arg, "_", ".", 1)) + name
		}
		return []byte(`"` + string(g[1]) + name + `"`)
	})
}
