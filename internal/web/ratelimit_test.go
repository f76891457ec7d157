package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"voordeur/internal/db"
	"voordeur/internal/dbtest"
)

func takeAs(l *Limiter, rate Rate, caller string) (http.Header, error) {
	rec := httptest.NewRecorder()
	c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", http.NoBody), rec)
	err := l.take(c, rate, caller)
	return rec.Header(), err
}

// TestLimiterIsShared: what a caller spends at one process is gone at the other, at once where guessing is counted and after
// an exchange elsewhere; quiet callers cost no exchange.
func TestLimiterIsShared(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	stopped := time.Unix(1_800_000_000, 0)
	now := func() time.Time { return stopped }
	one, two := NewLimiter(now, 0.1, db.Ledger{DB: d.DB}), NewLimiter(now, 0.1, db.Ledger{DB: d.DB})

	var let atomic.Int32
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			_, err := takeAs([]*Limiter{one, two}[i%2], RateSignIn, "a")
			if err == nil {
				let.Add(1)
			} else if describe(err) != "too-many-requests" {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := let.Load(); n != 6 {
		t.Errorf("%d of 6 came through", n)
	}
	if _, err := takeAs(two, RateSignIn, "b"); err != nil {
		t.Error(err)
	}

	spend := func(l *Limiter, caller string, n int) {
		t.Helper()
		for i := range n {
			if _, err := takeAs(l, RateNormal, caller); err != nil {
				t.Fatalf("%s %d: %v", caller, i, err)
			}
		}
	}
	share := func() {
		t.Helper()
		if err := errors.Join(one.share(t.Context()), two.share(t.Context()), one.share(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	rows := func() int {
		t.Helper()
		var n int
		if err := d.Root.QueryRow(`SELECT count(*) FROM request_buckets WHERE key LIKE 'normal %'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	spend(one, "quiet", 15)
	share()
	if n := rows(); n != 0 {
		t.Errorf("a quiet caller has %d rows", n)
	}
	spend(one, "busy", 70) // of 120
	share()
	spend(two, "busy", 20) // hears of it as soon as it is busy here too
	share()
	h, err := takeAs(two, RateNormal, "busy")
	if err != nil || rows() != 1 || h.Get("RateLimit-Policy") != `"normal";q=120;w=60` {
		t.Errorf("got %v, %v, %d rows", h, err, rows())
	}
	spent := 91
	for ; err == nil && spent < 200; spent++ {
		_, err = takeAs(two, RateNormal, "busy")
	}
	if describe(err) != "too-many-requests" || spent < 115 || spent > 125 {
		t.Errorf("refused after %d: %v", spent, err)
	}
	spend(one, "another", 20)
	share()
	for _, l := range []*Limiter{one, two} {
		if _, err := takeAs(l, RateNormal, "busy"); describe(err) != "too-many-requests" {
			t.Errorf("got %v", err)
		}
	}
	spend(two, "another", 20)
}

// TestLimiterAlone: while the database does not answer, a process limits on its own, and tells the rest later.
func TestLimiterAlone(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	l := NewLimiter(time.Now, 0.1, db.Ledger{DB: d.DB})
	for range 60 {
		if _, err := takeAs(l, RateNormal, "a"); err != nil {
			t.Fatal(err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.share(gone); err == nil {
		t.Fatal("shared with nobody")
	}
	if err := l.share(t.Context()); err != nil {
		t.Fatal(err)
	}
	var fullIn float64
	if err := d.Root.QueryRow(`SELECT extract(epoch FROM full_at - now()) FROM request_buckets WHERE key = 'normal a'`).Scan(&fullIn); err != nil || fullIn < 25 || fullIn > 31 {
		t.Errorf("half of the allowance was told as %f seconds, %v", fullIn, err)
	}
}
