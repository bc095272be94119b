-- what:  spare the records of people for whom a claim was made that is not yet so many years old
-- grain: source record
-- reads: claim.person, claim.claim, core.feed, identity.person_link
-- key:   source_record_id
DELETE FROM forgotten x
USING claim.person p JOIN claim.claim k USING (claim_id), core.feed c
WHERE c.feed = x.feed
  AND k.claimed_on + make_interval(years => c.keep_years_after_claim) >= :as_at
  AND (p.partner = x.partner AND p.person_ref = x.person_ref
       OR p.person_id IN (SELECT l.person_id FROM identity.person_link l WHERE l.source_record_id = x.source_record_id))
