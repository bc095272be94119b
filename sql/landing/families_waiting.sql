-- what:  count, for a delivery of which nothing is applied, the households known here of whom its feed speaks: they rest on older data
-- grain: delivery
-- reads: core.source_record, core.fact, identity.person_link, identity.membership, identity.household_ref
-- key:   delivery_id
UPDATE landing.delivery d
SET families_affected = (
    SELECT count(*) FROM (
        SELECT m.household_id
        FROM core.source_record s
        JOIN identity.person_link l ON l.source_record_id = s.source_record_id AND l.known_to = 'infinity'
        JOIN identity.membership m ON m.person_id = l.person_id AND m.known_to = 'infinity' AND m.valid @> d.snapshot_on
        WHERE s.feed = d.feed AND s.partner = d.partner AND s.known_to = 'infinity'
        UNION
        SELECT x.household_id
        FROM identity.household_ref x
        WHERE x.partner = d.partner AND x.known_to = 'infinity'
          AND EXISTS (SELECT FROM core.fact f
                      WHERE f.partner = x.partner AND f.family_ref = x.family_ref AND f.feed = d.feed AND f.known_to = 'infinity')
    ) AS known)
WHERE d.delivery_id = :delivery_id
