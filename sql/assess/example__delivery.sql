-- What:  the stand-in delivery that a plan's worked examples come from.
-- Grain: one row.   Reads: nothing.   Key: delivery_id.
INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, contract_version, code_version, state)
VALUES (core.hash_id('example'), 'example', 'example', 'example', :on_day, 1, 'whole', '', '', 'accepted') RETURNING delivery_id
