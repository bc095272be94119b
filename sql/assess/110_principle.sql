-- What:  the days on which each principle holds: a milestone after the last referral on or before attachment. A spell counts
--        while it lasts, and after the family's closure when it lasted to it.
-- Grain: household x principle.   Reads: hh, principle, milestone, identity.household_ref, core.fact, feed_run.   Key: household_id, principle.
CREATE TEMP TABLE principle_days ON COMMIT DROP AS
WITH own AS (
    SELECT h.household_id, h.plan_id, h.attached_on, f.fact_id, f.kind, f.starts_on, f.ends_on, f.is_flagged
    FROM hh h
    JOIN identity.household_ref x USING (household_id)
    JOIN core.fact f ON f.partner = x.partner AND f.family_ref = x.family_ref
    WHERE h.attached_on IS NOT NULL
      AND f.kind IN (SELECT kind FROM milestone UNION SELECT kind FROM principle UNION SELECT closed_kind FROM principle)
      AND f.known_from <= :known_at AND f.known_to > :known_at AND f.starts_on <= :as_at
      AND x.known_from <= :known_at AND x.known_to > :known_at
), referral AS (
    SELECT h.household_id, h.plan_id, h.attached_on, coalesce(max(o.starts_on), h.attached_on) AS referred_on
    FROM hh h
    LEFT JOIN milestone m ON m.plan_id = h.plan_id AND m.what = 'referred'
    LEFT JOIN own o ON o.household_id = h.household_id AND o.kind = m.kind AND o.starts_on <= h.attached_on
    WHERE h.attached_on IS NOT NULL
    GROUP BY h.household_id, h.plan_id, h.attached_on
), counted AS (
    SELECT o.*, p.principle, p.is_spell, p.closed_kind, coalesce(assess.leaves(o.starts_on, p.held_n, p.held_unit), o.starts_on) AS counts_from
    FROM own o
    JOIN referral r USING (household_id)
    JOIN principle p ON p.plan_id = o.plan_id AND p.kind = o.kind AND (p.flagged IS NULL OR coalesce(o.is_flagged, false) = p.flagged)
    WHERE o.starts_on >= CASE p.since WHEN 'attachment' THEN r.attached_on ELSE r.referred_on END
), held AS (
    SELECT c.household_id, c.principle, c.fact_id, c.kind, daterange(c.counts_from, CASE WHEN c.is_spell THEN c.ends_on END) AS days
    FROM counted c WHERE NOT (c.is_spell AND c.ends_on IS NOT NULL AND c.ends_on <= c.starts_on)
    UNION ALL
    SELECT c.household_id, c.principle, c.fact_id, c.kind, daterange(greatest(c.starts_on, o.starts_on), NULL)
    FROM counted c JOIN own o ON o.household_id = c.household_id AND o.kind = c.closed_kind
    WHERE c.is_spell AND o.starts_on >= c.attached_on AND c.ends_on >= o.starts_on
)
SELECT r.household_id, r.plan_id, p.principle, r.referred_on, coalesce(range_agg(h.days), '{}') AS days,
       array_agg(DISTINCT h.fact_id) FILTER (WHERE h.fact_id IS NOT NULL) AS fact_ids, min(h.kind) AS kind,
       coalesce(g.feeds, '{}') AS unknown_feeds
FROM referral r
JOIN principle p USING (plan_id)
LEFT JOIN held h ON h.household_id = r.household_id AND h.principle = p.principle
LEFT JOIN LATERAL (
    SELECT array_agg(t.feed ORDER BY t.feed) AS feeds FROM unnest(p.told_by) t(feed)
    WHERE NOT EXISTS (SELECT FROM feed_run x WHERE x.feed = t.feed AND x.first_on <= r.referred_on
                      AND x.last_on >= least(CAST(:as_at AS date), CAST(:as_at AS date) - x.stale_days))
) g ON true
GROUP BY r.household_id, r.plan_id, p.principle, r.referred_on, g.feeds
