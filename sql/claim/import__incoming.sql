-- what:  the rows of a file of earlier claims, as they were read
-- grain: line
-- reads: nothing
-- key:   line
CREATE TEMP TABLE incoming (line int PRIMARY KEY, claim_ref text, plan_id text, family_ref text, partner text, person_ref text,
                            result text, state text, claimed_on date, amount_pounds numeric(12, 2)) ON COMMIT DROP
