-- Claims: what was claimed for which people under which plan, as a ledger that only grows and always balances, and a hold on each
-- child so that no two claims that exclude one another can stand for it, whoever asks at the same moment.
CREATE SCHEMA claim;

-- The states of a claim, which are the ledger's accounts. `outside` is where claims come from.
CREATE TABLE claim.state (
    state    text PRIMARY KEY,
    nth      int  NOT NULL UNIQUE,                  -- the order of a claim's life
    holds    boolean NOT NULL,                      -- no other claim may be made for its children
    stands   boolean NOT NULL,                      -- its family has been claimed for
    may_come boolean NOT NULL,                      -- an earlier claim may be imported in this state
    says     text NOT NULL
);
INSERT INTO claim.state (state, nth, holds, stands, may_come, says) VALUES
    ('outside', 0, false, false, false, 'not a claim of ours yet'),
    ('drafted', 1, true, false, false, 'in a window, and not approved yet'),
    ('approved', 2, true, false, false, 'approved by a named person, and not frozen yet'),
    ('frozen', 3, true, true, true, 'its facts, rules and result are fixed'),
    ('submitted', 4, true, true, true, 'sent'),
    ('paid', 5, true, true, true, 'paid'),
    ('withdrawn', 6, false, false, true, 'taken back by us'),
    ('clawed_back', 7, false, false, true, 'taken back by the payer');

-- The only moves there are.
CREATE TABLE claim.step (
    state_was text NOT NULL REFERENCES claim.state,
    state_is  text NOT NULL REFERENCES claim.state,
    PRIMARY KEY (state_was, state_is)
);
INSERT INTO claim.step (state_was, state_is) VALUES
    ('outside', 'drafted'), ('drafted', 'approved'), ('approved', 'frozen'), ('frozen', 'submitted'), ('submitted', 'paid'),
    ('drafted', 'withdrawn'), ('approved', 'withdrawn'), ('frozen', 'withdrawn'), ('submitted', 'withdrawn'),
    ('frozen', 'paid'), ('paid', 'withdrawn'), ('submitted', 'clawed_back'), ('paid', 'clawed_back'),
    ('outside', 'frozen'), ('outside', 'submitted'), ('outside', 'paid'), ('outside', 'withdrawn'), ('outside', 'clawed_back');

