"""Many people claim for one family at the same moment: one wins, and the others are told by whom.

`TFI_RACES=1000` races as many; an ordinary run is content with fewer.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from reference.world import Membership

from claim.a_window import audited, frozen, step
from claim.council import Council, row
from tf_integration.claim.read import read_file
from tf_integration.flow import claims
from tf_integration.model.errors import CallError, NeedsAPerson

RACES, AT_ONCE = int(os.environ.get("TFI_RACES", "12")), 6


def outcomes(runners: list) -> list[str]:
    """What each runner came to, all let go at the same moment, in waves that the database has connections for."""
    found = []
    for first in range(0, len(runners), AT_ONCE):
        wave = runners[first : first + AT_ONCE]
        gate = Barrier(len(wave))

        def run(runner, gate=gate) -> str:  # type: ignore[no-untyped-def]
            gate.wait()
            try:
                return str(runner())
            except (NeedsAPerson, CallError) as error:
                return type(error).__name__

        with ThreadPoolExecutor(len(wave)) as pool:
            found += list(pool.map(run, wave))
    return found


def test_of_many_windows_drafted_at_once_one_gets_the_family(council: Council) -> None:
    council.ready()
    council.judge()
    runners = [lambda n=n: claims.draft(council.settings, f"w{n}", "Ada", "race")["claims"] for n in range(RACES)]
    found = outcomes(runners)
    assert sorted(found) == sorted(["1"] + ["NeedsAPerson"] * (RACES - 1))
    assert council.value("SELECT count(*) FROM claim.claim") == 1
    assert council.value("SELECT coalesce(sum(pounds), 0) FROM claim.entry") == 0


def test_of_many_double_clicks_on_one_window_one_counts(council: Council) -> None:
    council.ready()
    council.judge()
    found = outcomes([lambda: claims.draft(council.settings, "w", "Ada", "race")["claims"] for _ in range(RACES)])
    assert sorted(found) == sorted(["1"] + ["CallError"] * (RACES - 1))
    assert council.value("SELECT count(*) FROM claim.window") == 1


def test_of_families_formed_again_around_one_child_one_is_claimed_for(council: Council) -> None:
    """Imports and drafts race for a child whom two households share."""
    one, other = council.ready("one"), council.ready("other")
    other.memberships.append(Membership(other.household_id, one.names["kid"], None))
    council.judge()
    kid = one.names["kid"]

    def imports(n: int) -> str:
        file = council.file(row(f"C{n}", kid), name=f"c{n}.csv")
        assert read_file(file).rows
        return str(claims.import_claims(council.settings, file, "Ada", "race", judge=False)["rows_refused"])

    def drafts(n: int) -> int:
        return claims.draft(council.settings, f"w{n}", "Ada", "race", households=[(one, other)[n % 2].household_id])[
            "claims"
        ]  # type: ignore[no-any-return]

    outcomes([(lambda n=n: imports(n)) if n % 3 == 0 else (lambda n=n: drafts(n)) for n in range(RACES)])
    holders = council.rows(
        "SELECT count(DISTINCT c.claim_id) AS n FROM claim.claim c JOIN claim.state s USING (state) "
        "JOIN claim.person p USING (claim_id) WHERE s.holds AND p.person_ref = :kid",
        kid=str(kid),
    )
    assert holders == [{"n": 1}]


def test_of_people_who_take_a_step_at_once_one_took_it(council: Council) -> None:
    """Else the chain of acts says of each that they approved, and the list was sent by two."""
    council.ready()
    council.judge()
    audited(council)
    found = outcomes([lambda n=n: step(council, "approve", "w", f"Cas {n}", "valid")["claims"] for n in range(AT_ONCE)])
    assert sorted(found) == sorted(["1"] + ["NeedsAPerson"] * (AT_ONCE - 1))
    assert council.value("SELECT count(*) FROM claim.event WHERE act = 'approved'") == 1


def test_paid_and_taken_back_at_once_come_one_after_the_other(council: Council) -> None:
    """Of a window, and of an earlier claim: the later of the two finds what the other did; the database need not."""
    council.ready("one")
    other = council.ready("other")
    council.judge()
    council.imports(row("C1", other.names["kid"], state="submitted"), judge=False)
    frozen(council)
    claims.submit(council.settings, "w", "Ada", "closes", council.settings.home)

    def moves(named: str, state: str) -> Callable[[], object]:
        return lambda: claims.move(council.settings, named, state, "Dee", "race", judge=False) and state

    for named in ("w", "C1"):
        found = outcomes([moves(named, state) for state in ("paid", "withdrawn", "paid", "withdrawn")])
        assert set(found) <= {"paid", "withdrawn", "NeedsAPerson"}, found
    assert council.value("SELECT count(*) FROM claim.claim WHERE state <> 'withdrawn'") == 0
    assert council.value("SELECT count(*) FROM claim.event WHERE act = 'withdrawn'") == 2
