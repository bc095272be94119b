-- what:  the roles that may read the marts, or their twins for analysts, and nothing under them; left out quietly where we may not make roles
-- grain: none
-- reads: pg_roles
-- key:   none
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES ('tfi_reader', 'mart'), ('tfi_analyst', 'analyst')) v (role, schema) LOOP
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = one.role) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', one.role);
            END IF;
        EXCEPTION
            WHEN unique_violation OR duplicate_object THEN NULL;    -- another database of the same server made it at the same moment
        END;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), one.role);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', one.schema, one.role);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', one.schema, one.role);
    END LOOP;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'tfi_reader and tfi_analyst were not made: this user may not make roles';
END
$$
