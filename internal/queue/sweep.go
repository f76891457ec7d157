package queue

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"voordeur/internal/db"
)

// SweepKind is the task that clears away what has expired; it works for no office.
const SweepKind = "queue.sweep"

// Sweep is its arguments.
type Sweep struct{}

// Kind implements river.JobArgs.
func (Sweep) Kind() string { return SweepKind }

// SweepWorker removes expired idempotency keys, attempts and sessions.
type SweepWorker struct {
	river.WorkerDefaults[Sweep]
	DB *db.DB
}

// Work implements river.Worker.
func (w *SweepWorker) Work(ctx context.Context, _ *river.Job[Sweep]) error {
	_, err := db.Sweep(ctx, w.DB)
	return err
}

// Hourly runs args every hour, on one of the processes.
func Hourly(args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) { return args, nil },
		&river.PeriodicJobOpts{RunOnStart: true})
}
