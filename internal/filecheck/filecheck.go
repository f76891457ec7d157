// Package filecheck decides which files may come in: PDF, JPEG, PNG, HEIC, DOCX and XLSX, and each only when its name, its first bytes and
// its structure agree. It works on bytes it does not trust and holds little of them in memory.
package filecheck

import (
	"bytes"
	"io"
	"path"
	"strings"

	"voordeur/internal/fault"
)

// HeadLength is how many of the first bytes Sniff wants to see.
const HeadLength = 1024

// The reasons for which a file is not taken.
var (
	ErrEmpty      = fault.New(fault.Invalid, "file-empty", "The file is empty.")
	ErrTooLarge   = fault.New(fault.TooLarge, "file-too-large", "The file is larger than 25 MiB.")
	ErrType       = fault.New(fault.UnsupportedType, "file-type-not-allowed", "Only PDF, JPEG, PNG, HEIC, DOCX and XLSX are taken.")
	ErrOther      = fault.New(fault.Invalid, "file-not-what-it-says", "The file's content is not what its name says.")
	ErrDamaged    = fault.New(fault.Invalid, "file-damaged", "The file is incomplete or damaged.")
	ErrActive     = fault.New(fault.Invalid, "file-has-macros", "The file contains macros, scripts or other content that runs.")
	ErrBomb       = fault.New(fault.Invalid, "zip-bomb", "The file unpacks to far more than it seems.")
	ErrManyPixels = fault.New(fault.TooLarge, "image-too-large", "The picture has more than 40 million pixels.")
	ErrName       = fault.New(fault.Invalid, "file-name-invalid", "The file's name cannot be used.")
	refusals      = []*fault.Error{ErrEmpty, ErrTooLarge, ErrType, ErrOther, ErrDamaged, ErrActive, ErrBomb, ErrManyPixels, ErrName}
)

// Refusal returns the fault with a code that was remembered.
func Refusal(code string) *fault.Error {
	for _, f := range refusals {
		if f.Code == code {
			return f
		}
	}
	return ErrDamaged
}

// kind is one sort of file that is taken.
type kind struct {
	mediaType  string
	extensions []string
	magic      func(head []byte) bool
	structure  func(f file) error
}

// file is what a structure check looks at.
type file struct {
	io.ReaderAt
	size int64
}

const (
	docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

var kinds = []kind{
	{"application/pdf", []string{".pdf"}, isPDF, checkPDF},
	{"image/jpeg", []string{".jpg", ".jpeg"}, isJPEG, checkJPEG},
	{"image/png", []string{".png"}, isPNG, checkPNG},
	{"image/heic", []string{".heic", ".heif"}, isHEIC, checkHEIC},
	{docxType, []string{".docx"}, isZip, func(f file) error { return checkOffice(f, docxType+".main+xml") }},
	{xlsxType, []string{".xlsx"}, isZip, func(f file) error { return checkOffice(f, xlsxType+".main+xml") }},
}

func byName(name string) (kind, error) {
	ext := strings.ToLower(path.Ext(name))
	for _, k := range kinds {
		for _, e := range k.extensions {
			if e == ext {
				return k, nil
			}
		}
	}
	return kind{}, ErrType
}

// Announce judges a file of which only name and size are known, and returns the name as it will be kept.
func Announce(name string, size, limit int64) (string, error) {
	clean, err := CleanName(name)
	if err != nil {
		return "", err
	}
	if _, err := byName(clean); err != nil {
		return "", err
	}
	switch {
	case size <= 0:
		return "", ErrEmpty
	case size > limit:
		return "", ErrTooLarge
	}
	return clean, nil
}

// Sniff judges the first bytes of a file: HeadLength of them, or all where it has fewer.
func Sniff(name string, head []byte) error {
	k, err := byName(name)
	switch {
	case err != nil:
		return err
	case len(head) == 0:
		return ErrEmpty
	case !k.magic(head), alsoHTML(head):
		return ErrOther
	}
	return nil
}

// Check judges a whole file and returns its media type, found and not claimed. A fault says why the file is refused; any other error, that
// it could not be read.
func Check(name string, r io.ReaderAt, size int64) (string, error) {
	if size == 0 {
		return "", ErrEmpty
	}
	k, err := byName(name)
	if err != nil {
		return "", err
	}
	src := &remembering{r: r, size: size}
	head := make([]byte, min(HeadLength, size))
	if _, err := src.ReadAt(head, 0); err != nil && err != io.EOF { //nolint:errorlint // io.ReaderAt returns it bare
		return "", err
	}
	if err := Sniff(name, head); err != nil {
		return "", err
	}
	err = k.structure(file{src, size})
	if src.err != nil { // what looks like damage may be a store that is away
		return "", src.err
	}
	if err != nil {
		return "", err
	}
	return k.mediaType, nil
}

// remembering keeps the first failure to read that is not the end of the file, which parsers turn into errors of their own.
type remembering struct {
	r    io.ReaderAt
	size int64
	err  error
}

// ReadAt implements io.ReaderAt.
func (m *remembering) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off > m.size { // a parser follows what the file says
		return 0, io.ErrUnexpectedEOF
	}
	n, err := m.r.ReadAt(p, off)
	if err != nil && err != io.EOF && m.err == nil {
		m.err = err
	}
	return n, err
}

// markup begins what a browser may take for a page, wherever in the first kilobyte it stands.
var markup = [][]byte{
	[]byte("<!doctype html"), []byte("<html"), []byte("<script"), []byte("<svg"), []byte("<iframe"), []byte("<body"), []byte("<head>"), []byte("<?php"),
}

func alsoHTML(head []byte) bool {
	low := bytes.ToLower(head[:min(len(head), HeadLength)])
	for _, m := range markup {
		if bytes.Contains(low, m) {
			return true
		}
	}
	return false
}

// alsoZip reports whether a file that is something else ends as an archive does, so that a program might open it as one. An archive inside
// a stream does not count: its directory does not end where the file ends.
func alsoZip(f file) (bool, error) {
	const record, longest = 22, 22 + 65535
	tail, err := f.tail(longest)
	if err != nil {
		return false, err
	}
	for i := len(tail) - record; i >= 0; i-- {
		if bytes.HasPrefix(tail[i:], []byte("PK\x05\x06")) && int(tail[i+20])|int(tail[i+21])<<8 == len(tail)-i-record {
			return true, nil
		}
	}
	return false, nil
}

// tail returns the last n bytes, or all.
func (f file) tail(n int64) ([]byte, error) {
	buf := make([]byte, min(n, f.size))
	if _, err := f.ReadAt(buf, f.size-int64(len(buf))); err != nil && err != io.EOF { //nolint:errorlint // as above
		return nil, err
	}
	return buf, nil
}
