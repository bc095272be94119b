-- what:  one block of shared values, in the order in which they are weighed
-- grain: kind of evidence x shared value
-- reads: work_agreement
-- key:   no
SELECT evidence, units FROM work_agreement WHERE no >= :low AND no < :below AND NOT is_placeholder ORDER BY no
