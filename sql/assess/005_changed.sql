-- What:  the households whose answer can have changed since the last run: never judged; something due; a fact that its plan reads, a link, membership,
--        reference or school's coverage that came, changed or went; a person's settled birth date; a claim that was made, moved or fell due.
-- Grain: household.   Reads: rule, rule_match, term_window and the plan's other rows, identity.household, assess.readiness, assess.due, core.fact, core.coverage, identity.*.   Key: household_id.
INSERT INTO wanted
WITH reads AS (
    -- the kinds of facts that a plan reads at all
    SELECT r.plan_id, m.kind FROM rule r JOIN rule_match m USING (rule_id)
    UNION SELECT plan_id, kind FROM milestone
    UNION SELECT plan_id, kind FROM principle
    UNION SELECT plan_id, closed_kind FROM principle
    UNION SELECT plan_id, goal_kind FROM nomination_rule
    UNION SELECT plan_id, kind FROM employment_match
    UNION SELECT plan_id, kind FROM schooling_rule
    UNION SELECT plan_id, kind FROM unmatched
    UNION SELECT plan_id, kind FROM expecting
), reach AS (
    -- before this day nothing matters to a household that is not attached; two months beyond the longest window, to be safe
    SELECT r.plan_id, least(min(w.starts_on), assess.less(l.as_at, 2 + coalesce(max(r.window_n) FILTER (WHERE r.window_unit = 'months'), 0), 'months'),
                            assess.less(l.as_at, 8 + coalesce(max(r.window_n) FILTER (WHERE r.window_unit = 'weeks'), 0), 'weeks')) AS from_day
    FROM rule r CROSS JOIN assess.latest l
    LEFT JOIN term_window w ON w.n = r.window_n AND r.window_unit LIKE 'terms%' AND w.days @> l.as_at
    GROUP BY r.plan_id, l.as_at
), moved_fact AS (
    SELECT f.source_record_id, f.partner, f.family_ref, f.kind,
           CASE k.shape WHEN 'event' THEN coalesce(f.ends_on, f.starts_on) ELSE coalesce(f.ends_on, 'infinity') END AS last_day
    FROM (SELECT * FROM core.fact WHERE known_from > :since
          UNION ALL SELECT * FROM core.fact WHERE known_to > :since AND known_to < 'infinity') f   -- an index each, not every fact
    JOIN core.kind k USING (kind)
), moved_record AS (
    SELECT source_record_id FROM identity.person_link WHERE known_from > :since OR known_to > :since AND known_to < 'infinity'
    UNION
    SELECT f.source_record_id FROM core.fact f JOIN core.coverage c ON c.place = f.place
    WHERE f.kind = 'enrolment' AND c.place IS NOT NULL AND (c.known_from > :since OR c.known_to > :since AND c.known_to < 'infinity')
), moved_claim AS (
    SELECT claim_id FROM claim.transfer WHERE happened_at > :since
    UNION
    SELECT claim_id FROM claim.person WHERE recorded_at > :since
    UNION
    SELECT claim_id FROM claim.family WHERE recorded_at > :since
    UNION
    SELECT claim_id FROM claim.claim WHERE claimed_on > (SELECT as_at FROM assess.latest) AND claimed_on <= :as_at
), moved_person AS (
    SELECT l.person_id FROM identity.person_link l JOIN moved_record USING (source_record_id)
    UNION
    SELECT person_id FROM identity.person WHERE run_id > :identity_run
)
SELECT h.household_id FROM identity.household h
LEFT JOIN assess.readiness r USING (household_id)
WHERE h.known_to = 'infinity' AND r.household_id IS NULL
UNION
SELECT household_id FROM assess.due WHERE due_on <= :as_at
UNION
SELECT m.household_id FROM identity.membership m JOIN moved_person USING (person_id)
UNION
SELECT household_id FROM identity.membership WHERE known_from > :since OR known_to > :since AND known_to < 'infinity'
UNION
SELECT household_id FROM identity.household WHERE known_from > :since OR known_to > :since AND known_to < 'infinity'
UNION
SELECT household_id FROM identity.household_ref WHERE known_from > :since OR known_to > :since AND known_to < 'infinity'
UNION
SELECT x.household_id FROM identity.household_ref x JOIN moved_fact f ON f.partner = x.partner AND f.family_ref = x.family_ref
JOIN assess.readiness r ON r.household_id = x.household_id
JOIN reads d ON d.plan_id = r.plan_id AND d.kind = f.kind
UNION
SELECT m.household_id FROM moved_fact f JOIN identity.person_link l USING (source_record_id) JOIN identity.membership m USING (person_id)
JOIN assess.readiness r ON r.household_id = m.household_id
JOIN reads d ON d.plan_id = r.plan_id AND d.kind = f.kind
LEFT JOIN reach e ON e.plan_id = r.plan_id
WHERE r.attached_on IS NOT NULL OR f.last_day >= e.from_day
UNION
SELECT m.household_id FROM claim.claim c
JOIN claim.person_record r ON r.claim_id = c.claim_id
JOIN identity.person_link l ON l.source_record_id = r.source_record_id AND l.known_to = 'infinity'
JOIN identity.membership m ON m.person_id = l.person_id AND m.known_to = 'infinity'
WHERE c.claim_id IN (TABLE moved_claim)
UNION
SELECT h.household_id FROM claim.family f JOIN identity.household_ref h ON h.partner = f.partner AND h.family_ref = f.family_ref
WHERE h.known_to = 'infinity' AND f.claim_id IN (TABLE moved_claim)
