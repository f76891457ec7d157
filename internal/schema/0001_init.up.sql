-- The whole product's foundation: who acts, what they share, what was asked, what was delivered.
-- Every table belongs to one organisation: primary key (organisation_id, id), composite foreign keys
-- (PostgreSQL checks those without row-level security), a policy "organisation", forced.

CREATE SCHEMA app;
-- Names are found by any part of them (B2). In a schema of ours, so that going back takes them along.
CREATE EXTENSION pg_trgm SCHEMA app;
CREATE EXTENSION btree_gin SCHEMA app;
CREATE FUNCTION app.organisation() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.organisation', true), '')::uuid $$;
CREATE FUNCTION app.member() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.member', true), '')::uuid $$;
CREATE FUNCTION app.permission() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.permission', true) $$;

CREATE TABLE organisations (
  organisation_id  uuid PRIMARY KEY,
  slug             text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9](-?[a-z0-9])*$' AND length(slug) <= 40),
  name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  tagline          text NOT NULL DEFAULT '',
  brand_colour     text NOT NULL DEFAULT '#1f5c45' CHECK (brand_colour ~ '^#[0-9a-f]{6}$'),
  header_image     text NOT NULL DEFAULT 'street' CHECK (header_image IN ('street', 'none', 'photo')),
  welcome_title    text NOT NULL DEFAULT '',
  welcome_text     text NOT NULL DEFAULT '' CHECK (length(welcome_text) <= 140),
  form_of_address  text NOT NULL DEFAULT 'informal' CHECK (form_of_address IN ('formal', 'informal')),
  email            text NOT NULL DEFAULT '',
  phone            text NOT NULL DEFAULT '',
  opening_hours    text NOT NULL DEFAULT '',
  customers_need_second_factor boolean NOT NULL DEFAULT false,
  logo             bytea,
  logo_media_type  text,
  header_photo            bytea,
  header_photo_media_type text,
  next_dossier_number int NOT NULL DEFAULT 1,
  invite_members   boolean NOT NULL DEFAULT true,  -- C1: making a portal member sends the invitation
  code_login       boolean NOT NULL DEFAULT true,  -- D3: customers may log in with a code in place of a password
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL
);

CREATE TABLE employees (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,
  email            text NOT NULL,
  email_folded     text NOT NULL,         -- an employee signs in by e-mail address, before the office is known
  first_name       text NOT NULL,
  last_name        text NOT NULL,
  job_title        text NOT NULL DEFAULT '',
  phone            text NOT NULL DEFAULT '',
  role             text NOT NULL CHECK (role IN ('admin', 'adviser', 'back_office', 'viewer')),
  password_hash    text,
  password_set_at  timestamptz,
  totp_secret      bytea,                 -- sealed (AES-256-GCM)
  totp_pending     bytea,                 -- sealed; becomes the secret once a code shows that an app has it
  totp_last_step   bigint NOT NULL DEFAULT 0,
  blocked_at       timestamptz,
  archived_at      timestamptz,
  last_login_at    timestamptz,
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, id)
);
-- Who left can begin at another office, or come back.
CREATE UNIQUE INDEX employees_email_folded_key ON employees (email_folded) WHERE archived_at IS NULL;

-- As password_links: 48 hours, once, the token derived from the id.
CREATE TABLE employee_links (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  employee_id      uuid NOT NULL,
  purpose          text NOT NULL CHECK (purpose IN ('activation', 'reset')),
  token_hash       bytea NOT NULL UNIQUE,
  created_at       timestamptz NOT NULL,
  sent_at          timestamptz,
  expires_at       timestamptz,
  opened_at        timestamptz,
  used_at          timestamptz,
  replaced_at      timestamptz,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, employee_id) REFERENCES employees (organisation_id, id)
);
CREATE INDEX employee_links_by_employee ON employee_links (organisation_id, employee_id, id DESC);

-- 120 random bits each, so that SHA-256 is enough; once.
CREATE TABLE employee_recovery_codes (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  employee_id      uuid NOT NULL,
  code_hash        bytea NOT NULL,
  used_at          timestamptz,
  PRIMARY KEY (organisation_id, employee_id, code_hash),
  FOREIGN KEY (organisation_id, employee_id) REFERENCES employees (organisation_id, id)
);

-- How an office signs in at its own provider (OpenID Connect).
CREATE TABLE sso_settings (
  organisation_id  uuid PRIMARY KEY DEFAULT app.organisation() REFERENCES organisations,
  enabled          boolean NOT NULL DEFAULT false,
  issuer           text NOT NULL DEFAULT '' CHECK (length(issuer) <= 300),
  client_id        text NOT NULL DEFAULT '',
  client_secret    bytea,                 -- sealed (AES-256-GCM); never read back, and never sent to another issuer
  groups_claim     text NOT NULL DEFAULT 'groups',
  roles            jsonb NOT NULL DEFAULT '[]',  -- [{"group":"advies","role":"adviser"}]
  only_sso         boolean NOT NULL DEFAULT false,
  version          bigint NOT NULL DEFAULT 1,
  updated_at       timestamptz NOT NULL
);

-- Who an employee is at the provider: found by issuer and subject, never by e-mail address once it is there.
CREATE TABLE employee_identities (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  employee_id      uuid NOT NULL,
  issuer           text NOT NULL,
  subject          text NOT NULL,
  created_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, issuer, subject),
  UNIQUE (organisation_id, employee_id, issuer),
  FOREIGN KEY (organisation_id, employee_id) REFERENCES employees (organisation_id, id)
);

-- What an office changed about the rights of a role. What is in neither list is as the product has it,
-- so that a right of a later release finds its usual owners.
CREATE TABLE role_rights (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  role             text NOT NULL CHECK (role IN ('admin', 'adviser', 'back_office', 'viewer')),
  granted          text[] NOT NULL DEFAULT '{}',
  withdrawn        text[] NOT NULL DEFAULT '{}',
  version          bigint NOT NULL DEFAULT 1,
  updated_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, role)
);

CREATE TABLE clients (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,
  name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  kind             text NOT NULL DEFAULT 'household' CHECK (kind IN ('person', 'household', 'company')),
  is_test          boolean NOT NULL DEFAULT false,  -- D1: first in the list, left out of every figure
  test_of_id       uuid,                            -- the employee whose test client it is; NULL: the whole office's
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  archived_at      timestamptz,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, test_of_id) REFERENCES employees (organisation_id, id),
  CHECK (is_test OR test_of_id IS NULL)
);
CREATE INDEX clients_by_name ON clients (organisation_id, is_test DESC, lower(name), id);
CREATE UNIQUE INDEX clients_by_tester ON clients (organisation_id, test_of_id) WHERE test_of_id IS NOT NULL AND archived_at IS NULL;

CREATE TABLE contacts (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  client_id        uuid NOT NULL,
  first_name       text NOT NULL,
  last_name        text NOT NULL,
  salutation       text NOT NULL DEFAULT '',   -- form of address: "mevrouw De Wit"
  email            text NOT NULL DEFAULT '',   -- never a key: any number of contacts may share one
  mobile           text NOT NULL DEFAULT '',
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id)
);
CREATE INDEX contacts_by_client ON contacts (organisation_id, client_id);

CREATE TABLE portal_members (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  client_id        uuid NOT NULL,
  contact_id       uuid NOT NULL,
  username         text NOT NULL,
  username_folded  text NOT NULL,              -- trimmed, NFKC, lower case
  function         text NOT NULL DEFAULT '',
  permissions      text[] NOT NULL,            -- portal permissions (authz), the same strings the door names
  preset           text NOT NULL DEFAULT 'applicant' CHECK (preset IN ('applicant', 'partner', 'client_employee', 'read_only', 'custom')),
  notifications    text[] NOT NULL DEFAULT '{new_quotes,new_invoices,completed_jobs}'  -- E10: what is mailed
    CHECK (notifications <@ '{new_quotes,new_invoices,completed_jobs}'),
  password_hash    text,
  password_short   boolean NOT NULL DEFAULT false,  -- long enough beside a second factor only
  password_set_at  timestamptz,
  locale           text NOT NULL DEFAULT 'nl' CHECK (locale IN ('nl', 'en')),
  blocked_at       timestamptz,
  last_login_at    timestamptz,
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  archived_at      timestamptz,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, username_folded),
  FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id),
  FOREIGN KEY (organisation_id, contact_id) REFERENCES contacts (organisation_id, id)
);
CREATE INDEX portal_members_by_client ON portal_members (organisation_id, client_id);
CREATE INDEX portal_members_by_contact ON portal_members (organisation_id, contact_id);

