-- what:  facts that the replay made just as they stood before; the older version is to stand
-- grain: fact
-- reads: core.fact
-- key:   kind, fact_id
CREATE TEMP TABLE same_fact ON COMMIT DROP AS
SELECT a.kind, a.fact_id, b.known_from AS before, a.known_from AS again
FROM core.fact a
JOIN core.fact b ON b.kind = a.kind AND b.fact_id = a.fact_id AND b.known_to = :known_at
WHERE a.feed = :feed AND a.partner = :partner AND a.kind = ANY (CAST(:kinds AS text[]))
  AND a.known_from > :known_at AND a.known_to = 'infinity'
  AND (a.row_key, a.part, a.source_record_id, a.family_ref, a.starts_on, a.ends_on, a.happened_on, a.quantity, a.out_of,
       a.authorised, a.unauthorised, a.code, a.role, a.outcome, a.place, a.ref, a.is_flagged, a.detail, a.row_digest, a.ended_by,
       a.delivery_id, a.line_no)
      IS NOT DISTINCT FROM
      (b.row_key, b.part, b.source_record_id, b.family_ref, b.starts_on, b.ends_on, b.happened_on, b.quantity, b.out_of,
       b.authorised, b.unauthorised, b.code, b.role, b.outcome, b.place, b.ref, b.is_flagged, b.detail, b.row_digest, b.ended_by,
       b.delivery_id, b.line_no)
