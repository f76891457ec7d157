package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// starts is what starting the program takes.
type starts struct {
	ready  time.Duration // median, on existing data, the embedded PostgreSQL included
	memory float64       // MB of the server alone, when idle
}

// measureStart runs the built program on data of the demo.
func measureStart(ctx context.Context) (starts, error) {
	folder, err := os.MkdirTemp("", "voordeur-start-")
	if err != nil {
		return starts{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	var times []time.Duration
	var memory []float64
	for round := range 8 {
		took, mb, err := startOnce(ctx, folder)
		if err != nil {
			return starts{}, err
		}
		if round > 0 { // the first one makes the data
			times, memory = append(times, took), append(memory, mb)
		}
	}
	s := starts{median(times), median(memory)}
	fmt.Printf("P9  start on existing data %s (must 1.5 s), idle memory %.0f MB (must 60)\n", s.ready.Round(time.Millisecond), s.memory)
	return s, nil
}

func startOnce(ctx context.Context, folder string) (time.Duration, float64, error) {
	from := time.Now()
	p, err := launch(ctx, folder)
	if err != nil {
		return 0, 0, err
	}
	defer p.end()
	took := time.Since(from)
	select { // idle: what the start needed has been given back
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
	}
	return took, p.resident(), nil
}

// process is the built program, serving a demo.
type process struct {
	folder, office string
	cmd            *exec.Cmd
	over           chan struct{}
}

// launch starts the program and waits until it is ready.
func launch(ctx context.Context, folder string) (*process, error) {
	ops, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	office, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	p := &process{folder: folder, office: "http://" + office, over: make(chan struct{})}
	p.cmd = exec.CommandContext(ctx, "bin/voordeur", "serve")
	p.cmd.Env = append(os.Environ(), "VOORDEUR_DEMO=1", "VOORDEUR_DATA_DIR="+folder, "VOORDEUR_PORTAL_ADDR=127.0.0.1:0", "VOORDEUR_OFFICE_ADDR="+office,
		"VOORDEUR_OFFICE_URL="+p.office, "VOORDEUR_MAILBOX_ADDR=127.0.0.1:0", "VOORDEUR_OPS_ADDR="+ops, "VOORDEUR_RATE_FACTOR=0", "VOORDEUR_LOG_LEVEL=warn")
	var said bytes.Buffer
	p.cmd.Stdout, p.cmd.Stderr = &said, &said
	from := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w (make build makes it)", err)
	}
	go func() { _ = p.cmd.Wait(); close(p.over) }()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+ops+"/readyz", nil)
		if err != nil {
			return nil, err
		}
		if do(req, http.StatusOK) == nil {
			return p, nil
		}
		select {
		case <-p.over:
			return nil, fmt.Errorf("the server ended\n%s", said.String())
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
		if time.Since(from) > 2*time.Minute {
			p.end()
			return nil, errors.New("the server was not ready within two minutes")
		}
	}
}

// end stops the program and waits for it.
func (p *process) end() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	<-p.over
}

// resident is the memory of the program alone in MB, or 0 where the system does not tell.
func (p *process) resident() float64 {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// database connects to the embedded PostgreSQL of the program, past row-level security.
func (p *process) database(ctx context.Context) (*pgx.Conn, error) {
	sockets, err := filepath.Glob(filepath.Join(p.folder, "postgres", "*", "run", ".s.PGSQL.5432"))
	if err != nil || len(sockets) != 1 {
		return nil, fmt.Errorf("no socket of the embedded database in %s: %w", p.folder, err)
	}
	return pgx.Connect(ctx, "host="+filepath.Dir(sockets[0])+" port=5432 user=postgres dbname=voordeur sslmode=disable")
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// firstLoad is what a browser fetches before a screen stands, as the journeys weigh it: bytes after gzip.
type firstLoad struct {
	screen   string
	JS       float64 `json:"js"`
	CSS      float64 `json:"css"`
	Fonts    float64 `json:"fonts"`
	Requests int     `json:"requests"`
}

// measureLoads has both apps weighed in a browser; above a budget it fails.
func measureLoads(ctx context.Context) ([]firstLoad, error) {
	cmd := exec.CommandContext(ctx, "internal/tools/journeys.mjs", "--", "e2e/load.spec.ts")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("first loads: %w", err)
	}
	var out []firstLoad
	for _, app := range []string{"frontend-portal", "frontend-office"} {
		raw, err := os.ReadFile(filepath.Join("artefacts", "journeys", app, "load.json"))
		if err != nil {
			return nil, err
		}
		loads := map[string]firstLoad{}
		if err := json.Unmarshal(raw, &loads); err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(loads)) {
			l := loads[name]
			l.screen = name
			fmt.Printf("P10 %-50s %.1f kB of JavaScript, %.1f kB of CSS, %d requests\n", l.screen, l.JS/1000, l.CSS/1000, l.Requests)
			out = append(out, l)
		}
	}
	return out, nil
}
