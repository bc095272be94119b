-- What:  what narrows the reading of facts: the kinds that each question reads, the first day of the earliest window of whole
--        terms, and the first day on which any fact can matter.
-- Grain: one row.   Reads: asked, term_window, hh, employment_match, unmatched, schooling_rule.   Key: none.
SELECT coalesce(array_agg(DISTINCT a.kind) FILTER (WHERE a.shape = 'event' AND a.who <> 'family' AND a.ask IN ('seen', 'total', 'clear', 'fewer')), '{}') AS event_kinds,
       coalesce(array_agg(DISTINCT a.kind) FILTER (WHERE a.shape <> 'event' AND a.who <> 'family' AND a.ask IN ('open', 'clear', 'seen')), '{}') AS spell_kinds,
       coalesce(array_agg(DISTINCT a.kind) FILTER (WHERE a.ask = 'latest'), '{}') AS latest_kinds,
       coalesce(array_agg(DISTINCT a.kind) FILTER (WHERE a.ask = 'rate'), '{}') AS rate_kinds,
       coalesce(array_agg(DISTINCT a.kind) FILTER (WHERE a.once_per = 'happened_on'), '{}') AS joint_kinds,
       (SELECT coalesce(array_agg(DISTINCT kind), '{}') FROM employment_match) AS work_kinds,
       (SELECT coalesce(array_agg(DISTINCT kind), '{}') FROM unmatched) AS unmatched_kinds,
       (SELECT coalesce(array_agg(DISTINCT kind), '{}') FROM schooling_rule) AS roll_kinds,
       (SELECT coalesce(array_agg(DISTINCT n.kind), '{}') FROM asked n WHERE n.is_nominated) AS nominated_kinds,
       (SELECT coalesce(array_agg(DISTINCT kind), '{}') FROM expecting) AS expecting_kinds,
       coalesce(min(t.starts_on), date '1900-01-01') AS first_term_day,
       2 + coalesce(max(a.window_n) FILTER (WHERE a.window_unit = 'months'), 0) AS reach_months,
       coalesce(max(a.window_n) FILTER (WHERE a.window_unit = 'weeks'), 0) AS reach_weeks,
       least(min(t.starts_on), (coalesce(min(h.lo), :as_at) - make_interval(months => 2 + coalesce(max(a.window_n)
             FILTER (WHERE a.window_unit = 'months'), 0), weeks => coalesce(max(a.window_n) FILTER (WHERE a.window_unit = 'weeks'), 0)))::date) AS floor
FROM asked a, (SELECT min(lo) AS lo FROM hh) h
LEFT JOIN LATERAL (SELECT min(w.starts_on) AS starts_on FROM term_window w WHERE w.days @> h.lo) t ON true
