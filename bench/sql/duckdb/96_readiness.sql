-- What:  for the attached: the two results, the days on which each problem stands in the way, every test that is not met, and the first day on which all
--        would hold; for every household: its problems with their evidence, and one status with its reasons.
-- Grain: household x run of days; household x test; household.   Reads: answer, problem, unsettled, principle_held, worker, employed, child_days, evidence.   Key: the grain.
CREATE TEMP TABLE block AS
WITH p AS (
    SELECT *, least(first_hit, first_doubt) AS present_on, coalesce(least(first_other_hit, first_other_doubt), DATE '9999-12-31') AS other_on FROM problem
    WHERE attached_on IS NOT NULL AND least(first_hit, first_doubt) IS NOT NULL
)
SELECT household_id, problem, greatest(from_on, getvariable('d')) AS from_on, to_on FROM (
    -- its tests count once it is present otherwise than by nomination; nominations until it is
    SELECT p.household_id, p.problem, greatest(a.from_on, CASE WHEN p.first_hit < p.other_on THEN p.other_on ELSE p.present_on END) AS from_on, a.to_on
    FROM p JOIN answer a USING (household_id, problem) WHERE a.side = 'improved'
    UNION ALL
    SELECT p.household_id, p.problem, greatest(u.from_on, p.present_on), least(u.to_on, coalesce(p.first_other_hit, DATE '9999-12-31')) FROM p JOIN unsettled u USING (household_id, problem))
WHERE from_on < to_on AND to_on > getvariable('d');
CREATE TEMP TABLE fine AS
WITH ahead AS (
    SELECT household_id, problem, greatest(from_on, getvariable('d') + 1) AS from_on, to_on FROM block WHERE to_on > getvariable('d') + 1
), seen AS (
    SELECT *, coalesce(max(to_on) OVER (PARTITION BY household_id, problem ORDER BY from_on, to_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), getvariable('d') + 1) AS free_on FROM ahead
)
SELECT household_id, problem, coalesce(min(free_on) FILTER (from_on > free_on), max(to_on)) AS fine_on FROM seen GROUP BY household_id, problem;
CREATE TEMP TABLE outcome AS
WITH plan AS (SELECT any_value(needs) AS needs FROM plan), counted AS (
    SELECT household_id, any_value(attached_on) AS attached_on, count(*) FILTER (present_since = 'met') AS n_met, count(*) FILTER (present_since = 'not_known') AS n_not_known,
           bool_or(present_since = 'met' AND improved = 'not_met') AS is_failed, bool_or(present_since <> 'not_met' AND improved <> 'met') AS is_open,
           list_sort(list(first_hit) FILTER (first_hit IS NOT NULL))[(SELECT needs FROM plan)] AS eligible_on
    FROM problem WHERE attached_on IS NOT NULL GROUP BY household_id
), started AS (
    SELECT *, greatest(eligible_on, getvariable('d') + 1) AS start_on FROM counted
), ahead AS (
    SELECT household_id, s.start_on, greatest(from_on, s.start_on) AS from_on, to_on FROM block JOIN started s USING (household_id) WHERE to_on > s.start_on
), seen AS (
    SELECT *, coalesce(max(to_on) OVER (PARTITION BY household_id ORDER BY from_on, to_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), start_on) AS free_on FROM ahead
), free AS (
    SELECT household_id, coalesce(min(free_on) FILTER (from_on > free_on), max(to_on)) AS free_on FROM seen GROUP BY household_id
), working AS (
    SELECT household_id, min(greatest(from_on, start_on)) AS working_on FROM employed JOIN started USING (household_id) WHERE to_on > greatest(from_on, start_on) GROUP BY household_id
), by_work AS (
    SELECT household_id, max(verdict = 'met') AS is_met FROM worker GROUP BY household_id
), held AS (
    SELECT household_id, min(until_on) AS until_on FROM principle_held GROUP BY household_id
), judged AS (
    SELECT s.household_id, s.attached_on, s.eligible_on, s.n_met, h.until_on, least(coalesce(f.free_on, s.start_on), w.working_on) AS first_on,
           CASE WHEN n_met >= needs THEN 'met' WHEN n_met + n_not_known >= needs THEN 'not_known' ELSE 'not_met' END AS enough,
           CASE WHEN is_failed THEN 'not_met' WHEN is_open THEN 'not_known' ELSE 'met' END AS all_improved,
           CASE WHEN b.is_met THEN 'met' ELSE 'not_met' END AS employment,
           CASE WHEN EXISTS (FROM child_days c WHERE c.household_id = s.household_id AND c.from_on <= s.attached_on AND c.to_on > s.attached_on) THEN 'met' ELSE 'not_met' END AS child
    FROM started s CROSS JOIN plan JOIN held h USING (household_id) LEFT JOIN free f USING (household_id) LEFT JOIN working w USING (household_id) LEFT JOIN by_work b USING (household_id)
)
SELECT *, CASE WHEN 'not_met' IN (enough, all_improved) THEN 'not_met' WHEN 'not_known' IN (enough, all_improved) THEN 'not_known' ELSE 'met' END AS sustained,
       CASE WHEN 'not_met' IN (enough, employment) THEN 'not_met' WHEN 'not_known' IN (enough, employment) THEN 'not_known' ELSE 'met' END AS employed_result,
       CASE WHEN eligible_on IS NOT NULL AND child = 'met' AND first_on < until_on THEN first_on END AS free_on, CASE WHEN free_on <= getvariable('far') THEN free_on END AS ready_on
