"""Earlier claims come in once, bad rows are told line and column, and the families count as claimed."""

from __future__ import annotations

from pathlib import Path

import pytest

from claim.council import Council, row
from tf_integration.claim.read import COLUMNS, read_file
from tf_integration.model.errors import CallError

CANARY = "Quillfeather"


def faults(told: dict) -> list[tuple[int, str]]:
    return [(f["line"], f["column"]) for f in told["refused"]]


def test_an_imported_claim_makes_its_family_claimed_at_once(council: Council) -> None:
    family, other = council.ready("claimed"), council.ready("not")
    council.judge()
    assert council.status(family) == ("ready", None)
    told = council.imports(row("C1", family.names["kid"]), row("C1", family.names["mum"]))
    assert (told["claims_new"], told["rows_refused"], told["judged"]["households"]) == (1, 0, 1)
    assert council.status(family) == ("claimed", "C1")
    assert council.status(other) == ("ready", None)
    why = council.value("SELECT why_not FROM mart.claim_readiness_v1 WHERE household_id = :h", h=family.household_id)
    assert "C1" in why
    moved = council.value("SELECT because FROM mart.changed_since_v1 WHERE household_id = :h", h=family.household_id)
    assert moved == "a claim"


def test_the_same_file_twice_changes_nothing(council: Council) -> None:
    family = council.ready()
    council.judge()
    rows = [row("C1", family.names["kid"]), row("C2", 999, family_ref="EH9")]
    council.imports(*rows)
    counted = ("claim", "person", "transfer", "entry", "event", "child_hold")
    counts = " UNION ALL ".join(f"SELECT '{t}', count(*) FROM claim.{t}" for t in counted)  # noqa: S608
    before = council.rows(counts)
    told = council.imports(*rows)
    assert (told["claims_new"], told["claims_moved"], told["rows_refused"], told["judged"]) == (0, 0, 0, None)
    assert council.rows(counts) == before


def test_a_later_file_that_says_withdrawn_frees_the_family(council: Council) -> None:
    family = council.ready()
    council.judge()
    council.imports(row("C1", family.names["kid"], state="submitted"))
    told = council.imports(row("C1", family.names["kid"], state="withdrawn"))
    assert (told["claims_new"], told["claims_moved"]) == (0, 1)
    assert council.status(family) == ("ready", None)
    told = council.imports(row("C1", family.names["kid"], state="paid"))
    assert faults(told) == [(2, "state")]
    assert council.status(family) == ("ready", None)


def test_due_and_full_runs_agree_about_claims(council: Council) -> None:
    """A claim dated ahead falls due by itself; a night that judges only what moved sees it."""
    family, later = council.ready(), council.ready()
    council.judge()
    council.imports(row("C1", family.names["kid"]), row("C2", later.names["kid"], claimed_on="2018-07-03"))
    assert (council.status(family), council.status(later)) == (("claimed", "C1"), ("ready", None))
    assert council.judge_on("2018-07-03")["scope"] == "due"
    assert council.status(later) == ("claimed", "C2")
    both = "SELECT household_id, status, claimed_as, why_not, value_pounds FROM assess.readiness ORDER BY household_id"
    due = council.rows(both)
    council.judge_on("2018-07-03", full=True)
    assert council.rows(both) == due


def test_without_judging_the_next_night_sees_the_claim(council: Council) -> None:
    family = council.ready()
    council.judge()
    council.imports(row("C1", family.names["kid"]), judge=False)
    assert council.status(family) == ("ready", None)
    assert council.judge_on("2018-07-01")["scope"] == "due"
    assert council.status(family) == ("claimed", "C1")


BAD = [
    ({"claim_ref": ""}, "claim_ref"),
    ({"plan_id": "national-1999"}, "plan_id"),
    ({"partner": "nobody"}, "partner"),
    ({"person_ref": ""}, "person_ref"),
    ({"result": "half"}, "result"),
    ({"state": "lost"}, "state"),
    ({"state": "drafted"}, "state"),
    ({"claimed_on": "01/06/2017"}, "claimed_on"),
    ({"claimed_on": "2017-02-30"}, "claimed_on"),
    ({"claimed_on": "9017-06-01"}, "claimed_on"),
    ({"amount_pounds": "£800"}, "amount_pounds"),
    ({"amount_pounds": "-1"}, "amount_pounds"),
    ({"amount_pounds": "800.005"}, "amount_pounds"),
]


@pytest.mark.parametrize(("wrong", "column"), BAD, ids=[f"{c} {next(iter(w.values()))}" for w, c in BAD])
def test_a_bad_row_is_refused_with_line_and_column_and_the_others_load(
    council: Council, wrong: dict, column: str
) -> None:
    council.judge()
    told = council.imports(row("C1", 1), row("C2", 2) | wrong, row("C3", 3))
    assert faults(told) == [(3, column)]
    assert (told["rows_read"], told["rows_refused"], told["claims_new"]) == (3, 1, 2)
    assert all(f["fault"] and f["remedy"] for f in told["refused"])


