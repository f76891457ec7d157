package actionpoint

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"voordeur/internal/db"
	"voordeur/internal/dossier"
	"voordeur/internal/fault"
)

// Detail is an action point with the names around it and everything that was handed in, newest round first.
type Detail struct {
	ActionPoint
	DossierName       string
	DossierReference  string
	ProductName       string
	ForFirstName      string
	ForLastName       string
	ReasonByFirstName string // of the employee, or the name of the office where a program of its own did it
	ReasonProgram     string // the name of the program that gave the reason
	Submissions       []SubmissionDetail
}

// SubmissionDetail is a submission with its files and the names around it.
type SubmissionDetail struct {
	ID                 uuid.UUID   `json:"id"`
	Round              int         `json:"round"`
	MemberID           uuid.UUID   `json:"memberId"`
	ByFirstName        string      `json:"byFirstName"`
	ByLastName         string      `json:"byLastName"`
	Remark             string      `json:"remark"`
	CreatedAt          time.Time   `json:"createdAt"`
	Verdict            *Verdict    `json:"verdict"`
	VerdictCode        *ReasonCode `json:"verdictCode"`
	VerdictReason      string      `json:"verdictReason"`
	VerdictByFirstName string      `json:"verdictByFirstName"`
	VerdictProgram     string      `json:"verdictProgram"`
	VerdictAt          *time.Time  `json:"verdictAt"`
	Files              []File      `json:"files"`
}

// File is a document of a submission.
type File struct {
	DocumentID uuid.UUID `json:"documentId"`
	Filename   string    `json:"filename"`
	MediaType  string    `json:"mediaType"`
	Size       int64     `json:"size"`
	SHA256     []byte    `json:"sha256"`
}

const columns = `a.id, a.dossier_id, a.product_id, a.kind, a.title, a.explanation, a.for_contact_id, a.due_on, a.state, a.round, a.reason_code,
	a.reason, a.reason_by, a.reason_by_program, a.reason_at, a.submitted_at, a.decided_at, a.version, a.created_at, a.updated_at`

// DetailSQL reads action points as Detail; a condition on a (action points) and d (dossiers) follows it. The submissions
// travel as JSON, so that any number of action points is one query. What was withdrawn is not among them; what the
// reader may not see, row-level security leaves out.
const DetailSQL = `SELECT ` + columns + `, d.name AS dossier_name, d.reference AS dossier_reference, coalesce(p.name, '') AS product_name,` + handed + `
	FROM action_points a
	JOIN dossiers d ON d.organisation_id = a.organisation_id AND d.id = a.dossier_id
	LEFT JOIN products p ON p.organisation_id = a.organisation_id AND p.id = a.product_id` + people + `
	WHERE a.organisation_id = app.organisation() AND `

// WithinDossierSQL is DetailSQL for who has the dossier and its products already: their names stay empty.
const WithinDossierSQL = `SELECT ` + columns + `, '' AS dossier_name, '' AS dossier_reference, '' AS product_name,` + handed + `
	FROM action_points a` + people + `
	WHERE a.organisation_id = app.organisation() AND `

const people = `
	LEFT JOIN contacts f ON f.organisation_id = a.organisation_id AND f.id = a.for_contact_id`

