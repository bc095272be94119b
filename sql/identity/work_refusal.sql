-- what:  agreements that were refused: names too common to be evidence; the rest is filled from tf_integration/identify/clusters.py
-- grain: pair of units x reason
-- reads: work_agreement
-- key:   none
CREATE TEMP TABLE work_refusal ON COMMIT DROP AS
SELECT units[1] AS unit_a, units[2] AS unit_b, e.because || ', on more than ' || :most_records || ' records' AS because
FROM work_agreement a
JOIN jsonb_to_recordset(cast(:evidence AS jsonb)) AS e (rank int, because text) ON e.rank = a.evidence
WHERE is_placeholder
