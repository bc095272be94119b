-- what:  holds on references that turned out to be another child's, let go
-- grain: hold
-- reads: claim.child_hold, claim.wanted_holds
-- key:   plans, partner, person_ref
DELETE FROM claim.child_hold h
WHERE NOT EXISTS (SELECT FROM claim.wanted_holds(NULL) w WHERE w.plans = h.plans AND w.partner = h.partner AND w.person_ref = h.person_ref
                  AND w.claim_id = h.claim_id)
