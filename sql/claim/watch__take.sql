-- what:  holds that claims should have by what is known today and have not; one that another claim has stays there, and is raised
-- grain: hold
-- reads: claim.wanted_holds
-- key:   plans, partner, person_ref
INSERT INTO claim.child_hold (plans, partner, person_ref, claim_id)
SELECT w.plans, w.partner, w.person_ref, w.claim_id FROM claim.wanted_holds(NULL) w ORDER BY 1, 2, 3, 4
ON CONFLICT (plans, partner, person_ref) DO NOTHING
