-- what:  open a session
-- grain: session
-- reads: nothing
-- key:   token_digest
INSERT INTO web.session (token_digest, name) VALUES (:token_digest, :name)
