"""A year of nights with a fault at random in each; after every one of them the same things must hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from nights import INVARIANTS, Year
from small_council import Council
from spoiling import how_many

from tf_integration.store import warehouse


def test_every_night_leaves_what_the_accepted_files_say(
    council: Council, seed: int, record_property: Callable[[str, object], None]
) -> None:
    year, nights = Year(council, seed), how_many(10, 365)
    record_property("runs", nights)
    for n in range(nights):
        year.night(n)
        assert not year.breaks(), f"night {n} of seed {seed}, after {year.faults[-4:]}: {year.breaks()}"
    print(f"{nights} nights, {len(year.sent)} files: {dict(Counter(year.faults))}")


def test_a_seed_replays(council: Council) -> None:
    """Two years of one seed send the same files."""
    first, second = Year(council, 7), Year(council, 7)
    for year in (first, second):
        year.council = _Nobody()  # type: ignore[assignment]
        for n in range(30):
            year.night(n)
    assert first.faults == second.faults
    assert {n: f.text for n, f in first.sent.items()} == {n: f.text for n, f in second.sent.items()}
    assert len(first.sent) > 15


class _Nobody:
    """A council that receives nothing."""

    def __getattr__(self, name: str) -> object:
        return _Nobody()

    def __call__(self, *args: object, **named: object) -> object:
        return _Nobody()

    def __truediv__(self, other: object) -> object:
        return _Nobody()


def test_the_invariants_notice_harm(council: Council) -> None:
    """Each is broken on purpose once, so that none of them is a check that cannot fail."""
    year = Year(council, 3)
    for n in range(9):
        year.night(n)
    assert year.breaks() == []
    for harm, says in HARMS.items():
        with warehouse.engine(warehouse.normal_url(council.settings.warehouse_url or "")).connect() as conn:
            conn.exec_driver_sql(harm)
            broken = [name for name, sql in INVARIANTS.items() if conn.exec_driver_sql(sql).scalar()]
            conn.rollback()
        assert says in broken, harm


HARMS = {
    "UPDATE landing.delivery SET status = 'rejected', state = 'rejected'": "facts of a file that was not accepted",
    "UPDATE landing.delivery SET receipt_at = NULL, decided_at = now() - interval '2 hours'":
        "a decided file without a receipt although its server is there",
    "UPDATE landing.delivery SET sequence = sequence + 5 WHERE feed = 'housing_actions' AND sequence = (SELECT"
    " max(sequence) FROM landing.delivery WHERE feed = 'housing_actions' AND status = 'accepted')":
        "an increment over a gap",
    "INSERT INTO landing.reject SELECT delivery_id, 1, NULL, 'code', '' FROM landing.delivery WHERE status = 'accepted'":
        "rejects without a rejected row",
}  # fmt: skip
