// Package text decides which characters a text that somebody typed may hold. What cannot be seen is left out: it comes along with
// copying, and it can make two names look alike, or a text read differently from what it is.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line composes s (NFC), turns every run of white space into one space, and leaves out what cannot be seen: control and format
// characters, among them those that turn the direction of writing around.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unseen(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// Lines is Line for a text of more than one line: spaces and the ends of lines stay as they were typed.
func Lines(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unseen(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	return norm.NFC.String(s)
}

func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co, unicode.Zl, unicode.Zp) || r == utf8.RuneError
}
