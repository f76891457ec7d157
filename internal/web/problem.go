package web

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"voordeur/internal/fault"
)

// Problem is an RFC 9457 problem document. Code is what a program should look at; title, detail and messages are for people.
type Problem struct {
	Type      string       `json:"type" validate:"required" example:"/api/v1/public/problems/dossier-closed"`
	Title     string       `json:"title" validate:"required" example:"Het dossier is gesloten."`
	Status    int          `json:"status" validate:"required" example:"409"`
	Code      string       `json:"code" validate:"required" example:"dossier-closed"`
	Detail    string       `json:"detail,omitempty"`
	Instance  string       `json:"instance,omitempty" example:"/api/v1/dossiers/0198a6d2-7f2e-7c11-9d3e-2b1f0c9e4a55"`
	RequestID string       `json:"requestId,omitempty"`
	Errors    []FieldError `json:"errors,omitempty"`
	// LastChange comes with code "stale", to employees only.
	LastChange *LastChange `json:"lastChange,omitempty"`
}

// LastChange says who changed a resource since the version that the caller names.
type LastChange struct {
	By  string    `json:"by" validate:"required" example:"Daan Vos"`
	You bool      `json:"you" validate:"required"`
	At  time.Time `json:"at" format:"date-time" validate:"required"`
}

// FieldError says which input value is wrong, and why.
type FieldError struct {
	Pointer string `json:"pointer" validate:"required" example:"/applicants/1/username"`
	Code    string `json:"code" validate:"required" example:"taken"`
	Message string `json:"message" validate:"required" example:"Deze gebruikersnaam is al in gebruik."`
}

// Page is one page of a list; NextCursor is absent on the last page.
type Page[T any] struct {
	Items      []T    `json:"items" validate:"required"`
	NextCursor string `json:"nextCursor,omitempty"`
}

// NewPage turns rows into a page. Rows may be one longer than limit: then there is a next page and cursor says where the
// last row shown stands.
func NewPage[R, T any](rows []R, limit int, wire func(R) T, cursor func(R) any) Page[T] {
	more := limit > 0 && len(rows) > limit
	if more {
		rows = rows[:limit]
	}
	page := Page[T]{Items: make([]T, 0, len(rows))}
	for _, r := range rows {
		page.Items = append(page.Items, wire(r))
	}
	if more {
		page.NextCursor = EncodeCursor(cursor(rows[len(rows)-1]))
	}
	return page
}

// EncodeCursor packs the sort key of the last row into an opaque string.
func EncodeCursor(key any) string {
	raw, err := json.Marshal(key)
	if err != nil {
		panic(err) // a cursor is a struct of ours with plain fields
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

var errCursor = fault.New(fault.Invalid, "cursor-invalid", "The cursor is not one that this list gave out.")

// DecodeCursor unpacks what EncodeCursor made; an empty cursor leaves key as it is.
func DecodeCursor(s string, key any) error {
	if s == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return errCursor.Because(err)
	}
	if hasNUL(raw) { // a cursor can be forged, and PostgreSQL knows no such character
		return errCursor
	}
	if err := json.Unmarshal(raw, key); err != nil {
		return errCursor.Because(err)
	}
	return nil
}

// Optional tells an absent property from null in a JSON merge patch: absent leaves a value as it is, null clears it.
// In a wire type it needs `swaggertype` and `extensions:"x-nullable"`.
type Optional[T any] struct {
	Present bool
	Value   *T
}

// UnmarshalJSON implements json.Unmarshaler; it is called only when the property is present.
func (o *Optional[T]) UnmarshalJSON(raw []byte) error {
	o.Present = true
	return json.Unmarshal(raw, &o.Value)
}

// MarshalJSON implements json.Marshaler.
func (o Optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }

// Or returns the new value where the property was present, and old where it was not.
func (o Optional[T]) Or(old *T) *T {
	if o.Present {
		return o.Value
	}
	return old
}

// Version says what is running.
type Version struct {
	Version   string `json:"version" validate:"required" example:"1.0.0"`
	Commit    string `json:"commit,omitempty"`
	BuiltAt   string `json:"builtAt,omitempty" format:"date-time"`
	GoVersion string `json:"goVersion,omitempty" example:"go1.26.0"`
}

// Created answers 201 with the address of what was made.
func Created(c echo.Context, location string, body any) error {
	c.Response().Header().Set(echo.HeaderLocation, location)
	return c.JSON(201, body)
}

// Location returns the address under /api/v1 of id in a collection, "/dossiers".
func Location(collection string, id uuid.UUID) string {
	return "/api/v1" + collection + "/" + id.String()
}
