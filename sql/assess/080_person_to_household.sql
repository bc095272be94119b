-- What:  per-person findings gathered to the household; a test of every child of school age looks only at days on which
--        the person is of school age and a member.
-- Grain: rule x household.   Reads: person_finding, rule, member.   Key: rule_id, household_id.
INSERT INTO finding (rule_id, household_id, hit, doubt, found)
WITH looked_at AS (
    SELECT household_id, person_id, range_agg(valid * CASE WHEN is_dated THEN school ELSE '(,)' END) AS days
    FROM member GROUP BY household_id, person_id
), each_person AS (
    SELECT p.rule_id, p.household_id,
           CASE WHEN r.who = 'school_age' THEN p.hit * l.days ELSE p.hit END AS hit,
           CASE WHEN r.who = 'school_age' THEN p.doubt * l.days ELSE p.doubt END AS doubt,
           -- schools speak for each child apart; elsewhere a fact that is found decides for the household
           CASE WHEN r.window_unit LIKE 'terms%' THEN '{}' ELSE p.found END AS found
    FROM person_finding p JOIN rule r USING (rule_id) JOIN looked_at l USING (household_id, person_id)
)
SELECT rule_id, household_id, range_agg(hit), range_agg(doubt), range_agg(found)
FROM each_person
GROUP BY rule_id, household_id
