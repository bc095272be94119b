-- what:  the accounts, with their roles and when each was last seen
-- grain: account
-- reads: web.account, web.session
-- key:   name
SELECT a.name, a.roles, a.made_at, a.closed_at, coalesce(a.waits_until > now(), false) AS waits, max(s.seen_at) AS seen_at
FROM web.account a LEFT JOIN web.session s USING (name)
GROUP BY a.name
ORDER BY a.name
