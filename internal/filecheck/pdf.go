package filecheck

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"io"
	"strings"
)

func isPDF(head []byte) bool {
	return len(head) >= 8 && string(head[:5]) == "%PDF-" && (head[5] == '1' || head[5] == '2') && head[6] == '.' && head[7] >= '0' && head[7] <= '9'
}

// checkPDF wants the file to end where a PDF ends, with nothing behind it, and to contain nothing that runs.
func checkPDF(f file) error {
	tail, err := f.tail(4096)
	if err != nil {
		return err
	}
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	if end < 0 {
		return ErrDamaged
	}
	if len(bytes.Trim(tail[end+5:], "\x00\t\n\f\r \x1a")) > 0 {
		return ErrOther
	}
	if err := notZip(f); err != nil {
		return err
	}
	s := pdfScanner{file: f, budget: 64 << 20}
	return s.scan(0, f.size)
}

// pdfScanner looks for names that make a reader run something. It skips the content of streams, where any bytes can occur by chance, but
// unpacks the streams that hold objects.
type pdfScanner struct {
	file   file
	budget int64 // how much may still be unpacked
}

func (s *pdfScanner) scan(from, to int64) error {
	r := &counting{r: bufio.NewReaderSize(io.NewSectionReader(s.file, from, to-from), 32<<10), at: from}
	objects := false // the dictionary just read is that of a stream of objects
	for {
		c, err := r.nextOf("/s")
		if err == io.EOF { //nolint:errorlint // bufio returns it bare
			return nil
		}
		if err != nil {
			return err
		}
		switch c {
		case '/':
			name, err := r.name()
			if err != nil {
				return err
			}
			if runs(name, r) {
				return ErrActive
			}
			objects = objects || name == "ObjStm"
		case 's':
			if !r.follows("tream") {
				continue
			}
			r.skip(5)
			if c := r.peek(1); len(c) == 0 || (c[0] != '\n' && c[0] != '\r') {
				continue
			}
			if objects {
				if err := s.unpack(r.at); err != nil {
					return err
				}
			}
			objects = false
			if err := r.skipTo("endstream"); err != nil {
				return err
			}
		}
	}
}

// unpack scans a stream of objects. One that cannot be unpacked is not for us to judge: readers refuse it too.
func (s *pdfScanner) unpack(at int64) error {
	body := bufio.NewReaderSize(io.NewSectionReader(s.file, at, s.file.size-at), 8<<10)
	for range 2 { // the line's end
		if c, err := body.Peek(1); err == nil && (c[0] == '\r' || c[0] == '\n') {
			_, _ = body.Discard(1)
		}
	}
	z, err := zlib.NewReader(body)
	if err != nil {
		return nil //nolint:nilerr // see above
	}
	defer func() { _ = z.Close() }()
	limited := &io.LimitedReader{R: z, N: s.budget}
	r := &counting{r: bufio.NewReaderSize(limited, 8<<10)}
	for {
		if _, err := r.nextOf("/"); err != nil {
			break
		}
		name, err := r.name()
		if err != nil {
			break
		}
		if runs(name, r) {
			return ErrActive
		}
	}
	if limited.N == 0 {
		return ErrBomb
	}
	s.budget = limited.N
	return nil
}

// runs reports whether a name begins something that runs. A short one may also be somebody's own key; then no script follows it.
func runs(name string, r *counting) bool {
	switch name {
	case "JavaScript", "Launch":
		return true
	case "JS":
		next := bytes.TrimLeft(r.peek(8), "\x00\t\n\f\r ")
		return len(next) > 0 && (next[0] == '(' || next[0] == '<' || next[0] >= '0' && next[0] <= '9')
	}
	return false
}

// counting is a buffered reader that knows where it is.
type counting struct {
	r  *bufio.Reader
	at int64
}

func (c *counting) next() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.at++
	}
	return b, err
}

func (c *counting) peek(n int) []byte {
	b, _ := c.r.Peek(n)
	return b
}

func (c *counting) skip(n int) {
	n, _ = c.r.Discard(n)
	c.at += int64(n)
}

func (c *counting) follows(s string) bool { return string(c.peek(len(s))) == s }

// name reads the rest of a name, its #xx escapes undone. What is longer than any name we look for is cut.
func (c *counting) name() (string, error) {
	var out strings.Builder
	for {
		next := c.peek(3)
		if len(next) == 0 || strings.IndexByte("\x00\t\n\f\r ()<>[]{}/%", next[0]) >= 0 {
			return out.String(), nil
		}
		b, err := c.next()
		if err != nil {
			return out.String(), err
		}
		if b == '#' && len(next) == 3 {
			if hi, lo := unhex(next[1]), unhex(next[2]); hi >= 0 && lo >= 0 {
				b = byte(hi<<4 | lo) //nolint:gosec // two nibbles
				c.skip(2)
			}
		}
		if out.Len() < 32 {
			out.WriteByte(b)
		}
	}
}

func unhex(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20) }

// nextOf goes on behind the next byte that is one of set, and returns it.
func (c *counting) nextOf(set string) (byte, error) {
	for {
		waiting, err := c.buffered()
		if err != nil {
			return 0, err
		}
		if i := bytes.IndexAny(waiting, set); i >= 0 {
			b := waiting[i]
			c.skip(i + 1)
			return b, nil
		}
		c.skip(len(waiting))
	}
}

// skipTo goes on behind the next occurrence of word, or to the end.
func (c *counting) skipTo(word string) error {
	for {
		waiting, err := c.buffered()
		if err == io.EOF { //nolint:errorlint // as above
			return nil
		}
		if err != nil {
			return err
		}
		if i := bytes.Index(waiting, []byte(word)); i >= 0 {
			c.skip(i + len(word))
			return nil
		}
		if len(waiting) < len(word) { // it may stand across the end of the buffer
			if waiting = c.peek(len(word)); len(waiting) < len(word) {
				c.skip(len(waiting))
				continue
			}
			if string(waiting) != word {
				c.skip(1)
			}
			continue
		}
		c.skip(len(waiting) - len(word) + 1)
	}
}

// buffered returns what can be looked at without copying: at least one byte, or why there is none.
func (c *counting) buffered() ([]byte, error) {
	if c.r.Buffered() == 0 {
		if _, err := c.r.Peek(1); err != nil {
			return nil, err
		}
	}
	return c.r.Peek(c.r.Buffered())
}
