-- What a night needs so that it costs in proportion to what is new, and not to all that is known.

-- Records, words and dated listings that came, changed or went since the last resolution. Written by the statements that change them,
-- in their transaction, and taken out by the resolution that has seen them: nothing is missed that is committed late.
CREATE TABLE identity.pending_record (
    source_record_id bigint NOT NULL
);
CREATE TABLE identity.pending_listing (
    partner text NOT NULL,
    ref     text NOT NULL                           -- a family reference, or what several people share (a tenancy)
);

CREATE FUNCTION identity.note_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.pending_record SELECT DISTINCT source_record_id FROM moved;
    RETURN NULL;
END $$;
CREATE TRIGGER record_came AFTER INSERT ON core.source_record
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION identity.note_record();
CREATE TRIGGER record_moved AFTER UPDATE ON core.source_record
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION identity.note_record();
CREATE TRIGGER record_went AFTER DELETE ON core.source_record
    REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION identity.note_record();

CREATE FUNCTION identity.note_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.pending_record
    SELECT source_record_a FROM moved UNION SELECT source_record_b FROM moved;
    RETURN NULL;
END $$;
CREATE TRIGGER decision_came AFTER INSERT ON identity.decision
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION identity.note_decision();
CREATE TRIGGER decision_went AFTER DELETE ON identity.decision
    REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION identity.note_decision();

CREATE FUNCTION identity.note_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.pending_listing
    SELECT partner, family_ref FROM moved WHERE family_ref IS NOT NULL
    UNION
    SELECT partner, ref FROM moved WHERE ref IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER listing_came AFTER INSERT ON core.fact
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION identity.note_listing();
CREATE TRIGGER listing_moved AFTER UPDATE ON core.fact
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION identity.note_listing();
CREATE TRIGGER listing_went AFTER DELETE ON core.fact
    REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION identity.note_listing();

-- How many records stand, how many of them wait, and how many persons there are: kept by difference. Null: to be counted.
ALTER TABLE identity.match_state
    ADD COLUMN n_records bigint,
    ADD COLUMN n_waiting bigint,
    ADD COLUMN n_persons bigint;
ALTER TABLE identity.match_record
    ADD COLUMN waits boolean NOT NULL DEFAULT false,    -- nobody has introduced it
    ADD COLUMN leads boolean NOT NULL DEFAULT false;    -- its person bears its id

-- Where each record put its person, from which day on: what homes are worked out from. Introducing records that ever gave a home.
CREATE TABLE identity.sighting (
    source_record_id bigint NOT NULL,
    partner text NOT NULL,
    seen_on date NOT NULL,
    surname text,
    uprn    text,
    written text,
    PRIMARY KEY (source_record_id, seen_on)
);
CREATE INDEX sighting_written ON identity.sighting (written) WHERE written IS NOT NULL;

-- Where each person lives, from news to news, as the last resolution found it.
CREATE TABLE identity.stay (
    person_id bigint NOT NULL,
    home      text NOT NULL,
    seen_from date NOT NULL,
    is_first  boolean NOT NULL,
    until     date
);
CREATE INDEX stay_person ON identity.stay (person_id);
CREATE INDEX stay_home ON identity.stay (home);

-- Who is listed by what, when, as the last resolution found it: households are what came of it.
CREATE TABLE identity.listing (
    rank      int NOT NULL,                         -- the basis: 0 is the strongest
    partner   text NOT NULL,
    ref       text NOT NULL,
    home      text,                                 -- of a basis that lists people by where they are seen
    person_id bigint NOT NULL,
    days      daterange NOT NULL,
    role      text,
    resident  boolean                               -- null: nobody said
);
CREATE INDEX listing_ref ON identity.listing (partner, ref);
CREATE INDEX listing_home ON identity.listing (home) WHERE home IS NOT NULL;
CREATE INDEX listing_person ON identity.listing (person_id);

-- The communal homes that the last resolution knew, and the bases that it worked by. Without the row, all is worked out anew.
CREATE TABLE identity.communal_home (home text PRIMARY KEY);
CREATE TABLE identity.house_state (
    only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    made_by       text NOT NULL,
    n_households  bigint NOT NULL,
    n_memberships bigint NOT NULL
);

-- A link is closed and never removed, but by an erasure: then what is kept by difference is worked out anew.
CREATE FUNCTION identity.forget_differences() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM identity.house_state;
    UPDATE identity.match_state SET n_records = NULL, n_waiting = NULL, n_persons = NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER link_went AFTER DELETE OR TRUNCATE ON identity.person_link
    FOR EACH STATEMENT EXECUTE FUNCTION identity.forget_differences();

CREATE INDEX fact_by_ref ON core.fact (partner, ref, kind) WHERE ref IS NOT NULL AND known_to = 'infinity';
CREATE INDEX uncertain_b ON identity.uncertain (source_record_b) WHERE known_to = 'infinity';
CREATE INDEX contradiction_a ON identity.contradiction (source_record_a) WHERE known_to = 'infinity';
CREATE INDEX contradiction_b ON identity.contradiction (source_record_b) WHERE known_to = 'infinity';
CREATE INDEX decision_b ON identity.decision (source_record_b);

-- What an older version had not yet looked at.
INSERT INTO identity.pending_record
SELECT coalesce(now.source_record_id, was.source_record_id)
FROM (SELECT source_record_id, known_from FROM core.source_record WHERE known_to = 'infinity') now
FULL JOIN identity.match_record was USING (source_record_id)
WHERE now.known_from IS DISTINCT FROM was.known_from
UNION
SELECT source_record_a FROM identity.decision
UNION
SELECT source_record_b FROM identity.decision;
