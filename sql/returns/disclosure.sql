-- what:  the rules of disclosure, in place of the earlier ones
-- grain: one row
-- reads: returns.disclosure
-- key:   none
INSERT INTO returns.disclosure (least, round_to, round_pounds, months) VALUES (:least, :round_to, :round_pounds, :months)
ON CONFLICT (is_only) DO UPDATE SET least = excluded.least, round_to = excluded.round_to, round_pounds = excluded.round_pounds,
                                    months = excluded.months
