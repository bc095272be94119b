-- what:  the account of a session that still holds, which is seen now; nothing where it has ended or its account is closed
-- grain: session
-- reads: web.session, web.account
-- key:   token_digest
UPDATE web.session s SET seen_at = now()
FROM web.account a
WHERE s.token_digest = :token_digest AND a.name = s.name AND a.closed_at IS NULL
  AND s.seen_at > now() - make_interval(mins => :idle_minutes) AND s.began_at > now() - make_interval(hours => :hours)
RETURNING a.name, a.roles
