"""Models that are kept, tried, made live and rolled back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from reviewed import Reviewed

from tf_integration.flow import models
from tf_integration.model.errors import CallError, NeedsAPerson
from tf_integration.store import warehouse

WHO = ("Ada", "seen its preview")


def kept(reviewed: Reviewed, change: float = 0.0) -> str:
    """A model like the shipped one; `change` is added to how often names agree in two people."""
    learnt = models.parameters(reviewed.settings, models.SHIPPED)
    for comparison in learnt["settings"]["comparisons"]:
        for level in comparison["comparison_levels"]:
            if "u_probability" in level:
                level["u_probability"] = min(level["u_probability"] + change, 0.999)
    with warehouse.transaction(reviewed.settings) as conn:
        return models.keep(conn, learnt, date(2020, 6, 1), "Ada")


def live(reviewed: Reviewed) -> str:
    (found,) = [m["model_id"] for m in models.models(reviewed.settings) if m["is_live"]]
    return str(found)


@pytest.fixture
def alike(reviewed: Reviewed) -> list[int]:
    """One woman under three partners, whom particulars alone join."""
    said: dict[str, Any] = {"address": "1 High Street", "postcode": "AB1 2CD", "sex": "F"}
    return [reviewed.county.someone(p, p, "Philippa", surname, "1985-03-02", **said)
            for p, surname in (("dwp", "Quennell"), ("jcp", "Quennel"), ("police", "Quenell"))]


def test_the_shipped_model_decides_until_another_is_made_live(reviewed: Reviewed) -> None:
    first, second = kept(reviewed), kept(reviewed, 0.01)
    assert (first, second) == ("2020-06-01.1", "2020-06-01.2")
    assert live(reviewed) == models.SHIPPED
    assert models.activate(reviewed.settings, first, *WHO) == {"live": first, "was": "shipped"}
    assert live(reviewed) == first
    with pytest.raises(NeedsAPerson, match="decides already"):
        models.activate(reviewed.settings, first, *WHO)
    with pytest.raises(CallError, match="no such model"):
        models.activate(reviewed.settings, "2020-06-01.9", *WHO)
    with pytest.raises(CallError, match="who decides and why"):
        models.activate(reviewed.settings, second, "Ada", " ")


def test_a_rollback_brings_back_the_model_before_down_to_the_shipped_one(reviewed: Reviewed) -> None:
    first, second = kept(reviewed), kept(reviewed, 0.01)
    for model in (first, second):
        models.activate(reviewed.settings, model, *WHO)
    assert models.rollback(reviewed.settings, *WHO) == {"live": first, "was": second}
    assert live(reviewed) == first
    assert models.rollback(reviewed.settings, *WHO)["live"] == models.SHIPPED
    assert live(reviewed) == models.SHIPPED
    with pytest.raises(NeedsAPerson, match="none before it"):
        models.rollback(reviewed.settings, *WHO)


def test_a_preview_tells_who_would_split_and_keeps_nothing(reviewed: Reviewed, alike: list[int]) -> None:
    reviewed.refresh()
    assert reviewed.county.is_one_person(*alike)
    blunt = kept(reviewed, 0.9)
    runs = reviewed.county.one("SELECT count(*) FROM identity.run")
    told = models.preview(reviewed.settings, blunt)
    assert (told["n_splits"] > 0, told["n_merges"]) == (True, 0)
    assert {told["splits"][0]["person_id"], *(s["other_id"] for s in told["splits"])} <= set(alike)
    assert reviewed.county.is_one_person(*alike)
    assert live(reviewed) == models.SHIPPED
    assert reviewed.county.one("SELECT count(*) FROM identity.run") == runs


def test_a_model_that_is_like_the_live_one_moves_nobody(reviewed: Reviewed, alike: list[int]) -> None:
    reviewed.refresh()
    told = models.preview(reviewed.settings, kept(reviewed))
    assert (told["n_merges"], told["n_splits"], told["touch_claims"]) == (0, 0, 0)


def test_a_model_made_live_and_rolled_back_leaves_every_public_view_as_it_was(
        reviewed: Reviewed, alike: list[int]) -> None:
    reviewed.refresh()
    before = reviewed.marts()
    models.activate(reviewed.settings, kept(reviewed, 0.9), *WHO)
    reviewed.refresh()
    assert not reviewed.county.is_one_person(*alike)
    models.rollback(reviewed.settings, *WHO)
    reviewed.refresh()
    assert reviewed.county.is_one_person(*alike)
    assert reviewed.marts() == before


def test_a_persons_word_outlives_every_model(reviewed: Reviewed, alike: list[int]) -> None:
    reviewed.refresh()
    reviewed.say(f"{alike[0]}:{alike[1]}", "different")
    for change in (0.0, 0.9):
        models.activate(reviewed.settings, kept(reviewed, change), *WHO)
        reviewed.refresh()
        assert not reviewed.county.is_one_person(alike[0], alike[1])


def test_a_model_is_learnt_from_the_records_and_decides_nothing_yet(reviewed: Reviewed, alike: list[int]) -> None:
    for n in range(40):
        for partner in ("dwp", "jcp"):
            reviewed.county.someone(partner, f"{partner}{n}", f"Ann{n}", f"Lee{n % 7}", f"19{50 + n}-01-02",
                                    nhs_number=f"94347{n:05d}", postcode="AB1 2CD")
    reviewed.refresh()
    told = models.train(reviewed.settings, date(2020, 6, 1), "Ada")
    assert told["model_id"] == "2020-06-01.1"
    assert live(reviewed) == models.SHIPPED
    learnt = models.parameters(reviewed.settings, told["model_id"])["settings"]["comparisons"]
    assert {"name", "birth_date", "home"} <= {c["output_column_name"] for c in learnt}
    models.preview(reviewed.settings, told["model_id"])


def test_there_is_nothing_to_preview_before_the_first_refresh(reviewed: Reviewed) -> None:
    with pytest.raises(NeedsAPerson, match="nothing has been identified"):
        models.preview(reviewed.settings, models.SHIPPED)


def test_the_commands_say_it_in_a_terminal(
        reviewed: Reviewed, alike: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from tf_integration.cli.main import build

    reviewed.refresh()
    monkeypatch.setenv("TFI_WAREHOUSE_URL", str(reviewed.settings.warehouse_url))

    def tfi(*words: str) -> str:
        told = CliRunner().invoke(build(), ["model", *words])
        assert told.exit_code == 0, (told.output, told.exception)
        return told.output

    model = kept(reviewed, 0.9)
    assert "* shipped" in tfi("list")
    assert "birth_date" in tfi("show", model)
    assert "exact" in tfi("show", "shipped")
    assert "splits" in tfi("preview", model)
    assert model in tfi("activate", model, "--by", "Ada", "--because", "previewed")
    assert f"* {model}" in tfi("list")
    assert "shipped decides" in tfi("rollback", "--by", "Ada", "--because", "too blunt")
