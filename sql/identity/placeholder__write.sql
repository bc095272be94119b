-- what:  remember which identifiers are placeholders
-- grain: kind of identifier x value
-- reads: work_placeholder
-- key:   evidence, value
WITH gone AS (
    DELETE FROM identity.placeholder p
    WHERE NOT EXISTS (SELECT FROM work_placeholder w WHERE (w.evidence, w.value) = (p.evidence, p.value))
)
INSERT INTO identity.placeholder (evidence, value) SELECT evidence, value FROM work_placeholder ON CONFLICT DO NOTHING
