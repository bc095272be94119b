-- what:  what came to be known of each household between two instants, and how its status moved
-- grain: household for which anything changed
-- reads: assess.run, assess.status_change, assess.readiness, assess.plan_version, core.fact, identity.person_link, identity.person_born, identity.membership, identity.household_ref
-- key:   household_id
WITH instant AS (
    -- a fact is late when it speaks of a day that had been judged already
    SELECT CAST(:from_at AS timestamptz) AS from_at, CAST(:to_at AS timestamptz) AS to_at,
           coalesce((SELECT max(as_at) FROM assess.run WHERE known_at <= :from_at AND finished_at IS NOT NULL), '-infinity') AS judged_on
), run_of AS (
    SELECT run_id, known_at <= i.from_at AS is_before FROM assess.run, instant i WHERE known_at <= i.to_at AND finished_at IS NOT NULL
), status AS (
    SELECT c.household_id, (array_agg(c.status_is ORDER BY c.run_id DESC) FILTER (WHERE r.is_before))[1] AS status_was,
           (array_agg(c.status_is ORDER BY c.run_id DESC))[1] AS status_is,
           array_remove(array_agg(DISTINCT CASE WHEN NOT r.is_before THEN c.because END), NULL) AS because
    FROM assess.status_change c JOIN run_of r USING (run_id) GROUP BY c.household_id
), fact AS (
    SELECT f.source_record_id, f.partner, f.family_ref, f.starts_on > i.judged_on AS is_new, f.known_from > i.from_at AS came,
           f.known_to > i.from_at AND f.known_to <= i.to_at AND f.known_from <= i.from_at AS went
    FROM core.fact f, instant i
    WHERE (f.known_from > i.from_at AND f.known_from <= i.to_at AND f.known_to > i.to_at)
       OR (f.known_to > i.from_at AND f.known_to <= i.to_at AND f.known_from <= i.from_at)
), member AS (
    SELECT DISTINCT m.household_id, m.person_id FROM identity.membership m, instant i WHERE m.known_from <= i.to_at AND m.known_to > i.from_at
), told AS (
    SELECT m.household_id, f.is_new, f.came, f.went
    FROM fact f
    JOIN (SELECT DISTINCT l.source_record_id, l.person_id FROM identity.person_link l, instant i
          WHERE l.known_from <= i.to_at AND l.known_to > i.to_at) l USING (source_record_id)
    JOIN member m USING (person_id)
    UNION ALL
    SELECT x.household_id, f.is_new, f.came, f.went
    FROM fact f JOIN identity.household_ref x ON x.partner = f.partner AND x.family_ref = f.family_ref, instant i
    WHERE f.source_record_id IS NULL AND x.known_from <= i.to_at AND x.known_to > i.to_at
), facts AS (
    SELECT household_id, count(*) FILTER (WHERE came AND is_new)::int AS new_facts, count(*) FILTER (WHERE came AND NOT coalesce(is_new, false))::int AS late_facts,
           count(*) FILTER (WHERE went)::int AS withdrawn_facts
    FROM told GROUP BY household_id
), links AS (
    SELECT m.household_id, count(DISTINCT l.source_record_id)::int AS links
    FROM identity.person_link l JOIN member m USING (person_id), instant i
    -- a record that another person had, or has since
    WHERE (l.known_from > i.from_at AND l.known_from <= i.to_at AND EXISTS (SELECT FROM identity.person_link o WHERE o.source_record_id = l.source_record_id
                AND o.person_id <> l.person_id AND o.known_from <= i.from_at AND o.known_to > i.from_at))
       OR (l.known_to > i.from_at AND l.known_to <= i.to_at AND EXISTS (SELECT FROM identity.person_link o WHERE o.source_record_id = l.source_record_id
                AND o.person_id <> l.person_id AND o.known_from <= i.to_at AND o.known_to > i.to_at))
    GROUP BY m.household_id
), births AS (
    SELECT m.household_id, count(*)::int AS birth_dates
    FROM identity.person_born b JOIN member m USING (person_id), instant i WHERE b.known_from > i.from_at AND b.known_from <= i.to_at
    GROUP BY m.household_id
), members AS (
    SELECT m.household_id, count(DISTINCT m.person_id)::int AS members FROM identity.membership m, instant i
    WHERE m.known_from > i.from_at AND m.known_from <= i.to_at OR m.known_to > i.from_at AND m.known_to <= i.to_at GROUP BY m.household_id
), plans AS (
    SELECT r.household_id, count(*)::int AS plans
    FROM assess.readiness r JOIN assess.plan_version v USING (plan_id), instant i WHERE v.known_from > i.from_at AND v.known_from <= i.to_at
    GROUP BY r.household_id
), changed AS (
    SELECT household_id, s.status_was, s.status_is, s.because, coalesce(f.new_facts, 0) AS new_facts, coalesce(f.late_facts, 0) AS late_facts,
           coalesce(f.withdrawn_facts, 0) AS withdrawn_facts, coalesce(l.links, 0) AS links, coalesce(b.birth_dates, 0) AS birth_dates,
           coalesce(m.members, 0) AS members, coalesce(p.plans, 0) AS plans
    FROM status s FULL JOIN facts f USING (household_id) FULL JOIN links l USING (household_id) FULL JOIN births b USING (household_id)
    FULL JOIN members m USING (household_id) FULL JOIN plans p USING (household_id)
)
SELECT household_id, status_was, status_is,
       array_remove(ARRAY[CASE WHEN plans > 0 THEN 'plan change' END, CASE WHEN members > 0 THEN 'household change' END,
                          CASE WHEN links > 0 OR birth_dates > 0 THEN 'corrected match' END,
                          CASE WHEN late_facts > 0 OR withdrawn_facts > 0 THEN 'late fact' END, CASE WHEN new_facts > 0 THEN 'new fact' END], NULL)
       || coalesce((SELECT array_agg(x ORDER BY x) FROM unnest(because) x WHERE x IN ('a window edge', 'a claim')), '{}') AS because,
       new_facts, late_facts, withdrawn_facts, links, birth_dates, members, plans
FROM changed
WHERE (CAST(:household_id AS bigint) IS NULL OR household_id = :household_id)
  AND (status_was IS DISTINCT FROM status_is OR new_facts + late_facts + withdrawn_facts + links + birth_dates + members + plans > 0)
ORDER BY status_was IS NOT DISTINCT FROM status_is, household_id
