-- Blocks in two parts: those of a comparing of all, written in one go, and those of the nights since. What a night writes goes among few
-- others, so that it costs by its own number and not by the number of all. With the birth date, a pair that is evidently two people is
-- known before either record is read.
DROP TABLE identity.match_key;
CREATE TABLE identity.match_key (
    key              bigint NOT NULL,
    source_record_id bigint NOT NULL,
    born             int NOT NULL,                  -- year * 10,000 + month * 100 + day; 0: unknown, or rules nothing out in this block
    is_since         boolean NOT NULL DEFAULT true  -- written by a night, and not by the last comparing of all
) PARTITION BY LIST (is_since);
CREATE TABLE identity.match_key_all PARTITION OF identity.match_key FOR VALUES IN (false);
CREATE TABLE identity.match_key_since PARTITION OF identity.match_key FOR VALUES IN (true);
CREATE INDEX match_key_all_key ON identity.match_key_all (key) INCLUDE (source_record_id, born);
CREATE INDEX match_key_all_record ON identity.match_key_all (source_record_id);
CREATE INDEX match_key_since_key ON identity.match_key_since (key) INCLUDE (source_record_id, born);
CREATE INDEX match_key_since_record ON identity.match_key_since (source_record_id);
DELETE FROM identity.match_state;                   -- all is compared again, which fills them
