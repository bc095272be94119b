-- what:  what people last said of each pair of records; a word that was taken back is no word
-- grain: unordered pair of records
-- reads: identity.decision
-- key:   a, b (a < b)
CREATE TEMP TABLE work_decision ON COMMIT DROP AS
WITH latest AS (
    SELECT DISTINCT ON (least(source_record_a, source_record_b), greatest(source_record_a, source_record_b))
       least(source_record_a, source_record_b) AS a, greatest(source_record_a, source_record_b) AS b, says
    FROM identity.decision
    WHERE source_record_a <> source_record_b
    ORDER BY least(source_record_a, source_record_b), greatest(source_record_a, source_record_b), decided_at DESC, says
)
SELECT a, b, says = 'same' AS is_same FROM latest WHERE says <> 'undo'
