-- what:  how often something happened to each member of an attached family, or how many spells of it were open, before and after attachment
-- grain: household x person x measure
-- reads: assess.readiness, identity.membership, identity.person_link, core.fact, assess.latest
-- key:   household_id, person_id, measure
WITH measure AS (
    SELECT m.name, m.kinds, m.codes
    FROM jsonb_to_recordset(CAST(:measures AS jsonb)) AS m(name text, kinds text[], codes text[])
), family AS (
    SELECT r.household_id, r.attached_on, daterange((r.attached_on - (:months || ' months')::interval)::date, r.attached_on) AS before,
           daterange(r.attached_on, least((r.attached_on + (:months || ' months')::interval)::date, l.as_at + 1)) AS after
    FROM assess.readiness r
    CROSS JOIN assess.latest l
    WHERE r.attached_on <= l.as_at
), happened AS (
    SELECT DISTINCT f.household_id, m.person_id, q.name, f.before, f.after, coalesce(x.ref, x.fact_id::text) AS what,
           daterange(x.starts_on, CASE WHEN k.shape = 'spell' THEN x.ends_on ELSE x.starts_on + 1 END) AS days
    FROM family f
    JOIN identity.membership m ON m.household_id = f.household_id AND m.known_to = 'infinity'
    JOIN identity.person_link l ON l.person_id = m.person_id AND l.known_to = 'infinity'
    JOIN core.fact x ON x.source_record_id = l.source_record_id AND x.known_to = 'infinity' AND x.starts_on IS NOT NULL
                    AND coalesce(x.ends_on, x.starts_on) >= x.starts_on
    JOIN core.kind k ON k.kind = x.kind
    JOIN measure q ON x.kind = ANY(q.kinds) AND (q.codes IS NULL OR q.codes = '{}' OR x.code = ANY(q.codes))
)
SELECT household_id, person_id, name AS measure,
       count(DISTINCT what) FILTER (WHERE days && before) AS before,
       count(DISTINCT what) FILTER (WHERE days && after) AS after
FROM happened
GROUP BY household_id, person_id, name
