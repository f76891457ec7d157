package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// functions make the data the same each time: an id with the shape of a UUIDv7 for the n-th row of a kind, and dice.
const functions = `
CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex(1750000000000 + n * 100), 12, '0') || '7' || substr(md5(kind || n), 1, 3) || '8' || substr(md5(kind || n), 4, 15))::uuid $$;
CREATE FUNCTION pg_temp.dice(kind text, n bigint, sides int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('x' || substr(md5(kind || n), 1, 7))::bit(28)::int % sides $$;
-- Ten offices, the n-th a tenth smaller share of the work than the one before it (Zipf).
CREATE FUNCTION pg_temp.office(n bigint) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT width_bucket(pg_temp.dice('office', n, 29290) / 10000.0, ARRAY[0, 1, 1.5, 1.8333, 2.0833, 2.2833, 2.45, 2.5929, 2.7179, 2.829]::numeric[]) $$;
`

// offices makes the ten offices and their four employees each.
var base = []string{
	`INSERT INTO organisations (organisation_id, slug, name, next_dossier_number, created_at, updated_at)
		SELECT pg_temp.id('organisation', o), 'kantoor-' || o, 'Kantoor ' || o, 10000000, now(), now() FROM generate_series(1, 10) o`,
	`INSERT INTO employees (organisation_id, id, email, email_folded, first_name, last_name, role, created_at, updated_at)
		SELECT pg_temp.id('organisation', o), pg_temp.id('employee', o * 10 + e), 'e' || e || '@kantoor-' || o || '.example', 'e' || e || '@kantoor-' || o || '.example',
			'Sanne', 'Verhulst', (ARRAY['admin', 'adviser', 'back_office', 'viewer'])[e], now(), now() FROM generate_series(1, 10) o, generate_series(1, 4) e`,
}

