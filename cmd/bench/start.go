package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
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
	ops, err := freeAddress(ctx)
	if err != nil {
		return 0, 0, err
	}
	cmd := exec.CommandContext(ctx, "bin/voordeur", "serve")
	cmd.Env = append(os.Environ(), "VOORDEUR_DEMO=1", "VOORDEUR_DATA_DIR="+folder, "VOORDEUR_PORTAL_ADDR=127.0.0.1:0", "VOORDEUR_OFFICE_ADDR=127.0.0.1:0",
		"VOORDEUR_MAILBOX_ADDR=127.0.0.1:0", "VOORDEUR_OPS_ADDR="+ops)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	from := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, fmt.Errorf("%w (make build makes it)", err)
	}
	ended := make(chan error, 1)
	over := make(chan struct{})
	go func() { ended <- cmd.Wait(); close(over) }()
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-over
	}()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+ops+"/readyz", nil)
		if err != nil {
			return 0, 0, err
		}
		if do(req, http.StatusOK) == nil {
			break
		}
		select {
		case err := <-ended:
			return 0, 0, fmt.Errorf("the server ended: %w\n%s", err, said.String())
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
		if time.Since(from) > 2*time.Minute {
			return 0, 0, errors.New("the server was not ready within two minutes")
		}
	}
	took := time.Since(from)
	select { // idle: what the start needed has been given back
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
	}
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/status")
	if err != nil {
		return took, 0, nil //nolint:nilerr // only Linux tells
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return took, kb / 1024, nil
		}
	}
	return took, 0, nil
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// firstLoad is what a browser fetches before it can show the first screen of an app, in bytes after gzip.
type firstLoad struct {
	app     string
	js, css int
	files   int
}

var asset = regexp.MustCompile(`(?:src|href)="/?((?:[\w./-]+)\.(js|css))"`)

func measureLoads() ([]firstLoad, error) {
	var out []firstLoad
	for _, app := range []string{"frontend-portal", "frontend-office"} {
		page, err := os.ReadFile(filepath.Join(app, "dist", "index.html"))
		if err != nil {
			return nil, fmt.Errorf("%w (make build makes it)", err)
		}
		l := firstLoad{app: app}
		for _, m := range asset.FindAllStringSubmatch(string(page), -1) {
			raw, err := os.ReadFile(filepath.Join(app, "dist", filepath.FromSlash(m[1])))
			if err != nil {
				return nil, err
			}
			size, err := zipped(raw)
			if err != nil {
				return nil, err
			}
			l.files++
			if m[2] == "js" {
				l.js += size
			} else {
				l.css += size
			}
		}
		fmt.Printf("P10 %-16s entry: %.1f kB of JavaScript and %.1f kB of CSS after gzip, in %d files\n", app, float64(l.js)/1000, float64(l.css)/1000, l.files)
		out = append(out, l)
	}
	return out, nil
}

func zipped(raw []byte) (int, error) {
	var n counter
	w, err := gzip.NewWriterLevel(&n, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(w, bytes.NewReader(raw)); err != nil {
		return 0, err
	}
	err = w.Close()
	return int(n), err
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
