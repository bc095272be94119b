-- what:  remember which version of each changed record was compared, which records wait, and which lead their person
-- grain: source record
-- reads: work_touched, work_changed, core.source_record, identity.person_link
-- key:   source_record_id
WITH now AS (
    SELECT t.source_record_id, r.source_record_id IS NOT NULL AS stands, c.source_record_id IS NOT NULL AS changed, c.known_from,
           l.person_id IS NULL AS waits, coalesce(l.person_id = t.source_record_id, false) AS leads
    FROM work_touched t
    LEFT JOIN core.source_record r ON r.source_record_id = t.source_record_id AND r.known_to = 'infinity'
    LEFT JOIN identity.person_link l ON l.source_record_id = t.source_record_id AND l.known_to = 'infinity'
    LEFT JOIN work_changed c ON c.source_record_id = t.source_record_id
), gone AS (
    DELETE FROM identity.match_record m USING now n WHERE m.source_record_id = n.source_record_id AND NOT n.stands
), kept AS (
    UPDATE identity.match_record m SET waits = n.waits, leads = n.leads
    FROM now n
    WHERE m.source_record_id = n.source_record_id AND n.stands AND n.known_from IS NULL AND (m.waits, m.leads) <> (n.waits, n.leads)
)
INSERT INTO identity.match_record (source_record_id, known_from, waits, leads)
SELECT source_record_id, known_from, waits, leads FROM now WHERE stands AND known_from IS NOT NULL
ON CONFLICT (source_record_id) DO UPDATE SET known_from = excluded.known_from, waits = excluded.waits, leads = excluded.leads
