-- What people decide about matches: the pairs that wait for them, what each of them said, and the models that were tried.

-- Pairs that the scorer leaves to a person: between the two thresholds, or alike as twins are. Refused unions are in
-- identity.contradiction. No values, only weights and words.
CREATE TABLE identity.uncertain (
    source_record_a bigint NOT NULL,                -- the earlier record
    source_record_b bigint NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('uncertain', 'twins')),
    match_weight    double precision,
    because         text NOT NULL,
    run_id          bigint NOT NULL,
    known_from      timestamptz NOT NULL,
    known_to        timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (source_record_a, source_record_b, kind, known_from)
);
CREATE UNIQUE INDEX uncertain_current ON identity.uncertain (source_record_a, source_record_b, kind) WHERE known_to = 'infinity';

-- A decision may be taken back; the pair is then as if nobody had said anything.
ALTER TABLE identity.decision DROP CONSTRAINT decision_says_check;
ALTER TABLE identity.decision ADD CONSTRAINT decision_says_check CHECK (says IN ('same', 'different', 'never', 'undo'));

-- Every word of every reviewer, with what the platform held of the pair when it was said: what precision and recall are measured by.
-- Where two people are needed, the first word stands here alone until the second comes; `decides` says that it went to identity.decision.
CREATE TABLE identity.review (
    review_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_record_a bigint NOT NULL,                -- the smaller id
    source_record_b bigint NOT NULL,
    says            text NOT NULL CHECK (says IN ('same', 'different', 'never', 'undo')),
    by_whom         text NOT NULL,
    because         text NOT NULL,
    listed_as       text NOT NULL,                  -- joined, uncertain, twins, refused, conflict, or unlisted
    was_joined      boolean NOT NULL,
    match_weight    double precision,
    people_needed   int NOT NULL,
    decides         boolean NOT NULL,
    said_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (source_record_a < source_record_b)
);
CREATE INDEX review_pair ON identity.review (source_record_a, source_record_b);

-- Whose names somebody asked to see while reviewing.
CREATE TABLE identity.review_look (
    source_record_a bigint NOT NULL,
    source_record_b bigint NOT NULL,
    by_whom         text NOT NULL,
    looked_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Matching models: readable parameters, dated, never changed once written.
CREATE TABLE identity.model (
    model_id     text PRIMARY KEY,                  -- the training day and a number: 2019-05-01.1
    trained_on   date NOT NULL,
    parameters   jsonb NOT NULL,
    sha256       text NOT NULL,                     -- of the parameters' text
    code_version text NOT NULL,
    by_whom      text NOT NULL,
    trained_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Which model decides, and since when: the latest row. A rollback is one more row. No row, or a null model: the shipped one.
CREATE TABLE identity.model_activation (
    activation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id      text REFERENCES identity.model,
    by_whom       text NOT NULL,
    because       text NOT NULL,
    activated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE VIEW identity.active_model AS
SELECT m.model_id, m.parameters, a.activated_at
FROM (SELECT model_id, activated_at FROM identity.model_activation ORDER BY activation_id DESC LIMIT 1) a
JOIN identity.model m USING (model_id);
