"""What a preview says would change is what then changes; and the preview itself changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from small_council import Council, tenancies
from test_deliver_released import hold_for_being_short

from tf_integration.flow import decisions
from tf_integration.flow.foresee import preview
from tf_integration.flow.refresh import refresh
from tf_integration.flow.setup import prepare
from tf_integration.model.errors import ServiceError
from tf_integration.store import warehouse

MEMBERS = (
    "person_ref,forename,surname,date_of_birth,sex,address,postcode,uprn,upn,nhs_number,nino,"
    "family_ref,relationship,parental_responsibility,resident,joined_on,left_on\n"
)
MILESTONES = "family_ref,milestone,on,ended_on,problem,whole_family,worker,worker_role,reference\n"
ON = date(2019, 6, 3)


def members(n: int) -> str:
    """Families of a mother and a child."""
    rows = ""
    for i in range(1, n + 1):
        home, name = f"{i} High Street,CT1 2AB,,,,,F{i}", f"Gable{chr(65 + i % 26) * (1 + i // 26)}"
        rows += f"A{i},Ann,{name},{1940 + i % 50}-{1 + i % 11:02d}-{1 + i % 27:02d},F,{home},mother,Y,Y,2019-01-01,\n"
        rows += f"C{i},Cat,{name},{2003 + i % 14}-{1 + i % 11:02d}-{1 + i % 27:02d},F,{home},child,N,Y,2019-01-01,\n"
    return MEMBERS + rows


def milestones(good: int, bad: int) -> str:
    rows = [f"F{i},assessment,2019-05-{1 + i % 28:02d},,,Y,,,doc {i}\n" for i in range(1, good + 1)]
    return MILESTONES + "".join(rows + [f"F{i},assessmint,2019-05-01,,,Y,,,\n" for i in range(1, bad + 1)])


@pytest.fixture
def families(council: Council) -> Council:
    """Sixty families, known and judged."""
    prepare(council.settings)
    council.join("early_help")
    council.partners["early_help"].put("early_help_members", "2019-06-01", 1, members(60))
    assert council.night("early_help_members", "2019-06-01") == ["accepted"]
    refresh(council.settings, ON)
    return council


def standing(council: Council) -> tuple[object, ...]:
    tables = ("core.fact", "core.source_record", "core.absence", "core.coverage", "identity.membership", "identity.run",
              "assess.run", "assess.readiness", "landing.reject", "landing.measure", "landing.event")  # fmt: skip
    return tuple(council.rows(f"SELECT count(*) AS n, max(xmin::text::bigint) AS x FROM {t}") for t in tables)  # noqa: S608


def flags(council: Council) -> dict[tuple[int, str], str]:
    rows = council.rows("SELECT household_id, problem, present::text AS says FROM assess.problem_verdict")
    return {(r["household_id"], r["problem"]): r["says"] for r in rows}


def test_it_foresees_the_flags_and_leaves_everything_as_it_was(families: Council) -> None:
    name = families.partners["early_help"].put("early_help_milestones", "2019-06-02", 1, milestones(40, 25))
    assert families.night("early_help_milestones", "2019-06-02") == ["held"]
    before, was = standing(families), flags(families)
    told = preview(families.settings, name)["would"]
    assert standing(families) == before
    assert not [f for f in families.settings.landed.rglob("*.csv") if f.name.startswith("replay")]
    assert (told["applies"], told["is_whole"], told["facts_added"]) == (True, True, 40)
    assert told["households"]["touched"] == told["households"]["changed"] == 40
    foreseen = {(f["problem"], f["was"], f["is"]): f["households"] for f in told["households"]["flags"]}

    decisions.release(families.settings, name, "Ada", "the rest comes next week")
    assert families.night("early_help_milestones", "2019-06-03") == ["accepted_with_rejects"]
    refresh(families.settings, told["as_at"])
    now = flags(families)
    touched = {r["household_id"] for r in families.rows(
        "SELECT x.household_id FROM identity.household_ref x JOIN core.fact f USING (partner, family_ref)"
        " WHERE f.kind = 'family_assessment'")}  # fmt: skip
    happened = Counter((p, was.get((h, p)), now.get((h, p))) for h, p in now if h in touched)
    assert {k: n for k, n in happened.items() if k[1] != k[2]} == foreseen
    assert sum(foreseen.values()) >= 40


def test_it_foresees_who_would_end_when_a_snapshot_is_short(families: Council) -> None:
    name = families.partners["early_help"].put("early_help_members", "2019-06-02", 2, members(30))
    assert families.night("early_help_members", "2019-06-02") == ["held"]
    told = preview(families.settings, name)["would"]
    assert [told[f"people_{what}"] for what in ("added", "ended", "absent", "changed")] == [0, 0, 60, 0]
    assert told["facts_ended_by_absence"] == 0  # a spell ends with the second absence
    for who in ("Ada", "Grace"):
        decisions.release(families.settings, name, who, "they moved away")
    families.night("early_help_members", "2019-06-02")
    again = families.partners["early_help"].put("early_help_members", "2019-06-03", 3, members(30), control={"rows": 9})
    assert families.night("early_help_members", "2019-06-03") == ["held"]
    told = preview(families.settings, again)["would"]
    assert [told[f"people_{what}"] for what in ("added", "ended", "absent", "changed")] == [0, 60, 0, 0]
    assert told["facts_ended_by_absence"] == 60
    assert told["households"]["touched"] >= 30


def test_it_counts_new_people_before_anything_was_ever_identified(council: Council) -> None:
    name = hold_for_being_short(council)
    told = preview(council.settings, name)["would"]
    assert (told["people_added"], told["people_absent"]) == (0, 40)
    council.housing.put("housing_tenancies", "2019-07-01", 3, tenancies(103), control={"rows": 7})
    assert council.night("housing_tenancies", "2019-07-01") == ["held"]
    told = preview(council.settings, "housing_tenancies_20190701_0003.csv")["would"]
    assert (told["people_added"], told["people_ended"]) == (3, 0)


def test_what_cannot_be_applied_says_why(council: Council) -> None:
    name = council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(3).replace("tenure\n", "tenur\n"))
    council.night("housing_tenancies", "2019-05-01")
    assert preview(council.settings, name)["would"] == {
        "applies": False, "because": "it cannot be released: the partner must send it again."}  # fmt: skip
    name = council.housing.put("housing_tenancies", "2019-05-02", 2, tenancies(3))
    council.night("housing_tenancies", "2019-05-02")
    assert preview(council.settings, name)["would"]["because"] == "it is accepted already."


def test_its_cost_is_bounded(families: Council) -> None:
    limits = families.settings.home / "limits.yaml"
    limits.write_text(limits.read_text() + "preview_households: 7\n")
    name = families.partners["early_help"].put("early_help_milestones", "2019-06-02", 1, milestones(40, 25))
    families.night("early_help_milestones", "2019-06-02")
    told = preview(families.settings, name)["would"]
    assert (told["is_whole"], told["households"]["touched"], told["households"]["judged"]) == (False, 40, 7)
    limits.write_text(limits.read_text() + "preview_seconds: 0.001\n")
    told = preview(families.settings, name)["would"]
    assert (told["is_whole"], told["households"]) == (False, None)
    assert "preview_seconds" in told["because"]


def test_it_does_not_stand_in_the_way_of_a_refresh_and_says_so(council: Council) -> None:
    name = hold_for_being_short(council)
    with warehouse.transaction(council.settings) as conn:
        warehouse.scalar(conn, "SELECT pg_advisory_xact_lock(7352)")
        with pytest.raises(ServiceError, match="a refresh is under way"):
            preview(council.settings, name)
