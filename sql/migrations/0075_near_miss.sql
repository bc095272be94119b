-- What stands between a family and a result, and when what it has will lapse: kept by each run, for the near-miss views.

-- Every test of a claim that is not met, for attached families.
CREATE TABLE assess.missing (
    household_id bigint NOT NULL,
    ord          int NOT NULL,                      -- in the order in which a person should take them up
    test         text NOT NULL,                     -- principle, problem, dependent_child, enough_problems, employment
    verdict      assess.verdict NOT NULL,           -- not_met or not_known
    says         text NOT NULL,
    what_next    text NOT NULL,
    whose        text NOT NULL CHECK (whose IN ('practice', 'data', 'time', 'family')),
    feeds        text[] NOT NULL,                   -- that would answer, where it is not known
    fine_on      date,                              -- the first later day on which this one would hold with nothing new
    plan_id      text NOT NULL,
    as_at        date NOT NULL,
    run_id       bigint NOT NULL,
    PRIMARY KEY (household_id, ord, test)
);

-- The first day on which a ready, or an unattached and eligible, household would be so no more with nothing new.
CREATE TABLE assess.lapse (
    household_id bigint PRIMARY KEY,
    lapses_on    date NOT NULL,
    because      text NOT NULL,
    plan_id      text NOT NULL,
    as_at        date NOT NULL,
    run_id       bigint NOT NULL
);

-- Unattached families that have done what a result asks, had they been attached on the day of their assessment.
CREATE TABLE assess.missed (
    household_id bigint PRIMARY KEY,
    supposed_on  date NOT NULL,                     -- the day on which it is supposed to have been attached
    result       text NOT NULL,
    problems_present  text[] NOT NULL,
    problems_improved text[] NOT NULL,
    plan_id      text NOT NULL,
    as_at        date NOT NULL,
    run_id       bigint NOT NULL
);
