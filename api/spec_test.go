package api_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"voordeur/api"
	"voordeur/internal/web"
	"voordeur/openapi"
)

var param = regexp.MustCompile(`:([A-Za-z]+)`)

// TestOperationsMatchSpec fails when an operation is not in its contract, or the reverse, and where the two disagree
// about who may call it and what it must be sent.
func TestOperationsMatchSpec(t *testing.T) {
	t.Parallel()
	docs := specs(t)
	documented := map[string]bool{}
	for audience, doc := range docs {
		for path, item := range doc.Paths.Map() {
			for method := range item.Operations() {
				documented[string(audience)+" "+method+" "+api.Base+path] = true
			}
		}
	}
	for _, op := range api.Operations() {
		path := param.ReplaceAllString(op.Path, "{$1}")
		key := string(op.Audience) + " " + op.Method + " " + path
		if !documented[key] {
			t.Errorf("route without spec: %s", key)
			continue
		}
		delete(documented, key)
		spec := docs[op.Audience].Paths.Find(strings.TrimPrefix(path, api.Base)).GetOperation(op.Method)
		if spec.OperationID != op.ID {
			t.Errorf("%s is %q in the table and %q in the contract", key, op.ID, spec.OperationID)
		}
		if open := spec.Security == nil || len(*spec.Security) == 0; open != (op.Access == web.Anyone) {
			t.Errorf("%s: open to anyone: %t in the table, %t in the contract", op.ID, op.Access == web.Anyone, open)
		}
		if p := header(spec, "If-Match"); (p != nil && p.Required) != op.IfMatch {
			t.Errorf("%s: If-Match differs from the contract", op.ID)
		}
		p := header(spec, "Idempotency-Key")
		if (p != nil) != (op.Idempotency != web.NoIdempotency) || (p != nil && p.Required != (op.Idempotency == web.IdempotencyRequired)) {
			t.Errorf("%s: Idempotency-Key differs from the contract", op.ID)
		}
		if op.Method == http.MethodPatch && !op.IfMatch && !op.Raw {
			t.Errorf("%s changes fields without naming the version it changes", op.ID)
		}
	}
	for key := range documented {
		t.Errorf("spec without route: %s", key)
	}
}

func header(op *openapi3.Operation, name string) *openapi3.Parameter {
	return op.Parameters.GetByInAndName("header", name)
}

// TestConventions checks what every operation and schema has in common.
func TestConventions(t *testing.T) {
	t.Parallel()
	for audience, doc := range specs(t) {
		if doc.Info.Description == "" || doc.Info.Contact == nil || doc.Info.License == nil {
			t.Errorf("%s: the general information is not complete", audience)
		}
		tags := map[string]bool{}
		for _, tag := range doc.Tags {
			tags[tag.Name] = tag.Description != ""
		}
		for path, item := range doc.Paths.Map() {
			for method, op := range item.Operations() {
				operation(t, string(audience)+" "+op.OperationID, path, method, op, tags)
			}
		}
		for name, s := range doc.Components.Schemas {
			schema(t, string(audience)+" "+name, s.Value)
		}
	}
}

func operation(t *testing.T, name, path, method string, op *openapi3.Operation, tags map[string]bool) {
	t.Helper()
	if op.Summary == "" || len(op.Tags) != 1 || !tags[op.Tags[0]] {
		t.Errorf("%s: needs a summary and one tag that has a description, has %q", name, op.Tags)
	}
	if d := op.Responses.Default(); d == nil || d.Value.Content["application/problem+json"] == nil {
		t.Errorf("%s: default is not a problem document", name)
	}
	for _, p := range op.Parameters {
		if p.Value.In == "path" && strings.HasSuffix(p.Value.Name, "Id") && p.Value.Schema.Value.Format != "uuid" {
			t.Errorf("%s: %s is no uuid", name, p.Value.Name)
		}
	}
	ok := op.Responses.Status(200)
	if ok == nil || method != "GET" || !strings.HasPrefix(op.OperationID, "list") {
		return
	}
	content := ok.Value.Content["application/json"]
	if content == nil || content.Schema.Value.Properties["items"] == nil {
		t.Errorf("%s: %s lists things, but answers no page", name, path)
	}
}

func schema(t *testing.T, name string, s *openapi3.Schema) {
	t.Helper()
	for field, p := range s.Properties {
		if p.Ref != "" || p.Value == nil {
			continue
		}
		if strings.HasSuffix(field, "At") && p.Value.Format != "date-time" {
			t.Errorf("%s.%s is no date-time", name, field)
		}
		if name := strings.Fields(name)[1]; name == "Event" || name == "Problem" {
			continue // an event is named by its place in the trail, a request as whoever wrote the log likes
		}
		if (field == "id" || strings.HasSuffix(field, "Id")) && p.Value.Format != "uuid" {
			t.Errorf("%s.%s is no uuid", name, field)
		}
		if strings.HasSuffix(field, "On") && p.Value.Format != "date" {
			t.Errorf("%s.%s is no date", name, field)
		}
		standard := strings.HasPrefix(strings.Fields(name)[1], "OAuth") // the names are those of RFC 6749
		if !standard && (field[:1] != strings.ToLower(field[:1]) || strings.Contains(field, "_")) {
			t.Errorf("%s.%s is not camelCase", name, field)
		}
		for _, v := range p.Value.Enum {
			if s, ok := v.(string); ok && s != strings.ToLower(s) {
				t.Errorf("%s.%s: %q is not snake_case", name, field, s)
			}
		}
		if p.Value.Type.Is("array") && p.Value.Items == nil {
			t.Errorf("%s.%s is a list of nothing", name, field)
		}
	}
	if !slices.IsSorted(s.Required) {
		t.Errorf("%s: required is not sorted, so the document is not the same each time", name)
	}
}

func specs(t *testing.T) map[web.Audience]*openapi3.T {
	t.Helper()
	docs := map[web.Audience]*openapi3.T{}
	for _, a := range []web.Audience{web.Office, web.Portal, web.Public} {
		raw, err := openapi.FS.ReadFile(string(a) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		doc, err := openapi3.NewLoader().LoadFromData(raw)
		if err != nil {
			t.Fatal(err)
		}
		docs[a] = doc
	}
	return docs
}
