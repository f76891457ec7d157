package filecheck

import (
	"path"
	"strings"
	"unicode/utf8"

	"voordeur/internal/text"
)

// maxName is the longest file name in bytes: file systems take 255, and programs that save a file add to it.
const maxName = 200

// CleanName returns the name that a file is kept and offered under: without a path, without characters that steer a terminal or the
// direction of writing, composed (NFC), at most 200 bytes with its extension whole.
func CleanName(raw string) (string, error) {
	name := strings.ToValidUTF8(raw, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = text.Line(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) { // not allowed in a name on Windows
			return -1
		}
		return r
	}, name))
	name = strings.TrimRight(name, ". ")
	ext := path.Ext(name)
	stem := strings.TrimRight(strings.TrimSuffix(name, ext), ". ")
	if len(ext) > 20 {
		return "", ErrType
	}
	if strings.Trim(stem, ". ") == "" {
		if ext == "" {
			return "", ErrName
		}
		stem = "document"
	}
	for len(stem)+len(ext) > maxName {
		_, last := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-last]
	}
	return stem + ext, nil
}