const handed = `
	coalesce(f.first_name, '') AS for_first_name, coalesce(f.last_name, '') AS for_last_name, coalesce(CASE WHEN a.reason_by IS NOT NULL THEN (SELECT e.first_name FROM employees e
		WHERE e.organisation_id = a.organisation_id AND e.id = a.reason_by) WHEN a.reason_by_program IS NOT NULL THEN (SELECT o.name FROM organisations o
		WHERE o.organisation_id = a.organisation_id) END, '') AS reason_by_first_name,
	coalesce(CASE WHEN a.reason_by_program IS NOT NULL THEN (SELECT g.name FROM api_clients g
		WHERE g.organisation_id = a.organisation_id AND g.id = a.reason_by_program) END, '') AS reason_program,
	coalesce((SELECT json_agg(json_build_object('id', s.id, 'round', s.round, 'memberId', s.member_id, 'byFirstName', c.first_name, 'byLastName', c.last_name,
			'remark', s.remark, 'createdAt', s.created_at, 'verdict', s.verdict, 'verdictCode', s.verdict_code, 'verdictReason', s.verdict_reason,
			'verdictByFirstName', coalesce(j.first_name, CASE WHEN s.verdict_by_program IS NOT NULL THEN (SELECT o.name FROM organisations o
				WHERE o.organisation_id = s.organisation_id) END, ''), 'verdictProgram', coalesce(CASE WHEN s.verdict_by_program IS NOT NULL THEN (SELECT g.name FROM api_clients g
				WHERE g.organisation_id = s.organisation_id AND g.id = s.verdict_by_program) END, ''), 'verdictAt', s.verdict_at,
			'files', coalesce((SELECT json_agg(json_build_object('documentId', o.id, 'filename', o.filename, 'mediaType', o.media_type,
					'size', o.size, 'sha256', encode(o.sha256, 'base64')) ORDER BY o.id)
				FROM documents o
				WHERE o.organisation_id = s.organisation_id AND o.submission_id = s.id AND o.archived_at IS NULL), '[]')) ORDER BY s.round DESC)
		FROM submissions s
		JOIN contacts c ON c.organisation_id = s.organisation_id AND c.id = s.contact_id
		LEFT JOIN employees j ON j.organisation_id = s.organisation_id AND j.id = s.verdict_by
		WHERE s.organisation_id = a.organisation_id AND s.action_point_id = a.id AND s.withdrawn_at IS NULL), '[]') AS submissions`

// Collect reads the rows of DetailSQL.
func Collect(rows pgx.Rows) ([]Detail, error) {
	details, err := pgx.CollectRows(rows, pgx.RowToStructByName[Detail])
	if err != nil {
		return nil, err
	}
	for i := range details {
		for j := range details[i].Submissions {
			s := &details[i].Submissions[j]
			s.CreatedAt = s.CreatedAt.UTC()
			if s.VerdictAt != nil {
				at := s.VerdictAt.UTC()
				s.VerdictAt = &at
			}
		}
	}
	return details, nil
}

func detailsInto(out *[]Detail) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		all, err := Collect(rows)
		*out = all
		return err
	}
}

func details(tx *db.Tx, condition string, args ...any) ([]Detail, error) {
	rows, err := tx.Query(DetailSQL+condition, args...)
	if err != nil {
		return nil, err
	}
	return Collect(rows)
}

// Find returns one action point with everything around it, or db.ErrNotFound.
func Find(tx *db.Tx, id uuid.UUID) (Detail, error) {
	ds, err := details(tx, `a.id = $1`, id)
	if err != nil {
		return Detail{}, err
	}
	if len(ds) == 0 {
		return Detail{}, db.ErrNotFound
	}
	return ds[0], nil
}

// locked is an action point that is about to change, with what its rules need of the dossier.
type locked struct {
	ActionPoint
	DossierStatus dossier.Status
	MyContactID   *uuid.UUID // the contact of the member who acts
}

// lock takes dossier and action point at once, in this order; whoever changes either waits here.
func lock(tx *db.Tx, id uuid.UUID) (locked, error) {
	rows, err := tx.Query(`SELECT `+columns+`, d.status AS dossier_status,
		(SELECT m.contact_id FROM portal_members m WHERE m.organisation_id = a.organisation_id AND m.id = app.member()) AS my_contact_id
		FROM dossiers d JOIN action_points a ON a.organisation_id = d.organisation_id AND a.dossier_id = d.id
		WHERE a.organisation_id = app.organisation() AND a.id = $1 FOR NO KEY UPDATE OF d, a`, id)
	if err != nil {
		return locked{}, err
	}
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[locked])
	if err != nil {
		return a, err
	}
	if a.DossierStatus == dossier.Closed {
		return a, dossier.ErrClosed
	}
	return a, nil
}

func lockVersion(tx *db.Tx, id uuid.UUID, version int64) (locked, error) {
	a, err := lock(tx, id)
	if err == nil && a.Version != version {
		err = tx.Stale(id)
	}
	return a, err
}

