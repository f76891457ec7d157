package text_test

import (
	"testing"

	"voordeur/internal/text"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Loonstrook":              "Loonstrook",
		"  Jan\t de\nWit ":        "Jan de Wit",
		"fdp.\u202Eexe":           "fdp.exe",
		"\u2066a\u2069\u200Fb":    "ab",
		"sa\u200Bn\u200Dne\uFEFF": "sanne",
		"a\u0007b\u0085c\u007F":   "ab c",
		"e\u0301":                 "\u00E9",
		"zacht\u00ADstreepje":     "zachtstreepje",
		"\u200B \u202E":           "",
		"日本 Ünal & Søn € 10":      "日本 Ünal & Søn € 10",
	} {
		if got := text.Line(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"een\r\ntwee\n\n\tdrie  vier":                   "een\ntwee\n\n\tdrie  vier",
		"kijk \u202Ereih\u202C \u200Bnu\u0000\u001B[2J": "kijk reih nu[2J",
	} {
		if got := text.Lines(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
