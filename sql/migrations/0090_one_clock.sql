-- Instants come from one clock, the warehouse's, and never go back: a machine's clock that is set back, or that stood ahead and is
-- set right, would else close a version before it began, put a release before its hold, and a correction before what it corrects.
CREATE SEQUENCE core.last_instant AS bigint;        -- the last instant given, in microseconds since 1970; survives a rollback, as time does

-- An instant later than every one that was given before: by the clock, or one microsecond on where the clock stands behind.
CREATE FUNCTION core.instant() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    given bigint;
BEGIN
    PERFORM pg_advisory_lock(hashtext('instant'), 0);           -- for a moment only: no transaction holds it
    SELECT greatest(floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint, last_value + 1) INTO given FROM core.last_instant;
    PERFORM setval('core.last_instant', given);
    PERFORM pg_advisory_unlock(hashtext('instant'), 0);
    RETURN timestamptz 'epoch' + given * interval '1 microsecond';
EXCEPTION WHEN query_canceled OR others THEN
    PERFORM pg_advisory_unlock(hashtext('instant'), 0);
    RAISE;
END $$;

-- Whoever stamps rows takes this first, and holds it until they are committed.
CREATE FUNCTION core.instant_of_rows() RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('rows'), 0);
    RETURN core.instant();
END $$;

-- An instant of which everything stamped before it can be seen: a run that read without a delivery still being written would
-- else be replayed with it. Waits for those; after so long it goes on, and the next run looks back over the gap.
CREATE FUNCTION core.instant_of_all(patience interval DEFAULT '5 minutes') RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    waited interval := '0';
    step   CONSTANT interval := '50 milliseconds';
    alone  boolean := false;
    given  timestamptz;
BEGIN
    LOOP
        alone := pg_try_advisory_lock(hashtext('rows'), 0);
        EXIT WHEN alone;
        IF waited >= patience THEN
            RETURN core.instant();
        END IF;
        PERFORM pg_sleep_for(step);
        waited := waited + step;
    END LOOP;
    given := core.instant();
    PERFORM pg_advisory_unlock(hashtext('rows'), 0);
    RETURN given;
EXCEPTION WHEN query_canceled OR others THEN
    IF alone THEN
        PERFORM pg_advisory_unlock(hashtext('rows'), 0);
    END IF;
    RAISE;
END $$;

ALTER TABLE landing.delivery ALTER COLUMN received_at SET DEFAULT core.instant();
ALTER TABLE landing.decision ALTER COLUMN decided_at SET DEFAULT core.instant();

-- As before, by that clock: by another, a version that began "later" was deleted.
CREATE OR REPLACE FUNCTION assess.keep_plan_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    at timestamptz := CASE WHEN EXISTS (SELECT FROM assess.run WHERE finished_at IS NOT NULL) THEN core.instant() ELSE '-infinity' END;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM assess.plan_version WHERE plan_id = OLD.plan_id AND known_to = 'infinity' AND known_from >= at;
        UPDATE assess.plan_version SET known_to = at WHERE plan_id = OLD.plan_id AND known_to = 'infinity';
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO assess.plan_version (plan_id, plan_hash, in_force, document, known_from)
        VALUES (NEW.plan_id, NEW.plan_hash, NEW.in_force, NEW.document, at);
    END IF;
    RETURN NULL;
END $$;
