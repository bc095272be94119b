-- what:  persons whom the file introduces or describes otherwise than the current record. Of a person's lines the last word on each
--        particular counts; a blank is no word. Where the feed sends changes only, what the record says already stands until another
--        word. A home (address, postcode, UPRN) is one word: parts of two are never put together.
--        A feed without particulars can only introduce somebody, and only in a row that says something new
-- grain: source record
-- reads: staged_person, staged_touched, core.source_record, staging_source
-- key:   source_record_id
CREATE TEMP TABLE staged_change ON COMMIT DROP AS
WITH line AS (
    SELECT *
    FROM staged_person
    WHERE (SELECT introduces FROM staging_source) OR line_no IN (SELECT line_no FROM staged_touched)
), last_line AS (
    SELECT DISTINCT ON (person_ref) * FROM line ORDER BY person_ref, line_no DESC
), several AS (
    SELECT person_ref FROM line GROUP BY person_ref HAVING count(*) > 1
), word AS (
    -- the last word on each particular of those who stand on several lines
    SELECT person_ref,
           (array_agg(forename ORDER BY line_no DESC) FILTER (WHERE forename IS NOT NULL))[1] AS forename,
           (array_agg(surname ORDER BY line_no DESC) FILTER (WHERE surname IS NOT NULL))[1] AS surname,
           (array_agg(date_of_birth ORDER BY line_no DESC) FILTER (WHERE date_of_birth IS NOT NULL))[1] AS date_of_birth,
           (array_agg(sex ORDER BY line_no DESC) FILTER (WHERE sex IS NOT NULL))[1] AS sex,
           (array_agg(ROW(address, postcode, uprn)::core.home ORDER BY line_no DESC)
            FILTER (WHERE coalesce(address, postcode, uprn) IS NOT NULL))[1] AS home,
           (array_agg(upn ORDER BY line_no DESC) FILTER (WHERE upn IS NOT NULL))[1] AS upn,
           (array_agg(former_upn ORDER BY line_no DESC) FILTER (WHERE former_upn IS NOT NULL))[1] AS former_upn,
           (array_agg(nhs_number ORDER BY line_no DESC) FILTER (WHERE nhs_number IS NOT NULL))[1] AS nhs_number,
           (array_agg(nino ORDER BY line_no DESC) FILTER (WHERE nino IS NOT NULL))[1] AS nino
    FROM line JOIN several USING (person_ref)
    GROUP BY person_ref
), said AS (
    SELECT core.hash_id('person|' || d.partner || '|' || d.feed || '|' || p.person_ref) AS source_record_id, d.sends_changes,
           p.line_no, p.person_ref, coalesce(p.forename, w.forename) AS forename, coalesce(p.surname, w.surname) AS surname,
           coalesce(p.date_of_birth, w.date_of_birth) AS date_of_birth, coalesce(p.sex, w.sex) AS sex,
           CASE WHEN coalesce(p.address, p.postcode, p.uprn) IS NOT NULL OR w.home IS NULL
                THEN ROW(p.address, p.postcode, p.uprn)::core.home ELSE w.home END AS home,
           coalesce(p.upn, w.upn) AS upn, coalesce(p.former_upn, w.former_upn) AS former_upn,
           coalesce(p.nhs_number, w.nhs_number) AS nhs_number, coalesce(p.nino, w.nino) AS nino
    FROM last_line p CROSS JOIN staging_source d LEFT JOIN word w USING (person_ref)
), told AS (
    SELECT t.source_record_id, t.line_no, t.person_ref,
           coalesce(t.forename, k.forename) AS forename, coalesce(t.surname, k.surname) AS surname,
           coalesce(t.date_of_birth, k.date_of_birth) AS date_of_birth, coalesce(t.sex, k.sex) AS sex,
           CASE WHEN coalesce((t.home).address, (t.home).postcode, (t.home).uprn) IS NULL THEN k.address ELSE (t.home).address END AS address,
           CASE WHEN coalesce((t.home).address, (t.home).postcode, (t.home).uprn) IS NULL THEN k.postcode ELSE (t.home).postcode END AS postcode,
           CASE WHEN coalesce((t.home).address, (t.home).postcode, (t.home).uprn) IS NULL THEN k.uprn ELSE (t.home).uprn END AS uprn,
           coalesce(t.upn, k.upn) AS upn, coalesce(t.former_upn, k.former_upn) AS former_upn,
           coalesce(t.nhs_number, k.nhs_number) AS nhs_number, coalesce(t.nino, k.nino) AS nino
    FROM said t
    LEFT JOIN core.source_record k ON k.source_record_id = t.source_record_id AND k.known_to = 'infinity' AND t.sends_changes
)
SELECT t.*, s.first_snapshot_on
FROM told t
LEFT JOIN core.source_record s ON s.source_record_id = t.source_record_id AND s.known_to = 'infinity'
WHERE s.source_record_id IS NULL
   OR (s.forename, s.surname, s.date_of_birth, s.sex, s.address, s.postcode, s.uprn, s.upn, s.former_upn, s.nhs_number, s.nino)
      IS DISTINCT FROM
      (t.forename, t.surname, t.date_of_birth, t.sex, t.address, t.postcode, t.uprn, t.upn, t.former_upn, t.nhs_number, t.nino)
