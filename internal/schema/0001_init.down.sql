DROP TABLE passkey_challenges, passkeys;
DROP TABLE portal_views;
DROP TABLE login_challenges, texts;
DROP TABLE app_refresh_tokens, app_consents, signing_keys, api_client_secrets, request_buckets, idempotency_keys, audit_heads, audit_keys, audit_events, mails, uploads, api_clients,
  document_members, document_versions, documents, submissions, action_points,
  action_point_templates, products, dossier_members, applicants, dossiers, attempts, factor_resets, recovery_codes, second_factors, sessions, password_links,
  portal_members, contacts, clients, employee_identities, sso_settings, role_rights, employee_recovery_codes, employee_links, employees, organisations;
DROP SCHEMA app CASCADE;
