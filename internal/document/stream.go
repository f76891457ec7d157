package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"voordeur/internal/fault"
)

// What a body can do besides being read, when it comes over HTTP.
type (
	interruptible interface{ Interrupt() }
	measured      interface{ Len() int64 }
)

func interrupter(body io.Reader) func() {
	if b, ok := body.(interruptible); ok {
		return b.Interrupt
	}
	return func() {}
}

// length returns how long body says it is, or -1.
func length(body io.Reader) int64 {
	if b, ok := body.(measured); ok {
		return b.Len()
	}
	return -1
}

// errStore marks that the bytes could not be written, as opposed to read.
var errStore = errors.New("document: storing failed")

var buffers = sync.Pool{New: func() any { b := make([]byte, 64<<10); return &b }}

// copyBytes copies at most limit bytes. The error is errStore when writing failed, else why no more could be read; nil when the reader ended
// or limit was reached.
func copyBytes(to io.Writer, from io.Reader, limit int64) (int64, error) {
	buf := buffers.Get().(*[]byte) //nolint:forcetypeassert // the pool holds nothing else
	defer buffers.Put(buf)
	var n int64
	for n < limit {
		chunk := *buf
		if left := limit - n; left < int64(len(chunk)) {
			chunk = chunk[:left]
		}
		got, err := from.Read(chunk)
		if got > 0 {
			if _, werr := to.Write(chunk[:got]); werr != nil {
				return n, fmt.Errorf("%w: %w", errStore, werr)
			}
			n += int64(got)
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// more reports whether anything follows.
func more(body io.Reader) bool {
	var one [1]byte
	n, _ := io.ReadFull(body, one[:])
	return n > 0
}

// drain reads what a client still sends, for a while: one that is cut off while it sends often never sees the answer.
func drain(body io.Reader) {
	timer := time.AfterFunc(politeness, interrupter(body))
	defer timer.Stop()
	_, _ = io.Copy(io.Discard, io.LimitReader(body, MaxSize))
}

// unsure reports whether a transaction may have been committed although it failed for us. Then its bytes must stay: a row may name them.
func unsure(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || !isFault(err)
}

func isFault(err error) bool {
	_, ok := errors.AsType[*fault.Error](err)
	return ok
}
