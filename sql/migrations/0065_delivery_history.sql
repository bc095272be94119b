-- Who decided what and why, each state of a delivery with its instant, and each receipt as it was sent: added to, never changed.
CREATE FUNCTION landing.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is added to, never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- The same person may decide twice, and both stand; what was decided about stands with the decision.
ALTER TABLE landing.decision DROP CONSTRAINT decision_pkey;
ALTER TABLE landing.decision
    ADD COLUMN decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ADD COLUMN status_was  text,                    -- the delivery's status when it was decided about
    ADD COLUMN rules       text[] NOT NULL DEFAULT '{}';  -- the rules of its hold then
CREATE INDEX ON landing.decision (delivery_id, decided_at);
CREATE TRIGGER decision_stands BEFORE UPDATE OR DELETE ON landing.decision
    FOR EACH ROW EXECUTE FUNCTION landing.refuse_change();

-- Each state that a delivery came to. Not a foreign key: a file that waited is registered under its true digest later.
CREATE TABLE landing.event (
    event_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id   bigint NOT NULL,
    feed          text NOT NULL,
    partner       text NOT NULL,
    file_name     text NOT NULL,
    state         text NOT NULL,
    status        text,
    rows_read     bigint,
    rows_loaded   bigint,
    rows_rejected bigint,
    rules         text[] NOT NULL DEFAULT '{}',     -- of the reasons that stood then
    happened_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON landing.event (delivery_id, event_id);
CREATE INDEX ON landing.event (file_name, partner) WHERE state = 'seen';
CREATE TRIGGER event_stands BEFORE UPDATE OR DELETE ON landing.event
    FOR EACH ROW EXECUTE FUNCTION landing.refuse_change();

CREATE FUNCTION landing.note_event() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO landing.event (delivery_id, feed, partner, file_name, state, status, rows_read, rows_loaded, rows_rejected, rules)
    VALUES (NEW.delivery_id, NEW.feed, NEW.partner, NEW.file_name, NEW.state, NEW.status, NEW.rows_read, NEW.rows_loaded,
            NEW.rows_rejected, ARRAY(SELECT r ->> 'rule' FROM jsonb_array_elements(NEW.reasons) r));
    RETURN NULL;
END $$;
CREATE TRIGGER delivery_comes AFTER INSERT ON landing.delivery
    FOR EACH ROW EXECUTE FUNCTION landing.note_event();
CREATE TRIGGER delivery_moves AFTER UPDATE OF state, status, decided_at ON landing.delivery
    FOR EACH ROW WHEN ((OLD.state, OLD.status, OLD.decided_at) IS DISTINCT FROM (NEW.state, NEW.status, NEW.decided_at))
    EXECUTE FUNCTION landing.note_event();

-- Each try to write a receipt into the partner's folder: what was said when it succeeded, else the kind of fault.
CREATE TABLE landing.receipt (
    receipt_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id bigint NOT NULL REFERENCES landing.delivery,
    tried_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    fault       text,                               -- null: it was written
    body        jsonb,                              -- the receipt as written
    CHECK ((fault IS NULL) = (body IS NOT NULL))
);
CREATE INDEX ON landing.receipt (delivery_id, receipt_id);
CREATE TRIGGER receipt_stands BEFORE UPDATE OR DELETE ON landing.receipt
    FOR EACH ROW EXECUTE FUNCTION landing.refuse_change();

ALTER TABLE landing.delivery
    ADD COLUMN families_affected bigint,            -- households known here whom its rejected rows, or its not being applied, concern
    ADD COLUMN applied           jsonb;             -- counts of what applying it changed
