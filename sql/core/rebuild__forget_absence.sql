-- what:  forget the absences of a feed and partner; the replay finds them again
-- grain: key and snapshot
-- reads: core.absence
-- key:   row_key, snapshot_on, sequence
DELETE FROM core.absence WHERE feed = :feed AND partner = :partner
