-- What:  the first day of the earliest window of whole terms that any of these households is judged on.
-- Grain: one row.   Reads: term_window, hh.   Key: none.
SELECT min(w.starts_on) FROM term_window w, (SELECT min(lo) AS lo FROM hh) h WHERE w.days @> h.lo
