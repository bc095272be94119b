-- what:  what people said of a pair, in order
-- grain: word
-- reads: identity.review
-- key:   review_id
SELECT review_id, says, by_whom, because, people_needed, decides, said_at
FROM identity.review
WHERE source_record_a = :a AND source_record_b = :b
ORDER BY review_id
