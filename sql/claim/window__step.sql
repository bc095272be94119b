-- what:  a step of a window, taken once
-- grain: window x step
-- reads: claim.window_step
-- key:   window_id, step
INSERT INTO claim.window_step (window_id, step, by_whom, because) VALUES (:window_id, :step, :by, :because) ON CONFLICT DO NOTHING
