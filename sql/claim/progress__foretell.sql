-- what:  the day on which each family in progress should be ready, as first said in a month: to be held against what came
-- grain: household x plan x month
-- reads: assess.readiness
-- key:   household_id, plan_id, foretold_on
INSERT INTO claim.foretold (household_id, plan_id, foretold_on, ready_on)
SELECT household_id, plan_id, date_trunc('month', CAST(:as_at AS date))::date, earliest_on
FROM assess.readiness WHERE status = 'in_progress' AND earliest_on IS NOT NULL
ON CONFLICT DO NOTHING
