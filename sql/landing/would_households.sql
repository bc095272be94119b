-- what:  the households that a delivery applied in this transaction touches: a member's or the family's facts moved, or
--        identification touched them
-- grain: household
-- reads: core.fact, identity.person_link, identity.membership, identity.household_ref, identity.touched
-- key:   household_id
WITH moved AS (
    SELECT DISTINCT f.source_record_id, f.partner, f.family_ref
    FROM core.fact f
    WHERE f.feed = :feed AND f.partner = :partner
      AND (f.known_from > :since OR f.known_to > :since AND f.known_to < 'infinity')
)
SELECT household_id FROM identity.touched WHERE run_id = :run_id
UNION
SELECT m.household_id
FROM moved f
JOIN identity.person_link l ON l.source_record_id = f.source_record_id AND l.known_to = 'infinity'
JOIN identity.membership m ON m.person_id = l.person_id AND m.known_to = 'infinity'
UNION
SELECT x.household_id
FROM moved f
JOIN identity.household_ref x ON x.partner = f.partner AND x.family_ref = f.family_ref AND x.known_to = 'infinity'
ORDER BY household_id
