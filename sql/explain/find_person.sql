-- what:  the persons that a name may mean: the person's number, or `partner:person_ref`
-- grain: person
-- reads: identity.person, identity.person_link, core.source_record
-- key:   person_id
SELECT p.person_id
FROM identity.person p
WHERE p.person_id::text = :named
   OR p.person_id IN (SELECT k.person_id
                      FROM core.source_record s
                      JOIN identity.person_link k ON k.source_record_id = s.source_record_id AND k.known_to = 'infinity'
                      WHERE s.partner = split_part(:named, ':', 1) AND s.known_to = 'infinity'
                        AND s.person_ref = nullif(substr(:named, strpos(:named, ':') + 1), :named))
ORDER BY p.person_id
