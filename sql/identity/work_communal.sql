-- what:  the homes that the council knows to be no dwelling
-- grain: home
-- reads: identity.communal, identity.sighting
-- key:   home
CREATE TEMP TABLE work_communal ON COMMIT DROP AS
WITH given AS (
    SELECT DISTINCT s.written, s.uprn FROM identity.communal c JOIN identity.sighting s USING (written)
)
SELECT 'uprn ' || uprn AS home FROM identity.communal WHERE uprn IS NOT NULL
UNION
SELECT 'uprn ' || uprn FROM given WHERE uprn IS NOT NULL
UNION
SELECT 'address ' || written FROM given GROUP BY written HAVING count(DISTINCT uprn) <> 1
