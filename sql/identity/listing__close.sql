-- what:  forget the listings that are read anew
-- grain: listing
-- reads: work_ref, work_home
-- key:   none
WITH of_homes AS (
    DELETE FROM identity.listing l USING (SELECT DISTINCT home FROM work_home) h WHERE l.home = h.home
)
DELETE FROM identity.listing l USING work_ref w WHERE l.partner = w.partner AND l.ref = w.ref AND l.home IS NULL
