-- what:  how many people the staged rows speak of, and how many of them the partner's feed has spoken of before
-- grain: one row
-- reads: staged_row, staging_source, core.source_record
-- key:   none
SELECT count(*) AS people, count(s.person_ref) AS known
FROM (SELECT DISTINCT person_ref FROM staged_row WHERE person_ref IS NOT NULL) r
CROSS JOIN staging_source d
LEFT JOIN core.source_record s ON s.partner = d.partner AND s.feed = d.feed AND s.person_ref = r.person_ref AND s.known_to = 'infinity'
