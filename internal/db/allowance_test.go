package db_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voordeur/internal/db"
	"voordeur/internal/dbtest"
)

// TestLedger: fifty processes at once take no more than there is, nobody else notices, and what was taken comes back.
func TestLedger(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	l := db.Ledger{DB: d.DB}
	const step, most = 2 * time.Minute, 10 * time.Minute // five, of which none comes back during the test
	var taken atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			fullIn, ok, err := l.Take(t.Context(), "sign-in ip:a", step, most)
			if err != nil {
				t.Error(err)
			}
			if ok {
				taken.Add(1)
			}
			if fullIn > most {
				t.Errorf("a bucket that is full in %s", fullIn)
			}
		})
	}
	wg.Wait()
	if n := taken.Load(); n != 5 {
		t.Errorf("%d of 5 were taken", n)
	}
	if _, ok, err := l.Take(t.Context(), "sign-in ip:b", step, most); err != nil || !ok {
		t.Errorf("another caller is refused too: %v", err)
	}
	if _, err := d.Root.Exec(`UPDATE request_buckets SET full_at = full_at - interval '3 minutes' WHERE key = 'sign-in ip:a'`); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if _, ok, err := l.Take(t.Context(), "sign-in ip:a", step, most); err != nil || ok != want {
			t.Errorf("%d: got %v, %v", i, ok, err)
		}
	}
}

// TestLedgerAdds: two processes that say what they spent see the sum of it, also when they speak at once, and owe no more than a bucket.
func TestLedgerAdds(t *testing.T) {
	t.Parallel()
	l := db.Ledger{DB: dbtest.Open(t).DB}
	keys, back := []string{"normal a", "normal b"}, []string{"normal b", "normal a"}
	spent := []time.Duration{time.Second, time.Second}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := l.Add(t.Context(), [][]string{keys, back}[i%2], spent, time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := l.Add(t.Context(), []string{"normal a", "normal c"}, []time.Duration{0, time.Hour}, time.Minute)
	if err != nil || got["normal a"] < 15*time.Second || got["normal a"] > 20*time.Second {
		t.Errorf("twenty seconds were spent, got %v, %v", got, err)
	}
	if got["normal c"] > 2*time.Minute || len(got) != 2 {
		t.Errorf("a debt of %s", got["normal c"])
	}
	if again, err := l.Add(t.Context(), []string{"normal c"}, []time.Duration{time.Hour}, time.Minute); err != nil || again["normal c"] > 2*time.Minute {
		t.Errorf("a debt of %v, %v", again, err)
	}
}
