-- what:  open a seal
-- grain: seal
-- reads: -
-- key:   seal_id
INSERT INTO sealed.seal (by_whom, because) VALUES (:by_whom, :because) RETURNING seal_id
