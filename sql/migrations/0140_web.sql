-- Who may look at the pages: accounts with their roles, and the sessions that are open. Neither a password nor a session's token is
-- kept, only what one makes of it. An account that is gone from use is closed, not deleted: the audit chain speaks of it.
CREATE SCHEMA web;

CREATE TABLE web.account (
    name        text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9._@-]{0,79}$'),
    roles       text[] NOT NULL,                    -- of keep/access.yaml
    password    text NOT NULL,                      -- scrypt: its parameters, salt and digest
    made_at     timestamptz NOT NULL DEFAULT now(),
    closed_at   timestamptz,
    failures    int NOT NULL DEFAULT 0,             -- wrong passwords since the last right one
    waits_until timestamptz                         -- after too many of them
);

CREATE TABLE web.session (
    token_digest text PRIMARY KEY,
    name         text NOT NULL REFERENCES web.account ON DELETE CASCADE,
    began_at     timestamptz NOT NULL DEFAULT now(),
    seen_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON web.session (name);
