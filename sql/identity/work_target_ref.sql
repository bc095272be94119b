-- what:  references whose household may come out otherwise: those that moved, and all others that list somebody of theirs
-- grain: partner x reference
-- reads: work_moved, identity.listing
-- key:   partner, ref
CREATE TEMP TABLE work_target_ref ON COMMIT DROP AS
SELECT partner, ref FROM work_moved
UNION
SELECT l.partner, l.ref FROM (SELECT DISTINCT person_id FROM work_moved) m JOIN identity.listing l USING (person_id)
