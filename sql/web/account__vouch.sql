-- what:  keep an account that a sign-on service vouches for, with the roles that are its now; nothing where it has become somebody else's
-- grain: account
-- reads: web.account
-- key:   name
INSERT INTO web.account AS a (name, roles, issuer, subject)
VALUES (:name, CAST(:roles AS text[]), :issuer, :subject)
ON CONFLICT (name) DO UPDATE SET roles = excluded.roles, issuer = excluded.issuer, subject = excluded.subject
WHERE a.password IS NULL AND (a.subject IS NULL OR (a.issuer, a.subject) = (excluded.issuer, excluded.subject))
