-- what:  one block of what may contradict an agreement
-- grain: unit x slot x value
-- reads: work_profile
-- key:   unit, slot, value
SELECT unit, slot, value FROM work_profile WHERE unit >= :low AND unit < :below
