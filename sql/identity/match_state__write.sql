-- what:  note what model and rules all was compared with
-- grain: the one row
-- reads: -
-- key:   only_row
INSERT INTO identity.match_state (made_by) VALUES (:made_by)
ON CONFLICT (only_row) DO UPDATE SET made_by = excluded.made_by
