-- what:  write a decision, which stands above any rule from the next refresh on; later than any before it on the pair
-- grain: pair x instant
-- reads: identity.decision
-- key:   source_record_a, source_record_b, decided_at
INSERT INTO identity.decision (source_record_a, source_record_b, says, by_whom, because, decided_at)
SELECT :a, :b, :says, :by_whom, :because, greatest(clock_timestamp(), max(decided_at) + interval '1 microsecond')
FROM identity.decision
WHERE least(source_record_a, source_record_b) = :a AND greatest(source_record_a, source_record_b) = :b
