-- what:  what may contradict an agreement, as numbers: checked identifiers, and of units that share a value surnames, birth dates, first
--        letters of forenames too
-- grain: unit x slot x value (slot = the evidence's number for identifiers, else the bound number)
-- reads: work_token, work_agreement, work_record
-- key:   unit, slot, value. value > 0
CREATE TEMP TABLE work_profile ON COMMIT DROP AS
WITH agreeing AS (
    SELECT DISTINCT unnest(units) AS unit FROM work_agreement WHERE NOT is_placeholder
)
SELECT t.unit, t.evidence AS slot, (hashtextextended(t.token, 0) & 9223372036854775806) + 1 AS value
FROM work_token t WHERE t.evidence = ANY(:identifiers)
UNION ALL
SELECT DISTINCT r.unit, s.slot, s.value
FROM work_record r JOIN agreeing USING (unit)
CROSS JOIN LATERAL (VALUES (cast(:surname AS int), (hashtextextended(r.surname, 0) & 9223372036854775806) + 1),
                           (cast(:birth AS int), r.date_of_birth - date '1800-01-01'),
                           (cast(:initial AS int), ascii(r.forename))) AS s (slot, value)
WHERE r.introduces AND s.value > 0
