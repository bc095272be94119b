-- what:  refused rows taken out of those to load
-- grain: line
-- reads: incoming
-- key:   line
DELETE FROM incoming WHERE line = ANY (CAST(:lines AS int[]))
