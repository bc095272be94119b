-- What:  for the rest of the transaction: memory to hash and sort in, and small samples of the working tables, which are told
--        to the planner as each is filled.
-- Grain: one row.   Reads: nothing.   Key: none.
SELECT set_config('work_mem', '256MB', true), set_config('default_statistics_target', '10', true)
