-- what:  a window by its name, with its steps and what stands of its claims
-- grain: window
-- reads: claim.window, claim.window_step, claim.claim
-- key:   window_id
SELECT w.*, coalesce((SELECT json_object_agg(s.step, s.by_whom ORDER BY s.happened_at, s.step) FROM claim.window_step s WHERE s.window_id = w.window_id), '{}') AS steps,
       (SELECT count(*) FROM claim.claim c WHERE c.window_id = w.window_id) AS claims,
       (SELECT count(*) FROM claim.claim c WHERE c.window_id = w.window_id AND c.state = 'withdrawn') AS withdrawn,
       (SELECT count(*) FROM claim.claim c WHERE c.window_id = w.window_id AND c.state = 'clawed_back') AS clawed_back,
       (SELECT coalesce(sum(amount_pounds), 0) FROM claim.claim c WHERE c.window_id = w.window_id AND c.state NOT IN ('withdrawn', 'clawed_back')) AS pounds
FROM claim.window w WHERE w.name = :name
