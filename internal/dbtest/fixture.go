package dbtest

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"voordeur/internal/clock"
)

// Fixtures are written by the superuser, past row-level security: a test can
// put rows in two offices and look from one.

// Organisation adds an office and returns its id and slug.
func Organisation(tb testing.TB, root *sql.DB) (uuid.UUID, string) {
	tb.Helper()
	id := ID()
	slug := "office-" + tail(id)
	insert(tb, root, `INSERT INTO organisations (organisation_id, slug, name, email, phone, created_at, updated_at) VALUES ($1, $2, $3, 'info@example.org', '050 123 45 67', $4, $4)`,
		id, slug, "Kantoor "+tail(id), now())
	return id, slug
}

// AddEmployee adds an employee with a role ("admin", "adviser", …).
func AddEmployee(tb testing.TB, root *sql.DB, organisation uuid.UUID, role string) uuid.UUID {
	tb.Helper()
	id := ID()
	email := "employee-" + tail(id) + "@example.org"
	insert(tb, root, `INSERT INTO employees (organisation_id, id, email, email_folded, first_name, last_name, job_title, phone, role, created_at, updated_at)
		VALUES ($1, $2, $3, $3, 'Sanne', 'Brugman', 'adviseur', '050 123 45 68', $4, $5, $5)`, organisation, id, email, role, now())
	return id
}

// Customer is a client with one contact that has a login.
type Customer struct {
	Client, Contact, Member uuid.UUID
	Username                string
}

// AddCustomer adds a client, a contact and a portal member with all permissions.
func AddCustomer(tb testing.TB, root *sql.DB, organisation uuid.UUID, firstName string) Customer {
	tb.Helper()
	c := Customer{Client: ID()}
	insert(tb, root, `INSERT INTO clients (organisation_id, id, name, kind, created_at, updated_at) VALUES ($1, $2, $3, 'household', $4, $4)`,
		organisation, c.Client, firstName+" de Wit", now())
	c.Contact, c.Member, c.Username = AddMember(tb, root, organisation, c.Client, firstName)
	return c
}

// AddMember adds a contact with a login to a client.
func AddMember(tb testing.TB, root *sql.DB, organisation, client uuid.UUID, firstName string) (uuid.UUID, uuid.UUID, string) {
	tb.Helper()
	contact, member := ID(), ID()
	username := strings.ToLower(firstName) + "-" + tail(member)
	insert(tb, root, `INSERT INTO contacts (organisation_id, id, client_id, first_name, last_name, salutation, email, created_at, updated_at)
		VALUES ($1, $2, $3, $4, 'de Wit', '', $5, $6, $6)`, organisation, contact, client, firstName, username+"@example.org", now())
	insert(tb, root, `INSERT INTO portal_members (organisation_id, id, client_id, contact_id, username, username_folded, permissions, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $5, '{portal.dossier:read,portal.document:read,portal.submission:create,portal.me}', $6, $6)`,
		organisation, member, client, contact, username, now())
	return contact, member, username
}

// AddDossier adds a dossier with the customers as applicants who may open it.
func AddDossier(tb testing.TB, root *sql.DB, organisation, adviser uuid.UUID, customers ...Customer) uuid.UUID {
	tb.Helper()
	id := ID()
	insert(tb, root, `INSERT INTO dossiers (organisation_id, id, client_id, reference, name, subject, owner_id, adviser_id, created_at, updated_at, activity_at)
		VALUES ($1, $2, $3, $4, 'Hypotheek Kersenlaan', 'de hypotheek voor de Kersenlaan', $5, $5, $6, $6, $6)`,
		organisation, id, customers[0].Client, "D-"+tail(id), adviser, now())
	for i, c := range customers {
		insert(tb, root, `INSERT INTO applicants (organisation_id, id, dossier_id, contact_id, position) VALUES ($1, $2, $3, $4, $5)`, organisation, ID(), id, c.Contact, i+1)
		insert(tb, root, `INSERT INTO dossier_members (organisation_id, dossier_id, member_id) VALUES ($1, $2, $3)`, organisation, id, c.Member)
	}
	return id
}

// AddProduct adds a product to a dossier.
func AddProduct(tb testing.TB, root *sql.DB, organisation, dossier uuid.UUID) uuid.UUID {
	tb.Helper()
	id := ID()
	insert(tb, root, `INSERT INTO products (organisation_id, id, dossier_id, kind, name, position, created_at, updated_at) VALUES ($1, $2, $3, 'mortgage', 'Hypotheek', 1, $4, $4)`,
		organisation, id, dossier, now())
	return id
}

// AddActionPoint adds an action point in a state ("open", "submitted", …).
func AddActionPoint(tb testing.TB, root *sql.DB, organisation, dossier uuid.UUID, state string) uuid.UUID {
	tb.Helper()
	id := ID()
	insert(tb, root, `INSERT INTO action_points (organisation_id, id, dossier_id, title, state, submitted_at, created_at, updated_at)
		VALUES ($1, $2, $3, 'Werkgeversverklaring', $4, CASE WHEN $4 = 'submitted' THEN $5::timestamptz END, $5, $5)`, organisation, id, dossier, state, now())
	return id
}

// AddDocument adds a document of the office with one version; its bytes are nowhere.
func AddDocument(tb testing.TB, root *sql.DB, organisation, dossier uuid.UUID, visible bool) uuid.UUID {
	tb.Helper()
	id := ID()
	insert(tb, root, `INSERT INTO documents (organisation_id, id, dossier_id, title, origin, visible, filename, media_type, size, sha256, created_at, updated_at)
		VALUES ($1, $2, $3, 'Offerte', 'office', $4, 'offerte.pdf', 'application/pdf', 10, sha256('x'), $5, $5)`,
		organisation, id, dossier, visible, now())
	insert(tb, root, `INSERT INTO document_versions (organisation_id, document_id, number, dossier_id, filename, media_type, size, sha256, blob_key, created_at)
		VALUES ($1, $2, 1, $3, 'offerte.pdf', 'application/pdf', 10, sha256('x'), $4, $5)`, organisation, id, dossier, "test/"+id.String(), now())
	return id
}

// Scene is one office with an employee, a customer, a dossier, a product and an open action point.
type Scene struct {
	Organisation uuid.UUID
	Slug         string
	Employee     uuid.UUID
	Customer
	Dossier, Product, ActionPoint uuid.UUID
}

// AddScene adds a Scene.
func AddScene(tb testing.TB, root *sql.DB) Scene {
	tb.Helper()
	var s Scene
	s.Organisation, s.Slug = Organisation(tb, root)
	s.Employee = AddEmployee(tb, root, s.Organisation, "admin")
	s.Customer = AddCustomer(tb, root, s.Organisation, "Eva")
	s.Dossier = AddDossier(tb, root, s.Organisation, s.Employee, s.Customer)
	s.Product = AddProduct(tb, root, s.Organisation, s.Dossier)
	s.ActionPoint = AddActionPoint(tb, root, s.Organisation, s.Dossier, "open")
	return s
}

func insert(tb testing.TB, root *sql.DB, query string, args ...any) {
	tb.Helper()
	if _, err := root.Exec(query, args...); err != nil {
		tb.Fatalf("fixture: %v\n%s", err, query)
	}
}

func now() time.Time { return clock.Now() }

func tail(id uuid.UUID) string { s := id.String(); return s[len(s)-12:] }
