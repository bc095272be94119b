-- what:  take away where persons who were both identities at some time belonged: they are placed anew, and nothing tells of before
-- grain: membership version
-- reads: sealed_side, identity.person_link
-- key:   household_id, person_id, valid, known_from
DELETE FROM identity.membership WHERE person_id IN (
    SELECT l.person_id FROM sealed_side s JOIN identity.person_link l USING (source_record_id)
    GROUP BY l.person_id HAVING count(DISTINCT s.is_new) = 2)
