-- What:  the windows of terms that a plan asks for and that meet each span of days judged (unattached households share one span).
--        `stands`: the same days back to the close of the window's last term, so that what it found is not dated by the day of judging.
-- Grain: plan x span x window.   Reads: hh, rule, term_window.   Key: plan_id, span, n, days.
CREATE TEMP TABLE span_window ON COMMIT DROP AS
SELECT row_number() OVER () AS window_no, s.plan_id, s.span, w.n, w.days * s.span AS days,
       daterange(lower(w.days), upper(w.days * s.span)) AS stands, w.starts_on, w.ends_on
FROM (SELECT DISTINCT plan_id, span FROM hh) s
JOIN (SELECT DISTINCT plan_id, window_n AS n FROM rule WHERE window_unit LIKE 'terms%') r USING (plan_id)
JOIN term_window w ON w.n = r.n AND w.days && s.span
