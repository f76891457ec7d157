package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// finish adds what annotations cannot say and what every operation has in common: it comes from the operation table, so
// that a contract cannot promise what the middleware does not do.
func finish(doc *openapi3.T, surface string, ops map[string]op, scopes map[string]string) error {
	doc.Servers = openapi3.Servers{{URL: "/api/v1", Description: "This server"}}
	if s := doc.Components.SecuritySchemes["Session"]; s != nil {
		s.Value.Description = "The session cookie that signing in sets. A request that changes something must also carry the header `X-Voordeur: 1`."
	}
	if surface != "public" {
		bearer := openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer")
		bearer.Description = "The key of an API client, or an access token (RFC 6750). What it may do is what it was given as scopes."
		doc.Components.SecuritySchemes["Bearer"] = &openapi3.SecuritySchemeRef{Value: bearer}
	}
	ref := doc.Components.Schemas["Problem"]
	if ref == nil {
		return errors.New("no operation answers with web.Problem")
	}
	problem := ref.Value
	var bad error
	for path, item := range doc.Paths.Map() {
		versioned := false // some operation on this address demands If-Match, so a GET of it hands out an ETag
		for _, o := range item.Operations() {
			versioned = versioned || ops[o.OperationID].ifMatch
		}
		for method, o := range item.Operations() {
			row, ok := ops[o.OperationID]
			if !ok {
				bad = errors.Join(bad, fmt.Errorf("%s %s: operation %q is not in the operation table", method, path, o.OperationID))
			}
			secure(o, row, surface, scopes[row.need])
			if o.RequestBody != nil && o.RequestBody.Value != nil {
				delete(o.RequestBody.Value.Extensions, "x-originalParamName")
				binary(o.RequestBody.Value.Content)
			}
			headers(o, row)
			if versioned && (row.ifMatch || method == http.MethodGet) {
				etag(o, method)
			}
			if !describeErrors(o, problem) {
				bad = errors.Join(bad, fmt.Errorf("%s: no default response", o.OperationID))
			}
		}
	}
	for name, s := range doc.Components.Schemas {
		tidy(name, s.Value)
	}
	return bad
}

// secure says which session an operation needs; an empty list says that it needs none. scope is what a program needs instead.
func secure(o *openapi3.Operation, row op, surface, scope string) {
	if row.anyone || surface == "public" {
		o.Security = &openapi3.SecurityRequirements{}
		return
	}
	o.Security = &openapi3.SecurityRequirements{{"Session": {}}}
	if !row.person && scope != "" {
		o.Security.With(openapi3.SecurityRequirement{"Bearer": {}})
		o.Description = strings.TrimSpace(o.Description + "\n\nScope for programs: `" + scope + "`.")
	}
	if row.half {
		o.Description = strings.TrimSpace(o.Description + "\n\nNeeds the half session between the password and the second factor.")
	}
}

// binary says that a body which is neither JSON nor a form is a file.
func binary(content openapi3.Content) {
	for media, c := range content {
		if !strings.Contains(media, "json") && !strings.Contains(media, "form") {
			c.Schema = openapi3.NewStringSchema().WithFormat("binary").NewRef()
		}
	}
}

func headers(o *openapi3.Operation, row op) {
	add := func(name, description string, required bool, schema *openapi3.Schema) {
		o.Parameters = slices.DeleteFunc(o.Parameters, func(p *openapi3.ParameterRef) bool {
			return p.Value != nil && p.Value.In == "header" && strings.EqualFold(p.Value.Name, name)
		})
		p := openapi3.NewHeaderParameter(name).WithDescription(description).WithRequired(required).WithSchema(schema)
		o.Parameters = append(o.Parameters, &openapi3.ParameterRef{Value: p})
	}
	if row.idempotency != "" {
		add("Idempotency-Key", "A key of your own making. The same key and body have their effect once and get the same answer for 24 hours.",
			row.idempotency == "Required", openapi3.NewStringSchema().WithMinLength(8).WithMaxLength(255))
	}
	if row.ifMatch {
		add("If-Match", "The ETag of the version that is changed. 412 when it is no longer the newest, 428 when it is missing.",
			true, openapi3.NewStringSchema())
	}
}

// etag says that an answer names the version of what it holds.
func etag(o *openapi3.Operation, method string) {
	for status, r := range o.Responses.Map() {
		if !strings.HasPrefix(status, "2") || r.Value == nil {
			continue
		}
		if r.Value.Headers == nil {
			r.Value.Headers = openapi3.Headers{}
		}
		h := &openapi3.Header{Parameter: openapi3.Parameter{Description: "The version, for If-Match and If-None-Match.", Schema: openapi3.NewStringSchema().NewRef()}}
		r.Value.Headers["ETag"] = &openapi3.HeaderRef{Value: h}
	}
	if method == http.MethodGet && o.Responses.Status(http.StatusNotModified) == nil {
		text := "The caller has this version already."
		o.Responses.Set("304", &openapi3.ResponseRef{Value: &openapi3.Response{Description: &text}})
	}
}

// describeErrors gives the default response the media type the server sends.
func describeErrors(o *openapi3.Operation, problem *openapi3.Schema) bool {
	r := o.Responses.Default()
	if r == nil || r.Value == nil {
		return false
	}
	text := "What went wrong, as an RFC 9457 problem document."
	r.Value.Description = &text
	r.Value.Content = openapi3.Content{"application/problem+json": &openapi3.MediaType{
		Schema: openapi3.NewSchemaRef("#/components/schemas/Problem", problem),
	}}
	return true
}

// tidy removes what only a generator of Go code would want.
func tidy(_ string, s *openapi3.Schema) {
	if s != nil {
		delete(s.Extensions, "x-enum-varnames")
		delete(s.Extensions, "x-enum-comments")
		delete(s.Extensions, "x-enum-descriptions")
	}
}
