-- what:  how many people of the file no partner has introduced yet
-- grain: one row
-- reads: incoming, core.feed, identity.person_link
-- key:   none
SELECT count(*) FROM (SELECT DISTINCT partner, person_ref FROM incoming) i
WHERE NOT EXISTS (SELECT FROM core.feed f
                  JOIN identity.person_link l ON l.known_to = 'infinity'
                       AND l.source_record_id = core.hash_id('person|' || i.partner || '|' || f.feed || '|' || i.person_ref)
                  WHERE f.partner IN (i.partner, 'any'))
