-- A household is drafted once under a plan, even one whose children have all moved on, so that two people who draft at once get one claim.
CREATE UNIQUE INDEX one_claim_per_household ON claim.claim (household_id, plan_id)
    WHERE state IN ('drafted', 'approved', 'frozen', 'submitted', 'paid');
