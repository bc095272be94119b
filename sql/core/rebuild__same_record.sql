-- what:  source records that the replay made just as they stood before; the older version is to stand
-- grain: source record
-- reads: core.source_record
-- key:   source_record_id
CREATE TEMP TABLE same_record ON COMMIT DROP AS
SELECT a.source_record_id, b.known_from AS before, a.known_from AS again
FROM core.source_record a
JOIN core.source_record b ON b.source_record_id = a.source_record_id AND b.known_to = :known_at
WHERE a.feed = :feed AND a.partner = :partner AND a.known_from > :known_at AND a.known_to = 'infinity'
  AND (a.introduces, a.forename, a.surname, a.date_of_birth, a.sex, a.address, a.postcode, a.uprn, a.upn, a.former_upn,
       a.nhs_number, a.nino, a.first_snapshot_on, a.delivery_id, a.line_no)
      IS NOT DISTINCT FROM
      (b.introduces, b.forename, b.surname, b.date_of_birth, b.sex, b.address, b.postcode, b.uprn, b.upn, b.former_upn,
       b.nhs_number, b.nino, b.first_snapshot_on, b.delivery_id, b.line_no)
