-- What returns and cohorts stand on: unit costs and the rules of disclosure as a council edits them, who may take out personal
-- data and until when, what was taken out, and who was asked about in a match.
CREATE SCHEMA returns;

CREATE TABLE returns.unit_cost (
    item     text PRIMARY KEY,
    kind     text NOT NULL REFERENCES core.kind,
    codes    text[] NOT NULL DEFAULT '{}',          -- only facts of these codes; empty: of any
    per      text NOT NULL CHECK (per IN ('event', 'week')),
    pounds   numeric NOT NULL CHECK (pounds >= 0),
    says     text NOT NULL,
    source   text NOT NULL,
    verified boolean NOT NULL
);

-- One row: how small a count is shown, to what it is rounded, how far costs look before and after attachment.
CREATE TABLE returns.disclosure (
    is_only        boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    least          int NOT NULL CHECK (least > 1),      -- a smaller count is not shown
    round_to       int NOT NULL CHECK (round_to > 0),
    round_pounds   int NOT NULL CHECK (round_pounds > 0),
    months         int NOT NULL CHECK (months > 0)      -- at most so many before and as many after
);

CREATE FUNCTION returns.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is added to, never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Leave to take out personal data: for one return, to one person, given by another, until a day.
CREATE TABLE returns.permission (
    permission_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what          text NOT NULL,
    given_to      text NOT NULL CHECK (btrim(given_to) <> ''),
    given_by      text NOT NULL CHECK (btrim(given_by) <> '' AND lower(btrim(given_by)) <> lower(btrim(given_to))),
    because       text NOT NULL CHECK (btrim(because) <> ''),
    until         date NOT NULL,
    given_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER permission_stands BEFORE UPDATE OR DELETE ON returns.permission
    FOR EACH ROW EXECUTE FUNCTION returns.refuse_change();

-- Each return that was made: counts and digest, never its rows.
CREATE TABLE returns.made (
    made_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what          text NOT NULL,
    by_whom       text NOT NULL CHECK (btrim(by_whom) <> ''),
    because       text NOT NULL,
    permission_id bigint REFERENCES returns.permission,
    as_at         date NOT NULL,
    run_id        bigint NOT NULL,
    map_sha256    text NOT NULL,                        -- of the column map
    file_sha256   text NOT NULL,
    rows          bigint NOT NULL,
    counts        jsonb NOT NULL DEFAULT '{}',
    made_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER made_stands BEFORE UPDATE OR DELETE ON returns.made
    FOR EACH ROW EXECUTE FUNCTION returns.refuse_change();

-- Whom a match request asked about: our reference in it and our person; what came back, without the benefit itself.
CREATE TABLE returns.asked (
    made_id   bigint NOT NULL REFERENCES returns.made,
    our_ref   text NOT NULL,                            -- stable, so that a person keeps it from one request to the next
    person_id bigint NOT NULL,
    PRIMARY KEY (made_id, our_ref)
);

CREATE TABLE returns.answer (
    made_id     bigint NOT NULL,
    our_ref     text NOT NULL,
    match       text NOT NULL,
    file_sha256 text NOT NULL,                          -- of the reply
    answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (made_id, our_ref, file_sha256),
    FOREIGN KEY (made_id, our_ref) REFERENCES returns.asked
);
