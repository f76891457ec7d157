package overview

import (
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"voordeur/internal/db"
	"voordeur/internal/dossier"
)

// never stands for no day where days are compared.
const never = "9999-12-31"

// dueDays is how near a day must be to count as due.
const dueDays = 7

const people = `
	ad.id AS adviser_id, ad.first_name AS adviser_first_name, ad.last_name AS adviser_last_name, ad.job_title AS adviser_job_title,
	ad.email AS adviser_email, ad.phone AS adviser_phone, ch.id AS handler_id, coalesce(ch.first_name, '') AS handler_first_name,
	coalesce(ch.last_name, '') AS handler_last_name, coalesce(ch.job_title, '') AS handler_job_title, coalesce(ch.email, '') AS handler_email,
	coalesce(ch.phone, '') AS handler_phone`

const joinPeople = `
	JOIN employees ad ON ad.organisation_id = d.organisation_id AND ad.id = d.adviser_id
	LEFT JOIN employees ch ON ch.organisation_id = d.organisation_id AND ch.id = d.case_handler_id`

// tally is the SQL of Tally; which states count and which are handled is told by actionpoint.State, and a test compares.
const tally = `count(*) FILTER (WHERE x.state IN ('submitted', 'approved')) AS handled, count(*) FILTER (WHERE x.state <> 'cancelled') AS total,
	count(*) FILTER (WHERE x.state = 'submitted') AS to_review, count(*) FILTER (WHERE x.state = 'open') AS open_at_customer,
	count(*) FILTER (WHERE x.state = 'open' AND x.round > 1) AS asked_again`

// portalState is the furthest that a login of the dossier has come. $1 is the moment.
const portalState = `coalesce((SELECT CASE
		WHEN bool_or(m.password_set_at IS NOT NULL AND m.blocked_at IS NULL) THEN 'active'
		WHEN bool_or(l.id IS NOT NULL AND l.used_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > $1)) THEN 'invited'
		WHEN bool_or(l.id IS NOT NULL) THEN 'link_expired' ELSE 'none' END
	FROM dossier_members dm JOIN portal_members m ON m.organisation_id = dm.organisation_id AND m.id = dm.member_id AND m.archived_at IS NULL
	LEFT JOIN LATERAL (SELECT id, used_at, expires_at FROM password_links
		WHERE organisation_id = m.organisation_id AND member_id = m.id AND replaced_at IS NULL ORDER BY id DESC LIMIT 1) l ON true
	WHERE dm.organisation_id = d.organisation_id AND dm.dossier_id = d.id), 'none')`

// nextDue is the first day something of an open dossier is due.
const nextDue = `CASE WHEN d.status = 'open' THEN least(d.due_on, (SELECT min(x.due_on) FROM action_points x
	WHERE x.organisation_id = d.organisation_id AND x.dossier_id = d.id AND x.state = 'open' AND x.state IN ('open', 'submitted'))) END`

// summary reads dossiers as Summary; d is the page, a subquery in the place of %from%.
const summary = `SELECT d.id, d.reference, d.name, d.subject, d.client_id, c.name AS client_name, c.is_test, d.status, d.phase, d.due_on, d.version,
	d.created_at, d.closed_at, d.activity_at,` + people + `,
	(SELECT coalesce(array_agg(p.name ORDER BY p.position), '{}') FROM products p
		WHERE p.organisation_id = d.organisation_id AND p.dossier_id = d.id) AS product_names,
	t.handled, t.total, t.to_review, t.open_at_customer, t.asked_again, ` + nextDue + ` AS next_due_on, ` + portalState + ` AS portal_state
	FROM %from% d
	JOIN clients c ON c.organisation_id = d.organisation_id AND c.id = d.client_id` + joinPeople + `
	CROSS JOIN LATERAL (SELECT ` + tally + ` FROM action_points x
		WHERE x.organisation_id = d.organisation_id AND x.dossier_id = d.id) t`

func summaryOf(from string) string { return strings.Replace(summary, "%from%", from, 1) }

// conditions collects what narrows a list, with numbered parameters.
type conditions struct {
	where []string
	args  []any
}

func (c *conditions) add(condition string, values ...any) {
	for _, v := range values {
		c.args = append(c.args, v)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(c.args)), 1)
	}
	c.where = append(c.where, condition)
}

