-- what:  an old person whose records went to one other person merged into it; one whose records went to several was split
-- grain: merge: person x person it took in; split: person x person that came of it
-- reads: work_link_change, work_link, work_linked
-- key:   event_id
INSERT INTO identity.person_event (person_id, event, other_id, run_id, happened_at)
WITH moved AS (
    SELECT DISTINCT was_id, now_id FROM work_link_change WHERE was_id <> now_id
), became AS (
    SELECT was.person_id AS was_id, count(DISTINCT now.person_id) AS n_persons
    FROM work_linked was JOIN work_link now USING (source_record_id)
    WHERE was.person_id IN (SELECT was_id FROM moved)
    GROUP BY was.person_id
)
SELECT CASE WHEN n_persons = 1 THEN now_id ELSE was_id END, CASE WHEN n_persons = 1 THEN 'merge' ELSE 'split' END,
       CASE WHEN n_persons = 1 THEN was_id ELSE now_id END, :run_id, :known_at
FROM moved JOIN became USING (was_id)
ORDER BY was_id, now_id
RETURNING event
