-- Evidence as it is written each night: one row for each person of a criterion, with all their facts of a kind, where there was a row a fact.
-- What reads evidence reads the view of the old name, fact by fact; the public view is made again over it by its own words.
CREATE TABLE assess.facts_used (
    household_id bigint NOT NULL,
    side         text NOT NULL,
    problem      text NOT NULL,
    criterion    text NOT NULL,
    person_id    bigint,
    kind         text NOT NULL,
    fact_ids     bigint[] NOT NULL,
    plan_id      text NOT NULL,
    as_at        date NOT NULL,
    run_id       bigint NOT NULL
);

DO $$
DECLARE
    public_view text := (SELECT pg_get_viewdef(v) FROM (SELECT to_regclass('mart.criterion_evidence_v1')) x (v) WHERE v IS NOT NULL);
BEGIN
    ALTER TABLE assess.evidence RENAME TO evidence_was;
    INSERT INTO assess.facts_used (household_id, side, problem, criterion, person_id, kind, fact_ids, plan_id, as_at, run_id)
    SELECT household_id, side, problem, criterion, person_id, kind, array_agg(fact_id), plan_id, as_at, run_id
    FROM assess.evidence_was GROUP BY household_id, side, problem, criterion, person_id, kind, plan_id, as_at, run_id;
    CREATE VIEW assess.evidence AS
    SELECT u.household_id, u.side, u.problem, u.criterion, u.person_id, f.fact_id, u.kind, u.plan_id, u.as_at, u.run_id
    FROM assess.facts_used u CROSS JOIN LATERAL unnest(u.fact_ids) f (fact_id);
    IF public_view IS NOT NULL THEN
        EXECUTE 'CREATE OR REPLACE VIEW mart.criterion_evidence_v1 AS ' || public_view;
    END IF;
    DROP TABLE assess.evidence_was;
END $$;
CREATE INDEX facts_used_household ON assess.facts_used (household_id);