// queueSave writes what a method of ActionPoint changed, and that something happened in the dossier.
func (a *ActionPoint) queueSave(b *pgx.Batch, now time.Time) {
	a.Version++
	a.UpdatedAt = now
	b.Queue(`UPDATE action_points SET product_id = $2, title = $3, explanation = $4, for_contact_id = $5, due_on = $6, state = $7, round = $8,
		reason_code = $9, reason = $10, reason_by = $11, reason_at = $12, submitted_at = $13, decided_at = $14, version = $15, updated_at = $16, reason_by_program = $17
		WHERE organisation_id = app.organisation() AND id = $1`,
		a.ID, a.ProductID, a.Title, a.Explanation, a.ForContactID, a.DueOn, a.State, a.Round, a.ReasonCode, a.Reason, a.ReasonBy, a.ReasonAt,
		a.SubmittedAt, a.DecidedAt, a.Version, a.UpdatedAt, a.ReasonByProgram)
	b.Queue(touchSQL, a.DossierID, now)
}

const touchSQL = `UPDATE dossiers SET activity_at = $2 WHERE organisation_id = app.organisation() AND id = $1`

// queueVerdict writes what the office decided on the submission of this round.
func (a *ActionPoint) queueVerdict(b *pgx.Batch, round int, v Verdict, by By, at time.Time) {
	b.Queue(`UPDATE submissions SET verdict = $3, verdict_code = $4, verdict_reason = $5, verdict_by = $6, verdict_by_program = $8, verdict_at = $7
		WHERE organisation_id = app.organisation() AND action_point_id = $1 AND round = $2 AND withdrawn_at IS NULL`,
		a.ID, round, v, a.ReasonCode, a.Reason, orNull(by.Employee), at, orNull(by.Program))
}

// withdrawSubmission marks what the member who acts handed in for this round. ErrNotYours: it was somebody else.
func withdrawSubmission(tx *db.Tx, actionPoint uuid.UUID, round int, at time.Time) (uuid.UUID, error) {
	rows, err := tx.Query(`UPDATE submissions SET withdrawn_at = $3 WHERE organisation_id = app.organisation() AND action_point_id = $1 AND round = $2
		AND withdrawn_at IS NULL AND verdict IS NULL AND member_id = app.member() RETURNING id`, actionPoint, round, at)
	if err != nil {
		return uuid.Nil, err
	}
	id, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[uuid.UUID])
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, ErrNotYours
	}
	return id, err
}

// finish sends what was queued and reads the action point as it is then, in one round trip.
func finish(tx *db.Tx, b *pgx.Batch, id uuid.UUID) (Detail, error) {
	var ds []Detail
	b.Queue(DetailSQL+`a.id = $1`, id).Query(detailsInto(&ds))
	if err := tx.Batch(b); err != nil {
		return Detail{}, err
	}
	if len(ds) == 0 {
		return Detail{}, db.ErrNotFound
	}
	return ds[0], nil
}

// known is what an action point of a dossier may point at.
type known struct {
	products, applicants map[uuid.UUID]bool
}

func knownIn(tx *db.Tx, dossierID uuid.UUID) (known, error) {
	k := known{map[uuid.UUID]bool{}, map[uuid.UUID]bool{}}
	into := func(set map[uuid.UUID]bool) func(pgx.Rows) error {
		return func(rows pgx.Rows) error {
			var id uuid.UUID
			_, err := pgx.ForEachRow(rows, []any{&id}, func() error { set[id] = true; return nil })
			return err
		}
	}
	b := &pgx.Batch{}
	b.Queue(`SELECT id FROM products WHERE organisation_id = app.organisation() AND dossier_id = $1`, dossierID).Query(into(k.products))
	b.Queue(`SELECT contact_id FROM applicants WHERE organisation_id = app.organisation() AND dossier_id = $1 AND archived_at IS NULL`, dossierID).Query(into(k.applicants))
	return k, tx.Batch(b)
}

