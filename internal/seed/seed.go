// Package seed fills an empty database with the demo: two offices, forty dossiers in every state, logins for everybody.
// What it makes is the same each time, but for the moments, which count back from now. It writes rows itself, as the
// owner of the tables, because what it tells happened in the past; the rules of the domains decide what may have happened.
package seed

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/actionpoint"
	"voordeur/internal/authz"
	"voordeur/internal/blobstore"
	"voordeur/internal/db"
	"voordeur/internal/sealed"
	"voordeur/internal/signin"
)

// employeePassword is the one of every employee in the demo; the second factor tells them apart.
//
//nolint:gosec // printed at every start of the demo
const employeePassword = "voordeur-demo-kantoor"

// Seeder makes the demo.
type Seeder struct {
	Conn      *pgx.Conn // as the owner of the tables
	Blobs     *blobstore.Store
	Key       sealed.Key
	Hash      func(ctx context.Context, password string) (string, error)
	PortalURL string
	OfficeURL string
	MailURL   string
	DataDir   string // where demo.json goes
	Now       func() time.Time
	Log       *slog.Logger
}

// Demo is what demo.json holds: where everything is, and how to get in.
type Demo struct {
	PortalURL string     `json:"portalUrl"`
	OfficeURL string     `json:"officeUrl"`
	MailURL   string     `json:"mailUrl"`
	Employees []Employee `json:"employees"`
	Customers []Customer `json:"customers"`
	Links     []Link     `json:"links"`
}

// Employee is the login of an employee.
type Employee struct {
	Office     string `json:"office"`
	Name       string `json:"name"`
	Role       string `json:"role"`
	Email      string `json:"email"`
	Password   string `json:"password"`
	TOTPSecret string `json:"totpSecret"`
}

