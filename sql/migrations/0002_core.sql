-- The bitemporal store: what each partner says of each person, and the dated facts, each with file and line.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SCHEMA core;

-- A stable 60-bit id of a natural key: the same files give the same ids, in whatever order they come.
-- A collision would break a primary key, never merge two things.
CREATE FUNCTION core.hash_id(text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ('x' || left(md5($1), 15))::bit(60)::bigint;

-- One partner's view of one person through one feed; every version.
-- source_record_id = core.hash_id('person|' || partner || '|' || feed || '|' || person_ref)
-- A feed that carries no particulars (an R feed) has a row too, with blanks, so that its facts have an owner;
-- all source records of one (partner, person_ref) are one person.
CREATE TABLE core.source_record (
    source_record_id bigint NOT NULL,
    partner       text NOT NULL,
    feed          text NOT NULL,
    person_ref    text NOT NULL,
    introduces    boolean NOT NULL,                 -- true when the feed carries particulars (a P feed)
    forename      text,
    surname       text,
    date_of_birth date,
    sex           text,
    address       text,
    postcode      text,
    uprn          text,
    upn           text,                             -- identifiers: filled only when they check
    former_upn    text,
    nhs_number    text,
    nino          text,
    first_snapshot_on date NOT NULL,                -- of the first version of this record: orders records by content, not arrival
    delivery_id   bigint NOT NULL REFERENCES landing.delivery,
    line_no       bigint NOT NULL,
    known_from    timestamptz NOT NULL,
    known_to      timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (source_record_id, known_from),
    CHECK (known_from < known_to)
);
CREATE UNIQUE INDEX source_record_current ON core.source_record (source_record_id) WHERE known_to = 'infinity';
CREATE INDEX source_record_ref ON core.source_record (partner, person_ref) WHERE known_to = 'infinity';

-- Dated facts of closed kinds (tf_integration/kinds.yaml). Spells are [starts_on, ends_on); an event has ends_on null.
-- fact_id = core.hash_id('fact|' || file sha256 || '|' || line_no || '|' || kind || '|' || part)
CREATE TABLE core.fact (
    fact_id          bigint NOT NULL,
    source_record_id bigint,                        -- null for a fact about a family
    feed             text NOT NULL,
    partner          text NOT NULL,
    family_ref       text,                          -- the partner's family reference, where the row gives one
    kind             text NOT NULL,
    starts_on        date,                          -- null: always (memberships only)
    ends_on          date,
    happened_on      date,                          -- a second day that a rule reads (the day of the offence, of the referral)
    quantity         numeric,                       -- sessions attended, sessions suspended, pounds
    out_of           numeric,                       -- sessions possible
    authorised       numeric,
    unauthorised     numeric,
    code             text,                          -- the coded attribute a rule reads (benefit, need, problem, phase, tenure)
    role             text,                          -- police role, relationship, tenancy role
    outcome          text,                          -- discharge, regime, outcome
    place            text,                          -- establishment
    ref              text,                          -- what several people share: occurrence, tenancy
    is_flagged       boolean,                       -- whole_family, alternative_provision, parental_responsibility ...
    detail           jsonb NOT NULL DEFAULT '{}',   -- stored and shown, never decisive (Reading 15)
    row_key          uuid NOT NULL,                 -- md5 of partner, feed and the contract's key columns
    part             smallint NOT NULL DEFAULT 0,   -- which of the contract's facts of this row
    ended_by         text,                          -- 'source', or 'absence' when a whole snapshot no longer holds it
    delivery_id      bigint NOT NULL,
    line_no          bigint NOT NULL,
    known_from       timestamptz NOT NULL,
    known_to         timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (kind, fact_id, known_from),
    CHECK (known_from < known_to)
) PARTITION BY LIST (kind);

-- Keys of a whole snapshot's rows that later accepted snapshots no longer held, until they come back.
CREATE TABLE core.absence (
    feed        text NOT NULL,
    partner     text NOT NULL,
    row_key     uuid NOT NULL,
    snapshot_on date NOT NULL,
    sequence    int  NOT NULL,
    delivery_id bigint NOT NULL REFERENCES landing.delivery,
    PRIMARY KEY (row_key, snapshot_on, sequence)
);

-- What a feed (and for schools an establishment) speaks for. Days are closed: [covers_from, covers_to] stored as a daterange.
CREATE TABLE core.coverage (
    feed        text NOT NULL,
    partner     text NOT NULL,
    place       text,                               -- establishment, for attendance; null otherwise
    covers      daterange NOT NULL,
    delivery_id bigint NOT NULL REFERENCES landing.delivery,
    known_from  timestamptz NOT NULL,
    known_to    timestamptz NOT NULL DEFAULT 'infinity'
);
CREATE UNIQUE INDEX ON core.coverage (feed, partner, coalesce(place, ''), covers, delivery_id) WHERE known_to = 'infinity';

-- Reference data, loaded from files.
CREATE TABLE core.half_term (
    place       text NOT NULL DEFAULT '',           -- an academy's own dates, or '' for the council's
    school_year text NOT NULL,
    term        text NOT NULL,                      -- autumn, spring, summer
    half_term   int  NOT NULL CHECK (half_term BETWEEN 1 AND 6),
    starts_on   date NOT NULL,
    ends_on     date NOT NULL,
    PRIMARY KEY (place, school_year, half_term)
);

-- The contracts as loaded: what SQL needs of them.
CREATE TABLE core.feed (
    feed             text PRIMARY KEY,
    partner          text NOT NULL,                 -- 'any' for nominations
    owner            text NOT NULL,
    mode             text NOT NULL,
    rhythm           text NOT NULL,
    stale_days       int NOT NULL,
    stale_half_terms int NOT NULL DEFAULT 0,
    contract_version text NOT NULL
);

CREATE TABLE core.kind (
    kind   text PRIMARY KEY,
    domain text NOT NULL,
    shape  text NOT NULL CHECK (shape IN ('event', 'spell', 'state')),
    says   text NOT NULL                            -- the plain words of a timeline
);