-- 48 hours, once (A7). The token is HMAC(server key, id): the mail can be rendered again after a crash,
-- and the database holds only its SHA-256. times: sent, opened, used; replaced by a newer link.
CREATE TABLE password_links (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  member_id        uuid NOT NULL,
  purpose          text NOT NULL CHECK (purpose IN ('activation', 'reset')),
  token_hash       bytea NOT NULL UNIQUE,
  recipient        text NOT NULL DEFAULT '',   -- where its mail goes
  asked_by         uuid,                       -- the employee, or the program, that had it sent; neither: the customer
  asked_by_program uuid,
  created_at       timestamptz NOT NULL,
  sent_at          timestamptz,                -- validity counts from here
  expires_at       timestamptz,
  opened_at        timestamptz,
  used_at          timestamptz,
  replaced_at      timestamptz,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id),
  FOREIGN KEY (organisation_id, asked_by) REFERENCES employees (organisation_id, id)
);
CREATE INDEX password_links_by_member ON password_links (organisation_id, member_id, id DESC);

CREATE TABLE sessions (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,
  token_hash       bytea NOT NULL UNIQUE,      -- SHA-256 of the cookie
  audience         text NOT NULL CHECK (audience IN ('office', 'portal')),
  employee_id      uuid,
  member_id        uuid,
  stage            text NOT NULL CHECK (stage IN ('half', 'full')),  -- half: password right, second factor to come
  user_agent       text NOT NULL DEFAULT '',
  ip               text NOT NULL DEFAULT '',
  created_at       timestamptz NOT NULL,
  last_seen_at     timestamptz NOT NULL,
  sso_logout       bytea,                      -- sealed: where the provider that vouched ends its own session, and the token it wants for that
  verified_at      timestamptz NOT NULL DEFAULT 'epoch',  -- when a password or second factor was given last; who forgets it is asked again
  expires_at       timestamptz NOT NULL,       -- absolute end
  ended_at         timestamptz,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, employee_id) REFERENCES employees (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id),
  CHECK ((audience = 'office') = (employee_id IS NOT NULL) AND (audience = 'portal') = (member_id IS NOT NULL))
);
CREATE INDEX sessions_by_member ON sessions (organisation_id, member_id) WHERE member_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX sessions_by_employee ON sessions (organisation_id, employee_id) WHERE employee_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- The second step of a customer's login (B3). One row is in use, at most one more is being set up.
CREATE TABLE second_factors (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  member_id        uuid NOT NULL,
  secret           bytea NOT NULL,             -- sealed (AES-256-GCM) in the place of this row
  last_step        bigint NOT NULL DEFAULT 0,  -- a code works once: only a later step is taken
  created_at       timestamptz NOT NULL,
  confirmed_at     timestamptz,                -- empty: being set up
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id)
);
CREATE UNIQUE INDEX second_factors_in_use ON second_factors (organisation_id, member_id) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX second_factors_begun ON second_factors (organisation_id, member_id) WHERE confirmed_at IS NULL;

-- For who has lost the telephone: 120 bits each, shown once, used once.
CREATE TABLE recovery_codes (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  member_id        uuid NOT NULL,
  code_hash        bytea NOT NULL,             -- SHA-256
  created_at       timestamptz NOT NULL,
  used_at          timestamptz,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, member_id, code_hash),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id)
);

-- The office starts taking the second step away from who lost everything; a day passes in which the customer can stop it.
CREATE TABLE factor_resets (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  member_id        uuid NOT NULL,
  requested_by     uuid NOT NULL,
  requested_at     timestamptz NOT NULL,
  due_at           timestamptz NOT NULL,
  token_hash       bytea NOT NULL UNIQUE,      -- of the link in the mail that stops it
  stopped_at       timestamptz,
  stopped_by       text CHECK (stopped_by IN ('customer', 'office')),
  done_at          timestamptz,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id),
  FOREIGN KEY (organisation_id, requested_by) REFERENCES employees (organisation_id, id)
);
CREATE UNIQUE INDEX factor_resets_running ON factor_resets (organisation_id, member_id) WHERE stopped_at IS NULL AND done_at IS NULL;

-- Attempts counted before the check, so that parallel guesses cannot slip under the limit.
-- key: "login:account:<folded>" | "login:ip:<addr>" | "totp:<employee>" | "reset:<folded>"
CREATE TABLE attempts (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  key              text NOT NULL,
  window_start     timestamptz NOT NULL,
  count            int NOT NULL,
  PRIMARY KEY (organisation_id, key)
);

CREATE TABLE dossiers (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  client_id        uuid NOT NULL,
  reference        text NOT NULL,              -- D-2026-0418
  name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  subject          text NOT NULL DEFAULT '' CHECK (length(subject) <= 200),  -- "de hypotheek voor de Kersenlaan"
  status           text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
  phase            text NOT NULL DEFAULT 'intake' CHECK (phase IN ('intake', 'collecting', 'advice', 'application', 'notary')),
  owner_id         uuid NOT NULL,
  adviser_id       uuid NOT NULL,
  case_handler_id  uuid,
  due_on           date,
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  activity_at      timestamptz NOT NULL,       -- last thing that happened, for the list
  closed_at        timestamptz,
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, reference),
  FOREIGN KEY (organisation_id, client_id) REFERENCES clients (organisation_id, id),
  FOREIGN KEY (organisation_id, owner_id) REFERENCES employees (organisation_id, id),
  FOREIGN KEY (organisation_id, adviser_id) REFERENCES employees (organisation_id, id),
  FOREIGN KEY (organisation_id, case_handler_id) REFERENCES employees (organisation_id, id)
);
CREATE INDEX dossiers_by_activity ON dossiers (organisation_id, activity_at DESC, id DESC);
CREATE INDEX dossiers_by_client ON dossiers (organisation_id, client_id);
CREATE INDEX dossiers_by_name ON dossiers (organisation_id, lower(name), id);

CREATE TABLE applicants (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  dossier_id       uuid NOT NULL,
  contact_id       uuid NOT NULL,
  position         int NOT NULL,               -- 1 = first applicant
  archived_at      timestamptz,                -- applies no longer; what was asked of and handed in by them stays
  PRIMARY KEY (organisation_id, id),
  UNIQUE (organisation_id, dossier_id, contact_id),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id),
  FOREIGN KEY (organisation_id, contact_id) REFERENCES contacts (organisation_id, id)
);
CREATE INDEX applicants_by_dossier ON applicants (organisation_id, dossier_id, position);
CREATE INDEX applicants_by_contact ON applicants (organisation_id, contact_id);

-- Which dossiers a login opens (E2).
CREATE TABLE dossier_members (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  dossier_id       uuid NOT NULL,
  member_id        uuid NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, member_id, dossier_id),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id)
);
CREATE INDEX dossier_members_by_dossier ON dossier_members (organisation_id, dossier_id);

CREATE TABLE products (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  dossier_id       uuid NOT NULL,
  kind             text NOT NULL CHECK (kind IN ('mortgage', 'home_insurance', 'life_insurance', 'pension', 'business', 'other')),
  name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  status           text NOT NULL DEFAULT 'preparing' CHECK (status IN ('preparing', 'requested', 'offered', 'accepted', 'final')),
  information      text NOT NULL DEFAULT '' CHECK (length(information) <= 2000),
  facts            jsonb NOT NULL DEFAULT '[]',  -- [{"label":"Koopsom","value":"€ 412.500"}]
  position         int NOT NULL,
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id)
);
CREATE INDEX products_by_dossier ON products (organisation_id, dossier_id, position);

-- What an office usually asks for; added with one click.
CREATE TABLE action_point_templates (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,
  product_kind     text,                       -- NULL: for every product
  title            text NOT NULL,
  explanation      text NOT NULL DEFAULT '',
  position         int NOT NULL,
  PRIMARY KEY (organisation_id, id)
);

