-- What:  later proofs of an offence that another report of the same person and day of the offence had proved already.
-- Grain: rule x person x fact.   Reads: asked, core.fact, subject.   Key: rule_id, person_id, fact_id.
CREATE TEMP TABLE superseded ON COMMIT DROP AS
SELECT rule_id, person_id, fact_id
FROM (SELECT d.*, row_number() OVER (PARTITION BY rule_id, person_id, happened_on ORDER BY starts_on, fact_id) AS nth
      FROM (SELECT DISTINCT a.rule_id, s.person_id, f.fact_id, f.happened_on, f.starts_on
      FROM core.fact f
      JOIN asked a ON a.kind = f.kind AND a.once_per = 'happened_on'
      JOIN subject s ON s.source_record_id = f.source_record_id AND s.plan_id = a.plan_id
      WHERE f.kind = ANY (CAST(:joint_kinds AS text[])) AND f.happened_on IS NOT NULL
        AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at
        AND (a.code IS NULL OR f.code = ANY (a.code)) AND (a.outcome IS NULL OR f.outcome = ANY (a.outcome))
        AND (a.role IS NULL OR f.role = ANY (a.role))) d) p
WHERE nth > 1
