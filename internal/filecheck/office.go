package filecheck

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// The limits of an archive. They hold for what its directory says, and again for what comes out.
const (
	maxEntries   = 1000
	maxUnpacked  = 200 << 20
	maxRatio     = 100
	freeOfRatio  = 1 << 20 // so little may be packed as tightly as it likes
	maxDirectory = 1 << 20 // of an XML part that is read as a whole
)

func isZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// checkOffice opens a DOCX or XLSX as the archive it is: bounded, unbroken, with the main part that its name promises, and without
// anything that runs or reaches out.
func checkOffice(f file, mainType string) error {
	if whole, err := alsoZip(f); err != nil || !whole {
		return orDamaged(err)
	}
	z, err := zip.NewReader(f, f.size)
	if err != nil {
		return ErrDamaged.Because(err)
	}
	if err := checkDirectory(f, z); err != nil {
		return err
	}
	types, err := contentTypes(z)
	if err != nil {
		return err
	}
	if err := types.check(mainType); err != nil {
		return err
	}
	left := int64(maxUnpacked)
	for _, e := range z.File {
		if left, err = checkEntry(e, left); err != nil {
			return err
		}
	}
	return nil
}

func orDamaged(err error) error {
	if err != nil {
		return err
	}
	return ErrDamaged
}

// checkDirectory judges an archive before anything is unpacked.
func checkDirectory(f file, z *zip.Reader) error {
	if len(z.File) > maxEntries {
		return ErrBomb
	}
	var total uint64
	seen := make(map[string]bool, len(z.File))
	for _, e := range z.File {
		name := strings.ToLower(e.Name)
		switch {
		case seen[name], e.Flags&1 != 0, e.Method != zip.Store && e.Method != zip.Deflate: // twice, encrypted, packed in another way
			return ErrDamaged
		case strings.HasPrefix(name, "/"), strings.Contains(name, `\`), strings.Contains("/"+name+"/", "/../"), strings.Contains(name, ":"):
			return ErrDamaged
		case runsInOffice(name):
			return ErrActive
		}
		seen[name] = true
		size := e.UncompressedSize64
		if size > maxUnpacked || size > freeOfRatio && size/maxRatio > e.CompressedSize64 {
			return ErrBomb
		}
		if total += size; total > maxUnpacked {
			return ErrBomb
		}
	}
	if total > freeOfRatio && total/maxRatio > uint64(f.size) { //nolint:gosec // a size is not negative
		return ErrBomb
	}
	return nil
}

// runsInOffice knows the parts that hold macros, controls, or packed programs.
func runsInOffice(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, "vbaproject") || strings.HasPrefix(base, "vbadata") || strings.HasPrefix(base, "oleobject") ||
		strings.Contains(name, "macrosheets/") || strings.Contains(name, "activex/") || strings.Contains(name, "intlmacrosheets/") ||
		strings.HasSuffix(base, ".exe") || strings.HasSuffix(base, ".dll") || strings.HasSuffix(base, ".js") || strings.HasSuffix(base, ".vbs")
}

type partTypes struct {
	Overrides []struct {
		PartName    string `xml:"PartName,attr"`
		ContentType string `xml:"ContentType,attr"`
	} `xml:"Override"`
	Defaults []struct {
		ContentType string `xml:"ContentType,attr"`
	} `xml:"Default"`
}

// contentTypes reads the part that says what the others are. Go's reader of XML knows no entities beyond the five, and fetches nothing.
func contentTypes(z *zip.Reader) (partTypes, error) {
	var types partTypes
	for _, e := range z.File {
		if e.Name != "[Content_Types].xml" {
			continue
		}
		if e.UncompressedSize64 > maxDirectory {
			return types, ErrDamaged
		}
		r, err := e.Open()
		if err != nil {
			return types, ErrDamaged.Because(err)
		}
		defer func() { _ = r.Close() }()
		if err := xml.NewDecoder(io.LimitReader(r, maxDirectory)).Decode(&types); err != nil {
			return types, ErrDamaged.Because(err)
		}
		return types, nil
	}
	return types, ErrOther // an archive, but no document
}

func (t partTypes) check(mainType string) error {
	var all []string
	for _, o := range t.Overrides {
		all = append(all, o.ContentType)
	}
	for _, d := range t.Defaults {
		all = append(all, d.ContentType)
	}
	main := false
	for _, typ := range all {
		low := strings.ToLower(typ)
		if strings.Contains(low, "macroenabled") || strings.Contains(low, "vbaproject") || strings.Contains(low, "activex") {
			return ErrActive
		}
		main = main || strings.EqualFold(typ, mainType)
	}
	if !main {
		return ErrOther
	}
	return nil
}

// checkEntry unpacks an entry to nowhere. Its checksum is compared on the way; what is more than the directory said is a bomb.
func checkEntry(e *zip.File, left int64) (int64, error) {
	r, err := e.Open()
	if err != nil {
		return left, ErrDamaged.Because(err)
	}
	defer func() { _ = r.Close() }()
	name := strings.ToLower(e.Name)
	var look *xmlWatch
	if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") || strings.HasSuffix(name, ".vml") {
		look = &xmlWatch{rels: strings.HasSuffix(name, ".rels")}
	}
	buf := make([]byte, 32<<10)
	var out int64
	for {
		n, err := r.Read(buf)
		out += int64(n)
		left -= int64(n)
		if left < 0 || out > int64(e.UncompressedSize64) { //nolint:gosec // checked against maxUnpacked before
			return left, ErrBomb
		}
		if look != nil {
			if err := look.see(buf[:n]); err != nil {
				return left, err
			}
		}
		if errors.Is(err, io.EOF) {
			return left, nil
		}
		if err != nil {
			return left, ErrDamaged.Because(err)
		}
	}
}

// xmlWatch looks for declarations that could make a parser read something else, in any of the encodings of XML: in a text of ASCII letters
// the wider encodings only add zero bytes.
type xmlWatch struct {
	rels bool
	kept []byte
}

var (
	declarations = [][]byte{[]byte("<!doctype"), []byte("<!entity")}
	reachingOut  = [][]byte{[]byte("/attachedtemplate"), []byte("/oleobject"), []byte("/subdocument"), []byte("/frame\"")}
)

func (w *xmlWatch) see(chunk []byte) error {
	const overlap = 2048
	window := slices.Concat(w.kept, bytes.ToLower(bytes.ReplaceAll(chunk, []byte{0}, nil)))
	for _, d := range declarations {
		if bytes.Contains(window, d) {
			return ErrActive
		}
	}
	if w.rels {
		if err := reaches(window); err != nil {
			return err
		}
	}
	w.kept = append(w.kept[:0:0], window[max(0, len(window)-overlap):]...)
	return nil
}

// reaches refuses a relationship by which a document loads a template or an object from elsewhere. A link that a reader may click is no such thing.
func reaches(window []byte) error {
	for rest := window; ; {
		start := bytes.Index(rest, []byte("relationship "))
		if start < 0 {
			return nil
		}
		end := bytes.IndexByte(rest[start:], '>')
		if end < 0 {
			return nil // seen whole with the next piece
		}
		one := rest[start : start+end]
		if bytes.Contains(one, []byte(`external`)) {
			for _, kind := range reachingOut {
				if bytes.Contains(one, kind) {
					return error(ErrActive)
				}
			}
		}
		rest = rest[start+end:]
	}
}
