-- what:  remember, as salted digests, whose rows are never stored again
-- grain: digest
-- reads: core.source_record, keep.salt
-- key:   digest
INSERT INTO keep.suppressed (digest)
SELECT DISTINCT keep.digest(partner, person_ref) FROM core.source_record WHERE source_record_id = ANY (CAST(:ids AS bigint[]))
ON CONFLICT DO NOTHING
