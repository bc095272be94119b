-- A home is one word of a source record: its parts are kept or replaced together.
CREATE TYPE core.home AS (address text, postcode text, uprn text);
