package blobstore

import (
	"context"
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
	blocks []block // most recently used last
}

type block struct {
	number int64
	data   []byte
}

// Random returns a reader at random for the blob under key, which has size bytes.
func (s *Store) Random(ctx context.Context, key string, size int64) *Random {
	return &Random{store: s, ctx: ctx, key: key, size: size}
}

// ReadAt implements io.ReaderAt.
func (r *Random) ReadAt(p []byte, off int64) (int, error) {
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
		if at%blockSize >= int64(len(data)) {
			return n, io.ErrUnexpectedEOF
		}
		n += copy(p[n:], data[at%blockSize:])
	}
	return n, nil
}

func (r *Random) block(number int64) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, b := range r.blocks {
		if b.number == number {
			r.blocks = append(append(r.blocks[:i:i], r.blocks[i+1:]...), b)
			return b.data, nil
		}
	}
	body, err := r.store.Read(r.ctx, r.key, number*blockSize, min(blockSize, r.size-number*blockSize))
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data := make([]byte, min(blockSize, r.size-number*blockSize))
	if _, err := io.ReadFull(body, data); err != nil {
		return nil, err
	}
	if len(r.blocks) == keptBlocks {
		r.blocks = append(r.blocks[:0:0], r.blocks[1:]...)
	}
	r.blocks = append(r.blocks, block{number, data})
	return data, nil
}
