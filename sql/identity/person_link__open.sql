-- what:  open the versions of links that are so now
-- grain: source record x version
-- reads: work_link_change
-- key:   source_record_id, known_from
INSERT INTO identity.person_link (source_record_id, person_id, match_weight, decided_by, because, run_id, known_from)
SELECT source_record_id, now_id, match_weight, decided_by, because, :run_id, :known_at
FROM work_link_change WHERE now_id IS NOT NULL
