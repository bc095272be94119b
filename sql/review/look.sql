-- what:  keep who asked to see the names of a pair
-- grain: look
-- reads: -
-- key:   none
INSERT INTO identity.review_look (source_record_a, source_record_b, by_whom) VALUES (:a, :b, :by_whom)
