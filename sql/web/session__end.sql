-- what:  end a session; with a name, every session of that account; and those that have run out
-- grain: session
-- reads: web.session
-- key:   token_digest
DELETE FROM web.session
WHERE token_digest = :token_digest OR name = :name
   OR seen_at <= now() - make_interval(mins => :idle_minutes) OR began_at <= now() - make_interval(hours => :hours)
