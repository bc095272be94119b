-- Pairs alike as twins are, for a person to look at; and which communal addresses the matcher has taken account of.
CREATE TABLE identity.match_twin (
    source_record_a bigint NOT NULL,                -- the smaller id
    source_record_b bigint NOT NULL,
    levels          bigint NOT NULL,                -- as in identity.match_edge
    PRIMARY KEY (source_record_a, source_record_b),
    CHECK (source_record_a < source_record_b)
);
CREATE INDEX match_twin_b ON identity.match_twin (source_record_b);
CREATE TABLE identity.communal_known (LIKE identity.communal);
CREATE INDEX sighting_uprn ON identity.sighting (uprn) WHERE uprn IS NOT NULL;
