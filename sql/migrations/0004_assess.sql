-- The plans as rows, each run, and the verdicts with their evidence. Verdict tables hold the latest run's word on each household.
CREATE SCHEMA assess;
CREATE TYPE assess.verdict AS ENUM ('met', 'not_met', 'not_known');

CREATE TABLE assess.plan (
    plan_id    text PRIMARY KEY,
    title      text NOT NULL,
    in_force   daterange NOT NULL,
    plan_hash  text NOT NULL,
    needs      int NOT NULL,                        -- problems (or needs) that make a family eligible
    attachment_pounds numeric NOT NULL,
    result_pounds     numeric NOT NULL,
    document   jsonb NOT NULL                       -- the whole plan as loaded
);

CREATE TABLE assess.run (
    run_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    as_at        date NOT NULL,
    known_at     timestamptz NOT NULL,
    plan_hashes  jsonb NOT NULL,                    -- {plan_id: hash}
    code_version text NOT NULL,
    scope        text NOT NULL CHECK (scope IN ('full', 'due')),
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at  timestamptz,
    counts       jsonb NOT NULL DEFAULT '{}',       -- households assessed, statuses, feeds it went without
    without      jsonb NOT NULL DEFAULT '[]'        -- feeds that had failed or were late
);

CREATE TABLE assess.criterion_verdict (
    household_id bigint NOT NULL,
    side         text NOT NULL,                     -- identified, improved, principle, result
    problem      text NOT NULL,                     -- '' for principles and results
    criterion    text NOT NULL,
    verdict      assess.verdict NOT NULL,
    measure      numeric,
    threshold    numeric,
    window_start date,
    window_end   date,
    says         text NOT NULL,
    unknown_feeds text[] NOT NULL DEFAULT '{}',
    plan_id      text NOT NULL,
    as_at        date NOT NULL,
    run_id       bigint NOT NULL,
    PRIMARY KEY (household_id, side, problem, criterion)
);

CREATE TABLE assess.problem_verdict (
    household_id   bigint NOT NULL,
    problem        text NOT NULL,
    present        assess.verdict NOT NULL,         -- on the as-at day
    improved       assess.verdict NOT NULL,
    present_since  assess.verdict NOT NULL,         -- on any day since attachment (the as-at day where unattached)
    criteria_met   text[] NOT NULL,
    first_met_on   date,
    evidence_count int NOT NULL,
    not_known_because text,
    plan_id        text NOT NULL,
    as_at          date NOT NULL,
    run_id         bigint NOT NULL,
    PRIMARY KEY (household_id, problem)
);

CREATE TABLE assess.evidence (
    household_id bigint NOT NULL,
    side         text NOT NULL,
    problem      text NOT NULL,
    criterion    text NOT NULL,
    person_id    bigint,
    fact_id      bigint NOT NULL,
    kind         text NOT NULL,
    plan_id      text NOT NULL,
    as_at        date NOT NULL,
    run_id       bigint NOT NULL
);
CREATE INDEX evidence_household ON assess.evidence (household_id);

CREATE TABLE assess.readiness (
    household_id      bigint PRIMARY KEY,
    status            text NOT NULL CHECK (status IN ('not_eligible', 'cannot_tell', 'eligible', 'in_progress',
                                                      'blocked_by_data', 'ready', 'claimed')),
    result            text CHECK (result IN ('sustained', 'employment')),
    attached_on       date,
    problems_present  text[] NOT NULL,
    problems_improved text[] NOT NULL,
    has_assessment    boolean NOT NULL,
    has_plan          boolean NOT NULL,
    has_lead_worker   boolean NOT NULL,
    has_tfop          boolean NOT NULL,
    why_not           text,
    what_next         text,
    earliest_on       date,
    binds             text[] NOT NULL DEFAULT '{}', -- the tests that bind earliest_on
    blocked_by_feed   text,
    value_pounds      numeric NOT NULL,
    claimed_as        text,
    plan_id           text NOT NULL,
    as_at             date NOT NULL,
    run_id            bigint NOT NULL
);

-- Each change of a household's status, for what moved since the last run.
CREATE TABLE assess.status_change (
    household_id bigint NOT NULL,
    run_id       bigint NOT NULL,
    as_at        date NOT NULL,
    status_was   text,
    status_is    text,
    because      text NOT NULL,                     -- new fact, late fact, corrected match, household change, plan change, a window edge
    changed_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (household_id, run_id)
);

-- The next day on which a household's verdicts can change with nothing new.
CREATE TABLE assess.due (
    household_id bigint PRIMARY KEY,
    due_on       date NOT NULL
);
CREATE INDEX ON assess.due (due_on);
CREATE SCHEMA mart;
