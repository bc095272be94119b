-- what:  what was usual of each measure of a delivery, by median and median absolute deviation over the accepted ones before it,
--        and whether the delivery lies outside
-- grain: measure
-- reads: landing.delivery, landing.measure
-- key:   delivery_id, name
WITH this AS (
    SELECT d.*, (SELECT quantity FROM landing.measure WHERE delivery_id = d.delivery_id AND name = 'rows') AS n
    FROM landing.delivery d
    WHERE d.delivery_id = :delivery_id
), before AS (
    SELECT e.delivery_id
    FROM landing.delivery e JOIN this t ON e.feed = t.feed AND e.partner = t.partner
    WHERE e.status IN ('accepted', 'accepted_with_rejects') AND e.delivery_id <> t.delivery_id AND e.rows_read > 0
      AND (e.snapshot_on, e.sequence) < (t.snapshot_on, t.sequence)
    ORDER BY e.snapshot_on DESC, e.sequence DESC
    LIMIT :history
), floored AS (
    SELECT DISTINCT ON (m.name) m.name, m.quantity, f.share_of_usual, f.least
    FROM landing.measure m
    JOIN jsonb_to_recordset(CAST(:floors AS jsonb)) AS f (prefix text, share_of_usual float8, least float8) ON starts_with(m.name, f.prefix)
    WHERE m.delivery_id = :delivery_id AND m.quantity IS NOT NULL
    ORDER BY m.name, length(f.prefix) DESC
), seen AS (
    -- a share that a delivery does not name was nought there
    SELECT f.name, CASE WHEN f.name LIKE 'code:%' OR f.name LIKE 'warned:%' THEN coalesce(m.quantity, 0) ELSE m.quantity END AS quantity
    FROM floored f CROSS JOIN before b LEFT JOIN landing.measure m ON m.delivery_id = b.delivery_id AND m.name = f.name
), middle AS (
    SELECT name, count(quantity) AS files, percentile_cont(0.5) WITHIN GROUP (ORDER BY quantity) AS usual
    FROM seen GROUP BY name HAVING count(quantity) >= :least
), spread AS (
    SELECT m.name, m.usual, percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(s.quantity - m.usual)) AS mad
    FROM middle m JOIN seen s ON s.name = m.name AND s.quantity IS NOT NULL GROUP BY m.name, m.usual
), ranged AS (
    -- 1.4826: what turns a median absolute deviation into a standard one
    SELECT f.name, s.usual, f.quantity, f.name <> 'rows' AND NOT starts_with(f.name, 'expect_') AS is_share, t.n,
           greatest(:width * 1.4826 * s.mad, f.share_of_usual * abs(s.usual), f.least,
                    CASE WHEN f.name <> 'rows' AND NOT starts_with(f.name, 'expect_') AND t.n > 0
                         THEN :noise * sqrt(greatest(s.usual * (1 - s.usual), 1 / t.n) / t.n) ELSE 0 END) AS reach
    FROM floored f JOIN spread s USING (name) CROSS JOIN this t
)
UPDATE landing.measure m
SET usual = round(r.usual::numeric, 6), usual_low = round(greatest(r.usual - r.reach, 0)::numeric, 6),
    usual_high = round(CASE WHEN r.is_share THEN least(r.usual + r.reach, 1) ELSE r.usual + r.reach END::numeric, 6),
    is_drift = abs(r.quantity - r.usual) > r.reach AND (NOT r.is_share OR coalesce(r.n, 0) >= :least_rows)
FROM ranged r
WHERE m.delivery_id = :delivery_id AND m.name = r.name
