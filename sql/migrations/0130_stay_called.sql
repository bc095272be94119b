-- What a person is called stands with where they stay: a night then knows which homes' lists may come out otherwise without reading what
-- all of their people's records say.
ALTER TABLE identity.stay ADD COLUMN called text;   -- the surname that most of the person's sightings give
DELETE FROM identity.house_state;                   -- all is worked out anew, which fills it
