-- what:  facts that absence ends now: a spell at the second accepted absence, a state at the first, dated the first
-- grain: fact
-- reads: core.absence, core.fact, staging_source
-- key:   kind, fact_id
CREATE TEMP TABLE staged_ending ON COMMIT DROP AS
WITH gone AS (
    SELECT a.row_key, min(a.snapshot_on) AS first_on, count(*) AS times
    FROM core.absence a JOIN staging_source d USING (feed, partner)
    GROUP BY a.row_key
    HAVING bool_or(a.delivery_id = d.delivery_id)
)
SELECT f.kind, f.fact_id, f.known_from, g.first_on
FROM gone g
JOIN core.fact f ON f.row_key = g.row_key AND f.known_to = 'infinity'
WHERE (f.kind = ANY (CAST(:states AS text[])) OR (g.times >= 2 AND f.kind = ANY (CAST(:spells AS text[]))))
  AND f.ended_by IS DISTINCT FROM 'absence'
  AND (f.ends_on IS NULL OR f.ends_on > g.first_on)