CREATE TABLE claim.window (
    window_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    plan_id    text,                                -- one plan's claims; null: every plan's
    as_at      date NOT NULL,                       -- the day as at which its claims were ready
    run_id     bigint,                              -- the run that found them so
    drafted_by text NOT NULL CHECK (btrim(drafted_by) <> ''),
    drafted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- claim_id = core.hash_id('claim|' || claim_ref). `state` follows the ledger and is never written by hand.
CREATE TABLE claim.claim (
    claim_id      bigint PRIMARY KEY,
    claim_ref     text NOT NULL UNIQUE CHECK (btrim(claim_ref) <> ''),
    plan_id       text NOT NULL,
    window_id     bigint REFERENCES claim.window,   -- null: imported
    household_id  bigint,                           -- as it was when claimed; null: imported
    result        text NOT NULL CHECK (result IN ('sustained', 'employment')),
    claimed_on    date NOT NULL,
    amount_pounds numeric(12, 2) NOT NULL CHECK (amount_pounds >= 0),
    state         text NOT NULL DEFAULT 'outside' REFERENCES claim.state,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON claim.claim (window_id);
CREATE INDEX ON claim.claim (household_id);

-- The people of a claim by partners' references: these outlive every merge and split of persons.
CREATE TABLE claim.person (
    claim_id    bigint NOT NULL REFERENCES claim.claim,
    partner     text NOT NULL,
    person_ref  text NOT NULL,
    person_id   bigint,                             -- who it was when claimed; null: imported
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (claim_id, partner, person_ref)
);
CREATE INDEX ON claim.person (partner, person_ref);

-- The families of a claim by partners' references.
CREATE TABLE claim.family (
    claim_id    bigint NOT NULL REFERENCES claim.claim,
    partner     text NOT NULL,
    family_ref  text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (claim_id, partner, family_ref)
);
CREATE INDEX ON claim.family (partner, family_ref);

-- The ledger. A transfer moves one claim from one state to another; its two entries cancel out.
CREATE TABLE claim.transfer (
    transfer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    claim_id    bigint NOT NULL REFERENCES claim.claim,
    state_was   text NOT NULL,
    state_is    text NOT NULL,
    by_whom     text NOT NULL CHECK (btrim(by_whom) <> ''),
    because     text NOT NULL,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (claim_id, state_is),                    -- a claim enters a state once: the same act again is no act
    FOREIGN KEY (state_was, state_is) REFERENCES claim.step
);
CREATE TABLE claim.entry (
    entry_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id bigint NOT NULL REFERENCES claim.transfer,
    claim_id    bigint NOT NULL REFERENCES claim.claim,
    account     text NOT NULL REFERENCES claim.state,
    claims      int NOT NULL CHECK (claims IN (-1, 1)),
    pounds      numeric(12, 2) NOT NULL
);
CREATE INDEX ON claim.entry (transfer_id);
CREATE INDEX ON claim.entry (claim_id);

-- One row for each child of a claim that holds, and each pair of plans that exclude one another.
CREATE TABLE claim.child_hold (
    plans      text NOT NULL,                       -- 'a|b' in order; 'a|a' for the plan itself
    partner    text NOT NULL,
    person_ref text NOT NULL,
    claim_id   bigint NOT NULL REFERENCES claim.claim,
    CONSTRAINT one_standing_claim_per_child PRIMARY KEY (plans, partner, person_ref)
);
CREATE INDEX ON claim.child_hold (claim_id);

-- Two standing claims that turned out, later, to be for one child: for a person to settle by withdrawing one.
CREATE TABLE claim.conflict (
    claim_a  bigint NOT NULL REFERENCES claim.claim,    -- the earlier
    claim_b  bigint NOT NULL REFERENCES claim.claim,
    person_id bigint NOT NULL,
    found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (claim_a, claim_b, person_id)
);

-- Which plans exclude which, either way, and each itself.
CREATE VIEW claim.exclusion AS
SELECT plan_id, other FROM assess.plan, jsonb_array_elements_text(document -> 'one_result_across') other
UNION SELECT other, plan_id FROM assess.plan, jsonb_array_elements_text(document -> 'one_result_across') other
UNION SELECT plan_id, plan_id FROM assess.plan
UNION SELECT DISTINCT plan_id, plan_id FROM claim.claim;

-- The age of adulthood that a plan names; of a plan that is not loaded, the eldest that one which excludes it names.
CREATE FUNCTION claim.adult_age(text) RETURNS int LANGUAGE sql STABLE
RETURN coalesce((SELECT (document -> 'ages' ->> 'adult')::int FROM assess.plan WHERE plan_id = $1),
                (SELECT max((document -> 'ages' ->> 'adult')::int) FROM assess.plan));

-- The source records of a claim's people, by the rule that gives records their ids.
CREATE VIEW claim.person_record AS
SELECT p.claim_id, p.partner, p.person_ref, f.feed,
       core.hash_id('person|' || p.partner || '|' || f.feed || '|' || p.person_ref) AS source_record_id
FROM claim.person p JOIN core.feed f ON f.partner IN (p.partner, 'any');

-- Who the people of some claims are today (null: of all), and whether they were under age on its day, as far as is known.
CREATE FUNCTION claim.people(claims bigint[])
RETURNS TABLE (claim_id bigint, partner text, person_ref text, person_id bigint, date_of_birth date, was_child boolean)
LANGUAGE sql STABLE AS $$
    SELECT n.claim_id, n.partner, n.person_ref, n.person_id, n.born,
           c.claimed_on < assess.after_months(n.born, 12 * a.adult)
    FROM (SELECT r.claim_id, r.partner, r.person_ref, min(l.person_id) AS person_id, coalesce(min(i.date_of_birth), min(s.date_of_birth)) AS born
          FROM claim.person_record r
          LEFT JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_to = 'infinity'
          LEFT JOIN identity.person i ON i.person_id = l.person_id
          LEFT JOIN core.source_record s ON s.source_record_id = r.source_record_id AND s.known_to = 'infinity'
          WHERE claims IS NULL OR r.claim_id = ANY (claims)
          GROUP BY r.claim_id, r.partner, r.person_ref) n
    JOIN claim.claim c USING (claim_id)
    JOIN (SELECT plan_id, claim.adult_age(plan_id) AS adult FROM (SELECT DISTINCT plan_id FROM claim.claim) p) a ON a.plan_id = c.plan_id
$$;

-- Nothing of the record is ever changed or removed.
CREATE FUNCTION claim.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'claim.% only grows: correct it by a new entry', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON claim.transfer FOR EACH STATEMENT EXECUTE FUNCTION claim.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON claim.entry FOR EACH STATEMENT EXECUTE FUNCTION claim.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON claim.person FOR EACH STATEMENT EXECUTE FUNCTION claim.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON claim.family FOR EACH STATEMENT EXECUTE FUNCTION claim.refuse_change();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON claim.conflict FOR EACH STATEMENT EXECUTE FUNCTION claim.refuse_change();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON claim.claim FOR EACH STATEMENT EXECUTE FUNCTION claim.refuse_change();

-- A transfer starts from where the claim stands. The same transfer again is left out, so that acts may be repeated.
CREATE FUNCTION claim.begin_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text;
BEGIN
    SELECT state INTO stands FROM claim.claim WHERE claim_id = NEW.claim_id FOR UPDATE;
    IF EXISTS (SELECT FROM claim.transfer WHERE claim_id = NEW.claim_id AND state_is = NEW.state_is) THEN
        RETURN NULL;
    END IF;
    IF stands <> NEW.state_was THEN
        RAISE EXCEPTION 'the claim is %, not %', stands, NEW.state_was USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER begins BEFORE INSERT ON claim.transfer FOR EACH ROW EXECUTE FUNCTION claim.begin_transfer();

-- The holds that a claim must have and has not: a child that another claim holds raises one_standing_claim_per_child.
CREATE FUNCTION claim.hold_children(claims bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO claim.child_hold (plans, partner, person_ref, claim_id)
    SELECT DISTINCT least(c.plan_id, x.other) || '|' || greatest(c.plan_id, x.other), k.partner, k.person_ref, c.claim_id
    FROM claim.claim c
    JOIN claim.state s USING (state)
    JOIN claim.people(claims) k USING (claim_id)
    JOIN claim.exclusion x USING (plan_id)
    WHERE c.claim_id = ANY (claims) AND s.holds AND k.was_child
      AND NOT EXISTS (SELECT FROM claim.child_hold h WHERE h.claim_id = c.claim_id AND h.partner = k.partner AND h.person_ref = k.person_ref
                      AND h.plans = least(c.plan_id, x.other) || '|' || greatest(c.plan_id, x.other))
    ORDER BY 1, 2, 3
$$;

-- What follows from transfers: the claims' states, their entries, their holds.
CREATE FUNCTION claim.end_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE claim.claim c SET state = t.state_is FROM came t WHERE t.claim_id = c.claim_id;
    INSERT INTO claim.entry (transfer_id, claim_id, account, claims, pounds)
    SELECT t.transfer_id, t.claim_id, v.account, v.sign, v.sign * c.amount_pounds
    FROM came t JOIN claim.claim c USING (claim_id), LATERAL (VALUES (t.state_was, -1), (t.state_is, 1)) v(account, sign)
    ORDER BY t.transfer_id, v.sign;
    DELETE FROM claim.child_hold h USING came t JOIN claim.state s ON s.state = t.state_is
    WHERE h.claim_id = t.claim_id AND NOT s.holds;
    PERFORM claim.hold_children(array(SELECT claim_id FROM came ORDER BY claim_id));
    RETURN NULL;
END $$;
CREATE TRIGGER ends AFTER INSERT ON claim.transfer REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION claim.end_transfer();

-- People who are named later are held later.
CREATE FUNCTION claim.hold_newcomers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM claim.hold_children(array(SELECT DISTINCT claim_id FROM came ORDER BY claim_id));
    RETURN NULL;
END $$;
CREATE TRIGGER holds AFTER INSERT ON claim.person REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION claim.hold_newcomers();

-- The ledger balances at the end of every transaction: each transfer, each claim, claims and pounds alike.
CREATE FUNCTION claim.balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM claim.entry WHERE transfer_id = NEW.transfer_id
               HAVING sum(claims) <> 0 OR sum(pounds) <> 0 OR count(*) <> 2 OR count(DISTINCT claim_id) <> 1) THEN
        RAISE EXCEPTION 'transfer % does not balance', NEW.transfer_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON claim.entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION claim.balance();
