// Package app puts the program together: the only place that knows every part. It reads from top to bottom.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"voordeur/api"
	frontendoffice "voordeur/frontend-office"
	frontendportal "voordeur/frontend-portal"
	"voordeur/internal/blobstore"
	"voordeur/internal/clock"
	"voordeur/internal/config"
	"voordeur/internal/db"
	"voordeur/internal/queue"
	"voordeur/internal/sealed"
	"voordeur/internal/seed"
	"voordeur/internal/web"
)

// Role is the part of the work that a process does.
type Role int

// A process serves and works, unless it is told to work only.
const (
	Everything Role = iota
	WorkerOnly
)

// App is the program, ready to serve.
type App struct {
	cfg      config.Config
	log      *slog.Logger
	key      sealed.Key
	database *database
	db       *db.DB
	blobs    *blobstore.Store
	services *Services
	limits   *web.Limiter
	registry *prometheus.Registry
	ready    readiness
	stopping chan struct{}

	portal, office *listener
	others         []*listener
}

// New opens everything the program needs and puts it together, without serving yet. The function it returns closes it all.
func New(ctx context.Context, c config.Config, log *slog.Logger, role Role) (*App, func() error, error) {
	var closers []func() error
	closeAll := func() error {
		var err error
		for i := len(closers) - 1; i >= 0; i-- {
			err = errors.Join(err, closers[i]())
		}
		return err
	}
	a := &App{cfg: c, log: log, registry: prometheus.NewRegistry(), stopping: make(chan struct{})}
	err := a.open(ctx, role, func(f func() error) { closers = append(closers, f) })
	if err != nil {
		return nil, nil, errors.Join(err, closeAll())
	}
	return a, closeAll, nil
}

func (a *App) open(ctx context.Context, role Role, onClose func(func() error)) error {
	if err := os.MkdirAll(a.cfg.DataDir, 0o755); err != nil { //nolint:gosec // the embedded server runs as another user and walks through it
		return fmt.Errorf("VOORDEUR_DATA_DIR: %w", err)
	}
	var err error
	if a.key, err = secretKey(a.cfg); err != nil {
		return err
	}
	// The addresses first: a taken port should be told before a database is started.
	handlers := struct{ portal, office, ops, mail swap }{}
	if role == Everything {
		if a.portal, err = a.listen(ctx, "the customer portal", "VOORDEUR_PORTAL_ADDR", a.cfg.PortalAddr, &handlers.portal, onClose); err != nil {
			return err
		}
		if a.office, err = a.listen(ctx, "the office app", "VOORDEUR_OFFICE_ADDR", a.cfg.OfficeAddr, &handlers.office, onClose); err != nil {
			return err
		}
		if a.cfg.SMTPURL == "" {
			l, err := a.listen(ctx, "the mailbox", "VOORDEUR_MAILBOX_ADDR", a.cfg.MailboxAddr, &handlers.mail, onClose)
			if err != nil {
				return err
			}
			a.others = append(a.others, l)
		}
	}
	if a.cfg.OpsAddr != "" {
		l, err := a.listen(ctx, "the address for metrics", "VOORDEUR_OPS_ADDR", a.cfg.OpsAddr, &handlers.ops, onClose)
		if err != nil {
			return err
		}
		a.others = append(a.others, l)
	}
	if a.database, err = openDatabase(ctx, a.cfg, a.key, a.log); err != nil {
		return err
	}
	onClose(a.database.close)
	if err := a.database.migrate(ctx, a.log); err != nil {
		return err
	}
	if a.db, err = db.Open(ctx, db.Config{URL: a.database.app, MaxConns: a.cfg.DatabaseConnections, Now: clock.Now, Key: a.key}); err != nil {
		return err
	}
	onClose(func() error { a.db.Close(); return nil })
	if a.blobs, err = blobstore.Open(ctx, a.cfg.BlobURL); err != nil {
		return err
	}
	onClose(a.blobs.Close)
	smtp, texts, err := a.openMail(ctx, role, &handlers.mail, onClose)
	if err != nil {
		return err
	}
	a.services, err = Compose(Parts{
		DB: a.db, Blobs: a.blobs, Key: a.key, Now: clock.Now, Log: a.log, Metrics: a.registry,
		PortalURL: a.cfg.PortalURL, OfficeURL: a.cfg.OfficeURL, MailFrom: a.cfg.MailFrom, SMTPURL: smtp, Texts: texts, TextsPerDay: a.cfg.SMSDaily,
	})
	if err != nil {
		return err
	}
	if a.cfg.Demo {
		if err := a.SeedDemo(ctx); err != nil {
			return err
		}
	}
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), poolMetrics(a.db))
	a.ready.ping = a.db.Ping
	handlers.ops.set(private(a.cfg.OpsAddr, ops(a.registry, a.ready.check)))
	if role == Everything {
		metrics := web.NewMetrics(a.registry)
		a.limits = web.NewLimiter(clock.Now, a.cfg.RateFactor, db.Ledger{DB: a.db})
		deps := func(surfaces []web.Audience, pages web.Pages) api.Deps {
			d := a.services.Deps()
			d.Metrics, d.Limits, d.HTTPS, d.Proxies = metrics, a.limits, a.cfg.HTTPS(), a.cfg.Proxies
			d.Outage, d.Ready, d.Stopping = outage, a.ready.check, a.stopping
			d.Surfaces, d.Pages = surfaces, pages
			return d
		}
		handlers.portal.set(api.New(deps([]web.Audience{web.Portal, web.Public}, web.Pages{Files: frontendportal.FS(), HTTPS: a.cfg.HTTPS()}))) //nolint:contextcheck // an error handler has the context of its request
		handlers.office.set(api.New(deps([]web.Audience{web.Office, web.Public}, web.Pages{Files: frontendoffice.FS(), HTTPS: a.cfg.HTTPS()}))) //nolint:contextcheck // an error handler has the context of its request
	}
	return nil
}

