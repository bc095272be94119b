-- What a row said, so that an unchanged row is known by comparing one value, and rows that absence ended are found quickly.
ALTER TABLE core.fact ADD COLUMN row_digest uuid;   -- md5 of the row's own columns and of the contract's facts
CREATE INDEX fact_ended_by_absence ON core.fact (row_key) WHERE ended_by = 'absence' AND known_to = 'infinity';
CREATE INDEX absence_feed ON core.absence (feed, partner);
CREATE INDEX coverage_delivery ON core.coverage (delivery_id);
