-- what:  count the households known here of the people whose rows were rejected, where the row's reference could be read
-- grain: delivery
-- reads: staging_refused, core.source_record, identity.person_link, identity.membership
-- key:   delivery_id
UPDATE landing.delivery d
SET families_affected = (
    SELECT count(DISTINCT m.household_id)
    FROM staging_refused r
    JOIN core.source_record s ON s.partner = d.partner AND s.person_ref = r.person_ref AND s.known_to = 'infinity'
    JOIN identity.person_link l ON l.source_record_id = s.source_record_id AND l.known_to = 'infinity'
    JOIN identity.membership m ON m.person_id = l.person_id AND m.known_to = 'infinity' AND m.valid @> d.snapshot_on)
WHERE d.delivery_id = :delivery_id