func (a *App) listen(ctx context.Context, name, variable, addr string, handler *swap, onClose func(func() error)) (*listener, error) {
	l, err := listen(ctx, name, variable, addr, handler, a.log)
	if err != nil {
		return nil, err
	}
	onClose(func() error {
		if err := l.socket.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	return l, nil
}

func secretKey(c config.Config) (sealed.Key, error) {
	if c.SecretKey != "" {
		key, err := sealed.Parse(c.SecretKey)
		if err != nil {
			return key, fmt.Errorf("VOORDEUR_SECRET_KEY: %w", err)
		}
		return key, nil
	}
	return sealed.FromFile(filepath.Join(c.DataDir, "secret.key"))
}

var errNoPost = errors.New("VOORDEUR_SMTP_URL: a worker needs it; without it mail is captured by the process that serves, and a worker has nowhere to send it")

// Serve answers requests and works tasks until ctx ends, then lets what is under way finish.
func (a *App) Serve(ctx context.Context) error {
	if a.office == nil && a.cfg.SMTPURL == "" {
		return errNoPost
	}
	// Parts that must outlive ctx, because requests in flight need them, stop with this one.
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, failed := errgroup.WithContext(running)
	listeners := a.others
	for _, l := range []*listener{a.portal, a.office} {
		if l != nil {
			listeners = append(listeners, l)
		}
	}
	for _, l := range listeners {
		group.Go(l.serve)
	}
	group.Go(func() error { a.database.supervise(running, a.db.Ping); return nil })
	a.services.Background(running, group)
	group.Go(func() error { a.limits.Run(running); return nil })
	runner, err := a.services.StartQueue(running, a.database.queue, a.log)
	if err != nil {
		return errors.Join(err, a.stop(ctx, listeners, nil, stop, group))
	}
	a.ready.open.Store(true)
	a.log.InfoContext(ctx, "ready", "portal", a.cfg.PortalURL, "office", a.cfg.OfficeURL)
	select {
	case <-ctx.Done():
	case <-failed.Done():
	}
	return a.stop(ctx, listeners, runner, stop, group)
}

// stop says first that no more requests should come, ends the streams, waits for requests and tasks under way, and then
// ends the rest.
func (a *App) stop(ctx context.Context, listeners []*listener, runner *queue.Runner, stop context.CancelFunc, group *errgroup.Group) error {
	a.ready.open.Store(false)
	a.log.InfoContext(ctx, "stopping")
	close(a.stopping)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.cfg.ShutdownTimeout)
	defer cancel()
	closing := new(errgroup.Group)
	for _, l := range listeners {
		closing.Go(func() error { return l.stop(ctx) })
	}
	if runner != nil {
		closing.Go(func() error { return runner.Stop(ctx) })
	}
	err := closing.Wait()
	stop()
	return errors.Join(err, group.Wait())
}

// SeedDemo fills an empty database with the demo.
func (a *App) SeedDemo(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, a.database.owner)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	s := &seed.Seeder{
		Conn: conn, Blobs: a.blobs, Key: a.key, Hash: a.services.hasher.Hash,
		PortalURL: a.cfg.PortalURL, OfficeURL: a.cfg.OfficeURL, MailURL: a.mailURL(), DataDir: a.cfg.DataDir, Now: clock.Now, Log: a.log,
	}
	_, err = s.Run(ctx)
	return err
}

func (a *App) mailURL() string {
	if a.cfg.SMTPURL != "" {
		return ""
	}
	_, port, err := net.SplitHostPort(a.cfg.MailboxAddr)
	if err != nil {
		return ""
	}
	return "http://localhost:" + port
}

// poolMetrics tells how busy the database pool is.
func poolMetrics(d *db.DB) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "voordeur_database_connections_in_use", Help: "Connections of the pool that are working.",
	}, func() float64 { return float64(d.Stat().AcquiredConns()) })
}
