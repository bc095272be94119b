-- What stands in partners' folders: enough to fetch each file once, to see it settle, and to say an odd thing once.
CREATE TABLE landing.sighting (
    partner          text NOT NULL,
    file_name        text NOT NULL,
    bytes            bigint NOT NULL,
    modified_at      bigint NOT NULL,              -- the partner's clock, compared for equality only
    control_bytes    bigint,                       -- of its control file; null when there is none
    control_modified_at bigint,
    unchanged_since  timestamptz NOT NULL DEFAULT now(),
    is_odd           boolean NOT NULL DEFAULT false,   -- its name is not of the agreed form
    fetched_at       timestamptz,                  -- when exactly this content was fetched; null: not yet
    delivery_id      bigint REFERENCES landing.delivery ON DELETE SET NULL,
    PRIMARY KEY (partner, file_name)
);

-- How the last look at each partner's account went.
CREATE TABLE landing.account (
    partner     text PRIMARY KEY,
    reached_at  timestamptz,
    fault       text,                              -- unreachable, refused, or null: well
    fault_since timestamptz
);
