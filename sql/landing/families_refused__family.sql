-- what:  count the households known here of the families whose rows were rejected, where the row's reference could be read
-- grain: delivery
-- reads: staging_refused, identity.household_ref
-- key:   delivery_id
UPDATE landing.delivery d
SET families_affected = (
    SELECT count(DISTINCT x.household_id)
    FROM staging_refused r
    JOIN identity.household_ref x ON x.partner = d.partner AND x.family_ref = r.family_ref AND x.known_to = 'infinity')
WHERE d.delivery_id = :delivery_id
