-- What:  the last three whole terms; attendance summed over them; suspensions and exclusions since they began.
-- Grain: person x household; then criterion x household x fact.   Reads: half_term, fact, subject.   Key: none.
CREATE TABLE half_term_window AS
WITH term AS (SELECT school_year, term, min(starts_on) AS starts_on, max(ends_on) AS ends_on FROM half_term WHERE place = '' GROUP BY ALL),
     last_terms AS (SELECT * FROM term WHERE ends_on <= getvariable('d') ORDER BY ends_on DESC LIMIT 3)
SELECT h.starts_on, h.ends_on, coalesce(lead(h.starts_on) OVER (ORDER BY h.starts_on), h.ends_on + 60) AS next_on,
       (SELECT min(starts_on) FROM last_terms) AS from_on, (SELECT max(ends_on) FROM last_terms) AS to_on
FROM half_term h WHERE h.place = '';
CREATE TABLE attended AS
SELECT s.household_id, s.person_id, s.source_record_id, f.fact_id, f.quantity, f.out_of, f.unauthorised
FROM fact f
JOIN half_term_window h ON f.ends_on >= h.starts_on AND f.ends_on < h.next_on
JOIN subject s USING (source_record_id)
WHERE f.kind = 'attendance' AND f.starts_on <= getvariable('d') AND h.ends_on BETWEEN h.from_on AND h.to_on
  AND h.ends_on >= s.joined_on AND h.ends_on < s.left_on AND h.ends_on >= s.born_on AND h.ends_on < s.adult_on;
CREATE TABLE rate AS
SELECT household_id, person_id, sum(quantity) AS attended, sum(unauthorised) AS unauthorised, sum(out_of) AS possible
FROM attended GROUP BY household_id, person_id HAVING sum(out_of) > 0;
INSERT INTO hit
WITH excluded AS (
    SELECT s.*, f.fact_id, f.kind, f.code, f.quantity, f.starts_on >= s.born_on AND f.starts_on < s.adult_on AS as_child,
           s.is_member AND s.school_on <= getvariable('d') AND s.left_school_on > getvariable('d') AS of_school_age
    FROM fact f JOIN subject s USING (source_record_id)
    WHERE f.kind IN ('suspension', 'permanent_exclusion') AND f.starts_on >= (SELECT min(from_on) FROM half_term_window)
      AND f.starts_on <= getvariable('d') AND f.starts_on >= s.joined_on AND f.starts_on < s.left_on
), counted AS (
    SELECT household_id, person_id, count(*) FILTER (WHERE as_child) AS n_child, count(*) AS n, coalesce(sum(quantity) FILTER (WHERE as_child), 0) AS sessions,
           coalesce(sum(quantity) FILTER (WHERE as_child AND code = 'PRI'), 0) AS primary_sessions
    FROM excluded WHERE kind = 'suspension' GROUP BY household_id, person_id
), child AS (
    SELECT r.*, s.is_member AND s.school_on <= getvariable('d') AND s.left_school_on > getvariable('d') AS of_school_age
    FROM rate r JOIN subject s USING (household_id, person_id)
)
SELECT 'identified', 'education', 'persistent_absence', household_id, person_id, fact_id
FROM rate JOIN attended a USING (household_id, person_id) WHERE rate.attended < 0.9 * rate.possible
UNION ALL
SELECT 'improved', 'education', 'attends', household_id, person_id, fact_id
FROM child JOIN attended a USING (household_id, person_id) WHERE child.unauthorised >= 0.1 * child.possible AND of_school_age
UNION ALL
SELECT 'identified', 'education', 'fixed_exclusions', household_id, person_id, fact_id
FROM counted JOIN excluded USING (household_id, person_id) WHERE n_child >= 3 AND kind = 'suspension' AND as_child
UNION ALL
SELECT 'identified', 'education', 'exclusion_days', household_id, person_id, fact_id
FROM counted JOIN excluded USING (household_id, person_id) WHERE (sessions >= 20 OR primary_sessions >= 10) AND kind = 'suspension' AND as_child
UNION ALL
SELECT 'identified', 'education', 'permanent_exclusion', household_id, person_id, fact_id FROM excluded WHERE kind = 'permanent_exclusion' AND as_child
UNION ALL
SELECT 'improved', 'education', 'few_suspensions', household_id, person_id, fact_id
FROM counted JOIN excluded USING (household_id, person_id) WHERE n >= 3 AND kind = 'suspension' AND of_school_age
UNION ALL
SELECT 'improved', 'education', 'not_excluded', household_id, person_id, fact_id FROM excluded WHERE kind = 'permanent_exclusion' AND of_school_age
UNION ALL
SELECT 'identified', 'education', 'alternative_provision', s.household_id, s.person_id, f.fact_id
FROM fact f JOIN subject s USING (source_record_id)
WHERE f.kind = 'enrolment' AND f.is_flagged AND s.is_member AND s.born_on <= getvariable('d') AND s.adult_on > getvariable('d')
  AND f.starts_on <= getvariable('d') AND (f.ends_on IS NULL OR f.ends_on > getvariable('d'));
