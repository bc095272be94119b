-- Exact calendar arithmetic for windows. Each is a single expression, so that the planner inlines it.

-- The first day d with d less n months >= day: the day on which `day` has left (d - n months, d].
-- Months clamp to the last day, so 31 August has left a 6-month window on 1 March.
CREATE FUNCTION assess.after_months(day date, n int) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN NOT isfinite(day) THEN day
            WHEN extract(day FROM day + make_interval(months => n)) < extract(day FROM day)
            THEN (day + make_interval(months => n))::date + 1
            ELSE (day + make_interval(months => n))::date END;

-- The first day d with d plus n months >= day.
CREATE FUNCTION assess.before_months(day date, n int) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN NOT isfinite(day) THEN day
            WHEN extract(day FROM day - make_interval(months => n)) < extract(day FROM day)
            THEN (day - make_interval(months => n))::date + 1
            ELSE (day - make_interval(months => n))::date END;

-- The first day on which `day` has left a window of n units; unit is months or weeks.
CREATE FUNCTION assess.leaves(day date, n int, unit text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE unit WHEN 'months' THEN assess.after_months(day, n)
                 WHEN 'weeks' THEN CASE WHEN isfinite(day) THEN day + 7 * n ELSE day END END;

-- The last day outside the window of n units that ends on d: d less n.
CREATE FUNCTION assess.less(day date, n int, unit text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE unit WHEN 'months' THEN (day - make_interval(months => n))::date WHEN 'weeks' THEN day - 7 * n END;

-- The day before an exclusive upper bound; an absent bound is infinity.
CREATE FUNCTION assess.last_day(days daterange) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN upper_inf(days) OR upper(days) = 'infinity' THEN 'infinity'::date ELSE upper(days) - 1 END;

-- The days from `first` to `last`, both included; a null bound is open, and a first after the last is empty, not an error.
CREATE FUNCTION assess.days(first date, last date) RETURNS daterange
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN first > last THEN 'empty'::daterange
            ELSE daterange(first, CASE WHEN isfinite(last) THEN last END, '[]') END;
