-- Facts are partitioned by the domain of their kind: a rule reads one partition.
CREATE TABLE core.fact_school PARTITION OF core.fact FOR VALUES IN
    ('enrolment', 'attendance', 'suspension', 'permanent_exclusion', 'lunchtime_exclusion');
CREATE TABLE core.fact_crime PARTITION OF core.fact FOR VALUES IN
    ('proven_offence', 'suspected_offence', 'crime_involvement', 'asb', 'asb_intervention', 'asb_involvement', 'call_out', 'community_resolution', 'custody', 'licence', 'community_order', 'suspended_sentence');
CREATE TABLE core.fact_care PARTITION OF core.fact FOR VALUES IN
    ('missing', 'cse', 'social_care_referral', 's47', 'cin', 'cp', 'lac');
CREATE TABLE core.fact_work PARTITION OF core.fact FOR VALUES IN
    ('benefit', 'benefit_not_matched', 'employment');
CREATE TABLE core.fact_housing PARTITION OF core.fact FOR VALUES IN
    ('tenancy', 'arrears', 'asb_complaint', 'asb_action', 'nosp_arrears', 'nosp_asb', 'possession', 'eviction', 'homeless_duty', 'temporary_accommodation');
CREATE TABLE core.fact_health PARTITION OF core.fact FOR VALUES IN
    ('health_referral', 'health_support');
CREATE TABLE core.fact_family PARTITION OF core.fact FOR VALUES IN
    ('family_member', 'family_referred', 'family_attached', 'family_assessment', 'family_plan', 'family_lead_worker', 'family_tfop_agreed', 'family_goal_met', 'family_closed', 'family_stepped_up', 'nomination');

CREATE UNIQUE INDEX fact_current ON core.fact (row_key, kind, part) WHERE known_to = 'infinity';
CREATE INDEX fact_source ON core.fact (source_record_id, kind);
CREATE INDEX fact_by_family ON core.fact (partner, family_ref, kind) WHERE family_ref IS NOT NULL;
CREATE INDEX fact_known ON core.fact (known_from);
CREATE INDEX fact_delivery ON core.fact (delivery_id);
