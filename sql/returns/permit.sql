-- what:  give leave to take out personal data
-- grain: permission
-- reads: -
-- key:   permission_id
INSERT INTO returns.permission (what, given_to, given_by, because, until)
VALUES (:what, :given_to, :given_by, :because, :until)
RETURNING permission_id
