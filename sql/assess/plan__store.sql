-- What:  one plan into the warehouse; a plan whose text is unchanged is not touched.
-- Grain: one plan.   Reads: nothing.   Key: plan_id.
INSERT INTO assess.plan (plan_id, title, in_force, plan_hash, needs, attachment_pounds, result_pounds, document)
VALUES (:plan_id, :title, CAST(:in_force AS daterange), :hash, :needs, :attachment, :result, CAST(:document AS jsonb))
ON CONFLICT (plan_id) DO UPDATE
SET (title, in_force, plan_hash, needs, attachment_pounds, result_pounds, document)
  = (excluded.title, excluded.in_force, excluded.plan_hash, excluded.needs, excluded.attachment_pounds, excluded.result_pounds, excluded.document)
WHERE assess.plan.plan_hash <> excluded.plan_hash
