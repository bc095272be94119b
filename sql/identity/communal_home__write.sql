-- what:  remember which homes are communal
-- grain: home
-- reads: work_communal
-- key:   home
WITH gone AS (
    DELETE FROM identity.communal_home h WHERE NOT EXISTS (SELECT FROM work_communal w WHERE w.home = h.home)
)
INSERT INTO identity.communal_home (home) SELECT home FROM work_communal ON CONFLICT DO NOTHING
