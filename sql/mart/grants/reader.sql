-- what:  the role that may read the marts and nothing under them; left out quietly where we may not make roles
-- grain: none
-- reads: pg_roles
-- key:   none
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tfi_reader') THEN
        CREATE ROLE tfi_reader NOLOGIN;
    END IF;
    GRANT USAGE ON SCHEMA mart TO tfi_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA mart TO tfi_reader;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'tfi_reader was not made: this user may not make roles';
    WHEN unique_violation OR duplicate_object THEN
        -- another database of the same server made it at the same moment
        GRANT USAGE ON SCHEMA mart TO tfi_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA mart TO tfi_reader;
END
$$
