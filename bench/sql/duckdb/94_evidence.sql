-- What:  the facts that decided: what was met since attachment, what stands in the way of improvement on the day, the attendance that was summed,
--        the principles' milestones, and the work and benefit of whoever decided the employment result.
-- Grain: household x criterion x fact.   Reads: found, counting, counted, rate, attended, problem, milestone, worker, work_spell.   Key: the grain.
CREATE TABLE evidence AS
WITH side AS (SELECT side, problem::problem_name AS problem, criterion::criterion_name AS criterion FROM question),
used AS (
    SELECT q.side, f.problem, f.criterion, f.household_id, f.person_id, f.fact_id FROM found f JOIN hh h USING (household_id) JOIN side q USING (problem, criterion)
    WHERE f.from_on <= getvariable('d') AND f.to_on > CASE q.side WHEN 'identified' THEN h.since ELSE getvariable('d') END
    UNION ALL
    SELECT q.side, f.problem, f.criterion, f.household_id, f.person_id, f.fact_id FROM counting f JOIN hh h USING (household_id) JOIN side q USING (problem, criterion)
    WHERE f.from_on <= getvariable('d') AND f.to_on > CASE q.side WHEN 'identified' THEN h.since ELSE getvariable('d') END
      AND EXISTS (FROM counted c WHERE c.problem = f.problem AND c.criterion = f.criterion AND c.test = f.test AND c.household_id = f.household_id
                  AND c.from_on <= getvariable('d') AND c.to_on > CASE q.side WHEN 'identified' THEN h.since ELSE getvariable('d') END)
    UNION ALL
    SELECT 'identified', 'education', 'persistent_absence', a.household_id, a.person_id, a.fact_id
    FROM rate r JOIN hh h USING (household_id) JOIN attended a ON a.household_id = r.household_id AND a.person_id = r.person_id AND a.term_no BETWEEN r.window_no - 2 AND r.window_no
    WHERE r.attended * 10 < r.possible * 9 AND r.asked_from <= getvariable('d') AND r.asked_to > h.since
    UNION ALL
    SELECT 'improved', 'education', 'attends', a.household_id, a.person_id, a.fact_id
    FROM rate r JOIN problem p ON p.household_id = r.household_id AND p.problem = 'education' AND p.present_since = 'met' AND p.attached_on IS NOT NULL
    JOIN attended a ON a.household_id = r.household_id AND a.person_id = r.person_id AND a.term_no BETWEEN r.window_no - 2 AND r.window_no
    WHERE getvariable('d') >= r.asked_from AND getvariable('d') < r.asked_to
), decided AS (
    SELECT household_id, arg_min(person_id, (verdict <> 'met', -weeks, person_id)) AS person_id FROM worker WHERE adult_on <= getvariable('d') GROUP BY household_id
), every_fact AS (
    SELECT DISTINCT side, problem::TEXT AS problem, criterion::TEXT AS criterion, household_id, person_id, fact_id FROM used
    UNION ALL SELECT DISTINCT 'principle', '', principle, household_id, NULL, fact_id FROM milestone
    UNION ALL
    SELECT DISTINCT 'result', '', 'employment', household_id, person_id, fact_id FROM work_spell JOIN decided USING (household_id, person_id)
    WHERE kind = 'employment' OR kind = 'benefit' AND from_on <= attached_on AND to_on > attached_on
)
SELECT e.*, f.kind, f.file_id, f.line_no FROM every_fact e JOIN fact f USING (fact_id);
