-- what:  attached families by the problems that they had, area and month of attachment: how many, and what they cost before and after; small counts are not shown and cannot be worked out from the totals
-- grain: problem set x area x month, with the totals of each area in a month, of each month, and of all
-- reads: assess.readiness, identity.membership, identity.person_link, core.source_record, core.fact, returns.unit_cost, returns.disclosure, assess.latest
-- key:   problem_set, area, month
-- columns:
--   problem_set: the problems present since attachment, joined by +; `all` in a total, `none` where there was none
--   area: the postcode district of most members; `unknown` where no partner gives one, `all` in a total
--   month: the first day of the month of attachment; 0001-01-01 in the total of all months
--   families: how many, rounded; blank where it is not shown
--   is_suppressed: whether the count is kept back, being small or giving away one that is
--   cost_before_pounds: mean per family over the months before attachment that have passed since it (12 at most), rounded
--   cost_after_pounds: the same over as many months after it
--   months_compared: mean months on either side, to one place
--   level: cell, area, month or all: of what the row is the total
--   is_verified: whether every unit cost used has been checked
--   as_at: the day of the run
--   run_id: the run
CREATE OR REPLACE VIEW mart.cohort_v1 AS
WITH rule AS (
    SELECT * FROM returns.disclosure
), family AS (
    SELECT r.household_id, r.attached_on, l.as_at, l.run_id,
           coalesce(nullif(array_to_string(ARRAY(SELECT p FROM unnest(r.problems_present) p ORDER BY p), '+'), ''), 'none') AS problem_set,
           date_trunc('month', r.attached_on)::date AS month,
           -- equal lengths on either side, whole days
           least(r.attached_on + (rule.months || ' months')::interval, l.as_at + 1)::date AS until
    FROM assess.readiness r
    CROSS JOIN assess.latest l
    CROSS JOIN rule
    WHERE r.attached_on <= l.as_at
), person AS (
    SELECT DISTINCT f.household_id, m.person_id
    FROM family f
    JOIN identity.membership m ON m.household_id = f.household_id AND m.known_to = 'infinity' AND m.valid @> f.attached_on
), district AS (
    SELECT DISTINCT ON (household_id) household_id, area
    FROM (SELECT p.household_id, split_part(s.postcode, ' ', 1) AS area, count(DISTINCT p.person_id) AS people
          FROM person p
          JOIN identity.person_link l ON l.person_id = p.person_id AND l.known_to = 'infinity'
          JOIN core.source_record s ON s.source_record_id = l.source_record_id AND s.known_to = 'infinity' AND s.postcode LIKE '% %'
          GROUP BY 1, 2) lives
    ORDER BY household_id, people DESC, area
), cost AS (
    -- an incident that several members share is counted once for the household
    SELECT f.household_id, c.item, c.per, c.pounds, x.starts_on < f.attached_on AS is_before,
           coalesce(x.ref, x.fact_id::text) AS what, x.starts_on, x.ends_on, f.attached_on, f.until
    FROM family f
    JOIN person p ON p.household_id = f.household_id
    JOIN identity.person_link l ON l.person_id = p.person_id AND l.known_to = 'infinity'
    JOIN core.fact x ON x.source_record_id = l.source_record_id AND x.known_to = 'infinity'
    JOIN returns.unit_cost c ON c.kind = x.kind AND (c.codes = '{}' OR x.code = ANY(c.codes))
    WHERE x.starts_on < f.until AND (x.starts_on >= f.attached_on - (f.until - f.attached_on)
                                     OR c.per = 'week' AND coalesce(x.ends_on, 'infinity') > f.attached_on - (f.until - f.attached_on))
), spent AS (
    SELECT household_id, sum(before) AS before, sum(after) AS after
    FROM (
        SELECT household_id, item,
               count(DISTINCT what) FILTER (WHERE is_before) * max(pounds) AS before,
               count(DISTINCT what) FILTER (WHERE NOT is_before) * max(pounds) AS after
        FROM cost WHERE per = 'event' GROUP BY household_id, item
        UNION ALL
        SELECT household_id, item,
               sum(greatest(0, least(coalesce(ends_on, until), attached_on) - greatest(starts_on, attached_on - (until - attached_on)))) / 7.0 * max(pounds),
               sum(greatest(0, least(coalesce(ends_on, until), until) - greatest(starts_on, attached_on))) / 7.0 * max(pounds)
        FROM cost WHERE per = 'week' GROUP BY household_id, item
    ) each
    GROUP BY household_id
), counted AS (
    SELECT CASE grouping(f.problem_set, d.area, f.month) WHEN 0 THEN 'cell' WHEN 4 THEN 'area' WHEN 6 THEN 'month' ELSE 'all' END AS level,
           CASE WHEN grouping(f.problem_set) = 1 THEN 'all' ELSE f.problem_set END AS problem_set,
           CASE WHEN grouping(d.area) = 1 THEN 'all' ELSE coalesce(d.area, 'unknown') END AS area,
           CASE WHEN grouping(f.month) = 1 THEN date '0001-01-01' ELSE f.month END AS month,
           count(*)::int AS n, avg(coalesce(s.before, 0)) AS before, avg(coalesce(s.after, 0)) AS after,
           avg((f.until - f.attached_on) / 30.4375) AS months, max(f.as_at) AS as_at, max(f.run_id) AS run_id
    FROM family f
    LEFT JOIN district d USING (household_id)
    LEFT JOIN spent s USING (household_id)
    GROUP BY GROUPING SETS ((f.problem_set, d.area, f.month), (d.area, f.month), (f.month), ())
    HAVING count(*) > 0
), months AS (
    -- among the children of one total: the small are kept back; and where they are one alone, or few together, the next smallest too
    SELECT c.*, c.n < rule.least AS is_small,
           count(*) FILTER (WHERE c.n < rule.least) OVER () AS n_small,
           coalesce(sum(c.n) FILTER (WHERE c.n < rule.least) OVER (), 0) AS sum_small,
           row_number() OVER (PARTITION BY c.n >= rule.least ORDER BY c.n, c.month) AS nth
    FROM counted c CROSS JOIN rule
    WHERE c.level = 'month'
), hidden_month AS (
    SELECT month, is_small OR n_small > 0 AND nth = 1 AND (n_small = 1 OR sum_small < (SELECT least FROM rule)) AS is_hidden
    FROM months
), areas AS (
    SELECT c.*, c.n < rule.least AS is_small, p.is_hidden AS parent_hidden,
           count(*) FILTER (WHERE c.n < rule.least) OVER w AS n_small,
           coalesce(sum(c.n) FILTER (WHERE c.n < rule.least) OVER w, 0) AS sum_small,
           row_number() OVER (PARTITION BY c.month, c.n >= rule.least ORDER BY c.n, c.area) AS nth
    FROM counted c
    JOIN hidden_month p USING (month)
    CROSS JOIN rule
    WHERE c.level = 'area'
    WINDOW w AS (PARTITION BY c.month)
), hidden_area AS (
    -- a total that is kept back to protect another may not be added up again from what stands under it
    SELECT month, area, is_small OR nth = 1 AND (n_small > 0 AND (n_small = 1 OR sum_small < (SELECT least FROM rule))
                                                 OR n_small = 0 AND parent_hidden) AS is_hidden
    FROM areas
), cells AS (
    SELECT c.*, c.n < rule.least AS is_small, p.is_hidden AS parent_hidden,
           count(*) FILTER (WHERE c.n < rule.least) OVER w AS n_small,
           coalesce(sum(c.n) FILTER (WHERE c.n < rule.least) OVER w, 0) AS sum_small,
           row_number() OVER (PARTITION BY c.month, c.area, c.n >= rule.least ORDER BY c.n, c.problem_set) AS nth
    FROM counted c
    JOIN hidden_area p USING (month, area)
    CROSS JOIN rule
    WHERE c.level = 'cell'
    WINDOW w AS (PARTITION BY c.month, c.area)
), hidden_cell AS (
    SELECT month, area, problem_set, is_small OR nth = 1 AND (n_small > 0 AND (n_small = 1 OR sum_small < (SELECT least FROM rule))
                                                              OR n_small = 0 AND parent_hidden) AS is_hidden
    FROM cells
), judged AS (
    SELECT c.*, coalesce(CASE c.level WHEN 'cell' THEN hc.is_hidden WHEN 'area' THEN ha.is_hidden WHEN 'month' THEN hm.is_hidden
                                      ELSE c.n < rule.least END, true) AS is_hidden
    FROM counted c
    CROSS JOIN rule
    LEFT JOIN hidden_month hm ON c.level = 'month' AND hm.month = c.month
    LEFT JOIN hidden_area ha ON c.level = 'area' AND ha.month = c.month AND ha.area = c.area
    LEFT JOIN hidden_cell hc ON c.level = 'cell' AND hc.month = c.month AND hc.area = c.area AND hc.problem_set = c.problem_set
)
SELECT j.problem_set,
       j.area,
       j.month,
       CASE WHEN NOT j.is_hidden THEN (round(j.n::numeric / rule.round_to) * rule.round_to)::int END AS families,
       j.is_hidden AS is_suppressed,
       CASE WHEN NOT j.is_hidden THEN round(j.before / rule.round_pounds) * rule.round_pounds END AS cost_before_pounds,
       CASE WHEN NOT j.is_hidden THEN round(j.after / rule.round_pounds) * rule.round_pounds END AS cost_after_pounds,
       CASE WHEN NOT j.is_hidden THEN round(j.months, 1) END AS months_compared,
       j.level,
       (SELECT bool_and(verified) FROM returns.unit_cost) AS is_verified,
       j.as_at,
       j.run_id
FROM judged j
CROSS JOIN rule
