-- what:  the delivery that is being staged, for the views over its rows
-- grain: one row
-- reads: nothing
-- key:   delivery_id
CREATE TEMP TABLE staging_source ON COMMIT DROP AS
SELECT CAST(:feed AS text) AS feed, CAST(:partner AS text) AS partner, CAST(:delivery_id AS bigint) AS delivery_id,
       CAST(:sha256 AS text) AS sha256, CAST(:snapshot_on AS date) AS snapshot_on, CAST(:sequence AS int) AS sequence,
       CAST(:introduces AS boolean) AS introduces, CAST(:sends_changes AS boolean) AS sends_changes
