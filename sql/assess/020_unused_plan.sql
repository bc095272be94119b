-- What:  the rules of plans that judge none of these households go: fewer rows for the facts to be joined to.
-- Grain: rule.   Reads: rule, asked, rule_match, hh.   Key: rule_id.
WITH gone AS (
    DELETE FROM rule WHERE plan_id NOT IN (SELECT plan_id FROM hh) RETURNING rule_id
), unasked AS (
    DELETE FROM asked WHERE rule_id IN (SELECT rule_id FROM gone)
)
DELETE FROM rule_match WHERE rule_id IN (SELECT rule_id FROM gone)