// Customer is the login of a customer.
type Customer struct {
	Office   string `json:"office"`
	Name     string `json:"name"`
	Dossier  string `json:"dossier"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// Link is a personal link to set a password, as it would stand in a mail.
type Link struct {
	Office   string `json:"office"`
	Username string `json:"username"`
	State    string `json:"state"`
	URL      string `json:"url"`
}

// Path is where Run leaves the logins.
func Path(dataDir string) string { return filepath.Join(dataDir, "demo.json") }

// Run makes the offices that are not there yet and writes demo.json when it made one. It can be called at every start.
func (s *Seeder) Run(ctx context.Context) (*Demo, error) {
	demo := &Demo{PortalURL: s.PortalURL, OfficeURL: s.OfficeURL, MailURL: s.MailURL}
	made := 0
	for _, o := range offices {
		var there bool
		if err := s.Conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM organisations WHERE slug = $1)", o.slug).Scan(&there); err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
		w := s.writer(o)
		if err := w.plan(ctx, !there); err != nil {
			return nil, fmt.Errorf("seed: %s: %w", o.slug, err)
		}
		demo.Employees = append(demo.Employees, w.employeeLogins...)
		demo.Customers = append(demo.Customers, w.customerLogins...)
		demo.Links = append(demo.Links, w.links...)
		if there {
			continue
		}
		if err := w.commit(ctx); err != nil {
			return nil, fmt.Errorf("seed: %s: %w", o.slug, err)
		}
		made++
		s.Log.InfoContext(ctx, "demo office made", "office", o.slug, "dossiers", len(o.dossiers), "documents", len(w.files))
	}
	if made == 0 {
		// The links of an earlier run are told by the file it left; only the addresses may have moved since.
		if old, err := read(s.DataDir); err == nil {
			demo.Links = old.Links
		} else {
			demo.Links = nil
		}
	}
	return demo, write(s.DataDir, demo)
}

func read(dataDir string) (*Demo, error) {
	raw, err := os.ReadFile(Path(dataDir))
	if err != nil {
		return nil, err
	}
	d := &Demo{}
	return d, json.Unmarshal(raw, d)
}

func write(dataDir string, d *Demo) error {
	raw, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return err
	}
	// Beside it and renamed: who waits for the file never reads half of it.
	tmp := Path(dataDir) + ".new"
	if err := os.WriteFile(tmp, append(raw, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, Path(dataDir))
}

// totpSecret is the second factor of an employee of the demo: known to everybody who reads this, like the password.
func totpSecret(email string) string {
	sum := sha256.Sum256([]byte("voordeur demo totp " + email))
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20])
}

// writer collects one office.
type writer struct {
	*Seeder
	office
	dice  *rand.Rand
	now   time.Time
	id    uuid.UUID // of the organisation
	batch *pgx.Batch
	files []blob
	trail []entry

	staff          map[string]uuid.UUID // by role
	customerHash   string
	employeeLogins []Employee
	customerLogins []Customer
	links          []Link
}

// entry is something that happened.
type entry struct {
	id             uuid.UUID
	name           string
	kind           authz.Kind
	actor, subject uuid.UUID
	dossier        uuid.UUID
	data           map[string]any
	at             time.Time
}

// tell writes the trail of the office in the order in which it happened, as the door would have.
func (w *writer) tell() error {
	slices.SortStableFunc(w.trail, func(a, b entry) int { return a.at.Compare(b.at) })
	vault := sealed.NewVault(w.Key)
	for _, e := range w.trail {
		box, key, err := db.LockEvent(vault, w.id, e.id, e.data)
		if err != nil {
			return err
		}
		w.batch.Queue(`WITH e AS (INSERT INTO audit_events (id, name, actor_kind, actor_id, subject, dossier_id, data, at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING seq)
			INSERT INTO audit_keys (seq, key) SELECT e.seq, $9::bytea FROM e WHERE $9::bytea IS NOT NULL`,
			e.id, e.name, string(e.kind), e.actor, e.subject, e.dossier, box, e.at, key)
	}
	return nil
}

type blob struct {
	key   string
	bytes []byte
}

func (s *Seeder) writer(o office) *writer {
	return &writer{
		Seeder: s, office: o, now: s.Now(), batch: &pgx.Batch{}, staff: map[string]uuid.UUID{},
		//nolint:gosec // a demo that is the same each time needs dice that are
		dice: rand.New(rand.NewChaCha8(sha256.Sum256([]byte("voordeur demo " + o.slug)))),
	}
}

// uuidAt is a UUIDv7 of a moment in the past, so that rows sort as if they had been made then.
func (w *writer) uuidAt(at time.Time) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|w.dice.Uint64()>>48)
	binary.BigEndian.PutUint64(id[8:], w.dice.Uint64())
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// plan works out the whole office; with rows it also hashes the passwords, which takes a moment.
func (w *writer) plan(ctx context.Context, rows bool) error {
	var employeeHash string
	if rows {
		var err error
		if employeeHash, err = w.Hash(ctx, employeePassword); err != nil {
			return err
		}
		if w.customerHash, err = w.Hash(ctx, w.password); err != nil {
			return err
		}
	}
	start := w.now.AddDate(0, -8, 0)
	w.id = w.uuidAt(start)
	next := 0
	for _, d := range w.dossiers {
		next = max(next, d.number+1)
	}
	w.batch.Queue("SELECT set_config('app.organisation', $1, true)", w.id.String())
	w.batch.Queue(`INSERT INTO organisations (organisation_id, slug, name, tagline, brand_colour, welcome_title, welcome_text, form_of_address, email, phone,
		opening_hours, next_dossier_number, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
		w.id, w.slug, w.name, w.tagline, w.colour, w.welcomeTitle, w.welcomeText, w.address, w.email, w.phone, w.hours, next, start)
	for _, c := range w.employees {
		id := w.uuidAt(start.Add(time.Hour))
		w.staff[c.role] = id
		secret := totpSecret(c.email)
		box := sealed.Seal(w.Key, signin.TOTPPlace(id), []byte(secret))
		w.batch.Queue(`INSERT INTO employees (id, email, email_folded, first_name, last_name, job_title, phone, role, password_hash, totp_secret, created_at, updated_at)
			VALUES ($1, $2, lower($2), $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
			id, c.email, c.first, c.last, c.title, c.phone, c.role, employeeHash, box, start)
		w.employeeLogins = append(w.employeeLogins, Employee{w.slug, c.first + " " + c.last, c.role, c.email, employeePassword, secret})
	}
	actionpoint.QueueTemplates(w.batch)
	for _, f := range w.dossiers {
		if err := w.dossier(f); err != nil {
			return fmt.Errorf("%s: %w", f.client, err)
		}
	}
	return w.tell()
}

// commit stores the files, then the rows that name them, in one transaction.
func (w *writer) commit(ctx context.Context) error {
	for _, b := range w.files {
		if err := w.store(ctx, b); err != nil {
			return err
		}
	}
	return pgx.BeginFunc(ctx, w.Conn, func(tx pgx.Tx) error { return tx.SendBatch(ctx, w.batch).Close() })
}

func (w *writer) store(ctx context.Context, b blob) error {
	out, err := w.Blobs.Create(ctx, b.key)
	if err != nil {
		return err
	}
	if _, err := out.Write(b.bytes); err != nil {
		out.Discard()
		return err
	}
	return out.Commit()
}

// link is the address in a mail for a link's id, and the hash of its token.
func (w *writer) link(id uuid.UUID) (string, []byte) {
	token := sealed.Token(w.Key, "password-link", id.String())
	sum := sha256.Sum256(token[:])
	return w.PortalURL + "/" + w.slug + "/activate#" + signin.LinkToken(w.Key, id), sum[:]
}
