-- what:  what each pattern of levels says, filled from tf_integration/identify/reasons.py
-- grain: pattern
-- reads: -
-- key:   levels
CREATE TEMP TABLE work_words (
    levels  bigint NOT NULL,
    because text NOT NULL
) ON COMMIT DROP