CREATE TABLE action_points (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  dossier_id       uuid NOT NULL,
  product_id       uuid,                       -- NULL: about the dossier itself
  kind             text NOT NULL DEFAULT 'document' CHECK (kind IN ('document')),
  title            text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
  explanation      text NOT NULL DEFAULT '' CHECK (length(explanation) <= 2000),
  for_contact_id   uuid,                       -- one applicant; NULL: together
  due_on           date,
  state            text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'submitted', 'approved', 'rejected', 'cancelled')),
  round            int NOT NULL DEFAULT 1,     -- > 1: asked again
  reason_code      text CHECK (reason_code IN ('unreadable', 'too_old', 'page_missing', 'signature_missing', 'wrong_document', 'other')),
  reason           text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
  reason_by        uuid,
  reason_by_program uuid,                      -- instead of an employee
  reason_at        timestamptz,
  submitted_at     timestamptz,
  decided_at       timestamptz,
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id),
  FOREIGN KEY (organisation_id, product_id) REFERENCES products (organisation_id, id),
  FOREIGN KEY (organisation_id, for_contact_id) REFERENCES contacts (organisation_id, id),
  FOREIGN KEY (organisation_id, reason_by) REFERENCES employees (organisation_id, id)
);
CREATE INDEX action_points_by_dossier ON action_points (organisation_id, dossier_id, id);
CREATE INDEX action_points_by_product ON action_points (organisation_id, product_id);
CREATE INDEX action_points_to_review ON action_points (organisation_id, submitted_at, id) WHERE state = 'submitted';
-- On whom a dossier waits, and until when; the queue of what customers were asked; what was decided last.
CREATE INDEX action_points_waiting ON action_points (organisation_id, dossier_id, state, due_on) WHERE state IN ('open', 'submitted');
CREATE INDEX action_points_asked ON action_points (organisation_id, state, updated_at, id) WHERE state IN ('open', 'rejected');
CREATE INDEX action_points_by_change ON action_points (organisation_id, updated_at DESC, id DESC);

CREATE TABLE submissions (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  dossier_id       uuid NOT NULL,
  action_point_id  uuid NOT NULL,
  round            int NOT NULL,
  member_id        uuid NOT NULL,
  contact_id       uuid NOT NULL,              -- whose name the others on the dossier read
  remark           text NOT NULL DEFAULT '' CHECK (length(remark) <= 2000),
  verdict          text CHECK (verdict IN ('approved', 'rejected')),
  verdict_code     text,
  verdict_reason   text NOT NULL DEFAULT '',
  verdict_by       uuid,
  verdict_by_program uuid,                     -- instead of an employee
  verdict_at       timestamptz,
  withdrawn_at     timestamptz,                -- taken back by who handed it in, before there was a verdict
  created_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, id),
  CHECK (withdrawn_at IS NULL OR verdict IS NULL),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id),
  FOREIGN KEY (organisation_id, action_point_id) REFERENCES action_points (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id),
  FOREIGN KEY (organisation_id, contact_id) REFERENCES contacts (organisation_id, id),
  FOREIGN KEY (organisation_id, verdict_by) REFERENCES employees (organisation_id, id)
);
CREATE UNIQUE INDEX submissions_by_round ON submissions (organisation_id, action_point_id, round) WHERE withdrawn_at IS NULL;
CREATE INDEX submissions_by_action_point ON submissions (organisation_id, action_point_id);
CREATE INDEX submissions_by_dossier ON submissions (organisation_id, dossier_id, id);

CREATE TABLE documents (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  dossier_id       uuid NOT NULL,
  product_id       uuid,
  action_point_id  uuid,
  submission_id    uuid,
  handed_in_by     uuid,                       -- the member it came from
  title            text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  origin           text NOT NULL CHECK (origin IN ('office', 'customer')),
  visible          boolean NOT NULL,           -- "zichtbaar in het portaal" (E8)
  restricted       boolean NOT NULL DEFAULT false,  -- behind the key: only the members in document_members (E8)
  remark           text NOT NULL DEFAULT '' CHECK (length(remark) <= 2000),
  current_version  int NOT NULL DEFAULT 1,
  filename         text NOT NULL,              -- these four are the current version's: every page shows them
  media_type       text NOT NULL,
  size             bigint NOT NULL,
  sha256           bytea NOT NULL,
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  archived_at      timestamptz,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id),
  FOREIGN KEY (organisation_id, product_id) REFERENCES products (organisation_id, id),
  FOREIGN KEY (organisation_id, action_point_id) REFERENCES action_points (organisation_id, id),
  FOREIGN KEY (organisation_id, submission_id) REFERENCES submissions (organisation_id, id),
  FOREIGN KEY (organisation_id, handed_in_by) REFERENCES portal_members (organisation_id, id)
);
CREATE INDEX documents_by_dossier ON documents (organisation_id, dossier_id, id DESC);
CREATE INDEX documents_by_submission ON documents (organisation_id, submission_id);

CREATE TABLE document_versions (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  document_id      uuid NOT NULL,
  number           int NOT NULL,
  dossier_id       uuid NOT NULL,
  filename         text NOT NULL,              -- NFC, at most 200 bytes, no control or path characters
  media_type       text NOT NULL,
  size             bigint NOT NULL CHECK (size > 0),
  sha256           bytea NOT NULL,
  blob_key         text NOT NULL,              -- the bytes stand there before this row exists, and never change
  uploaded_by_employee uuid,
  uploaded_by_member   uuid,
  created_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, document_id, number),
  FOREIGN KEY (organisation_id, document_id) REFERENCES documents (organisation_id, id),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id),
  FOREIGN KEY (organisation_id, uploaded_by_employee) REFERENCES employees (organisation_id, id),
  FOREIGN KEY (organisation_id, uploaded_by_member) REFERENCES portal_members (organisation_id, id)
);
CREATE INDEX document_versions_by_dossier ON document_versions (organisation_id, dossier_id);
CREATE INDEX document_versions_by_blob ON document_versions (blob_key);

-- Who may see a document that is restricted (E8).
CREATE TABLE document_members (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  document_id      uuid NOT NULL,
  member_id        uuid NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organisation_id, document_id, member_id),
  FOREIGN KEY (organisation_id, document_id) REFERENCES documents (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id)
);
CREATE INDEX document_members_by_member ON document_members (organisation_id, member_id, document_id);

-- A tus upload: parts in blob storage until complete, then one checked blob, then a document.
CREATE TABLE uploads (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,
  member_id        uuid,                       -- exactly one of the three: who uploads
  employee_id      uuid,
  api_client_id    uuid,
  filename         text NOT NULL,
  size             bigint NOT NULL CHECK (size > 0),
  received         bigint NOT NULL DEFAULT 0 CHECK (received <= size),
  parts            jsonb NOT NULL DEFAULT '[]',
  media_type       text,                       -- found, not claimed
  sha256           bytea,
  blob_key         text,
  state            text NOT NULL DEFAULT 'receiving' CHECK (state IN ('receiving', 'ready', 'refused', 'attached')),
  refusal          text,
  created_at       timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id),
  FOREIGN KEY (organisation_id, employee_id) REFERENCES employees (organisation_id, id),
  CHECK (num_nonnulls(member_id, employee_id, api_client_id) = 1)
);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

-- Mails wait here, and leave by a task. Nothing secret is stored: a link's token is made again at sending.
CREATE TABLE mails (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,              -- also the Message-ID
  kind             text NOT NULL,              -- invitation, password_reset
  recipient        text NOT NULL,
  dossier_id       uuid,
  payload          jsonb NOT NULL,             -- ids only
  state            text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed')),
  error            text NOT NULL DEFAULT '',
  created_at       timestamptz NOT NULL,
  sent_at          timestamptz,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id)
);
CREATE INDEX mails_by_dossier ON mails (organisation_id, dossier_id, id DESC);
CREATE INDEX mails_by_recipient ON mails (organisation_id, lower(recipient), created_at);

