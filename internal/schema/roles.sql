-- Roles belong to the whole server, not to one database, so they are made apart from the migrations:
-- if missing, by whoever comes first. The login role owns nothing and inherits nothing; the door sets one of the others.
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['voordeur_employee', 'voordeur_member', 'voordeur_visitor', 'voordeur_system', 'voordeur_migrator'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', r);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
  FOREACH r IN ARRAY ARRAY['voordeur_app', 'voordeur_queue'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', r);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
  FOREACH r IN ARRAY ARRAY['voordeur_employee', 'voordeur_member', 'voordeur_visitor', 'voordeur_system'] LOOP
    IF NOT EXISTS (SELECT FROM pg_auth_members m WHERE m.roleid = r::regrole AND m.member = 'voordeur_app'::regrole) THEN
      EXECUTE format('GRANT %I TO voordeur_app', r);
    END IF;
  END LOOP;
  -- For migrations that change data. A superuser needs no membership.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    BEGIN
      EXECUTE format('GRANT voordeur_migrator TO %I', current_user);
    EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation THEN
      RAISE WARNING 'no membership of voordeur_migrator: a migration that changes data will fail';
    END;
  END IF;
END $$;
