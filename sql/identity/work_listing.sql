-- what:  who is listed by what, when, as far as it is read anew: filled by a statement per basis (work_listing__fact, work_listing__home)
-- grain: listing (one basis's word on one person's days)
-- reads: -
-- key:   none
CREATE TEMP TABLE work_listing (
    rank      int NOT NULL,                         -- the basis: 0 is the strongest
    partner   text NOT NULL,
    ref       text NOT NULL,
    home      text,
    person_id bigint NOT NULL,
    days      daterange NOT NULL,
    role      text,
    resident  boolean                               -- null: nobody said
) ON COMMIT DROP
