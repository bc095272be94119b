-- what:  open a run; the instant it stamps is later than every earlier run's
-- grain: run
-- reads: identity.run
-- key:   run_id
INSERT INTO identity.run (as_at, code_version, known_at)
SELECT :as_at, :code_version,
       coalesce(cast(:known_at AS timestamptz),
                greatest(core.instant_of_all(), max(known_at) + interval '1 microsecond'))
FROM identity.run
RETURNING run_id, known_at, known_at > coalesce((SELECT max(known_at) FROM identity.run), '-infinity') AS is_later
