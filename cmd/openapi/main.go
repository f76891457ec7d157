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
	"strings"

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
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, out) { //nolint:gosec // the name is one of three
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
	if raw, err = rename(raw, surface); err != nil {
		return nil, err
	}
	var v2 openapi2.T
	if err := json.Unmarshal(raw, &v2); err != nil {
		return nil, err
	}
	v3, err := openapi2conv.ToV3(&v2)
	if err != nil {
		return nil, err
	}
	scopes, err := scopeNames()
	if err != nil {
		return nil, err
	}
	if err := finish(v3, surface, ops, scopes); err != nil {
		return nil, err
	}
	return v3, v3.Validate(context.Background())
}

// rename gives the schemas of a Swagger document plain names, where they are defined and where they are used.
func rename(raw []byte, surface string) ([]byte, error) {
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	definitions, _ := doc["definitions"].(map[string]any)
	renamed := make(map[string]any, len(definitions))
	for name, schema := range definitions {
		plain := schemaName(name, surface)
		if _, taken := renamed[plain]; taken {
			return nil, fmt.Errorf("two types are both called %s in the contract; one of them is %s", plain, name)
		}
		renamed[plain] = schema
	}
	doc["definitions"] = renamed
	renameRefs(doc, surface)
	return json.Marshal(doc)
}

func renameRefs(node any, surface string) {
	switch node := node.(type) {
	case map[string]any:
		for key, value := range node {
			if ref, ok := value.(string); ok && key == "$ref" {
				node[key] = "#/definitions/" + schemaName(strings.TrimPrefix(ref, "#/definitions/"), surface)
			}
			renameRefs(value, surface)
		}
	case []any:
		for _, value := range node {
			renameRefs(value, surface)
		}
	}
}

// schemaName turns a Go name into a schema name: office.Dossier becomes Dossier,
// dossier.Status becomes DossierStatus, web.Page-office_Dossier DossierPage.
func schemaName(name, surface string) string {
	base, arg, generic := strings.Cut(name, "-")
	if !generic {
		return plainName(base, surface)
	}
	return plainName(strings.Replace(arg, "_", ".", 1), surface) + plainName(base, surface)
}

func plainName(name, surface string) string {
	pkg, typ, found := strings.Cut(name, ".")
	if !found {
		return name
	}
	typ = title(typ)
	if pkg == surface || pkg == "web" || strings.HasPrefix(typ, title(pkg)) {
		return typ
	}
	return title(pkg) + typ
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
