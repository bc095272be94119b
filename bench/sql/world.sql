-- A county of :households households for measuring the assessment: about three people and a hundred facts each, over three years to 2019-03-15.
-- One household in ten is attached: some long ago, some twice, some closed, some without a step that a result asks for. Some members
-- came or left, some children have no rows or no roll. Every birth date is known and every feed covered. Deterministic: every draw is a hash.
SELECT setseed(0.42);
CREATE FUNCTION pg_temp.u(n bigint, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashint8(n * 1000003 + salt)::bigint + 2147483648) % 1000003) / 1000003.0;
CREATE FUNCTION pg_temp.day(n bigint, salt int) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date '2019-03-15' - (pg_temp.u(n, salt) * 1095)::int;

INSERT INTO landing.delivery (delivery_id, feed, partner, file_name, snapshot_on, sequence, mode, contract_version, code_version, state, sha256)
VALUES (1, 'bench', 'bench', 'bench', '2019-03-15', 1, 'whole', '', '', 'accepted', '');
INSERT INTO core.coverage (feed, partner, place, covers, delivery_id, known_from)
SELECT feed, 'bench', NULL, '[2012-01-01,2019-03-15]', 1, '2019-03-15' FROM core.feed;
INSERT INTO core.coverage (feed, partner, place, covers, delivery_id, known_from)
SELECT feed, 'bench', '99' || p, '[2012-01-01,2019-03-15]', 1, '2019-03-15' FROM core.feed, generate_series(10000, 10299) p WHERE stale_half_terms > 0;

-- people: two adults' worth and a child or two a household
INSERT INTO identity.person (person_id, date_of_birth, run_id)
SELECT p, CASE WHEN p % 3 = 0 THEN date '1975-01-01' + (pg_temp.u(p, 1) * 8000)::int ELSE date '2001-03-15' + (pg_temp.u(p, 2) * 5400)::int END, 0
FROM generate_series(1, :households * 3) p;
INSERT INTO identity.person_link (source_record_id, person_id, decided_by, because, run_id, known_from)
SELECT p, p, 'identifier', 'bench', 0, '2019-03-15' FROM generate_series(1, :households * 3) p;
INSERT INTO identity.household (household_id, basis, run_id, known_from)
SELECT h, 'early_help', 0, '2019-03-15' FROM generate_series(1, :households) h;
INSERT INTO identity.household_ref (household_id, partner, family_ref, run_id, known_from)
SELECT h, 'bench', h::text, 0, '2019-03-15' FROM generate_series(1, :households) h;
INSERT INTO identity.membership (household_id, person_id, valid, basis, run_id, known_from)
SELECT (p - 1) / 3 + 1, p, CASE WHEN p % 37 = 0 THEN '[2018-07-01,)' WHEN p % 41 = 0 THEN '(,2018-10-01)' WHEN p % 43 = 0 THEN '(,2019-02-10)' ELSE '(,)' END::daterange,
       'early_help', 0, '2019-03-15' FROM generate_series(1, :households * 3) p;
ANALYZE identity.person, identity.person_link, identity.household, identity.household_ref, identity.membership;

