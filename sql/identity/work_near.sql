-- what:  all that is listed of the people of these references, which is what their households depend on
-- grain: listing
-- reads: work_target_ref, identity.listing
-- key:   none
CREATE TEMP TABLE work_near ON COMMIT DROP AS
WITH person AS (
    SELECT DISTINCT l.person_id FROM work_target_ref t JOIN identity.listing l ON l.partner = t.partner AND l.ref = t.ref
), ref AS (
    SELECT DISTINCT l.partner, l.ref FROM person JOIN identity.listing l USING (person_id)
    UNION
    SELECT partner, ref FROM work_target_ref
)
SELECT l.* FROM ref r JOIN identity.listing l ON l.partner = r.partner AND l.ref = r.ref
