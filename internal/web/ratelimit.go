package web

import (
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/fault"
)

var errTooMany = fault.New(fault.TooMany, "too-many-requests", "Too many requests. Wait a moment.")

// allowance is how many requests of a class one caller may make per minute; all of them at once is allowed.
var allowance = map[Rate]float64{
	RateNormal: 1200,
	RateSignIn: 60,
	RateUpload: 1200,
	RateStream: 60,
}

// Limiter counts requests per caller and class in token buckets. It protects the process it lives in; guessing passwords
// is counted in the database, where every process sees it.
type Limiter struct {
	now    func() time.Time
	factor float64

	mu      sync.Mutex
	buckets map[bucketKey]*bucket
}

type bucketKey struct {
	rate   Rate
	caller string
}

type bucket struct {
	left float64
	at   time.Time
}

const maxBuckets = 50_000

// NewLimiter returns a limiter with factor times the normal allowances, or nil, which limits nothing, for 0.
func NewLimiter(now func() time.Time, factor float64) *Limiter {
	if factor <= 0 {
		return nil
	}
	return &Limiter{now: now, factor: factor, buckets: map[bucketKey]*bucket{}}
}

// take spends one request of caller, and tells the caller where it stands.
func (l *Limiter) take(c echo.Context, rate Rate, caller string) error {
	return l.spend(c, rate, caller, 1)
}

// peek refuses a caller that has nothing left, without spending.
func (l *Limiter) peek(c echo.Context, rate Rate, caller string) error {
	return l.spend(c, rate, caller, 0)
}

func (l *Limiter) spend(c echo.Context, rate Rate, caller string, cost float64) error {
	if l == nil {
		return nil
	}
	size := allowance[rate] * l.factor
	left, wait := l.withdraw(bucketKey{rate, caller}, size, cost)
	name := string(rate)
	if rate == RateNormal {
		name = "normal"
	}
	h := c.Response().Header()
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=60", name, int(size)))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", name, int(left), int(math.Ceil((size-left)/size*60))))
	if wait > 0 {
		return errTooMany.After(wait)
	}
	return nil
}

func (l *Limiter) withdraw(key bucketKey, size, cost float64) (left float64, wait time.Duration) { //nolint:nonamedreturns // two numbers need their names
	now := l.now()
	perSecond := size / 60
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil {
		l.sweep(now)
		b = &bucket{left: size, at: now}
		if cost > 0 {
			l.buckets[key] = b
		}
	}
	b.left = math.Min(size, b.left+now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.left < 1 {
		return 0, time.Duration((1 - b.left) / perSecond * float64(time.Second))
	}
	b.left -= cost
	return b.left, 0
}

// sweep forgets callers that have been away for a minute: their bucket is full again.
func (l *Limiter) sweep(now time.Time) {
	if len(l.buckets) < maxBuckets && len(l.buckets)%1024 != 1023 {
		return
	}
	for key, b := range l.buckets {
		if now.Sub(b.at) > time.Minute {
			delete(l.buckets, key)
		}
	}
}