const (
	isToReview = `EXISTS (SELECT 1 FROM action_points x WHERE x.organisation_id = d.organisation_id AND x.dossier_id = d.id AND x.state = 'submitted' AND x.state IN ('open', 'submitted'))`
	isAsked    = `EXISTS (SELECT 1 FROM action_points x WHERE x.organisation_id = d.organisation_id AND x.dossier_id = d.id AND x.state = 'open' AND x.state IN ('open', 'submitted'))`
)

// queueList finds the page first, and only then reads what stands in its rows.
func queueList(b *pgx.Batch, f Filter, found *db.Found, now time.Time, out *[]Summary) {
	c := conditions{args: []any{now}}
	c.add("d.organisation_id = app.organisation()")
	if found != nil {
		found.Prepare(b)
		c.add(found.Condition("d"))
	}
	switch f.Turn {
	case dossier.TurnOffice:
		c.add("d.status = 'open' AND " + isToReview)
	case dossier.TurnCustomer:
		c.add("d.status = 'open' AND " + isAsked + " AND NOT " + isToReview)
	case dossier.TurnNone:
		c.add("(d.status = 'closed' OR NOT " + isAsked + " AND NOT " + isToReview + ")")
	}
	if f.Status != "" {
		c.add("d.status = ?", f.Status)
	}
	if f.Phase != "" {
		c.add("d.phase = ?", f.Phase)
	}
	if f.Adviser != nil {
		c.add("d.adviser_id = ?", *f.Adviser)
	}
	if f.Client != nil {
		c.add("d.client_id = ?", *f.Client)
	}
	switch f.PortalState {
	case "":
	case Inactive:
		c.add(portalState + " <> 'active'")
	default:
		c.add(portalState+" = ?", f.PortalState)
	}
	if f.Due {
		c.add("d.status = 'open' AND "+nextDue+" <= ?::date", dueBefore(now))
	}
	order := "d.activity_at DESC, d.id DESC"
	switch f.Sort {
	case ByName:
		order = "lower(d.name), d.id"
		if f.After != nil {
			c.add("(lower(d.name), d.id) > (lower(?), ?)", f.After.Name, f.After.ID)
		}
	case ByDue:
		order = "coalesce(" + nextDue + ", '" + never + "'), d.id"
		if f.After != nil {
			c.add("(coalesce("+nextDue+", '"+never+"'), d.id) > (?::date, ?)", dayOf(f.After.Due), f.After.ID)
		}
	case ByActivity:
		if f.After != nil {
			c.add("(d.activity_at, d.id) < (?, ?)", f.After.At, f.After.ID)
		}
	}
	c.args = append(c.args, f.Limit)
	page := "(SELECT d.* FROM dossiers d WHERE " + strings.Join(c.where, " AND ") + " ORDER BY " + order + " LIMIT $" + strconv.Itoa(len(c.args)) + ")"
	b.Queue(summaryOf(page)+" ORDER BY "+order, c.args...).Query(rowsInto(out))
}

// dayOf keeps a cursor that was tampered with from being an error of the database.
func dayOf(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t, _ = time.Parse(time.DateOnly, never)
	}
	return t
}

// dueBefore is the last day that counts as due, by the office's calendar.
func dueBefore(now time.Time) time.Time {
	y, m, d := now.In(dossier.Amsterdam).Date()
	return time.Date(y, m, d+dueDays, 0, 0, 0, 0, time.UTC)
}

