-- what:  who belongs to a household and who did: by number, without particulars; those who belong now first
-- grain: member spell
-- reads: mart.household_member_v1
-- key:   person_id, valid_from
SELECT person_id, relationship, valid_from, valid_to, basis, confidence, resident, as_at,
       (valid_from IS NULL OR valid_from <= as_at) AND (valid_to IS NULL OR valid_to > as_at) AS is_now
FROM mart.household_member_v1
WHERE household_id = :household_id
ORDER BY is_now DESC, relationship NULLS LAST, person_id, valid_from NULLS FIRST
