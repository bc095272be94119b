-- what:  the households whose status the latest run moved, and why
-- grain: household
-- reads: assess.status_change, assess.run, assess.readiness
-- key:   household_id
-- columns:
--   household_id: the household
--   status_was: before the latest run; blank for a new household
--   status_is: after it; blank for a household that no longer stands
--   because: new fact, late fact, corrected match, household change, plan change, a window edge
--   changed_at: when it was written
--   run_id: the latest run
--   plan_id: the plan that judged, where the household still stands
--   as_at: the day judged
CREATE OR REPLACE VIEW mart.changed_since_v1 AS
SELECT c.household_id,
       c.status_was,
       c.status_is,
       c.because,
       c.changed_at,
       c.run_id,
       y.plan_id,
       c.as_at
FROM assess.status_change c
LEFT JOIN assess.readiness y ON y.household_id = c.household_id
WHERE c.run_id = (SELECT max(run_id) FROM assess.run)
