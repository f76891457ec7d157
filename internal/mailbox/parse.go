package mailbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
)

// parse reads the parts of a message that a page shows.
func parse(raw []byte) (Message, error) {
	in, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Message{}, err
	}
	words := new(mime.WordDecoder)
	decode := func(name string) string {
		v, err := words.DecodeHeader(in.Header.Get(name))
		if err != nil {
			return in.Header.Get(name)
		}
		return v
	}
	m := Message{Subject: decode("Subject"), From: decode("From"), MessageID: strings.Trim(in.Header.Get("Message-Id"), "<>")}
	if err := m.read(in.Header.Get("Content-Type"), in.Header.Get("Content-Transfer-Encoding"), in.Body); err != nil {
		return m, err
	}
	m.Links = links(m.HTML, m.Text)
	return m, nil
}

func (m *Message) read(contentType, encoding string, body io.Reader) error {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		media = "text/plain"
	}
	if strings.HasPrefix(media, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			p, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := m.read(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(strings.ToValidUTF8(string(raw), "\ufffd"), "\r\n", "\n")
	switch {
	case media == "text/html" && m.HTML == "":
		m.HTML = text
	case media == "text/plain" && m.Text == "":
		m.Text = text
	}
	return nil
}

var bareLink = regexp.MustCompile(`https?://[^\s<>"')]+`)

// links returns every address that a reader could follow, in the order of the message.
func links(h, text string) []string {
	out := []string{}
	add := func(l string) {
		if (strings.HasPrefix(l, "http://") || strings.HasPrefix(l, "https://")) && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	z := nethtml.NewTokenizer(strings.NewReader(h))
	for kind := z.Next(); kind != nethtml.ErrorToken; kind = z.Next() {
		if kind != nethtml.StartTagToken {
			continue
		}
		if t := z.Token(); t.Data == "a" {
			for _, a := range t.Attr {
				if a.Key == "href" {
					add(a.Val)
				}
			}
		}
	}
	for _, l := range bareLink.FindAllString(text, -1) {
		add(strings.TrimRight(l, ".,;:"))
	}
	return out
}
