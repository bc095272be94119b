-- People who must never be rejoined to a former identity (adoption, protection). Known to the settling of persons alone: no view, queue,
-- log or export reads this schema, and nobody is granted it but the role that settles.
CREATE SCHEMA sealed;
REVOKE ALL ON SCHEMA sealed FROM PUBLIC;

CREATE TABLE sealed.salt (salt text NOT NULL);
INSERT INTO sealed.salt VALUES (gen_random_uuid()::text || gen_random_uuid()::text);

CREATE TABLE sealed.seal (
    seal_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    by_whom   text[] NOT NULL CHECK (cardinality(by_whom) >= 2),
    because   text NOT NULL CHECK (btrim(because) <> ''),
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lifted_at timestamptz,
    lifted_by text[],
    lifted_because text
);

-- By what a record of the one identity or the other is known again, as salted digests: references, identifiers, names, surname with birth
-- date. What both identities have in common is no mark.
CREATE TABLE sealed.mark (
    seal_id bigint NOT NULL REFERENCES sealed.seal,
    is_new  boolean NOT NULL,                       -- of the new identity; else of the former one
    digest  bytea NOT NULL,
    PRIMARY KEY (digest, seal_id, is_new)
);

-- The records that bear such a mark.
CREATE TABLE sealed.member (
    seal_id          bigint NOT NULL REFERENCES sealed.seal,
    source_record_id bigint NOT NULL,
    is_former        boolean NOT NULL,
    is_new           boolean NOT NULL,
    PRIMARY KEY (source_record_id, seal_id)
);

CREATE FUNCTION sealed.marks(r core.source_record) RETURNS SETOF bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to((SELECT salt FROM sealed.salt) || chr(31) || v.token, 'UTF8'))
    FROM (VALUES ('ref|' || r.partner || '|' || r.person_ref), ('nhs_number|' || r.nhs_number), ('upn|' || r.upn), ('nino|' || r.nino),
                 ('name|' || identity.text_key(r.forename) || '|' || identity.text_key(r.surname)),
                 ('born|' || identity.text_key(r.surname) || '|' || r.date_of_birth)) AS v (token)
    WHERE v.token IS NOT NULL
$$;
REVOKE ALL ON FUNCTION sealed.marks(core.source_record) FROM PUBLIC;

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tfi_settle') THEN
        CREATE ROLE tfi_settle NOLOGIN;
    END IF;
    GRANT USAGE ON SCHEMA sealed TO tfi_settle;
    GRANT SELECT ON ALL TABLES IN SCHEMA sealed TO tfi_settle;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'tfi_settle was not made: this user may not make roles';
    WHEN unique_violation OR duplicate_object THEN
        NULL;                                       -- another database of the same server made it at the same moment
END
$$;