// counts goes once over what waits, and over the logins of open dossiers: the office looks at it all day.
const counts = `WITH w AS MATERIALIZED (SELECT dossier_id, bool_or(state = 'submitted') AS to_review, bool_or(state = 'open') AS asked,
		min(due_on) FILTER (WHERE state = 'open') AS due_on
		FROM action_points WHERE organisation_id = app.organisation() AND state IN ('open', 'submitted') GROUP BY dossier_id),
	live AS MATERIALIZED (SELECT DISTINCT dm.dossier_id FROM dossier_members dm
		JOIN portal_members m ON m.organisation_id = dm.organisation_id AND m.id = dm.member_id
		WHERE dm.organisation_id = app.organisation() AND m.password_set_at IS NOT NULL AND m.blocked_at IS NULL AND m.archived_at IS NULL)
	SELECT count(*) AS "all", count(*) FILTER (WHERE q.open AND q.to_review) AS to_review,
		count(*) FILTER (WHERE q.open AND q.asked AND NOT q.to_review) AS waiting_for_customer,
		count(*) FILTER (WHERE q.open AND NOT q.live) AS portal_inactive, count(*) FILTER (WHERE q.open AND q.due_on <= $1::date) AS due
	FROM (SELECT d.status = 'open' AS open, coalesce(w.to_review, false) AS to_review, coalesce(w.asked, false) AS asked,
			live.dossier_id IS NOT NULL AS live, least(d.due_on, w.due_on) AS due_on
		FROM dossiers d JOIN clients c ON c.organisation_id = d.organisation_id AND c.id = d.client_id AND NOT c.is_test
		LEFT JOIN w ON w.dossier_id = d.id LEFT JOIN live ON live.dossier_id = d.id
		WHERE d.organisation_id = app.organisation()) q`

const applicants = `SELECT a.id, a.contact_id, c.first_name, c.last_name, c.salutation, c.email, c.mobile
	FROM applicants a JOIN contacts c ON c.organisation_id = a.organisation_id AND c.id = a.contact_id
	WHERE a.organisation_id = app.organisation() AND a.dossier_id = $1 AND a.archived_at IS NULL ORDER BY a.position`

const products = `SELECT p.id, p.kind, p.name, p.status, p.information, p.facts, p.version, d.status = 'closed' AS closed,
	t.handled, t.total, t.to_review, t.open_at_customer, t.asked_again
	FROM products p JOIN dossiers d ON d.organisation_id = p.organisation_id AND d.id = p.dossier_id
	CROSS JOIN LATERAL (SELECT ` + tally + ` FROM action_points x
		WHERE x.organisation_id = p.organisation_id AND x.dossier_id = p.dossier_id AND x.product_id = p.id) t
	WHERE p.organisation_id = app.organisation() AND `

const lastMail = `SELECT max(coalesce(sent_at, created_at)) FROM mails
	WHERE organisation_id = app.organisation() AND dossier_id = $1 AND state <> 'failed'`

const choices = `SELECT d.id, d.name, d.subject, d.phase, d.status, t.handled, t.total, t.open_at_customer AS open_count
	FROM dossiers d CROSS JOIN LATERAL (SELECT ` + tally + ` FROM action_points x
		WHERE x.organisation_id = d.organisation_id AND x.dossier_id = d.id) t
	WHERE d.organisation_id = app.organisation() AND ($1::uuid = '00000000-0000-0000-0000-000000000000' OR d.id < $1)
	ORDER BY d.id DESC LIMIT $2`

const portalDossier = `SELECT d.id, d.name, d.subject, d.reference, d.status, d.phase,` + people + `
	FROM dossiers d` + joinPeople + ` WHERE d.organisation_id = app.organisation() AND d.id = $1`

const portalApplicants = `SELECT a.contact_id, c.first_name, c.last_name, coalesce(a.contact_id = (SELECT m.contact_id FROM portal_members m
		WHERE m.organisation_id = a.organisation_id AND m.id = app.member()), false) AS is_me
	FROM applicants a JOIN contacts c ON c.organisation_id = a.organisation_id AND c.id = a.contact_id
	WHERE a.organisation_id = app.organisation() AND a.dossier_id = $1 AND a.archived_at IS NULL ORDER BY a.position`

const portalDocuments = `SELECT o.id, o.product_id, o.action_point_id, o.title, o.origin, o.remark, o.filename, o.media_type, o.size, o.created_at
	FROM documents o
	WHERE o.organisation_id = app.organisation() AND o.dossier_id = $1 AND o.origin = 'office' AND o.visible AND o.archived_at IS NULL
	ORDER BY o.id DESC LIMIT 200`

// rowsInto collects a query of a batch into out.
func rowsInto[T any](out *[]T) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
		*out = all
		return err
	}
}

// rowInto collects the one row of a query into out; none is pgx.ErrNoRows, which the door translates.
func rowInto[T any](out *T) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		one, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
		*out = one
		return err
	}
}
