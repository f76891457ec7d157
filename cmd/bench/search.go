package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// searchSize is how many dossiers the office has in which names are looked for.
const searchSize = 100_000

// fill makes dossiers without action points in the largest office, of people whose names are distributed as names are: a
// few very common, most of them rare.
const fill = `
CREATE TEMP TABLE named AS SELECT n, pg_temp.id('organisation', 1) AS organisation_id,
    (ARRAY['Eva','Ruben','Sanne','Daan','Noor','Bram','Lotte','Thijs','Fleur','Sem','Mila','Jesse','Roos','Luuk','Anouk','Mees','Femke','Stijn','Iris','Joost'])[1 + pg_temp.dice('first', n, 20)] AS first_name,
    (ARRAY['Jans','Vis','Bak','Smit','Meij','Dek','Brou','Haan','Bos','Muld','Koni','Schol','Post','Kuip','Veen','Hoek','Dijk','Berg','Linde','Wal'])[1 + least(pg_temp.dice('l1', n, 20), pg_temp.dice('l2', n, 20))]
      || (ARRAY['sen','ser','ker','er','stra','ma','huis','horst','man','ink'])[1 + least(pg_temp.dice('l3', n, 10), pg_temp.dice('l4', n, 10))] AS last_name
  FROM generate_series($from::bigint, $to::bigint) n;
INSERT INTO clients (organisation_id, id, name, created_at, updated_at) SELECT organisation_id, pg_temp.id('client', n), 'Familie ' || last_name, now(), now() FROM named;
INSERT INTO contacts (organisation_id, id, client_id, first_name, last_name, email, created_at, updated_at)
  SELECT organisation_id, pg_temp.id('contact', n * 4), pg_temp.id('client', n), first_name, last_name, lower(first_name || '.' || last_name) || n || '@post.example', now(), now() FROM named;
INSERT INTO dossiers (organisation_id, id, client_id, reference, name, status, phase, owner_id, adviser_id, created_at, updated_at, activity_at)
  SELECT organisation_id, pg_temp.id('dossier', n), pg_temp.id('client', n), 'D-2025-' || n, last_name, 'open', 'intake', pg_temp.id('employee', 12), pg_temp.id('employee', 12),
    now() - n * interval '1 second', now(), now() - n * interval '1 second' FROM named;
INSERT INTO applicants (organisation_id, id, dossier_id, contact_id, position) SELECT organisation_id, pg_temp.id('applicant', n * 4), pg_temp.id('dossier', n), pg_temp.id('contact', n * 4), 1 FROM named;
DROP TABLE named;
`

// words are what people type: common and rare names, part of one, two at once, an address, a reference, two letters, nonsense.
var words = []string{"jansen", "walink", "berg", "eva jansen", "noor kuiperhorst", "sanne.visser9", "D-2025-2000123", "vi", "haanstra", "zzzz", "familie smit", "joost wal"}

type searchResult struct {
	dossiers int
	p50, p99 time.Duration
	worst    time.Duration // the median of the slowest word
	word     string
}

// measureSearch looks for names, one request after another, in an office of searchSize dossiers (P5).
func measureSearch(ctx context.Context, d *data, s *scene, product string) (searchResult, error) {
	var r searchResult
	const count = "SELECT count(*) FROM dossiers WHERE organisation_id = $1"
	if err := d.conn.QueryRow(ctx, count, s.organisation).Scan(&r.dossiers); err != nil {
		return r, err
	}
	const first = 2_000_000
	if r.dossiers < searchSize {
		if err := d.script(ctx, fill, first, first+searchSize-r.dossiers-1); err != nil {
			return r, err
		}
		if _, err := d.conn.Exec(ctx, "VACUUM ANALYZE"); err != nil {
			return r, err
		}
		if err := d.conn.QueryRow(ctx, count, s.organisation).Scan(&r.dossiers); err != nil {
			return r, err
		}
	}
	var times []time.Duration
	for _, w := range words {
		for _, list := range []string{"dossiers", "clients"} {
			var took []time.Duration
			for range 50 {
				from := time.Now()
				if err := get(ctx, product, "/api/v1/"+list+"?limit=25&q="+url.QueryEscape(w), s.employee, false); err != nil {
					return r, err
				}
				took = append(took, time.Since(from))
			}
			if at := median(took); at > r.worst {
				r.worst, r.word = at, list+": "+w
			}
			times = append(times, took...)
		}
	}
	slices.Sort(times)
	r.p50, r.p99 = times[len(times)/2], times[len(times)*99/100]
	fmt.Printf("P5  search in %d dossiers: p50 %s, p99 %s (must 50 ms), slowest %q %s\n", r.dossiers, r.p50.Round(100*time.Microsecond), r.p99.Round(100*time.Microsecond),
		r.word, r.worst.Round(100*time.Microsecond))
	return r, nil
}
