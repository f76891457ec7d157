package blobstore

import (
	"context"
	"errors"
	"io"
	"sync"
)

// A blob is read at random in blocks, of which a few are kept: an archive's directory and its entries lie apart, and an object store
// answers a hundred small requests slowly.
const (
	blockSize  = 64 << 10
	keptBlocks = 8
)

// Random reads a blob at any place. It is safe for use by many goroutines.
type Random struct {
	store *Store
	ctx   context.Context //nolint:containedctx // io.ReaderAt has none, and a Random lives within one call
	key   string
	size  int64

	mu     sync.Mutex
	blocks []block       // most recently used last
	last   int64         // the block read last; who wants the next one is reading from front to back
	stream io.ReadCloser // then this is open, and yields the block behind the last
}

type block struct {
	number int64
	data   []byte
}

// Random returns a reader at random for the blob under key, which has size bytes.
func (s *Store) Random(ctx context.Context, key string, size int64) *Random {
	return &Random{store: s, ctx: ctx, key: key, size: size, last: -2}
}

// Close ends the reading.
func (r *Random) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closeStream()
}

func (r *Random) closeStream() error {
	if r.stream == nil {
		return nil
	}
	err := r.stream.Close()
	r.stream = nil
	return err
}

// ReadAt implements io.ReaderAt.
func (r *Random) ReadAt(p []byte, off int64) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for n < len(p) {
		at := off + int64(n)
		if at >= r.size {
			return n, io.EOF
		}
		data, err := r.block(at / blockSize)
		if err != nil {
			return n, err
		}
		n += copy(p[n:], data[at%blockSize:])
	}
	return n, nil
}

// block returns one block. It is good until the next call: a block that was not used for long gives its memory to a new one.
func (r *Random) block(number int64) ([]byte, error) {
	for i, b := range r.blocks {
		if b.number == number {
			copy(r.blocks[i:], r.blocks[i+1:])
			r.blocks[len(r.blocks)-1] = b
			return b.data, nil
		}
	}
	var data []byte
	if len(r.blocks) == keptBlocks {
		data, r.blocks = r.blocks[0].data[:blockSize], append(r.blocks[:0], r.blocks[1:]...)
	} else {
		data = make([]byte, blockSize)
	}
	data = data[:min(blockSize, r.size-number*blockSize)]
	if err := r.fill(number, data); err != nil {
		return nil, err
	}
	r.last = number
	r.blocks = append(r.blocks, block{number, data})
	return data, nil
}

// fill reads a block: alone, or from a stream once two blocks were wanted one after the other.
func (r *Random) fill(number int64, data []byte) error {
	if number != r.last+1 {
		_ = r.closeStream()
		one, err := r.store.Read(r.ctx, r.key, number*blockSize, int64(len(data)))
		if err != nil {
			return err
		}
		_, err = io.ReadFull(one, data)
		return errors.Join(err, one.Close())
	}
	if r.stream == nil {
		var err error
		if r.stream, err = r.store.Read(r.ctx, r.key, number*blockSize, -1); err != nil {
			return err
		}
	}
	if _, err := io.ReadFull(r.stream, data); err != nil {
		return errors.Join(err, r.closeStream())
	}
	return nil
}
