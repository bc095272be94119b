-- what:  the accounts, with their roles, when each was last seen, and the sign-on service that vouches for one without a password
-- grain: account
-- reads: web.account, web.session
-- key:   name
SELECT a.name, a.roles, a.made_at, a.closed_at, coalesce(a.waits_until > now(), false) AS waits, max(s.seen_at) AS seen_at,
       CASE WHEN a.password IS NULL THEN coalesce(a.issuer, 'nobody yet') END AS vouched_by
FROM web.account a LEFT JOIN web.session s USING (name)
GROUP BY a.name
ORDER BY a.name
