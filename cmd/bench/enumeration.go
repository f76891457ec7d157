package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tries is how many known and how many unknown names are tried at each place.
const tries = 200

// telling is what an answer gives away about whether a name is known.
type telling struct {
	name           string
	known, unknown time.Duration // medians
	same           bool          // status and body, but for the number of the request
}

func (t telling) differs() time.Duration { return (t.known - t.unknown).Abs() }

// measureEnumeration asks for known and unknown names in a shuffled row, one after the other, and compares time and bytes. A
// password costs what it costs in production.
func measureEnumeration(ctx context.Context, d *data, product string) ([]telling, error) {
	var out []telling
	for _, place := range []struct {
		name, path string
		body       func(username string) map[string]any
	}{
		{"customer's login, wrong password", "/api/v1/portal/auth/login", func(u string) map[string]any {
			return map[string]any{"office": "kantoor-1", "username": u, "password": "een verkeerd wachtwoord"}
		}},
		{"customer's forgotten password", "/api/v1/portal/auth/password-reset", func(u string) map[string]any {
			return map[string]any{"office": "kantoor-1", "username": u}
		}},
		{"customer's code to sign in with", "/api/v1/portal/auth/codes", func(u string) map[string]any {
			return map[string]any{"office": "kantoor-1", "username": u}
		}},
	} {
		names, err := knownNames(ctx, d.conn, tries, place.name, "nobody will ever guess this one")
		if err != nil {
			return nil, err
		}
		known := map[string]bool{}
		for i, n := range names {
			known[n] = true
			names = append(names, fmt.Sprintf("x%s%d", n[1:], i%10))
		}
		rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		t := telling{name: place.name, same: true}
		var times [2][]time.Duration
		first := ""
		for i, n := range names {
			raw, err := json.Marshal(place.body(n))
			if err != nil {
				return nil, err
			}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, product+place.path, strings.NewReader(string(raw)))
			if err != nil {
				return nil, err
			}
			req.Header.Set("Content-Type", "application/json")
			from := time.Now()
			res, err := client.Do(req)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(res.Body)
			took := time.Since(from)
			_ = res.Body.Close()
			if err != nil {
				return nil, err
			}
			if res.StatusCode == http.StatusTooManyRequests {
				return nil, fmt.Errorf("%s: a limit was reached after %d tries", place.name, i)
			}
			answer := res.Status + "\n" + strings.ReplaceAll(string(body), res.Header.Get("X-Request-Id"), "")
			if first == "" {
				first = answer
			}
			t.same = t.same && answer == first
			if i < 20 { // the first ones warm up
				continue
			}
			side := 1
			if known[n] {
				side = 0
			}
			times[side] = append(times[side], took)
		}
		t.known, t.unknown = median(times[0]), median(times[1])
		fmt.Printf("    %-38s known %s, unknown %s, differ %s (must 5 ms), same answer: %v\n", t.name, ms(t.known), ms(t.unknown), ms(t.differs()), t.same)
		out = append(out, t)
	}
	return out, nil
}

// saysNothing reports whether no answer tells a known name from an unknown one.
func saysNothing(ts []telling) bool {
	return !slices.ContainsFunc(ts, func(t telling) bool { return !t.same || t.differs() >= 5*time.Millisecond })
}
