-- What:  the record that a text of a plan judges, from which day, by whose word and whose act.
-- Grain: activation.   Reads: nothing.   Key: activation_id.
INSERT INTO assess.plan_activation (plan_id, file_hash, plan_hash, from_on, signed_by, by_whom, file_text)
VALUES (:plan_id, :file_hash, :plan_hash, :from_on, :signed_by, :by_whom, :file_text)
