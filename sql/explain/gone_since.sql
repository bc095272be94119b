-- what:  the last time that records were taken away since an instant, by an erasure or by retention: what was known then is not all there.
--        Of any records, so that no family is told of whose somebody's they were
-- grain: one row
-- reads: audit.event
-- key:   none
SELECT max(happened_at) FROM audit.event WHERE act IN ('erase', 'remove') AND detail ->> 'deleted' <> '{}' AND happened_at > :known_at
