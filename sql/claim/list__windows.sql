-- what:  the windows, the latest first, with their steps and money
-- grain: window
-- reads: claim.window, claim.window_step, claim.claim
-- key:   name
SELECT w.name, w.as_at, w.drafted_by, coalesce((SELECT max(s.step) FILTER (WHERE s.happened_at = l.last) FROM claim.window_step s
                                                WHERE s.window_id = w.window_id), 'drafted') AS step,
       count(c.claim_id) FILTER (WHERE c.state NOT IN ('withdrawn', 'clawed_back')) AS claims, count(c.claim_id) FILTER (WHERE c.state = 'withdrawn') AS withdrawn,
       count(c.claim_id) FILTER (WHERE c.state = 'clawed_back') AS clawed_back,
       coalesce(sum(c.amount_pounds) FILTER (WHERE c.state NOT IN ('withdrawn', 'clawed_back')), 0) AS pounds
FROM claim.window w
LEFT JOIN claim.claim c USING (window_id)
LEFT JOIN LATERAL (SELECT max(happened_at) AS last FROM claim.window_step s WHERE s.window_id = w.window_id) l ON true
GROUP BY w.window_id, w.name, w.as_at, w.drafted_by, l.last ORDER BY w.drafted_at DESC
