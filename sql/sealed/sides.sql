-- what:  the records of the former identity and of the new one: all of their persons where these are two, else those of the two references
-- grain: source record
-- reads: core.source_record, identity.person_link
-- key:   source_record_id
CREATE TEMP TABLE sealed_side ON COMMIT DROP AS
WITH named AS (
    SELECT r.source_record_id AS id, r.partner, r.person_ref, l.person_id, r.source_record_id = :new AS is_new
    FROM core.source_record r
    LEFT JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_to = 'infinity'
    WHERE r.known_to = 'infinity' AND r.source_record_id IN (:former, :new)
), of_person AS (
    SELECT l.source_record_id, n.is_new
    FROM named n JOIN identity.person_link l ON l.person_id = n.person_id AND l.known_to = 'infinity'
    WHERE (SELECT count(DISTINCT person_id) FROM named) = 2
), of_reference AS (
    SELECT r.source_record_id, n.is_new
    FROM named n JOIN core.source_record r ON r.partner = n.partner AND r.person_ref = n.person_ref AND r.known_to = 'infinity'
    WHERE (SELECT count(DISTINCT (partner, person_ref)) FROM named) = 2
)
SELECT id AS source_record_id, is_new FROM named
UNION
SELECT source_record_id, is_new FROM of_person
UNION
SELECT source_record_id, is_new FROM of_reference
