-- what:  references whose dated listings came, changed or went since the last resolution; filled by work_noted__take
-- grain: partner x reference
-- reads: -
-- key:   partner, ref
CREATE TEMP TABLE work_noted (
    partner text NOT NULL,
    ref     text NOT NULL
) ON COMMIT DROP
