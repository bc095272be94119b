-- What:  one answer per test: the days it is hit, in doubt for want of data about a person, in doubt for want of coverage.
-- Grain: rule x household, where there is anything to say.   Reads: finding, test_doubt, rule.   Key: rule_id, household_id.
CREATE TEMP TABLE answer ON COMMIT DROP AS
WITH doubted AS (
    SELECT rule_id, household_id, coalesce(range_agg(d), '{}') AS doubt, coalesce(range_agg(c), '{}') AS cov
    FROM test_doubt LEFT JOIN LATERAL unnest(doubt) d ON true LEFT JOIN LATERAL unnest(cov) c ON true
    GROUP BY rule_id, household_id
), found AS (
    -- one step alone finds for a test, unless it also asks for a child: only then is there anything to gather
    SELECT f.rule_id, f.household_id, f.hit, f.doubt, f.found FROM finding f JOIN rule r USING (rule_id) WHERE NOT r.with_child
    UNION ALL
    SELECT f.rule_id, f.household_id, range_agg(f.hit), range_agg(f.doubt), range_agg(f.found)
    FROM finding f JOIN rule r USING (rule_id) WHERE r.with_child GROUP BY f.rule_id, f.household_id
)
SELECT rule_id, household_id, coalesce(f.hit, '{}') AS hit,
       (coalesce(f.doubt, '{}') + coalesce(d.doubt, '{}')) - coalesce(f.hit, '{}') AS doubt,
       coalesce(d.cov, '{}') - coalesce(f.hit, '{}') - coalesce(f.found, '{}') AS cov
FROM found f FULL JOIN doubted d USING (rule_id, household_id)
