-- what:  what partners, but for some, last said of people, now or as it was known at an instant: of each particular the newest that is filled
-- grain: person
-- reads: identity.person_link, core.source_record
-- key:   person_id
WITH said AS (
    SELECT l.person_id, s.*, row_number() OVER (PARTITION BY l.person_id ORDER BY s.introduces DESC, s.known_from DESC, s.source_record_id) AS nth
    FROM identity.person_link l
    JOIN core.source_record s ON s.source_record_id = l.source_record_id
     AND CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN s.known_to = 'infinity' ELSE s.known_from <= :known_at AND s.known_to > :known_at END
    WHERE CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN l.known_to = 'infinity' ELSE l.known_from <= :known_at AND l.known_to > :known_at END
      AND l.person_id = ANY(CAST(:people AS bigint[])) AND s.partner <> ALL(CAST(:not_from AS text[]))
)
SELECT person_id,
       (array_agg(forename ORDER BY nth) FILTER (WHERE forename IS NOT NULL))[1] AS forename,
       (array_agg(surname ORDER BY nth) FILTER (WHERE surname IS NOT NULL))[1] AS surname,
       (array_agg(date_of_birth ORDER BY nth) FILTER (WHERE date_of_birth IS NOT NULL))[1] AS date_of_birth,
       (array_agg(sex ORDER BY nth) FILTER (WHERE sex IS NOT NULL))[1] AS sex,
       (array_agg(address ORDER BY nth) FILTER (WHERE address IS NOT NULL))[1] AS address,
       (array_agg(postcode ORDER BY nth) FILTER (WHERE postcode IS NOT NULL))[1] AS postcode,
       (array_agg(uprn ORDER BY nth) FILTER (WHERE uprn IS NOT NULL))[1] AS uprn,
       (array_agg(upn ORDER BY nth) FILTER (WHERE upn IS NOT NULL))[1] AS upn,
       (array_agg(nino ORDER BY nth) FILTER (WHERE nino IS NOT NULL))[1] AS nino
FROM said
GROUP BY person_id
