"""Case `incremental`: the day after, with 1% of facts changed, judged incrementally and beside a full run of the same state."""

# ruff: noqa: E501, S608
from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from place import Line, Place, clock
from profiling import watched

from tf_integration import assess

# How the changed facts lie. Spread: any fact in a hundred, so most households have one. Gathered: every fact of one
# household in a hundred. A real night lies between.
WAYS = {
    "spread": "('x' || left(md5(row_key::text || :salt), 7))::bit(28)::int % 100 = 0",
    "gathered": "source_record_id IN (SELECT l.source_record_id FROM identity.membership m JOIN identity.person_link l USING (person_id)"
    " WHERE ('x' || left(md5(m.household_id || :salt), 7))::bit(28)::int % 100 = 0)",
}
CLOSE = "UPDATE core.fact SET known_to = :at WHERE known_to = 'infinity' AND known_from < :at AND {chosen}"
# A corrected row: its day a week earlier, its quantity one more; the fact is another, since it stands on another line.
OPEN = """
    INSERT INTO core.fact (fact_id, source_record_id, feed, partner, family_ref, kind, starts_on, ends_on, happened_on, quantity, out_of,
                           authorised, unauthorised, code, role, outcome, place, ref, is_flagged, row_key, part, delivery_id, line_no, known_from)
    SELECT core.hash_id(fact_id || :salt), source_record_id, feed, partner, family_ref, kind,
           CASE WHEN kind IN ('attendance', 'enrolment') THEN starts_on ELSE starts_on - 7 END, ends_on, happened_on,
           CASE WHEN kind = 'attendance' THEN greatest(quantity - 1, 0) ELSE quantity + 1 END, out_of, authorised,
           CASE WHEN kind = 'attendance' THEN out_of - greatest(quantity - 1, 0) - authorised ELSE unauthorised END,
           code, role, outcome, place, ref, is_flagged, row_key, part, delivery_id, line_no, :at
    FROM core.fact WHERE known_to = :at"""
# A run looks back 15 minutes before the last run's knowledge; what the bench itself wrote in them is no change of the night.
FORGET = "UPDATE assess.run SET known_at = clock_timestamp() + interval '15 minutes' WHERE run_id = (SELECT max(run_id) FROM assess.run)"
SHOWN = {
    "verdicts": "SELECT household_id, side, problem, criterion, verdict::text, measure FROM assess.every_verdict",
    "problems": "SELECT household_id, problem, present::text, improved::text, present_since::text, criteria_met FROM assess.problem_verdict",
    "evidence": "SELECT household_id, side, problem, criterion, person_id, fact_id FROM assess.evidence",
    "readiness": "SELECT household_id, status, result, problems_present, problems_improved, why_not, earliest_on FROM assess.readiness",
}


def run(place: Place, engine: sa.Engine, as_at: date) -> list[Line]:
    """For each way: a full run the day before, the changes, the incremental run, then the full run to compare with."""
    return [_night(place, engine, way, as_at) for way in WAYS]


def _night(place: Place, engine: sa.Engine, way: str, as_at: date) -> Line:
    _settle(place)
    with engine.begin() as conn:
        assess.assess(conn, as_at - timedelta(days=1), full=True)
    _settle(place)
    with engine.begin() as conn:
        conn.execute(sa.text(FORGET))
    with engine.begin() as conn:
        facts = conn.execute(sa.text("SELECT count(*) FROM core.fact WHERE known_to = 'infinity'")).scalar_one()
        at = conn.execute(sa.text("SELECT clock_timestamp()")).scalar()
        conn.execute(sa.text(CLOSE.format(chosen=WAYS[way])), {"at": at, "salt": way})
        changed = conn.execute(sa.text(OPEN), {"at": at, "salt": way}).rowcount
    _settle(place)
    with watched(f"incremental, {way}"), clock() as some, engine.begin() as conn:
        judged = assess.assess(conn, as_at)
    if judged["scope"] != "due":
        raise SystemExit("the night was judged in full, so there is nothing to compare.")
    with engine.begin() as conn:
        for name, query in SHOWN.items():
            conn.execute(sa.text(f"DROP TABLE IF EXISTS public.was_{name}"))
            conn.execute(sa.text(f"CREATE TABLE public.was_{name} AS {query}"))
    _settle(place)
    with clock() as every, engine.begin() as conn:
        households = assess.assess(conn, as_at, full=True)["households"]
    _same(engine)
    note = (
        f"{changed:,} of {facts:,} facts changed, {way}; {judged['households']:,} of {households:,} households judged again"
        " (those with a change, and those with a day that enters or leaves a window); the outcome equals the full run's"
    )
    return Line("incremental", f"our full run ({way})", some[0], every[0], None, 0.10, 1, note)


def _settle(place: Place) -> None:
    place.outside("judge", "VACUUM ANALYZE", "CHECKPOINT")


def _same(engine: sa.Engine) -> None:
    """Stop when any table of the incremental run is not the full run's."""
    with engine.begin() as conn:
        for name, query in SHOWN.items():
            both = f"(SELECT * FROM public.was_{name} EXCEPT ALL {query}) UNION ALL ({query} EXCEPT ALL SELECT * FROM public.was_{name})"
            different = conn.execute(sa.text(f"SELECT * FROM ({both}) d LIMIT 5")).all()
            if different:
                rows = "\n".join(str(tuple(r)) for r in different)
                raise SystemExit(f"the incremental run's {name} are not the full run's, such as:\n{rows}")
