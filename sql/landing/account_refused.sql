-- what:  how often our key was refused in the last seconds given, and when for the last time; a refusal that seems to lie further
--        ahead than that was written while the clock was wrong, and keeps nobody out for ever
-- grain: one row
-- reads: landing.account
-- key:   none
SELECT count(*) AS times, max(t) AS last_at
FROM landing.account a, unnest(a.refused_at) AS t
WHERE a.partner = :partner AND abs(extract(epoch FROM now() - t)) < :seconds
