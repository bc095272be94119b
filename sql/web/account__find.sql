-- what:  an account that is open, and whether it may try a password now
-- grain: account
-- reads: web.account
-- key:   name
SELECT name, roles, password, coalesce(waits_until > now(), false) AS waits
FROM web.account
WHERE name = :name AND closed_at IS NULL
FOR UPDATE
