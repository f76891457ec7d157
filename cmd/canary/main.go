// Command canary looks for the secrets that the browser journeys used in every place where none may be (K2): the log of the server,
// the captured mail, refusals, and all that the database holds.
//
//	go run ./cmd/canary -data DIR -found DIR -log FILE
//
// It prints where each one was found, without showing it, and fails if there was any.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"voordeur/internal/embeddedpg"
)

func main() {
	data := flag.String("data", "", "the data folder of the server, which runs")
	found := flag.String("found", "", "the folder with secrets.ndjson and problems.ndjson, which the journeys wrote")
	log := flag.String("log", "", "the log of the server")
	flag.Parse()
	if err := run(context.Background(), *data, *found, *log); err != nil {
		fmt.Fprintln(os.Stderr, "canary:", err)
		os.Exit(1)
	}
}

// secret is one thing that a journey typed, was shown or kept.
type secret struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`

	words [][]byte // how it can be written down; none: it is too short to be told from other text
	code  *regexp.Regexp
}

// fewest of each kind must have been seen: a journey that registers nothing would find nothing.
var fewest = map[string]int{"password": 3, "code": 3, "recovery": 2, "link": 3, "secret": 2, "session": 10}

const shortest = 10 // a wrong password like "kort" is a word of many texts

// spell fills in how the secret could be written.
func (s *secret) spell() {
	if s.Kind == "code" { // six digits are part of many numbers: they count where they stand alone, as text
		digits := strings.ReplaceAll(s.Value, " ", "")
		if strings.Trim(digits, "0") != "" {
			s.code = regexp.MustCompile(`(code\W{1,4}|["'\s=:/])` + digits + `["'\s&]`)
		}
		return
	}
	if len(s.Value) < shortest {
		return
	}
	add := func(b []byte) { s.words = append(s.words, b, []byte(hex.EncodeToString(b))) }
	add([]byte(s.Value))
	quoted, err := json.Marshal(s.Value)
	if err == nil && string(quoted) != `"`+s.Value+`"` {
		s.words = append(s.words, quoted[1:len(quoted)-1])
	}
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(s.Value))
	if raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(plain); err == nil && len(raw) >= shortest {
		s.words = append(s.words, []byte(plain), []byte(hex.EncodeToString(raw)))
	}
	if raw, err := base64.RawURLEncoding.DecodeString(s.Value); err == nil && len(raw) >= 16 && s.Kind != "password" {
		s.words = append(s.words, []byte(hex.EncodeToString(raw)))
	}
}

func (s *secret) in(text []byte) bool {
	if s.code != nil {
		return s.code.Match(text)
	}
	for _, w := range s.words {
		if bytes.Contains(text, w) {
			return true
		}
	}
	return false
}

type scan struct {
	secrets []secret
	seen    map[string]bool
	hits    []string
	looked  map[string]int
}

// look searches one piece of text of a place.
func (c *scan) look(place, where string, text []byte, may func(*secret) bool) {
	c.looked[place] += len(text)
	for i := range c.secrets {
		s := &c.secrets[i]
		if !s.in(text) || may != nil && may(s) {
			continue
		}
		hit := fmt.Sprintf("%s: %s (%s…, %d characters)", where, s.Kind, s.Value[:min(3, len(s.Value))], len(s.Value))
		if !c.seen[hit] {
			c.seen[hit] = true
			c.hits = append(c.hits, hit)
		}
	}
}

