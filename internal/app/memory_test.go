package app_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voordeur/internal/blobstore/s3test"
	"voordeur/internal/dbtest"
	"voordeur/internal/filecheck/samples"
	"voordeur/internal/web"
)

const megabyte = 1 << 20

// TestMemoryOfUploads measures what a real server's resident memory grows by while 25 MB come in over HTTP, alone and twenty at a time.
func TestMemoryOfUploads(t *testing.T) { //nolint:tparallel // one server at a time is measured
	t.Parallel()
	if testing.Short() {
		t.Skip("starts the program")
	}
	if raceEnabled {
		t.Skip("the race detector has a memory of its own")
	}
	for name, blobs := range map[string]func(t *testing.T) string{
		"folder": func(*testing.T) string { return "" },
		"s3":     func(t *testing.T) string { t.Helper(); return s3test.Serve(t) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newProgram(t, "VOORDEUR_BLOB_URL="+blobs(t))
			p.start(t)
			root := p.database(t)
			scene := dbtest.AddScene(t, root)
			eva := p.customer(session(t, root, web.Portal, scene.Organisation, scene.Member))
			pdf := samples.PDFOfSize("Loonstrook", 25*megabyte)
			upload := func() {
				id, err := eva.announce(t.Context(), "loonstrook.pdf", len(pdf))
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := eva.patch(t.Context(), id, 0, bytes.NewReader(pdf), int64(len(pdf))); err != nil || got != len(pdf) {
					t.Errorf("got %d, %v", got, err)
				}
			}
			small := samples.PDF("x")
			id, err := eva.announce(t.Context(), "x.pdf", len(small)) // connections are made, code is paged in
			if err != nil {
				t.Fatal(err)
			}
			if _, err := eva.patch(t.Context(), id, 0, bytes.NewReader(small), int64(len(small))); err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{1, 20} {
				growth := p.peak(t, func() {
					var wg sync.WaitGroup
					for range n {
						wg.Go(upload)
					}
					wg.Wait()
				})
				each := float64(growth) / float64(n) / megabyte
				t.Logf("%s: %d at a time: resident memory grew by %.1f MB, %.2f MB each", name, n, float64(growth)/megabyte, each)
				if each >= 8 {
					t.Errorf("%d at a time: %.1f MB each", n, each)
				}
			}
		})
	}
}

// peak returns how far the program's resident memory rises above where it stands, while fn runs.
func (p *program) peak(t *testing.T, fn func()) int64 {
	t.Helper()
	before := p.resident(t)
	var highest atomic.Int64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			highest.Store(max(highest.Load(), p.resident(t)))
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	fn()
	close(stop)
	<-done
	return max(0, highest.Load()-before)
}

// resident reads VmRSS.
func (p *program) resident(t *testing.T) int64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Error(err)
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), "VmRSS:")
	kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		t.Error(err)
	}
	return kb << 10
}
