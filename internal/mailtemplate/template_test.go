package mailtemplate_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"voordeur/internal/mailtemplate"
)

// TestRefusals: what is wrong in a text is told with its place.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		subject, body, field, code, what string
		line, column                     int
	}{
		"unknown":            {"x", "<p>Dag,</p>\n<p>Zié {dossier.geheim}</p>", "body", "unknown-placeholder", "dossier.geheim", 2, 8},
		"in the subject":     {"Voor {x.y}", "", "subject", "unknown-placeholder", "x.y", 1, 6},
		"unclosed":           {"x", "<p>{dossier.salutation</p>", "body", "unclosed-placeholder", "dossier.salutation</p>", 1, 4},
		"script":             {"x", "<p>a</p><script>1</script>", "body", "tag-not-allowed", "script", 1, 9},
		"handler":            {"x", `<p onclick="x">a</p>`, "body", "attribute-not-allowed", "onclick", 1, 1},
		"javascript":         {"x", `<a href="javascript:x">a</a>`, "body", "address-not-allowed", "javascript:x", 1, 1},
		"words as address":   {"x", `<a href="{dossier.name}">a</a>`, "body", "address-not-allowed", "{dossier.name}", 1, 1},
		"fragment in tag":    {"x", `<p {dossier.links_set_password_formatted}>a</p>`, "body", "attribute-not-allowed", "{dossier.links_set_password_formatted}", 1, 1},
		"links in a subject": {"{dossier.links_set_password_formatted}", "", "subject", "placeholder-not-here", "dossier.links_set_password_formatted", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mailtemplate.Parse(c.subject, c.body)
			var e *mailtemplate.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.Field != c.field || e.Code != c.code || e.Name != c.what || e.Line != c.line || e.Column != c.column {
				t.Errorf("got %+v", e)
			}
		})
	}
}

// TestValuesStayValues: whatever a value holds, the mail has the same tags as with a harmless one, and no value is read as a placeholder.
func TestValuesStayValues(t *testing.T) {
	t.Parallel()
	tpl := mailtemplate.MustParse("Voor {dossier.name}", `<p>{dossier.name}</p><p><a href="{special.consumerportal_url}">{special.consumerportal_url}</a></p>{dossier.links_set_password_formatted}`)
	render := func(v string) mailtemplate.Rendered {
		vs := mailtemplate.NewValues("#2b4a9b")
		vs.Set("dossier.name", v)
		vs.Set("special.consumerportal_url", "https://portal.example/brug?a=1&b="+strings.Map(func(r rune) rune { return r }, v))
		vs.SetFragment("dossier.links_set_password_formatted", mailtemplate.Fragment{HTML: "<p>LINK</p>", Text: "LINK"})
		return tpl.Render(vs)
	}
	tags := func(s string) string {
		var b strings.Builder
		z := html.NewTokenizer(strings.NewReader(s))
		for k := z.Next(); k != html.ErrorToken; k = z.Next() {
			if k != html.TextToken {
				tok := z.Token()
				b.WriteString(k.String() + tok.Data)
				for _, a := range tok.Attr {
					b.WriteString(" " + a.Key)
				}
			}
		}
		return b.String()
	}
	want := tags(render("inert").HTML)
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"{dossier.salutation}", "{dossier.links_set_password_formatted}", "<script>alert(1)</script>", `"><img src=x onerror=1>`, "javascript:x",
			"\x01dossier.links_set_password_formatted\x01", "\x00", "a\r\nBcc: x@y.nl", "</p>", "&lt;b&gt;",
		})).Draw(t, "value")
		got := render(v)
		if tags(got.HTML) != want {
			t.Fatalf("other tags: %s", got.HTML)
		}
		if strings.Count(got.HTML, "LINK") != 1+strings.Count(v, "LINK")*3 || strings.ContainsAny(got.Subject, "\r\n") {
			t.Fatalf("read again: %q %s", got.Subject, got.HTML)
		}
	})
}

// TestNumber: one reader or several, with the same text (A4).
func TestNumber(t *testing.T) {
	t.Parallel()
	tpl := mailtemplate.MustParse("x", "<p>Hier {dossier.vindje_vindenjullie} {dossier.jouw_jullie} dossier; {dossier.je_jullie} {dossier.kunt_kunnen} inloggen. {dossier.jeontvangt_jullieontvangen} het, {dossier.krijgje_krijgenjullie} het, {dossier.mochtje_mochtenjullie}, {dossier.jou_jullie}.</p>")
	for n, want := range map[int]string{
		1: "Hier vind je jouw dossier; je kunt inloggen. je ontvangt het, krijg je het, mocht je, jou.\n",
		2: "Hier vinden jullie jullie dossier; jullie kunnen inloggen. jullie ontvangen het, krijgen jullie het, mochten jullie, jullie.\n",
	} {
		v := mailtemplate.NewValues("#000000")
		v.SetNumber(n)
		if got := tpl.Render(v).Text; got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

// TestContrast: text on the colour of an office can always be read.
func TestContrast(t *testing.T) {
	t.Parallel()
	for colour, want := range map[string]string{"#2b4a9b": "#ffffff", "#ffd400": "#14171f", "#000000": "#ffffff", "#ffffff": "#14171f"} {
		if got := mailtemplate.On(colour); got != want {
			t.Errorf("%s: %s", colour, got)
		}
	}
}
