-- What the last run foretold of each plan's claims, month by month, and from what it did so.
CREATE TABLE claim.forecast (
    plan_id  text NOT NULL,
    month    date NOT NULL,                         -- its first day
    made_on  date NOT NULL,                         -- the day judged
    run_id   bigint NOT NULL,
    claimed  int NOT NULL,                          -- claims that stand on made_on
    ready    int NOT NULL,                          -- families ready on made_on
    due      int NOT NULL,                          -- families whose earliest day falls by the end of the month
    foretold int NOT NULL,                          -- earlier such days that have passed
    kept     int NOT NULL,                          -- of those, how many families were ready in time
    expected numeric NOT NULL,
    low      numeric NOT NULL,
    high     numeric NOT NULL,
    PRIMARY KEY (plan_id, month)
);
CREATE INDEX ON claim.claim (plan_id, claimed_on);
