-- Homes that a record gave at snapshots of which no version of it is kept: a file that comes after a later one is replayed in its place, and
-- the versions that only the replay made are dropped, since nobody knew them in their time. Where people lived then is known all the same.
CREATE TABLE core.past_home (
    source_record_id bigint NOT NULL,
    delivery_id      bigint NOT NULL REFERENCES landing.delivery,
    partner          text NOT NULL,
    surname          text,
    address          text,
    postcode         text,
    uprn             text,
    PRIMARY KEY (source_record_id, delivery_id)
);

-- All homes are worked out anew once: those of files that others took the place of are counted no longer.
DELETE FROM identity.house_state;
