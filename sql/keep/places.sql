-- what:  every column of a table that points at a source record or a person: also those of tables that came later
-- grain: table and column
-- reads: pg_catalog
-- key:   place, column_name
SELECT format('%I.%I', n.nspname, c.relname) AS place, quote_ident(a.attname) AS column_name,
       CASE WHEN a.attname LIKE 'source_record%' THEN 'source_record_id' ELSE 'person_id' END AS points_at
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT a.attisdropped
  AND (n.nspname IN ('core', 'identity') AND a.attname IN ('source_record_id', 'source_record_a', 'source_record_b')
       OR n.nspname IN ('identity', 'assess', 'returns') AND a.attname = 'person_id'
       OR n.nspname = 'sealed' AND a.attname = 'source_record_id'
       OR n.nspname = 'identity' AND c.relname = 'person_event' AND a.attname = 'other_id')
ORDER BY n.nspname DESC, c.relname = 'source_record', c.relname, a.attname
