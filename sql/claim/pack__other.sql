-- what:  what else is known of the members between two days, of the matters that the plan asks about: whatever speaks against the claim
-- grain: household x person x fact
-- reads: identity.membership, identity.person_link, core.fact, core.kind, landing.delivery
-- key:   household_id, person_id, fact_id
SELECT m.household_id, l.person_id, f.fact_id, f.kind, mart.in_words(f, k.says) AS says, f.starts_on, f.ends_on, f.feed, f.partner,
       d.file_name AS file, f.line_no AS line, d.sha256, (f.known_from AT TIME ZONE 'UTC')::date AS loaded_on, f.delivery_id,
       k.shape = 'spell' AND f.ends_on IS NULL AS is_open
FROM (SELECT household_id, person_id, range_agg(valid) AS spells FROM identity.membership
      WHERE household_id = ANY (CAST(:households AS bigint[])) AND known_from <= :known_at AND known_to > :known_at
      GROUP BY household_id, person_id) m
JOIN identity.person_link l ON l.person_id = m.person_id AND l.known_from <= :known_at AND l.known_to > :known_at
JOIN core.fact f ON f.source_record_id = l.source_record_id AND f.known_from <= :known_at AND f.known_to > :known_at
JOIN core.kind k ON k.kind = f.kind
LEFT JOIN landing.delivery d ON d.delivery_id = f.delivery_id
WHERE k.domain IN (SELECT o.domain FROM core.kind o WHERE o.kind = ANY (CAST(:kinds AS text[])))
  AND f.starts_on <= :as_at AND (f.starts_on > :since OR f.ends_on > :since OR k.shape = 'spell' AND f.ends_on IS NULL)
  AND m.spells && daterange(f.starts_on, CASE WHEN k.shape = 'event' THEN f.starts_on + 1 ELSE greatest(f.ends_on, f.starts_on + 1) END)
ORDER BY m.household_id, f.starts_on, f.fact_id, l.person_id
