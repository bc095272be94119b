-- What:  the latest finished run: its day and its state of knowledge.
-- Grain: one run.   Reads: assess.run.   Key: run_id.
SELECT run_id, as_at, known_at FROM assess.run WHERE finished_at IS NOT NULL ORDER BY run_id DESC LIMIT 1