CREATE TEMP TABLE mix (kind text, per_thousand int, who text, days int, code text[], salt int);
-- per_thousand: facts per thousand people over the three years; days: length of a spell, 0 for an event
INSERT INTO mix VALUES
    ('crime_involvement', 4200, 'any', 0, NULL, 11), ('asb_involvement', 3000, 'any', 0, NULL, 12), ('suspected_offence', 2500, 'any', 0, NULL, 13),
    ('call_out', 700, 'any', 0, NULL, 14), ('asb', 500, 'any', 0, NULL, 15), ('asb_intervention', 150, 'any', 0, NULL, 16),
    ('proven_offence', 150, 'any', 0, NULL, 17), ('missing', 150, 'child', 0, NULL, 18), ('custody', 30, 'adult', 400, NULL, 19),
    ('community_order', 40, 'adult', 300, NULL, 20), ('lunchtime_exclusion', 700, 'child', 0, NULL, 21), ('suspension', 500, 'child', 0, '{PRI,SEC}', 22),
    ('permanent_exclusion', 10, 'child', 0, '{SEC}', 23), ('social_care_referral', 900, 'child', 0, NULL, 24), ('s47', 150, 'child', 0, NULL, 25),
    ('cin', 200, 'child', 200, NULL, 26), ('cp', 40, 'child', 200, NULL, 27), ('benefit', 900, 'adult', 250, '{JSA,ESA,IS,CA,UC}', 28),
    ('employment', 1200, 'adult', 300, NULL, 29), ('arrears', 4500, 'adult', 0, NULL, 30), ('asb_complaint', 700, 'adult', 0, NULL, 31),
    ('nosp_arrears', 200, 'adult', 0, NULL, 32), ('possession', 40, 'adult', 0, NULL, 33), ('homeless_duty', 300, 'any', 0, NULL, 34),
    ('health_referral', 2500, 'any', 0, '{physical,physical,physical,development,development,mental_health,mental_health,drugs,alcohol,new_mother}', 35),
    ('health_support', 900, 'any', 150, '{physical,physical,physical,development,development,mental_health,mental_health,drugs,alcohol,new_mother}', 36), ('nomination', 100, 'any', 200, '{crime_asb,education,health,domestic_abuse,work_finance,children_need_help}', 37),
    ('licence', 10, 'adult', 300, NULL, 38), ('suspended_sentence', 10, 'adult', 300, NULL, 39), ('lac', 15, 'child', 200, NULL, 40), ('cse', 20, 'child', 0, NULL, 41),
    ('eviction', 15, 'adult', 0, NULL, 42), ('asb_action', 40, 'adult', 0, NULL, 43), ('nosp_asb', 30, 'adult', 0, NULL, 44);
INSERT INTO core.fact (fact_id, source_record_id, feed, partner, kind, starts_on, ends_on, happened_on, quantity, code, outcome, ref, row_key, delivery_id, line_no, known_from)
SELECT (m.salt::bigint << 40) + n, person, 'bench', 'bench', m.kind, on_day, ends_on,
       on_day - (pg_temp.u(n, m.salt + 300) * 60)::int, 1 + (pg_temp.u(n, m.salt + 400) * 9)::int,
       m.code[1 + (pg_temp.u(n, m.salt + 500) * cardinality(m.code))::int], CASE m.kind WHEN 'health_support' THEN CASE WHEN ends_on <= '2019-03-15' THEN ('{completed,completed,improved,dropped_out}'::text[])[1 + n % 4] END
                                                       WHEN 'benefit' THEN ('{search,prepare,working}'::text[])[1 + n % 3] END,
       m.salt || '/' || pair, md5(m.salt || '/' || n)::uuid, 1, n, '2019-03-15'
FROM mix m
CROSS JOIN LATERAL (SELECT n, pair, 1 + (pg_temp.u(pair, m.salt + 600) * (:households * 3 - 1))::bigint + n - pair AS drawn, pg_temp.day(pair, m.salt) AS on_day
                    FROM generate_series(1::bigint, :households * 3::bigint * m.per_thousand / 1000) n,
                         -- an occurrence that two people were in
                         LATERAL (SELECT n - CASE WHEN m.kind IN ('asb', 'asb_intervention', 'call_out') THEN n % 2 ELSE 0 END AS pair) j) d
-- a third of the attached have been quiet since the summer of 2018: what would have befallen them befalls the next household
CROSS JOIN LATERAL (SELECT CASE WHEN ((drawn - 1) / 3 + 1) % 30 = 1 AND on_day > '2018-07-01' THEN drawn + 3 ELSE drawn END AS anyone) q
CROSS JOIN LATERAL (SELECT CASE m.who WHEN 'adult' THEN (anyone - 1) / 3 * 3 + 3 WHEN 'child' THEN (anyone - 1) / 3 * 3 + 1 + anyone % 2 ELSE anyone END AS person,
                           CASE WHEN m.days > 0 AND pg_temp.u(n, m.salt + 100) < 0.7 THEN on_day + 1 + (pg_temp.u(n, m.salt + 200) * m.days * 2)::int END AS ends_on) p;
INSERT INTO core.fact (fact_id, source_record_id, feed, partner, kind, starts_on, ends_on, place, quantity, out_of, authorised, unauthorised, row_key, delivery_id, line_no, known_from)
SELECT (50::bigint << 40) + p * 64 + t.n, p, 'bench', 'bench', 'attendance', t.starts_on, t.ends_on, '99' || 10000 + p % 300,
       CASE WHEN p % 103 = 0 THEN 0 ELSE 70 - a END, CASE WHEN p % 103 = 0 THEN 0 ELSE 70 END, a / 2, a - a / 2, md5('50/' || p || '/' || t.n)::uuid, 1, p * 64 + t.n, '2019-03-15'
