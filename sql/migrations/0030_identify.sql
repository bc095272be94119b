-- What resolving persons and households needs beside its tables.

-- The form in which names and addresses are compared: upper case, no accents, spaces or punctuation; null when nothing is left.
-- Letters of other scripts stay, so that such names still compare. Plain ASCII, which is nearly all, takes the short way.
-- Not STRICT, so that the planner inlines it.
CREATE FUNCTION identity.text_key(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN nullif(CASE WHEN octet_length($1) = char_length($1)
                   THEN regexp_replace(upper($1), '[^A-Z0-9]', '', 'g')
                   ELSE regexp_replace(upper(normalize($1, NFKD)), '[[:space:][:punct:]\u0300-\u036f\u2018\u2019]', '', 'g')
              END, '');

-- The instant that a run stamped on what it opened and closed: later runs must be later.
ALTER TABLE identity.run ADD COLUMN known_at timestamptz;

-- Households whose members, references, links or members' birth dates changed in a run: what assess must look at again.
CREATE TABLE identity.touched (
    run_id       bigint NOT NULL,
    household_id bigint NOT NULL,
    PRIMARY KEY (run_id, household_id)
);

-- Records that some evidence would join and other evidence forbids: for a person to decide. No values, only words.
CREATE TABLE identity.contradiction (
    source_record_a bigint NOT NULL,                -- the earlier record
    source_record_b bigint NOT NULL,
    because         text NOT NULL,
    run_id          bigint NOT NULL,
    known_from      timestamptz NOT NULL,
    known_to        timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (source_record_a, source_record_b, because, known_from)
);

CREATE UNIQUE INDEX household_current ON identity.household (household_id) WHERE known_to = 'infinity';
CREATE UNIQUE INDEX household_ref_current ON identity.household_ref (partner, family_ref) WHERE known_to = 'infinity';
CREATE UNIQUE INDEX membership_current ON identity.membership (household_id, person_id, valid) WHERE known_to = 'infinity';
