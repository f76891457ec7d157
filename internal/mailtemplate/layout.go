package mailtemplate

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"
)

const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Arial,sans-serif"

// styleOf is the house style: mail programs read styles on the tags, not in a sheet.
func styleOf(tag, colour string) string {
	switch tag {
	case "p":
		return "margin:0 0 16px"
	case "h2":
		return "margin:24px 0 8px;font-size:18px;line-height:1.3"
	case "ul", "ol":
		return "margin:0 0 16px;padding-left:24px"
	case "li":
		return "margin:0 0 6px"
	case "a":
		return "color:" + Readable(colour) + ";text-decoration:underline"
	}
	return ""
}

// style puts the house style on the tags of source and makes its twin in plain text.
func style(source, colour string) (string, string) {
	var rich, plain strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(source))
	var href string
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return rich.String(), plain.String()
		case nethtml.TextToken:
			t := z.Token()
			rich.WriteString(html.EscapeString(t.Data))
			words := strings.Join(strings.Split(t.Data, "\n"), " ")
			if strings.TrimSpace(words) == href {
				href = "" // the address stands there already
			}
			plain.WriteString(words)
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			t := z.Token()
			rich.WriteString("<" + t.Data)
			for _, a := range t.Attr {
				rich.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
				if a.Key == "href" {
					href = a.Val
				}
			}
			if s := styleOf(t.Data, colour); s != "" {
				rich.WriteString(` style="` + s + `"`)
			}
			rich.WriteString(">")
			switch t.Data {
			case "p", "h2", "ul", "ol":
				plain.WriteString("\n\n")
			case "br":
				plain.WriteString("\n")
			case "li":
				plain.WriteString("\n- ")
			}
		case nethtml.EndTagToken:
			t := z.Token()
			rich.WriteString("</" + t.Data + ">")
			if t.Data == "a" && href != "" {
				plain.WriteString(" (" + href + ")")
				href = ""
			}
		case nethtml.CommentToken, nethtml.DoctypeToken: // Parse lets none through
		}
	}
}

// Frame is what stands around the text of every mail.
type Frame struct {
	Language string // "nl" or "en"
	Office   string
	Colour   string // "#2b4a9b"
	Preview  string // what the inbox shows beside the subject
	Why      string // why the reader gets this mail
	Contact  string // telephone and address of the office
}

// Layout puts a rendered text in the house style of the office.
func Layout(f Frame, r Rendered) (string, string) {
	e := html.EscapeString
	h := fmt.Sprintf(`<!doctype html>
<html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light"><title>%s</title></head>
<body style="margin:0;padding:0;background:#f4f5f7">
<div style="display:none;max-height:0;overflow:hidden">%s</div>
<table role="presentation" width="100%%" cellpadding="0" cellspacing="0" style="background:#f4f5f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:12px;overflow:hidden">
<tr><td style="background:%s;color:%s;padding:20px 28px;%s;font-size:18px;font-weight:600">%s</td></tr>
<tr><td style="padding:28px;%s;font-size:16px;line-height:1.55;color:#1f2430">%s</td></tr>
<tr><td style="padding:20px 28px;border-top:1px solid #e3e6eb;%s;font-size:13px;line-height:1.5;color:#565d6b"><p style="margin:0 0 6px">%s</p><p style="margin:0">%s</p></td></tr>
</table></td></tr></table></body></html>
`, e(f.Language), e(r.Subject), e(f.Preview), f.Colour, On(f.Colour), font, e(f.Office), font, r.HTML, font, e(f.Why), e(f.Contact))
	return h, r.Text + "\n-- \n" + f.Office + "\n" + f.Why + "\n" + f.Contact + "\n"
}

// Button is a link that cannot be overlooked, with the address below it for who cannot press it.
func Button(label, url, colour string) string {
	return fmt.Sprintf(`<a href="%s" style="display:inline-block;background:%s;color:%s;text-decoration:none;font-weight:600;padding:12px 22px;border-radius:8px">%s</a>`,
		html.EscapeString(url), colour, On(colour), html.EscapeString(label))
}

// On is the colour of text on a surface of that colour: white or nearly black, whichever reads better.
func On(colour string) string {
	l := luminance(colour)
	if 1.05/(l+0.05) >= (l+0.05)/0.06 {
		return "#ffffff"
	}
	return "#14171f"
}

// Readable is the colour as text on white: as it is when the contrast is enough, else nearly black.
func Readable(colour string) string {
	if 1.05/(luminance(colour)+0.05) >= 4.5 {
		return colour
	}
	return "#14171f"
}

func luminance(colour string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		return 0
	}
	channel := func(v uint64) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		c = (c + 0.055) / 1.055
		return c * c * c // close enough to the power of 2.4, and on the safe side
	}
	return 0.2126*channel(n>>16) + 0.7152*channel(n>>8) + 0.0722*channel(n)
}
