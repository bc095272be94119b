-- what:  households with members on some day, and those that family facts name; formed and ended by their members' days
-- grain: household
-- reads: work_house, work_membership, work_target
-- key:   household_id
CREATE TEMP TABLE work_household ON COMMIT DROP AS
WITH spanned AS (
    SELECT household_id, CASE WHEN NOT bool_or(lower_inf(valid)) THEN min(lower(valid)) END AS formed_on,
           CASE WHEN NOT bool_or(upper_inf(valid)) THEN max(upper(valid)) END AS ended_on
    FROM work_membership GROUP BY household_id
), house AS (
    SELECT household_id, basis, bool_or(is_named) AS is_named FROM work_house GROUP BY household_id, basis
)
SELECT household_id, h.basis, s.formed_on, s.ended_on
FROM house h LEFT JOIN spanned s USING (household_id)
WHERE (h.is_named OR s.household_id IS NOT NULL) AND household_id IN (SELECT household_id FROM work_target)
