// Package blobstore keeps bytes under keys: in a folder, or in a bucket that speaks S3. What it has acknowledged is on the disk, or
// with the object store, before it says so; and it never holds more of a blob in memory than a buffer.
package blobstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // registers s3://
	"gocloud.dev/gcerrors"
)

// ErrNotFound is returned for a key without a blob.
var ErrNotFound = errors.New("blobstore: no such blob")

// mediaType is given to every blob: what a file is stands in the database, and no store should guess.
const mediaType = "application/octet-stream"

// Store is a place for blobs. It is safe for use by many goroutines.
type Store struct {
	bucket *blob.Bucket
	folder string     // set for a folder
	client *s3.Client // set for S3
	name   string     // of the bucket
	synced sync.Map   // folders whose own entry is known to be on the disk
}

// Open opens the store that location names: "file:///var/lib/voordeur/blobs" or a plain path, made when it does not exist; or
// "s3://bucket?region=eu-west-1", with "&endpoint=https://minio.example&use_path_style=true" for a store of one's own. The key and secret for
// S3 come from the places every S3 tool knows (AWS_ACCESS_KEY_ID and so on).
func Open(ctx context.Context, location string) (*Store, error) {
	u, err := url.Parse(location)
	if err != nil {
		return nil, fmt.Errorf("blob store address: %w", err)
	}
	switch u.Scheme {
	case "", "file":
		folder := u.Path
		if u.Scheme == "" {
			folder = location
		}
		return openFolder(folder)
	case "s3":
		// Stores other than Amazon's answer a part of a blob with the checksum of the whole. Every document has its SHA-256 with us.
		q := u.Query()
		for _, name := range []string{"request_checksum_calculation", "response_checksum_validation"} {
			if !q.Has(name) {
				q.Set(name, "when_required")
			}
		}
		u.RawQuery = q.Encode()
		bucket, err := blob.OpenBucket(ctx, u.String())
		if err != nil {
			return nil, fmt.Errorf("open %s bucket %s: %w", u.Scheme, u.Host, err)
		}
		s := &Store{bucket: bucket, name: u.Host}
		if !bucket.As(&s.client) {
			return nil, errors.Join(errors.New("the S3 store has no client"), bucket.Close())
		}
		return s, nil
	default:
		return nil, fmt.Errorf("blob store address: scheme %q is neither file nor s3", u.Scheme)
	}
}

func openFolder(folder string) (*Store, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	bucket, err := fileblob.OpenBucket(folder, &fileblob.Options{
		NoTempDir: true, Metadata: fileblob.MetadataDontWrite, DirFileMode: 0o700,
	})
	if err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	s := &Store{bucket: bucket, folder: folder}
	return s, s.syncFolders(folder)
}

// Close releases the store.
func (s *Store) Close() error { return s.bucket.Close() }

// Check reports whether the store can be reached.
func (s *Store) Check(ctx context.Context) error {
	ok, err := s.bucket.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("blobstore: the bucket cannot be reached")
	}
	return err
}

// Writer takes the bytes of one blob. The blob exists only after Commit has returned nil. Every Writer ends with Commit or Discard;
// Discard after Commit does nothing.
type Writer struct {
	store  *Store
	ctx    context.Context //nolint:containedctx // one writer lives within one call
	cancel context.CancelFunc
	key    string
	file   *os.File     // where the bytes collect
	blob   *blob.Writer // nil for S3
	done   bool
}

// Create begins a blob. The context covers the whole life of the writer.
func (s *Store) Create(ctx context.Context, key string) (*Writer, error) {
	ctx, cancel := context.WithCancel(ctx)
	w := &Writer{store: s, ctx: ctx, cancel: cancel, key: key}
	if s.client != nil {
		// The S3 uploader of the cloud library holds up to 16 MiB of each upload in memory. A nameless temporary file holds none, can be
		// sent again when the store hiccups, and is gone when the process dies.
		f, err := os.CreateTemp("", "voordeur-blob-")
		if err != nil {
			cancel()
			return nil, err
		}
		w.file = f
		return w, os.Remove(f.Name())
	}
	var err error
	w.blob, err = s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: mediaType, BeforeWrite: func(as func(any) bool) error {
		if !as(&w.file) {
			return errors.New("blobstore: the folder gives no file")
		}
		return nil
	}})
	if err != nil {
		cancel()
		return nil, err
	}
	return w, nil
}

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	if w.blob == nil {
		return w.file.Write(p)
	}
	return w.blob.Write(p)
}

// Commit makes the bytes a blob, durably.
func (w *Writer) Commit() error {
	if w.done {
		return nil
	}
	if w.blob == nil {
		return w.put()
	}
	// The order matters: bytes, then name, then the folder that holds the name.
	if err := w.file.Sync(); err != nil {
		return err
	}
	w.done = true
	defer w.cancel()
	if err := w.blob.Close(); err != nil {
		return err
	}
	return w.store.syncFolders(filepath.Dir(filepath.Join(w.store.folder, filepath.FromSlash(w.key))))
}

func (w *Writer) put() error {
	w.done = true
	defer w.cancel()
	defer func() { _ = w.file.Close() }() // it has been sent by then, or not at all
	size, err := w.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := w.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = w.store.client.PutObject(w.ctx, &s3.PutObjectInput{
		Bucket: aws.String(w.store.name), Key: aws.String(w.key), Body: w.file, ContentLength: aws.Int64(size), ContentType: aws.String(mediaType),
	})
	return err
}

// Discard throws away what was written, unless it has been committed.
func (w *Writer) Discard() {
	if w.done {
		return
	}
	w.done = true
	w.cancel() // tells the folder to remove its temporary file at Close
	if w.blob != nil {
		_ = w.blob.Close()
		return
	}
	_ = w.file.Close()
}

// syncFolders makes the names in folder durable, and those of the folders above it that this process has not seen yet.
func (s *Store) syncFolders(folder string) error {
	for {
		if err := syncFolder(folder); err != nil {
			return err
		}
		if _, known := s.synced.LoadOrStore(folder, true); known || folder == s.folder || folder == filepath.Dir(folder) {
			return nil
		}
		folder = filepath.Dir(folder)
	}
}

func syncFolder(folder string) error {
	d, err := os.Open(folder) //nolint:gosec // a folder of ours: keys are made of ids
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Read returns length bytes of a blob from offset on; a negative length means to the end.
func (s *Store) Read(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if length == 0 {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	r, err := s.bucket.NewRangeReader(ctx, key, offset, length, nil)
	if err != nil {
		return nil, missing(err)
	}
	return r, nil
}

// Size returns how many bytes a blob has.
func (s *Store) Size(ctx context.Context, key string) (int64, error) {
	a, err := s.bucket.Attributes(ctx, key)
	if err != nil {
		return 0, missing(err)
	}
	return a.Size, nil
}

// Delete removes a blob. One that is not there is no error: deleting must be repeatable.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return err
	}
	return nil
}

// Each calls fn for every blob whose key begins with prefix, in no promised order.
func (s *Store) Each(ctx context.Context, prefix string, fn func(key string, modified time.Time) error) error {
	it := s.bucket.List(&blob.ListOptions{Prefix: prefix})
	for {
		o, err := it.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := fn(o.Key, o.ModTime); err != nil {
			return err
		}
	}
}

func missing(err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}
