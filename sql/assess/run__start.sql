-- What:  the record of a run: which plans (by hash), which day, which state of knowledge, which code, which coverage.
-- Grain: one run.   Reads: nothing.   Key: run_id.
INSERT INTO assess.run (as_at, known_at, plan_hashes, code_version, scope, without, coverage_signature)
VALUES (:as_at, :known_at, CAST(:hashes AS jsonb), :code, :scope, CAST(:without AS jsonb), :signature) RETURNING run_id
