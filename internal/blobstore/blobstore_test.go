package blobstore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"voordeur/internal/blobstore"
	"voordeur/internal/blobstore/s3test"
)

// Both stores must behave alike, so both go through the same tests.
func stores(t *testing.T, fn func(t *testing.T, s *blobstore.Store)) {
	t.Helper()
	for name, location := range map[string]func(t *testing.T) string{
		"folder": func(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "blobs") },
		"url":    func(t *testing.T) string { t.Helper(); return "file://" + filepath.Join(t.TempDir(), "blobs") },
		"s3":     func(t *testing.T) string { t.Helper(); return s3test.Serve(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s, err := blobstore.Open(t.Context(), location(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			fn(t, s)
		})
	}
}

func write(t *testing.T, s *blobstore.Store, key string, data []byte) {
	t.Helper()
	w, err := s.Create(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	if _, err := io.Copy(w, bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s *blobstore.Store, key string, offset, length int64) []byte {
	t.Helper()
	r, err := s.Read(t.Context(), key, offset, length)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func noise(n int) []byte {
	data := make([]byte, n)
	src := rand.NewChaCha8([32]byte{1})
	_, _ = src.Read(data)
	return data
}

func TestStore(t *testing.T) {
	t.Parallel()

	stores(t, func(t *testing.T, s *blobstore.Store) {
		t.Helper()
		ctx, data := t.Context(), noise(700_001)
		if err := s.Check(ctx); err != nil {
			t.Fatal(err)
		}
		write(t, s, "documents/a/1", data)
		write(t, s, "documents/a/2", data[:1])
		write(t, s, "uploads/a/3", data[:100])

		if got := read(t, s, "documents/a/1", 0, -1); !bytes.Equal(got, data) {
			t.Error("what was read is not what was written")
		}
		if got := read(t, s, "documents/a/1", 699_990, -1); !bytes.Equal(got, data[699_990:]) {
			t.Error("end: not the bytes asked for")
		}
		if got := read(t, s, "documents/a/1", 123_456, 1000); !bytes.Equal(got, data[123_456:124_456]) {
			t.Error("middle: not the bytes asked for")
		}
		if size, err := s.Size(ctx, "documents/a/1"); err != nil || size != int64(len(data)) {
			t.Errorf("size: got %d, %v", size, err)
		}

		var keys []string
		err := s.Each(ctx, "documents/", func(key string, modified time.Time) error {
			if age := time.Since(modified); age < -time.Minute || age > time.Hour {
				t.Errorf("%s: modified %s ago", key, age)
			}
			keys = append(keys, key)
			return nil
		})
		slices.Sort(keys)
		if err != nil || !slices.Equal(keys, []string{"documents/a/1", "documents/a/2"}) {
			t.Errorf("list: got %v, %v", keys, err)
		}

		for range 2 { // deleting is repeatable
			if err := s.Delete(ctx, "documents/a/1"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Read(ctx, "documents/a/1", 0, -1); !errors.Is(err, blobstore.ErrNotFound) {
			t.Errorf("read after delete: got %v", err)
		}
		if _, err := s.Size(ctx, "documents/a/1"); !errors.Is(err, blobstore.ErrNotFound) {
			t.Errorf("size after delete: got %v", err)
		}
	})
}

func TestNothingBeforeCommit(t *testing.T) {
	t.Parallel()

	stores(t, func(t *testing.T, s *blobstore.Store) {
		t.Helper()
		cancelled, cancel := context.WithCancel(t.Context())
		for name, end := range map[string]func(*blobstore.Writer){
			"discard": func(w *blobstore.Writer) { w.Discard(); w.Discard() },
			"cancel": func(w *blobstore.Writer) {
				cancel()
				if err := w.Commit(); err == nil {
					t.Error("committed although the context is over")
				}
				w.Discard()
			},
		} {
			w, err := s.Create(cancelled, "uploads/"+name)
			if err != nil {
				if name == "discard" && cancelled.Err() != nil {
					continue // the maps' order: cancelled before
				}
				t.Fatal(err)
			}
			if _, err := w.Write(noise(1000)); err != nil && cancelled.Err() == nil {
				t.Fatal(err)
			}
			end(w)
		}
		if err := s.Each(t.Context(), "", func(key string, _ time.Time) error { t.Errorf("left behind: %s", key); return nil }); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRandom(t *testing.T) {
	t.Parallel()

	stores(t, func(t *testing.T, s *blobstore.Store) {
		t.Helper()
		data := noise(1_000_003)
		write(t, s, "x", data)
		r := s.Random(t.Context(), "x", int64(len(data)))
		defer r.Close()
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				rnd := rand.New(rand.NewPCG(uint64(i), 7))
				for range 100 {
					off := rnd.IntN(len(data))
					buf := make([]byte, rnd.IntN(200_000))
					n, err := r.ReadAt(buf, int64(off))
					want := data[off:min(off+len(buf), len(data))]
					if !bytes.Equal(buf[:n], want) || (n < len(buf)) != errors.Is(err, io.EOF) {
						t.Errorf("at %d: %d of %d bytes, %v", off, n, len(buf), err)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, location := range []string{"gs://bucket", "http://x/y", "://", file} {
		if s, err := blobstore.Open(t.Context(), location); err == nil {
			t.Errorf("%s: opened", location)
			_ = s.Close()
		}
	}
}
