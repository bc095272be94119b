"""A change shows, beforehand, exactly the families that it then moves; two people bring it into force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from reference.world import load
from spec.families import County, Family
from sqlalchemy.engine import Connection

from tf_integration import assess
from tf_integration.flow.claims import import_claims
from tf_integration.flow.plans import differences, find_plan, impact
from tf_integration.flow.signing import activate, judging, sign
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.model.plan import PLANS
from tf_integration.model.settings import Settings
from tf_integration.store import warehouse

D = date(2019, 6, 30)
SHIPPED = (PLANS / "national-2015.yaml").read_text()
PAID = (
    "INSERT INTO claim.transfer (claim_id, state_was, state_is, by_whom, because) "
    "SELECT claim_id, 'outside', 'paid', 'A', 'imported' FROM claim.claim"
)


def families(county: County) -> dict[str, Family]:
    """Some whom a change moves, and some whom it leaves."""
    made = {}

    def family(label: str, attached: str | None = None) -> Family:
        made[label] = county.family(label, attached=attached).adult("mum").child("kid")
        return made[label]

    for label, attached in (("before", "2018-03-31"), ("after", "2018-04-01")):
        ready = family(f"call-out 8 months ago, attached {label}", attached)
        ready.fact("call_out", "mum", "2018-10-20", ref=f"c{label}").fact(
            "nosp_arrears", "mum", "2018-02-01", ref=f"n{label}"
        )
    family("one problem and arrears").fact("cin", "kid", "2019-01-01").fact("arrears", "mum", "2019-03-01", ref="a")
    family("one problem").fact("cin", "kid", "2019-01-01")
    family("two problems").fact("cin", "kid", "2019-01-01").fact("call_out", "mum", "2019-01-01", ref="x")
    two = family("two suspensions and a need").fact("cin", "kid", "2019-01-01")
    for n, on in enumerate(("2018-10-01", "2019-02-01")):
        two.fact("suspension", "kid", on, quantity=2, code="SEC", place="8812001", ref=f"s{n}")
    return made


@pytest.fixture
def settings(warehouse_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TFI_WAREHOUSE_URL", warehouse_url)
    return Settings.load()


@pytest.fixture
def council(settings: Settings) -> Iterator[tuple[Settings, dict[str, int]]]:
    """A council judged last night under the shipped plans."""
    county = County(D)
    made = families(county)
    with warehouse.transaction(settings) as conn:
        load(conn, county.world)
        assess.load_plans(conn)
        assess.assess(conn, D)
    return settings, {label: f.household_id for label, f in made.items()}


def statuses(conn: Connection) -> dict[int, str]:
    return {
        r.household_id: r.status for r in conn.execute(sa.text("SELECT household_id, status FROM assess.readiness"))
    }


def moved_by_a_night(settings: Settings) -> dict[int, tuple[str, str]]:
    with warehouse.transaction(settings) as conn:
        before = statuses(conn)
        assess.assess(conn, D)
        return {h: (before[h], now) for h, now in statuses(conn).items() if before[h] != now}


def put(settings: Settings, name: str, text: str) -> Path:
    folder = settings.home / "plans"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text)
    return folder / f"{name}.yaml"


def in_force(settings: Settings, named: str, day: date = date(2018, 4, 1)) -> None:
    sign(settings, named, "A Jones", "agreed by the board")
    activate(settings, named, day, "B Khan")


def test_impact_names_the_families_that_an_activated_variant_then_moves(
    council: tuple[Settings, dict[str, int]],
) -> None:
    settings, ids = council
    variant, _ = find_plan("westmere-2018", settings)
    with warehouse.transaction(settings) as conn:
        runs = conn.execute(sa.text("SELECT count(*) FROM assess.run")).scalar()
    told = impact(settings, variant)
    with warehouse.transaction(settings) as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM assess.run")).scalar() == runs, "asking writes nothing"
        assert conn.execute(sa.text("SELECT count(*) FROM assess.plan")).scalar() == len(list(PLANS.glob("*.yaml")))
    foretold = {h["household_id"]: (h["status_was"], h["status_is"]) for h in told["households"]}
    assert foretold == {
        ids["call-out 8 months ago, attached after"]: ("ready", "in_progress"),
        ids["one problem and arrears"]: ("not_eligible", "eligible"),
        ids["two suspensions and a need"]: ("not_eligible", "eligible"),
    }
    by = {h["household_id"]: h["moved_by"] for h in told["households"]}
    assert by[ids["one problem and arrears"]] == ["work_finance.rent_arrears"]
    assert by[ids["two suspensions and a need"]] == ["education.fixed_exclusions"]
    assert by[ids["call-out 8 months ago, attached after"]] == ["domestic_abuse.no_call_out (improved)"]
    assert told["rules"]["work_finance.rent_arrears"] == 1
    in_force(settings, "westmere-2018")
    assert moved_by_a_night(settings) == foretold
    with warehouse.transaction(settings) as conn:
        because = conn.execute(
            sa.text("SELECT DISTINCT because FROM assess.status_change WHERE status_was IS NOT NULL")
        ).scalars()
        assert list(because) == ["plan change"]


def test_a_claimed_family_stays_claimed_under_a_plan_that_shares_the_one_result(
    council: tuple[Settings, dict[str, int]],
) -> None:
    settings, ids = council
    family = ids["call-out 8 months ago, attached after"]
    with warehouse.transaction(settings) as conn:
        conn.execute(
            sa.text(
                "INSERT INTO claim.claim (claim_id, claim_ref, plan_id, result, claimed_on, amount_pounds) "
                "VALUES (1, 'C1', 'national-2015', 'sustained', '2019-05-01', 800)"
            )
        )
        conn.execute(
            sa.text(
                "INSERT INTO claim.person (claim_id, partner, person_ref) SELECT DISTINCT 1, r.partner, r.person_ref "
                "FROM identity.membership m JOIN identity.person_link l USING (person_id) "
                "JOIN core.source_record r USING (source_record_id) WHERE m.household_id = :h"
            ),
            {"h": family},
        )
        conn.execute(sa.text(PAID))
    assert moved_by_a_night(settings) == {family: ("ready", "claimed")}
    told = impact(settings, find_plan("westmere-2018", settings)[0])
    assert family not in {h["household_id"] for h in told["households"]}
    in_force(settings, "westmere-2018")
    assert set(moved_by_a_night(settings)) == {h["household_id"] for h in told["households"]}


def test_a_claim_under_a_plan_just_activated_is_refused_for_a_child_who_is_claimed_for(
    council: tuple[Settings, dict[str, int]], tmp_path: Path
) -> None:
    """Before any refresh: else the two stand, and somebody has to find out and withdraw one."""
    settings, _ = council
    with warehouse.transaction(settings) as conn:
        kid = warehouse.scalar(
            conn,
            "SELECT person_ref FROM core.source_record WHERE partner = 'early_help' "
            "AND date_of_birth > '2003-01-01' LIMIT 1",
        )
    head = "claim_ref,plan_id,family_ref,partner,person_ref,result,state,claimed_on,amount_pounds\n"

    def imports(claim: str, plan: str) -> dict[str, Any]:
        file = tmp_path / "claims.csv"
        file.write_text(f"{head}{claim},{plan},,early_help,{kid},sustained,paid,2019-05-01,800\n")
        return import_claims(settings, file, "Ada", "earlier claims", judge=False)

    assert imports("C1", "national-2015")["claims_new"] == 1
    in_force(settings, "westmere-2018")
    told = imports("C2", "westmere-2018")
    assert [(r["column"], "C1" in r["fault"]) for r in told["refused"]] == [("person_ref", True)]


def test_a_past_verdict_knows_which_plans_shared_a_result_then(
    council: tuple[Settings, dict[str, int]], tmp_path: Path
) -> None:
    settings, ids = council
    family = ids["call-out 8 months ago, attached after"]
    with warehouse.transaction(settings) as conn:
        kid = warehouse.rows(
            conn,
            "SELECT person_ref FROM core.source_record JOIN identity.person_link USING (source_record_id) "
            "JOIN identity.membership USING (person_id) WHERE household_id = :h AND date_of_birth > '2003-01-01'",
            h=family,
        )[0]["person_ref"]
    file = tmp_path / "claims.csv"
    head = "claim_ref,plan_id,family_ref,partner,person_ref,result,state,claimed_on,amount_pounds\n"
    file.write_text(f"{head}C1,national-2012,,early_help,{kid},sustained,paid,2014-05-01,800\n")
    import_claims(settings, file, "Ada", "earlier claims")
    with warehouse.transaction(settings) as conn:
        assert statuses(conn)[family] == "claimed"
        then = warehouse.scalar(conn, "SELECT clock_timestamp()")
    for plan in ("national-2012", "national-2015", "national-2020"):
        text = (PLANS / f"{plan}.yaml").read_text()
        was = next(line for line in text.splitlines() if line.startswith("one_result_across"))
        put(settings, plan, text.replace(was, f"one_result_across: [{plan}]"))
        in_force(settings, plan, find_plan(plan, settings)[0].in_force.from_)
    with warehouse.transaction(settings) as conn:
        assess.assess(conn, D, full=True)
        assert statuses(conn)[family] == "ready"
        assess.assess(conn, D, then, households=[family], dry=True)
        assert statuses(conn)[family] == "claimed"


def test_so_does_an_edit_of_a_plan_in_its_own_place(council: tuple[Settings, dict[str, int]]) -> None:
    settings, ids = council
    put(settings, "national-2015", SHIPPED.replace("needs: 2", "needs: 1"))
    told = impact(settings, find_plan("national-2015", settings)[0])
    foretold = {h["household_id"]: (h["status_was"], h["status_is"]) for h in told["households"]}
    assert set(foretold) == {ids["one problem"], ids["one problem and arrears"], ids["two suspensions and a need"]}
    assert {tuple(h["moved_by"]) for h in told["households"]} == {("needs",)}
    in_force(settings, "national-2015", date(2015, 4, 1))
    assert moved_by_a_night(settings) == foretold
    with warehouse.transaction(settings) as conn:
        assess.load_plans(conn)
        assert conn.execute(sa.text("SELECT needs FROM assess.plan WHERE plan_id = 'national-2015'")).scalar() == 1, (
            "an upgrade leaves an activated plan alone"
        )


def test_from_a_later_day_it_judges_later_families_alone(council: tuple[Settings, dict[str, int]]) -> None:
    settings, ids = council
    told = impact(settings, find_plan("westmere-2018", settings)[0], date(2018, 4, 2))
    assert ids["call-out 8 months ago, attached after"] not in {h["household_id"] for h in told["households"]}
    in_force(settings, "westmere-2018", date(2018, 4, 2))
    assert set(moved_by_a_night(settings)) == {h["household_id"] for h in told["households"]}
    plan = next(p for p in judging(settings) if p["plan_id"] == "westmere-2018")
    assert (plan["from_on"], plan["signed_by"], plan["activated_by"]) == (date(2018, 4, 2), "A Jones", "B Khan")
    with pytest.raises(CallError, match="`in_force` runs from 2018-04-01"):
        activate(settings, "westmere-2018", date(2018, 3, 31), "B Khan")


def test_two_people_and_the_very_text(council: tuple[Settings, dict[str, int]]) -> None:
    settings, _ = council
    day = date(2018, 4, 1)
    text = (PLANS / "local" / "westmere-2018.yaml").read_text()
    put(settings, "westmere-2018", text)
    with pytest.raises(CallError, match="nobody has signed this text"):
        activate(settings, "westmere-2018", day, "B Khan")
    sign(settings, "westmere-2018", "A Jones", "agreed")
    with pytest.raises(CallError, match="who signs a plan does not activate it"):
        activate(settings, "westmere-2018", day, " a  jones ")
    put(settings, "westmere-2018", text.replace("window: 9 months", "window: 10 months"))
    with pytest.raises(CallError, match="nobody has signed this text"):
        activate(settings, "westmere-2018", day, "B Khan")
    put(settings, "westmere-2018", text.replace("at_least: 2,", "at_least: 4,"))
    with pytest.raises(NeedsAPerson, match="worked examples do not hold"):
        sign(settings, "westmere-2018", "A Jones", "agreed")
    for by, why in (("", "agreed"), ("A Jones", "  ")):
        with pytest.raises(CallError, match="blank"):
            sign(settings, "westmere-2018", by, why)


def test_a_text_that_claims_rest_on_stays(council: tuple[Settings, dict[str, int]]) -> None:
    settings, _ = council
    put(settings, "national-2015", SHIPPED.replace("needs: 2", "needs: 1"))
    sign(settings, "national-2015", "A Jones", "agreed")
    with warehouse.transaction(settings) as conn:
        conn.execute(sa.text("INSERT INTO claim.window (name, as_at, drafted_by) VALUES ('w', '2019-06-30', 'A')"))
        conn.execute(
            sa.text(
                "INSERT INTO claim.claim (claim_id, claim_ref, plan_id, window_id, result, claimed_on, amount_pounds) "
                "SELECT 1, 'C1', 'national-2015', window_id, 'sustained', '2019-06-30', 800 FROM claim.window"
            )
        )
        conn.execute(sa.text("INSERT INTO claim.window_step SELECT window_id, 'approved', 'B', 'x' FROM claim.window"))
        for was, state in (("outside", "drafted"), ("drafted", "approved")):
            conn.execute(sa.text(PAID.replace("outside", was).replace("paid", state)))
    with pytest.raises(CallError, match=r"1 claims rest on the text .* id of its own"):
        activate(settings, "national-2015", date(2015, 4, 1), "B Khan")
    in_force(settings, "westmere-2018")
    with warehouse.transaction(settings) as conn:
        folder = settings.home / "plans"
        assess.load_plans(conn, folder)
        assert conn.execute(sa.text("SELECT needs FROM assess.plan WHERE plan_id = 'national-2015'")).scalar() == 2, (
            "nor does an upgrade change it"
        )


def test_a_difference_is_shown_in_its_lines(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SHIPPED.replace("needs: 2", "needs: 3"))
    assert differences(PLANS / "national-2015.yaml", other)[2:] == [
        line for line in differences(PLANS / "national-2015.yaml", other) if line.startswith(("@@", "-needs", "+needs"))
    ]


def test_a_plan_is_found_by_its_path_in_the_home_or_as_shipped(settings: Settings) -> None:
    assert find_plan("national-2022", settings)[1] == PLANS / "national-2022.yaml"
    own = put(settings, "national-2022", (PLANS / "national-2022.yaml").read_text())
    assert find_plan("national-2022", settings)[1] == own
    with pytest.raises(CallError, match="westmere-2018"):
        find_plan("westmore", settings)


def test_the_commands_say_so(council: tuple[Settings, dict[str, int]], capsys: pytest.CaptureFixture[str]) -> None:
    from tf_integration.cli.main import build

    settings, ids = council

    def tfi(*words: str) -> str:
        build()(list(words), standalone_mode=False)
        return capsys.readouterr().out

    told = tfi("plan", "impact", "westmere-2018")
    assert "2 not_eligible -> eligible" in told
    assert f"{ids['one problem and arrears']} not_eligible -> eligible: work_finance.rent_arrears" in told
    assert len(json.loads(tfi("plan", "impact", "westmere-2018", "--json"))["households"]) == 3
    assert "signed by A Jones" in tfi("plan", "sign", "westmere-2018", "--by", "A Jones", "--because", "agreed")
    from_day = ("--from", "2018-04-01")
    assert "judges from 2018-04-01 on" in tfi("plan", "activate", "westmere-2018", *from_day, "--by", "B Khan")
    listed = tfi("plan", "list")
    assert "national-2022: Supporting Families" in listed
    assert "signed by A Jones, activated by B Khan" in listed
    moved = moved_by_a_night(settings)
    said = tfi("changes", "--from", "2001-01-01", "--json")
    assert {row["household_id"] for row in json.loads(said) if "plan change" in row["because"]} >= set(moved)
    assert "households changed" in tfi("changes", "--from", "2001-01-01")
    assert "+plan: westmere-2018" in tfi("plan", "diff", "national-2015", "westmere-2018")
    assert {"-plan: national-2012", "+plan: national-2015"} <= {*tfi("plan", "diff", "national-2015").splitlines()}
    assert json.loads(tfi("plan", "schema"))["title"] == "An outcome plan"


def test_an_example_that_does_not_hold_is_named_with_its_line(
    council: tuple[Settings, dict[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    from tf_integration.cli.main import build

    lines = SHIPPED.splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip() == "- expect: not_known")
    lines[at] = lines[at].replace("not_known", "not_met")
    put(council[0], "national-2015", "\n".join(lines))
    assert build()(["plan", "test", "national-2015"], standalone_mode=False) == 1
    assert f"national-2015.yaml line {at + 1}: " in capsys.readouterr().out
    build()(["plan", "test", "national-2015", "--json"], standalone_mode=False)
    wrong = json.loads(capsys.readouterr().out)["wrong"]
    assert [(w["line"], w["expected"], w["got"]) for w in wrong] == [(at + 1, "not_met", "not_known")]


def test_a_text_stored_by_an_earlier_version_still_judges(council: tuple[Settings, dict[str, int]]) -> None:
    """Earlier versions stored a blank where a test says nothing of its own; after an upgrade the night goes on."""
    settings, _ = council
    with warehouse.transaction(settings) as conn:
        before = statuses(conn)
        old = "replace(document::text, '\"says\": null', '\"says\": \"\"')::jsonb"
        for table in ("assess.plan", "assess.plan_version"):
            conn.execute(sa.text(f"UPDATE {table} SET document = {old}"))  # noqa: S608
        blanks = "SELECT count(*) FROM assess.plan WHERE jsonb_path_exists(document, '$.**.says ? (@ == \"\")')"
        assert conn.execute(sa.text(blanks)).scalar() == len(list(PLANS.glob("*.yaml")))
        assess.assess(conn, D, full=True)
        assert statuses(conn) == before
