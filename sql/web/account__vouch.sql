-- what:  keep an account that a sign-on service vouches for, with the roles that are its now
-- grain: account
-- reads: web.account
-- key:   name
INSERT INTO web.account (name, roles, issuer, subject)
VALUES (:name, CAST(:roles AS text[]), :issuer, :subject)
ON CONFLICT (name) DO UPDATE SET roles = excluded.roles, issuer = excluded.issuer, subject = excluded.subject