FROM judged;
CREATE TABLE outcome_verdict AS
SELECT household_id, 'principle' AS side, principle AS criterion, CASE WHEN until_on > getvariable('d') THEN 'met' ELSE 'not_met' END AS verdict FROM principle_held
UNION ALL SELECT household_id, 'principle', 'dependent_child', child FROM outcome
UNION ALL SELECT household_id, 'result', 'sustained', sustained FROM outcome
UNION ALL SELECT household_id, 'result', 'employment', employed_result FROM outcome;
CREATE TEMP TABLE silent_feed AS
WITH d AS (SELECT getvariable('d') AS d)
SELECT household_id, side, problem, feed, bool_or(d >= from_on AND d < to_on) AS is_now, bool_or(criterion <> 'nominated') AS is_other
FROM answer, d WHERE NOT is_hit AND from_on <= d AND (side = 'identified' OR to_on > d) GROUP BY household_id, side, problem, feed;
CREATE TABLE problem_verdict AS
WITH used AS (SELECT household_id, problem, count(DISTINCT fact_id) AS n FROM evidence WHERE side = 'identified' GROUP BY household_id, problem),
silent AS (SELECT household_id, problem, string_agg(DISTINCT feed, ', ' ORDER BY feed) AS feeds FROM silent_feed WHERE side = 'identified' AND is_now GROUP BY household_id, problem)
SELECT p.household_id, p.problem::TEXT AS problem, p.present, p.improved, p.present_since, p.criteria_met, p.first_met_on, coalesce(u.n, 0) AS evidence_count,
       CASE WHEN p.present = 'not_known' THEN coalesce('no answer from ' || s.feeds, 'a date of birth is missing') END AS not_known_because
