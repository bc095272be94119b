"""`tfi claims` as a person calls it: its exit codes, its JSON, its words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from spec.test_results import troubled
from typer.testing import CliRunner

from claim.council import Council, row
from tf_integration.assess import find_missed
from tf_integration.cli.main import build
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.store import warehouse


@pytest.fixture
def tfi(council: Council, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Run `tfi claims ...`; returns its exit code and what it printed."""
    monkeypatch.setenv("TFI_WAREHOUSE_URL", str(council.settings.warehouse_url))

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(build(), ["claims", *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return run


def test_a_window_from_the_command_line(council: Council, tfi) -> None:  # type: ignore[no-untyped-def]
    family = council.ready()
    council.judge()
    out = str(council.settings.home / "out")
    assert str(family.household_id) in tfi("list", "--ready")[1]
    assert tfi("draft", "q", "--by", "Ada") == (0, "q: 1 claims drafted as at 2018-06-30, £800.00.\n")
    assert json.loads(tfi("sample", "q", "--by", "Ben", "--json")[1])["sampled"][0]["claim_ref"] == "q-0001"
    assert tfi("audit", "q-0001", "--valid", "--by", "Ben", "--because", "seen")[0] == 0
    with pytest.raises(NeedsAPerson, match="does not approve"):
        tfi("approve", "q", "--by", "Ada", "--because", "x")
    assert tfi("approve", "q", "--by", "Cas", "--because", "valid")[0] == 0
    assert tfi("freeze", "q", "--by", "Ada")[0] == 0
    assert "q-0001.pdf" in tfi("pack", "q", "--out", out)[1]
    code, said = tfi("replay", "q-0001")
    assert "the same answer and digest." in said
    assert (code, "Changed or gone" in said) == (1, True), "this council's files never landed, and that is said"
    assert tfi("submit", "q", "--by", "Ada", "--out", out)[0] == 0
    assert tfi("pay", "q", "--by", "Dee", "--because", "remittance")[1] == "q-0001: submitted -> paid, £800.00\n"
    assert json.loads(tfi("list", "--json")[1])[0]["state"] == "paid"
    assert "submitted" in tfi("windows")[1]
    assert "approved by Cas" in tfi("show", "q")[1]
    assert tfi("conflicts") == (0, "None.\n")
    assert tfi("clawback", "q-0001", "--by", "Dee", "--because", "spot check")[0] == 0
    assert council.status(family) == ("ready", None)


def test_a_refused_row_is_exit_1_and_says_what_to_do(council: Council, tfi) -> None:  # type: ignore[no-untyped-def]
    council.judge()
    code, said = tfi("import", str(council.file(row("C1", 1), row("C2", 2, result="half"))))
    assert code == 1
    assert "line 3, result: not a result. use one of: sustained, employment" in said
    assert tfi("import", str(council.file(row("C1", 1))))[0] == 0


def test_a_target_and_progress(council: Council, tfi) -> None:  # type: ignore[no-untyped-def]
    council.judge()
    assert tfi("target", "national-2015", "4670", "--by", "Ada", "--because", "agreed")[1] == (
        "national-2015: 4670 families from 2015-04-01.\n"
    )
    tfi("import", str(council.file(row("C1", 1))))
    assert json.loads(tfi("progress", "--json")[1])[0]["remaining"] == 4669


def test_one_list_at_a_time(tfi) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CallError, match="one list"):
        tfi("list", "--ready", "--soon")


@pytest.mark.parametrize("which", ["soon", "missed", "at-risk"])
def test_near_misses_missed_claims_and_those_at_risk_are_listed(council: Council, tfi, which: str) -> None:  # type: ignore[no-untyped-def]
    council.ready()
    council.judge()
    assert tfi("list", f"--{which}")[0] == 0


def test_each_list_holds_the_families_that_it_should_and_no_other(council: Council, tfi) -> None:  # type: ignore[no-untyped-def]
    """Families with known answers, as at 30 June 2018, and what each of the four lists says of them."""
    town = council.county
    ready = council.ready("ready")
    no_worker = troubled(town, "lacks a lead worker only", principles=False)
    for milestone in ("assessment", "plan"):
        no_worker.milestone(milestone, "2017-01-10", is_flagged=True)
    no_worker.milestone("tfop_agreed", "2017-01-10")
    weeks = council.ready("thirteen weeks off benefit in ten days").benefit("mum", "ESA", "2016-01-01", "2018-04-11")
    unattached = town.family("two problems, never attached").adult("mum").child("kid")
    unattached.fact("call_out", "mum", "2018-05-01", ref="u").fact("nosp_arrears", "mum", "2018-05-01", ref="v")
    one = town.family("one problem").adult("mum").child("kid").fact("call_out", "mum", "2018-05-01", ref="w")
    lapsing = town.family("two problems, one a year old in three weeks").adult("mum").child("kid")
    lapsing.fact("call_out", "mum", "2017-07-21", ref="x").fact("nosp_arrears", "mum", "2018-05-01", ref="y")
    council.judge()
    with warehouse.transaction(council.settings) as conn:
        find_missed(conn, town.as_at)

    def listed(which: str) -> dict[str, dict[str, Any]]:
        rows = json.loads(tfi("list", which, "--json")[1])
        labels = {f.household_id: f.label for f in town.families}
        return {labels[r["household_id"]]: r for r in rows}

    assert set(listed("--ready")) == {ready.label}
    soon = listed("--soon")
    assert set(soon) == {no_worker.label, weeks.label}
    assert (soon[no_worker.label]["missing"], soon[no_worker.label]["whose"]) == (["lead_worker"], ["practice"])
    assert soon[no_worker.label]["changes"] == ["name a lead worker"]
    assert (soon[no_worker.label]["earliest_on"], soon[no_worker.label]["n_changes"]) == (None, 1)
    assert (soon[weeks.label]["missing"], soon[weeks.label]["whose"]) == (["work_finance"], ["time"])
    assert (soon[weeks.label]["earliest_on"], soon[weeks.label]["days_left"]) == ("2018-07-10", 10)
    missed = listed("--missed")
    assert set(missed) == {unattached.label, lapsing.label}
    assert missed[unattached.label]["problems"] == ["domestic_abuse", "work_finance"]
    assert one.label not in missed
    risk = listed("--at-risk")
    assert (risk[lapsing.label]["lapses_on"], risk[lapsing.label]["days_left"]) == ("2018-07-21", 21)
    assert unattached.label not in risk, "its problems are seen for months yet"
    for which in ("--ready", "--soon", "--missed", "--at-risk"):
        code, said = tfi("list", which)
        assert (code, max(map(len, said.splitlines())) <= 200) == (0, True)


def test_a_slip_in_a_state_or_a_window_is_not_an_empty_list(council: Council, tfi) -> None:  # type: ignore[no-untyped-def]
    council.judge()
    council.imports(row("C1", 1), judge=False)
    assert tfi("list", "--state", "withdrawn") == (0, "None.\n")
    with pytest.raises(CallError, match=r"--state: a claim has no such state. Use one of: drafted, .* clawed_back"):
        tfi("list", "--state", "payed")
    with pytest.raises(CallError, match="no window has this name"):
        tfi("list", "--window", "2019-q9")
