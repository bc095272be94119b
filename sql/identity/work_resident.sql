-- what:  persons whose homes may have changed: their records came, changed, went or moved; and those who gave an address without its UPRN,
--        where a UPRN was given with it for the first time, or is given by nobody any longer
-- grain: person
-- reads: work_link_change, work_pending, work_reread, work_written, identity.sighting, identity.person_link
-- key:   person_id
CREATE TEMP TABLE work_resident ON COMMIT DROP AS
WITH news AS (
    SELECT written, uprn FROM work_written GROUP BY written, uprn HAVING count(*) = 1
), renamed AS (
    SELECT DISTINCT n.written
    FROM news n
    LEFT JOIN LATERAL (
        SELECT true AS stands FROM identity.sighting s
        WHERE s.written = n.written AND s.uprn = n.uprn AND s.source_record_id NOT IN (SELECT source_record_id FROM work_reread) LIMIT 1
    ) other ON true
    WHERE other.stands IS NULL
)
SELECT was_id AS person_id FROM work_link_change WHERE was_id IS DISTINCT FROM now_id AND was_id IS NOT NULL
UNION
SELECT now_id FROM work_link_change WHERE was_id IS DISTINCT FROM now_id AND now_id IS NOT NULL
UNION
SELECT l.person_id FROM work_pending JOIN identity.person_link l USING (source_record_id) WHERE l.known_to = 'infinity'
UNION
SELECT l.person_id
FROM renamed r
CROSS JOIN LATERAL (SELECT s.source_record_id FROM identity.sighting s WHERE s.written = r.written AND s.uprn IS NULL OFFSET 0) s
JOIN identity.person_link l ON l.source_record_id = s.source_record_id AND l.known_to = 'infinity'
