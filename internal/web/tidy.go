package web

import (
	"reflect"

	"voordeur/internal/text"
)

// tidy leaves out of every text in a body what cannot be seen. A field is one line unless its tag says otherwise: `text:"lines"` for
// more than one, `text:"exact"` for a secret, where each character counts.
func tidy(v reflect.Value, as string) {
	switch v.Kind() { //nolint:exhaustive // nothing else holds text
	case reflect.Pointer:
		if !v.IsNil() {
			tidy(v.Elem(), as)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous {
				tidy(v.Field(i), f.Tag.Get("text"))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			tidy(v.Index(i), as)
		}
	case reflect.String:
		switch {
		case !v.CanSet() || as == "exact":
		case as == "lines":
			v.SetString(text.Lines(v.String()))
		default:
			v.SetString(text.Line(v.String()))
		}
	}
}
