-- What:  who signed a text of a plan, first first.
-- Grain: person.   Reads: assess.plan_signature.   Key: by_whom.
SELECT by_whom, because, signed_at FROM assess.plan_signature WHERE plan_id = :plan_id AND file_hash = :file_hash ORDER BY signed_at
