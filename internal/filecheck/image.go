package filecheck

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/jpeg"
	"io"
)

// maxPixels keeps a small file from becoming a huge picture in somebody's memory.
const maxPixels = 40_000_000

func isJPEG(head []byte) bool { return bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}) }
func isPNG(head []byte) bool  { return bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")) }

func checkPixels(width, height int64) error {
	if width <= 0 || height <= 0 {
		return ErrDamaged
	}
	if width > maxPixels/height {
		return ErrManyPixels
	}
	return nil
}

// checkJPEG reads the size of the picture, and looks for its end: a photograph that was cut off has none. What cameras write behind
// the end (a second picture, a film) is allowed, an archive is not.
func checkJPEG(f file) error {
	cfg, err := jpeg.DecodeConfig(io.NewSectionReader(f, 0, f.size))
	if err != nil {
		return ErrDamaged.Because(err)
	}
	if err := checkPixels(int64(cfg.Width), int64(cfg.Height)); err != nil {
		return err
	}
	start, err := startOfScan(f)
	if err != nil {
		return err
	}
	found, err := contains(io.NewSectionReader(f, start, f.size-start), []byte{0xff, 0xd9})
	if err != nil {
		return err
	}
	if !found {
		return ErrDamaged
	}
	return notZip(f)
}

// startOfScan walks over the segments, thumbnails included, to where the picture's own data begins.
func startOfScan(f file) (int64, error) {
	var h [4]byte
	for at := int64(2); at+4 <= f.size; {
		if _, err := f.ReadAt(h[:], at); err != nil {
			return 0, ErrDamaged.Because(err)
		}
		if h[0] != 0xff {
			return 0, ErrDamaged
		}
		switch {
		case h[1] == 0xff: // filling
			at++
		case h[1] == 0xda:
			return at + 2, nil
		case h[1] == 0x01 || h[1] >= 0xd0 && h[1] <= 0xd8:
			at += 2
		default:
			at += 2 + int64(binary.BigEndian.Uint16(h[2:]))
		}
	}
	return 0, ErrDamaged
}

// checkPNG walks over the chunks up to the last byte: the first tells the size, each has a checksum, nothing follows the end.
func checkPNG(f file) error {
	var head [8]byte
	at, buf := int64(8), make([]byte, 32<<10)
	for number := 0; ; number++ {
		if _, err := f.ReadAt(head[:], at); err != nil {
			return ErrDamaged.Because(err)
		}
		size, name := int64(binary.BigEndian.Uint32(head[:4])), string(head[4:])
		if size > f.size-at-12 {
			return ErrDamaged
		}
		sum := crc32.NewIEEE()
		if _, err := io.CopyBuffer(onlyWriter{sum}, onlyReader{io.NewSectionReader(f, at+4, size+4)}, buf); err != nil {
			return err
		}
		var want [4]byte
		if _, err := f.ReadAt(want[:], at+8+size); err != nil && err != io.EOF { //nolint:errorlint // io.ReaderAt returns it bare
			return ErrDamaged.Because(err)
		}
		if binary.BigEndian.Uint32(want[:]) != sum.Sum32() || (number == 0) != (name == "IHDR") {
			return ErrDamaged
		}
		if number == 0 {
			if err := checkIHDR(f, size); err != nil {
				return err
			}
		}
		at += 12 + size
		if name == "IEND" {
			if at != f.size {
				return ErrOther
			}
			return nil
		}
	}
}

func checkIHDR(f file, size int64) error {
	var dim [8]byte
	if size != 13 {
		return ErrDamaged
	}
	if _, err := f.ReadAt(dim[:], 16); err != nil {
		return ErrDamaged.Because(err)
	}
	return checkPixels(int64(binary.BigEndian.Uint32(dim[:4])), int64(binary.BigEndian.Uint32(dim[4:])))
}

var heicBrands = []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"}

// isHEIC looks for the brands of pictures coded with HEVC. Other pictures in the same container (AVIF) and films (MP4) have others.
func isHEIC(head []byte) bool {
	if len(head) < 16 || string(head[4:8]) != "ftyp" {
		return false
	}
	end := int64(binary.BigEndian.Uint32(head))
	if end < 16 || end > int64(len(head)) || end%4 != 0 {
		return false
	}
	for i := int64(8); i+4 <= end; i += 4 {
		if i == 12 { // the minor version
			continue
		}
		for _, b := range heicBrands {
			if string(head[i:i+4]) == b {
				return true
			}
		}
	}
	return false
}

// checkHEIC walks over the boxes to the last byte, and reads the sizes of the pictures in the description.
func checkHEIC(f file) error {
	described := false
	for at := int64(0); at < f.size; {
		name, body, end, err := box(f, at)
		if err != nil {
			return err
		}
		if name == "meta" {
			described = true
			if err := checkSizes(f, body, end); err != nil {
				return err
			}
		}
		at = end
	}
	if !described {
		return ErrDamaged
	}
	return notZip(f)
}

// box reads the head of the box at a place: its name, where its content begins and where it ends.
func box(f file, at int64) (string, int64, int64, error) {
	var h [16]byte
	n, err := f.ReadAt(h[:], at)
	if n < 8 {
		return "", 0, 0, ErrDamaged.Because(err)
	}
	size, body := int64(binary.BigEndian.Uint32(h[:])), at+8
	switch {
	case size == 0: // to the end
		size = f.size - at
	case size == 1 && n == 16:
		size, body = int64(binary.BigEndian.Uint64(h[8:])&(1<<62-1)), at+16
	}
	if size < body-at || size > f.size-at {
		return "", 0, 0, ErrDamaged
	}
	return string(h[4:8]), body, at + size, nil
}

// maxDescription is far more than a photograph's description takes.
const maxDescription = 1 << 20

// checkSizes finds every image size ("ispe") in a description. Whatever else stands there is for who decodes it.
func checkSizes(f file, from, to int64) error {
	if to-from > maxDescription {
		return ErrDamaged
	}
	meta := make([]byte, to-from)
	if _, err := f.ReadAt(meta, from); err != nil && err != io.EOF { //nolint:errorlint // as above
		return err
	}
	found := false
	for rest := meta; ; {
		i := bytes.Index(rest, []byte("ispe"))
		if i < 0 || len(rest) < i+16 {
			break
		}
		width, height := binary.BigEndian.Uint32(rest[i+8:]), binary.BigEndian.Uint32(rest[i+12:])
		if err := checkPixels(int64(width), int64(height)); err != nil {
			return err
		}
		found, rest = true, rest[i+16:]
	}
	if !found {
		return ErrDamaged
	}
	return nil
}

func notZip(f file) error {
	zip, err := alsoZip(f)
	if err == nil && zip {
		err = ErrOther
	}
	return err
}

// contains reports whether needle occurs in what r yields.
func contains(r io.Reader, needle []byte) (bool, error) {
	buf, kept := make([]byte, 32<<10), 0
	for {
		n, err := r.Read(buf[kept:])
		if bytes.Contains(buf[:kept+n], needle) {
			return true, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		keep := min(len(needle)-1, kept+n)
		copy(buf, buf[kept+n-keep:kept+n])
		kept = keep
	}
}

// onlyReader and onlyWriter hide the short cuts that would have io.CopyBuffer allocate a buffer of its own.
type (
	onlyReader struct{ io.Reader }
	onlyWriter struct{ io.Writer }
)
