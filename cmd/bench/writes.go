package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// perRound is how many writes each side does in a round, one after the other.
const perRound = 25

// writeResult is one kind of write.
type writeResult struct {
	name           string
	product, limit float64 // writes per second, medians
	trips          int
}

func (w writeResult) ratio() float64 { return w.product / w.limit }

// occasion is what one write is about: its request, and the ids and words that change from one to the next.
type occasion struct {
	request func(ctx context.Context, base string) error
	words   []string
}

func measureWrites(ctx context.Context, o options, s *scene, owner string, conn *pgx.Conn, product string, ears *recorder) ([]writeResult, error) {
	pool, err := limitPool(ctx, owner, s)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	var results []writeResult
	for _, kind := range []struct {
		name string
		make func(ctx context.Context, conn *pgx.Conn, s *scene, n int) ([]occasion, error)
	}{{"portal: deliver a file to an action point", submissions}, {"office: approve an action point", approvals}, {"office: new dossier with everything", creations}} {
		need := 2*perRound*(o.rounds+1) + 1
		list, err := kind.make(ctx, conn, s, need)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind.name, err)
		}
		if len(list) < need {
			return nil, fmt.Errorf("%s: the data has %d occasions, %d are needed", kind.name, len(list), need)
		}
		model := list[0]
		script, trips, err := ears.record(func() error { return model.request(ctx, product) })
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind.name, err)
		}
		list = list[1:]
		w := writeResult{name: kind.name, trips: trips}
		var a, b []float64
		for round := range o.rounds + 1 {
			ours := func() error {
				from := time.Now()
				for range perRound {
					if err := list[0].request(ctx, product); err != nil {
						return err
					}
					list = list[1:]
				}
				if round > 0 {
					a = append(a, perRound/time.Since(from).Seconds())
				}
				return nil
			}
			theirs := func() error {
				from := time.Now()
				for range perRound {
					if err := replay(ctx, pool, script, model.words, list[0].words); err != nil {
						return err
					}
					list = list[1:]
				}
				if round > 0 {
					b = append(b, perRound/time.Since(from).Seconds())
				}
				return nil
			}
			sides := []func() error{ours, theirs}
			if round%2 == 1 {
				sides[0], sides[1] = sides[1], sides[0]
			}
			for _, side := range sides {
				if err := side(); err != nil {
					return nil, fmt.Errorf("%s: %w", kind.name, err)
				}
			}
		}
		w.product, w.limit = median(a), median(b)
		fmt.Printf("P3  %-38s %6.0f/s of %6.0f/s = %.2f (must 0.50), %d round trips\n", w.name, w.product, w.limit, w.ratio(), w.trips)
		results = append(results, w)
	}
	return results, nil
}

// replay runs the statements of a recorded write in one plain transaction, about another occasion: its words take the place of
// those recorded, and what had been made in the recorded write is made afresh.
func replay(ctx context.Context, pool *pgxpool.Pool, script []statement, was, is []string) error {
	made := map[uuid.UUID]uuid.UUID{}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		for _, st := range script {
			args := make([]any, len(st.args))
			for i, arg := range st.args {
				args[i] = other(arg, was, is, made)
			}
			rows, err := tx.Query(ctx, st.sql, args...)
			if err != nil {
				return err
			}
			for rows.Next() {
				if _, err := rows.Values(); err != nil {
					rows.Close()
					return err
				}
			}
			if err := rows.Err(); err != nil {
				return fmt.Errorf("%.80s: %w", st.sql, err)
			}
		}
		return nil
	})
}

var reference = regexp.MustCompile(`^D-\d{4}-\d+$`)

func other(arg any, was, is []string, made map[uuid.UUID]uuid.UUID) any {
	switch v := arg.(type) {
	case string:
		if id, err := uuid.Parse(v); err == nil {
			return otherID(id, was, is, made).String()
		}
		if reference.MatchString(v) {
			return v + "-" + uuid.NewString()[:13]
		}
		for i := range was {
			v = strings.ReplaceAll(v, was[i], is[i])
		}
		return v
	case *string:
		if v == nil {
			return v
		}
		s, _ := other(*v, was, is, made).(string)
		return &s
	case uuid.UUID:
		return otherID(v, was, is, made)
	case [16]byte:
		return otherID(v, was, is, made)
	case []uuid.UUID:
		out := make([]uuid.UUID, len(v))
		for i, id := range v {
			out[i] = otherID(id, was, is, made)
		}
		return out
	}
	return arg
}

// otherID swaps an id of the recorded occasion for that of this one; one that was made just now becomes a new one.
func otherID(id uuid.UUID, was, is []string, made map[uuid.UUID]uuid.UUID) uuid.UUID {
	for i := range was {
		if was[i] == id.String() {
			return uuid.MustParse(is[i])
		}
	}
	sec, _ := id.Time().UnixTime()
	if id.Version() != 7 || time.Since(time.Unix(sec, 0)) > time.Hour {
		return id
	}
	if made[id] == uuid.Nil {
		made[id] = uuid.Must(uuid.NewV7())
	}
	return made[id]
}

func post(ctx context.Context, base, path, cookie string, portal bool, body any, want int, header ...string) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	sign(req, cookie, portal)
	return do(req, want)
}