// grow makes the dossiers numbered from..to with all that hangs on them; every constraint is checked on the way.
const grow = `
CREATE TEMP TABLE IF NOT EXISTS fresh (n bigint, organisation_id uuid, office int, points int, people int, products int, created timestamptz);
TRUNCATE fresh;
INSERT INTO fresh SELECT n, pg_temp.id('organisation', pg_temp.office(n)), pg_temp.office(n), 5 + pg_temp.dice('points', n, 26), 1 + pg_temp.dice('people', n, 3),
  1 + pg_temp.dice('products', n, 3), timestamptz '2026-01-01' + n * interval '5 minutes' / 2 FROM generate_series($from::bigint, $to::bigint) n;
INSERT INTO clients (organisation_id, id, name, created_at, updated_at)
  SELECT organisation_id, pg_temp.id('client', n), 'Klant ' || substr(md5('name' || n), 1, 8), created, created FROM fresh;
INSERT INTO contacts (organisation_id, id, client_id, first_name, last_name, email, created_at, updated_at)
  SELECT organisation_id, pg_temp.id('contact', n * 4 + p), pg_temp.id('client', n), 'Eva', 'de Wit ' || p, 'k' || n || '.' || p || '@post.example', created, created
  FROM fresh, generate_series(1, people) p;
INSERT INTO dossiers (organisation_id, id, client_id, reference, name, status, phase, owner_id, adviser_id, case_handler_id, created_at, updated_at, activity_at)
  SELECT organisation_id, pg_temp.id('dossier', n), pg_temp.id('client', n), 'D-2026-' || n, 'Klant ' || substr(md5('name' || n), 1, 8),
    CASE WHEN pg_temp.dice('closed', n, 4) = 0 THEN 'closed' ELSE 'open' END, (ARRAY['intake', 'collecting', 'advice', 'application', 'notary'])[1 + pg_temp.dice('phase', n, 5)],
    pg_temp.id('employee', office * 10 + 2), pg_temp.id('employee', office * 10 + 2), pg_temp.id('employee', office * 10 + 3), created, created, created FROM fresh;
INSERT INTO applicants (organisation_id, id, dossier_id, contact_id, position)
  SELECT organisation_id, pg_temp.id('applicant', n * 4 + p), pg_temp.id('dossier', n), pg_temp.id('contact', n * 4 + p), p FROM fresh, generate_series(1, people) p;
INSERT INTO portal_members (organisation_id, id, client_id, contact_id, username, username_folded, permissions, password_hash, created_at, updated_at)
  SELECT organisation_id, pg_temp.id('member', n * 4 + p), pg_temp.id('client', n), pg_temp.id('contact', n * 4 + p), 'k' || n || '.' || p, 'k' || n || '.' || p,
    ARRAY['portal.dossier:read', 'portal.document:read', 'portal.submission:create', 'portal.me'], 'none', created, created FROM fresh, generate_series(1, people) p;
INSERT INTO dossier_members (organisation_id, dossier_id, member_id)
  SELECT organisation_id, pg_temp.id('dossier', n), pg_temp.id('member', n * 4 + p) FROM fresh, generate_series(1, people) p;
INSERT INTO products (organisation_id, id, dossier_id, kind, name, position, created_at, updated_at)
  SELECT organisation_id, pg_temp.id('product', n * 4 + p), pg_temp.id('dossier', n), (ARRAY['mortgage', 'home_insurance', 'pension'])[p],
    (ARRAY['Hypotheek', 'Woonverzekering', 'Pensioen'])[p], p, created, created FROM fresh, generate_series(1, products) p;
CREATE TEMP TABLE IF NOT EXISTS points (n bigint, a bigint, organisation_id uuid, state text, created timestamptz, product bigint);
TRUNCATE points;
INSERT INTO points SELECT n, n * 32 + i, organisation_id, (ARRAY['open', 'open', 'open', 'submitted', 'approved', 'approved', 'approved', 'rejected'])[1 + pg_temp.dice('state', n * 32 + i, 8)],
  created, n * 4 + 1 + i % products FROM fresh, generate_series(1, points) i;
INSERT INTO action_points (organisation_id, id, dossier_id, product_id, title, explanation, state, submitted_at, decided_at, due_on, created_at, updated_at)
  SELECT organisation_id, pg_temp.id('point', a), pg_temp.id('dossier', n), pg_temp.id('product', product), 'Loonstrook van de laatste maand', 'Alle bladzijden, niet ouder dan twee maanden.', state,
    CASE WHEN state <> 'open' THEN created END, CASE WHEN state IN ('approved', 'rejected') THEN created END, (created + interval '30 days')::date, created, created FROM points;
INSERT INTO submissions (organisation_id, id, dossier_id, action_point_id, round, member_id, contact_id, verdict, created_at)
  SELECT organisation_id, pg_temp.id('submission', a), pg_temp.id('dossier', n), pg_temp.id('point', a), 1, pg_temp.id('member', n * 4 + 1), pg_temp.id('contact', n * 4 + 1),
    CASE WHEN state IN ('approved', 'rejected') THEN state END, created FROM points WHERE state <> 'open';
INSERT INTO documents (organisation_id, id, dossier_id, product_id, action_point_id, submission_id, handed_in_by, title, origin, visible, filename, media_type, size, sha256, created_at, updated_at)
  SELECT organisation_id, pg_temp.id('document', a * 4 + d), pg_temp.id('dossier', n), pg_temp.id('product', product), pg_temp.id('point', a), pg_temp.id('submission', a), pg_temp.id('member', n * 4 + 1), 'Loonstrook', 'customer', true, 'loonstrook.pdf', 'application/pdf', 40000, sha256('x'), created, created
  FROM points, generate_series(1, 1 + pg_temp.dice('documents', a, 3)) d WHERE state <> 'open';
INSERT INTO document_versions (organisation_id, document_id, number, dossier_id, filename, media_type, size, sha256, blob_key, uploaded_by_member, created_at)
  SELECT organisation_id, pg_temp.id('document', a * 4 + d), 1, pg_temp.id('dossier', n), 'loonstrook.pdf', 'application/pdf', 40000, sha256('x'), 'documents/bench', pg_temp.id('member', n * 4 + 1), created
  FROM points, generate_series(1, 1 + pg_temp.dice('documents', a, 3)) d WHERE state <> 'open';
-- As many links as this in one transaction is not what the chain is made for: it is laid here, unlinked, and its ends moved.
ALTER TABLE audit_events DISABLE TRIGGER chain;
INSERT INTO audit_events (organisation_id, seq, id, name, actor_kind, actor_id, subject, dossier_id, data, at, hash)
  SELECT organisation_id, h.seq + row_number() OVER (PARTITION BY organisation_id ORDER BY a), pg_temp.id('event', a), 'action_point.created', 'employee', pg_temp.id('point', a),
    pg_temp.id('point', a), pg_temp.id('dossier', n), 'forty bytes or so of what nobody can read', created, h.hash FROM points JOIN audit_heads h USING (organisation_id);
INSERT INTO audit_keys (organisation_id, seq, key) SELECT e.organisation_id, e.seq, sha256('x') || sha256('y') FROM audit_events e JOIN audit_heads h USING (organisation_id) WHERE e.seq > h.seq;
UPDATE audit_heads h SET seq = e.seq FROM (SELECT organisation_id, max(seq) AS seq FROM audit_events GROUP BY 1) e WHERE e.organisation_id = h.organisation_id;
ALTER TABLE audit_events ENABLE TRIGGER chain;
`