FROM problem p LEFT JOIN used u ON u.household_id = p.household_id AND u.problem = p.problem::TEXT LEFT JOIN silent s ON s.household_id = p.household_id AND s.problem = p.problem;
CREATE TABLE missing AS
WITH failing AS (
    SELECT household_id, 10 AS ord, principle AS test, 'not_met' AS verdict, 'missing: ' || t.says AS says, t.asks AS what_next, []::TEXT[] AS feeds, NULL::DATE AS fine_on
    FROM principle_held JOIN principle t USING (principle) WHERE until_on <= getvariable('d')
    UNION ALL
    SELECT household_id, 12, 'dependent_child', child, 'no dependent child was in the family at attachment', 'check the family''s members and their dates of birth', [], NULL
    FROM outcome WHERE child <> 'met'
    UNION ALL
    SELECT household_id, 20, 'enough_problems', enough, 'fewer than ' || needs || ' ' || counts || ' have been present since attachment' || CASE enough WHEN 'not_known' THEN ' as far as is known' ELSE '' END,
           'check that the family''s problems are in the partners'' data',
           coalesce((SELECT list_sort(list(DISTINCT s.feed)) FROM silent_feed s JOIN problem p USING (household_id, problem)
                     WHERE s.household_id = o.household_id AND s.side = 'identified' AND p.present_since = 'not_known'), []), eligible_on
    FROM outcome o CROSS JOIN plan WHERE enough <> 'met'
    UNION ALL
    SELECT p.household_id, 30, p.problem::TEXT, v.verdict,
           t.says || ': ' || CASE WHEN v.verdict = 'not_met' THEN CASE WHEN p.only_nominated = 'met' THEN 'the nomination has not ended, nor a goal been met, for long enough'
                                                                        ELSE 'not yet so: ' || t.improved_says END
                                  WHEN p.present_since = 'not_known' THEN 'whether it has been present since attachment is not known' ELSE 'whether it has improved is not known' END,
           CASE WHEN v.verdict <> 'not_met' THEN 'get the missing data'
                WHEN coalesce(f.fine_on, getvariable('d') + 1) <= getvariable('far') THEN 'keep it so until the last one is old enough'
                WHEN p.only_nominated = 'met' THEN 'end the nomination, or record that its goal was met'
                ELSE 'bring what is still open to a good end, and have it recorded' END,
           coalesce((SELECT list_sort(list(DISTINCT s.feed)) FROM silent_feed s WHERE s.household_id = p.household_id AND s.problem = p.problem
                     AND ((s.side = 'identified' AND p.present_since = 'not_known' OR s.side = 'improved' AND p.improved = 'not_known'
                          OR s.side = 'identified' AND s.is_other AND p.only_nominated = 'not_known' AND p.improved = 'not_known'))), []),
           coalesce(f.fine_on, getvariable('d') + 1)
    FROM problem p JOIN outcome o USING (household_id) JOIN plan_problem t ON t.problem = p.problem::TEXT LEFT JOIN fine f ON f.household_id = p.household_id AND f.problem = p.problem,
         LATERAL (SELECT CASE WHEN p.present_since = 'met' AND p.improved = 'not_met' THEN 'not_met' ELSE 'not_known' END AS verdict) v
    WHERE p.present_since <> 'not_met' AND p.improved <> 'met' AND o.employed_result <> 'met'
)
SELECT * REPLACE (CASE WHEN fine_on <= getvariable('far') THEN fine_on END AS fine_on), fine_on AS would_be_fine_on,
       CASE WHEN verdict = 'not_known' THEN 'data' WHEN ord < 30 THEN 'practice' WHEN coalesce(fine_on > getvariable('far'), true) THEN 'family' ELSE 'time' END AS whose