// submissions are open action points, each of another dossier, with a file of its applicant that waits to be handed in.
func submissions(ctx context.Context, conn *pgx.Conn, s *scene, n int) ([]occasion, error) {
	rows, err := conn.Query(ctx, `WITH wanted AS (SELECT DISTINCT ON (p.dossier_id) p.organisation_id, p.id, p.dossier_id, p.product_id
			FROM action_points p JOIN dossiers d ON d.organisation_id = p.organisation_id AND d.id = p.dossier_id
			WHERE p.organisation_id = $1 AND p.state = 'open' AND p.product_id IS NOT NULL AND d.status = 'open' ORDER BY p.dossier_id, p.id LIMIT $2),
		who AS (SELECT w.*, m.id AS member_id, m.contact_id, pg_temp.id('upload', row_number() OVER ()) AS upload_id
			FROM wanted w JOIN LATERAL (SELECT m.id, m.contact_id FROM dossier_members dm JOIN portal_members m ON m.organisation_id = dm.organisation_id AND m.id = dm.member_id
				WHERE dm.organisation_id = w.organisation_id AND dm.dossier_id = w.dossier_id ORDER BY m.id LIMIT 1) m ON true),
		files AS (INSERT INTO uploads (organisation_id, id, member_id, filename, size, received, media_type, sha256, blob_key, state, created_at, expires_at)
			SELECT organisation_id, upload_id, member_id, 'loonstrook.pdf', 40000, 40000, 'application/pdf', sha256('x'), 'documents/bench/' || id, 'ready', now(), now() + interval '1 day'
			FROM who)
		SELECT id, upload_id, dossier_id, product_id, member_id, contact_id FROM who`, s.organisation, n)
	if err != nil {
		return nil, err
	}
	type subject struct{ Point, Upload, Dossier, Product, Member, Contact uuid.UUID }
	subjects, err := pgx.CollectRows(rows, pgx.RowToStructByPos[subject])
	if err != nil {
		return nil, err
	}
	var out []occasion
	for _, p := range subjects {
		cookie, err := signInMember(ctx, conn, s.organisation, p.Member)
		if err != nil {
			return nil, err
		}
		out = append(out, occasion{
			words: []string{p.Point.String(), p.Upload.String(), p.Dossier.String(), p.Product.String(), p.Member.String(), p.Contact.String()},
			request: func(ctx context.Context, base string) error {
				return post(ctx, base, "/api/v1/portal/action-points/"+p.Point.String()+"/submissions", cookie, true,
					map[string]any{"uploadIds": []string{p.Upload.String()}}, http.StatusCreated, "Idempotency-Key", p.Upload.String())
			},
		})
	}
	return out, nil
}

// approvals are action points that wait for the office.
func approvals(ctx context.Context, conn *pgx.Conn, s *scene, n int) ([]occasion, error) {
	rows, err := conn.Query(ctx, `SELECT p.id FROM action_points p JOIN dossiers d ON d.organisation_id = p.organisation_id AND d.id = p.dossier_id
		WHERE p.organisation_id = $1 AND p.state = 'submitted' AND p.version = 1 AND d.status = 'open' ORDER BY md5(p.id::text) LIMIT $2`, s.organisation, n)
	if err != nil {
		return nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, err
	}
	var out []occasion
	for _, id := range ids {
		out = append(out, occasion{
			words: []string{id.String()},
			request: func(ctx context.Context, base string) error {
				return post(ctx, base, "/api/v1/action-points/"+id.String()+"/approval", s.employee, false, map[string]any{}, http.StatusOK, "If-Match", `"1"`)
			},
		})
	}
	return out, nil
}

// creations are new clients, each with a dossier for two applicants who get a login.
func creations(ctx context.Context, conn *pgx.Conn, s *scene, n int) ([]occasion, error) {
	var adviser uuid.UUID
	if err := conn.QueryRow(ctx, "SELECT pg_temp.id('employee', 12)").Scan(&adviser); err != nil {
		return nil, err
	}
	if s.organisation == uuid.Nil {
		return nil, errors.New("no office")
	}
	var out []occasion
	for i := range n {
		word := fmt.Sprintf("nieuw%07d", i)
		body := map[string]any{
			"client": map[string]any{"name": "Familie " + word, "kind": "household"}, "subject": "het eerste huis", "adviserId": adviser,
			"products": []any{map[string]any{"kind": "mortgage", "name": "Hypotheek"}},
			"applicants": []any{
				map[string]any{"firstName": "Eva", "lastName": "de Wit", "email": word + "@post.example", "username": word + "@post.example"},
				map[string]any{"firstName": "Ruben", "lastName": "Timmer", "username": word + ".ruben"},
			},
			"actionPoints": []any{
				map[string]any{"productIndex": 0, "title": "Loonstrook"}, map[string]any{"productIndex": 0, "title": "Koopovereenkomst"}, map[string]any{"productIndex": 0, "title": "Taxatierapport"},
			},
		}
		out = append(out, occasion{words: []string{word}, request: func(ctx context.Context, base string) error {
			return post(ctx, base, "/api/v1/dossiers", s.employee, false, body, http.StatusCreated, "Idempotency-Key", word)
		}})
	}
	return out, nil
}
