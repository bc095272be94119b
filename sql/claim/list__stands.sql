-- what:  whether claims in these states stand
-- grain: state
-- reads: claim.state
-- key:   state
SELECT stands FROM claim.state WHERE state = ANY (CAST(:states AS text[]))
