-- what:  what may contradict an agreement, as numbers: checked identifiers, and of units that share a value surnames, birth dates, first
--        letters of forenames too
-- grain: unit that shares a value or is alike with another x slot x value (slot = the evidence's number for identifiers, else the bound number)
-- reads: work_token, work_agreement, work_record, work_edge
-- key:   unit, slot, value
CREATE TEMP TABLE work_profile ON COMMIT DROP AS
WITH agreeing AS (
    SELECT DISTINCT unnest(units) AS unit FROM work_agreement WHERE NOT is_placeholder
), alike AS (
    SELECT r.unit FROM work_record r JOIN work_edge e ON e.source_record_a = r.source_record_id WHERE e.match_weight >= :hold_at
    UNION
    SELECT r.unit FROM work_record r JOIN work_edge e ON e.source_record_b = r.source_record_id WHERE e.match_weight >= :hold_at
)
SELECT t.unit, t.evidence AS slot, core.hash_id(t.token) AS value
FROM work_token t JOIN (SELECT unit FROM agreeing UNION SELECT unit FROM alike) one USING (unit)
WHERE t.evidence = ANY(:identifiers)
UNION
SELECT r.unit, s.slot, s.value
FROM work_record r JOIN agreeing USING (unit)
CROSS JOIN LATERAL (VALUES (cast(:surname AS int), core.hash_id(r.surname)),
                           (cast(:birth AS int), r.date_of_birth - date '1800-01-01'),
                           (cast(:initial AS int), ascii(r.forename))) AS s (slot, value)
WHERE r.introduces AND s.value > 0
