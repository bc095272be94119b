-- What:  a person's signature under one text of a plan; signing again changes the reason.
-- Grain: plan text x person.   Reads: nothing.   Key: plan_id, file_hash, by_whom.
INSERT INTO assess.plan_signature (plan_id, file_hash, by_whom, because) VALUES (:plan_id, :file_hash, :by_whom, :because)
ON CONFLICT (plan_id, file_hash, by_whom) DO UPDATE SET because = excluded.because, signed_at = clock_timestamp()
