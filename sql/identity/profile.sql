-- what:  one block of what may contradict an agreement
-- grain: slot
-- reads: work_profile
-- key:   slot. units, values = as many
SELECT slot, array_agg(unit) AS units, array_agg(value) AS values FROM work_profile WHERE unit >= :low AND unit < :below GROUP BY slot
