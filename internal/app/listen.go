package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// A client that sends or takes no more holds a connection no longer than this. Uploads, downloads and streams, which may
// take their time, move their own deadlines for as long as the client goes on.
const (
	readWithin  = 30 * time.Second
	writeWithin = 2 * time.Minute
)

// listener is one address the program answers on.
type listener struct {
	name     string
	variable string // that sets the address
	server   *http.Server
	socket   net.Listener
}

// listen opens addr now, so that a taken port is told before anything else happens.
func listen(ctx context.Context, name, variable, addr string, handler http.Handler, log *slog.Logger) (*listener, error) {
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use already, so %s cannot start: stop what runs there, or set %s to another address such as :0", addr, name, variable)
	}
	if errors.Is(err, syscall.EACCES) {
		return nil, fmt.Errorf("%s may not be used by this account, so %s cannot start: set %s to an address above port 1024", addr, name, variable)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", variable, name, err)
	}
	return &listener{name: name, variable: variable, socket: socket, server: &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       readWithin,
		WriteTimeout:      writeWithin,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}, nil
}

func (l *listener) addr() string { return l.socket.Addr().String() }

// serve answers until stop is called.
func (l *listener) serve() error {
	if err := l.server.Serve(l.socket); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	return nil
}

// stop lets requests in flight finish, for as long as ctx allows.
func (l *listener) stop(ctx context.Context) error {
	if err := l.server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", l.name, err), l.server.Close())
	}
	return nil
}

// readiness is false before the program can serve and from the moment it begins to stop.
type readiness struct {
	open atomic.Bool
	ping func(context.Context) error
}

var errNotReady = errors.New("starting or stopping")

func (r *readiness) check(ctx context.Context) error {
	if !r.open.Load() {
		return errNotReady
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return r.ping(ctx)
}

// ops serves what only operators see: metrics, profiles and health.
func ops(registry *prometheus.Registry, ready func(context.Context) error) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := ready(r.Context()); err != nil {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ready\n"))
	})
	return mux
}
