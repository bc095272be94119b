-- What:  the windows of terms that meet each span of days judged (unattached households share one span).
-- Grain: span x window.   Reads: hh, term_window.   Key: span, n, days.
CREATE TEMP TABLE span_window ON COMMIT DROP AS
SELECT s.span, w.n, w.days * s.span AS days, w.starts_on, w.ends_on
FROM (SELECT DISTINCT span FROM hh) s JOIN term_window w ON w.days && s.span
