-- what:  how often our key was refused in the last seconds given, and when for the last time
-- grain: one row
-- reads: landing.account
-- key:   none
SELECT count(*) AS times, max(t) AS last_at
FROM landing.account a, unnest(a.refused_at) AS t
WHERE a.partner = :partner AND t > now() - make_interval(secs => :seconds)
