-- what:  how many keys the last accepted whole snapshot held, and how many of them the staged rows lack
-- grain: one row
-- reads: core.fact, core.absence, staged_row, refused_keyed, staging_source
-- key:   none
WITH last_keys AS (
    SELECT DISTINCT f.row_key
    FROM core.fact f JOIN staging_source d USING (feed, partner)
    WHERE f.kind = ANY (CAST(:kinds AS text[])) AND f.known_to = 'infinity'
      AND NOT EXISTS (SELECT FROM core.absence a WHERE a.row_key = f.row_key)
)
SELECT count(*) AS known,
       count(*) FILTER (WHERE k.row_key IS NULL) AS gone
FROM last_keys l
LEFT JOIN (SELECT row_key FROM staged_row UNION SELECT row_key FROM refused_keyed) k USING (row_key)
