-- what:  links that are no longer so, or not yet written
-- grain: source record whose link differs
-- reads: work_link, work_linked
-- key:   source_record_id
CREATE TEMP TABLE work_link_change ON COMMIT DROP AS
SELECT source_record_id, was.person_id AS was_id, now.person_id AS now_id, now.decided_by, now.because, now.match_weight
FROM work_link now
FULL JOIN work_linked was USING (source_record_id)
WHERE (was.person_id, was.decided_by, was.because, was.match_weight)
      IS DISTINCT FROM (now.person_id, now.decided_by, now.because, now.match_weight)
