-- Every text that a plan has had and when it was the one that judged, who signed it and who activated it: so that a past
-- verdict is given again under the plan of its time.

CREATE TABLE assess.plan_version (
    plan_id    text NOT NULL,
    plan_hash  text NOT NULL,
    in_force   daterange NOT NULL,
    document   jsonb NOT NULL,
    known_from timestamptz NOT NULL,
    known_to   timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (plan_id, known_from)
);
INSERT INTO assess.plan_version (plan_id, plan_hash, in_force, document, known_from)
SELECT plan_id, plan_hash, in_force, document, '-infinity' FROM assess.plan;

-- Until anything has been judged, a plan has always been so.
CREATE FUNCTION assess.keep_plan_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    at timestamptz := CASE WHEN EXISTS (SELECT FROM assess.run WHERE finished_at IS NOT NULL) THEN clock_timestamp() ELSE '-infinity' END;
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
CREATE TRIGGER plan_version AFTER INSERT OR UPDATE OR DELETE ON assess.plan
    FOR EACH ROW EXECUTE FUNCTION assess.keep_plan_version();

-- Who has read and signed which text of a plan, and why.
CREATE TABLE assess.plan_signature (
    plan_id   text NOT NULL,
    file_hash text NOT NULL,                        -- sha256 of the file's text
    by_whom   text NOT NULL CHECK (btrim(by_whom) <> ''),
    because   text NOT NULL CHECK (btrim(because) <> ''),
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (plan_id, file_hash, by_whom)
);

-- Who made which text the one that judges, from which day; kept with the text itself.
CREATE TABLE assess.plan_activation (
    activation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id       text NOT NULL,
    file_hash     text NOT NULL,
    plan_hash     text NOT NULL,
    from_on       date NOT NULL,
    signed_by     text NOT NULL,
    by_whom       text NOT NULL CHECK (btrim(by_whom) <> ''),
    file_text     text NOT NULL,
    activated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (lower(btrim(signed_by)) <> lower(btrim(by_whom)))
);
