package document

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"voordeur/internal/db"
)

// SweepKind is the kind of Sweep.
const SweepKind = "upload.sweep"

// Sweep throws away uploads that were not finished or used in time, and blobs that no row names. It comes by the clock, for all offices.
type Sweep struct{}

// Kind implements river.JobArgs.
func (Sweep) Kind() string { return SweepKind }

// InsertOpts implements river.JobArgsWithInsertOpts: one sweep at a time is enough, and one that failed comes again by itself.
func (Sweep) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: time.Hour}}
}

// Sweeps returns how often the clock brings a Sweep.
func Sweeps() *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(6*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return Sweep{}, nil }, nil)
}

// SweepWorker works Sweep.
type SweepWorker struct {
	river.WorkerDefaults[Sweep]
	Documents *Service
}

// Timeout implements river.Worker.
func (w *SweepWorker) Timeout(*river.Job[Sweep]) time.Duration { return 30 * time.Minute }

// Work implements river.Worker.
func (w *SweepWorker) Work(ctx context.Context, _ *river.Job[Sweep]) error {
	return w.Documents.Sweep(ctx)
}

const (
	// sweepBatch is how many rows or blobs one statement looks at.
	sweepBatch = 200
	// orphanAge is how old a blob must be before its lack of a row means anything: an upload writes bytes first, and a backup that was put
	// back may be older than its blobs.
	orphanAge = 7 * 24 * time.Hour
	// partAge is the same for stretches of an upload, which live no longer than the upload.
	partAge = lifetime + time.Hour
)

// Sweep does what the task of that name promises.
func (s *Service) Sweep(ctx context.Context) error {
	return errors.Join(s.sweepUploads(ctx), s.sweepBlobs(ctx, partPrefix, partAge), s.sweepBlobs(ctx, wholePrefix, orphanAge))
}

// sweepUploads deletes the rows first: a blob without a row is found by the other sweep, a row without its blob would be a lie.
func (s *Service) sweepUploads(ctx context.Context) error {
	for {
		gone, err := db.System(ctx, s.DB, "sweep uploads", func(tx *db.Tx) ([]Upload, error) {
			var gone []Upload
			err := tx.Raw(`DELETE FROM uploads WHERE (organisation_id, id) IN
				(SELECT organisation_id, id FROM uploads WHERE expires_at < ? ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)
				RETURNING id, state, parts, blob_key`, s.Now(), sweepBatch).Scan(&gone).Error
			return gone, err
		})
		if err != nil {
			return err
		}
		for _, u := range gone {
			for _, key := range u.keys() {
				s.forget(ctx, key)
			}
		}
		if len(gone) < sweepBatch {
			return nil
		}
	}
}

// sweepBlobs deletes blobs of a certain age that neither a document nor an upload names.
func (s *Service) sweepBlobs(ctx context.Context, prefix string, age time.Duration) error {
	before := s.Now().Add(-age)
	var keys []string
	flush := func() error {
		orphans, err := db.System(ctx, s.DB, "sweep blobs", func(tx *db.Tx) ([]string, error) {
			rows, err := tx.Pgx().Query(ctx, `SELECT k FROM unnest($1::text[]) AS k
				WHERE NOT EXISTS (SELECT 1 FROM document_versions v WHERE v.blob_key = k)
				AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.blob_key = k OR u.parts @> jsonb_build_array(jsonb_build_object('key', k)))`, keys)
			if err != nil {
				return nil, err
			}
			return pgx.CollectRows(rows, pgx.RowTo[string])
		})
		if err != nil {
			return err
		}
		for _, key := range orphans {
			s.Log.InfoContext(ctx, "a blob that nothing names is deleted", "key", key)
			s.forget(ctx, key)
		}
		keys = keys[:0]
		return nil
	}
	err := s.Blobs.Each(ctx, prefix, func(key string, modified time.Time) error {
		if modified.After(before) {
			return nil
		}
		if keys = append(keys, key); len(keys) < sweepBatch {
			return nil
		}
		return flush()
	})
	if err != nil || len(keys) == 0 {
		return err
	}
	return flush()
}
