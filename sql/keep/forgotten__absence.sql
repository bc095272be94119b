-- what:  the absences of keys whose facts are forgotten
-- grain: key and snapshot
-- reads: core.fact, forgotten
-- key:   row_key, snapshot_on, sequence
DELETE FROM core.absence a
USING core.fact f
WHERE f.row_key = a.row_key AND f.source_record_id IN (SELECT source_record_id FROM forgotten)
