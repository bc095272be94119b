-- what:  what the lines of a landed file, staged again, now say: the facts that they make under the contract in force
-- grain: fact of a line
-- reads: staged_fact, staging_source
-- key:   fact_id
SELECT f.line_no AS line, f.kind, core.hash_id('fact|' || d.sha256 || '|' || f.line_no || '|' || f.kind || '|' || f.part) AS fact_id,
       f.starts_on::text AS starts_on, f.ends_on::text AS ends_on, trim_scale(f.quantity)::text AS quantity, trim_scale(f.out_of)::text AS out_of
FROM staged_fact f CROSS JOIN staging_source d
WHERE f.line_no = ANY (CAST(:lines AS bigint[]))
