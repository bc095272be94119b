-- what:  what a feed holds, and what the platform says on top of it
-- grain: one row
-- reads: core.fact, core.source_record, identity.person_link, identity.household, assess.problem_verdict, assess.readiness,
--        landing.delivery
-- key:   none
SELECT (SELECT count(*) FROM core.fact WHERE feed = :feed AND known_to = 'infinity') AS facts,
       (SELECT count(*) FROM core.source_record WHERE feed = :feed AND known_to = 'infinity') AS source_records,
       (SELECT count(DISTINCT person_id) FROM identity.person_link WHERE known_to = 'infinity') AS persons,
       (SELECT count(*) FROM identity.household WHERE known_to = 'infinity') AS households,
       (SELECT count(*) FROM assess.problem_verdict WHERE present = 'met') AS flags,
       (SELECT count(*) FROM assess.readiness WHERE status = 'ready') AS ready,
       coalesce((SELECT sum(rows_loaded) FROM landing.delivery WHERE feed = :feed
                 AND status IN ('accepted', 'accepted_with_rejects')), 0)::bigint AS rows_loaded,
       coalesce((SELECT sum(rows_rejected) FROM landing.delivery WHERE feed = :feed
                 AND status IN ('accepted', 'accepted_with_rejects')), 0)::bigint AS rows_rejected
