-- what:  values that two or more units share, in the order in which they are weighed: strongest evidence first, then first seen
-- grain: kind of evidence x shared value
-- reads: work_token
-- key:   no
CREATE TEMP TABLE work_agreement ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY evidence, min(unit), token COLLATE "C")::int AS no,
       evidence, token, array_agg(unit ORDER BY unit) AS units,
       evidence > :partner_ref AND count(*) > :most_records AS is_placeholder
FROM work_token
GROUP BY evidence, token
HAVING count(*) > 1
