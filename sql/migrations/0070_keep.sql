-- What is wrong now, since when, and who has been told: one incident each, with an outbox that survives a channel's fault.
CREATE SCHEMA keep;

CREATE TABLE keep.incident (
    incident_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL,                      -- of keep/alerts.yaml
    subject     text NOT NULL,                      -- the feed, delivery, partner, DAG or check; never a person
    level       smallint NOT NULL DEFAULT 1,        -- 1 late, 2 missing; otherwise 1
    severity    text NOT NULL CHECK (severity IN ('note', 'warning', 'critical')),
    feed        text,
    partner     text,
    delivery_id bigint,
    owner       text,
    says        text NOT NULL,
    what_to_do  text NOT NULL,
    since_on    date NOT NULL,
    opened_on   date NOT NULL,                      -- business day of the look that found it
    opened_at   timestamptz NOT NULL DEFAULT now(),
    reminded_on date,
    reminders   int NOT NULL DEFAULT 0,
    resolved_on date,
    resolved_at timestamptz
);
CREATE UNIQUE INDEX incident_open ON keep.incident (kind, subject) WHERE resolved_at IS NULL;

-- What is to be told: a message as it was worded then.
CREATE TABLE keep.outbox (
    outbox_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES keep.incident,
    event       text NOT NULL CHECK (event IN ('opened', 'raised', 'reminded', 'resolved')),
    says        text NOT NULL,
    what_to_do  text NOT NULL,
    as_at       date NOT NULL,
    written_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON keep.outbox (incident_id, outbox_id);

-- A message on its way through one channel. Lapsed: a later word on the same incident took its place before it left.
CREATE TABLE keep.sending (
    outbox_id   bigint NOT NULL REFERENCES keep.outbox ON DELETE CASCADE,
    channel     text NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'lapsed')),
    tries       int NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    fault       text,                               -- a type or a status, never the channel's own words
    sent_at     timestamptz,
    PRIMARY KEY (outbox_id, channel)
);
CREATE INDEX ON keep.sending (channel, next_try_at) WHERE state = 'waiting';

-- How each DAG's last finished run ended, as the scheduler saw it: also where the run was killed.
CREATE TABLE keep.dag_run (
    dag_id   text PRIMARY KEY,
    run_id   text NOT NULL,
    state    text NOT NULL CHECK (state IN ('success', 'failed')),
    as_at    date,
    ended_at timestamptz NOT NULL DEFAULT now()
);

-- The days on which a partner does not work, where its contract says that it keeps them.
CREATE TABLE keep.holiday (
    day  date PRIMARY KEY,
    says text NOT NULL
);

ALTER TABLE core.feed ADD COLUMN IF NOT EXISTS due_skips text[] NOT NULL DEFAULT '{}';

-- The first day from the given one on which a feed may be due: its contract may skip school holidays, bank holidays and
-- weekends. Outside the known terms no day counts as a school holiday. Runs as its owner: readers of the board may not read core.
CREATE FUNCTION keep.due_day(day date, skips text[]) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
    SELECT CASE WHEN day IS NULL OR cardinality(skips) = 0 THEN day ELSE coalesce(
        (SELECT min(d.on_day)
         FROM (SELECT (day + n) AS on_day FROM generate_series(0, 120) n) d
         WHERE NOT ('weekends' = ANY (skips) AND extract(isodow FROM d.on_day) > 5)
           AND NOT ('bank_holidays' = ANY (skips) AND EXISTS (SELECT FROM keep.holiday h WHERE h.day = d.on_day))
           AND NOT ('school_holidays' = ANY (skips)
                    AND EXISTS (SELECT FROM core.half_term t WHERE t.place = '' AND t.ends_on < d.on_day)
                    AND EXISTS (SELECT FROM core.half_term t WHERE t.place = '' AND t.starts_on > d.on_day)
                    AND NOT EXISTS (SELECT FROM core.half_term t
                                    WHERE t.place = '' AND d.on_day BETWEEN t.starts_on AND t.ends_on))),
        day) END;
END;
