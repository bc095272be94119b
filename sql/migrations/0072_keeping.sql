-- Deliveries run again under a changed contract, quality against what is usual, what was removed and why, erasure, and the audit chain.

-- A feed's deliveries that were run again: counts before and after; never changed.
CREATE TABLE keep.reprocess (
    reprocess_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed         text NOT NULL,
    contract_was text[] NOT NULL,
    contract_is  text NOT NULL,
    deliveries   bigint[] NOT NULL,
    by_whom      text NOT NULL CHECK (btrim(by_whom) <> ''),
    because      text NOT NULL CHECK (btrim(because) <> ''),
    before       jsonb NOT NULL,
    after        jsonb NOT NULL,
    happened_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER reprocess_stands BEFORE UPDATE OR DELETE ON keep.reprocess
    FOR EACH ROW EXECUTE FUNCTION landing.refuse_change();

-- What was usual of a measure when the delivery was judged; null while too few were accepted to say.
ALTER TABLE landing.measure
    ADD COLUMN usual      numeric,
    ADD COLUMN usual_low  numeric,
    ADD COLUMN usual_high numeric,
    ADD COLUMN is_drift   boolean NOT NULL DEFAULT false;

-- What the platform did that a person may be asked about. Each event holds the digest of the one before it.
CREATE TABLE audit.event (
    event_id    bigint PRIMARY KEY,                 -- 1, 2, 3 ...: a gap is a break
    happened_at timestamptz NOT NULL,
    by_whom     text NOT NULL CHECK (btrim(by_whom) <> ''),
    act         text NOT NULL,
    subject     text NOT NULL DEFAULT '',           -- a feed, a delivery, an erasure's number; never a person's particulars
    because     text NOT NULL DEFAULT '',
    detail      jsonb NOT NULL DEFAULT '{}',        -- counts, codes and digests
    hash_before text NOT NULL,
    hash        text NOT NULL
);

CREATE FUNCTION audit.event_hash(e audit.event) RETURNS text
LANGUAGE sql STABLE
RETURN encode(sha256(convert_to(concat_ws(chr(31), e.hash_before, e.event_id::text,
    to_char(e.happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.by_whom, e.act, e.subject, e.because, e.detail::text),
    'UTF8')), 'hex');

CREATE FUNCTION audit.chain() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7354);
    SELECT coalesce(max(event_id), 0) + 1 INTO NEW.event_id FROM audit.event;
    NEW.happened_at := clock_timestamp();
    NEW.hash_before := coalesce((SELECT hash FROM audit.event ORDER BY event_id DESC LIMIT 1), '');
    NEW.hash := audit.event_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER event_chains BEFORE INSERT ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.chain();
CREATE TRIGGER event_stands BEFORE UPDATE OR DELETE ON audit.event FOR EACH ROW EXECUTE FUNCTION landing.refuse_change();
CREATE TRIGGER event_stays BEFORE TRUNCATE ON audit.event FOR EACH STATEMENT EXECUTE FUNCTION landing.refuse_change();

-- Retention as SQL reads it: weeks for people in no family, years after a family's claim or, without one, its last open day.
ALTER TABLE core.feed
    ADD COLUMN IF NOT EXISTS keep_weeks_without_family int,
    ADD COLUMN IF NOT EXISTS keep_years_after_claim    int;

ALTER TABLE landing.delivery ADD COLUMN IF NOT EXISTS removed_on date;   -- the day on which its landed file was removed

-- Whose rows are never stored again: a salted digest of partner and reference, which says nothing of who it is.
CREATE TABLE keep.salt (salt text NOT NULL);
INSERT INTO keep.salt VALUES (gen_random_uuid()::text || gen_random_uuid()::text);
CREATE TABLE keep.suppressed (
    digest     bytea PRIMARY KEY,
    erased_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION keep.digest(partner text, person_ref text) RETURNS bytea
LANGUAGE sql STABLE
RETURN sha256(convert_to((SELECT salt FROM keep.salt) || chr(31) || partner || chr(31) || person_ref, 'UTF8'));
