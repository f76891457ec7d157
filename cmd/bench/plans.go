package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// node is what EXPLAIN says about one step.
type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Took     float64 `json:"Actual Total Time"` // ms
	Loops    float64 `json:"Actual Loops"`
	Removed  float64 `json:"Rows Removed by Filter"`
	Plans    []node  `json:"Plans"`
}

// large is from how many rows on a table may not be read from its beginning to its end.
const large = 5000

// plans returns what a read does other than by index: every sequential scan of a large table, and every step that throws away
// more rows than a page of a list can hold. The statements run as who reads, under row-level security.
func plans(ctx context.Context, conn *pgx.Conn, s *scene, what read, p place, script []statement) ([]string, error) {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	role, member := "voordeur_employee", ""
	if what.portal {
		role, member = "voordeur_member", p.member.String()
	}
	sizes, err := tableSizes(ctx, tx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `SELECT set_config('app.organisation', $1, true), set_config('app.member', $2, true), set_config('app.permission', $3, true),
		set_config('role', $4, true)`, s.organisation.String(), member, what.need, role); err != nil {
		return nil, err
	}
	if what.portal {
		if _, err := tx.Exec(ctx, "SELECT app.look_around()"); err != nil {
			return nil, err
		}
	}
	var bad []string
	complain := func(n node, sql string) {
		bad = append(bad, fmt.Sprintf("%s: %s on %s, %.0f rows thrown away, in %.60s", what.name, n.Type, n.Relation, n.Removed, strings.Join(strings.Fields(sql), " ")))
	}
	for _, st := range script {
		if strings.Contains(st.sql, "set_config") || strings.Contains(st.sql, "app.look_around") { // who acts, in the same round trip
			continue
		}
		var raw []byte
		if err := tx.QueryRow(ctx, "EXPLAIN (ANALYZE, FORMAT JSON) "+st.sql, st.args...).Scan(&raw); err != nil {
			return nil, fmt.Errorf("explain %.200s: %w", st.sql, err)
		}
		var out []struct {
			Plan          node    `json:"Plan"`
			PlanningTime  float64 `json:"Planning Time"`
			ExecutionTime float64 `json:"Execution Time"`
		}
		if err := json.Unmarshal(raw, &out); err != nil {
			return nil, err
		}
		var walk func(n node)
		walk = func(n node) {
			if n.Type == "Seq Scan" && sizes[n.Relation] >= large || n.Removed*max(n.Loops, 1) > large {
				complain(n, st.sql)
			}
			for _, child := range n.Plans {
				walk(child)
			}
		}
		walk(out[0].Plan)
		// The product runs the plan that suits every value.
		generic, err := tx.Conn().PgConn().Exec(ctx, "EXPLAIN (GENERIC_PLAN, FORMAT JSON) "+st.sql).ReadAll()
		if err != nil {
			return nil, fmt.Errorf("explain %.200s: %w", st.sql, err)
		}
		raw = generic[0].Rows[0][0]
		if err := json.Unmarshal(raw, &out); err != nil {
			return nil, err
		}
		walk(out[0].Plan)
		if os.Getenv("BENCH_PLANS") != "" {
			fmt.Printf("    %6.2f ms planning %6.2f ms execution  %.100s\n", out[0].PlanningTime, out[0].ExecutionTime, strings.Join(strings.Fields(st.sql), " "))
			if time.Duration(out[0].ExecutionTime*1e6) > 2*time.Millisecond {
				var text strings.Builder
				rows, err := tx.Query(ctx, "EXPLAIN (ANALYZE, BUFFERS) "+st.sql, st.args...)
				if err != nil {
					return nil, err
				}
				var line string
				if _, err := pgx.ForEachRow(rows, []any{&line}, func() error { text.WriteString("        " + line + "\n"); return nil }); err != nil {
					return nil, err
				}
				fmt.Print(text.String())
			}
		}
	}
	return bad, nil
}

func tableSizes(ctx context.Context, tx pgx.Tx) (map[string]float64, error) {
	rows, err := tx.Query(ctx, `SELECT relname, reltuples FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`)
	if err != nil {
		return nil, err
	}
	sizes := map[string]float64{}
	var name string
	var n float64
	_, err = pgx.ForEachRow(rows, []any{&name, &n}, func() error { sizes[name] = n; return nil })
	return sizes, err
}
