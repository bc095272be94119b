-- what:  make an account, or give one that is there other roles, a new password, or both; it is open again and waits for nothing
-- grain: account
-- reads: web.account
-- key:   name
INSERT INTO web.account AS a (name, roles, password)
VALUES (:name, CAST(:roles AS text[]), :password)
ON CONFLICT (name) DO UPDATE
SET roles = excluded.roles, password = excluded.password, closed_at = NULL, failures = 0, waits_until = NULL,
    issuer = CASE WHEN a.closed_at IS NULL AND excluded.password IS NULL THEN a.issuer END,
    subject = CASE WHEN a.closed_at IS NULL AND excluded.password IS NULL THEN a.subject END
RETURNING xmax = 0 AS is_new
