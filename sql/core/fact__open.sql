-- what:  the facts that new and changed rows make
-- grain: fact
-- reads: staged_touched, staged_fact, staging_source
-- key:   kind, fact_id, known_from
INSERT INTO core.fact (fact_id, source_record_id, feed, partner, family_ref, kind, starts_on, ends_on, happened_on, quantity,
                       out_of, authorised, unauthorised, code, role, outcome, place, ref, is_flagged, detail, row_key,
                       row_digest, part, ended_by, delivery_id, line_no, known_from)
SELECT core.hash_id('fact|' || d.sha256 || '|' || f.line_no || '|' || f.kind || '|' || f.part),
       core.hash_id('person|' || d.partner || '|' || d.feed || '|' || t.person_ref),
       d.feed, d.partner, f.family_ref, f.kind, f.starts_on, f.ends_on, f.happened_on, f.quantity, f.out_of, f.authorised,
       f.unauthorised, f.code, f.role, f.outcome, f.place, f.ref, f.is_flagged, f.detail, t.row_key, t.row_digest, f.part,
       CASE WHEN f.ends_on IS NOT NULL THEN 'source' END, d.delivery_id, f.line_no, :known_at
FROM staged_touched t JOIN staged_fact f USING (line_no) CROSS JOIN staging_source d
WHERE t.op = 'U'
