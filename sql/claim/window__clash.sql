-- what:  a claim or window that bears a name which a new window, or one of its claims, would bear: a command could not tell the two apart
-- grain: one row, where there is one
-- reads: claim.claim, claim.window
-- key:   none
SELECT named
FROM (SELECT claim_ref AS named FROM claim.claim UNION ALL SELECT name FROM claim.window) n
WHERE named = :name OR starts_with(named, :name || '-') AND substr(named, length(:name) + 2) ~ '^[0-9]+$'
ORDER BY named LIMIT 1
