-- Analysts read twins of the marts in which a person and a household bear a pseudonym. It comes from this key, made here and shown to
-- nobody: without it a pseudonym leads back to no number, and another council's are others.
CREATE SCHEMA analyst;
CREATE TABLE identity.pseudonym_key (
    is_the_only_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_only_one),
    key             bytea NOT NULL,
    made_at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO identity.pseudonym_key (key)
SELECT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
