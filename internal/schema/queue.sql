-- River's tables, after River's own migrations; every line may run again. The queue's role does River's
-- work; the door's roles may add a task of their own office, and see no other.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO voordeur_queue;
DO $$
DECLARE t regclass;
BEGIN
  FOR t IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND c.relname NOT LIKE 'river%' LOOP
    EXECUTE format('REVOKE ALL ON %s FROM voordeur_queue', t);
  END LOOP;
END $$;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO voordeur_queue;
GRANT SELECT, INSERT, UPDATE (kind) ON river_job TO voordeur_employee, voordeur_member, voordeur_visitor;
GRANT USAGE ON SEQUENCE river_job_id_seq TO voordeur_employee, voordeur_member, voordeur_visitor;
ALTER TABLE river_job ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS organisation ON river_job;
CREATE POLICY organisation ON river_job TO voordeur_employee, voordeur_member, voordeur_visitor
  USING (metadata ->> 'organisation' = app.organisation()::text);
DROP POLICY IF EXISTS member ON river_job;
CREATE POLICY member ON river_job AS RESTRICTIVE TO voordeur_member USING (metadata ->> 'actor' = app.member()::text);
DROP POLICY IF EXISTS queue ON river_job;
CREATE POLICY queue ON river_job TO voordeur_queue USING (true);
