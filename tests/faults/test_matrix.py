"""The matrix names tests that exist, leaves no kind out, and `make faults` tells a failure from a success."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from run import TESTS, Tally, matrix, told


def test_every_kind_is_there_once_and_says_what_must_be_so() -> None:
    kinds = matrix()
    ids = [k["id"] for k in kinds]
    assert ids == sorted(set(ids))
    assert set(range(1, 55)) <= set(ids)
    assert all(k["must"] and k["where"] in ("quick", "long") and k["proved"] for k in kinds)


def test_every_test_that_is_named_exists() -> None:
    for kind in matrix():
        for proof in kind["proved"]:
            file, _, name = proof.partition("::")
            text = (TESTS / file).read_text()
            assert not name or re.search(rf"^def {name}\(", text, re.MULTILINE), proof


def test_each_guard_names_the_test_that_takes_it_away() -> None:
    guards = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text())["guards"]
    assert len(guards) == len({g["guard"] for g in guards}) > 20
    for guard in guards:
        file, _, name = guard["removed_in"].partition("::")
        assert re.search(rf"^def {name}\(", (TESTS / file).read_text(), re.MULTILINE), guard
        assert guard["prevents"]
    removing = {g["removed_in"].rpartition("::")[2] for g in guards}
    written = re.findall(r"^def (test_without_\w+)", (TESTS / "faults/test_more_guards_removed.py").read_text(), re.MULTILINE)
    assert set(written) <= removing


def test_a_failure_and_a_kind_that_did_not_run_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = [{"id": n, "name": name, "proved": [f"{name}.py"]} for n, name in enumerate(("well", "ill", "absent"), 1)]
    tally = Tally()
    tally.runs |= {"well.py::test_a": 30, "well.py::test_b": 1, "ill.py::test_a": 2}
    tally.failures["ill.py::test_a"] = 1
    assert told(kinds, tally, 1.0) == 1
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["1", "well", "31", "0", "0.0"] in lines
    assert ["2", "ill", "2", "1", "0.0"] in lines
    assert any(line[:2] == ["3", "absent"] and line[-2:] == ["not", "run"] for line in lines)
    assert told(kinds[:1], tally, 1.0) == 0
    assert (Path(TESTS) / "faults").is_dir()
