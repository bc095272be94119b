-- what:  note by what bases households were worked out, and how many there are
-- grain: the one row
-- reads: identity.house_state
-- key:   only_row
INSERT INTO identity.house_state (made_by, n_households, n_memberships) VALUES (:made_by, :households, :memberships)
ON CONFLICT (only_row) DO UPDATE
SET made_by = excluded.made_by, n_households = identity.house_state.n_households + excluded.n_households,
    n_memberships = identity.house_state.n_memberships + excluded.n_memberships
