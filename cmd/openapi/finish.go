package main

import (
	"github.com/getkin/kin-openapi/openapi3"
)

// finish adds what annotations cannot say and what every operation has in common.
func finish(doc *openapi3.T, surface string, ops map[string]op) {
	for _, item := range doc.Paths.Map() {
		for _, o := range item.Operations() {
			describeErrors(o)
		}
	}
	_, _ = surface, ops
}

// describeErrors gives the default response the media type the server sends.
func describeErrors(op *openapi3.Operation) {
	r := op.Responses.Default()
	if r == nil || r.Value == nil {
		return
	}
	text := "Problem"
	r.Value.Description = &text
	for mime, mt := range r.Value.Content {
		delete(r.Value.Content, mime)
		r.Value.Content["application/problem+json"] = mt
	}
}
