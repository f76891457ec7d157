package dossier

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"voordeur/internal/text"
)

// The faults of a file as a whole.
var (
	errImportHeader = errors.New(`the first line must name the columns "dossier", "applicant" and "username" (or "gebruikersnaam"), in any order`)
	errImportUTF16  = errors.New(`the file is "Unicode text": save it as CSV UTF-8`)
	errImportSize   = errors.New("the file is larger than 64 MB")
)

const (
	maxImportFile  = 64 << 20
	maxImportField = 1000 // bytes
)

// importRow is one row of the file; bad says why it cannot be used.
type importRow struct {
	line      int
	dossier   string
	applicant string
	username  string
	bad       string
}

// importColumns are the names that a column may have.
var importColumns = map[string]int{
	"dossier": 0, "dossiernummer": 0, "reference": 0,
	"applicant": 1, "aanvrager": 1, "email": 1, "e-mail": 1, "e-mailadres": 1, "naam": 1, "name": 1,
	"username": 2, "gebruikersnaam": 2,
}

// eachImportRow reads the rows one at a time, from the beginning. Excel in a Dutch setting writes semicolons, a byte order mark, a line
// "sep=;" and sometimes Windows-1252; all of that is taken.
func eachImportRow(file io.ReadSeeker, use func(importRow) error) error {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size > maxImportFile {
		return errImportSize
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(file, 64<<10)
	comma, skipped, err := importDialect(in)
	if err != nil {
		return err
	}
	r := csv.NewReader(in)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	head, err := r.Read()
	if err != nil {
		return errImportHeader
	}
	columns, width := make([]int, len(head)), len(head)
	found := [3]bool{}
	for i, name := range head {
		at, ok := importColumns[strings.ToLower(importText(name))]
		if !ok {
			columns[i] = -1 // a column of its own, such as a remark
			continue
		}
		if found[at] {
			return errImportHeader
		}
		columns[i], found[at] = at, true
	}
	if !found[0] || !found[2] {
		return errImportHeader
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		row := importRow{}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			row.line, row.bad = broken.StartLine+skipped, "it cannot be read: "+broken.Err.Error()
			if err := use(row); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("read the file: %w", err)
		}
		row.line, _ = r.FieldPos(0)
		row.line += skipped
		if row.read(record, columns, width) {
			continue
		}
		if err := use(row); err != nil {
			return err
		}
	}
}

// read fills in what the record says. It reports whether the line is empty.
func (row *importRow) read(record []string, columns []int, width int) bool {
	if len(strings.TrimSpace(strings.Join(record, ""))) == 0 {
		return true
	}
	if len(record) != width {
		row.bad = fmt.Sprintf("it has %d columns, and the first line has %d", len(record), width)
		return false
	}
	for i, value := range record {
		if columns[i] < 0 {
			continue
		}
		if len(value) > maxImportField {
			row.bad = "a value is longer than 1000 characters"
			return false
		}
		*[]*string{&row.dossier, &row.applicant, &row.username}[columns[i]] = importText(value)
	}
	switch {
	case row.dossier == "":
		row.bad = "it names no dossier"
	case row.username == "":
		row.bad = "it has no username"
	}
	return false
}

// importDialect skips what stands before the first line, and says what separates values.
func importDialect(in *bufio.Reader) (rune, int, error) {
	start, _ := in.Peek(3)
	switch {
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return 0, 0, errImportUTF16
	case bytes.HasPrefix(start, []byte{0xef, 0xbb, 0xbf}):
		_, _ = in.Discard(3)
	}
	first, _ := in.Peek(4096)
	line, _, whole := bytes.Cut(first, []byte("\n"))
	if rest, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte("sep=")); ok && whole && len(rest) == 1 {
		_, _ = in.Discard(len(line) + 1)
		return rune(rest[0]), 1, nil
	}
	comma, most := ',', 0
	for _, c := range ";,\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			comma, most = c, n
		}
	}
	return comma, 0, nil
}

// windows1252 is what the bytes 0x80 to 0x9f are there; elsewhere it is Latin-1.
var windows1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

// importText is a value as a person reads it: in UTF-8, or else in Windows-1252, without what cannot be seen.
func importText(s string) string {
	if !utf8.ValidString(s) {
		var b strings.Builder
		for i := range len(s) {
			r := rune(s[i])
			if r >= 0x80 && r <= 0x9f {
				r = windows1252[r-0x80]
			}
			b.WriteRune(r)
		}
		s = b.String()
	}
	return text.Line(s)
}
