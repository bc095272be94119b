-- what:  one unit cost
-- grain: unit cost
-- reads: -
-- key:   item
INSERT INTO returns.unit_cost (item, kind, codes, per, pounds, says, source, verified)
VALUES (:item, :kind, CAST(:codes AS text[]), :per, :pounds, :says, :source, :verified)
