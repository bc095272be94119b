-- What is done to a window of claims, by whom and why; what the auditor found; the evidence packs; and a chain of hashes over all of it.

-- Every act on claims, each holding the hash of the one before: an act altered, removed or put between is found.
CREATE TABLE claim.event (
    event_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    act         text NOT NULL,
    window_id   bigint REFERENCES claim.window,
    claim_id    bigint REFERENCES claim.claim,
    by_whom     text NOT NULL CHECK (btrim(by_whom) <> ''),
    because     text NOT NULL,
    detail      jsonb NOT NULL DEFAULT '{}',        -- counts, references and digests; never a person's particulars
    hash_before text NOT NULL DEFAULT '',
    hash        text NOT NULL DEFAULT ''
);
CREATE INDEX ON claim.event (window_id);

CREATE FUNCTION claim.event_hash(e claim.event) RETURNS text LANGUAGE sql STABLE
RETURN encode(sha256(convert_to(jsonb_build_array(e.hash_before, e.event_id, extract(epoch FROM e.happened_at), e.act, e.window_id, e.claim_id,
                                                  e.by_whom, e.because, e.detail)::text, 'UTF8')), 'hex');

CREATE FUNCTION claim.chain_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7360);            -- one at a time, so that the chain has one order
    NEW.event_id := nextval(pg_get_serial_sequence('claim.event', 'event_id'));
    NEW.hash_before := coalesce((SELECT hash FROM claim.event ORDER BY event_id DESC LIMIT 1), '');
    NEW.hash := claim.event_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER chains BEFORE INSERT ON claim.event FOR EACH ROW EXECUTE FUNCTION claim.chain_event();

-- The steps of a window, each once, by named people: who approves has neither drafted nor submits.
CREATE TABLE claim.window_step (
    window_id   bigint NOT NULL REFERENCES claim.window,
    step        text NOT NULL CHECK (step IN ('sampled', 'approved', 'frozen', 'submitted')),
    by_whom     text NOT NULL CHECK (btrim(by_whom) <> ''),
    because     text NOT NULL,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (window_id, step)
);
CREATE FUNCTION claim.two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.step = 'approved' AND EXISTS (SELECT FROM claim.window WHERE window_id = NEW.window_id
                                         AND lower(btrim(drafted_by)) = lower(btrim(NEW.by_whom)))
       OR NEW.step = 'submitted' AND EXISTS (SELECT FROM claim.window_step WHERE window_id = NEW.window_id AND step = 'approved'
                                             AND lower(btrim(by_whom)) = lower(btrim(NEW.by_whom))) THEN
        RAISE EXCEPTION 'who approves a window may neither draft nor submit it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_another BEFORE INSERT ON claim.window_step FOR EACH ROW EXECUTE FUNCTION claim.two_people();

-- The sample drawn for the auditor: how it was drawn, so that anyone can draw it again.
CREATE TABLE claim.sample (
    window_id     bigint PRIMARY KEY REFERENCES claim.window,
    seed          text NOT NULL,
    share         numeric NOT NULL,                 -- of the window's claims
    at_least      int NOT NULL,
    claims        int NOT NULL,                     -- in the window when it was drawn
    error_rate_before numeric,                      -- of the windows audited before: a high one raises the share
    drawn_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE claim.sampled (
    window_id bigint NOT NULL REFERENCES claim.sample,
    claim_id  bigint NOT NULL REFERENCES claim.claim,
    stratum   text NOT NULL,
    PRIMARY KEY (window_id, claim_id)
);

-- What the auditor said of a sampled claim. A second look is a second row; the last one counts.
CREATE TABLE claim.verdict (
    verdict_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    window_id  bigint NOT NULL,
    claim_id   bigint NOT NULL,
    is_valid   boolean NOT NULL,
    by_whom    text NOT NULL CHECK (btrim(by_whom) <> ''),
    because    text NOT NULL CHECK (btrim(because) <> ''),
    said_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (window_id, claim_id) REFERENCES claim.sampled
);

-- The frozen evidence of a claim: the data, and their digest.
CREATE TABLE claim.pack (
    claim_id        bigint PRIMARY KEY REFERENCES claim.claim,
    as_at           date NOT NULL,
    known_at        timestamptz NOT NULL,
    plan_hash       text NOT NULL,
    document        jsonb NOT NULL,
    evidence_sha256 text NOT NULL,
    frozen_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What a later look at a frozen claim found.
CREATE TABLE claim.replay (
    replay_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    claim_id      bigint NOT NULL REFERENCES claim.pack,
    same_evidence boolean NOT NULL,                 -- as known then, the same answer and digest
    still_stands  boolean NOT NULL,                 -- as known now, still ready on its day
    changed_since text,                             -- what has changed, in words; null: nothing
    replayed_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON claim.replay (claim_id, replay_id DESC);

-- How many families a council has undertaken to turn around under a plan, from a day on.
CREATE TABLE claim.target (
    plan_id     text NOT NULL,
    valid_from  date NOT NULL,
    families    int NOT NULL CHECK (families >= 0),
    by_whom     text NOT NULL CHECK (btrim(by_whom) <> ''),
    because     text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (plan_id, valid_from, recorded_at)
);

-- Each month's standing of a plan as the last run of that month saw it, and what it foretold.
CREATE TABLE claim.progress (
    plan_id    text NOT NULL,
    month      date NOT NULL,                       -- its first day
    as_at      date NOT NULL,
    run_id     bigint NOT NULL,
    identified int NOT NULL,
    attached   int NOT NULL,
    with_lead_worker int NOT NULL,
    ready      int NOT NULL,
    PRIMARY KEY (plan_id, month)
);
CREATE TABLE claim.foretold (
    household_id bigint NOT NULL,
    plan_id      text NOT NULL,
    foretold_on  date NOT NULL,                     -- the day on which it was said
    ready_on     date NOT NULL,                     -- the day that was named
    PRIMARY KEY (household_id, plan_id, foretold_on)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['event', 'window_step', 'sample', 'sampled', 'verdict', 'pack', 'replay', 'target', 'window'] LOOP
        EXECUTE format('CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON claim.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION claim.refuse_change()', t);
    END LOOP;
END $$;
