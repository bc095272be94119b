-- what:  UPNs that are one child's, old and new, through former_upn; a former UPN that two different children claim joins nobody
-- grain: UPN that stands in a chain
-- reads: work_record
-- key:   upn
CREATE TEMP TABLE work_upn ON COMMIT DROP AS
WITH RECURSIVE claimed AS (
    SELECT former_upn, array_agg(DISTINCT upn) AS upns
    FROM work_record
    WHERE former_upn IS NOT NULL AND upn IS NOT NULL AND former_upn <> upn
    GROUP BY former_upn
    HAVING count(DISTINCT upn) = 1 OR (count(DISTINCT forename) <= 1 AND count(DISTINCT date_of_birth) <= 1)
), pair AS (
    SELECT former_upn AS one, upn AS other FROM claimed, unnest(upns) AS upn
    UNION
    SELECT upn, former_upn FROM claimed, unnest(upns) AS upn
), reach (upn, other) AS (
    SELECT one, one FROM pair
    UNION
    SELECT reach.upn, pair.other FROM reach JOIN pair ON pair.one = reach.other
)
SELECT upn, min(other COLLATE "C") AS upn_class FROM reach GROUP BY upn