func run(ctx context.Context, data, found, log string) error {
	c := &scan{seen: map[string]bool{}, looked: map[string]int{}}
	kinds, err := c.read(filepath.Join(found, "secrets.ndjson"))
	if err != nil {
		return err
	}
	demo, err := os.ReadFile(filepath.Join(data, "demo.json")) //nolint:gosec // whoever runs it says where
	if err != nil {
		return err
	}
	// The welcome of a demo prints its logins; it is no line of the log.
	welcome := func(s *secret) bool { return bytes.Contains(demo, []byte(s.Value)) || s.code != nil }
	err = lines(log, func(n int, line []byte) {
		may := welcome
		if bytes.HasPrefix(line, []byte("{")) {
			may = nil
		}
		c.look("log", fmt.Sprintf("the log, line %d", n), line, may)
	})
	if err != nil {
		return err
	}
	err = lines(filepath.Join(found, "problems.ndjson"), func(_ int, line []byte) {
		var p struct {
			Code     string `json:"code"`
			Instance string `json:"instance"`
		}
		_ = json.Unmarshal(line, &p)
		c.look("refusals", "the refusal "+p.Code+" of "+p.Instance, line, nil)
	})
	if err != nil {
		return err
	}
	if err := c.mail(ctx, demo); err != nil {
		return err
	}
	if err := c.database(ctx, data); err != nil {
		return err
	}
	fmt.Printf("%d secrets (%v) looked for in %v bytes\n", len(c.secrets), kinds, c.looked)
	for _, place := range []string{"log", "refusals", "mail", "database"} {
		if c.looked[place] == 0 && !part() {
			return fmt.Errorf("there was nothing to read of the %s", place)
		}
	}
	if len(c.hits) > 0 {
		return fmt.Errorf("%d secrets where none may be:\n  %s", len(c.hits), strings.Join(c.hits, "\n  "))
	}
	fmt.Println("0 found")
	return nil
}

func (c *scan) read(path string) (map[string]int, error) {
	kinds := map[string]int{}
	err := lines(path, func(_ int, line []byte) {
		var s secret
		if json.Unmarshal(line, &s) != nil || s.Value == "" {
			return
		}
		s.spell()
		kinds[s.Kind]++
		c.secrets = append(c.secrets, s)
	})
	for kind, n := range fewest {
		if err == nil && kinds[kind] < n && !part() {
			err = fmt.Errorf("the journeys registered %d of kind %s, want at least %d", kinds[kind], kind, n)
		}
	}
	return kinds, err
}

// part: only some journeys ran, which need not use a secret of every kind, nor get mail.
func part() bool { return os.Getenv("VOORDEUR_CANARY_PART") != "" }

func lines(path string, each func(n int, line []byte)) error {
	f, err := os.Open(path) //nolint:gosec // whoever runs it says where
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReader(f)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			each(n, line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// mail reads what was captured. A link, and a code to log in with, stand in the message that brings them, and nothing else does.
func (c *scan) mail(ctx context.Context, demo []byte) error {
	var at struct {
		MailURL string `json:"mailUrl"`
	}
	if err := json.Unmarshal(demo, &at); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.MailURL+"/api/messages", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	var all []json.RawMessage
	if err := json.NewDecoder(res.Body).Decode(&all); err != nil {
		return err
	}
	for _, raw := range all {
		var m struct {
			Subject string `json:"subject"`
		}
		_ = json.Unmarshal(raw, &m)
		c.look("mail", "the message “"+m.Subject+"”", raw, func(s *secret) bool { return s.Kind == "link" || s.Kind == "code" })
	}
	return nil
}

// database reads every row of every table.
func (c *scan) database(ctx context.Context, data string) error {
	server, err := embeddedpg.Start(ctx, embeddedpg.Config{
		Dir: filepath.Join(data, "postgres"), BinDir: os.Getenv("VOORDEUR_PG_BIN"), NodeModules: "deployments/postgres/node_modules", Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	defer func() { _ = server.Stop() }() // it is the journeys' server: this lets go of it
	conn, err := pgx.Connect(ctx, server.DSN("postgres", "voordeur"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, `SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
		AND relnamespace::regnamespace::text NOT LIKE 'pg_toast%' ORDER BY 1`)
	if err != nil {
		return err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, table := range tables {
		// As JSON, so that text stands between quotes and a number does not: regclass has quoted the name.
		rows, err := conn.Query(ctx, `SELECT to_jsonb(t)::text FROM `+table+` t`)
		if err != nil {
			return err
		}
		for rows.Next() {
			var row []byte
			if err := rows.Scan(&row); err != nil {
				return err
			}
			c.look("database", "the table "+table, row, nil)
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}
