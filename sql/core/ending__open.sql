-- what:  the facts that absence ends, as they now stand
-- grain: fact
-- reads: staged_ending, core.fact
-- key:   kind, fact_id, known_from
INSERT INTO core.fact (fact_id, source_record_id, feed, partner, family_ref, kind, starts_on, ends_on, happened_on, quantity,
                       out_of, authorised, unauthorised, code, role, outcome, place, ref, is_flagged, detail, row_key,
                       row_digest, part, ended_by, delivery_id, line_no, known_from)
SELECT f.fact_id, f.source_record_id, f.feed, f.partner, f.family_ref, f.kind, f.starts_on, e.first_on, f.happened_on,
       f.quantity, f.out_of, f.authorised, f.unauthorised, f.code, f.role, f.outcome, f.place, f.ref, f.is_flagged, f.detail,
       f.row_key, f.row_digest, f.part, 'absence', f.delivery_id, f.line_no, :known_at
FROM staged_ending e JOIN core.fact f USING (kind, fact_id, known_from)
