package web

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/fault"
)

var errTooMany = fault.New(fault.TooMany, "too-many-requests", "Too many requests. Wait a moment.")

// allowance is how many requests of a class one caller may make per minute, at all processes together; all of them at once is allowed.
var allowance = map[Rate]float64{
	RateNormal: 1200,
	RateSignIn: 60,
	RateUpload: 1200,
	RateStream: 60,
	RateToken:  300,
	RateClient: 600,
}

// exact are the classes of which every request is counted in the database before it goes on. They are few, and they are what is guessed at.
// The others are counted in the process, which tells the other processes about once a second what its busy callers spent.
var exact = map[Rate]bool{RateSignIn: true}

// quietShare is the part of an allowance that a caller may use at one process without the others hearing of it: as many processes as fit in
// the whole give nobody more than the allowance.
const quietShare = 1.0 / 8

const (
	perMinute   = 60.0 // seconds in which an empty bucket fills
	shareEvery  = time.Second
	shareAtMost = 20 * time.Millisecond // between two exchanges that somebody in a hurry caused
	mostShared  = 1000                  // callers in one statement
	shareWithin = 5 * time.Second
)

// Ledger is where processes on one database keep what callers spent. A bucket is described by how long it takes to be full again.
type Ledger interface {
	// Take spends one request, which takes step to come back, unless the bucket is then not full again within most. It says how long the
	// bucket takes to be full, and whether the request was spent.
	Take(ctx context.Context, key string, step, most time.Duration) (time.Duration, bool, error)
	// Add spends more at once, whether it is there or not, and says how long each bucket takes to be full. A debt is at most one more bucket.
	Add(ctx context.Context, keys []string, spent []time.Duration, most time.Duration) (map[string]time.Duration, error)
}

// Limiter counts requests per caller and class in token buckets. Guessing passwords is counted per account besides.
type Limiter struct {
	now    func() time.Time
	factor float64
	ledger Ledger

	mu      sync.Mutex
	buckets map[bucketKey]*bucket
	busy    map[bucketKey]*bucket // whose spending the other processes have to hear of
	hurry   chan struct{}         // somebody spends so much that the others hear of it now
}

type bucketKey struct {
	rate   Rate
	caller string
}

func (k bucketKey) name() string {
	if k.rate == RateNormal {
		return "normal"
	}
	return string(k.rate)
}

func (k bucketKey) size(factor float64) float64 { return allowance[k.rate] * factor }

type bucket struct {
	left float64
	at   time.Time

	quiet  float64   // what was spent lately, forgotten at the rate of a quiet caller
	shared bool      // the others know what was spent, but for unsaid, and this process listens to them
	unsaid float64   // spent since
	empty  time.Time // of an exact class: the ledger has nothing before this moment
}

const maxBuckets = 50_000

// NewLimiter returns a limiter with factor times the normal allowances, or nil, which limits nothing, for 0. Without a ledger every process
// has allowances of its own.
func NewLimiter(now func() time.Time, factor float64, ledger Ledger) *Limiter {
	if factor <= 0 {
		return nil
	}
	return &Limiter{now: now, factor: factor, ledger: ledger, buckets: map[bucketKey]*bucket{}, busy: map[bucketKey]*bucket{}, hurry: make(chan struct{}, 1)}
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
	key := bucketKey{rate, caller}
	size := key.size(l.factor)
	var left float64
	var wait time.Duration
	if exact[rate] && l.ledger != nil {
		var err error
		if left, wait, err = l.withdrawExactly(c.Request().Context(), key, size, cost); err != nil {
			return err
		}
	} else {
		left, wait = l.withdraw(key, size, cost)
	}
	h := c.Response().Header()
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=60", key.name(), int(size)))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", key.name(), int(left), int(math.Ceil((size-left)/size*perMinute))))
	if wait > 0 {
		return errTooMany.After(wait)
	}
	return nil
}

func (l *Limiter) withdraw(key bucketKey, size, cost float64) (left float64, wait time.Duration) { //nolint:nonamedreturns // two numbers need their names
	now := l.now()
	perSecond := size / perMinute
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key, size, now, cost > 0)
	passed := now.Sub(b.at).Seconds()
	b.left = math.Min(size, b.left+passed*perSecond)
	b.quiet = math.Max(0, b.quiet-passed*perSecond*quietShare)
	b.at = now
	if b.left < 1 {
		return 0, seconds((1 - b.left) / perSecond)
	}
	b.left -= cost
	b.quiet += cost
	b.unsaid += cost
	if cost > 0 && l.ledger != nil && (b.shared || b.quiet > size*quietShare) {
		l.busy[key] = b
		if b.unsaid > size*quietShare {
			select {
			case l.hurry <- struct{}{}:
			default:
			}
		}
	}
	return b.left, 0
}

