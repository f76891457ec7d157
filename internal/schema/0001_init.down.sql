DROP TABLE idempotency_keys, audit_events, mails, uploads, document_versions, documents, submissions, action_points,
  action_point_templates, products, dossier_members, applicants, dossiers, attempts, factor_resets, recovery_codes, second_factors, sessions, password_links,
  portal_members, contacts, clients, employees, organisations;
DROP SCHEMA app CASCADE;
