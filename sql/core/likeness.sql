-- what:  how like the staged people are to those whom their partner has introduced, by an even sample of the rows (every
--        :every-th): references of a form seen before, postcode areas seen before, dates of birth that changed
-- grain: one row
-- reads: core.source_record, staging, staging_source
-- key:   none
WITH sent AS (
    SELECT DISTINCT ON (s.person_ref) s.person_ref, regexp_replace(s.person_ref, '[0-9]+', '9', 'g') AS form,
           substring(to_jsonb(s) ->> 'postcode' FROM '^[A-Z]+') AS area, CAST(to_jsonb(s) ->> 'date_of_birth' AS date) AS born
    FROM staging s
    WHERE s.person_ref IS NOT NULL AND s.line_no % :every = 0
    ORDER BY s.person_ref, s.line_no DESC
), known AS (
    SELECT regexp_replace(r.person_ref, '[0-9]+', '9', 'g') AS form, substring(r.postcode FROM '^[A-Z]+') AS area
    FROM core.source_record r JOIN staging_source d USING (partner)
    WHERE r.known_to = 'infinity'
    LIMIT :most
), forms AS (
    SELECT form FROM known GROUP BY form
), areas AS (
    SELECT area FROM known WHERE area IS NOT NULL GROUP BY area HAVING count(*) >= :area_share * (SELECT count(area) FROM known)
)
SELECT count(*) AS people, count(f.form) AS alike,
       (SELECT count(*) FROM known) AS known, (SELECT count(*) FROM forms) AS forms,
       count(sent.area) AS placed, count(sent.area) FILTER (WHERE a.area IS NULL) AS elsewhere,
       (SELECT count(area) FROM known) AS known_placed,
       count(r.date_of_birth) FILTER (WHERE sent.born IS NOT NULL) AS born_both,
       count(*) FILTER (WHERE sent.born <> r.date_of_birth) AS born_changed
FROM sent
CROSS JOIN staging_source d
LEFT JOIN forms f USING (form)
LEFT JOIN areas a ON a.area = sent.area
LEFT JOIN core.source_record r
  ON r.partner = d.partner AND r.feed = d.feed AND r.person_ref = sent.person_ref AND r.known_to = 'infinity'
