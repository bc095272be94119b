-- Accounts that the council's own sign-on service vouches for: they have no password here, and are known by what the service calls them.
ALTER TABLE web.account
    ALTER COLUMN password DROP NOT NULL,
    ADD COLUMN issuer  text,                        -- the service that vouches
    ADD COLUMN subject text,                        -- what it calls the person, whatever becomes of their name
    ADD CHECK ((issuer IS NULL) = (subject IS NULL)),
    ADD CHECK (password IS NULL OR subject IS NULL),
    ADD UNIQUE (issuer, subject);
