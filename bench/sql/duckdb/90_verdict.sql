-- What:  the verdict on every criterion of every household, problems present, and the evidence.
-- Grain: household x criterion; household x problem; household x criterion x fact.   Reads: hh, question, hit, doubt, silent.   Key: the grain.
CREATE TABLE verdict AS
WITH found AS (SELECT DISTINCT side, problem, criterion, household_id FROM hit)
SELECT h.household_id, q.side, q.problem, q.criterion,
       CASE WHEN f.household_id IS NOT NULL THEN CASE q.side WHEN 'identified' THEN 'met' ELSE 'not_met' END
            WHEN d.household_id IS NOT NULL OR s.criterion IS NOT NULL THEN 'not_known'
            ELSE CASE q.side WHEN 'identified' THEN 'not_met' ELSE 'met' END END AS verdict
FROM hh h CROSS JOIN question q
LEFT JOIN found f ON f.side = q.side AND f.problem = q.problem AND f.criterion = q.criterion AND f.household_id = h.household_id
LEFT JOIN doubt d ON d.side = q.side AND d.problem = q.problem AND d.criterion = q.criterion AND d.household_id = h.household_id
LEFT JOIN silent s ON s.side = q.side AND s.problem = q.problem AND s.criterion = q.criterion;
CREATE TABLE present AS
SELECT household_id, problem, CASE WHEN bool_or(verdict = 'met') THEN 'met' WHEN bool_or(verdict = 'not_known') THEN 'not_known' ELSE 'not_met' END AS present,
       list(criterion ORDER BY criterion) FILTER (WHERE verdict = 'met') AS criteria_met
FROM verdict WHERE side = 'identified' GROUP BY household_id, problem;
CREATE TABLE evidence AS
SELECT DISTINCT h.household_id, h.side, h.problem, h.criterion, h.person_id, h.fact_id, f.kind, f.file_id, f.line_no
FROM hit h JOIN fact f USING (fact_id);
