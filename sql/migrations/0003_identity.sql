-- Who is who, and who lives as a family with whom, when.
CREATE SCHEMA identity;

-- A person: a cluster of source records. person_id = the source_record_id of its earliest record
-- (smallest first_snapshot_on, then smallest id), so it depends on content, not on arrival.
CREATE TABLE identity.person (
    person_id     bigint PRIMARY KEY,
    date_of_birth date,                             -- the settled one; null when unknown
    sex           text,
    run_id        bigint NOT NULL
);

-- Which person a source record is, by what evidence; every version.
CREATE TABLE identity.person_link (
    source_record_id bigint NOT NULL,
    person_id        bigint NOT NULL,
    match_weight     double precision,              -- null when an identifier or a person decided
    decided_by       text NOT NULL CHECK (decided_by IN ('identifier', 'model', 'person')),
    because          text NOT NULL,                 -- the rule in words, without values
    run_id           bigint NOT NULL,
    known_from       timestamptz NOT NULL,
    known_to         timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (source_record_id, known_from)
);
CREATE UNIQUE INDEX person_link_current ON identity.person_link (source_record_id) WHERE known_to = 'infinity';
CREATE INDEX person_link_person ON identity.person_link (person_id);

-- What a human said; no rule or model may contradict it.
CREATE TABLE identity.decision (
    source_record_a bigint NOT NULL,
    source_record_b bigint NOT NULL,
    says            text NOT NULL CHECK (says IN ('same', 'different', 'never')),
    by_whom         text NOT NULL,
    because         text NOT NULL,
    decided_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_record_a, source_record_b, decided_at)
);

-- Merges and splits of persons, as they were written.
CREATE TABLE identity.person_event (
    event_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id   bigint NOT NULL,
    event       text NOT NULL CHECK (event IN ('merge', 'split')),
    other_id    bigint NOT NULL,
    run_id      bigint NOT NULL,
    happened_at timestamptz NOT NULL
);

-- household_id = core.hash_id('household|' || basis || '|' || partner || '|' || ref) of its strongest, smallest basis.
CREATE TABLE identity.household (
    household_id bigint NOT NULL,
    basis        text NOT NULL CHECK (basis IN ('early_help', 'social_care', 'tenancy', 'address')),
    formed_on    date,
    ended_on     date,
    run_id       bigint NOT NULL,
    known_from   timestamptz NOT NULL,
    known_to     timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (household_id, known_from)
);

-- The partners' family references that a household answers to (family facts join here).
CREATE TABLE identity.household_ref (
    household_id bigint NOT NULL,
    partner      text NOT NULL,
    family_ref   text NOT NULL,
    run_id       bigint NOT NULL,
    known_from   timestamptz NOT NULL,
    known_to     timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (household_id, partner, family_ref, known_from)
);
CREATE INDEX household_ref_ref ON identity.household_ref (partner, family_ref);

-- Dated membership: [valid_from, valid_to); a null start is always, a null end is still.
CREATE TABLE identity.membership (
    household_id bigint NOT NULL,
    person_id    bigint NOT NULL,
    valid        daterange NOT NULL,
    relationship text,
    basis        text NOT NULL,
    confidence   numeric NOT NULL DEFAULT 1,
    run_id       bigint NOT NULL,
    known_from   timestamptz NOT NULL,
    known_to     timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (household_id, person_id, valid, known_from)
);
CREATE INDEX membership_person ON identity.membership (person_id);

CREATE TABLE identity.run (
    run_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    as_at        date NOT NULL,
    code_version text NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at  timestamptz,
    counts       jsonb NOT NULL DEFAULT '{}'
);
