"""The generator: the same bytes from the same arguments, bounded memory, errors that help."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tf_integration.cli.main import build
from tf_integration.county import generate
from tf_integration.model.errors import CallError

from .reading import AS_AT

PROJECT = Path(__file__).resolve().parents[2]


def digest(out: Path) -> dict[str, str]:
    return {
        str(f.relative_to(out)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(out.rglob("*"))
        if f.is_file()
    }


def test_two_runs_under_different_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import date; from pathlib import Path; from tf_integration.county import generate;"
        "generate(Path(sys.argv[1]), 60, 7, date(2019, 3, 15), 3)"
    )
    for name, seed in (("a", "0"), ("b", "4242")):
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / name)],
            check=True,
            cwd=PROJECT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
    assert digest(tmp_path / "a") == digest(tmp_path / "b")


def test_another_seed_gives_another_county(tmp_path: Path) -> None:
    for seed in (1, 2):
        generate(tmp_path / str(seed), 20, seed, AS_AT)
    assert digest(tmp_path / "1") != digest(tmp_path / "2")


def test_memory_does_not_grow_with_the_families(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import date; from pathlib import Path;"
        "from tf_integration.county import generate;"
        "generate(Path(sys.argv[1]) / sys.argv[2], int(sys.argv[2]), 1, date(2019, 3, 15));"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    kibibytes = []
    for families in ("300", "3000"):
        command = [sys.executable, "-c", program, str(tmp_path), families]
        done = subprocess.run(command, check=True, cwd=PROJECT, capture_output=True, text=True)
        kibibytes.append(int(done.stdout))
    assert kibibytes[1] < kibibytes[0] + 1536        # keeping so much as the names of people would take more


@pytest.mark.parametrize("as_at", [date(2016, 9, 2), date(2019, 8, 20), date(2021, 1, 6)])
def test_any_date_within_the_calendar_will_do(tmp_path: Path, as_at: date) -> None:
    summary = generate(tmp_path / "c", 40, 3, as_at, 2)
    assert summary.rows["schools_attendance"] > 0


def test_a_half_term_that_closes_between_nights_comes_in_a_file_of_its_own(tmp_path: Path) -> None:
    generate(
        tmp_path, 30, 1, date(2019, 2, 22), 3
    )  # half-term 3 closed on 14 February; its figures take a week
    nights = json.loads((tmp_path / "nights.json").read_text())
    files = {
        n["night"]: [f for f in n["files"] if "schools_attendance" in f and f.endswith(".gz")] for n in nights
    }
    assert [len(files[n]) for n in (1, 2, 3)] == [1, 1, 0]
    control = json.loads((tmp_path / (files[2][0] + ".ctl.json")).read_text())
    assert (control["covers_from"], control["covers_to"], control["sequence"]) == (
        "2019-01-04",
        "2019-02-14",
        2,
    )


def test_the_tiniest_county_still_sends_every_feed(tmp_path: Path) -> None:
    summary = generate(tmp_path / "c", 1, 1, AS_AT)
    assert len(summary.rows) == 15


@pytest.mark.parametrize(
    ("families", "nights", "as_at"),
    [(0, 1, AS_AT), (200_001, 1, AS_AT), (5, 0, AS_AT), (5, 1, date(2010, 1, 1)), (5, 1, date(2040, 1, 1))],
)
def test_impossible_counties_are_refused(tmp_path: Path, families: int, nights: int, as_at: date) -> None:
    with pytest.raises(CallError):
        generate(tmp_path / "c", families, 1, as_at, nights)
    assert not (tmp_path / "c").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(CallError, match="already holds"):
        generate(tmp_path, 5, 1, AS_AT)
    assert [f.name for f in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_writes_a_county_and_says_what_is_in_it(tmp_path: Path) -> None:
    out = tmp_path / "c"
    done = CliRunner().invoke(
        build(),
        [
            "county",
            "--out",
            str(out),
            "--families",
            "12",
            "--seed",
            "5",
            "--as-at",
            "2019-03-15",
            "--nights",
            "2",
            "--json",
        ],
    )
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["families"] == 12
    assert len(json.loads((out / "nights.json").read_text())) == 2
