-- what:  take in one address that is no dwelling
-- grain: address
-- reads: -
-- key:   none
INSERT INTO identity.communal (uprn, written, kind)
VALUES (nullif(ltrim(cast(:uprn AS text), '0'), ''), identity.text_key(:address) || '|' || identity.text_key(:postcode), :kind)
