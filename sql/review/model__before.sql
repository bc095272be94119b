-- what:  the model that decides, and the one that decided before it first did; null: the shipped one
-- grain: one row
-- reads: identity.model_activation
-- key:   none
WITH live AS (
    SELECT model_id FROM identity.model_activation ORDER BY activation_id DESC LIMIT 1
), first AS (
    SELECT min(a.activation_id) AS activation_id FROM identity.model_activation a JOIN live ON a.model_id = live.model_id
)
SELECT (SELECT model_id FROM live) AS live,
       (SELECT a.model_id FROM identity.model_activation a, first WHERE a.activation_id < first.activation_id
        ORDER BY a.activation_id DESC LIMIT 1) AS before
