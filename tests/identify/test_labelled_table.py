"""The measurements' way with a table that is not the county's: columns known by name, or by a file that says."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
FORENAMES = ["Ada", "Brian", "Chloe", "Dmitri", "Elif", "Farid", "Grace", "Hamza", "Imogen", "Jonas", "Kofi", "Leila"]
SURNAMES = [
    a + b
    for a in ("Ash", "Brook", "Carr", "Dun", "Ever", "Fair", "Glen")
    for b in ("ford", "ley", "ton", "wood", "well")
]
TOWNS = ["Avonbury", "Blackmere", "Coldharbour", "Dunwick", "Eastholme"]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 people, each twice: the second time with a slip in one field, and another field blank."""
    rng, file = random.Random(4), tmp_path_factory.mktemp("labelled") / "people.csv"
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["record", "First Name", "family_name", "born_on", "town", "phone", "who"])
        for n in range(300):
            said = [
                rng.choice(FORENAMES),
                rng.choice(SURNAMES),
                f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(1950, 2015)}",
                rng.choice(TOWNS),
                f"01632 {rng.randint(100000, 999999)}",
            ]
            again = list(said)
            slip, blank = rng.sample(range(5), 2)
            at = rng.randrange(len(again[slip]) - 1) if slip != 2 else 0
            again[slip] = again[slip][:at] + again[slip][at + 1] + again[slip][at] + again[slip][at + 2 :]
            again[blank] = ""
            rows.writerow([f"{n}a", *said, n])
            rows.writerow([f"{n}b", *again, n])
    return file


def found(
    files: list[Path], labels: Path | None = None, columns: Path | None = None
) -> subprocess.CompletedProcess[str]:
    asked = [
        json.dumps([str(f) for f in files]),
        *(json.dumps(None if f is None else str(f)) for f in (labels, columns)),
    ]
    return subprocess.run(
        [sys.executable, str(BENCH / "labelled_child.py"), *asked],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={"PYTHONPATH": str(BENCH.parent), "PATH": "/usr/bin:/bin"},
    )


def test_a_table_with_columns_of_its_own_is_matched_without_its_labels(table: Path, tmp_path: Path):
    columns = tmp_path / "columns.yaml"
    columns.write_text("columns: {record: id, born_on: date_of_birth, who: person}\n")
    done = found([table], columns=columns)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["records"] == 600
    assert told["P"] > 0.99
    assert told["R"] > 0.97


def test_pairs_in_a_file_of_their_own_may_be_the_truth(table: Path, tmp_path: Path):
    columns, labels = tmp_path / "columns.yaml", tmp_path / "pairs.csv"
    columns.write_text("columns: {record: id, born_on: date_of_birth, who: ignore}\n")
    labels.write_text("left,right\n" + "".join(f"{n}a,{n}b\n" for n in range(300)))
    told = json.loads(found([table], labels, columns).stdout.splitlines()[-1])
    assert told["F1"] > 0.98


def test_a_table_without_any_truth_is_not_measured(table: Path, tmp_path: Path):
    columns = tmp_path / "columns.yaml"
    columns.write_text("columns: {record: id, born_on: date_of_birth, who: ignore}\n")
    done = found([table], columns=columns)
    assert done.returncode != 0
    assert "no truth" in done.stderr