FROM generate_series(1, :households * 3) p, (SELECT starts_on, ends_on, row_number() OVER (ORDER BY starts_on) AS n FROM core.half_term
     WHERE place = '' AND ends_on BETWEEN '2016-03-15' AND '2019-03-15') t, LATERAL (SELECT (pg_temp.u(p, 60) * pg_temp.u(p * 64 + t.n, 61) * 30)::int AS a) x
WHERE p % 3 <> 0 AND p % 97 <> 0 AND (p % 89 <> 0 OR t.starts_on > '2018-09-01');
INSERT INTO core.fact (fact_id, source_record_id, feed, partner, kind, starts_on, ends_on, place, is_flagged, row_key, delivery_id, line_no, known_from)
SELECT (51::bigint << 40) + p, p, 'bench', 'bench', 'enrolment', '2014-09-03', CASE WHEN p % 67 = 0 THEN date '2018-07-20' WHEN p % 71 = 0 THEN '2017-07-20' END,
       '99' || 10000 + p % 300, p % 61 = 0, md5('51/' || p)::uuid, 1, p, '2019-03-15'
FROM generate_series(1, :households * 3) p WHERE p % 3 <> 0 AND p % 101 <> 0;
-- the attached: their steps, their closures, their second attachments, and the goals that they met
CREATE TEMP TABLE family AS
SELECT h, f.on_day, CASE WHEN pg_temp.u(h, 76) < 0.15 THEN f.on_day + 100 + (pg_temp.u(h, 77) * 300)::int END AS closed_on
FROM generate_series(1::bigint, :households, 10) h,
     LATERAL (SELECT CASE WHEN h % 70 = 1 THEN date '2016-09-01' + (pg_temp.u(h, 70) * 500)::int ELSE date '2018-01-01' + (pg_temp.u(h, 70) * 300)::int END AS on_day) f;
INSERT INTO core.fact (fact_id, feed, partner, family_ref, kind, starts_on, ends_on, is_flagged, row_key, delivery_id, line_no, known_from)
SELECT (52::bigint << 40) + h * 8 + k.n, 'bench', 'bench', h::text, k.kind, on_day + k.n::int - CASE WHEN k.n > 2 AND pg_temp.u(h * 8 + k.n, 72) < 0.04 THEN 200 ELSE 0 END,
       CASE WHEN k.n = 5 THEN CASE WHEN closed_on IS NOT NULL THEN closed_on - (h % 3)::int WHEN pg_temp.u(h, 74) < 0.2 THEN on_day + 10 + (pg_temp.u(h, 75) * 700)::int END END,
       pg_temp.u(h * 8 + k.n, 73) > 0.04, md5('52/' || h || '/' || k.n)::uuid, 1, h * 8 + k.n, '2019-03-15'
FROM family, unnest('{family_referred,family_attached,family_assessment,family_plan,family_lead_worker,family_tfop_agreed}'::text[]) WITH ORDINALITY k(kind, n)
WHERE k.n = 2 OR pg_temp.u(h * 8 + k.n, 71) > 0.04;
INSERT INTO core.fact (fact_id, feed, partner, family_ref, kind, starts_on, code, row_key, delivery_id, line_no, known_from)
SELECT (53::bigint << 40) + h * 8 + x.n, 'bench', 'bench', h::text, x.kind, x.on_day, x.code, md5('53/' || h || '/' || x.n)::uuid, 1, h * 8 + x.n, '2019-03-15'
FROM family f, LATERAL (VALUES
    (1, 'family_closed', f.closed_on, NULL),
    (2, 'family_referred', CASE WHEN pg_temp.u(h, 78) < 0.1 THEN f.on_day + 140 END, NULL),
    (3, 'family_attached', CASE WHEN pg_temp.u(h, 78) < 0.1 THEN f.on_day + 150 END, NULL),
    (4, 'family_goal_met', f.on_day + 30 + (pg_temp.u(h, 79) * 350)::int, ('{crime_asb,education,health,domestic_abuse,work_finance,children_need_help}'::text[])[1 + h / 10 % 6])) x(n, kind, on_day, code)
WHERE x.on_day <= '2019-03-15';
