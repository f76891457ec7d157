package sms

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
)

// ErrOpen is returned without asking a provider that has just failed several times.
var ErrOpen = errors.New("sms: the provider failed several times, it is left alone for a moment")

const (
	failuresInARow = 3
	restFor        = 30 * time.Second
)

// Breaker spares customers the wait for a provider that is down: after three failures in a row it is left alone for half a
// minute, in which every message goes another way at once. Then one message tries again.
type Breaker struct {
	Provider Provider
	Now      func() time.Time

	mu       sync.Mutex
	failures int
	until    time.Time
}

// Send implements Provider.
func (b *Breaker) Send(ctx context.Context, id uuid.UUID, to, text string) error {
	if !b.admit() {
		return ErrOpen
	}
	err := b.Provider.Send(ctx, id, to, text)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.failures = 0
		return nil
	}
	if b.failures++; b.failures >= failuresInARow {
		b.until = b.Now().Add(restFor)
	}
	return err
}

func (b *Breaker) admit() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < failuresInARow {
		return true
	}
	if b.Now().Before(b.until) {
		return false
	}
	b.until = b.Now().Add(restFor) // the others wait for how this one fares
	return true
}
