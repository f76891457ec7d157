// Package clock gives the time. Services carry a `Now func() time.Time`, so a
// test can let 48 hours pass without waiting for them.
package clock

import (
	"sync/atomic"
	"time"
)

// Now is the time of every moment the product stores: UTC, and in the whole
// microseconds PostgreSQL keeps, so that what was written equals what is read.
func Now() time.Time {
	return time.Now().UTC().Truncate(time.Microsecond) //nolint:forbidigo // the one place that reads the machine's clock
}

// Clock is a clock that can be moved forward. The zero value tells the real time.
type Clock struct{ offset atomic.Int64 }

// Now returns the real time plus what the clock was advanced.
func (c *Clock) Now() time.Time { return Now().Add(time.Duration(c.offset.Load())) }

// Advance lets d pass.
func (c *Clock) Advance(d time.Duration) { c.offset.Add(int64(d)) }
