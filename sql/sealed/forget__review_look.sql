-- what:  take away that anybody looked at the two side by side
-- grain: look
-- reads: sealed_side
-- key:   none
DELETE FROM identity.review_look u USING sealed_side a, sealed_side b
WHERE a.source_record_id = u.source_record_a AND b.source_record_id = u.source_record_b AND a.is_new <> b.is_new
