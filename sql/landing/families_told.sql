-- what:  how many families a receipt may speak of: a small count is not told, others are rounded, so that nobody learns from faulty rows
--        whether somebody is known here or who lives together
-- grain: one row
-- reads: returns.disclosure
-- key:   none
SELECT CASE WHEN :families >= d.least THEN (round(:families / d.round_to::numeric) * d.round_to)::int END
FROM returns.disclosure d
