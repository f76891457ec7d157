package document

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
)

// patience is how long a request waits for another one to let go of an upload.
const patience = 5 * time.Second

// transfers knows which uploads this process is receiving bytes for. A phone that lost its connection is back with a new one long before the
// server notices that the old one is dead: the newcomer's question makes the old request stop, so that what arrived counts.
type transfers struct {
	mu   sync.Mutex
	busy map[uuid.UUID]*transfer
}

type transfer struct {
	interrupt func()
	done      chan struct{}
}

// take claims an upload, unless somebody has it. interrupt makes the holder stop waiting for bytes.
func (t *transfers) take(id uuid.UUID, interrupt func()) (func(), bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy[id] != nil {
		return nil, false
	}
	if t.busy == nil {
		t.busy = map[uuid.UUID]*transfer{}
	}
	mine := &transfer{interrupt: interrupt, done: make(chan struct{})}
	t.busy[id] = mine
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.busy, id)
		close(mine.done)
	}, true
}

// stop interrupts who holds an upload and waits for it to let go.
func (t *transfers) stop(ctx context.Context, id uuid.UUID) bool {
	t.mu.Lock()
	other := t.busy[id]
	t.mu.Unlock()
	if other == nil {
		return true
	}
	other.interrupt()
	select {
	case <-other.done:
		return true
	case <-ctx.Done():
	case <-time.After(patience):
	}
	return false
}
