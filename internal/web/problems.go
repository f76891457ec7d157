package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

const problemBase = "/api/v1/public/problems/"

// Text is a sentence in the languages of the apps.
type Text struct {
	NL string `json:"nl" validate:"required"`
	EN string `json:"en" validate:"required"`
}

func (t Text) in(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.NL
}

// ProblemKind explains one code: what it means and with which status it comes.
type ProblemKind struct {
	Code   string `json:"code" validate:"required" example:"dossier-closed"`
	Status int    `json:"status" validate:"required" example:"409"`
	Title  Text   `json:"title" validate:"required"`
	Detail Text   `json:"detail" validate:"required"`
}

type kindText struct {
	status        int
	Title, Detail Text
}

// unlisted stands in for a code without a line of its own; a test keeps it from being needed.
var unlisted = kindText{500, Text{"Dit lukte niet.", "This did not work."}, Text{"", ""}}

func kindOf(code string) kindText {
	if k, ok := catalogue[code]; ok {
		return k
	}
	return unlisted
}

// Problems returns the whole catalogue, by code.
func Problems() []ProblemKind {
	list := make([]ProblemKind, 0, len(catalogue))
	for _, code := range slices.Sorted(maps.Keys(catalogue)) {
		k := catalogue[code]
		list = append(list, ProblemKind{Code: code, Status: k.status, Title: k.Title, Detail: k.Detail})
	}
	return list
}

// ProblemOf returns one line of the catalogue.
func ProblemOf(code string) (ProblemKind, error) {
	k, ok := catalogue[code]
	if !ok {
		return ProblemKind{}, errNotFound
	}
	return ProblemKind{Code: code, Status: k.status, Title: k.Title, Detail: k.Detail}, nil
}

// KnownField reports whether a field code has messages.
func KnownField(code string) bool { _, ok := fieldMessages[code]; return ok }

func fieldMessage(code, lang string) string {
	if m, ok := fieldMessages[code]; ok {
		return m.in(lang)
	}
	return Text{"Deze waarde klopt niet.", "This value is not right."}.in(lang)
}

// Language returns "nl" or "en", whichever the caller prefers; Dutch when it has no preference.
func Language(c echo.Context) string {
	best, bestQ := "nl", 0.0
	for _, part := range strings.Split(c.Request().Header.Get("Accept-Language"), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		lang, _, _ := strings.Cut(strings.ToLower(name), "-")
		if lang != "nl" && lang != "en" {
			continue
		}
		if q := quality(params); q > bestQ {
			best, bestQ = lang, q
		}
	}
	return best
}

// quality reads the weight of one language range; what cannot be read weighs nothing.
func quality(params string) float64 {
	_, raw, found := strings.Cut(params, "q=")
	if !found {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil {
		return 0
	}
	return q
}
