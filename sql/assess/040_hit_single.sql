-- What:  tests that one fact decides: the days on which it is found (hit), or would be if an unknown age fitted (doubt).
-- Grain: rule x household.   Reads: occurrence, rule, child_days, member.   Key: rule_id, household_id.
INSERT INTO finding (rule_id, household_id, hit, doubt)
SELECT rule_id, household_id, hit, possible - hit
FROM (SELECT o.rule_id, o.household_id,
             coalesce(range_agg(o.days) FILTER (WHERE o.is_sure), '{}') AS hit, range_agg(o.days) AS possible
      FROM occurrence o JOIN rule r USING (rule_id)
      WHERE NOT r.with_child AND (r.ask IN ('open', 'clear') OR r.ask = 'seen' AND NOT r.every)
      GROUP BY o.rule_id, o.household_id) gathered
UNION ALL
-- where a dependent child is asked for, it is another member than the one whose spell it is
SELECT rule_id, household_id, hit, possible - hit
FROM (SELECT o.rule_id, o.household_id,
             coalesce(range_agg(datemultirange(o.days) * c.sure) FILTER (WHERE o.is_sure), '{}') AS hit,
             range_agg(datemultirange(o.days) * (c.sure + CASE WHEN o.is_sure THEN c.possible ELSE coalesce((
                 SELECT range_agg(m.valid) FROM member m
                 WHERE m.household_id = o.household_id AND m.person_id <> o.person_id AND NOT m.is_dated), '{}') END)) AS possible
      FROM occurrence o
      JOIN rule r USING (rule_id)
      JOIN child_days c USING (household_id)
      WHERE r.with_child
      GROUP BY o.rule_id, o.household_id) with_child
