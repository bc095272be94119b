-- what:  references that list other people or days than before, and those whose family facts changed, and everybody whom they list or listed
-- grain: partner x reference x person (none: a reference that lists nobody)
-- reads: work_listing, work_listing_was, work_noted
-- key:   partner, ref, person_id
CREATE TEMP TABLE work_moved ON COMMIT DROP AS
WITH differs AS (
    SELECT partner, ref FROM (TABLE work_listing_was EXCEPT TABLE work_listing) gone
    UNION
    SELECT partner, ref FROM (TABLE work_listing EXCEPT TABLE work_listing_was) new
    UNION
    SELECT partner, ref FROM work_noted
)
SELECT d.partner, d.ref, l.person_id
FROM differs d
LEFT JOIN (SELECT partner, ref, person_id FROM work_listing UNION SELECT partner, ref, person_id FROM work_listing_was) l USING (partner, ref)
