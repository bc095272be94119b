-- What partners sent, what was decided about it, and why.
CREATE SCHEMA landing;

CREATE TABLE landing.delivery (
    delivery_id      bigint PRIMARY KEY,            -- core.hash_id of feed, partner, file name and sha256: the same file is the same delivery
    feed             text NOT NULL,
    partner          text NOT NULL,                 -- whose folder it came from
    file_name        text NOT NULL,
    snapshot_on      date NOT NULL,                 -- from the file's name
    sequence         int  NOT NULL,
    mode             text NOT NULL CHECK (mode IN ('whole', 'window', 'increment')),
    sha256           text,                          -- of the file as sent
    bytes            bigint,
    control          jsonb,                         -- the control file as received; null where the contract declares none
    covers_from      date,
    covers_to        date,
    landed_path      text,                          -- relative to TFI_HOME/landed
    contract_version text NOT NULL,                 -- digest of the contract that read it
    code_version     text NOT NULL,
    state            text NOT NULL CHECK (state IN ('expected', 'seen', 'stable', 'fetched', 'verified', 'opened', 'parsed',
                                                    'staged', 'held', 'rejected', 'accepted', 'published', 'acknowledged')),
    status           text CHECK (status IN ('accepted', 'accepted_with_rejects', 'held', 'rejected', 'duplicate', 'waiting')),
    duplicate_of     bigint REFERENCES landing.delivery,
    rows_read        bigint,
    rows_loaded      bigint,
    rows_rejected    bigint,
    reasons          jsonb NOT NULL DEFAULT '[]',   -- [{rule, count, what_to_do}]
    business_on      date,                          -- the night it was decided in
    received_at      timestamptz NOT NULL DEFAULT now(),
    decided_at       timestamptz,
    receipt_at       timestamptz,
    CHECK (rows_read IS NULL OR rows_loaded IS NULL OR rows_read = rows_loaded + rows_rejected)
);
CREATE INDEX ON landing.delivery (feed, partner, snapshot_on, sequence);

-- One row per rejected row and fault; never a value.
CREATE TABLE landing.reject (
    delivery_id bigint NOT NULL REFERENCES landing.delivery ON DELETE CASCADE,
    line_no     bigint NOT NULL,
    column_name text,
    rule        text NOT NULL,
    what_to_do  text NOT NULL
);
CREATE INDEX ON landing.reject (delivery_id, line_no);

-- What a person decided about a held delivery.
CREATE TABLE landing.decision (
    delivery_id bigint NOT NULL REFERENCES landing.delivery,
    action      text NOT NULL CHECK (action IN ('hold', 'release', 'reject')),
    by_whom     text NOT NULL,
    because     text NOT NULL,
    decided_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (delivery_id, action, by_whom)
);

-- Measures of a delivery: Great Expectations outcomes and volumes, without values.
CREATE TABLE landing.measure (
    delivery_id bigint NOT NULL REFERENCES landing.delivery ON DELETE CASCADE,
    name        text NOT NULL,                      -- expectation and column, or a volume's name
    success     boolean,
    severity    text,
    quantity    numeric,
    PRIMARY KEY (delivery_id, name)
);
