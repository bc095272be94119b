-- What:  one fact of a worked example.
-- Grain: one fact.   Reads: nothing.   Key: fact_id.
INSERT INTO core.fact (fact_id, source_record_id, feed, partner, family_ref, kind, row_key, delivery_id, line_no, known_from, known_to,
                       starts_on, ends_on, happened_on, quantity, out_of, authorised, unauthorised, code, role, outcome, place, ref, is_flagged)
VALUES (:fact_id, :person, 'example', 'example', :family, :kind, md5(CAST(:fact_id AS text))::uuid, :delivery, 1, :known_from, :known_to,
        :starts_on, :ends_on, :happened_on, :quantity, :out_of, :authorised, :unauthorised, :code, :role, :outcome, :place, :ref, :is_flagged)
