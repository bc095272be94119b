-- what:  forget the unit costs, before they are loaded anew
-- grain: unit cost
-- reads: returns.unit_cost
-- key:   item
DELETE FROM returns.unit_cost
