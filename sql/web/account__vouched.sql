-- what:  the account of somebody whom a sign-on service vouches for: theirs already, or else the one that bears their name
-- grain: account, one at most
-- reads: web.account
-- key:   name
SELECT name, roles, closed_at IS NOT NULL AS is_closed, password IS NOT NULL AS has_password, subject IS NOT NULL AS has_subject,
       coalesce(issuer = :issuer AND subject = :subject, false) AS is_theirs
FROM web.account
WHERE (issuer = :issuer AND subject = :subject) OR name = :name
ORDER BY is_theirs DESC
LIMIT 1
FOR UPDATE
