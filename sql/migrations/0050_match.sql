-- What the matcher remembers from night to night, so that only new and changed records are compared.

-- The version of each record that was last compared.
CREATE TABLE identity.match_record (
    source_record_id bigint PRIMARY KEY,
    known_from       timestamptz NOT NULL
);

-- The blocks that each record stands in, as hashes of what it says: pairs are looked for within a block.
CREATE TABLE identity.match_key (
    key              bigint NOT NULL,
    source_record_id bigint NOT NULL
);

-- Pairs that the model found alike enough to join, to hold, or to show to a person. Evident others are not kept.
CREATE TABLE identity.match_edge (
    source_record_a bigint NOT NULL,                -- the smaller id
    source_record_b bigint NOT NULL,
    match_weight    double precision NOT NULL,      -- bits
    levels          bigint NOT NULL,                -- what each comparison found, a decimal digit each (identify/pairing.py)
    PRIMARY KEY (source_record_a, source_record_b),
    CHECK (source_record_a < source_record_b)
);
CREATE INDEX match_edge_b ON identity.match_edge (source_record_b);

-- An identifier on so many records that it is nobody's.
CREATE TABLE identity.placeholder (
    evidence text NOT NULL,
    value    text NOT NULL,
    PRIMARY KEY (evidence, value)
);

-- What the tables above were made with: another model or other rules, and all is compared again.
CREATE TABLE identity.match_state (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    made_by  text NOT NULL
);

CREATE INDEX match_key_key ON identity.match_key (key) INCLUDE (source_record_id);
CREATE INDEX match_key_record ON identity.match_key (source_record_id);
CREATE INDEX source_record_nhs_number ON core.source_record (nhs_number) WHERE known_to = 'infinity' AND nhs_number IS NOT NULL;
CREATE INDEX source_record_nino ON core.source_record (nino) WHERE known_to = 'infinity' AND nino IS NOT NULL;
CREATE INDEX source_record_upn ON core.source_record (upn) WHERE known_to = 'infinity' AND upn IS NOT NULL;
CREATE INDEX source_record_former_upn ON core.source_record (former_upn) WHERE known_to = 'infinity' AND former_upn IS NOT NULL;
CREATE INDEX person_link_person_current ON identity.person_link (person_id) WHERE known_to = 'infinity';
