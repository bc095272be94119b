-- What:  what each test compared on the day: a count, sum or ratio, of the person who decided it.
-- Grain: rule x household, where something was found.   Reads: occurrence, rule, attendance_rate.   Key: rule_id, household_id.
CREATE TEMP TABLE measured ON COMMIT DROP AS
WITH per_person AS (
    SELECT o.rule_id, o.household_id, o.person_id, sum(o.amount) AS measure
    FROM occurrence o JOIN rule r USING (rule_id)
    WHERE r.every AND o.days @> CAST(:as_at AS date) GROUP BY o.rule_id, o.household_id, o.person_id
)
SELECT o.rule_id, o.household_id, count(DISTINCT o.fact_id)::numeric AS measure
FROM occurrence o JOIN rule r USING (rule_id)
WHERE NOT r.every AND r.once_per IS DISTINCT FROM 'ref' AND o.days @> CAST(:as_at AS date) GROUP BY o.rule_id, o.household_id
UNION ALL
SELECT o.rule_id, o.household_id, count(DISTINCT o.ref)
FROM occurrence o JOIN rule r USING (rule_id)
WHERE NOT r.every AND r.once_per = 'ref' AND o.days @> CAST(:as_at AS date) GROUP BY o.rule_id, o.household_id
UNION ALL
SELECT rule_id, household_id, max(measure) FROM per_person GROUP BY rule_id, household_id
UNION ALL
SELECT a.rule_id, a.household_id,
       CASE WHEN (a.side = 'identified') = a.is_floor THEN round(max(a.part / a.whole), 4) ELSE round(min(a.part / a.whole), 4) END
FROM attendance_rate a WHERE a.days @> CAST(:as_at AS date) GROUP BY a.rule_id, a.household_id, a.side, a.is_floor
