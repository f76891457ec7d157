package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// report is everything that was measured.
type report struct {
	options
	began    time.Time
	postgres string
	sizes    [][2]int // action points, dossiers
	reads    [][]readResult
	writes   []writeResult
	search   searchResult
	tellings []telling
	mixed    mixed
	files    files
	streams  streams
	starts   starts
	loads    []firstLoad
}

func verdict(ok bool) string {
	if ok {
		return "yes"
	}
	return "**no**"
}

// write makes the page; it says yes or no behind each figure and hides neither.
func (r *report) write(ctx context.Context) error {
	var b strings.Builder
	last := len(r.sizes) - 1
	fmt.Fprintf(&b, `# Benchmarks

Written by `+"`make bench`"+` on %s, at commit %s, in %d minutes. %s, PostgreSQL %s in memory (fsync off on both sides), client, server and database on the same machine.

Each figure is a ratio taken in one run. **The limit** is the same SQL, as the product sent it, through echo and plain pgx: no row-level security, no permission check, no GORM, no session
to look up beyond its query. Both sides run in turns of %s with %d requests under way, through HTTP on the loopback; medians of %d rounds.

Data: 10 offices whose sizes follow Zipf, 5 to 30 action points in a dossier, 1 to 3 applicants and products, submissions, documents and events to match. The requests go to 200 dossiers of the
largest office.

## Reads (P1, P2) at %s action points in %s dossiers

| | read | product, requests/s | limit | share | must | reached | p50 | round trips |
|---|---|---|---|---|---|---|---|---|
`, r.began.UTC().Format("2 January 2006"), commit(ctx), int(time.Since(r.began).Minutes())+1, machine(), r.postgres, r.span, r.callers, r.rounds, spaced(r.sizes[last][0]), spaced(r.sizes[last][1]))
	for _, x := range r.reads[last] {
		fmt.Fprintf(&b, "| %s | %s | %.0f | %.0f | %.2f | %.2f | %s | %s | %d |\n", x.id, x.name, x.product, x.limit, x.ratio(), x.must, verdict(x.ratio() >= x.must), ms(x.p50), x.trips)
	}
	fmt.Fprintf(&b, "\nRound trips include the session.\n\n## Growth (P4): p50 of the product as the data grows\n\n| read |")
	for _, s := range r.sizes {
		fmt.Fprintf(&b, " %s |", spaced(s[0]))
	}
	fmt.Fprintf(&b, " largest ÷ smallest | must | reached |\n|---|%s---|---|---|\n", strings.Repeat("---|", len(r.sizes)))
	for i, x := range r.reads[last] {
		fmt.Fprintf(&b, "| %s |", x.name)
		for _, at := range r.reads {
			fmt.Fprintf(&b, " %s |", ms(at[i].p50))
		}
		growth := float64(x.p50) / float64(r.reads[0][i].p50)
		fmt.Fprintf(&b, " %.2f | 1.30 | %s |\n", growth, verdict(growth <= 1.3))
	}
	fmt.Fprint(&b, `
## Writes (P3)

One after the other; the limit runs the recorded statements in one plain transaction, without HTTP.

| write | product, per second | limit | share | must | reached | round trips |
|---|---|---|---|---|---|---|
`)
	for _, w := range r.writes {
		fmt.Fprintf(&b, "| %s | %.0f | %.0f | %.2f | 0.50 | %s | %d |\n", w.name, w.product, w.limit, w.ratio(), verdict(w.ratio() >= 0.5), w.trips)
	}
	fmt.Fprint(&b, "\n## Plans (P4)\n\n")
	bad := 0
	for _, x := range r.reads[last] {
		for _, why := range x.bad {
			fmt.Fprintf(&b, "- no index plan: %s\n", why)
			bad++
		}
	}
	if bad == 0 {
		fmt.Fprintf(&b, "Every statement of every read above runs by index: none reads a table of %s rows or more from its beginning to its end, none throws away more rows than that.\n", spaced(large))
	}
	fmt.Fprintf(&b, `
## Search (P5)

Names, parts of names, addresses and references in the lists of dossiers and clients, in an office with %s dossiers: p50 %s, **p99 %s** (must 50 ms: %s).
The slowest is %q with a median of %s.
`, spaced(r.search.dossiers), ms(r.search.p50), ms(r.search.p99), verdict(r.search.p99 <= 50*time.Millisecond), r.search.word, ms(r.search.worst))
	fmt.Fprintf(&b, `
## Large files (P6)

Files of 25 MB, %d at a time, through the office's resumable upload and its download, against writing the same bytes to the same disk, synced, and reading them, each with SHA-256; medians of three rounds. What
an upload adds to the server's memory is a test of its own, TestMemoryOfUploads.

| | product, MB/s | limit | share | must | reached |
|---|---|---|---|---|---|
| upload | %.0f | %.0f | %.2f | 0.50 | %s |
| download | %.0f | %.0f | %.2f | 0.50 | %s |

## A busy hour (P7)

%d requests a second, four in five of them the reads above and one an approval, and %d logins a second for %.0f s, each sent at its time whether or not the ones before were answered: %s requests and %s logins,
**%d failed** (must 0: %s).

| 99th percentile | measured | must | reached |
|---|---|---|---|
| reads | %s | 150 ms | %s |
| writes | %s | | |
| logins | %s | 900 ms | %s |

## Live screens (P8)

%s open streams in one process: %.1f kB of memory each (must 30: %s). From the request that changes something until a screen hears of it, all screens being of one office: %s at the 99th percentile (must 250 ms: %s).
`, atOnce, r.files.up, r.files.copied, r.files.up/r.files.copied, verdict(r.files.up >= r.files.copied/2), r.files.down, r.files.read, r.files.down/r.files.read, verdict(r.files.down >= r.files.read/2),
		perSecond, loginsEach, r.mixed.span.Seconds(), spaced(r.mixed.requests), spaced(r.mixed.loginsHappened), r.mixed.failed, verdict(r.mixed.failed == 0),
		ms(r.mixed.reads), verdict(r.mixed.reads <= 150*time.Millisecond), ms(r.mixed.writes), ms(r.mixed.logins), verdict(r.mixed.logins <= 900*time.Millisecond),
		spaced(r.streams.open), r.streams.each, verdict(r.streams.each <= 30), ms(r.streams.heard), verdict(r.streams.heard <= 250*time.Millisecond))
	fmt.Fprintf(&b, `
## What an answer tells (threat model, C1)

%d known and %d unknown names, shuffled, one after the other.

| place | known, median | unknown, median | differ | must | same answer | reached |
|---|---|---|---|---|---|---|
`, tries, tries)
	for _, t := range r.tellings {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | 5 ms | %s | %s |\n", t.name, ms(t.known), ms(t.unknown), ms(t.differs()), verdict(t.same), verdict(t.same && t.differs() < 5*time.Millisecond))
	}
	fmt.Fprintf(&b, `
## Start (P9)

| | measured | must | reached |
|---|---|---|---|
| ready on existing data, PostgreSQL included | %s | 1500 ms | %s |
| memory of the idle server | %.0f MB | 60 MB | %s |

## First load of the apps (P10), seen by a browser, after gzip

| screen | JavaScript | CSS | fonts | requests before the first paint |
|---|---|---|---|---|
`, ms(r.starts.ready), verdict(r.starts.ready <= 1500*time.Millisecond), r.starts.memory, verdict(r.starts.memory <= 60))
	for _, l := range r.loads {
		fmt.Fprintf(&b, "| %s | %.1f kB | %.1f kB | %.1f kB | %d |\n", l.screen, l.JS/1000, l.CSS/1000, l.Fonts/1000, l.Requests)
	}
	fmt.Fprint(&b, "\nThe budgets stand in each app's `e2e/load.spec.ts`, and fail `make test`.\n")
	fmt.Println("written to", r.out)
	if err := os.WriteFile(r.out, []byte(b.String()), 0o644); err != nil {
		return err
	}
	if !saysNothing(r.tellings) {
		return errors.New("an answer tells whether a name is known")
	}
	if bad > 0 {
		return fmt.Errorf("%d plans read more than an index gives", bad)
	}
	return nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

func spaced(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
