-- Whether a record waits or leads its person is told by its link; kept a second time, every record that a night looked at was read and
-- compared for it.
ALTER TABLE identity.match_record DROP COLUMN waits, DROP COLUMN leads;
