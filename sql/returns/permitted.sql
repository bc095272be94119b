-- what:  the leave that a person has today to take out a return, the longest
-- grain: permission
-- reads: returns.permission
-- key:   permission_id
SELECT permission_id
FROM returns.permission
WHERE what = :what AND lower(btrim(given_to)) = lower(btrim(:given_to)) AND until >= current_date
ORDER BY until DESC, permission_id DESC
LIMIT 1