-- One row per write, in its transaction: audit trail, timeline and live events feed on it. Each row of an office carries the
-- hash of everything before it, so none can be changed, taken out, moved or added unseen (docs/adr/0009).
CREATE TABLE audit_events (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  seq              bigint NOT NULL,            -- 1, 2, 3, … in the office, without a gap, in the order of commit
  id               uuid NOT NULL,
  name             text NOT NULL,              -- past tense: action_point.approved
  actor_kind       text NOT NULL CHECK (actor_kind IN ('employee', 'member', 'visitor', 'system', 'api_client')),
  actor_id         uuid NOT NULL,
  subject          uuid NOT NULL,
  dossier_id       uuid,                       -- when it is about one: timeline, and who hears it live
  data             bytea NOT NULL DEFAULT '',  -- JSON under a key of its own, which stands in audit_keys; empty: there is none
  at               timestamptz NOT NULL,
  hash             bytea NOT NULL,             -- SHA-256 (hash of the event before ‖ all of the above)
  PRIMARY KEY (organisation_id, seq)
);
CREATE INDEX audit_events_by_dossier ON audit_events (organisation_id, dossier_id, seq DESC);
CREATE INDEX audit_events_by_subject ON audit_events (organisation_id, subject, seq DESC);
CREATE INDEX audit_events_by_actor ON audit_events (organisation_id, actor_id, seq DESC);
CREATE INDEX audit_events_by_time ON audit_events (organisation_id, at);

-- What opens the data of an event. To erase somebody's data is to delete the keys: the chain stays whole.
CREATE TABLE audit_keys (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  seq              bigint NOT NULL,
  key              bytea NOT NULL,             -- sealed (AES-256-GCM)
  PRIMARY KEY (organisation_id, seq)
);

