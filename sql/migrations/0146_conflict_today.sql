-- A conflict stayed one after the two children had been told apart again, and asked somebody to withdraw a claim that is good. The finding
-- is kept; what is shown is what still holds.
CREATE VIEW claim.conflict_today AS
SELECT x.* FROM claim.conflict x
WHERE EXISTS (SELECT FROM claim.people(ARRAY[x.claim_a]) a JOIN claim.people(ARRAY[x.claim_b]) b USING (person_id)
              WHERE a.was_child AND b.was_child);
