-- what:  take away that persons who are now apart were ever merged or split
-- grain: event
-- reads: sealed_side
-- key:   event_id
DELETE FROM identity.person_event e USING sealed_side a, sealed_side b
WHERE a.source_record_id IN (e.person_id, e.other_id) AND b.source_record_id IN (e.person_id, e.other_id) AND a.is_new <> b.is_new
