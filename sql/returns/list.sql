-- what:  the returns that were made, the newest first
-- grain: return
-- reads: returns.made, returns.asked, returns.answer
-- key:   made_id
SELECT m.made_id, m.what, m.made_at, m.by_whom, m.because, m.permission_id, m.as_at, m.run_id, m.rows, m.counts, m.file_sha256,
       (SELECT count(*) FROM returns.asked a WHERE a.made_id = m.made_id) AS asked,
       (SELECT count(DISTINCT a.our_ref) FROM returns.answer a WHERE a.made_id = m.made_id) AS answered
FROM returns.made m
ORDER BY m.made_id DESC
