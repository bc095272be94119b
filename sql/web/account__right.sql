-- what:  a right password: none is counted against the account any more
-- grain: account
-- reads: web.account
-- key:   name
UPDATE web.account SET failures = 0, waits_until = NULL WHERE name = :name
