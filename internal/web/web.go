// Package web is everything HTTP that is not about one resource.
package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/fault"
)

var validate = func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		for _, tag := range []string{"json", "query", "form"} {
			if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" {
				return name
			}
		}
		return f.Name
	})
	return v
}()

// The faults of a request that could not be understood.
var (
	errMalformed     = fault.New(fault.Invalid, "malformed", "The request could not be read.")
	errNotJSON       = fault.New(fault.UnsupportedType, "not-json", "The body must be application/json.")
	errBodyTooLarge  = fault.New(fault.TooLarge, "body-too-large", "The body is larger than this operation accepts.")
	errNotFound      = fault.New(fault.NotFound, "not-found", "It does not exist, or you may not see it.")
	errIfMatch       = fault.New(fault.PreconditionRequired, "if-match-required", "Send If-Match with the ETag of the version you change.")
	errIfMatchFormat = fault.New(fault.Invalid, "if-match-invalid", "If-Match must be one ETag that this resource gave out.")
)

// ID returns the UUID in path parameter name. What is no UUID names nothing, and is not found.
func ID(c echo.Context, name string) (uuid.UUID, error) {
	raw := c.Param(name)
	id, err := uuid.Parse(raw)
	if err != nil || len(raw) != 36 {
		return uuid.Nil, errNotFound.Because(err)
	}
	return id, nil
}

// Query decodes and validates the query string. A parameter that appears twice, or that the operation does not know, is refused.
func Query(c echo.Context, in any) error {
	known := map[string]reflect.Kind{}
	queryFields(reflect.TypeOf(in).Elem(), known)
	for name, values := range c.QueryParams() {
		kind, ok := known[name]
		if !ok {
			return fault.OnField("/"+name, "unknown")
		}
		if len(values) > 1 && kind != reflect.Slice {
			return fault.OnField("/"+name, "repeated")
		}
		for _, v := range values {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) { // the database knows neither
				return fault.OnField("/"+name, "format")
			}
		}
	}
	if err := new(echo.DefaultBinder).BindQueryParams(c, in); err != nil {
		if name := misfit(c, in); name != "" {
			return fault.OnField("/"+name, "type").Because(err)
		}
		return errMalformed.Because(err)
	}
	return check(in)
}

// misfit finds the parameter that does not fit its field: for most types echo does not say which it was.
func misfit(c echo.Context, in any) string {
	for name, values := range c.QueryParams() {
		alone := c.Request().Clone(c.Request().Context())
		alone.URL.RawQuery = url.Values{name: values}.Encode()
		fresh := reflect.New(reflect.TypeOf(in).Elem()).Interface()
		if new(echo.DefaultBinder).BindQueryParams(c.Echo().NewContext(alone, nil), fresh) != nil {
			return name
		}
	}
	return ""
}

func queryFields(t reflect.Type, into map[string]reflect.Kind) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			queryFields(f.Type, into)
			continue
		}
		if name := f.Tag.Get("query"); name != "" {
			into[name] = f.Type.Kind()
		}
	}
}

// Body decodes and validates the JSON body. Only the body: echo's own Bind
// lets a JSON property overwrite what the path said.
func Body(c echo.Context, in any) error {
	req := c.Request()
	if ct := req.Header.Get(echo.HeaderContentType); ct != "" {
		if media, _, _ := strings.Cut(ct, ";"); !strings.EqualFold(strings.TrimSpace(media), "application/json") && !strings.EqualFold(strings.TrimSpace(media), "application/merge-patch+json") {
			return errNotJSON
		}
	} else if req.ContentLength != 0 {
		return errNotJSON
	}
	raw, err := io.ReadAll(http.MaxBytesReader(c.Response(), req.Body, DefaultBody))
	if err != nil {
		return readError(err)
	}
	return decode(raw, in)
}

func readError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errBodyTooLarge.Because(err)
	}
	return errMalformed.Because(err)
}

var (
	unknownField = regexp.MustCompile(`unknown field "(.*)"`)
	plainField   = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,60}$`)
)

func decode(raw []byte, in any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = []byte("{}") // a body that is not there has no properties; what is required will say so
	}
	if hasNUL(raw) {
		return errMalformed.Because(errors.New("a NUL character"))
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(in); err != nil {
		if te, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return fault.OnField("/"+strings.ReplaceAll(te.Field, ".", "/"), "type").Because(err)
		}
		if m := unknownField.FindStringSubmatch(err.Error()); m != nil && plainField.MatchString(m[1]) {
			return fault.OnField("/"+m[1], "unknown").Because(err)
		}
		return errMalformed.Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errMalformed.Because(errors.New("data after the body"))
	}
	tidy(reflect.ValueOf(in), "")
	return check(in)
}

// hasNUL reports whether a string of the JSON holds U+0000, a character to JSON and none to PostgreSQL.
func hasNUL(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' {
			if bytes.HasPrefix(raw[i+1:], []byte("u0000")) {
				return true
			}
			i++ // what is escaped, perhaps a backslash
		}
	}
	return false
}

var index = regexp.MustCompile(`\[(\d+)\]`)

func check(in any) error {
	var bad validator.ValidationErrors
	if err := validate.Struct(in); errors.As(err, &bad) {
		var fields []fault.Field
		for _, b := range bad {
			_, path, _ := strings.Cut(index.ReplaceAllString(b.Namespace(), ".$1"), ".")
			fields = append(fields, fault.Field{Pointer: "/" + strings.ReplaceAll(path, ".", "/"), Code: fieldCode(b.Tag())})
		}
		return fault.ErrInvalid.With(fields...)
	} else if err != nil {
		return fmt.Errorf("validate %T: %w", in, err)
	}
	return nil
}

// fieldCode maps a validator tag to the code that clients see: several tags mean the same to a person.
func fieldCode(tag string) string {
	switch tag {
	case "gte", "gt":
		return "min"
	case "lte", "lt":
		return "max"
	case "required_without", "required_without_all", "required_with", "required_if", "required_unless":
		return "required"
	case "uuid4", "uuid", "datetime", "url", "http_url", "e164", "slug":
		return "format"
	}
	return tag
}

// ETag names version of a resource, for a client to send back as If-Match.
func ETag(c echo.Context, version int64) { c.Response().Header().Set("ETag", tag(version)) }

func tag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// OK answers 200 with the ETag of version, or 304 when the caller already has that version.
func OK(c echo.Context, version int64, body any) error {
	ETag(c, version)
	if NotModified(c, tag(version)) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.JSON(http.StatusOK, body)
}

// NotModified reports whether If-None-Match names etag, so that a GET may answer 304.
func NotModified(c echo.Context, etag string) bool {
	if m := c.Request().Method; m != http.MethodGet && m != http.MethodHead {
		return false
	}
	for _, have := range strings.Split(c.Request().Header.Get("If-None-Match"), ",") {
		if have = strings.TrimSpace(have); have == "*" || (have != "" && strings.TrimPrefix(have, "W/") == etag) {
			return true
		}
	}
	return false
}

// IfMatch returns the version that the caller changes: 428 when it names none.
func IfMatch(c echo.Context) (int64, error) {
	raw := strings.TrimSpace(c.Request().Header.Get("If-Match"))
	if raw == "" {
		return 0, errIfMatch
	}
	inner, ok := strings.CutPrefix(raw, `"`)
	inner, ok2 := strings.CutSuffix(inner, `"`)
	version, err := strconv.ParseInt(inner, 10, 64)
	if !ok || !ok2 || err != nil {
		return 0, errIfMatchFormat
	}
	return version, nil
}
