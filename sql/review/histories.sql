-- what:  every version of every record of the two persons of a pair, with the day of its file; of one person, the second record alone
--        stands on its side. The caller puts values into shape
-- grain: source record x version
-- reads: core.source_record, landing.delivery, identity.person_link
-- key:   source_record_id, known_from
WITH side AS (
    SELECT 'a' AS side, r.source_record_id, r.source_record_id = :a AS is_asked
    FROM core.source_record r
    LEFT JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_to = 'infinity'
    WHERE r.source_record_id = :a OR l.person_id = cast(:person_a AS bigint) AND r.source_record_id <> :b
    UNION
    SELECT 'b', r.source_record_id, r.source_record_id = :b
    FROM core.source_record r
    LEFT JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_to = 'infinity'
    WHERE r.source_record_id = :b OR l.person_id = cast(:person_b AS bigint) AND cast(:person_b AS bigint) IS DISTINCT FROM cast(:person_a AS bigint)
)
SELECT s.side, s.is_asked, r.source_record_id, r.partner, r.feed, r.first_snapshot_on, d.snapshot_on, d.file_name, r.line_no,
       nullif(r.known_to, 'infinity') AS known_to, r.forename, r.surname, r.date_of_birth, r.sex, r.address, r.postcode, r.uprn,
       r.nhs_number, r.upn, r.former_upn, r.nino
FROM side s
JOIN core.source_record r USING (source_record_id)
LEFT JOIN landing.delivery d USING (delivery_id)
WHERE r.introduces
ORDER BY s.side, s.is_asked DESC, r.partner, r.feed, r.source_record_id, r.known_from
