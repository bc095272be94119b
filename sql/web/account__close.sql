-- what:  close an account
-- grain: account
-- reads: web.account
-- key:   name
UPDATE web.account SET closed_at = now() WHERE name = :name AND closed_at IS NULL
