-- what:  families not attached that already qualify: eligible now, or problems apparent and addressed with nobody having claimed
-- grain: household
-- reads: assess.latest, assess.readiness, assess.missed, assess.lapse, assess.plan
-- key:   household_id
-- columns:
--   household_id: the household
--   plan_id: the plan that judged
--   status: achieved (a result, had it been attached on the day of its assessment) or eligible (enough problems today)
--   reason: what it has, and what to do, in words
--   earliest_on: the day from which it could be attached: as_at, or the day of its assessment where achieved
--   feed: always blank; the columns are those of the other lists
--   days_left: until its evidence lapses with nothing new, where that is in sight
--   problems: the problems present today, or since its assessment where achieved
--   problems_improved: those that have improved, where achieved
--   result: sustained or employment, where achieved
--   supposed_on: the day on which it is supposed to have been attached, where achieved
--   value_pounds: what a result would bring
--   run_id: the run that judged
--   as_at: the day judged
CREATE OR REPLACE VIEW mart.missed_claim_v1 AS
SELECT r.household_id,
       coalesce(m.plan_id, r.plan_id) AS plan_id,
       CASE WHEN m.household_id IS NOT NULL THEN 'achieved' ELSE r.status END AS status,
       CASE WHEN m.household_id IS NOT NULL
            THEN cardinality(m.problems_present) || ' problems apparent since its assessment on ' || to_char(m.supposed_on, 'YYYY-MM-DD')
                 || ', and every one addressed, but never attached: check its whole-family assessment, plan and lead worker, and whether it may be attached'
            ELSE cardinality(r.problems_present) || ' problems present, and not attached: offer the family help' END AS reason,
       coalesce(m.supposed_on, l.as_at) AS earliest_on,
       NULL::text AS feed,
       e.lapses_on - l.as_at AS days_left,
       coalesce(m.problems_present, r.problems_present) AS problems,
       coalesce(m.problems_improved, '{}') AS problems_improved,
       m.result,
       m.supposed_on,
       p.result_pounds AS value_pounds,
       l.run_id,
       l.as_at
FROM assess.readiness r
CROSS JOIN assess.latest l
LEFT JOIN assess.missed m USING (household_id)
LEFT JOIN assess.lapse e USING (household_id)
LEFT JOIN assess.plan p ON p.plan_id = coalesce(m.plan_id, r.plan_id)
WHERE r.attached_on IS NULL AND r.status <> 'claimed' AND (r.status = 'eligible' OR m.household_id IS NOT NULL)