// data is the database of one run, and who is signed in to it.
type data struct {
	conn     *pgx.Conn
	dossiers int
	points   int
}

func (d *data) prepare(ctx context.Context) error {
	if _, err := d.conn.Exec(ctx, functions); err != nil {
		return err
	}
	for _, statement := range base {
		if _, err := d.conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// growTo adds dossiers until there are about so many action points.
func (d *data) growTo(ctx context.Context, points int) error {
	const average = 17.5
	const step = 5000
	for want := int(float64(points) / average); d.dossiers < want; {
		from, to := d.dossiers+1, min(d.dossiers+step, want)
		if err := d.script(ctx, grow, from, to); err != nil {
			return err
		}
		d.dossiers = to
	}
	if _, err := d.conn.Exec(ctx, "VACUUM ANALYZE"); err != nil {
		return err
	}
	return d.conn.QueryRow(ctx, "SELECT count(*) FROM action_points").Scan(&d.points)
}

// script makes the rows numbered from..to, all of them or none.
func (d *data) script(ctx context.Context, text string, from, to int) error {
	text = strings.NewReplacer("$from", strconv.Itoa(from), "$to", strconv.Itoa(to)).Replace(text)
	_, err := d.conn.Exec(ctx, "BEGIN; "+text+" COMMIT")
	return err
}

// place is a dossier with the session of the member who opens it.
type place struct {
	dossier uuid.UUID
	member  uuid.UUID
	cookie  string
}

// scene is what requests are made of: dossiers of the largest office, and the session of an employee there.
type scene struct {
	organisation uuid.UUID
	employee     string
	places       []place
}

// token has the form of a session token.
func token(who string) string {
	sum := sha256.Sum256([]byte("bench " + who))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

const insertSession = `INSERT INTO sessions (organisation_id, id, token_hash, audience, employee_id, member_id, stage, created_at, last_seen_at, verified_at, expires_at)
	VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, 'full', now(), now(), now(), now() + interval '12 hours') ON CONFLICT (token_hash) DO UPDATE SET last_seen_at = now()`

func hash(token string) []byte { sum := sha256.Sum256([]byte(token)); return sum[:] }

func signInMember(ctx context.Context, conn *pgx.Conn, organisation, member uuid.UUID) (string, error) {
	cookie := token(member.String())
	_, err := conn.Exec(ctx, insertSession, organisation, hash(cookie), "portal", nil, member)
	return cookie, err
}

// signIn makes the sessions; their tokens are as good as those of a login.
func (d *data) signIn(ctx context.Context, many int) (*scene, error) {
	s := &scene{employee: token("employee")}
	if err := d.conn.QueryRow(ctx, "SELECT pg_temp.id('organisation', 1)").Scan(&s.organisation); err != nil {
		return nil, err
	}
	var employee uuid.UUID
	if err := d.conn.QueryRow(ctx, "SELECT pg_temp.id('employee', 12)").Scan(&employee); err != nil {
		return nil, err
	}
	if _, err := d.conn.Exec(ctx, insertSession, s.organisation, hash(s.employee), "office", employee, nil); err != nil {
		return nil, err
	}
	rows, err := d.conn.Query(ctx, `SELECT x.id, m.member_id FROM (SELECT id FROM dossiers WHERE organisation_id = $1 AND status = 'open' ORDER BY md5(id::text) LIMIT $2) x
		JOIN LATERAL (SELECT member_id FROM dossier_members m WHERE m.organisation_id = $1 AND m.dossier_id = x.id ORDER BY member_id LIMIT 1) m ON true`, s.organisation, many)
	if err != nil {
		return nil, err
	}
	type pair struct{ Dossier, Member uuid.UUID }
	pairs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[pair])
	if err != nil {
		return nil, err
	}
	for _, p := range pairs {
		cookie, err := signInMember(ctx, d.conn, s.organisation, p.Member)
		if err != nil {
			return nil, err
		}
		s.places = append(s.places, place{p.Dossier, p.Member, cookie})
	}
	return s, nil
}
