-- what:  blocks to look up, filled from tf_integration/identify/meeting.py
-- grain: block
-- reads: -
-- key:   no
CREATE TEMP TABLE work_block (
    no      int NOT NULL,
    key     bigint NOT NULL,
    at_most int NOT NULL
) ON COMMIT DROP
