-- what:  keep the homes of versions that only the steps of the replay made; a version that says the same may stand already
-- grain: source record x delivery
-- reads: core.source_record
-- key:   as core.past_home
INSERT INTO core.past_home (source_record_id, delivery_id, partner, surname, address, postcode, uprn)
SELECT r.source_record_id, r.delivery_id, r.partner, r.surname, r.address, r.postcode, r.uprn
FROM core.source_record r
WHERE r.feed = :feed AND r.partner = :partner AND r.known_from > :known_at AND r.known_to <> 'infinity'
  AND r.introduces AND (r.uprn IS NOT NULL OR r.address IS NOT NULL)
  AND NOT EXISTS (SELECT FROM core.source_record k
                  WHERE k.source_record_id = r.source_record_id AND k.delivery_id = r.delivery_id AND k.known_to <= :known_at
                    AND (k.surname, k.address, k.postcode, k.uprn) IS NOT DISTINCT FROM (r.surname, r.address, r.postcode, r.uprn))
