-- what:  keep a reviewer's word, with what the platform held of the pair
-- grain: word
-- reads: -
-- key:   review_id
INSERT INTO identity.review (source_record_a, source_record_b, says, by_whom, because, listed_as, was_joined, match_weight, people_needed, decides)
VALUES (:a, :b, :says, :by_whom, :because, :listed_as, :was_joined, :match_weight, :people_needed, :decides)
