package queue_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"voordeur/internal/authz"
	"voordeur/internal/db"
	"voordeur/internal/dbtest"
	"voordeur/internal/event"
	"voordeur/internal/fault"
	"voordeur/internal/queue"
)

type look struct {
	Client uuid.UUID `json:"client"`
}

func (look) Kind() string { return "test.look" }

type looker struct {
	river.WorkerDefaults[look]
	d    *db.DB
	seen chan string
}

func (w *looker) Work(ctx context.Context, job *river.Job[look]) error {
	name, err := db.Read(ctx, w.d, authz.ClientRead, func(tx *db.Tx) (string, error) {
		var name string
		return name, tx.Table("clients").Select("name").Where("id = ?", job.Args.Client).Take(&name).Error
	})
	if f, ok := errors.AsType[*fault.Error](err); ok {
		name = f.Code
	} else if err != nil {
		return err
	}
	if _, err := db.Read(ctx, w.d, authz.ClientWrite, func(*db.Tx) (int, error) { return 0, nil }); !errors.Is(err, db.ErrForbidden) {
		name += ", and more than its rights"
	}
	w.seen <- name
	return nil
}

// TestTaskActsForItsOrganisation: a task sees the rows of the office that
// enqueued it, with the rights of its kind; another office's rows are not there.
func TestTaskActsForItsOrganisation(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t)
	mine, theirs := dbtest.AddScene(t, d.Root), dbtest.AddScene(t, d.Root)
	w := &looker{d: d.DB, seen: make(chan string, 2)}
	workers := river.NewWorkers()
	river.AddWorker(workers, w)
	r, err := queue.Start(t.Context(), queue.Config{
		URL: d.DSN("voordeur_queue"), Workers: workers, May: map[string][]authz.Permission{"test.look": {authz.ClientRead}}, PollInterval: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, client := range []uuid.UUID{mine.Client, theirs.Client} {
		for _, ctx := range []context.Context{dbtest.EmployeeAs(mine.Organisation, mine.Employee), dbtest.Member(mine.Organisation, mine.Member)} {
			need := authz.ClientWrite
			if a, _ := authz.From(ctx); a.Kind == authz.Member {
				need = authz.PortalMe // customers set tasks going too
			}
			if _, err := db.Write(ctx, d.DB, need, func(tx *db.Tx) (int, event.Event, error) {
				return 0, event.None, tx.Enqueue(look{Client: client})
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	count := map[string]int{}
	for range 4 {
		select {
		case s := <-w.seen:
			count[s]++
		case <-time.After(20 * time.Second):
			t.Fatalf("tasks did not run; seen %v", count)
		}
	}
	if count["Eva de Wit"] != 2 || count["not-found"] != 2 {
		t.Errorf("seen %v", count)
	}
	if err := r.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}
}
