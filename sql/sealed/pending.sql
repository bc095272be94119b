-- what:  let the next resolution look at both sides
-- grain: source record
-- reads: sealed.member
-- key:   none
INSERT INTO identity.pending_record (source_record_id) SELECT source_record_id FROM sealed.member WHERE seal_id = :seal_id
