-- what:  who merged and who split in one run of identification, and whether a claim holds one of them
-- grain: event
-- reads: identity.person_event, work_claimed
-- key:   event, person_id, other_id
SELECT e.event, e.person_id, e.other_id,
       EXISTS (SELECT FROM work_claimed c WHERE c.person_id IN (e.person_id, e.other_id)) AS touches_claim
FROM identity.person_event e
WHERE e.run_id = :run_id
ORDER BY e.event, e.person_id, e.other_id
