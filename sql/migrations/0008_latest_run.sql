-- The run that the marts speak for: verdicts of households that it did not judge again stand as at its day all the same.
CREATE VIEW assess.latest AS
SELECT run_id, as_at FROM assess.run ORDER BY run_id DESC LIMIT 1;
