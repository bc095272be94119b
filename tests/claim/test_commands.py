"""`tfi claims` as a person calls it: its exit codes, its JSON, its words."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from claim.council import Council, row
from tf_integration.cli.main import build
from tf_integration.model.errors import CallError, NeedsAPerson


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
    assert tfi("replay", "q-0001")[0] == 0
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
