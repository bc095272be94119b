"""`tfi check`, `tfi feeds` and `tfi feed ...` as a person at a terminal meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_council import Council, tenancies

from tf_integration.flow.setup import prepare


def tfi(home: Path, *words: str, url: str = "") -> tuple[int, str, str]:
    """Exit code, output and errors of one command."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TFI_")} | {"TFI_HOME": str(home)}
    environment |= {"TFI_WAREHOUSE_URL": url} if url else {}
    done = subprocess.run([sys.executable, "-c", "from tf_integration.cli.main import main; main()", *words],
                          capture_output=True, text=True, check=False, env=environment)  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    file = tmp_path / "housing_tenancies_20190501_0001.csv"
    file.write_text(tenancies(30).replace("T7,tenant", "T7,landlord"))
    return file


def test_check_tells_a_partner_what_the_receipt_would_say_without_a_warehouse(home: Path, extract: Path) -> None:
    code, out, _ = tfi(home, "check", str(extract), "--feed", "housing_tenancies")
    assert code == 0
    assert "Accepted: 29 of 30 rows loaded; 1 was not" in out
    assert "line 8, column role: code." in out
    assert "Gable" not in out
    assert list(home.iterdir()) == []


def test_check_exits_1_for_what_would_be_held_and_2_for_a_wrong_call(home: Path, extract: Path) -> None:
    extract.write_text(tenancies(30).replace("tenure\n", "tenur\n"))
    code, out, _ = tfi(home, "check", str(extract), "--feed", "housing_tenancies", "--json")
    assert (code, json.loads(out)["status"]) == (1, "held")
    code, _, said = tfi(home, "check", str(extract), "--feed", "nothing")
    assert code == 2
    assert "there is no feed nothing" in said


def test_feeds_needs_a_warehouse_and_says_so(home: Path) -> None:
    code, _, said = tfi(home, "feeds")
    assert code == 3
    assert "no warehouse" in said


def test_the_feed_commands_show_decide_and_refuse(council: Council, warehouse_url: str) -> None:
    prepare(council.settings)
    prepare(council.settings)  # again changes nothing, and fails at nothing
    home = council.settings.home
    council.housing.put("housing_tenancies", "2019-05-01", 1, tenancies(100))
    council.night("housing_tenancies", "2019-05-01")
    name = council.housing.put("housing_tenancies", "2019-06-01", 2, tenancies(60))
    assert council.night("housing_tenancies", "2019-06-01") == ["held"]

    code, out, _ = tfi(home, "feeds", "--json", url=warehouse_url)
    board = {row["feed"]: row for row in json.loads(out)}
    assert (code, len(board), board["housing_tenancies"]["state"]) == (0, 15, "held")
    assert "housing_tenancies" in tfi(home, "feeds", url=warehouse_url)[1]

    code, out, _ = tfi(home, "feed", "preview", name, url=warehouse_url)
    assert code == 0
    assert "held, 60 rows; the last accepted had 100" in out
    assert "0 added, 0 ended, 40 absent" in out
    assert "0 of the 2 different people" in out

    code, out, _ = tfi(home, "feed", "show", name, url=warehouse_url)
    assert code == 0
    assert "read 60 = loaded 0 + rejected 60; rejected = faulty 0 + withheld 60" in out
    assert "held (held)" in out
    assert "written: held" in out
    code, out, _ = tfi(home, "feed", "list", "--json", url=warehouse_url)
    assert [row["status"] for row in json.loads(out)] == ["held", "accepted"]

    decide = ("--because", "the stock was sold", "--json")
    code, out, _ = tfi(home, "feed", "release", name, "--by", "Ada", *decide, url=warehouse_url)
    assert (code, json.loads(out)["people"], json.loads(out)["people_needed"]) == (0, 1, 2)
    code, _, said = tfi(home, "feed", "release", name, "--by", "Ada", *decide, url=warehouse_url)
    assert code == 1
    assert "released it already" in said
    code, _, said = tfi(home, "feed", "release", "nothing.csv", "--by", "Ada", *decide, url=warehouse_url)
    assert code == 2
    assert tfi(home, "feed", "release", name, "--by", "Grace", *decide, url=warehouse_url)[0] == 0
    code, out, _ = tfi(home, "feed", "history", name, url=warehouse_url)
    assert (code, out.count("release by"), out.count("the stock was sold")) == (0, 2, 2)
    assert council.night("housing_tenancies", "2019-06-02") == ["accepted"]
    code, _, said = tfi(home, "feed", "hold", name, "--by", "Ada", *decide, url=warehouse_url)
    assert code == 1
    assert "not applied" in said
