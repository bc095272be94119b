-- What:  school tests of people without a fact that decides: not known for a child of 5 to 15 with no roll or no
--        possible sessions, for an unknown age, and (cov) where the child's own schools or the exclusions feed did not speak.
-- Grain: rule x household x person x window.   Reads: schooling, schooling_rule, rule, decided, uncovered.   Key: none (aggregated next).
INSERT INTO test_doubt (rule_id, household_id, doubt, cov, feeds)
WITH asked AS MATERIALIZED (
    SELECT r.rule_id, r.ask, r.who, r.told_by, q.told_by AS roll_told_by, s.*, coalesce(f.found, '{}') AS found, coalesce(u.days, '{}') AS uncovered,
           datemultirange(s.days) * CASE WHEN r.who = 'school_age' THEN s.valid WHEN s.was_member THEN '{(,)}'
                WHEN r.ask <> 'rate' AND s.is_dated AND s.valid * datemultirange(s.child) && daterange(s.starts_on, lower(s.days)) THEN '{(,)}'
                WHEN r.ask <> 'rate' AND NOT s.is_dated AND s.valid && daterange(s.starts_on, lower(s.days)) THEN '{(,)}'
                ELSE s.valid END AS looked_at,
           datemultirange(CASE WHEN s.is_dated THEN s.school ELSE '(,)' END) AS maybe_school
    FROM schooling s
    JOIN rule r ON r.plan_id = s.plan_id AND r.window_n = s.n AND r.window_unit LIKE 'terms%' AND r.ask IN ('rate', 'seen', 'total')
    JOIN schooling_rule q ON q.plan_id = s.plan_id
    LEFT JOIN decided f ON f.rule_id = r.rule_id AND f.household_id = s.household_id AND f.person_id = s.person_id
    LEFT JOIN uncovered u ON u.rule_id = r.rule_id
    -- nothing to ask of somebody whose facts decide all those days, or on a roll whose schools spoke and of known age
    WHERE (NOT coalesce(f.found @> s.days, false) OR r.who = 'school_age' AND NOT s.is_dated)
      AND (NOT s.is_dated OR NOT s.is_enrolled OR s.has_gap OR r.ask = 'rate' OR u.days && s.days)
), judged AS MATERIALIZED (
    SELECT rule_id, household_id, has_gap, CASE WHEN NOT is_dated THEN '{}' WHEN is_enrolled THEN told_by ELSE roll_told_by END AS doubt_feeds,
           CASE WHEN who = 'school_age' AND NOT is_dated THEN looked_at
                WHEN ask = 'rate' OR NOT is_enrolled THEN looked_at * maybe_school - found
                ELSE '{}' END AS doubt,
           (looked_at * datemultirange(daterange(NULL, CAST(:as_at AS date), '[]'))
            * CASE WHEN who = 'school_age' THEN maybe_school
                   WHEN is_dated AND NOT CASE ask WHEN 'rate' THEN was_member ELSE valid * datemultirange(child) && daterange(starts_on, upper(days)) END THEN '{}'
                   ELSE '{(,)}' END
            * CASE WHEN has_gap THEN '{(,)}'::datemultirange WHEN ask = 'rate' OR NOT is_enrolled THEN '{}' ELSE uncovered END) - found AS cov
    FROM asked
)
SELECT rule_id, household_id, doubt, cov,
       CASE WHEN isempty(doubt) THEN '{}' ELSE doubt_feeds END
       || CASE WHEN has_gap AND NOT isempty(cov) THEN (SELECT array_agg(feed) FROM core.feed WHERE stale_half_terms > 0) ELSE '{}' END
FROM judged WHERE NOT (isempty(doubt) AND isempty(cov))
