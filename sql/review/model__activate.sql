-- what:  let a model decide from the next refresh on; null: the shipped one
-- grain: activation
-- reads: -
-- key:   activation_id
INSERT INTO identity.model_activation (model_id, by_whom, because) VALUES (:model_id, :by_whom, :because)