-- Where the chain of an office ends. Only the function below writes it; the second door reads it, and no other role may. None of
-- these three refers to organisations: the check would wait for whoever locks the office's row, with the end of the chain in its
-- hand. (An update checks too, when the row is its own transaction's: at the second event.)
CREATE TABLE audit_heads (
  organisation_id  uuid PRIMARY KEY,
  seq              bigint NOT NULL DEFAULT 0,
  hash             bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
) WITH (fillfactor = 50);

CREATE FUNCTION app.begin_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  INSERT INTO audit_heads (organisation_id) VALUES (NEW.organisation_id);
  RETURN NULL;
END $$;
CREATE TRIGGER begin_chain AFTER INSERT ON organisations FOR EACH ROW EXECUTE FUNCTION app.begin_chain();

-- The next link. It locks the end of the office's chain until the transaction ends: the door writes events last of all, together
-- with COMMIT, and waits for nothing any more once it has the lock. audit.Verify computes the same in Go.
CREATE FUNCTION app.chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
  UPDATE audit_heads h SET seq = h.seq + 1, hash = sha256(h.hash || uuid_send(NEW.organisation_id) || int8send(h.seq + 1) || uuid_send(NEW.id)
      || int4send(octet_length(NEW.name)) || convert_to(NEW.name, 'UTF8') || int4send(octet_length(NEW.actor_kind)) || convert_to(NEW.actor_kind, 'UTF8')
      || uuid_send(NEW.actor_id) || uuid_send(NEW.subject) || uuid_send(coalesce(NEW.dossier_id, '00000000-0000-0000-0000-000000000000'))
      || timestamptz_send(NEW.at) || NEW.data)
    WHERE h.organisation_id = NEW.organisation_id RETURNING h.seq, h.hash INTO NEW.seq, NEW.hash;
  IF NOT FOUND THEN RAISE 'there is no chain of %', NEW.organisation_id; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION app.chain();

-- Not even the owner of the table by mistake.
CREATE FUNCTION app.only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE insufficient_privilege USING MESSAGE = 'the trail only grows';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION app.only_grows();

-- The first answer of a POST with an Idempotency-Key; written by the door in the transaction of the effect.
CREATE TABLE idempotency_keys (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  principal        uuid NOT NULL,
  operation        text NOT NULL,
  key              text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  body_hash        bytea NOT NULL,
  result           jsonb,
  created_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, principal, operation, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- What callers spent of their allowances, for all processes: when each bucket is full again (K1). Of no office: most callers are not known
-- yet. Not logged, because a crash may forgive everybody; only the second door reaches it. key: "<class> ip:<addr>" | "<class> session:<hash>"
CREATE UNLOGGED TABLE request_buckets (
  key              text PRIMARY KEY,
  full_at          timestamptz NOT NULL,
  refused          boolean NOT NULL            -- the last request was
) WITH (fillfactor = 50);
ALTER TABLE request_buckets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY system ON request_buckets TO voordeur_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON request_buckets TO voordeur_system;

-- Search ---------------------------------------------------------------------------------------

-- What a client and a dossier are found by, in one text each, so that one index answers for any number of words: the names and
-- addresses of the client's people, and for a dossier its own name and number besides. Every word has a space before it, and is in
-- small letters: folding a hundred thousand names while somebody waits costs more than finding them.
ALTER TABLE clients ADD words text NOT NULL DEFAULT '';
ALTER TABLE dossiers ADD words text NOT NULL DEFAULT '';
CREATE INDEX clients_by_words ON clients USING gin (organisation_id app.uuid_ops, words app.gin_trgm_ops);
CREATE INDEX dossiers_by_words ON dossiers USING gin (organisation_id app.uuid_ops, words app.gin_trgm_ops);

CREATE FUNCTION app.words_of_client() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.words := lower(' ' || NEW.name || coalesce((SELECT string_agg(' ' || c.first_name || ' ' || c.last_name || ' ' || c.email, '' ORDER BY c.id)
    FROM contacts c WHERE c.organisation_id = NEW.organisation_id AND c.client_id = NEW.id), ''));
  RETURN NEW;
END $$;
CREATE FUNCTION app.words_of_dossier() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.words := lower(' ' || NEW.name || ' ' || NEW.reference) || coalesce((SELECT k.words FROM clients k
    WHERE k.organisation_id = NEW.organisation_id AND k.id = NEW.client_id), '');
  RETURN NEW;
END $$;
CREATE FUNCTION app.contact_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE clients SET name = name WHERE organisation_id = NEW.organisation_id AND id = NEW.client_id;
  RETURN NULL;
END $$;
CREATE FUNCTION app.client_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE dossiers SET name = name WHERE organisation_id = NEW.organisation_id AND client_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER words BEFORE INSERT OR UPDATE OF name ON clients FOR EACH ROW EXECUTE FUNCTION app.words_of_client();
CREATE TRIGGER words BEFORE INSERT OR UPDATE OF name, reference, client_id ON dossiers FOR EACH ROW EXECUTE FUNCTION app.words_of_dossier();
CREATE TRIGGER words AFTER INSERT OR UPDATE OF first_name, last_name, email, client_id ON contacts FOR EACH ROW EXECUTE FUNCTION app.contact_changed();
CREATE TRIGGER words_of_dossiers AFTER UPDATE ON clients FOR EACH ROW WHEN (NEW.words <> OLD.words) EXECUTE FUNCTION app.client_changed();

-- Under row-level security an index on LIKE is never used: the operator is not leakproof. So the ids are found here, as the
-- owner and in the one organisation at the door; what belongs to them is read under the policies as ever. All patterns must
-- match; their letters are small. In the order in which the list shows them. NULL when there are more than most: the caller then
-- goes through its list from the top, and soon has a page.
CREATE FUNCTION app.found(what regclass, patterns text[], most int) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, app, pg_temp AS $$
DECLARE
  condition text := '';
  ids uuid[];
  keys text := CASE what WHEN 'clients'::regclass THEN 't.is_test AS first, lower(t.name) AS second, t.id'
    WHEN 'dossiers'::regclass THEN 't.activity_at AS first, t.id AS second, t.id' END;
BEGIN
  IF keys IS NULL THEN RAISE 'app.found: %', what; END IF;
  IF what = 'clients'::regclass THEN condition := ' AND t.archived_at IS NULL'; END IF;
  FOR i IN 1 .. cardinality(patterns) LOOP
    condition := condition || format(' AND t.words LIKE %L', patterns[i]);
  END LOOP;
  EXECUTE format('WITH hits AS MATERIALIZED (SELECT %s FROM %s t WHERE t.organisation_id = $1%s LIMIT $2)
    SELECT array(SELECT id FROM hits ORDER BY first DESC, second %s, id)', keys, what, condition, CASE what WHEN 'dossiers'::regclass THEN 'DESC' ELSE '' END)
    INTO ids USING app.organisation(), most + 1;
  RETURN CASE WHEN cardinality(ids) <= most THEN ids END;
END $$;
REVOKE ALL ON FUNCTION app.found FROM PUBLIC;

-- Rights ---------------------------------------------------------------------------------------

-- What the policies ask about the member at the door, in every table that a page reads, is looked up once, when the member comes
-- in: its rights; the dossiers it opens, if it holds the permission named at the door; whom it meets there (itself, who applies,
-- who handed something in); and the documents for which it was chosen. Who did not come in that way sees nothing.
CREATE FUNCTION app.look_around() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, app, pg_temp AS $$
DECLARE
  own    uuid;
  rights text[];
  opens  uuid[] := '{}';
BEGIN
  SELECT m.contact_id, m.permissions INTO own, rights FROM portal_members m
  WHERE m.organisation_id = app.organisation() AND m.id = app.member() AND m.blocked_at IS NULL AND m.archived_at IS NULL;
  -- Where an app acts for the member, the door names what it was allowed: it holds nothing else, whatever the member holds.
  IF coalesce(current_setting('app.scopes', true), '') <> '' THEN
    rights := array(SELECT r FROM unnest(rights) r WHERE r = ANY (string_to_array(current_setting('app.scopes'), ' ')));
  END IF;
  IF app.permission() = ANY (rights) THEN
    opens := array(SELECT d.dossier_id FROM dossier_members d WHERE d.organisation_id = app.organisation() AND d.member_id = app.member());
  END IF;
  PERFORM set_config('app.rights', coalesce(rights, '{}')::text, true), set_config('app.dossiers', opens::text, true),
    set_config('app.contacts', array(SELECT own WHERE own IS NOT NULL
      UNION SELECT a.contact_id FROM applicants a WHERE a.organisation_id = app.organisation() AND a.dossier_id = ANY (opens)
      UNION SELECT s.contact_id FROM submissions s WHERE s.organisation_id = app.organisation() AND s.dossier_id = ANY (opens))::text, true),
    set_config('app.chosen', array(SELECT c.document_id FROM document_members c
      WHERE c.organisation_id = app.organisation() AND c.member_id = app.member())::text, true);
END $$;
REVOKE ALL ON FUNCTION app.look_around FROM PUBLIC;
CREATE FUNCTION app.visible_dossiers() RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.dossiers', true), '')::uuid[] $$;
CREATE FUNCTION app.visible_contacts() RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.contacts', true), '')::uuid[] $$;
CREATE FUNCTION app.chosen_documents() RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.chosen', true), '')::uuid[] $$;
-- Whether the member at the door has a right, whatever is named there.
CREATE FUNCTION app.holds(permission text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(permission = ANY (nullif(current_setting('app.rights', true), '')::text[]), false) $$;

-- The one rule for who of a dossier's members may see a document of it that is visible in the portal (E8, A4): who may read
-- documents and was chosen, where only some are; and what somebody handed in stays theirs to see for as long as they may hand in.
-- List, count, download and search ask it through the policy of documents, live events and mails through app.document_readers.
CREATE FUNCTION app.may_see_document(reads boolean, restricted boolean, chosen boolean, delivers boolean, own boolean) RETURNS boolean
  LANGUAGE sql IMMUTABLE AS $$ SELECT reads AND (NOT restricted OR chosen OR own) OR delivers AND own $$;

-- Who may see each of the documents; shown: it is visible. Whoever saw one until it was hidden may hear that it was.
-- It looks past the policies, and answers a member about nobody else.
CREATE FUNCTION app.document_readers(documents uuid[]) RETURNS TABLE (document_id uuid, member_id uuid, shown boolean) LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, public, app, pg_temp AS $$
  SELECT d.id, m.id, d.visible
  FROM documents d JOIN dossier_members o ON o.organisation_id = d.organisation_id AND o.dossier_id = d.dossier_id
  JOIN portal_members m ON m.organisation_id = o.organisation_id AND m.id = o.member_id AND m.blocked_at IS NULL AND m.archived_at IS NULL
  WHERE d.organisation_id = app.organisation() AND d.id = ANY ($1) AND (app.member() IS NULL OR m.id = app.member())
    AND app.may_see_document('portal.document:read' = ANY (m.permissions), d.restricted,
      EXISTS (SELECT 1 FROM document_members c WHERE c.organisation_id = d.organisation_id AND c.document_id = d.id AND c.member_id = m.id),
      'portal.submission:create' = ANY (m.permissions),
      coalesce(d.handed_in_by = m.id, false)) $$;
REVOKE ALL ON FUNCTION app.document_readers FROM PUBLIC;

CREATE FUNCTION app.guard(t regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
  EXECUTE format('CREATE POLICY organisation ON %s USING (organisation_id = app.organisation())', t);
  -- Under FORCE the owner sees no rows, silently; it is made a member of this role, so a migration that changes data does see them.
  EXECUTE format('CREATE POLICY migrator ON %s TO voordeur_migrator USING (true)', t);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO voordeur_migrator', t);
END $$;

CREATE FUNCTION app.guard_dossier(t regclass, col text DEFAULT 'dossier_id') RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM app.guard(t);
  EXECUTE format('CREATE POLICY member ON %s AS RESTRICTIVE TO voordeur_member USING (%I = ANY ((SELECT app.visible_dossiers())::uuid[]))', t, col);
END $$;

-- guard_member adds a restrictive policy of its own for portal members.
CREATE FUNCTION app.guard_member(t regclass, rule text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM app.guard(t);
  EXECUTE format('CREATE POLICY member ON %s AS RESTRICTIVE TO voordeur_member USING (%s)', t, rule);
END $$;

-- Only who holds a link chooses a password, and only who signs in a second factor: the office can make it forgotten.
CREATE FUNCTION app.forget_credentials(who uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, app, pg_temp AS $$
  UPDATE employees SET password_hash = NULL, totp_secret = NULL, totp_pending = NULL WHERE organisation_id = app.organisation() AND id = who $$;
REVOKE ALL ON FUNCTION app.forget_credentials FROM PUBLIC;

-- The second door (db.System): finding an office by slug or e-mail address before one is known, and sweeps.
CREATE FUNCTION app.system(t regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('CREATE POLICY system ON %s TO voordeur_system USING (true)', t);
END $$;

SELECT app.guard_member('organisations', 'true'), app.guard_member('employees', 'true'),
  app.guard('employee_links'), app.guard('employee_recovery_codes'), app.guard('role_rights'), app.guard('sso_settings'), app.guard('employee_identities'),
  app.guard('attempts'), app.guard('action_point_templates'), app.guard('mails'), app.guard('password_links');
SELECT app.guard_dossier('dossiers', 'id'), app.guard_dossier('applicants'), app.guard_dossier('products'),
  app.guard_dossier('action_points'), app.guard_dossier('submissions');
SELECT app.guard_member('portal_members', 'id = (SELECT app.member())'),
  app.guard_member('clients', 'id = (SELECT m.client_id FROM portal_members m WHERE m.id = app.member())'),
  app.guard_member('contacts', 'id = ANY ((SELECT app.visible_contacts())::uuid[])'),
  app.guard_member('dossier_members', 'member_id = (SELECT app.member())'),
  -- A row must stay readable to who changes it: what the member took back is archived by the member, and no query of ours shows it.
  app.guard_member('documents', 'visible AND dossier_id = ANY ((SELECT app.visible_dossiers())::uuid[])
    AND app.may_see_document((SELECT app.holds(''portal.document:read'')), restricted, id = ANY ((SELECT app.chosen_documents())::uuid[]),
      (SELECT app.holds(''portal.submission:create'')), coalesce(handed_in_by = app.member(), false))
    AND (archived_at IS NULL OR handed_in_by = app.member())'),
  -- As the document, so its versions: a hidden document has no readable file name either.
  app.guard_member('document_versions', 'dossier_id = ANY ((SELECT app.visible_dossiers())::uuid[]) AND EXISTS
    (SELECT 1 FROM documents d WHERE d.organisation_id = document_versions.organisation_id AND d.id = document_versions.document_id)'),
  app.guard_member('document_members', 'member_id = (SELECT app.member())'),
  app.guard_member('uploads', 'member_id = (SELECT app.member())'),
  app.guard_member('sessions', 'member_id = (SELECT app.member())'),
  app.guard_member('second_factors', 'member_id = (SELECT app.member())'), app.guard_member('recovery_codes', 'member_id = (SELECT app.member())'),
  app.guard_member('factor_resets', 'member_id = (SELECT app.member())'),
  app.guard_member('audit_events', 'actor_id = (SELECT app.member()) OR dossier_id = ANY ((SELECT app.visible_dossiers())::uuid[])
    OR subject = (SELECT app.member())'),
  app.guard_member('idempotency_keys', 'principal = (SELECT app.member())');
SELECT app.guard('audit_heads'), app.guard_member('audit_keys', 'true'); -- a customer adds keys and reads none
SELECT app.system('audit_heads');
GRANT SELECT ON audit_heads TO voordeur_system; -- it signs them every hour

-- What a customer writes is the customer's own, and nothing more than handing in and taking back what has no verdict yet.
CREATE POLICY member_submits ON action_points AS RESTRICTIVE FOR UPDATE TO voordeur_member USING (true) WITH CHECK (state IN ('submitted', 'open'));
CREATE POLICY member_submits ON submissions AS RESTRICTIVE FOR INSERT TO voordeur_member
  WITH CHECK (member_id = (SELECT app.member()) AND verdict IS NULL AND verdict_by IS NULL AND verdict_by_program IS NULL);
CREATE POLICY member_withdraws ON submissions AS RESTRICTIVE FOR UPDATE TO voordeur_member
  USING (member_id = (SELECT app.member()) AND verdict IS NULL);
CREATE POLICY member_withdraws ON documents AS RESTRICTIVE FOR UPDATE TO voordeur_member USING (origin = 'customer' AND submission_id = ANY
  ((SELECT array(SELECT s.id FROM submissions s WHERE s.member_id = app.member() AND s.withdrawn_at IS NOT NULL))::uuid[]));
CREATE POLICY member_submits ON documents AS RESTRICTIVE FOR INSERT TO voordeur_member
  WITH CHECK (origin = 'customer' AND handed_in_by = (SELECT app.member()));
CREATE POLICY member_submits ON document_versions AS RESTRICTIVE FOR INSERT TO voordeur_member
  WITH CHECK (uploaded_by_member = (SELECT app.member()) AND uploaded_by_employee IS NULL);
CREATE POLICY member_acts ON audit_events AS RESTRICTIVE FOR INSERT TO voordeur_member
  WITH CHECK (actor_kind = 'member' AND actor_id = (SELECT app.member()));
-- The office never chooses a customer's password (A9): it has no UPDATE of that column either.
CREATE POLICY no_password ON portal_members AS RESTRICTIVE FOR INSERT TO voordeur_employee WITH CHECK (password_hash IS NULL);
CREATE POLICY no_password ON employees AS RESTRICTIVE FOR INSERT TO voordeur_employee WITH CHECK (num_nonnulls(password_hash, totp_secret, totp_pending) = 0);

SELECT app.system('organisations'), app.system('employees'), app.system('portal_members'), app.system('contacts'), app.system('clients'),
  app.system('password_links'), app.system('sessions'), app.system('attempts'), app.system('uploads'), app.system('document_versions'),
  app.system('idempotency_keys'), app.system('factor_resets'), app.system('second_factors'), app.system('employee_links'), app.system('role_rights');

-- The login role may look up functions (a statement is prepared before its role is set); it has no right on any table.
GRANT USAGE ON SCHEMA app TO voordeur_app, voordeur_employee, voordeur_member, voordeur_visitor, voordeur_system, voordeur_migrator;

-- Employee: everything in the office's own rows; the trail only grows, bytes of a version never change.
GRANT SELECT, UPDATE ON organisations TO voordeur_employee;
GRANT SELECT, INSERT, UPDATE ON clients, contacts, password_links, dossiers, applicants, products, action_points, submissions, documents, mails
  TO voordeur_employee;
GRANT SELECT, INSERT, UPDATE, DELETE ON dossier_members, document_members, action_point_templates, uploads TO voordeur_employee;
GRANT SELECT, INSERT ON portal_members, document_versions, audit_events TO voordeur_employee;
GRANT UPDATE (client_id, contact_id, username, username_folded, function, permissions, preset, notifications, locale, blocked_at, archived_at, version, updated_at)
  ON portal_members TO voordeur_employee;
GRANT SELECT, UPDATE (last_seen_at, ended_at, stage) ON sessions TO voordeur_employee;
GRANT SELECT, INSERT, UPDATE (email, email_folded, first_name, last_name, job_title, phone, role, blocked_at, archived_at, version, updated_at)
  ON employees TO voordeur_employee;
GRANT SELECT, INSERT, UPDATE ON employee_links, role_rights, sso_settings TO voordeur_employee;
GRANT SELECT, DELETE ON employee_identities TO voordeur_employee;
GRANT SELECT, DELETE ON employee_recovery_codes TO voordeur_employee;
GRANT EXECUTE ON FUNCTION app.forget_credentials TO voordeur_employee;
GRANT SELECT, INSERT, UPDATE (body_hash, result, created_at) ON idempotency_keys TO voordeur_employee, voordeur_member, voordeur_visitor;

GRANT SELECT, INSERT ON audit_keys TO voordeur_employee;
GRANT INSERT ON audit_keys TO voordeur_member, voordeur_visitor;

GRANT EXECUTE ON FUNCTION app.found TO voordeur_employee;
GRANT EXECUTE ON FUNCTION app.document_readers TO voordeur_employee, voordeur_member;
GRANT EXECUTE ON FUNCTION app.look_around TO voordeur_member;

-- Portal member: reads its dossiers, hands in, takes back.
GRANT SELECT ON organisations, contacts, dossiers, applicants, dossier_members, products, action_points, submissions, documents, document_versions, document_members, uploads,
  sessions TO voordeur_member;
GRANT SELECT (organisation_id, id, first_name, last_name, job_title, email, phone) ON employees TO voordeur_member;
GRANT SELECT (organisation_id, id, name, kind, is_test) ON clients TO voordeur_member;
-- No password_hash: changing a password verifies the old one as a visitor, as signing in does.
GRANT SELECT (organisation_id, id, client_id, contact_id, username, username_folded, function, permissions, preset, notifications, password_set_at, locale,
    blocked_at, last_login_at, version, created_at, updated_at, archived_at), UPDATE (locale, notifications, version, updated_at) ON portal_members TO voordeur_member;
GRANT UPDATE (state, submitted_at, version, updated_at) ON action_points TO voordeur_member;
GRANT UPDATE (withdrawn_at) ON submissions TO voordeur_member;
GRANT UPDATE (archived_at, version, updated_at) ON documents TO voordeur_member;
GRANT UPDATE (activity_at) ON dossiers TO voordeur_member;
GRANT INSERT ON submissions, documents, document_versions TO voordeur_member;
GRANT INSERT, UPDATE, DELETE ON uploads TO voordeur_member;
GRANT UPDATE (last_seen_at, ended_at) ON sessions TO voordeur_member;
GRANT INSERT, SELECT (organisation_id, seq, id, name, actor_kind, actor_id, subject, dossier_id, at) ON audit_events TO voordeur_member;

-- Visitor: signing in, and setting a password by a link, once the office is known.
GRANT SELECT ON organisations, employees, clients, contacts, portal_members TO voordeur_visitor;
GRANT UPDATE (password_hash, password_set_at, totp_secret, totp_pending, totp_last_step, last_login_at, version, updated_at) ON employees TO voordeur_visitor;
GRANT SELECT, UPDATE ON employee_links TO voordeur_visitor;
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON employee_recovery_codes TO voordeur_visitor;
GRANT SELECT ON role_rights, sso_settings TO voordeur_visitor;
GRANT SELECT, INSERT ON employee_identities TO voordeur_visitor;
GRANT UPDATE (role) ON employees TO voordeur_visitor;  -- the groups at the provider decide it
GRANT UPDATE (password_hash, password_short, password_set_at, last_login_at, version, updated_at) ON portal_members TO voordeur_visitor;
GRANT SELECT, INSERT, UPDATE ON password_links, sessions, mails TO voordeur_visitor;
GRANT SELECT, INSERT, UPDATE, DELETE ON attempts TO voordeur_visitor;
GRANT INSERT, SELECT (organisation_id, seq) ON audit_events TO voordeur_visitor;

-- The second step is the customer's own: the office sees whether it is on, and can only begin to take it away.
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors, recovery_codes TO voordeur_visitor;
GRANT SELECT, UPDATE (stopped_at, stopped_by, done_at) ON factor_resets TO voordeur_visitor;
GRANT SELECT (organisation_id, id, member_id, created_at, confirmed_at) ON second_factors TO voordeur_member, voordeur_employee;
GRANT SELECT (organisation_id, id, member_id, used_at) ON recovery_codes TO voordeur_member;
GRANT SELECT (organisation_id, id, member_id, requested_at, due_at, stopped_at, done_at) ON factor_resets TO voordeur_member;
GRANT SELECT, INSERT, UPDATE (stopped_at, stopped_by) ON factor_resets TO voordeur_employee;
GRANT SELECT ON factor_resets TO voordeur_system;
GRANT SELECT (organisation_id, member_id, confirmed_at) ON second_factors TO voordeur_system;  -- how long the password of a link must be

-- System: before an office is known, and sweeps.
GRANT SELECT ON organisations, employees, portal_members, contacts, clients, password_links, employee_links, role_rights TO voordeur_system;
GRANT SELECT, UPDATE (last_seen_at, ended_at), DELETE ON sessions TO voordeur_system;
GRANT SELECT, DELETE ON attempts, idempotency_keys TO voordeur_system;
GRANT SELECT, UPDATE, DELETE ON uploads TO voordeur_system;
GRANT SELECT (organisation_id, document_id, number, blob_key) ON document_versions TO voordeur_system;

-- Other software (F1) ---------------------------------------------------------------------------

-- A program that an administrator let in. It acts as itself at the office's own operations, within its scopes: with a key, or
-- with tokens it gets for its secret (service); or as the customer who allowed it (app).
CREATE TABLE api_clients (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,
  kind             text NOT NULL CHECK (kind IN ('key', 'service', 'app')),
  name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  scopes           text[] NOT NULL,            -- permissions (authz), the same strings the door names
  networks         cidr[] NOT NULL DEFAULT '{}',  -- from where; empty: from everywhere
  redirect_uris    text[] NOT NULL DEFAULT '{}',  -- of an app; compared letter for letter
  confidential     boolean NOT NULL DEFAULT true, -- false: an app on a telephone, which can keep no secret
  expires_at       timestamptz,
  revoked_at       timestamptz,
  last_used_at     timestamptz,                -- once a minute
  created_by       uuid NOT NULL,
  version          bigint NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, created_by) REFERENCES employees (organisation_id, id),
  CHECK (kind = 'app' OR confidential AND redirect_uris = '{}')
);
ALTER TABLE uploads ADD FOREIGN KEY (organisation_id, api_client_id) REFERENCES api_clients (organisation_id, id);
ALTER TABLE password_links ADD FOREIGN KEY (organisation_id, asked_by_program) REFERENCES api_clients (organisation_id, id);
ALTER TABLE action_points ADD FOREIGN KEY (organisation_id, reason_by_program) REFERENCES api_clients (organisation_id, id);
ALTER TABLE submissions ADD FOREIGN KEY (organisation_id, verdict_by_program) REFERENCES api_clients (organisation_id, id);

-- Two at once while one takes the place of the other. Derived from the id, as password_links are: the row holds a digest only.
CREATE TABLE api_client_secrets (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  client_id        uuid NOT NULL,
  digest           bytea NOT NULL UNIQUE,      -- SHA-256
  hint             text NOT NULL,              -- the last four characters, to tell two apart
  created_at       timestamptz NOT NULL,
  expires_at       timestamptz,                -- the end of an overlap
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, client_id) REFERENCES api_clients (organisation_id, id)
);
CREATE INDEX api_client_secrets_by_client ON api_client_secrets (organisation_id, client_id, id DESC);

-- What a customer allowed an app, from the moment of allowing it. The code is derived as above; the app has a minute to exchange it.
CREATE TABLE app_consents (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  client_id        uuid NOT NULL,
  member_id        uuid NOT NULL,
  scopes           text[] NOT NULL,            -- permissions (authz)
  code_hash        bytea NOT NULL UNIQUE,      -- SHA-256
  redirect_uri     text NOT NULL,
  challenge        text NOT NULL,              -- PKCE, S256
  created_at       timestamptz NOT NULL,
  redeemed_at      timestamptz,                -- a second time ends it
  expires_at       timestamptz,
  last_used_at     timestamptz,                -- once a minute
  ended_at         timestamptz,
  ended_by         text CHECK (ended_by IN ('customer', 'app', 'code_reuse', 'code_refused', 'token_reuse')),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, client_id) REFERENCES api_clients (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id)
);
CREATE INDEX app_consents_by_member ON app_consents (organisation_id, member_id) WHERE ended_at IS NULL;

-- One is in use; those before it are kept, so that one that turns up again is recognised and ends them all.
CREATE TABLE app_refresh_tokens (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  consent_id       uuid NOT NULL,
  token_hash       bytea NOT NULL UNIQUE,      -- SHA-256
  created_at       timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  used_at          timestamptz,
  successor_id     uuid,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, consent_id) REFERENCES app_consents (organisation_id, id),
  FOREIGN KEY (organisation_id, successor_id) REFERENCES app_refresh_tokens (organisation_id, id)
);
CREATE INDEX app_refresh_tokens_by_consent ON app_refresh_tokens (organisation_id, consent_id);
CREATE INDEX app_refresh_tokens_by_successor ON app_refresh_tokens (organisation_id, successor_id) WHERE successor_id IS NOT NULL;  -- for the sweep

-- What access tokens are signed with, by its time: published, then used, then published for as long as a token may live. They
-- belong to the program and to no office, so nobody but the second door reads them.
CREATE TABLE signing_keys (
  id               uuid PRIMARY KEY,           -- kid
  public_key       bytea NOT NULL,
  private_key      bytea NOT NULL,             -- sealed (AES-256-GCM)
  created_at       timestamptz NOT NULL,
  signs_from       timestamptz NOT NULL,
  signs_until      timestamptz NOT NULL
);
ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator ON signing_keys TO voordeur_migrator USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON signing_keys TO voordeur_migrator;

SELECT app.guard_member('api_clients', 'kind = ''app'''), app.guard('api_client_secrets'), app.guard_member('app_consents', 'member_id = (SELECT app.member())'),
  app.guard('app_refresh_tokens'), app.system('app_refresh_tokens'), app.system('app_consents'), app.system('api_clients'), app.system('api_client_secrets'), app.system('signing_keys');
GRANT SELECT, INSERT, UPDATE (name, scopes, networks, redirect_uris, expires_at, revoked_at, version, updated_at) ON api_clients TO voordeur_employee;
GRANT SELECT (organisation_id, id, client_id, hint, created_at, expires_at), INSERT, UPDATE (expires_at) ON api_client_secrets TO voordeur_employee;
GRANT SELECT (organisation_id, id, kind, name, scopes, redirect_uris, expires_at, revoked_at) ON api_clients TO voordeur_member;
GRANT SELECT (organisation_id, id, client_id, member_id, scopes, created_at, redeemed_at, expires_at, last_used_at, ended_at), INSERT, UPDATE (ended_at, ended_by)
  ON app_consents TO voordeur_member;
GRANT SELECT, UPDATE (redeemed_at, expires_at, ended_at, ended_by) ON app_consents TO voordeur_visitor;
GRANT SELECT, INSERT, UPDATE (used_at, successor_id) ON app_refresh_tokens TO voordeur_visitor;
GRANT SELECT, UPDATE (last_used_at) ON api_clients, app_consents TO voordeur_system;
GRANT DELETE ON app_consents TO voordeur_system;                     -- nobody came for it, or it ended long ago
GRANT SELECT, DELETE ON app_refresh_tokens TO voordeur_system;
GRANT SELECT ON api_client_secrets TO voordeur_system;
GRANT SELECT, INSERT, DELETE ON signing_keys TO voordeur_system;

-- Login without a password (D3) ------------------------------------------------------------------

-- One browser that asked for a code, whether anybody has the name it gave or not. Tries are counted by a statement of its own
-- before the code is compared; the code works once, and only in the browser that holds the token.
CREATE TABLE login_challenges (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,
  token_hash       bytea NOT NULL UNIQUE,      -- SHA-256 of the cookie
  name             text NOT NULL,              -- what was typed, folded; empty where somebody is signed in
  for_session      uuid,                       -- of who is signed in and proves it again: it opens nothing else. Sessions may be emptied earlier than this row
  known_for        uuid,                       -- the member to whom the browser belongs: what others ask elsewhere does not count
  code_hash        bytea,                      -- HMAC; empty until a code was sent, so for ever where nobody has the name
  member_ids       uuid[] NOT NULL DEFAULT '{}',  -- whom the code is for: several may share an address
  tries            int NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
  created_at       timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  proven_at        timestamptz,                -- the code was right
  ended_at         timestamptz,                -- somebody came in by it, or a newer one took its place
  PRIMARY KEY (organisation_id, id),
  CHECK (for_session IS NULL OR known_for IS NOT NULL)
);
CREATE UNIQUE INDEX login_challenges_by_session ON login_challenges (organisation_id, for_session) WHERE for_session IS NOT NULL AND ended_at IS NULL;
CREATE INDEX login_challenges_by_expiry ON login_challenges (expires_at);

-- Text messages wait here as mails do.
CREATE TABLE texts (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  id               uuid NOT NULL,              -- also what the provider tells a repetition by
  kind             text NOT NULL,
  recipient        text NOT NULL CHECK (recipient ~ '^\+[1-9][0-9]{7,14}$'),
  payload          jsonb NOT NULL,             -- ids only
  state            text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed')),
  error            text NOT NULL DEFAULT '',
  created_at       timestamptz NOT NULL,
  sent_at          timestamptz,
  PRIMARY KEY (organisation_id, id)
);

SELECT app.guard('login_challenges'), app.guard('texts'), app.system('login_challenges');
GRANT SELECT, INSERT, UPDATE ON login_challenges TO voordeur_visitor;
GRANT SELECT, UPDATE (code_hash, member_ids) ON login_challenges TO voordeur_employee;  -- the task that sends the code
GRANT SELECT, INSERT, UPDATE ON texts, attempts TO voordeur_employee;                   -- which counts what it sends
GRANT SELECT, DELETE ON login_challenges TO voordeur_system;

-- Looking along (B15): an employee opens the portal as one of its members, by a ticket of a minute, in a session of its own that changes
-- nothing. It is no session of the customer's: signing out there leaves it alone. A row that was started stays: it is what the customer
-- reads under "Wie keek mee".
CREATE TABLE portal_views (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  member_id        uuid NOT NULL,
  employee_id      uuid NOT NULL,
  office_session   uuid NOT NULL,              -- of the employee: a look ends with it. Sessions are swept earlier than this row
  dossier_id       uuid,                       -- where it began
  reason           text NOT NULL CHECK (length(reason) BETWEEN 10 AND 300),
  ticket_hash      bytea NOT NULL UNIQUE,      -- SHA-256; it works once, within a minute
  token_hash       bytea UNIQUE,               -- SHA-256 of the cookie
  requested_at     timestamptz NOT NULL,
  started_at       timestamptz,                -- the ticket was used
  expires_at       timestamptz,
  ended_at         timestamptz,
  ended_why        text CHECK (ended_why IN ('stopped', 'expired', 'signed_out', 'right_withdrawn', 'member_blocked', 'replaced')),
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id),
  FOREIGN KEY (organisation_id, employee_id) REFERENCES employees (organisation_id, id),
  FOREIGN KEY (organisation_id, dossier_id) REFERENCES dossiers (organisation_id, id),
  CHECK (num_nonnulls(started_at, expires_at, token_hash) IN (0, 3)),
  CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE INDEX portal_views_by_member ON portal_views (organisation_id, member_id, id DESC) WHERE started_at IS NOT NULL;
CREATE INDEX portal_views_by_employee ON portal_views (organisation_id, employee_id) WHERE ended_at IS NULL;
SELECT app.guard_member('portal_views', 'member_id = (SELECT app.member()) AND started_at IS NOT NULL'), app.system('portal_views');
GRANT SELECT, INSERT, UPDATE (token_hash, started_at, expires_at, ended_at, ended_why) ON portal_views TO voordeur_employee;
GRANT SELECT (organisation_id, id, member_id, employee_id, reason, started_at, expires_at, ended_at, ended_why) ON portal_views TO voordeur_member;
GRANT SELECT, UPDATE (ended_at, ended_why) ON portal_views TO voordeur_visitor;  -- an employee signs out
GRANT SELECT, DELETE ON portal_views TO voordeur_system;

-- Passkeys -------------------------------------------------------------------------------------

-- A passkey of a customer or of an employee: what is kept of it is no secret. user_handle is random, one for all passkeys of a person.
CREATE TABLE passkeys (
  organisation_id  uuid NOT NULL DEFAULT app.organisation(),
  id               uuid NOT NULL,
  employee_id      uuid,
  member_id        uuid,
  user_handle      bytea NOT NULL CHECK (length(user_handle) = 32),
  credential_id    bytea NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 1023),
  public_key       bytea NOT NULL,
  sign_count       bigint NOT NULL,            -- of the authenticator; many always say 0
  model            uuid NOT NULL,              -- AAGUID; zero: it does not say
  backup_eligible  boolean NOT NULL,
  backed_up        boolean NOT NULL,
  transports       text NOT NULL DEFAULT '',   -- for the browser, with commas
  name             text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  created_at       timestamptz NOT NULL,
  last_used_at     timestamptz,
  suspect_at       timestamptz,                -- its counter went back: there may be a copy, so it opens nothing any more
  version          bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (organisation_id, id),
  FOREIGN KEY (organisation_id, employee_id) REFERENCES employees (organisation_id, id),
  FOREIGN KEY (organisation_id, member_id) REFERENCES portal_members (organisation_id, id),
  CHECK (num_nonnulls(employee_id, member_id) = 1)
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (organisation_id, credential_id);
CREATE INDEX passkeys_by_handle ON passkeys (user_handle);
CREATE INDEX passkeys_by_member ON passkeys (organisation_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX passkeys_by_employee ON passkeys (organisation_id, employee_id) WHERE employee_id IS NOT NULL;

-- Challenges that were answered, rightly or not: each is good for one answer. The browser keeps the ones that were not, sealed.
CREATE TABLE passkey_challenges (
  organisation_id  uuid NOT NULL DEFAULT app.organisation() REFERENCES organisations,
  challenge_hash   bytea NOT NULL,
  answered_at      timestamptz NOT NULL,
  PRIMARY KEY (organisation_id, challenge_hash)
);
CREATE INDEX passkey_challenges_by_age ON passkey_challenges (answered_at);

SELECT app.guard_member('passkeys', 'member_id = (SELECT app.member())'), app.guard('passkey_challenges'),
  app.system('passkeys'), app.system('passkey_challenges');
-- The office sees that a customer has one, and takes none away: that takes the day of factor_resets.
CREATE POLICY not_of_customers ON passkeys AS RESTRICTIVE FOR DELETE TO voordeur_employee USING (member_id IS NULL);
GRANT SELECT (organisation_id, id, employee_id, member_id), DELETE ON passkeys TO voordeur_employee;
GRANT SELECT (organisation_id, id, member_id, model, backed_up, name, created_at, last_used_at, suspect_at, version), UPDATE (name, version)
  ON passkeys TO voordeur_member;
GRANT SELECT, INSERT, UPDATE (sign_count, backed_up, name, last_used_at, suspect_at, version), DELETE ON passkeys TO voordeur_visitor;
GRANT INSERT ON passkey_challenges TO voordeur_visitor;
GRANT SELECT (organisation_id, id, employee_id, user_handle, credential_id) ON passkeys TO voordeur_system;
GRANT SELECT, DELETE ON passkey_challenges TO voordeur_system;
