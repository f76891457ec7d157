package seed

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"strings"
)

// paper is a page of A4 as a small, complete PDF: a title and lines of text, in the one font that every reader has.
func paper(title string, lines []string) []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "BT /F1 20 Tf 64 770 Td (%s) Tj ET\n", pdfText(title))
	for i, line := range lines {
		fmt.Fprintf(&text, "BT /F1 11 Tf 64 %d Td (%s) Tj ET\n", 730-18*i, pdfText(line))
	}
	fmt.Fprint(&text, "0.5 w 64 756 m 531 756 l S\n")

	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R /Lang (nl-NL) >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", text.Len(), text.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, object := range objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}

// pdfText writes s in the font's encoding; what it does not have becomes a question mark.
func pdfText(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '€':
			out.WriteByte(0x80)
		case r == 'ı':
			out.WriteByte('i')
		case r < 0x100:
			out.WriteByte(byte(r)) //nolint:gosec // the case says that it fits
		default:
			out.WriteByte('?')
		}
	}
	return out.String()
}

// photo is a sheet of paper on a table, as a phone would take it.
func photo(shade int) ([]byte, error) {
	const width, height = 600, 800
	dark := uint8(shade & 0x7f / 4)
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	fill := func(r image.Rectangle, c color.RGBA) { draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src) }
	fill(img.Bounds(), color.RGBA{96 + dark, 78 + dark, 60 + dark, 255})
	fill(image.Rect(51, 61, 550, 740), color.RGBA{245, 244, 238, 255})
	for y := 88; y < 720; y += 28 {
		fill(image.Rect(91, y, 91+(shade*7+y*13)%380+40, y+5), color.RGBA{70, 74, 82, 255})
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 70})
	return out.Bytes(), err
}
