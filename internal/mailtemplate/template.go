// Package mailtemplate is the engine behind the office's mails: plain text and a few tags, with placeholders from a fixed list. It
// has no logic. Values are put in once, escaped for where they stand, and are never read as placeholders again.
package mailtemplate

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
)

// Template is a text that was checked.
type Template struct {
	subject []part
	body    []part
}

// part is either literal text or the name of a placeholder.
type part struct {
	literal string
	name    string
	inHref  bool
}

// Error says what is wrong in a text, and where. Line and Column count from 1, in characters.
type Error struct {
	Field  string // "subject" or "body"
	Code   string // "unknown-placeholder", "unclosed-placeholder", "placeholder-not-here", "tag-not-allowed", "attribute-not-allowed", "address-not-allowed"
	Name   string // the placeholder, tag or attribute
	Offset int    // in bytes
	Line   int
	Column int
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("%s, line %d, column %d: %s %q", e.Field, e.Line, e.Column, e.Code, e.Name)
}

func errorAt(field, source string, offset int, code, name string) *Error {
	before := source[:min(offset, len(source))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
	return &Error{Field: field, Code: code, Name: name, Offset: offset, Line: line, Column: column}
}

// Parse checks a subject and a body. The body may hold the tags p, br, strong, em, a, ul, ol, li and h2.
func Parse(subject, body string) (*Template, error) {
	s, err := split("subject", subject)
	if err != nil {
		return nil, err
	}
	for _, p := range s {
		if p.name != "" && registry[p.name] != text {
			return nil, errorAt("subject", subject, strings.Index(subject, "{"+p.name+"}"), "placeholder-not-here", p.name)
		}
	}
	b, err := split("body", body)
	if err != nil {
		return nil, err
	}
	if err := checkTags(body, b); err != nil {
		return nil, err
	}
	return &Template{subject: s, body: b}, nil
}

// MustParse is Parse for the texts that ship with the product.
func MustParse(subject, body string) *Template {
	t, err := Parse(subject, body)
	if err != nil {
		panic(err)
	}
	return t
}

var placeholderName = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)

// split cuts source at its placeholders.
func split(field, source string) ([]part, error) {
	var parts []part
	rest, at := source, 0
	for {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			return append(parts, part{literal: rest}), nil
		}
		end := strings.IndexByte(rest[open:], '}')
		if end < 0 {
			return nil, errorAt(field, source, at+open, "unclosed-placeholder", strings.TrimSpace(firstWord(rest[open+1:])))
		}
		name := rest[open+1 : open+end]
		if _, known := registry[name]; !known || !placeholderName.MatchString(name) {
			return nil, errorAt(field, source, at+open, "unknown-placeholder", name)
		}
		before := rest[:open]
		inHref := strings.HasSuffix(before, `href="`)
		parts = append(parts, part{literal: before}, part{name: name, inHref: inHref})
		at, rest = at+open+end+1, rest[open+end+1:]
	}
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w[:min(len(w), 40)]
}

var allowed = []string{"p", "br", "strong", "em", "a", "ul", "ol", "li", "h2"}

// checkTags refuses what an office's text has no business with.
func checkTags(source string, parts []part) error {
	z := nethtml.NewTokenizer(strings.NewReader(source))
	offset := 0
	for {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case nethtml.ErrorToken:
			return checkPlaces(source, parts)
		case nethtml.CommentToken, nethtml.DoctypeToken:
			return errorAt("body", source, offset, "tag-not-allowed", "!")
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken, nethtml.EndTagToken:
			t := z.Token()
			if !slices.Contains(allowed, t.Data) {
				return errorAt("body", source, offset, "tag-not-allowed", t.Data)
			}
			for _, a := range t.Attr {
				if t.Data != "a" || a.Key != "href" {
					return errorAt("body", source, offset, "attribute-not-allowed", a.Key)
				}
				ours := strings.HasPrefix(a.Val, "{") && registry[strings.Trim(a.Val, "{}")] == address
				if !ours && !strings.HasPrefix(a.Val, "https://") {
					return errorAt("body", source, offset, "address-not-allowed", a.Val)
				}
			}
		case nethtml.TextToken:
		}
		offset += len(raw)
	}
}

// checkPlaces sees to it that a placeholder stands where its kind of value can: in text, or as a whole address.
func checkPlaces(source string, parts []part) error {
	offset := 0
	for i, p := range parts {
		if p.name == "" {
			offset += len(p.literal)
			continue
		}
		inTag := strings.LastIndexByte(source[:offset], '<') > strings.LastIndexByte(source[:offset], '>')
		whole := p.inHref && i+1 < len(parts) && strings.HasPrefix(parts[i+1].literal, `"`)
		if inTag && (!whole || registry[p.name] != address) {
			return errorAt("body", source, offset, "placeholder-not-here", p.name)
		}
		offset += len(p.name) + 2
	}
	return nil
}

// Rendered is a template with its values put in.
type Rendered struct {
	Subject string
	HTML    string // a fragment, for Layout
	Text    string
}

// Render puts the values in. Names that have none give nothing.
func (t *Template) Render(v Values) Rendered {
	var subject, rich strings.Builder
	for _, p := range t.subject {
		if p.name == "" {
			subject.WriteString(p.literal)
			continue
		}
		subject.WriteString(v.text[p.name])
	}
	for _, p := range t.body {
		switch {
		case p.name == "":
			rich.WriteString(p.literal)
		case registry[p.name] == fragment:
			// Fragments are ours and already HTML. A mark that no value can hold keeps their place until the tags are styled.
			rich.WriteString("\x01" + p.name + "\x01")
		default:
			rich.WriteString(html.EscapeString(strings.ToValidUTF8(clean(v.text[p.name]), "")))
		}
	}
	h, plain := style(rich.String(), v.colour)
	for name := range v.fragment {
		h = strings.ReplaceAll(h, "\x01"+name+"\x01", v.fragment[name].HTML)
		plain = strings.ReplaceAll(plain, "\x01"+name+"\x01", v.fragment[name].Text)
	}
	h, plain = leftovers.Replace(h), leftovers.Replace(plain)
	return Rendered{Subject: strings.Join(strings.Fields(subject.String()), " "), HTML: h, Text: tidy(plain)}
}

var leftovers = strings.NewReplacer("\x00", "", "\x01", "")

// clean takes the control characters from a value; among them are the marks of Render.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

var blankLines = regexp.MustCompile(`\n{3,}`)

func tidy(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.TrimSpace(blankLines.ReplaceAllString(strings.Join(lines, "\n"), "\n\n")) + "\n"
}