FROM failing;
CREATE TABLE readiness AS
WITH plan AS (SELECT any_value(needs) AS needs, any_value(counts) AS counts FROM plan), money AS (SELECT any_value(sustained_pounds) AS sustained_pounds, any_value(employment_pounds) AS employment_pounds FROM fees),
problems AS (
    SELECT household_id, coalesce(list_sort(list(problem::TEXT) FILTER (present_since = 'met')), []) AS problems_present,
           coalesce(list_sort(list(problem::TEXT) FILTER (present_since = 'met' AND improved = 'met')), []) AS problems_improved,
           count(*) FILTER (present = 'met') AS n_met, count(*) FILTER (present = 'not_known') AS n_not_known
    FROM problem GROUP BY household_id
), reasons AS (
    SELECT household_id, string_agg(says, '; ' ORDER BY ord, test) AS why, arg_min(what_next, (ord, verdict <> 'not_met', test)) AS what_next,
           bool_or(verdict = 'not_met' AND ord < 20) AS lacks_principle, bool_or(verdict = 'not_known' AND ord < 20) AS doubts_principle, min(ord) AS first_ord,
           list_sort(list_distinct(flatten(list(feeds) FILTER (verdict = 'not_known')))) AS feeds
    FROM missing GROUP BY household_id
), telling AS (
    SELECT s.household_id, list_sort(list(DISTINCT s.feed)) AS feeds FROM silent_feed s JOIN problem p USING (household_id, problem)
    WHERE s.side = 'identified' AND s.is_now AND p.present = 'not_known' AND p.attached_on IS NULL GROUP BY s.household_id
), held AS (
    SELECT household_id, bool_or(principle = 'assessment' AND until_on > getvariable('d')) AS has_assessment, bool_or(principle = 'plan' AND until_on > getvariable('d')) AS has_plan,
           bool_or(principle = 'lead_worker' AND until_on > getvariable('d')) AS has_lead_worker, bool_or(principle = 'tfop_agreed' AND until_on > getvariable('d')) AS has_tfop
    FROM principle_held GROUP BY household_id
), judged AS (
    SELECT h.household_id, h.attached_on, b.* EXCLUDE (household_id), o.* EXCLUDE (household_id, attached_on, n_met), r.* EXCLUDE (household_id), g.* EXCLUDE (household_id), t.feeds AS would_tell,
           CASE WHEN h.attached_on IS NULL THEN CASE WHEN b.n_met >= needs THEN 'eligible' WHEN b.n_met + b.n_not_known >= needs THEN 'cannot_tell' ELSE 'not_eligible' END
                WHEN o.sustained = 'not_met' AND o.employed_result = 'not_met' OR coalesce(r.lacks_principle, false) THEN 'in_progress'
                WHEN o.sustained <> 'met' AND o.employed_result <> 'met' OR coalesce(r.doubts_principle, false) THEN 'blocked_by_data' ELSE 'ready' END AS status
    FROM hh h CROSS JOIN plan JOIN problems b USING (household_id) LEFT JOIN outcome o USING (household_id) LEFT JOIN reasons r USING (household_id)
    LEFT JOIN held g USING (household_id) LEFT JOIN telling t USING (household_id)
), bound AS (
    SELECT household_id, list(test ORDER BY ord, test) AS binds FROM missing m JOIN judged j USING (household_id)
    WHERE j.status = 'in_progress' AND j.ready_on IS NOT NULL
      AND (m.test = 'enough_problems' AND coalesce(j.eligible_on > j.ready_on - 1, true)
           OR m.ord = 30 AND EXISTS (FROM block b WHERE b.household_id = m.household_id AND b.problem::TEXT = m.test AND b.from_on <= j.ready_on - 1 AND b.to_on > j.ready_on - 1))
    GROUP BY household_id
)
SELECT j.household_id, status, CASE WHEN attached_on IS NULL OR lacks_principle OR doubts_principle THEN NULL WHEN sustained = 'met' THEN 'sustained' WHEN employed_result = 'met' THEN 'employment' END AS result,
       attached_on, problems_present, problems_improved, coalesce(has_assessment, false) AS has_assessment, coalesce(has_plan, false) AS has_plan,
       coalesce(has_lead_worker, false) AS has_lead_worker, coalesce(has_tfop, false) AS has_tfop,
       CASE status WHEN 'in_progress' THEN why WHEN 'blocked_by_data' THEN why WHEN 'not_eligible' THEN n_met || ' of ' || needs || ' ' || counts || ' present'
            WHEN 'cannot_tell' THEN n_met || ' of ' || needs || ' ' || counts || ' present, ' || n_not_known || ' not known' WHEN 'eligible' THEN 'not attached' END AS why_not,
       CASE WHEN status = 'in_progress' AND ready_on IS NOT NULL AND first_ord >= 30 THEN 'ready on ' || ready_on::TEXT || ' if nothing new happens and the data keep coming'
            WHEN status = 'blocked_by_data' AND len(feeds) > 0 THEN 'get up-to-date data from ' || array_to_string(feeds, ', ')
            WHEN status IN ('in_progress', 'blocked_by_data') THEN what_next WHEN status = 'ready' THEN 'put it in the next claim' WHEN status = 'eligible' THEN 'offer the family help and attach it'
            WHEN status = 'cannot_tell' THEN 'get up-to-date data from ' || coalesce(array_to_string(would_tell, ', '), 'whoever holds the missing dates of birth') END AS what_next,
       CASE WHEN status = 'in_progress' THEN ready_on END AS earliest_on, CASE WHEN status = 'in_progress' THEN coalesce(binds, []) ELSE [] END AS binds,
       CASE status WHEN 'blocked_by_data' THEN feeds[1] WHEN 'cannot_tell' THEN would_tell[1] END AS blocked_by_feed,
       CASE WHEN status <> 'ready' THEN 0 WHEN sustained = 'met' THEN sustained_pounds ELSE employment_pounds END AS value_pounds
FROM judged j CROSS JOIN plan CROSS JOIN money LEFT JOIN bound USING (household_id);
-- the verdict on every test, written or not
CREATE VIEW every_verdict AS
SELECT household_id, side, problem, criterion, verdict, measure, unknown_feeds, test_no FROM verdict
UNION ALL
SELECT h.household_id, q.side, q.problem, q.criterion, CASE q.side WHEN 'identified' THEN 'not_met' ELSE 'met' END, NULL, [], q.test_no
FROM readiness h CROSS JOIN question q ANTI JOIN verdict v ON v.household_id = h.household_id AND v.side = q.side AND v.problem = q.problem AND v.criterion = q.criterion;
