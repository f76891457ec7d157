// Command bench measures what docs/benchmarks.md promises and writes it there. Every figure is a ratio taken in one run: the
// product against the same SQL in plain pgx behind the same router, in turns, medians of the rounds.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"voordeur/api"
	"voordeur/internal/app"
	"voordeur/internal/blobstore"
	"voordeur/internal/clock"
	"voordeur/internal/db"
	"voordeur/internal/embeddedpg"
	"voordeur/internal/schema"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
)

type options struct {
	sizes   []int
	rounds  int
	span    time.Duration
	callers int
	out     string
}

func main() {
	o := options{}
	sizes := flag.String("sizes", "10000,100000,1000000", "action points, from small to large; the ratios are taken at the largest")
	flag.IntVar(&o.rounds, "rounds", 7, "rounds of each measurement")
	flag.DurationVar(&o.span, "span", 800*time.Millisecond, "how long each side runs in a round")
	flag.IntVar(&o.callers, "callers", 4, "requests under way at once")
	flag.StringVar(&o.out, "out", "docs/benchmarks.md", "where the table goes")
	flag.Parse()
	for _, s := range strings.Split(*sizes, ",") {
		var n int
		if _, err := fmt.Sscan(s, &n); err != nil || n < 1000 {
			fmt.Fprintln(os.Stderr, "bench: -sizes: each must be a number of at least 1000")
			os.Exit(2)
		}
		o.sizes = append(o.sizes, n)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func run(ctx context.Context, o options) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	r := &report{options: o, began: time.Now()}

	pg, remove, err := embeddedpg.Scratch(ctx, log)
	if err != nil {
		return err
	}
	defer remove()
	admin, err := pgx.Connect(ctx, pg.DSN("postgres", "postgres"))
	if err != nil {
		return err
	}
	if _, err := admin.Exec(ctx, "CREATE DATABASE bench"); err != nil {
		return err
	}
	if err := admin.QueryRow(ctx, "SHOW server_version").Scan(&r.postgres); err != nil {
		return err
	}
	_ = admin.Close(ctx)
	owner := pg.DSN("postgres", "bench")
	if err := schema.Migrate(ctx, owner); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, owner)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	d := &data{conn: conn}
	if err := d.prepare(ctx); err != nil {
		return fmt.Errorf("data: %w", err)
	}

	ears := &recorder{}
	product, stopProduct, err := serveProduct(ctx, pg.DSN(schema.AppRole, "bench"), ears)
	if err != nil {
		return err
	}
	defer stopProduct()

	for i, size := range o.sizes {
		from := time.Now()
		if err := d.growTo(ctx, size); err != nil {
			return fmt.Errorf("data: %w", err)
		}
		fmt.Fprintf(os.Stderr, "%d action points in %d dossiers (%.0f s)\n", d.points, d.dossiers, time.Since(from).Seconds())
		s, err := d.signIn(ctx, 200)
		if err != nil {
			return fmt.Errorf("data: %w", err)
		}
		reads, err := measureReads(ctx, o, s, owner, product, conn, ears)
		if err != nil {
			return err
		}
		r.reads = append(r.reads, reads)
		r.sizes = append(r.sizes, [2]int{d.points, d.dossiers})
		if i == len(o.sizes)-1 {
			if r.writes, err = measureWrites(ctx, o, s, owner, conn, product, ears); err != nil {
				return err
			}
			if r.search, err = measureSearch(ctx, d, s, product); err != nil {
				return fmt.Errorf("search: %w", err)
			}
			if r.tellings, err = measureEnumeration(ctx, d, product); err != nil {
				return fmt.Errorf("enumeration: %w", err)
			}
			if r.mixed, err = measureMixed(ctx, s, conn, product); err != nil {
				return fmt.Errorf("mixed load: %w", err)
			}
		}
	}
	stopProduct()
	if r.starts, err = measureStart(ctx); err != nil {
		return err
	}
	if r.files, r.streams, err = measureProgram(ctx); err != nil {
		return err
	}
	if r.loads, err = measureLoads(ctx); err != nil {
		return err
	}
	return r.write(ctx)
}

// serveProduct serves the whole API on a port of this machine.
func serveProduct(ctx context.Context, url string, ears *recorder) (string, func(), error) {
	key := sealed.New()
	door, err := db.Open(ctx, db.Config{URL: url, MaxConns: 8, Now: clock.Now, Key: key, Tracer: ears})
	if err != nil {
		return "", nil, err
	}
	folder, err := os.MkdirTemp("", "voordeur-bench-")
	if err != nil {
		return "", nil, err
	}
	blobs, err := blobstore.Open(ctx, folder)
	if err != nil {
		return "", nil, err
	}
	services, err := app.Compose(app.Parts{
		DB: door, Blobs: blobs, Key: key, Now: clock.Now, Log: slog.New(slog.DiscardHandler),
		PortalURL: "http://localhost", OfficeURL: "http://localhost", MailFrom: "bench@voordeur.example",
		// All requests come from this machine; nobody is held up.
		Limits: signin.Limits{
			Account: 1e6, AccountWindow: time.Hour, Address: 1e6, AddressWindow: time.Hour, Reset: 1e6, ResetWindow: time.Hour,
			Code: 1e6, CodeWindow: time.Hour, CodeDay: 1e6, Texts: 1e6, TextsTo: 1e6,
		},
	})
	if err != nil {
		return "", nil, err
	}
	address, stop, err := serve(ctx, api.New(services.Deps()))
	return address, func() {
		stop()
		door.Close()
		_ = blobs.Close()
		_ = os.RemoveAll(folder)
	}, err
}

func serve(ctx context.Context, h http.Handler) (string, func(), error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
	}()
	return "http://" + l.Addr().String(), func() { _ = server.Close() }, nil
}

// limitPool connects without row-level security, as the office of the scene.
func limitPool(ctx context.Context, url string, s *scene) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	c.MaxConns = 8
	c.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SELECT set_config('app.organisation', $1, false)", s.organisation.String())
		return err
	}
	return pgxpool.NewWithConfig(ctx, c)
}

// machine says where this ran.
func machine() string {
	name := ""
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range bytes.Lines(raw) {
			if k, v, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(k) == "model name" {
				name = strings.TrimSpace(v)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s/%s, %s", name, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
