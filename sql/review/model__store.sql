-- what:  keep a trained model under its day and the next number of that day
-- grain: model
-- reads: identity.model
-- key:   model_id
INSERT INTO identity.model (model_id, trained_on, parameters, sha256, code_version, by_whom)
VALUES (:model_id, :trained_on, cast(:parameters AS jsonb), encode(sha256(convert_to(cast(:parameters AS jsonb)::text, 'UTF8')), 'hex'),
        :code_version, :by_whom)
RETURNING model_id
