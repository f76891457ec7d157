// Package samples makes small files of every kind that may be handed in, for tests and demonstrations.
package samples

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
)

// PDF returns a document of one page that says text.
func PDF(text string) []byte { return PDFOfSize(text, 0) }

// PDFOfSize is PDF filled up to size bytes, if it has fewer.
func PDFOfSize(text string, size int) []byte {
	content := "BT /F1 24 Tf 72 720 Td (" + strings.NewReplacer("(", "", ")", "", `\`, "").Replace(text) + ") Tj ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	const overhead = 600 // of what follows the filling: the last object's frame, table and trailer
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var at []int
	add := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	for _, o := range objects {
		add(o)
	}
	if fill := size - b.Len() - overhead; fill > 0 {
		// A stream that nothing refers to, of bytes that nothing can shrink: the same each time.
		noise := make([]byte, fill)
		_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
		add(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", fill, noise))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	end := fmt.Sprintf("trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	for b.Len()+len(end) < size {
		b.WriteByte(' ')
	}
	b.WriteString(end)
	return b.Bytes()
}

func picture(width, height int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.Set(x, y, color.RGBA{R: uint8(x), G: uint8(y), B: uint8(x * y), A: 255}) //nolint:gosec // colours wrap around
		}
	}
	return m
}

// JPEG returns a picture.
func JPEG(width, height int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, picture(width, height), nil)
	return b.Bytes()
}

// PNG returns a picture.
func PNG(width, height int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, picture(width, height))
	return b.Bytes()
}

// HEIC returns a file with the frame of a picture as a phone writes it. The picture's data is noise.
func HEIC(width, height uint32) []byte {
	box := func(name string, body []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(8+len(body))) //nolint:gosec // small
		return append(append(out, name...), body...)
	}
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte{0, 0, 0, 0}, width), height)
	props := box("iprp", box("ipco", box("ispe", size)))
	return bytes.Join([][]byte{
		box("ftyp", []byte("heic\x00\x00\x00\x00mif1heic")),
		box("meta", append([]byte{0, 0, 0, 0}, props...)),
		box("mdat", bytes.Repeat([]byte{0x26, 0x01, 0xaf}, 500)),
	}, nil)
}

// Part is one file in an archive.
type Part struct{ Name, Body string }

// Zip packs parts.
func Zip(parts ...Part) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, _ := z.Create(p.Name)
		_, _ = w.Write([]byte(p.Body))
	}
	_ = z.Close()
	return b.Bytes()
}

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	cellType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	office   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packages = "http://schemas.openxmlformats.org/package/2006/"
)

func types(part, typ string) Part {
	return Part{"[Content_Types].xml", xmlHead + `<Types xmlns="` + packages + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="` + part + `" ContentType="` + typ + `"/></Types>`}
}

func rels(name, target string) Part {
	return Part{name, xmlHead + `<Relationships xmlns="` + packages + `relationships"><Relationship Id="rId1" Type="` + office +
		`/officeDocument" Target="` + target + `"/></Relationships>`}
}

// DOCXParts are the parts of a text document that says text.
func DOCXParts(text string) []Part {
	return []Part{
		types("/word/document.xml", wordType), rels("_rels/.rels", "word/document.xml"),
		{"word/document.xml", xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` +
			text + `</w:t></w:r></w:p></w:body></w:document>`},
	}
}

// DOCX returns a text document.
func DOCX(text string) []byte { return Zip(DOCXParts(text)...) }

// XLSXParts are the parts of a spreadsheet with one sheet.
func XLSXParts() []Part {
	return []Part{
		types("/xl/workbook.xml", cellType), rels("_rels/.rels", "xl/workbook.xml"),
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + office +
			`"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/worksheets/sheet1.xml", xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>`},
	}
}

// XLSX returns a spreadsheet.
func XLSX() []byte { return Zip(XLSXParts()...) }
