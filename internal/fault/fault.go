// Package fault is the vocabulary of expected failures. It knows nothing of
// HTTP; package web turns a fault into a problem document in one place.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind is the coarse category a caller can act on.
type Kind int

// The kinds. The zero value is reserved for errors that are not faults.
const (
	Internal Kind = iota
	Invalid
	Unauthenticated
	Forbidden
	NotFound
	Conflict
	Stale                // the caller changes a version that is no longer the newest
	PreconditionRequired // the caller did not say which version it changes
	TooLarge
	UnsupportedType
	Locked  // somebody else is busy with it; it may be tried again at once
	TooMany // RetryAfter says when to come back
	Unavailable
)

// Error is an expected failure that may be shown to the user. Code is stable
// and machine readable ("dossier-closed"); the front ends translate it.
type Error struct {
	Kind       Kind
	Code       string
	Detail     string
	Fields     []Field       // only for Invalid
	RetryAfter time.Duration // only for TooMany and Unavailable
	Changed    *Changed      // only for Stale, and only for who may know
	cause      error
}

// Field points at one bad input value with a JSON pointer.
type Field struct {
	Pointer string
	Code    string
}

// Changed says who was faster.
type Changed struct {
	By  string // the full name
	You bool   // the caller, on another screen
	At  time.Time
}

// Error implements error.
func (f *Error) Error() string { return fmt.Sprintf("%s: %s", f.Code, f.Detail) }

// Unwrap exposes the technical cause, which is logged and never shown.
func (f *Error) Unwrap() error { return f.cause }

// Because returns a copy of f that remembers the technical cause.
func (f Error) Because(err error) *Error { f.cause = err; return &f }

// After returns a copy of f that says when to try again.
func (f Error) After(d time.Duration) *Error { f.RetryAfter = d; return &f }

// By returns a copy of f that says who was faster.
func (f Error) By(c Changed) *Error { f.Changed = &c; return &f }

// With returns a copy of f that also points at fields.
func (f Error) With(fields ...Field) *Error {
	f.Fields = append(append([]Field(nil), f.Fields...), fields...)
	return &f
}

// New builds a fault; packages keep theirs in var blocks as sentinels.
func New(k Kind, code, detail string) *Error { return &Error{Kind: k, Code: code, Detail: detail} }

// ErrInvalid is what a request with one or more bad values gets; the fields say which.
var ErrInvalid = New(Invalid, "invalid", "Some values are not right.")

// OnField is ErrInvalid about one value: OnField("/username", "taken").
func OnField(pointer, code string) *Error {
	return ErrInvalid.With(Field{Pointer: pointer, Code: code})
}

// Is makes errors.Is match on Code, so a copied sentinel still matches.
func (f *Error) Is(target error) bool {
	t, ok := errors.AsType[*Error](target)
	return ok && t.Code == f.Code
}