def test_rows_that_contradict_their_claim_are_refused(council: Council) -> None:
    council.judge()
    told = council.imports(
        row("C1", 1),
        row("C1", 2, amount_pounds="900"),
        row("C1", 3, state="submitted"),
        row("C1", 4, claimed_on="2017-06-02"),
    )
    assert faults(told) == [(3, "amount_pounds"), (4, "state"), (5, "claimed_on")]
    assert faults(council.imports(row("C1", 1, plan_id="national-2020"))) == [(2, "plan_id")]


def test_a_second_claim_for_a_child_is_refused_with_the_earlier_named(council: Council) -> None:
    """In one file, in a later one, by another partner's reference, and under a plan that shares the result."""
    family = council.ready()
    council.judge()
    kid = family.names["kid"]
    told = council.imports(
        row("C1", kid), row("C2", kid), row("C3", kid, plan_id="national-2012"), row("C4", kid, partner="schools")
    )
    assert faults(told) == [(3, "person_ref"), (4, "person_ref"), (5, "person_ref")]
    assert all("C1" in f["fault"] for f in told["refused"])
    told = council.imports(row("C5", kid), row("C6", kid, state="withdrawn"), row("C7", family.names["mum"]))
    assert faults(told) == [(2, "person_ref")]


def test_a_claim_for_a_child_who_is_claimed_for_is_refused_whole(council: Council) -> None:
    """Else its other people, and its family reference, would stand as claimed for by a claim that was refused."""
    one, other = council.ready("one"), council.ready("other")
    council.judge()
    council.imports(row("C1", one.names["kid"]))
    again = [row("C2", p, family_ref=other.ref) for p in (other.names["mum"], one.names["kid"], other.names["kid"])]
    told = council.imports(*again, row("C3", other.names["kid"]))
    assert faults(told) == [(2, "claim_ref"), (3, "person_ref"), (4, "claim_ref")]
    assert all("C1" in f["fault"] for f in told["refused"])
    assert council.status(other) == ("claimed", "C3")


def test_a_claim_that_is_refused_refuses_no_other(council: Council) -> None:
    """Else the same file, given again, brought in what it had refused: whoever gave it once was short of a claim."""
    one, two, three = (council.ready(n) for n in ("one", "two", "three"))
    council.judge()
    kids = [f.names["kid"] for f in (one, two, three)]
    rows = row("C1", kids[0]), row("C2", kids[0]), row("C2", kids[1]), row("C3", kids[1]), row("C3", kids[2])
    told = council.imports(*rows)
    assert (faults(told), told["claims_new"]) == ([(3, "person_ref"), (4, "claim_ref")], 2)
    assert [council.status(f)[1] for f in (one, two, three)] == ["C1", "C3", "C3"]
    assert council.imports(*rows)["claims_new"] == 0


def test_of_two_claims_for_the_same_children_one_comes_in_however_the_rows_are_sorted(council: Council) -> None:
    one, two = council.ready("one"), council.ready("two")
    council.judge()
    kids = one.names["kid"], two.names["kid"]
    told = council.imports(row("C1", kids[0]), row("C2", kids[1]), row("C2", kids[0]), row("C1", kids[1]))
    assert faults(told) == [(3, "person_ref"), (4, "person_ref")]
    assert (council.status(one)[1], council.status(two)[1]) == ("C1", "C1")


def test_a_person_who_comes_later_is_claimed_for_when_known(council: Council) -> None:
    family = council.ready()
    council.judge()
    kid = family.names["kid"]
    council.value(
        "UPDATE identity.person_link SET known_to = clock_timestamp() WHERE person_id = :p RETURNING 1", p=kid
    )
    assert council.imports(row("C1", kid))["people_waiting"] == 1
    assert council.status(family)[1] is None
    council.value(
        "INSERT INTO identity.person_link SELECT source_record_id, person_id, null, decided_by, because, run_id, "
        "clock_timestamp() FROM identity.person_link WHERE person_id = :p RETURNING 1",
        p=kid,
    )
    council.judge_on("2018-07-01")
    assert council.status(family) == ("claimed", "C1")


def test_nothing_of_a_row_reaches_a_message(council: Council) -> None:
    council.judge()
    told = council.imports(row("C1", 1, result=CANARY, claimed_on=CANARY, amount_pounds=CANARY, plan_id=CANARY))
    assert CANARY not in str(told)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"claim_ref\n", "missing"),
        (b"\xff\xfe", "not UTF-8"),
        (",".join([*COLUMNS, "dob"]).encode(), "`dob` is unknown"),
        (",".join([c.replace("partner", "partnr") for c in COLUMNS]).encode(), "is `partnr` meant"),
        (b"a\0b", "NUL"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_whole(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(content)
    with pytest.raises(CallError, match=says):
        read_file(file)


def test_columns_in_any_order_a_bom_and_blank_lines_are_read(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    cells = {k: str(v) for k, v in row("C1", 7).items()}
    names = sorted(cells)
    file.write_bytes(("\ufeff" + ",".join(names) + "\r\n\r\n" + ",".join(cells[n] for n in names) + "\r\n").encode())
    found = read_file(file)
    assert (found.read, found.faults, found.rows[3]["person_ref"]) == (1, [], "7")
