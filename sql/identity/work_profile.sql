-- what:  what may contradict an agreement, as numbers: checked identifiers, surnames, birth dates, first letters of forenames
-- grain: unit that agrees with another x slot x value (slot = the evidence's number for identifiers, else the bound number)
-- reads: work_token, work_agreement, work_record
-- key:   unit, slot, value
CREATE TEMP TABLE work_profile ON COMMIT DROP AS
WITH agreeing AS (
    SELECT DISTINCT unnest(units) AS unit FROM work_agreement WHERE NOT is_placeholder
)
SELECT t.unit, t.evidence AS slot, core.hash_id(t.token) AS value
FROM work_token t JOIN agreeing USING (unit)
WHERE t.evidence = ANY(:identifiers)
  AND NOT EXISTS (SELECT FROM work_agreement p WHERE p.is_placeholder AND p.evidence = t.evidence AND p.token = t.token)
UNION
SELECT r.unit, s.slot, s.value
FROM work_record r JOIN agreeing USING (unit)
CROSS JOIN LATERAL (VALUES (cast(:surname AS int), core.hash_id(r.surname)),
                           (cast(:birth AS int), r.date_of_birth - date '1800-01-01'),
                           (cast(:initial AS int), ascii(r.forename))) AS s (slot, value)
WHERE r.introduces AND s.value > 0
