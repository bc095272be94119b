-- what:  every fact that a deciding rule used, down to the file and the line it came from, as it was known to the run
-- grain: fact used
-- reads: assess.latest, assess.evidence, assess.run, core.fact, core.kind, landing.delivery
-- key:   household_id, side, problem, criterion, fact_id, person_id
-- columns:
--   household_id: the household
--   problem: the plan's code of the problem; blank for principles and results
--   criterion: the plan's code of the criterion or test
--   person_id: whose fact it is; blank for a fact about the family
--   fact_id: the fact
--   kind: the kind of fact
--   starts_on: the day it happened or began
--   ends_on: the first day after it, or the end of its period; blank when open or without one
--   quantity: sessions or pounds, where the kind counts something
--   out_of: sessions possible, where the kind counts them
--   feed: the feed it came by
--   file_name: the partner's file
--   line_no: the line of that file, the header being line 1
--   file_sha256: the digest of the file as sent
--   run_id: the run that used it
--   plan_id: the plan that judged
--   as_at: the day judged
--   side: identified, improved, principle or result
--   says: the fact in plain words
--   partner: whose folder the file came from
--   delivery_id: the delivery
--   known_from: when the warehouse came to know it
CREATE OR REPLACE VIEW mart.criterion_evidence_v1 AS
SELECT e.household_id,
       e.problem,
       e.criterion,
       e.person_id,
       e.fact_id,
       e.kind,
       f.starts_on,
       f.ends_on,
       f.quantity,
       f.out_of,
       f.feed,
       d.file_name,
       f.line_no,
       d.sha256 AS file_sha256,
       l.run_id,
       e.plan_id,
       l.as_at,
       e.side,
       mart.in_words(f, k.says) AS says,
       f.partner,
       f.delivery_id,
       f.known_from
FROM assess.evidence e
CROSS JOIN assess.latest l
JOIN assess.run r ON r.run_id = e.run_id
LEFT JOIN core.kind k ON k.kind = e.kind
LEFT JOIN core.fact f ON f.kind = e.kind AND f.fact_id = e.fact_id AND f.known_from <= r.known_at AND r.known_at < f.known_to
LEFT JOIN landing.delivery d ON d.delivery_id = f.delivery_id
