-- what:  references whose listings are to be read anew: noted ones, and those under which a record stands whose person changed
-- grain: partner x reference
-- reads: work_noted, work_link_change, core.fact
-- key:   partner, ref
CREATE TEMP TABLE work_ref ON COMMIT DROP AS
SELECT partner, ref FROM work_noted
UNION
SELECT f.partner, f.family_ref FROM work_link_change JOIN core.fact f USING (source_record_id)
WHERE f.known_to = 'infinity' AND f.family_ref IS NOT NULL
UNION
SELECT f.partner, f.ref FROM work_link_change JOIN core.fact f USING (source_record_id)
WHERE f.known_to = 'infinity' AND f.ref IS NOT NULL
