-- what:  the rejected rows of a delivery by the first fault of each, so that the counts add up to the rows; and all faults
-- grain: rule and column
-- reads: landing.reject
-- key:   rule, column_name
WITH first AS (
    SELECT DISTINCT ON (line_no) line_no, rule, column_name
    FROM landing.reject
    WHERE delivery_id = :delivery_id
    ORDER BY line_no, column_name NULLS FIRST, rule
), faults AS (
    SELECT rule, column_name, count(*) AS faults, min(line_no) AS first_line, min(what_to_do) AS what_to_do
    FROM landing.reject
    WHERE delivery_id = :delivery_id
    GROUP BY rule, column_name
)
SELECT f.rule, f.column_name AS column, f.faults, f.first_line, f.what_to_do,
       (SELECT count(*) FROM first p WHERE p.rule = f.rule AND p.column_name IS NOT DISTINCT FROM f.column_name) AS rows
FROM faults f
ORDER BY rows DESC, f.faults DESC, f.rule, f.column_name
