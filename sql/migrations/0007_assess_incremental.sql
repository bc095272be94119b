-- What lets a night judge only the households whose answer can have changed.

-- Which feeds' silence would make which test not known, as the run saw it: when it differs, everything is judged again.
ALTER TABLE assess.run ADD COLUMN coverage_signature text NOT NULL DEFAULT '';

-- Each test's window on the latest run's day; the verdicts of households that were not judged again are read against it.
CREATE TABLE assess.rule_window (
    plan_id      text NOT NULL,
    side         text NOT NULL,
    problem      text NOT NULL,
    criterion    text NOT NULL,
    test_no      int NOT NULL,
    window_start date,
    window_end   date,
    run_id       bigint NOT NULL,
    as_at        date NOT NULL,
    PRIMARY KEY (plan_id, side, problem, criterion, test_no)
);
ALTER TABLE assess.criterion_verdict ADD COLUMN test_no int NOT NULL DEFAULT 0;
