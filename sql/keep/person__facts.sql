-- what:  the dated facts about a person, every version, in words, with file and line
-- grain: fact version
-- reads: core.fact, core.kind, landing.delivery
-- key:   fact_id, known_from
SELECT f.feed, f.partner, f.kind, mart.in_words(f, coalesce(k.says, f.kind)) AS says, f.starts_on, f.ends_on, f.happened_on, f.detail,
       d.file_name, f.line_no, f.known_from, nullif(f.known_to, 'infinity') AS known_to
FROM core.fact f JOIN landing.delivery d USING (delivery_id) LEFT JOIN core.kind k ON k.kind = f.kind
WHERE f.source_record_id = ANY (CAST(:ids AS bigint[]))
ORDER BY f.starts_on NULLS FIRST, f.kind, f.known_from
