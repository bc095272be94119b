-- what:  what was listed under the references and homes that are read anew
-- grain: listing
-- reads: work_ref, work_home, identity.listing (before this run)
-- key:   none
CREATE TEMP TABLE work_listing_was ON COMMIT DROP AS
SELECT l.* FROM work_ref w JOIN identity.listing l ON l.partner = w.partner AND l.ref = w.ref AND l.home IS NULL
UNION ALL
SELECT l.* FROM (SELECT DISTINCT home FROM work_home) h JOIN identity.listing l ON l.home = h.home
