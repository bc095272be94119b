-- How many of the last n weeks lie wholly within some days: week i is the seven days ending at d - 7i, i = 0 .. n - 1.
-- In one unbroken run [a, b], week i counts when a <= d - 7i - 6 and d - 7i <= b: a closed form per run.
CREATE FUNCTION assess.weeks_in(days datemultirange, d date, n int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT coalesce(sum(greatest(0, least(n - 1, floor((d - 6 - lower(x)) / 7.0))
                                       - greatest(0, ceil((d - least(assess.last_day(x), d)) / 7.0)) + 1)), 0)::int
        FROM unnest(days) x WHERE lower(x) <= d);
