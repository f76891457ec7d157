package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
)

// read is a request that is measured; path and cookie may depend on the dossier.
type read struct {
	id, name string
	must     float64 // share of the limit
	portal   bool
	need     string // the permission at the door
	path     func(p place) string
}

var reads = []read{
	{"P1", "portal: overview of a dossier", 0.80, true, "portal.dossier:read", func(p place) string { return "/api/v1/portal/dossiers/" + p.dossier.String() }},
	{"P1", "office: page of a dossier", 0.80, false, "dossier:read", func(p place) string { return "/api/v1/dossiers/" + p.dossier.String() }},
	{"P2", "office: list of 50 dossiers", 0.55, false, "dossier:read", func(place) string { return "/api/v1/dossiers?limit=50" }},
	{"P2", "office: action points of a dossier", 0.55, false, "action_point:read", func(p place) string { return "/api/v1/dossiers/" + p.dossier.String() + "/action-points" }},
	{"P2", "office: documents of a dossier", 0.55, false, "document:read", func(p place) string { return "/api/v1/dossiers/" + p.dossier.String() + "/documents" }},
	{"P2", "office: timeline of a dossier", 0.55, false, "audit:read", func(p place) string { return "/api/v1/dossiers/" + p.dossier.String() + "/events" }},
	{"P2", "portal: documents of a dossier", 0.55, true, "portal.document:read", func(p place) string { return "/api/v1/portal/documents?dossierId=" + p.dossier.String() }},
}

// readResult is one read at one size.
type readResult struct {
	read
	product, limit float64 // requests per second, medians
	p50            time.Duration
	trips          int
	bad            []string // steps of its plan that are no index plan
}

func (r readResult) ratio() float64 { return r.product / r.limit }

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 30 * time.Second}

// get asks for a path with a session, and reads the answer to its end.
func get(ctx context.Context, base, path, cookie string, portal bool) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		return err
	}
	sign(req, cookie, portal)
	return do(req, http.StatusOK)
}

func sign(req *http.Request, cookie string, portal bool) {
	name := "__Host-voordeur-office"
	if portal {
		name = "__Host-voordeur-portal"
	}
	req.AddCookie(&http.Cookie{Name: name, Value: cookie, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	req.Header.Set("X-Voordeur", "1")
}

func do(req *http.Request, want int) error {
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != want {
		return fmt.Errorf("%s %s: %s: %.300s", req.Method, req.URL.Path, res.Status, body)
	}
	return nil
}

func measureReads(ctx context.Context, o options, s *scene, owner, product string, conn *pgx.Conn, ears *recorder) ([]readResult, error) {
	var results []readResult
	for _, what := range reads {
		// A visit is remembered once a minute; here nobody was away.
		if _, err := conn.Exec(ctx, `UPDATE sessions SET last_seen_at = now()`); err != nil {
			return nil, err
		}
		cookie := func(p place) string {
			if what.portal {
				return p.cookie
			}
			return s.employee
		}
		// What each request asks of the database, asked again by the limit.
		scripts := make([][]statement, len(s.places))
		trips := 0
		for i, p := range s.places {
			ask := func() error { return get(ctx, product, what.path(p), cookie(p), what.portal) }
			if i == 0 { // the first request also warms what is prepared once
				if err := ask(); err != nil {
					return nil, err
				}
			}
			var err error
			if scripts[i], trips, err = ears.record(ask); err != nil {
				return nil, err
			}
		}
		pool, err := limitPool(ctx, owner, s)
		if err != nil {
			return nil, err
		}
		limit, stop, err := serveLimit(ctx, pool, scripts)
		if err != nil {
			return nil, err
		}
		ours := func(i int) error {
			p := s.places[i%len(s.places)]
			return get(ctx, product, what.path(p), cookie(p), what.portal)
		}
		theirs := func(i int) error { return get(ctx, limit, "/"+strconv.Itoa(i%len(scripts)), "", false) }
		r := readResult{read: what, trips: trips}
		if r.bad, err = plans(ctx, conn, s, what, s.places[0], scripts[0]); err != nil {
			stop()
			pool.Close()
			return nil, fmt.Errorf("%s: %w", what.name, err)
		}
		r.product, r.limit, r.p50, err = against(ctx, o, ours, theirs)
		stop()
		pool.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what.name, err)
		}
		fmt.Printf("%s  %-38s %6.0f/s of %6.0f/s = %.2f (must %.2f), p50 %s, %d round trips\n",
			what.id, what.name, r.product, r.limit, r.ratio(), what.must, r.p50.Round(10*time.Microsecond), r.trips)
		for _, b := range r.bad {
			fmt.Println("    no index plan:", b)
		}
		results = append(results, r)
	}
	return results, nil
}

// serveLimit answers each path with the rows of one script, as JSON, through echo and plain pgx.
func serveLimit(ctx context.Context, pool *pgxpool.Pool, scripts [][]statement) (string, func(), error) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.GET("/:n", func(c echo.Context) error {
		n, err := strconv.Atoi(c.Param("n"))
		if err != nil || n < 0 || n >= len(scripts) {
			return echo.ErrNotFound
		}
		conn, err := pool.Acquire(c.Request().Context())
		if err != nil {
			return err
		}
		defer conn.Release()
		out := make([][][]any, 0, len(scripts[n]))
		for _, st := range scripts[n] {
			rows, err := conn.Query(c.Request().Context(), st.sql, st.args...)
			if err != nil {
				return err
			}
			var all [][]any
			for rows.Next() {
				values, err := rows.Values()
				if err != nil {
					rows.Close()
					return err
				}
				all = append(all, values)
			}
			if err := rows.Err(); err != nil {
				return err
			}
			out = append(out, all)
		}
		return c.JSON(http.StatusOK, out)
	})
	return serve(ctx, e)
}

// against runs both sides in turns and returns the medians of their requests per second, and the first one's median time.
func against(ctx context.Context, o options, ours, theirs func(i int) error) (float64, float64, time.Duration, error) {
	var a, b []float64
	var times []time.Duration
	for round := range o.rounds + 1 {
		sides := []func(int) error{ours, theirs}
		for k := range sides {
			if (round+k)%2 == 0 {
				rate, took, err := load(ctx, o, ours)
				if err != nil {
					return 0, 0, 0, err
				}
				if round > 0 { // the first round warms both sides
					a, times = append(a, rate), append(times, took)
				}
				continue
			}
			rate, _, err := load(ctx, o, theirs)
			if err != nil {
				return 0, 0, 0, err
			}
			if round > 0 {
				b = append(b, rate)
			}
		}
	}
	return median(a), median(b), median(times), nil
}

func load(ctx context.Context, o options, ask func(i int) error) (float64, time.Duration, error) {
	var next atomic.Int64
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	from := time.Now()
	end := from.Add(o.span)
	var group sync.WaitGroup
	for range o.callers {
		group.Go(func() {
			var mine []time.Duration
			var err error
			for err == nil && ctx.Err() == nil && time.Now().Before(end) {
				at := time.Now()
				err = ask(int(next.Add(1)))
				mine = append(mine, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			times, failed = append(times, mine...), errors.Join(failed, err)
		})
	}
	group.Wait()
	if err := errors.Join(failed, ctx.Err()); err != nil {
		return 0, 0, err
	}
	return float64(len(times)) / time.Since(from).Seconds(), median(times), nil
}

func median[T float64 | time.Duration](v []T) T {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}
