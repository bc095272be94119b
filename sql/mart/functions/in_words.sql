-- what:  a fact in plain words: its kind's words and the attributes that rules read; never a person's particulars
-- grain: one fact
-- reads: core.fact (a row, as the argument), core.kind.says (the second argument)
-- key:   none
CREATE OR REPLACE FUNCTION mart.in_words(f core.fact, says text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN concat_ws(', ',
    says || coalesce(CASE
        WHEN f.kind = 'attendance' THEN
            ': ' || f.quantity::float8 || ' of ' || f.out_of::float8 || ' sessions attended'
            || coalesce(' (' || round(100 * f.quantity / nullif(f.out_of, 0), 1) || '%)', '')
        WHEN f.kind IN ('suspension', 'lunchtime_exclusion') THEN ' for ' || f.quantity::float8 || ' sessions'
        WHEN f.kind = 'arrears' THEN ': £' || to_char(f.quantity, 'FM999,999,990.00')
        WHEN f.kind IN ('benefit', 'health_referral', 'health_support', 'nomination', 'family_goal_met')
            THEN ': ' || replace(f.code, '_', ' ')
        WHEN f.kind = 'family_member' THEN ': ' || replace(f.role, '_', ' ')
    END, ''),
    CASE WHEN f.kind = 'attendance' THEN f.unauthorised::float8 || ' unauthorised' END,
    CASE
        WHEN f.kind = 'enrolment' THEN 'year ' || f.code
        WHEN f.kind IN ('suspension', 'permanent_exclusion', 'lunchtime_exclusion') THEN 'phase ' || f.code
        WHEN f.kind = 'tenancy' THEN 'tenure ' || f.code
        WHEN f.kind = 'employment' THEN 'proof ' || replace(f.code, '_', ' ')
        WHEN f.kind IN ('proven_offence', 'community_resolution') THEN 'coded ' || f.code
    END,
    CASE WHEN f.kind <> 'family_member' THEN 'as ' || replace(f.role, '_', ' ') END,
    CASE
        WHEN f.kind = 'benefit' THEN 'regime ' || replace(f.outcome, '_', ' ')
        WHEN f.kind = 'health_support' THEN 'discharged as ' || replace(f.outcome, '_', ' ')
        ELSE replace(f.outcome, '_', ' ')
    END,
    CASE
        WHEN f.kind = 'enrolment' AND f.is_flagged THEN 'in alternative provision'
        WHEN f.kind = 'benefit' AND f.is_flagged THEN 'earnings above the threshold'
        WHEN f.kind = 'family_member' AND NOT f.is_flagged THEN 'not living with them'
        WHEN f.kind IN ('family_assessment', 'family_plan') AND f.is_flagged THEN 'of the whole family'
        WHEN f.kind IN ('family_assessment', 'family_plan') AND NOT f.is_flagged THEN 'not of the whole family'
    END,
    'at establishment ' || f.place,
    CASE
        WHEN f.kind IN ('proven_offence', 'suspected_offence', 'community_resolution')
            THEN 'for an offence on ' || to_char(f.happened_on, 'FMDD FMMonth YYYY')
        WHEN f.kind = 'health_support' THEN 'referred on ' || to_char(f.happened_on, 'FMDD FMMonth YYYY')
    END,
    CASE WHEN f.ended_by = 'absence' THEN 'ended when the partner''s list no longer held it' END)