func (k known) check(pointer string, product, contact *uuid.UUID) error {
	if product != nil && !k.products[*product] {
		return fault.OnField(pointer+"/productId", "not-found")
	}
	if contact != nil && !k.applicants[*contact] {
		return fault.OnField(pointer+"/forContactId", "not-found")
	}
	return nil
}

// build makes the rows of new action points.
func build(now time.Time, dossierID uuid.UUID, drafts []Draft, pointer string) ([]ActionPoint, error) {
	as := make([]ActionPoint, 0, len(drafts))
	for i, d := range drafts {
		at := pointer + "/" + strconv.Itoa(i)
		a := ActionPoint{
			ID: uuid.Must(uuid.NewV7()), DossierID: dossierID, ProductID: d.ProductID, Kind: Document, Title: strings.TrimSpace(d.Title),
			Explanation: strings.TrimSpace(d.Explanation), ForContactID: d.ForContactID, DueOn: d.DueOn, State: Open, Round: 1, Version: 1,
			CreatedAt: now, UpdatedAt: now,
		}
		if a.Title == "" {
			return nil, fault.OnField(at+"/title", "required")
		}
		as = append(as, a)
	}
	return as, nil
}

// Filter narrows the list of action points.
type Filter struct {
	State      State
	AskedAgain *bool
	DecidedOn  *time.Time // a day by the office's calendar: what was approved, rejected for good or withdrawn then
	After      *Cursor
	Limit      int
}

// Cursor is where a page of the list ends.
type Cursor struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// CursorOf says where a stands in the list.
func (f Filter) CursorOf(a Detail) Cursor {
	if f.State == Submitted && a.SubmittedAt != nil {
		return Cursor{At: *a.SubmittedAt, ID: a.ID}
	}
	return Cursor{At: a.UpdatedAt, ID: a.ID}
}

// waiting reports whether the list is a queue, the longest waiting first. Anything else begins with what changed last.
func (f Filter) waiting() bool {
	switch f.State {
	case Open, Submitted, Rejected:
		return true
	case Approved, Cancelled:
	}
	return f.AskedAgain != nil && *f.AskedAgain
}

// queueList reads a page of the action points of open dossiers. States are written out in the text where an index is about
// them only: a parameter would hide that it fits.
func queueList(b *pgx.Batch, f Filter, out *[]Detail) {
	key := "updated_at"
	if f.State == Submitted {
		key = "submitted_at"
	}
	where := []string{"x.organisation_id = app.organisation()"}
	var args []any
	add := func(condition string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		where = append(where, condition)
	}
	switch f.State {
	case Submitted:
		add("x.state = 'submitted'")
	case Open:
		add("x.state = 'open'")
	case Rejected:
		add("x.state = 'rejected'")
	case Approved, Cancelled:
		add("x.state = ?", f.State)
	}
	switch {
	case f.AskedAgain == nil:
	case *f.AskedAgain:
		add("x.state = 'open' AND x.round > 1")
	default:
		add("NOT (x.state = 'open' AND x.round > 1)")
	}
	if f.DecidedOn != nil {
		y, m, d := f.DecidedOn.Date()
		from := time.Date(y, m, d, 0, 0, 0, 0, dossier.Amsterdam)
		// A decision is a change: the index by change finds the day.
		add("x.updated_at >= ? AND x.decided_at >= ? AND x.decided_at < ?", from, from, from.AddDate(0, 0, 1))
	}
	before, order := "<", " DESC"
	if f.waiting() {
		before, order = ">", ""
	}
	if f.After != nil {
		add("(x."+key+", x.id) "+before+" (?, ?)", f.After.At, f.After.ID)
	}
	args = append(args, f.Limit)
	b.Queue(DetailSQL+`a.id IN (SELECT x.id FROM action_points x
		JOIN dossiers y ON y.organisation_id = x.organisation_id AND y.id = x.dossier_id AND y.status = 'open'
		WHERE `+strings.Join(where, " AND ")+` ORDER BY x.`+key+order+`, x.id`+order+` LIMIT $`+strconv.Itoa(len(args))+`)
		ORDER BY a.`+key+order+`, a.id`+order, args...).Query(detailsInto(out))
}
