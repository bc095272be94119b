-- what:  forget the stays of people whose homes are worked out anew
-- grain: person x stay
-- reads: work_resident
-- key:   none
DELETE FROM identity.stay s USING work_resident r WHERE s.person_id = r.person_id