// withdrawExactly asks the ledger, but not again before it can have something: who hammers costs no statement each.
func (l *Limiter) withdrawExactly(ctx context.Context, key bucketKey, size, cost float64) (left float64, wait time.Duration, err error) { //nolint:nonamedreturns // two numbers need their names
	if wait := l.emptyFor(key, size, cost > 0); wait > 0 || cost == 0 {
		return 0, wait, nil
	}
	fullIn, ok, err := l.ledger.Take(ctx, key.name()+" "+key.caller, seconds(perMinute/size), seconds(perMinute))
	if err != nil {
		return 0, 0, err
	}
	left = leftOf(size, fullIn)
	if ok {
		return math.Max(0, left), 0, nil
	}
	wait = max(time.Millisecond, seconds((1-left)/(size/perMinute)))
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key, size, l.now(), true)
	b.at, b.empty = l.now(), l.now().Add(wait)
	return 0, wait, nil
}

func (l *Limiter) emptyFor(key bucketKey, size float64, keep bool) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	return max(0, l.bucket(key, size, now, keep).empty.Sub(now))
}

// bucket returns the bucket of key, a full one if there is none yet.
func (l *Limiter) bucket(key bucketKey, size float64, now time.Time, keep bool) *bucket {
	b := l.buckets[key]
	if b == nil {
		l.sweep(now)
		b = &bucket{left: size, at: now}
		if keep {
			l.buckets[key] = b
		}
	}
	return b
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

// Run tells the other processes what busy callers spend here, and takes from their buckets what they spend elsewhere, until ctx ends. While
// the ledger does not answer, every process limits on its own.
func (l *Limiter) Run(ctx context.Context) {
	if l == nil || l.ledger == nil {
		return
	}
	tick := time.NewTicker(shareEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-l.hurry:
		}
		_ = l.share(ctx) // what was not said is said the next time
		select {
		case <-ctx.Done():
			return
		case <-time.After(shareAtMost):
		}
	}
}

// share is one exchange, in one statement; without busy callers it is none.
func (l *Limiter) share(ctx context.Context) error {
	said := l.unsaid()
	if len(said) == 0 {
		return nil
	}
	names, spent := make([]string, 0, len(said)), make([]time.Duration, 0, len(said))
	for key, cost := range said {
		names, spent = append(names, key.name()+" "+key.caller), append(spent, seconds(cost/key.size(l.factor)*perMinute))
	}
	ctx, cancel := context.WithTimeout(ctx, shareWithin)
	defer cancel()
	fullIn, err := l.ledger.Add(ctx, names, spent, seconds(perMinute))
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for key, cost := range said {
		b := l.buckets[key]
		in, known := fullIn[key.name()+" "+key.caller]
		switch {
		case b == nil:
		case err != nil || !known:
			b.unsaid += cost
			l.busy[key] = b
		default: // what was spent while the statement was under way is still to be told
			size := key.size(l.factor)
			b.left, b.at = leftOf(size, in)-b.unsaid, now
			if b.shared = b.left < size*(1-quietShare); b.shared { // listen on: others may go on spending
				l.busy[key] = b
			}
		}
	}
	return err
}

// unsaid takes what the others have to hear. Of a caller that they do not know yet that is all the bucket misses.
func (l *Limiter) unsaid() map[bucketKey]float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	said := map[bucketKey]float64{}
	for key, b := range l.busy {
		if len(said) == mostShared {
			return said
		}
		cost := b.unsaid
		if !b.shared {
			size := key.size(l.factor)
			cost = math.Min(cost, size-math.Min(size, b.left+l.now().Sub(b.at).Seconds()*size/perMinute))
		}
		b.unsaid = 0
		said[key] = math.Max(0, cost)
		delete(l.busy, key)
	}
	return said
}

func leftOf(size float64, fullIn time.Duration) float64 {
	return size * (1 - fullIn.Seconds()/perMinute)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
