-- what:  the models that were trained, which of them decides, and since when
-- grain: model
-- reads: identity.model, identity.model_activation
-- key:   model_id
WITH latest AS (
    SELECT model_id FROM identity.model_activation ORDER BY activation_id DESC LIMIT 1
)
SELECT m.model_id, m.trained_on, m.trained_at, m.by_whom, m.code_version, m.sha256,
       m.model_id IS NOT DISTINCT FROM (SELECT model_id FROM latest) AS is_live,
       (SELECT max(a.activated_at) FROM identity.model_activation a WHERE a.model_id = m.model_id) AS activated_at
FROM identity.model m
ORDER BY m.trained_at
