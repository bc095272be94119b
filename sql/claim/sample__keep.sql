-- what:  how a window's sample was drawn
-- grain: window
-- reads: nothing
-- key:   window_id
INSERT INTO claim.sample (window_id, seed, share, at_least, claims, error_rate_before, drawn_from)
VALUES (:window_id, :seed, :share, :at_least, :claims, :error_rate_before, CAST(:drawn_from AS jsonb))
