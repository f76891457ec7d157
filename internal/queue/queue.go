// Package queue runs background tasks. A task acts for the organisation that
// enqueued it: the door stamps the organisation on it, and here it becomes the actor.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"voordeur/internal/authz"
	"voordeur/internal/db"
)

// Config says how to reach the queue and what runs in it. app fills it.
type Config struct {
	URL string
	// User and Password, when set, take the place of those in URL. The queue logs
	// in as voordeur_queue, which sees River's tables and no other.
	User, Password string
	Workers        *river.Workers
	// May lists the permissions of each kind of task that works for an office.
	May map[string][]authz.Permission
	// Sweeps lists the kinds that work for no office: they come by the clock and
	// have db.System only.
	Sweeps     []string
	Periodic   []*river.PeriodicJob
	MaxWorkers int // at once in this process; 0: 8
	Log        *slog.Logger
	// PollInterval is how long a task can wait when a notification was missed; 0: one second.
	PollInterval time.Duration
}

// Runner is the running queue.
type Runner struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
}

// Start begins to run tasks.
func Start(ctx context.Context, c Config) (*Runner, error) {
	pc, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	if c.User != "" {
		pc.ConnConfig.User, pc.ConnConfig.Password = c.User, c.Password
	}
	pc.MaxConns = 6
	pc.ConnConfig.RuntimeParams["application_name"] = "voordeur-queue"
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.MaxWorkers == 0 {
		c.MaxWorkers = 8
	}
	if c.PollInterval == 0 {
		c.PollInterval = time.Second
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Workers:           c.Workers,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: c.MaxWorkers}},
		Middleware:        []rivertype.Middleware{ActAs(c.May, c.Sweeps...)},
		PeriodicJobs:      c.Periodic,
		FetchPollInterval: c.PollInterval,
		// A task whose process was killed is taken up again: after this, or after its own time limit where that is longer.
		RescueStuckJobsAfter: 3 * time.Minute,
		Logger:               quiet(c.Log),
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("queue: %w", err)
	}
	// Stop decides when the work ends, not the context that started it: a task
	// under way may finish.
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		pool.Close()
		return nil, fmt.Errorf("queue: %w", err)
	}
	return &Runner{pool: pool, client: client}, nil
}

// Stop takes no new task and waits for those under way; when ctx ends first
// they are cancelled, and run again at the next start.
func (r *Runner) Stop(ctx context.Context) error {
	defer r.pool.Close()
	err := r.client.Stop(ctx)
	if err == nil {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := r.client.StopAndCancel(hard); err != nil {
		return fmt.Errorf("queue: stop: %w", err)
	}
	return nil
}

// quiet leaves out what River tells at every start and stop.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(level{log.Handler()}) }

type level struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h level) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

// WithAttrs implements slog.Handler.
func (h level) WithAttrs(attrs []slog.Attr) slog.Handler { return level{h.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (h level) WithGroup(name string) slog.Handler { return level{h.Handler.WithGroup(name)} }

// actAs gives the worker the rights its kind of task needs, and no others.
type actAs struct {
	river.MiddlewareDefaults
	may    map[string][]authz.Permission
	sweeps map[string]bool
}

// ActAs returns the middleware; may lists the permissions per kind of task.
func ActAs(may map[string][]authz.Permission, sweeps ...string) rivertype.WorkerMiddleware {
	m := &actAs{may: may, sweeps: map[string]bool{}}
	for _, kind := range sweeps {
		m.sweeps[kind] = true
	}
	return m
}

var errNoOrganisation = errors.New("it has no organisation")

// Work implements rivertype.WorkerMiddleware.
func (m *actAs) Work(ctx context.Context, job *rivertype.JobRow, next func(context.Context) error) error {
	if m.sweeps[job.Kind] {
		return next(ctx) // no actor: the door stays shut, db.System says what it is for
	}
	var s db.Stamp
	err := json.Unmarshal(job.Metadata, &s)
	if err == nil && s.Organisation == uuid.Nil {
		err = errNoOrganisation
	}
	if err != nil {
		return river.JobCancel(fmt.Errorf("task %d: %w", job.ID, err))
	}
	return next(authz.With(ctx, authz.Actor{
		Organisation: s.Organisation, Kind: authz.System, Name: job.Kind, Grants: authz.Granting(m.may[job.Kind]...),
	}))
}
