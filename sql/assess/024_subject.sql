-- What:  whose facts speak for which household: each member's source records.
-- Grain: household x person x spell x source record.   Reads: member, identity.person_link.   Key: household_id, source_record_id, valid.
CREATE TEMP TABLE subject ON COMMIT DROP AS
SELECT l.source_record_id, m.*
FROM member m
JOIN identity.person_link l USING (person_id)
WHERE l.known_from <= :known_at AND l.known_to > :known_at
