-- What:  the next day after the as-at day on which a judged household's answers can change with nothing new: a fact enters or leaves
--        a window, a term closes over attendance, a birthday, a known end, a membership's edge, a worker's week. What lies beyond
--        the horizon comes into sight as it moves: three days early, since months differ.
--        (Whether feeds fall silent is watched for all households at once.)
-- Grain: household.   Reads: occurrence, answer, attendance_rate, member, principle_days, nomination_route, worker, employment_days, failing, outcome, hh.   Key: household_id.
INSERT INTO assess.due (household_id, due_on)
SELECT household_id, min(day) FROM (
    -- of a fact's days the one edge that lies ahead and comes first, gathered before the rest join in: there are many facts
    SELECT household_id, min(CASE WHEN lower(days) > CAST(:as_at AS date) THEN lower(days) WHEN upper(days) > CAST(:as_at AS date) AND isfinite(upper(days)) THEN upper(days) END) AS day
    FROM occurrence GROUP BY household_id
    UNION ALL SELECT a.household_id, upper(w.days) FROM (SELECT DISTINCT household_id, rule_id FROM attendance_rate) a JOIN rule r USING (rule_id)
              JOIN term_window w ON w.n = r.window_n AND w.days @> CAST(:as_at AS date)
    UNION ALL SELECT m.household_id, x FROM member m, LATERAL (VALUES (lower(valid)), (upper(valid)), (upper(child)), (lower(school)), (upper(school))) v(x)
    UNION ALL SELECT m.household_id, w.closes_on FROM member m, (SELECT min(upper(days)) AS closes_on FROM term_window WHERE days @> CAST(:as_at AS date)) w
              WHERE NOT m.is_dated OR m.child @> CAST(:as_at AS date)
    UNION ALL SELECT household_id, x FROM principle_days, unnest(days) r, LATERAL (VALUES (lower(r)), (upper(r))) v(x)
    UNION ALL SELECT household_id, x FROM nomination_route, unnest(unsettled) r, LATERAL (VALUES (lower(r)), (upper(r))) v(x)
    UNION ALL SELECT w.household_id, x FROM worker w, unnest(ARRAY[w.in_work, w.surely_in_work, w.off_benefit]) days, unnest(days) r,
              generate_series(0, w.of_last - 1) i,
              LATERAL (VALUES (lower(r) + 6 + 7 * i), (CASE WHEN upper_inf(r) THEN 'infinity'::date ELSE upper(r) + 7 * i END)) v(x)
    UNION ALL SELECT household_id, CAST(:as_at AS date) + 1 FROM employment_days WHERE cardinality(unknown_feeds) > 0
    -- what is in doubt may be settled by the window's moving on
    UNION ALL SELECT DISTINCT household_id, CAST(:as_at AS date) + 1 FROM answer WHERE doubt @> CAST(:as_at AS date) OR cov @> CAST(:as_at AS date)
    UNION ALL SELECT f.household_id, greatest(CAST(:as_at AS date) + 1, coalesce(lower(f.days * datemultirange(h.span * daterange(h.hi + 1, NULL))), upper(h.span)) - (h.hi - CAST(:as_at AS date)) - 3)
              FROM failing f JOIN hh h USING (household_id) WHERE NOT f.days && daterange(CAST(:as_at AS date) + 1, h.hi, '[]')
    UNION ALL SELECT o.household_id, greatest(CAST(:as_at AS date) + 1, coalesce(o.later_on, upper(h.span)) - (h.hi - CAST(:as_at AS date)) - 3)
              FROM outcome o JOIN new_readiness n USING (household_id) JOIN hh h USING (household_id)
              WHERE n.status = 'in_progress' AND n.earliest_on IS NULL
) e WHERE day > :as_at AND isfinite(day) GROUP BY household_id
ON CONFLICT (household_id) DO UPDATE SET due_on = excluded.due_on
