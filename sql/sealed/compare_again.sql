-- what:  let the next resolution compare the records of a lifted seal anew
-- grain: source record
-- reads: sealed.member
-- key:   source_record_id
UPDATE identity.match_record m SET known_from = '-infinity'
FROM sealed.member s WHERE s.seal_id = :seal_id AND s.source_record_id = m.source_record_id
