-- What the feed board needs of a contract beside its rhythm, and which mart views stand in this warehouse.
ALTER TABLE core.feed
    ADD COLUMN IF NOT EXISTS title           text,
    ADD COLUMN IF NOT EXISTS late_after_days int,  -- days after the due day during which the feed is late and not yet missing
    ADD COLUMN IF NOT EXISTS usual_low       int,  -- rows per delivery in a county of the contract's size
    ADD COLUMN IF NOT EXISTS usual_high      int;

CREATE TABLE audit.mart_view (
    name    text PRIMARY KEY,
    sha256  text NOT NULL,                         -- of the statement's file
    made_at timestamptz NOT NULL DEFAULT now()
);
