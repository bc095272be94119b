-- what:  take away every link of persons who were both identities at some time: they are linked anew, and nothing tells of before
-- grain: source record x version
-- reads: sealed_side, identity.person_link
-- key:   source_record_id, known_from
DELETE FROM identity.person_link WHERE person_id IN (
    SELECT l.person_id FROM sealed_side s JOIN identity.person_link l USING (source_record_id)
    GROUP BY l.person_id HAVING count(DISTINCT s.is_new) = 2)
