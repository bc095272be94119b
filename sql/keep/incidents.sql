-- what:  the open incidents, or all, with what was told of each through which channel
-- grain: incident
-- reads: mart.incident_v1
-- key:   incident_id
SELECT * FROM mart.incident_v1 WHERE :everything OR resolved_on IS NULL ORDER BY resolved_on IS NOT NULL, opened_at DESC, incident_id DESC
