-- What:  one status per household, with its reasons.
-- Grain: household.   Reads: hh, plan, fees, problem_now, need, outcome, progress, failing, principle_days, unknown_feed, standing_claim.   Key: household_id.
CREATE TEMP TABLE new_readiness ON COMMIT DROP AS
WITH would_tell AS (
    -- of unattached households: the feeds of the problems that are not known
    SELECT u.household_id, string_agg(DISTINCT u.feed, ', ' ORDER BY u.feed) AS feeds, min(u.feed) AS first_feed
    FROM unknown_feed u JOIN problem_now n USING (household_id, problem)
    WHERE u.side = 'identified' AND u.is_now AND n.present = 'not_known' GROUP BY u.household_id
), problems AS (
    SELECT household_id,
           coalesce(array_agg(problem ORDER BY problem) FILTER (WHERE present_since = 'met'), '{}') AS present,
           coalesce(array_agg(problem ORDER BY problem) FILTER (WHERE present_since = 'met' AND improved = 'met'), '{}') AS improved
    FROM problem_now GROUP BY household_id
), counted AS (
    SELECT h.household_id, count(*) FILTER (WHERE n.present = 'met') AS n_met, count(*) FILTER (WHERE n.present = 'not_known') AS n_not_known
    FROM hh h LEFT JOIN need n USING (household_id) GROUP BY h.household_id
), reasons AS (
    SELECT household_id, string_agg(why, '; ' ORDER BY ord, name) AS why,
           (array_agg(what_next ORDER BY ord, verdict DESC, name))[1] AS what_next,
           bool_or(ord < 30) AS lacks_more, bool_or(verdict = 'not_met' AND ord < 20) AS lacks_principle, bool_or(verdict = 'not_known' AND ord < 20) AS doubts_principle
    FROM failing GROUP BY household_id
), feeds AS (
    SELECT f.household_id, array_agg(DISTINCT feed ORDER BY feed) AS feeds FROM failing f, unnest(f.feeds) feed
    WHERE f.verdict = 'not_known' GROUP BY f.household_id
), held AS (
    SELECT household_id, jsonb_object_agg(principle, days @> CAST(:as_at AS date)) AS has FROM principle_days GROUP BY household_id
), shown AS (
    SELECT plan_id, jsonb_object_agg(shown_as, principle) FILTER (WHERE shown_as IS NOT NULL) AS names FROM principle GROUP BY plan_id
), judged AS (
    SELECT h.household_id, h.plan_id, h.attached_on, p.needs, p.counts, b.present, b.improved, c.n_met, c.n_not_known,
           o.sustained, o.employed_result, o.ready_on, r.lacks_more, r.lacks_principle, r.doubts_principle, r.why, r.what_next, f.feeds, g.has, s.names,
           CASE WHEN h.attached_on IS NULL THEN
                    CASE WHEN c.n_met >= p.needs THEN 'eligible' WHEN c.n_met + c.n_not_known >= p.needs THEN 'cannot_tell' ELSE 'not_eligible' END
                WHEN o.sustained = 'not_met' AND o.employed_result = 'not_met' OR coalesce(r.lacks_principle, false) THEN 'in_progress'
                WHEN o.sustained <> 'met' AND o.employed_result <> 'met' OR coalesce(r.doubts_principle, false) THEN 'blocked_by_data'
                ELSE 'ready' END AS status
    FROM hh h
    JOIN plan p USING (plan_id)
    JOIN problems b USING (household_id)
    JOIN counted c USING (household_id)
    LEFT JOIN outcome o USING (household_id)
    LEFT JOIN reasons r USING (household_id)
    LEFT JOIN feeds f USING (household_id)
    LEFT JOIN held g USING (household_id)
    LEFT JOIN shown s ON s.plan_id = h.plan_id
), bound AS (
    -- the tests that bind: not yet fine on the day before the family would be ready
    SELECT j.household_id, array_agg(f.name ORDER BY f.ord, f.name) AS binds
    FROM judged j JOIN failing f USING (household_id)
    WHERE j.status = 'in_progress' AND j.ready_on IS NOT NULL AND NOT f.days @> j.ready_on - 1
    GROUP BY j.household_id
)
SELECT j.household_id, CASE WHEN c.claim_ref IS NOT NULL THEN 'claimed' ELSE j.status END AS status,
       CASE WHEN j.attached_on IS NULL OR j.lacks_principle OR j.doubts_principle THEN NULL WHEN j.sustained = 'met' THEN 'sustained' WHEN j.employed_result = 'met' THEN 'employment' END AS result,
       j.attached_on, j.present AS problems_present, j.improved AS problems_improved,
       coalesce((j.has ->> (j.names ->> 'has_assessment'))::boolean, false) AS has_assessment,
       coalesce((j.has ->> (j.names ->> 'has_plan'))::boolean, false) AS has_plan,
       coalesce((j.has ->> (j.names ->> 'has_lead_worker'))::boolean, false) AS has_lead_worker,
       coalesce((j.has ->> (j.names ->> 'has_tfop'))::boolean, false) AS has_tfop,
       CASE WHEN c.claim_ref IS NOT NULL THEN 'a claim stands already: ' || c.claim_ref
            WHEN j.status IN ('in_progress', 'blocked_by_data') THEN j.why
            WHEN j.status = 'not_eligible' THEN j.n_met || ' of ' || j.needs || ' ' || j.counts || ' present'
            WHEN j.status = 'cannot_tell' THEN j.n_met || ' of ' || j.needs || ' ' || j.counts || ' present, ' || j.n_not_known || ' not known'
            WHEN j.status = 'eligible' THEN 'not attached' END AS why_not,
       CASE WHEN c.claim_ref IS NOT NULL THEN NULL
            WHEN j.status = 'in_progress' AND j.ready_on IS NOT NULL AND NOT coalesce(j.lacks_more, false)
                THEN 'ready on ' || to_char(j.ready_on, 'YYYY-MM-DD') || ' if nothing new happens and the data keep coming'
            WHEN j.status = 'in_progress' THEN j.what_next
            WHEN j.status = 'blocked_by_data' AND j.feeds IS NOT NULL THEN 'get up-to-date data from ' || array_to_string(j.feeds, ', ')
            WHEN j.status = 'blocked_by_data' THEN j.what_next
            WHEN j.status = 'ready' THEN 'put it in the next claim'
            WHEN j.status = 'eligible' THEN 'offer the family help and attach it'
            WHEN j.status = 'cannot_tell' THEN 'get up-to-date data from ' || coalesce(u.feeds, 'whoever holds the missing dates of birth') END AS what_next,
       CASE WHEN j.status = 'in_progress' AND c.claim_ref IS NULL THEN j.ready_on END AS earliest_on,
       CASE WHEN j.status = 'in_progress' AND c.claim_ref IS NULL THEN coalesce(b.binds, '{}') ELSE '{}' END AS binds,
       CASE WHEN c.claim_ref IS NOT NULL THEN NULL
            WHEN j.status = 'blocked_by_data' THEN j.feeds[1]
            WHEN j.status = 'cannot_tell' THEN u.first_feed END AS blocked_by_feed,
       CASE WHEN j.status <> 'ready' OR c.claim_ref IS NOT NULL THEN 0
            WHEN j.sustained = 'met' THEN f.sustained_pounds + CASE WHEN g.verdict = 'met' THEN g.pounds ELSE 0 END
            ELSE f.employment_pounds END AS value_pounds,
       c.claim_ref AS claimed_as, j.plan_id
FROM judged j
LEFT JOIN bound b USING (household_id)
LEFT JOIN fees f ON f.plan_id = j.plan_id AND f.attached @> j.attached_on
LEFT JOIN progress g ON g.household_id = j.household_id
LEFT JOIN would_tell u ON u.household_id = j.household_id
LEFT JOIN standing_claim c ON c.household_id = j.household_id
