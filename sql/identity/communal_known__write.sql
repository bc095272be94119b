-- what:  remember which communal addresses the matcher has taken account of
-- grain: address
-- reads: identity.communal
-- key:   none
WITH gone AS (
    DELETE FROM identity.communal_known k WHERE NOT EXISTS (SELECT FROM identity.communal c WHERE (c.uprn, c.written, c.kind) IS NOT DISTINCT FROM (k.uprn, k.written, k.kind))
)
INSERT INTO identity.communal_known TABLE identity.communal EXCEPT TABLE identity.communal_known
