-- what:  count a wrong password; after so many in a row the account waits
-- grain: account
-- reads: web.account
-- key:   name
UPDATE web.account
SET failures = CASE WHEN failures + 1 >= :most THEN 0 ELSE failures + 1 END,
    waits_until = CASE WHEN failures + 1 >= :most THEN now() + make_interval(mins => :wait_minutes) END
WHERE name = :name
RETURNING waits_until IS NOT NULL AS waits
